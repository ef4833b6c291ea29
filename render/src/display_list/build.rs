//! From a fragment tree to a display list.

use siskin_engine::css::values::Visibility;
use siskin_engine::dom::NodeId;

use super::emit::Emitter;
use super::snap::{Boxes, snap_rect};
use super::stacking::{Placed, Stacking, Step, sort};
use super::{DisplayList, FramePicture, Rgba, background, border, replaced, text};
use crate::font::FontContext;
use crate::fragments::{BoxDecoration, Fragment, FragmentKind, FragmentTree};
use crate::geometry::{DeviceRect, Point};
use crate::glyph::InkCache;
use crate::image::ImageCache;

/// What a display list is made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The page.
    pub fragments: &'a FragmentTree,
    /// The document's `body` element, whose background may be the canvas's.
    pub body: Option<NodeId>,
    /// The page's fonts, for the lines along text.
    pub fonts: &'a FontContext,
    /// The page's images, for their natural sizes.
    pub images: &'a ImageCache,
    /// Device pixels per CSS px.
    pub scale: f32,
    /// What the nested document of an element shows in this part of its viewport (device pixels).
    pub frames: &'a FramePictures<'a>,
}

/// Answers for an element with what its nested document shows in a part of its viewport (device pixels).
pub type FramePictures<'a> = dyn Fn(NodeId, DeviceRect) -> Option<FramePicture> + 'a;

/// Makes the display list of what can be seen in `visible` (device pixels of the page; `None`: of everything).
pub fn build(source: &Source<'_>, visible: Option<DeviceRect>) -> DisplayList {
    let tree = source.fragments;
    let bounds = snap_rect(Point::default(), tree.document_size, source.scale);
    let stacking = sort(tree, source.body, source.scale);
    let canvas = canvas_source(tree, source.body);
    let mut builder = Builder {
        source,
        stacking: &stacking,
        emitter: Emitter::new(&stacking.clips, visible.unwrap_or(bounds)),
        viewport: snap_rect(Point::default(), tree.viewport, source.scale),
        canvas_owner: canvas,
        ink: InkCache::default(),
    };
    let color = builder.canvas(visible.unwrap_or(bounds));
    builder.paint();
    DisplayList { items: builder.emitter.finish(), bounds, canvas: color, scale: source.scale }
}

struct Builder<'a> {
    source: &'a Source<'a>,
    stacking: &'a Stacking<'a>,
    emitter: Emitter<'a>,
    viewport: DeviceRect,
    /// The fragment whose background is the canvas's.
    canvas_owner: Option<&'a Fragment>,
    ink: InkCache,
}

/// The fragment whose background is painted on the canvas: the root element's, or if that has none, body's.
/// <https://drafts.csswg.org/css-backgrounds-3/#body-background>
fn canvas_source(tree: &FragmentTree, body: Option<NodeId>) -> Option<&Fragment> {
    let root = tree.root.as_ref()?;
    if background::is_visible(&root.style.background) || body.is_none() {
        return Some(root);
    }
    let is_body = |fragment: &&Fragment| fragment.node == body && fragment.pseudo.is_none();
    let below = root.children.iter().chain(root.children.iter().flat_map(|child| &child.children));
    below.into_iter().find(is_body).or(Some(root))
}

