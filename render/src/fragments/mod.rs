//! The fragment tree: what layout yields. Every box with its place, every line with its glyphs.
//!
//! A fragment's [`Fragment::rect`] is its border box relative to the border-box origin of the fragment it
//! stands in ("parent"); the root's is relative to the page's top left. Text fragments' rectangles are as wide
//! as their advances and as high as their font's ascent and descent, which is what Chromium reports for a
//! range of text.
//!
//! - [`query`]: where elements and lines are, and what is under a point

pub mod query;

use std::sync::Arc;

use siskin_engine::css::values::{AbsoluteColor, BorderStyle};
use siskin_engine::dom::NodeId;
use siskin_engine::style::{ComputedStyle, PseudoElement};
use url::Url;

use crate::geometry::{Edges, Lu, Point, Rect, Size};
use crate::image::InlineSvg;
use crate::text::GlyphRun;

pub use query::{Rects, UsedBox};

/// A laid-out document.
#[derive(Debug, Clone)]
pub struct FragmentTree {
    /// The fragment of the root element.
    pub root: Option<Fragment>,
    /// The scrollable area: at least the viewport, and all overflow to the right and down.
    pub document_size: Size,
    /// The initial containing block.
    pub viewport: Size,
}

/// A box or a piece of text, placed.
#[derive(Debug, Clone)]
pub struct Fragment {
    /// The border box, relative to the parent fragment's border-box origin.
    pub rect: Rect,
    /// The element or text node it comes from; `None` for anonymous boxes.
    pub node: Option<NodeId>,
    /// The pseudo-element of `node` that it comes from.
    pub pseudo: Option<PseudoElement>,
    /// The computed style (for text: that of the element around it).
    pub style: Arc<ComputedStyle>,
    /// What it is.
    pub kind: FragmentKind,
    /// What stands in it, in tree order (paint order is made by the display list).
    pub children: Vec<Fragment>,
}

/// What a fragment is.
#[derive(Debug, Clone)]
pub enum FragmentKind {
    /// A box.
    Box(BoxFragment),
    /// A line box: has no style of its own and paints nothing.
    Line {
        /// From the top of the line box to its baseline.
        baseline: Lu,
    },
    /// Glyphs of one text node on one line.
    Text(TextFragment),
}

/// What a box has beside its rectangle. Used values, in layout units.
#[derive(Debug, Clone, Default)]
pub struct BoxFragment {
    /// Border widths.
    pub border: Edges,
    /// Padding widths.
    pub padding: Edges,
    /// Whether the box is inline-level text flow (`span`), whose backgrounds are per line.
    pub is_inline: bool,
    /// Replaced content: the image that fills the content box.
    pub replaced: Option<ReplacedContent>,
    /// The first baseline from the border-box top, for boxes that have one.
    pub baseline: Option<Lu>,
    /// What is painted of its background and border.
    pub decoration: BoxDecoration,
}

/// What is painted of a box's background and border.
#[derive(Debug, Clone, Default)]
pub enum BoxDecoration {
    /// Both, as its style says.
    #[default]
    Whole,
    /// The background; its border has been collapsed into its table's.
    Background,
    /// Nothing: an empty cell that `empty-cells` hides.
    Nothing,
    /// The background of a part of a table: only in its cells, at these places relative to the part's corner.
    InCells(Vec<Rect>),
    /// A table with collapsed borders: its background, and over the backgrounds in it all borders of the grid.
    Table(CollapsedBorders),
}

/// The borders of a table's grid, each list from the top down:
/// <https://drafts.csswg.org/css-tables-3/#drawing-collapsed-borders>.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CollapsedBorders {
    /// Those that run along the rows.
    pub horizontal: Vec<CollapsedBorder>,
    /// Those that run along the columns, in pieces as high as a row.
    pub vertical: Vec<CollapsedBorder>,
}

/// One piece of a line of a table's grid.
#[derive(Debug, Clone, PartialEq)]
pub struct CollapsedBorder {
    /// Where it is, relative to the table's border box.
    pub rect: Rect,
    /// Its style.
    pub style: BorderStyle,
    /// Its colour.
    pub color: AbsoluteColor,
}

/// Replaced content.
#[derive(Debug, Clone)]
pub enum ReplacedContent {
    /// An image, by requested URL.
    Image(Url),
    /// An `svg` element.
    Svg(Arc<InlineSvg>),
    /// The nested document of this element.
    Frame(NodeId),
}

/// Glyphs of one text node on one line.
#[derive(Debug, Clone)]
pub struct TextFragment {
    /// The text that is shown, white space collapsed and transformed.
    pub text: String,
    /// The glyphs in visual order, pens relative to the fragment's left edge and baseline.
    pub runs: Vec<GlyphRun>,
    /// From the fragment's top to the baseline.
    pub baseline: Lu,
}

impl FragmentTree {
    /// Calls `visit` with each fragment and the absolute origin of its border box, parents first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Fragment, Point)) {
        let mut pending: Vec<(&Fragment, Point)> =
            self.root.iter().map(|root| (root, Point::default())).collect();
        while let Some((fragment, parent)) = pending.pop() {
            let origin = parent + fragment.rect.origin;
            visit(fragment, origin);
            pending.extend(fragment.children.iter().rev().map(|child| (child, origin)));
        }
    }
}
