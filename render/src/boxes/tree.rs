//! The types of the box tree.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use siskin_engine::dom::NodeId;
use siskin_engine::style::{ComputedStyle, PseudoElement};

use crate::fragments::ReplacedContent;
use crate::geometry::Lu;

/// The boxes of a document.
#[derive(Debug, Default)]
pub struct BoxTree {
    /// The root element's box; `None` when it has none.
    pub root: Option<IndependentBox>,
}

/// Where a box comes from, and its style.
#[derive(Debug, Clone)]
pub struct BoxBase {
    /// The element; `None` for anonymous boxes.
    pub node: Option<NodeId>,
    /// The pseudo-element of `node`.
    pub pseudo: Option<PseudoElement>,
    /// The computed style.
    pub style: Arc<ComputedStyle>,
}

/// What a block container holds: <https://drafts.csswg.org/css-display-4/#block-container>.
#[derive(Debug)]
pub enum BlockContainer {
    /// Block-level boxes only.
    BlockLevel(Vec<BlockLevelBox>),
    /// Inline-level boxes only: an inline formatting context.
    Inline(Box<InlineContext>),
}

/// A member of a block formatting context.
#[derive(Debug)]
pub enum BlockLevelBox {
    /// A block box whose contents take part in the formatting context that it stands in.
    Block(BlockBox),
    /// A box in flow with a formatting context of its own.
    Independent(IndependentBox),
    /// A float.
    Float(IndependentBox),
    /// A box with `position: absolute` or `fixed`.
    Absolute(IndependentBox),
}

/// A block box in flow: <https://drafts.csswg.org/css-display-4/#block-box>.
#[derive(Debug)]
pub struct BlockBox {
    /// Where it comes from.
    pub base: BoxBase,
    /// What it holds.
    pub contents: BlockContainer,
    /// The outside marker of a list item.
    pub marker: Option<Box<Marker>>,
    /// Whether it is anonymous (it may name the inline element whose blocks it holds): percentage heights look
    /// through it.
    pub is_anonymous: bool,
    /// Whether its widths from content are rounded up to whole px, as Blink does for drop-down boxes.
    pub is_whole_px: bool,
    /// Smallest and largest content width, once asked for.
    pub(crate) intrinsic: OnceCell<IntrinsicWidths>,
}

/// A box that establishes an independent formatting context, or is replaced.
#[derive(Debug)]
pub struct IndependentBox {
    /// Where it comes from.
    pub base: BoxBase,
    /// What it holds.
    pub contents: IndependentContents,
    /// The outside marker of a list item.
    pub marker: Option<Box<Marker>>,
    /// Smallest and largest content width, once asked for.
    pub(crate) intrinsic: OnceCell<IntrinsicWidths>,
}

/// What an independent box holds.
#[derive(Debug)]
pub enum IndependentContents {
    /// A block formatting context.
    Flow(BlockContainer),
    /// Content that is not laid out.
    Replaced(Replaced),
    /// A table.
    Table(Box<TableBox>),
    /// A flex or grid container, by the `display` of its style.
    Items(Box<ItemContainer>),
}

/// What a flex or grid container holds: <https://drafts.csswg.org/css-flexbox-1/#flex-items>,
/// <https://drafts.csswg.org/css-grid-1/#grid-items>.
#[derive(Debug, Default)]
pub struct ItemContainer {
    /// Items and absolutely positioned boxes, in the order of the document.
    pub children: Vec<ItemChild>,
}

/// A child of a flex or grid container.
#[derive(Debug)]
pub enum ItemChild {
    /// An item.
    Item(IndependentBox),
    /// A box with `position: absolute` or `fixed`, which takes no part in the layout of the items.
    Absolute(IndependentBox),
}

impl ItemChild {
    /// The child's box.
    pub const fn boxed(&self) -> &IndependentBox {
        match self {
            Self::Item(b) | Self::Absolute(b) => b,
        }
    }
}

/// Content width without the box's own padding and border.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct IntrinsicWidths {
    /// With every soft wrap opportunity taken.
    pub(crate) min: Lu,
    /// With none taken.
    pub(crate) max: Lu,
}

/// Replaced content: <https://drafts.csswg.org/css-images-3/#sizing-terms>. CSS px.
#[derive(Debug, Clone, Default)]
pub struct Replaced {
    /// The picture; `None` where only the place is kept.
    pub content: Option<ReplacedContent>,
    /// Natural width.
    pub width: Option<f32>,
    /// Natural height.
    pub height: Option<f32>,
    /// Width over height.
    pub ratio: Option<f32>,
    /// A control whose size comes from its font.
    pub control: Option<TextControl>,
    /// A control whose size is a multiple of its font size.
    pub em_size: Option<(f32, f32)>,
}

/// A text field, in characters: <https://html.spec.whatwg.org/#the-textarea-and-input-elements>.
#[derive(Debug, Clone, Copy)]
pub struct TextControl {
    /// Characters in a line.
    pub columns: u32,
    /// Lines.
    pub rows: u32,
    /// Which of them.
    pub kind: ControlKind,
}

/// Which control a [`TextControl`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlKind {
    /// A line to write into.
    Field,
    /// A `textarea`.
    Area,
    /// A button and the name of the chosen file.
    File,
    /// A box or circle to tick: no text, a size of its own.
    Tick,
}

