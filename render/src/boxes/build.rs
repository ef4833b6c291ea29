//! From elements to boxes: <https://drafts.csswg.org/css-display-4/#box-tree>.

use std::collections::HashMap;
use std::sync::Arc;

use siskin_engine::Snapshot;
use siskin_engine::css::computed::AspectRatio;
use siskin_engine::css::values::rare::{Appearance, ContentVisibility};
use siskin_engine::css::values::{
    Alignment, Direction, Display, Float, Image, LengthPercentage, ListStylePosition, ListStyleType,
    Overflow, PositionProperty, Size,
};
use siskin_engine::dom::{Document, NodeData, NodeId, QuirksMode, local_name, ns};
use siskin_engine::style::{ComputedStyle, Content, ContentItem, PseudoElement, StyleMap};
use siskin_engine::units::Viewport;

use super::anonymous::AnonymousStyles;
use super::counters::{Counters, quotation_mark};
use super::first_letter;
use super::generated::{counter_text, marker_text};
use super::inline::{FlowBuilder, is_collapsible_space, out_of_flow_or_atomic};
use super::inline_svg::InlineSvgs;
use super::replaced::{self, Kind, NaturalSizes};
use super::select::Menu;
use super::tree::{
    BlockBox, BlockContainer, BlockLevelBox, BoxBase, BoxTree, IndependentBox, IndependentContents,
    InlineItem, ItemChild, Marker, MarkerContent, Replaced,
};
use crate::limits::MAX_BOX_DEPTH;

/// The boxes of a document. `images` answers for each URL with the natural size of the image.
pub fn build(snapshot: &Snapshot, images: &NaturalSizes<'_>) -> BoxTree {
    let document = &*snapshot.document;
    let mut builder = Builder {
        document,
        styles: &snapshot.styles,
        images,
        svgs: InlineSvgs::new(document, &snapshot.styles),
        frames: &snapshot.frames,
        viewport: snapshot.viewport,
        anonymous: AnonymousStyles::default(),
        counters: Counters::default(),
        depth: 0,
    };
    let root = document.document_element().and_then(|root| builder.root(root));
    BoxTree { root }
}

/// The sign that stands for a broken image, CSS px: Blink's.
const BROKEN_IMAGE: f32 = 16.0;

pub(super) struct Builder<'a> {
    pub(super) document: &'a Document,
    pub(super) styles: &'a StyleMap,
    images: &'a NaturalSizes<'a>,
    svgs: InlineSvgs<'a>,
    frames: &'a HashMap<NodeId, Snapshot>,
    viewport: Viewport,
    pub(super) anonymous: AnonymousStyles,
    counters: Counters,
    depth: usize,
}

/// How a box takes part in the formatting context that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    InFlow,
    Float,
    Absolute,
}

/// What a box is made from.
pub(super) enum Source {
    /// The children of an element, with its `::before` and `::after`.
    Element(NodeId),
    /// Some nodes, for anonymous boxes.
    Nodes(Vec<NodeId>),
    /// The pieces of `content`.
    Generated(Vec<ContentItem>),
    /// A control's label.
    Label(String),
    /// An image that is not there: a sign of that, and its text.
    Broken(String),
    /// What a `select` shows.
    Menu(Menu),
}

impl<'a> Builder<'a> {
    fn root(&mut self, root: NodeId) -> Option<IndependentBox> {
        let style = self.styles.get(root)?;
        if style.box_.display == Display::None {
            return None;
        }
        let base = BoxBase { node: Some(root), pseudo: None, style: Arc::clone(style) };
        // The only root that is replaced is that of an SVG document.
        if self.document.element(root).is_some_and(|element| *element.namespace() == ns!(svg))
            && let Some(Kind::Replaced(replaced)) =
                replaced::kind(self.document, root, &self.viewport, self.images, &self.svgs, self.frames)
        {
            return Some(IndependentBox::new(base, IndependentContents::Replaced(replaced)));
        }
        Some(self.counted(Some(root), &Arc::clone(style), |builder| {
            builder.independent(base, Source::Element(root))
        }))
    }

