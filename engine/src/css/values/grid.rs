//! Grid templates and lines: <https://drafts.csswg.org/css-grid-2/>. Generic over the length, so that specified and computed
//! values have one shape.

use std::sync::Arc;

use super::LengthPercentage;

/// `<track-breadth>`: <https://drafts.csswg.org/css-grid-2/#typedef-track-breadth>.
#[derive(Debug, Clone, PartialEq)]
pub enum TrackBreadth<L = LengthPercentage> {
    /// A length or percentage.
    LengthPercentage(L),
    /// `fr`: a share of what is left.
    Flex(f32),
    /// `min-content`
    MinContent,
    /// `max-content`
    MaxContent,
    /// `auto`
    Auto,
}

/// `<track-size>`: <https://drafts.csswg.org/css-grid-2/#typedef-track-size>.
#[derive(Debug, Clone, PartialEq)]
pub enum TrackSize<L = LengthPercentage> {
    /// One breadth for both limits.
    Breadth(TrackBreadth<L>),
    /// `minmax()`
    MinMax(TrackBreadth<L>, TrackBreadth<L>),
    /// `fit-content()`
    FitContent(L),
}

/// How often `repeat()` repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepeatCount {
    /// That many times, at least once.
    Number(u32),
    /// As many as fit.
    AutoFill,
    /// As many as fit, without those that stay empty.
    AutoFit,
}

/// A part of a track list.
#[derive(Debug, Clone, PartialEq)]
pub enum TrackItem<L = LengthPercentage> {
    /// `[names]` of a line.
    Names(Vec<Arc<str>>),
    /// A track.
    Track(TrackSize<L>),
    /// `repeat()`; holds names and tracks.
    Repeat(RepeatCount, Vec<TrackItem<L>>),
}

/// `grid-template-columns`, `grid-template-rows`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum GridTemplate<L = LengthPercentage> {
    /// `none`
    #[default]
    None,
    /// Tracks and the names of their lines.
    Tracks(Vec<TrackItem<L>>),
    /// `subgrid`: the tracks of the grid around, with names of their lines here.
    Subgrid(Vec<TrackItem<L>>),
}

/// `grid-template-areas`: rows of names, `None` for a cell without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateAreas {
    /// The rows, all of one length.
    pub rows: Vec<Vec<Option<Arc<str>>>>,
}

/// `<grid-line>`: <https://drafts.csswg.org/css-grid-2/#typedef-grid-row-start-grid-line>.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum GridLine {
    /// `auto`
    #[default]
    Auto,
    /// The n-th line (of that name), from the end where negative.
    Line {
        /// Not zero; 1 where only a name is given.
        number: i32,
        /// The name, if there is one.
        name: Option<Arc<str>>,
        /// Whether the number is written.
        has_number: bool,
    },
    /// `span`: so many lines (of that name) from the other edge.
    Span {
        /// At least 1.
        number: i32,
        /// The name, if there is one.
        name: Option<Arc<str>>,
    },
}

/// A named area of [`TemplateAreas`]: half-open ranges of its rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedArea {
    /// Its name.
    pub name: Arc<str>,
    /// The rows that it covers.
    pub rows: std::ops::Range<usize>,
    /// The columns that it covers.
    pub columns: std::ops::Range<usize>,
}

impl TemplateAreas {
    /// The bounding rectangle of each area, in the order in which they begin.
    pub fn rectangles(&self) -> Vec<NamedArea> {
        let mut found: Vec<NamedArea> = Vec::new();
        let mut known: std::collections::HashMap<Arc<str>, usize> = std::collections::HashMap::new();
        for (y, row) in self.rows.iter().enumerate() {
            for (x, name) in row.iter().enumerate() {
                let Some(name) = name else { continue };
                let at = *known.entry(Arc::clone(name)).or_insert_with(|| {
                    found.push(NamedArea { name: Arc::clone(name), rows: y..y + 1, columns: x..x + 1 });
                    found.len() - 1
                });
                let area = &mut found[at];
                area.rows.end = y + 1;
                area.columns = area.columns.start.min(x)..area.columns.end.max(x + 1);
            }
        }
        found
    }
}
