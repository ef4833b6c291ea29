//! Paint order: <https://drafts.csswg.org/css2/#elaborate-stacking-contexts> (CSS 2.1 Appendix E).
//!
//! One walk over the fragments puts each into the lists of its *layer*: a stacking context, or what the
//! appendix treats "as if it generated a new stacking context" (floats, inline blocks, positioned boxes with
//! `z-index: auto`), whose positioned descendants belong to the stacking context around. Reading the lists in
//! order is the painting order. Neither recurses, so no page is too deep.

use siskin_engine::css::values::rare::ContentVisibility;
use siskin_engine::css::values::{
    AbsoluteColor, BorderStyle, Display, Float, Overflow, PositionProperty, TextDecorationStyle,
};
use siskin_engine::dom::NodeId;
use siskin_engine::style::{ClipRect, ComputedStyle, PseudoElement, TextDecorationLine};

use super::snap::{Boxes, Shape, snap};
use super::{PaintRect, Radii};
use crate::fragments::{BoxDecoration, BoxFragment, Fragment, FragmentKind, FragmentTree};
use crate::geometry::{DeviceRect, Lu, Point};

/// The index of a placed fragment.
pub(super) type Entry = usize;
/// The index of a layer.
pub(super) type LayerId = usize;
/// The index of a clip.
pub(super) type ClipId = usize;

/// The fragments of a page in lists by paint order.
pub(super) struct Stacking<'a> {
    pub(super) entries: Vec<Placed<'a>>,
    pub(super) layers: Vec<Layer>,
    pub(super) clips: Vec<Clip>,
    pub(super) decorations: Vec<Decoration<'a>>,
}

/// A fragment with all that it has from those around it.
pub(super) struct Placed<'a> {
    pub(super) fragment: &'a Fragment,
    /// The border box's corner on the page.
    pub(super) origin: Point,
    /// The innermost clip.
    pub(super) clip: Option<ClipId>,
    /// The innermost decoration of text.
    pub(super) decoration: Option<usize>,
}

/// The lists, in order of painting.
#[derive(Default)]
pub(super) struct Layer {
    /// Step 1: the box that makes the layer. `None` for the page's own.
    pub(super) root: Option<Entry>,
    /// Less than 1: a group.
    pub(super) opacity: f32,
    /// Step 3: stacking contexts below.
    negative: Vec<(i32, LayerId)>,
    /// Step 4: backgrounds and borders of blocks in flow; collapsed borders after those of the cells.
    blocks: Vec<Step>,
    /// Step 5.
    floats: Vec<LayerId>,
    /// Step 7: text, inline boxes, atomic inlines, replaced content.
    inlines: Vec<Step>,
    /// Step 10, in Chromium before steps 8 and 9.
    outlines: Vec<Entry>,
    /// Steps 8 and 9: positioned boxes and stacking contexts at 0 and above.
    positive: Vec<(i32, LayerId)>,
}

/// One step of painting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A whole layer.
    Layer(LayerId),
    /// A box's background and border.
    Decoration(Entry),
    /// Text, or replaced content.
    Content(Entry),
    /// A table's collapsed borders: all, or those of a part of it that makes a layer.
    CollapsedBorders {
        /// The table.
        table: Entry,
        /// The row group, row or cell.
        part: Option<Entry>,
    },
    /// A box's outline.
    Outline(Entry),
    /// The end of the layer's group.
    EndGroup,
}

/// A clip inside another.
pub(super) struct Clip {
    pub(super) parent: Option<ClipId>,
    pub(super) rect: PaintRect,
    pub(super) radii: Radii,
    /// What it and those around it leave.
    pub(super) visible: DeviceRect,
}

/// Lines that a box draws along the text in it: <https://drafts.csswg.org/css-text-decor-3/#line-decoration>.
pub(super) struct Decoration<'a> {
    pub(super) parent: Option<usize>,
    pub(super) lines: TextDecorationLine,
    pub(super) line_style: TextDecorationStyle,
    pub(super) color: AbsoluteColor,
    /// The decorating box: its font sizes the lines.
    pub(super) style: &'a ComputedStyle,
}