    /// The nodes under `parent`, into `flow`.
    pub(super) fn nodes(
        &mut self,
        nodes: impl Iterator<Item = NodeId>,
        parent: &Arc<ComputedStyle>,
        flow: &mut FlowBuilder<'_>,
    ) {
        let mut nodes = nodes.peekable();
        while let Some(node) = nodes.next() {
            if !self.is_table_part(node) {
                self.node(node, parent, flow);
                continue;
            }
            // CSS 2 17.2.1, step 3: an anonymous table around consecutive table parts.
            let mut run = vec![node];
            while let Some(next) = nodes.next_if(|&n| self.is_table_part(n) || self.is_ignorable(n, parent)) {
                run.push(next);
            }
            let display = if flow.in_inline_box() { Display::InlineTable } else { Display::Table };
            let base = BoxBase { node: None, pseudo: None, style: self.anonymous.style(parent, display) };
            self.place(base, Source::Nodes(run), flow);
        }
    }

    fn is_ignorable(&self, node: NodeId, parent: &ComputedStyle) -> bool {
        match self.document.node(node).data() {
            NodeData::Text(text) => is_collapsible_space(parent, text),
            NodeData::Element(_) => {
                self.styles.get(node).is_none_or(|style| style.box_.display == Display::None)
            }
            _ => true,
        }
    }

    fn node(&mut self, node: NodeId, parent: &Arc<ComputedStyle>, flow: &mut FlowBuilder<'_>) {
        match self.document.node(node).data() {
            NodeData::Text(text) => {
                let base = BoxBase { node: Some(node), pseudo: None, style: Arc::clone(parent) };
                flow.text(base, Arc::from(text.as_str()));
            }
            NodeData::Element(_) => self.element(node, flow),
            _ => {}
        }
    }

    /// Counts an element or pseudo-element, and does `inner` with its counters.
    pub(super) fn counted<T>(
        &mut self,
        element: Option<NodeId>,
        style: &ComputedStyle,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.counters.enter(self.document, element, style);
        let result = inner(self);
        self.counters.leave();
        result
    }

    fn element(&mut self, node: NodeId, flow: &mut FlowBuilder<'_>) {
        let Some(style) = self.styles.get(node) else { return };
        let style = Arc::clone(style);
        if style.box_.display != Display::None {
            self.counted(Some(node), &Arc::clone(&style), |builder| {
                builder.counted_element(node, style, flow);
            });
        }
    }

    fn counted_element(&mut self, node: NodeId, style: Arc<ComputedStyle>, flow: &mut FlowBuilder<'_>) {
        if style.box_.display == Display::Contents {
            self.descend(|builder| {
                builder.contents(&Source::Element(node), &style, flow);
            });
            return;
        }
        let base = BoxBase { node: Some(node), pseudo: None, style };
        let Some(data) = self.document.element(node) else { return };
        if data.is_html(&local_name!("br")) {
            return flow.item(InlineItem::LineBreak(base));
        }
        if data.is_html(&local_name!("wbr")) {
            return flow.item(InlineItem::WordBreak);
        }
        match replaced::kind(self.document, node, &self.viewport, self.images, &self.svgs, self.frames) {
            Some(Kind::Replaced(replaced)) => self.place_replaced(base, replaced, flow),
            // As Blink's fallback content: the place is kept in quirks mode or when there is no text to show.
            Some(Kind::Broken(text))
                if has_fixed_size(&base.style)
                    && (text.is_none() || self.document.quirks_mode == QuirksMode::Quirks) =>
            {
                self.place_replaced(base, Replaced::default(), flow);
            }
            Some(Kind::Broken(Some(text))) if text.is_empty() => self.place(base, Source::Label(text), flow),
            Some(Kind::Broken(text)) => {
                let style = broken_image_style(&base.style);
                self.place(BoxBase { style, ..base }, Source::Broken(text.unwrap_or_default()), flow);
            }
            Some(Kind::Label(text)) => self.place(base, Source::Label(text), flow),
            Some(Kind::Menu(menu)) => {
                let style = menu_style(&base.style);
                self.place(BoxBase { style, ..base }, Source::Menu(menu), flow);
            }
            None => self.place(base, Source::Element(node), flow),
        }
    }

    fn place_replaced(&self, base: BoxBase, replaced: Replaced, flow: &mut FlowBuilder<'_>) {
        let placement = placement(&base.style);
        let is_inline = is_inline_level(base.style.box_.display);
        let boxed = IndependentBox::new(base, IndependentContents::Replaced(replaced));
        if flow.makes_items() {
            return flow.child(item_child(placement, boxed));
        }
        if placement == Placement::InFlow && !is_inline {
            flow.block(BlockLevelBox::Independent(boxed));
        } else {
            flow.item(out_of_flow_or_atomic(placement, boxed));
        }
    }