/// An inline formatting context as a flat list: inline boxes open and close.
#[derive(Debug, Default)]
pub struct InlineContext {
    /// The style of the block container: its strut, alignment and wrapping.
    pub base: Option<BoxBase>,
    /// The members in order.
    pub items: Vec<InlineItem>,
    /// Smallest and largest content width, once asked for.
    pub(crate) intrinsic: OnceCell<IntrinsicWidths>,
}

/// A member of an inline formatting context.
#[derive(Debug)]
pub enum InlineItem {
    /// An inline box begins.
    Open {
        /// Where it comes from.
        base: BoxBase,
        /// Whether this is its first part (a block may have split it).
        is_first: bool,
    },
    /// The innermost open inline box ends.
    Close {
        /// Whether this is its last part.
        is_last: bool,
    },
    /// Text of one text node (or generated), as in the document.
    Text {
        /// The text node and the style of the element around it.
        base: BoxBase,
        /// The characters before white space processing.
        text: Arc<str>,
    },
    /// An inline-block, inline-table or replaced element.
    Atomic(IndependentBox),
    /// A float.
    Float(IndependentBox),
    /// A box with `position: absolute` or `fixed`.
    Absolute(IndependentBox),
    /// `br`
    LineBreak(BoxBase),
    /// `wbr`
    WordBreak,
}

/// The marker of a list item: <https://drafts.csswg.org/css-lists-3/#markers>.
#[derive(Debug)]
pub struct Marker {
    /// The list item and the marker's style.
    pub base: BoxBase,
    /// What it shows.
    pub content: MarkerContent,
}

/// What a marker shows.
#[derive(Debug, Clone)]
pub enum MarkerContent {
    /// `disc`, `circle` or `square`: drawn, not taken from a font.
    Symbol(siskin_engine::css::values::ListStyleType),
    /// A number with its suffix.
    Text(Arc<str>),
    /// A picture.
    Image(Replaced),
}

/// A table: <https://drafts.csswg.org/css-tables-3/#table-structure>.
#[derive(Debug, Default)]
pub struct TableBox {
    /// What `colgroup` and `col` declare; a group stands before its columns.
    pub columns: Vec<TableColumn>,
    /// Row groups: headers first, footers last.
    pub groups: Vec<RowGroup>,
    /// Captions, on top.
    pub captions: Vec<IndependentBox>,
}

/// A `col`, or a `colgroup`.
#[derive(Debug)]
pub struct TableColumn {
    /// Where it comes from.
    pub base: BoxBase,
    /// Which of the two.
    pub kind: TableColumnKind,
    /// The columns of the grid that it stands for.
    pub covers: Range<usize>,
}

/// What a [`TableColumn`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableColumnKind {
    /// `col`
    Column,
    /// `colgroup`
    Group,
}

/// What kind of row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowGroupKind {
    /// `thead`
    Header,
    /// `tbody`
    Body,
    /// `tfoot`
    Footer,
}

/// A row group.
#[derive(Debug)]
pub struct RowGroup {
    /// Where it comes from.
    pub base: BoxBase,
    /// Its kind.
    pub kind: RowGroupKind,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// A row.
#[derive(Debug)]
pub struct TableRow {
    /// Where it comes from.
    pub base: BoxBase,
    /// Its cells.
    pub cells: Vec<TableCell>,
}

/// A cell.
#[derive(Debug)]
pub struct TableCell {
    /// The cell's box.
    pub cell: IndependentBox,
    /// Columns covered, at least 1.
    pub colspan: usize,
    /// Rows covered, at least 1.
    pub rowspan: usize,
}

impl TableBox {
    /// How many columns are declared.
    pub fn declared_columns(&self) -> usize {
        self.columns.iter().map(|column| column.covers.end).max().unwrap_or(0)
    }

    /// The style that sizes each declared column: its `col`'s, without one its `colgroup`'s.
    pub fn column_styles(&self) -> Vec<&ComputedStyle> {
        let mut styles = Vec::with_capacity(self.declared_columns());
        for column in &self.columns {
            // A group stands before its columns, which therefore overwrite it.
            styles.truncate(column.covers.start);
            styles.extend(column.covers.clone().map(|_| &*column.base.style));
        }
        styles
    }
}

impl TableCell {
    /// Whether `empty-cells` may hide it: it holds nothing but white space that collapses.
    /// <https://drafts.csswg.org/css2/#empty-cells>
    pub fn is_empty(&self) -> bool {
        let is_space = |item: &InlineItem| match item {
            InlineItem::Text { base, text } => super::inline::is_collapsible_space(&base.style, text),
            _ => false,
        };
        match &self.cell.contents {
            IndependentContents::Flow(BlockContainer::BlockLevel(boxes)) => boxes.is_empty(),
            IndependentContents::Flow(BlockContainer::Inline(context)) => context.items.iter().all(is_space),
            _ => false,
        }
    }
}

impl IndependentBox {
    /// A box that holds `contents`.
    pub fn new(base: BoxBase, contents: IndependentContents) -> Self {
        Self { base, contents, marker: None, intrinsic: OnceCell::new() }
    }
}

impl BlockBox {
    /// A box that holds `contents`.
    pub fn new(base: BoxBase, contents: BlockContainer) -> Self {
        Self {
            base,
            contents,
            marker: None,
            is_anonymous: false,
            is_whole_px: false,
            intrinsic: OnceCell::new(),
        }
    }
}

impl BlockLevelBox {
    /// Where it comes from.
    pub fn base(&self) -> &BoxBase {
        match self {
            Self::Block(block) => &block.base,
            Self::Independent(b) | Self::Float(b) | Self::Absolute(b) => &b.base,
        }
    }
}