impl Builder<'_> {
    /// Paints the canvas's images; its colour is returned.
    fn canvas(&mut self, visible: DeviceRect) -> Rgba {
        let (Some(owner), Some(root)) = (self.canvas_owner, &self.source.fragments.root) else {
            return Rgba::TRANSPARENT;
        };
        let FragmentKind::Box(parts) = &root.kind else { return Rgba::TRANSPARENT };
        let style = &owner.style;
        let color = Rgba::from(style.background.background_color.resolve(style.text.color));
        // The canvas is infinite; the positioning area is the root element's.
        let boxes = Boxes::new(root, parts, root.rect.origin, self.source.scale);
        let mut layers = siskin_engine::style::Background::clone(&style.background);
        layers.background_color = siskin_engine::css::values::Color::TRANSPARENT;
        let ground = background::Ground {
            boxes: &boxes,
            canvas: Some(visible),
            viewport: self.viewport,
            clip: None,
            current_color: style.text.color,
            images: self.source.images,
            scale: self.source.scale,
        };
        background::push(&mut self.emitter, &layers, &ground);
        color
    }

    /// Takes the steps of the layers in order.
    fn paint(&mut self) {
        let mut pending = vec![Step::Layer(0)];
        while let Some(step) = pending.pop() {
            match step {
                Step::Layer(id) => {
                    let layer = &self.stacking.layers[id];
                    if layer.opacity <= 0.0 {
                        continue;
                    }
                    if layer.opacity < 1.0 {
                        self.emitter.begin_group(layer.opacity);
                        pending.push(Step::EndGroup);
                    }
                    pending.extend(layer.steps().into_iter().rev());
                }
                Step::EndGroup => self.emitter.end_group(),
                Step::Decoration(entry) => self.visible_box(entry, Self::decoration),
                Step::Outline(entry) => self.visible_box(entry, |builder, placed, boxes| {
                    border::push_outline(&mut builder.emitter, placed, boxes, builder.source.scale);
                }),
                Step::CollapsedBorders { table, part } => self.visible_box(table, |builder, placed, _| {
                    let part = part.map(|part| &builder.stacking.entries[part]);
                    border::push_collapsed(&mut builder.emitter, placed, part, builder.source.scale);
                }),
                Step::Content(entry) => self.content(entry),
            }
        }
    }

    fn visible_box(&mut self, entry: usize, paint: impl FnOnce(&mut Self, &Placed<'_>, &Boxes)) {
        let stacking = self.stacking;
        let placed = &stacking.entries[entry];
        let FragmentKind::Box(parts) = &placed.fragment.kind else { return };
        if placed.fragment.style.text.visibility == Visibility::Visible {
            let boxes = Boxes::new(placed.fragment, parts, placed.origin, self.source.scale);
            paint(self, placed, &boxes);
        }
    }

    fn decoration(&mut self, placed: &Placed<'_>, boxes: &Boxes) {
        let FragmentKind::Box(parts) = &placed.fragment.kind else { return };
        let style = &placed.fragment.style;
        let is_canvas = self.canvas_owner.is_some_and(|owner| std::ptr::eq(owner, placed.fragment));
        if !is_canvas && background::is_visible(&style.background) {
            let mut ground = background::Ground {
                boxes,
                canvas: None,
                viewport: self.viewport,
                clip: placed.clip,
                current_color: style.text.color,
                images: self.source.images,
                scale: self.source.scale,
            };
            match &parts.decoration {
                BoxDecoration::Nothing => {}
                BoxDecoration::InCells(places) => {
                    for place in places {
                        let place = snap_rect(placed.origin + place.origin, place.size, self.source.scale);
                        ground.canvas = Some(place);
                        background::push(&mut self.emitter, &style.background, &ground);
                    }
                }
                _ => background::push(&mut self.emitter, &style.background, &ground),
            }
        }
        if matches!(parts.decoration, BoxDecoration::Whole) {
            border::push(&mut self.emitter, placed, boxes);
        }
    }

    fn content(&mut self, entry: usize) {
        let stacking = self.stacking;
        let placed = &stacking.entries[entry];
        let (source, scale) = (self.source, self.source.scale);
        if placed.fragment.style.text.visibility != Visibility::Visible {
            return;
        }
        match &placed.fragment.kind {
            FragmentKind::Text(fragment) => {
                let mut pens = text::Pens { fonts: source.fonts, ink: &mut self.ink, scale };
                text::push(&mut self.emitter, stacking, placed, fragment, &mut pens);
            }
            FragmentKind::Box(parts) => {
                if let Some(content) = &parts.replaced {
                    let boxes = Boxes::new(placed.fragment, parts, placed.origin, scale);
                    replaced::push(&mut self.emitter, placed, content, &boxes, source);
                }
            }
            FragmentKind::Line { .. } => {}
        }
    }
}