    /// A box with that style and content, where its `display`, `float` and `position` put it.
    fn place(&mut self, base: BoxBase, source: Source, flow: &mut FlowBuilder<'_>) {
        if self.depth >= MAX_BOX_DEPTH {
            return;
        }
        let placement = placement(&base.style);
        let display = base.style.box_.display;
        if flow.makes_items() {
            let boxed = self.descend(|builder| builder.independent(base, source));
            return flow.child(item_child(placement, boxed));
        }
        if placement != Placement::InFlow {
            let boxed = self.descend(|builder| builder.independent(base, source));
            return flow.out_of_flow(out_of_flow_or_atomic(placement, boxed));
        }
        match display {
            Display::Inline => {
                let style = Arc::clone(&base.style);
                flow.open_inline(base);
                self.descend(|builder| builder.contents(&source, &style, flow));
                flow.close_inline();
            }
            Display::InlineBlock | Display::InlineFlex | Display::InlineGrid | Display::InlineTable => {
                let boxed = self.descend(|builder| builder.independent(base, source));
                flow.item(InlineItem::Atomic(boxed));
            }
            _ if self.establishes_formatting_context(&base) => {
                let boxed = self.descend(|builder| builder.independent(base, source));
                flow.block(BlockLevelBox::Independent(boxed));
            }
            _ => {
                let block = self.descend(|builder| builder.block(base, source));
                flow.block(BlockLevelBox::Block(block));
            }
        }
    }

    fn descend<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn block(&mut self, base: BoxBase, source: Source) -> BlockBox {
        let (contents, marker) = self.container(&base, &source);
        BlockBox { marker, ..BlockBox::new(base, contents) }
    }

    pub(super) fn independent(&mut self, base: BoxBase, source: Source) -> IndependentBox {
        if matches!(base.style.box_.display, Display::Table | Display::InlineTable)
            && let Source::Element(_) | Source::Nodes(_) = source
        {
            let table = self.table(&base, &source);
            return IndependentBox::new(base, IndependentContents::Table(Box::new(table)));
        }
        if is_item_container(base.style.box_.display) {
            let anonymous = self.anonymous.clone();
            let mut flow = FlowBuilder::new_items(base.clone(), &anonymous);
            self.contents(&source, &base.style, &mut flow);
            let container = Box::new(flow.finish_items());
            return IndependentBox::new(base, IndependentContents::Items(container));
        }
        let (contents, marker) = self.container(&base, &source);
        IndependentBox { marker, ..IndependentBox::new(base, IndependentContents::Flow(contents)) }
    }

    /// <https://drafts.csswg.org/css-display-4/#establish-an-independent-formatting-context>, for block-level boxes.
    fn establishes_formatting_context(&self, base: &BoxBase) -> bool {
        is_context_by_display(base.style.box_.display)
            || base.style.flex.align_content.keyword != Alignment::Normal
            || is_scroll_container(&base.style) && !self.overflow_belongs_to_viewport(base)
    }

    /// <https://drafts.csswg.org/css-overflow-3/#overflow-propagation>: of `body`, unless the root has its own.
    fn overflow_belongs_to_viewport(&self, base: &BoxBase) -> bool {
        base.pseudo.is_none()
            && base.node.is_some()
            && base.node == self.document.body()
            && self
                .document
                .document_element()
                .and_then(|root| self.styles.get(root))
                .is_some_and(|root| !is_scroll_container(root))
    }

    /// A block container's contents and, for list items, its outside marker.
    fn container(&mut self, base: &BoxBase, source: &Source) -> (BlockContainer, Option<Box<Marker>>) {
        let anonymous = self.anonymous.clone();
        let mut flow = FlowBuilder::new(base.clone(), &anonymous);
        let mut outside = None;
        if base.style.box_.display == Display::ListItem
            && let Some(marker) = self.marker(base)
        {
            match (base.style.text.list_style_position, marker) {
                (ListStylePosition::Outside, marker) => outside = Some(Box::new(marker)),
                (ListStylePosition::Inside, marker) => inside_marker(marker, &mut flow),
            }
        }
        self.contents(source, &base.style, &mut flow);
        let mut contents = flow.finish();
        if let (Source::Element(node), None) = (source, base.pseudo)
            && let Some(style) = self.styles.pseudo(*node, PseudoElement::FirstLetter)
        {
            first_letter::split(&mut contents, *node, style);
        }
        (contents, outside)
    }