/// What a fragment hands to those in it.
#[derive(Clone, Copy)]
struct Around {
    origin: Point,
    layer: LayerId,
    /// The layer that collects positioned descendants: a true stacking context.
    context: LayerId,
    clip: Option<ClipId>,
    /// The clip of absolutely positioned descendants: that of their containing block.
    absolute_clip: Option<ClipId>,
    decoration: Option<usize>,
    /// The table with collapsed borders whose parts these are.
    table: Option<Entry>,
    /// Whether the fragments stand in a line.
    in_line: bool,
    /// Whether the fragments are flex or grid items.
    are_items: bool,
}

/// What the walk over the fragments has before it.
enum Visit<'a> {
    /// A fragment, and what those around hand to it.
    Place(&'a Fragment, Around),
    /// The end of a box, with what is painted over the backgrounds in it.
    Leave(Step, LayerId),
}

impl Layer {
    /// The steps after the layer's own box, in order.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.blocks.len() + self.inlines.len() + 4);
        steps.extend(self.root.into_iter().flat_map(|root| [Step::Decoration(root), Step::Content(root)]));
        steps.extend(by_level(&self.negative));
        steps.extend(&self.blocks);
        steps.extend(self.floats.iter().map(|&layer| Step::Layer(layer)));
        steps.extend(&self.inlines);
        steps.extend(self.outlines.iter().map(|&entry| Step::Outline(entry)));
        steps.extend(by_level(&self.positive));
        steps
    }
}

/// By z-index, then in tree order.
fn by_level(layers: &[(i32, LayerId)]) -> impl Iterator<Item = Step> {
    let mut layers = layers.to_vec();
    layers.sort_by_key(|&(level, _)| level);
    layers.into_iter().map(|(_, layer)| Step::Layer(layer))
}

/// Puts the fragments of a page into their lists. The first layer is the page's. `body` is the element whose
/// `overflow` may be the viewport's.
pub(super) fn sort<'a>(tree: &'a FragmentTree, body: Option<NodeId>, scale: f32) -> Stacking<'a> {
    let mut stacking = Stacking {
        entries: Vec::new(),
        layers: vec![Layer { opacity: 1.0, ..Layer::default() }],
        clips: Vec::new(),
        decorations: Vec::new(),
    };
    let Some(root) = &tree.root else { return stacking };
    let page = Around {
        origin: Point::default(),
        layer: 0,
        context: 0,
        clip: None,
        absolute_clip: None,
        decoration: None,
        table: None,
        in_line: false,
        are_items: false,
    };
    let viewport = viewport_overflow_source(root, body);
    let mut pending = vec![Visit::Place(root, page)];
    while let Some(visit) = pending.pop() {
        let (fragment, around) = match visit {
            Visit::Place(fragment, around) => (fragment, around),
            Visit::Leave(step, layer) => {
                stacking.layers[layer].blocks.push(step);
                continue;
            }
        };
        let unclipped = std::ptr::eq(fragment, root)
            || (fragment.node.is_some() && fragment.node == viewport && fragment.pseudo.is_none());
        let entry = stacking.entries.len();
        let mut inside = stacking.place(fragment, around, unclipped, scale);
        let own_layer = inside.layer != around.layer;
        match (&fragment.kind, around.table) {
            (FragmentKind::Box(BoxFragment { decoration: BoxDecoration::Table(_), .. }), _) => {
                let step = Step::CollapsedBorders { table: entry, part: None };
                pending.push(Visit::Leave(step, inside.layer));
                inside.table = Some(entry);
            }
            // Its backgrounds are painted after the table's borders, some of which are its own.
            (_, Some(table)) if is_table_part(fragment) && own_layer => {
                let step = Step::CollapsedBorders { table, part: Some(entry) };
                pending.push(Visit::Leave(step, inside.layer));
            }
            (_, Some(_)) if !is_table_part(fragment) => inside.table = None,
            _ => {}
        }
        if !skips_contents(fragment) {
            pending.extend(fragment.children.iter().rev().map(|child| Visit::Place(child, inside)));
        }
    }
    stacking
}

/// <https://drafts.csswg.org/css-contain-2/#content-visibility>: boxes that size containment applies to.
fn skips_contents(fragment: &Fragment) -> bool {
    matches!(&fragment.kind, FragmentKind::Box(parts) if !parts.is_inline)
        && fragment.style.effects.content_visibility == ContentVisibility::Hidden
        && !is_table_part(fragment)
}

