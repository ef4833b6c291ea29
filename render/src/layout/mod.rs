//! Layout: from boxes to fragments. Block, inline, float, table and positioned layout of CSS 2 are one algorithm.
//!
//! A box is laid out once its place is known: margins that will collapse are looked up ahead ([`block`]), so
//! floats and lines always see their final position, and nothing is laid out twice but a box beside floats that
//! turns out too tall. Widths from content are cached in the boxes. So the cost is linear in the page.
//!
//! - [`sizing`]: used lengths
//! - [`margin`]: collapsing margins
//! - [`float`]: where floats stand
//! - [`placed`]: fragments in the making, and boxes that wait for their containing block
//! - [`quirks`]: what old pages expect
//! - [`intrinsic`]: widths from content
//! - [`replaced`]: sizes of replaced elements
//! - [`paragraph`]: the text of an inline formatting context, shaped
//! - [`vertical`]: the boxes of one line, aligned
//! - [`line`]: one line's fragments
//! - [`inline`]: inline formatting contexts
//! - [`block`]: block formatting contexts
//! - [`beside`]: boxes beside floats
//! - [`independent`]: boxes with a formatting context of their own
//! - [`flex`]: flex containers, and what they share with grids
//! - [`grid`]: what grid containers have beside that
//! - [`marker`]: list markers
//! - [`mod@table`]: rows, columns and cells
//! - [`positioned`]: absolute, fixed and relative positioning

mod beside;
mod block;
mod flex;
mod float;
mod grid;
mod independent;
mod inline;
mod intrinsic;
mod line;
mod margin;
mod marker;
mod paragraph;
mod placed;
mod positioned;
mod quirks;
mod replaced;
mod sizing;
mod table;
mod vertical;

#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use siskin_engine::Snapshot;
use siskin_engine::dom::{Document, QuirksMode};

use crate::boxes::{self, BoxTree, NaturalSizes};
use crate::font::FontContext;
use crate::fragments::FragmentTree;
use crate::geometry::{Lu, Point, Rect, Size};
use crate::limits::LAYOUT_STACK_BYTES;
use crate::text::TextCache;

use flex::ItemMemos;
use paragraph::Paragraph;
use placed::Waiting;
use quirks::Quirks;
use sizing::{AutoWidth, ContainingBlock};

/// Lays out a document: its boxes for the snapshot's viewport. `images` answers for each URL with the natural size
/// of the image. Total: any document gives a tree.
pub fn layout(snapshot: &Snapshot, fonts: &FontContext, images: &NaturalSizes<'_>) -> FragmentTree {
    // Recursion follows the nesting of boxes, which is capped; the caller's stack may be too small for the cap.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("layout".to_owned()).stack_size(LAYOUT_STACK_BYTES);
        let work = || lay_out_tree(snapshot, &boxes::build(snapshot, images), fonts);
        match thread.spawn_scoped(scope, work) {
            Ok(handle) => handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => {
                FragmentTree { root: None, document_size: viewport(snapshot), viewport: viewport(snapshot) }
            }
        }
    })
}

fn viewport(snapshot: &Snapshot) -> Size {
    Size {
        width: Lu::from_px(snapshot.viewport.width).clamp_negative_to_zero(),
        height: Lu::from_px(snapshot.viewport.height).clamp_negative_to_zero(),
    }
}