    fn marker(&self, base: &BoxBase) -> Option<Marker> {
        let node = base.node?;
        let ordinal = self.counters.item();
        let text = &base.style.text;
        let style = match self.styles.pseudo(node, PseudoElement::Marker) {
            Some(style) => Arc::clone(style),
            None => self.anonymous.style(&base.style, Display::Inline),
        };
        let image = match &text.list_style_image {
            Image::None => None,
            image => replaced::of_image(image, self.images),
        };
        let content = match (image, text.list_style_type) {
            (Some(image), _) => MarkerContent::Image(image),
            (None, ListStyleType::None) => return None,
            (None, symbol) => match marker_text(symbol, ordinal) {
                Some(text) => MarkerContent::Text(Arc::from(text)),
                None => MarkerContent::Symbol(symbol),
            },
        };
        let base = BoxBase { node: Some(node), pseudo: Some(PseudoElement::Marker), style };
        Some(Marker { base, content })
    }

    /// What stands in a box, into `flow`.
    pub(super) fn contents(
        &mut self,
        source: &Source,
        style: &Arc<ComputedStyle>,
        flow: &mut FlowBuilder<'_>,
    ) {
        match source {
            Source::Element(node) => {
                self.pseudo(*node, PseudoElement::Before, flow);
                let (shown, skipped) = self.rendered_children(*node);
                self.nodes(shown.into_iter(), style, flow);
                if !skipped.is_empty() {
                    let base = BoxBase { node: None, pseudo: None, style: self.skipped_style(style) };
                    self.place(base, Source::Nodes(skipped), flow);
                }
                self.pseudo(*node, PseudoElement::After, flow);
            }
            Source::Nodes(nodes) => self.nodes(nodes.iter().copied(), style, flow),
            Source::Generated(items) => self.generated(items, style, flow),
            Source::Broken(text) => {
                let sign =
                    Replaced { width: Some(BROKEN_IMAGE), height: Some(BROKEN_IMAGE), ..Replaced::default() };
                let base = BoxBase { node: None, pseudo: None, style: self.floating(style) };
                let contents = IndependentContents::Replaced(sign);
                flow.item(InlineItem::Float(IndependentBox::new(base, contents)));
                let base = BoxBase { node: None, pseudo: None, style: Arc::clone(style) };
                flow.text(base, Arc::from(text.as_str()));
            }
            Source::Menu(menu) => self.menu(menu, style, flow),
            Source::Label(text) => {
                let base = BoxBase { node: None, pseudo: None, style: Arc::clone(style) };
                flow.text(base, Arc::from(text.as_str()));
            }
        }
    }

    /// The children that are shown, and those that are laid out without being painted: all of a closed `details` but its
    /// summary. <https://html.spec.whatwg.org/#the-details-and-summary-elements>
    fn rendered_children(&self, node: NodeId) -> (Vec<NodeId>, Vec<NodeId>) {
        let mut children: Vec<NodeId> = self.document.children(node).collect();
        let is_closed = self.document.element(node).is_some_and(|e| {
            e.is_html(&local_name!("details")) && e.attribute(&local_name!("open")).is_none()
        });
        if !is_closed {
            return (children, Vec::new());
        }
        let is_summary =
            |n: &NodeId| self.document.element(*n).is_some_and(|e| e.is_html(&local_name!("summary")));
        let summary = children.iter().position(is_summary).map(|at| children.remove(at));
        (summary.into_iter().collect(), children)
    }

    /// The style of the box around what a closed `details` hides: `content-visibility: hidden`, so without a height.
    fn skipped_style(&self, parent: &ComputedStyle) -> Arc<ComputedStyle> {
        let mut style = ComputedStyle::clone(&self.anonymous.style(parent, Display::FlowRoot));
        Arc::make_mut(&mut style.size).height = Size::LengthPercentage(LengthPercentage::ZERO);
        Arc::make_mut(&mut style.effects).content_visibility = ContentVisibility::Hidden;
        Arc::new(style)
    }