fn is_table_part(fragment: &Fragment) -> bool {
    matches!(
        fragment.style.box_.display,
        Display::TableRow
            | Display::TableRowGroup
            | Display::TableHeaderGroup
            | Display::TableFooterGroup
            | Display::TableCell
    )
}

/// The element whose `overflow` applies to the viewport instead of to its box, beside the root element:
/// <https://drafts.csswg.org/css-overflow-3/#overflow-propagation>.
fn viewport_overflow_source(root: &Fragment, body: Option<NodeId>) -> Option<NodeId> {
    let style = &root.style.box_;
    let visible = style.overflow_x == Overflow::Visible && style.overflow_y == Overflow::Visible;
    if visible { body } else { None }
}

/// What `clip` leaves of an absolutely positioned box: <https://drafts.csswg.org/css-masking-1/#clip-property>. The
/// offsets are from the border box's top left; `auto` is the border box's own edge.
fn clip_rect(clip: &ClipRect, border: PaintRect, origin: Point, scale: f32) -> PaintRect {
    let edge = |start: Lu, offset: Option<f32>, auto: i32| {
        offset.map_or(auto, |px| snap(start + Lu::from_px(px), scale))
    };
    let [top, right, bottom, left] = clip.0;
    let (x, y) = (edge(origin.x, left, border.x), edge(origin.y, top, border.y));
    let right = edge(origin.x, right, border.x.saturating_add(border.width));
    let bottom = edge(origin.y, bottom, border.y.saturating_add(border.height));
    DeviceRect { x, y, width: right.saturating_sub(x).max(0), height: bottom.saturating_sub(y).max(0) }
}

impl<'a> Stacking<'a> {
    fn place(&mut self, fragment: &'a Fragment, around: Around, unclipped: bool, scale: f32) -> Around {
        let origin = around.origin + fragment.rect.origin;
        let mut inside = Around { origin, ..around };
        match &fragment.kind {
            FragmentKind::Line { .. } => (inside.in_line, inside.are_items) = (true, false),
            FragmentKind::Text(_) => {
                let entry = self.enter(fragment, &inside);
                self.layers[around.layer].inlines.push(Step::Content(entry));
            }
            FragmentKind::Box(parts) => self.place_box(fragment, parts, &mut inside, unclipped, scale),
        }
        inside
    }

    fn place_box(
        &mut self,
        fragment: &'a Fragment,
        parts: &BoxFragment,
        inside: &mut Around,
        unclipped: bool,
        scale: f32,
    ) {
        if matches!(fragment.style.box_.display, Display::TableColumn | Display::TableColumnGroup) {
            // Of what a column has, only its background applies.
            let entry = self.enter(fragment, inside);
            return self.layers[inside.layer].blocks.push(Step::Decoration(entry));
        }
        let style = &*fragment.style;
        let around = *inside;
        let position = style.box_.position;
        let is_positioned = position != PositionProperty::Static;
        let leaves_flow = matches!(position, PositionProperty::Absolute | PositionProperty::Fixed);
        match position {
            PositionProperty::Absolute => inside.clip = around.absolute_clip,
            PositionProperty::Fixed => inside.clip = None,
            _ => {}
        }
        let is_item = around.are_items;
        let is_float = style.box_.float != Float::None && !leaves_flow && !is_item;
        // Items are painted as inline blocks are: <https://drafts.csswg.org/css-flexbox-1/#painting>.
        let is_atomic = around.in_line && !parts.is_inline && !is_float || is_item;
        let is_atomic_inline = is_atomic && !leaves_flow;
        let is_marker = fragment.pseudo == Some(PseudoElement::Marker);
        if leaves_flow || is_float || is_atomic_inline || is_marker {
            inside.decoration = None;
        }
        let lines = style.misc.text_decoration_line;
        if lines != TextDecorationLine::default() {
            self.decorations.push(Decoration {
                parent: inside.decoration,
                lines,
                line_style: style.misc.text_decoration_style,
                color: style.misc.text_decoration_color.resolve(style.text.color),
                style,
            });
            inside.decoration = Some(self.decorations.len() - 1);
        }
        if leaves_flow && let Some(clip) = style.effects.clip {
            let border = Boxes::new(fragment, parts, inside.origin, scale).border.rect;
            self.push_clip(inside, clip_rect(&clip, border, inside.origin, scale), super::SQUARE);
        }
        let entry = self.enter(fragment, inside);
        self.choose_layer(entry, parts, inside, (is_positioned, is_float, is_atomic_inline));
        let has_outline = !matches!(style.border.outline_style, BorderStyle::None | BorderStyle::Hidden);
        if has_outline && style.border.outline_width > 0.0 {
            self.layers[inside.layer].outlines.push(entry);
        }
        if !unclipped && !parts.is_inline && parts.replaced.is_none() {
            self.clip_contents(fragment, parts, inside, scale);
        }
        if is_positioned {
            inside.absolute_clip = inside.clip;
        }
        inside.in_line = parts.is_inline;
        inside.are_items = !parts.is_inline
            && matches!(
                style.box_.display,
                Display::Flex | Display::InlineFlex | Display::Grid | Display::InlineGrid
            );
    }