/// What all of layout shares.
pub(crate) struct Layouter<'a> {
    document: &'a Document,
    fonts: &'a FontContext,
    viewport: Size,
    /// `html` and `body` of a document in quirks mode: <https://quirks.spec.whatwg.org/>.
    quirks: Option<Quirks>,
    /// Absolutely positioned boxes whose containing block is not done yet, innermost last.
    waiting: Vec<Waiting<'a>>,
    /// Fragments of absolutely positioned boxes, by placeholder.
    positioned: Vec<Option<crate::fragments::Fragment>>,
    float_retries: usize,
    /// <https://quirks.spec.whatwg.org/#the-line-height-calculation-quirk>, in limited-quirks mode too.
    line_height_quirk: bool,
    text: RefCell<TextCache>,
    /// Paragraphs that were shaped for their widths and wait to be laid out, by the context's address.
    paragraphs: RefCell<HashMap<usize, Rc<Paragraph>>>,
    /// What percentages of heights refer to while widths from content are measured.
    intrinsic_basis: Cell<Option<Lu>>,
    /// What was measured of flex and grid items.
    items: ItemMemos<'a>,
}

fn lay_out_tree(snapshot: &Snapshot, boxes: &BoxTree, fonts: &FontContext) -> FragmentTree {
    let viewport = viewport(snapshot);
    let document = &snapshot.document;
    let quirks = (document.quirks_mode == QuirksMode::Quirks)
        .then(|| Quirks { html: document.document_element(), body: document.body() });
    let mut layouter = Layouter {
        document,
        fonts,
        viewport,
        quirks,
        waiting: Vec::new(),
        positioned: Vec::new(),
        float_retries: 0,
        line_height_quirk: document.quirks_mode != QuirksMode::NoQuirks,
        text: RefCell::new(TextCache::new()),
        paragraphs: RefCell::default(),
        intrinsic_basis: Cell::new(None),
        items: ItemMemos::default(),
    };
    let Some(root_box) = &boxes.root else {
        return FragmentTree { root: None, document_size: viewport, viewport };
    };
    let root_style = &root_box.base.style;
    let cb = ContainingBlock {
        width: viewport.width,
        height: Some(viewport.height),
        direction: root_style.text.direction,
    };
    let laid = layouter.in_flow_root(root_box, &cb);
    layouter.initial_containing_block(&laid.fragment);
    let mut root = laid.fragment;
    layouter.fill_placeholders(&mut root);
    let document_size = scrollable_overflow(&root, viewport);
    FragmentTree { root: Some(root), document_size, viewport }
}

impl<'a> Layouter<'a> {
    /// The root element's box: a block-level box in the initial containing block.
    fn in_flow_root(&mut self, root: &'a boxes::IndependentBox, cb: &ContainingBlock) -> placed::Laid {
        let edges = sizing::BoxEdges::new(&root.base.style, cb.width);
        let margins = edges.margins();
        let available = cb.width - margins.horizontal();
        let mut laid = self.independent(root, cb, available, AutoWidth::Fill, None);
        let (left, _) =
            self.inline_margins(&root.base.style, &edges, cb, laid.fragment.rect.size.width, None);
        self.place(&mut laid, 0, Point::new(left, margins.top));
        laid
    }
}

/// The scrollable overflow area of the viewport: <https://drafts.csswg.org/css-overflow-3/#scrollable>.
/// Overflow to the left and above cannot be scrolled to.
fn scrollable_overflow(root: &crate::fragments::Fragment, viewport: Size) -> Size {
    use siskin_engine::css::values::{Overflow, PositionProperty};
    let mut size = viewport;
    let mut pending = vec![(root, Point::default())];
    while let Some((fragment, parent)) = pending.pop() {
        let rect: Rect = fragment.rect.translate(parent);
        let is_box = matches!(fragment.kind, crate::fragments::FragmentKind::Box(_));
        if is_box && fragment.style.box_.position == PositionProperty::Fixed {
            continue;
        }
        if rect.size.width > Lu::ZERO || rect.size.height > Lu::ZERO {
            size.width = size.width.max(rect.right());
            size.height = size.height.max(rect.bottom());
        }
        let clips = is_box && fragment.style.box_.overflow_x != Overflow::Visible;
        // What the root and the body clip, the viewport scrolls.
        if !clips || parent == Point::default() {
            pending.extend(fragment.children.iter().map(|child| (child, rect.origin)));
        }
    }
    size
}