    /// The chosen option in a line; the others make it as wide as they are, and no higher.
    fn menu(&mut self, menu: &Menu, style: &Arc<ComputedStyle>, flow: &mut FlowBuilder<'_>) {
        let mut inner = ComputedStyle::clone(&self.anonymous.style(style, Display::Block));
        if style.effects.appearance != Appearance::None {
            // Blink's `LayoutThemeDefault`: room for the text, and for the arrow behind it.
            let (start, end) = (LengthPercentage::Length(4.0), LengthPercentage::Length(16.0));
            let (left, right) = match style.text.direction {
                Direction::Ltr => (start, end),
                Direction::Rtl => (end, start),
            };
            let padding = &mut Arc::make_mut(&mut inner.size).padding;
            (padding.top, padding.bottom) = (LengthPercentage::Length(1.0), LengthPercentage::Length(1.0));
            (padding.left, padding.right) = (left, right);
        }
        let base = BoxBase { node: None, pseudo: None, style: Arc::new(inner) };
        let anonymous = self.anonymous.clone();
        let mut lines = FlowBuilder::new(base.clone(), &anonymous);
        let mut flat = ComputedStyle::clone(&anonymous.style(&base.style, Display::Block));
        Arc::make_mut(&mut flat.size).height = Size::LengthPercentage(LengthPercentage::ZERO);
        Arc::make_mut(&mut flat.effects).content_visibility = ContentVisibility::Hidden;
        let flat = Arc::new(flat);
        for text in &menu.others {
            let base = BoxBase { node: None, pseudo: None, style: Arc::clone(&flat) };
            self.place(base, Source::Label(text.clone()), &mut lines);
        }
        // A line is there even where nothing is written in it.
        let text = if menu.chosen.is_empty() { "\u{200b}" } else { &menu.chosen };
        lines.text(base.clone(), Arc::from(text));
        let block = BlockBox { is_whole_px: true, ..BlockBox::new(base, lines.finish()) };
        if flow.makes_items() {
            let contents = BlockContainer::BlockLevel(vec![BlockLevelBox::Block(block)]);
            let style = self.anonymous.style(style, Display::Block);
            let base = BoxBase { node: None, pseudo: None, style };
            return flow
                .child(ItemChild::Item(IndependentBox::new(base, IndependentContents::Flow(contents))));
        }
        flow.block(BlockLevelBox::Block(block));
    }

    /// The style of an anonymous float.
    fn floating(&self, parent: &ComputedStyle) -> Arc<ComputedStyle> {
        let mut style = ComputedStyle::clone(&self.anonymous.style(parent, Display::Block));
        Arc::make_mut(&mut style.box_).float = Float::Left;
        Arc::new(style)
    }

    fn pseudo(&mut self, node: NodeId, pseudo: PseudoElement, flow: &mut FlowBuilder<'_>) {
        let Some(style) = self.styles.pseudo(node, pseudo) else { return };
        let Content::Items(items) = &style.misc.content else { return };
        if style.box_.display == Display::None {
            return;
        }
        let style = Arc::clone(style);
        let base = BoxBase { node: Some(node), pseudo: Some(pseudo), style: Arc::clone(&style) };
        let items = items.clone();
        self.counted(None, &Arc::clone(&style), |builder| {
            if style.box_.display == Display::Contents {
                return builder.generated(&items, &style, flow);
            }
            builder.place(base, Source::Generated(items), flow);
        });
    }

    fn generated(&mut self, items: &[ContentItem], style: &Arc<ComputedStyle>, flow: &mut FlowBuilder<'_>) {
        for item in items {
            let text: Arc<str> = match item {
                ContentItem::String(text) | ContentItem::Attribute(text) => Arc::clone(text),
                ContentItem::Image(image) => {
                    let Some(replaced) = replaced::of_image(image, self.images) else { continue };
                    let style = self.anonymous.style(style, Display::Inline);
                    let base = BoxBase { node: None, pseudo: None, style };
                    let contents = IndependentContents::Replaced(replaced);
                    flow.item(InlineItem::Atomic(IndependentBox::new(base, contents)));
                    continue;
                }
                ContentItem::Counter { name, style } => {
                    Arc::from(counter_text(*style, self.counters.value(name)))
                }
                ContentItem::Counters { name, separator, style } => {
                    let values = self.counters.values(name);
                    let texts: Vec<String> =
                        values.iter().map(|value| counter_text(*style, *value)).collect();
                    Arc::from(texts.join(separator))
                }
                ContentItem::OpenQuote => {
                    let depth = self.counters.open_quote();
                    Arc::from(quotation_mark(&style.font.language, depth, true))
                }
                ContentItem::CloseQuote => match self.counters.close_quote() {
                    Some(depth) => Arc::from(quotation_mark(&style.font.language, depth, false)),
                    None => continue,
                },
                ContentItem::NoOpenQuote => {
                    self.counters.open_quote();
                    continue;
                }
                ContentItem::NoCloseQuote => {
                    self.counters.close_quote();
                    continue;
                }
            };
            flow.text(BoxBase { node: None, pseudo: None, style: Arc::clone(style) }, text);
        }
    }
}