    /// The list that a box belongs to, or the layer that it makes.
    fn choose_layer(
        &mut self,
        entry: Entry,
        parts: &BoxFragment,
        inside: &mut Around,
        (is_positioned, is_float, is_atomic_inline): (bool, bool, bool),
    ) {
        let style = &self.entries[entry].fragment.style.box_;
        let takes_z_index = is_positioned || inside.are_items;
        let (opacity, z_index) = (style.opacity, style.z_index.filter(|_| takes_z_index));
        let makes_context = opacity < 1.0
            || z_index.is_some()
            || matches!(style.position, PositionProperty::Fixed | PositionProperty::Sticky);
        let around = *inside;
        if !(makes_context || is_positioned || is_float || is_atomic_inline) {
            let layer = &mut self.layers[around.layer];
            if parts.is_inline {
                layer.inlines.push(Step::Decoration(entry));
            } else {
                layer.blocks.push(Step::Decoration(entry));
            }
            if parts.replaced.is_some() {
                layer.inlines.push(Step::Content(entry));
            }
            return;
        }
        let id = self.layers.len();
        self.layers.push(Layer { root: Some(entry), opacity: opacity.clamp(0.0, 1.0), ..Layer::default() });
        inside.layer = id;
        if makes_context {
            inside.context = id;
        }
        if makes_context || is_positioned {
            let level = z_index.unwrap_or(0);
            let context = &mut self.layers[around.context];
            if level < 0 { context.negative.push((level, id)) } else { context.positive.push((level, id)) }
        } else if is_float {
            self.layers[around.layer].floats.push(id);
        } else {
            self.layers[around.layer].inlines.push(Step::Layer(id));
        }
    }

    /// <https://drafts.csswg.org/css-overflow-3/#overflow-properties>: contents end at the padding box.
    fn clip_contents(
        &mut self,
        fragment: &'a Fragment,
        parts: &BoxFragment,
        inside: &mut Around,
        scale: f32,
    ) {
        let style = &fragment.style.box_;
        let clips = |overflow: Overflow| overflow != Overflow::Visible;
        // It applies to block containers and replaced content, not to rows and their groups.
        let is_rows = matches!(
            style.display,
            Display::TableRow
                | Display::TableRowGroup
                | Display::TableHeaderGroup
                | Display::TableFooterGroup
        );
        if is_rows || !clips(style.overflow_x) && !clips(style.overflow_y) {
            return;
        }
        let Shape { mut rect, mut radii } = Boxes::new(fragment, parts, inside.origin, scale).padding;
        // `overflow: clip` may clip one direction alone.
        if !clips(style.overflow_x) {
            (rect.x, rect.width, radii) = (i32::MIN / 2, i32::MAX, super::SQUARE);
        }
        if !clips(style.overflow_y) {
            (rect.y, rect.height, radii) = (i32::MIN / 2, i32::MAX, super::SQUARE);
        }
        self.push_clip(inside, rect, radii);
    }

    fn push_clip(&mut self, inside: &mut Around, rect: PaintRect, radii: Radii) {
        let parent = inside.clip;
        let visible = parent.map_or(rect, |id| rect.intersect(&self.clips[id].visible));
        self.clips.push(Clip { parent, rect, radii, visible });
        inside.clip = Some(self.clips.len() - 1);
    }

    fn enter(&mut self, fragment: &'a Fragment, inside: &Around) -> Entry {
        self.entries.push(Placed {
            fragment,
            origin: inside.origin,
            clip: inside.clip,
            decoration: inside.decoration,
        });
        self.entries.len() - 1
    }
}