/// A marker inside the list item is inline content. `DEVIATION:` symbols are characters here, not drawings.
fn inside_marker(marker: Marker, flow: &mut FlowBuilder<'_>) {
    let text: Arc<str> = match &marker.content {
        MarkerContent::Text(text) => Arc::clone(text),
        MarkerContent::Symbol(ListStyleType::Circle) => Arc::from("◦ "),
        MarkerContent::Symbol(ListStyleType::Square) => Arc::from("▪ "),
        MarkerContent::Symbol(_) => Arc::from("• "),
        MarkerContent::Image(replaced) => {
            let contents = IndependentContents::Replaced(replaced.clone());
            return flow.item(InlineItem::Atomic(IndependentBox::new(marker.base, contents)));
        }
    };
    let text_base = BoxBase { node: None, pseudo: None, style: Arc::clone(&marker.base.style) };
    flow.open_inline(marker.base);
    flow.text(text_base, text);
    flow.close_inline();
}

fn placement(style: &ComputedStyle) -> Placement {
    match (style.box_.position, style.box_.float) {
        (PositionProperty::Absolute | PositionProperty::Fixed, _) => Placement::Absolute,
        (_, Float::None) => Placement::InFlow,
        (_, Float::Left | Float::Right) => Placement::Float,
    }
}

/// A child of a flex or grid container: `float` has no effect on it.
fn item_child(placement: Placement, boxed: IndependentBox) -> ItemChild {
    match placement {
        Placement::Absolute => ItemChild::Absolute(boxed),
        Placement::InFlow | Placement::Float => ItemChild::Item(boxed),
    }
}

/// Whether the children of a box are flex or grid items.
const fn is_item_container(display: Display) -> bool {
    matches!(display, Display::Flex | Display::InlineFlex | Display::Grid | Display::InlineGrid)
}

fn is_inline_level(display: Display) -> bool {
    matches!(
        display,
        Display::Inline
            | Display::InlineBlock
            | Display::InlineFlex
            | Display::InlineGrid
            | Display::InlineTable
    )
}

/// What a `select` shows stands in the middle of its height.
fn menu_style(style: &Arc<ComputedStyle>) -> Arc<ComputedStyle> {
    if style.flex.align_content.keyword != Alignment::Normal {
        return Arc::clone(style);
    }
    let mut style = ComputedStyle::clone(style);
    Arc::make_mut(&mut style.flex).align_content.keyword = Alignment::Center;
    Arc::new(style)
}

/// Blink shows a broken image as an inline-block whose size comes from the sign and the text.
fn broken_image_style(style: &ComputedStyle) -> Arc<ComputedStyle> {
    let mut style = style.clone();
    let size = Arc::make_mut(&mut style.size);
    (size.width, size.height) = (Size::Auto, Size::Auto);
    // The ratio of its attributes is the picture's.
    Arc::make_mut(&mut style.effects).aspect_ratio = AspectRatio::default();
    if style.box_.display == Display::Inline {
        Arc::make_mut(&mut style.box_).display = Display::InlineBlock;
    }
    Arc::new(style)
}

/// Whether both sizes are specified: a broken image keeps its place then.
fn has_fixed_size(style: &ComputedStyle) -> bool {
    !matches!(style.size.width, Size::Auto) && !matches!(style.size.height, Size::Auto)
}

/// Whether a box establishes a formatting context by its kind.
fn is_context_by_display(display: Display) -> bool {
    matches!(
        display,
        Display::FlowRoot
            | Display::Flex
            | Display::Grid
            | Display::Table
            | Display::TableCell
            | Display::TableCaption
    )
}

fn is_scroll_container(style: &ComputedStyle) -> bool {
    let scrolls = |overflow| matches!(overflow, Overflow::Hidden | Overflow::Scroll | Overflow::Auto);
    scrolls(style.box_.overflow_x) || scrolls(style.box_.overflow_y)
}
