//! How alike two recordings of a page are, and where they differ.

use std::collections::{BTreeMap, HashMap};

use crate::picture::Picture;
use crate::recorded::{Recorded, Text};

/// Rectangles and line ends that are this close count as equal, in CSS px.
const NEAR: f64 = 1.0;
/// Channels that are this close count as equal.
const PIXEL_LEVELS: u8 = 8;

/// Longhands whose resolved value is a used value where there is a box, or follows from one:
/// <https://drafts.csswg.org/cssom-1/#resolved-values>. They are measured as rectangles.
const LAYOUT_DEPENDENT: &[&str] = &[
    "width",
    "height",
    "inline-size",
    "block-size",
    "top",
    "right",
    "bottom",
    "left",
    "inset-block-start",
    "inset-block-end",
    "inset-inline-start",
    "inset-inline-end",
    "margin-top",
    "margin-right",
    "margin-bottom",
    "margin-left",
    "margin-block-start",
    "margin-block-end",
    "margin-inline-start",
    "margin-inline-end",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "padding-block-start",
    "padding-block-end",
    "padding-inline-start",
    "padding-inline-end",
    "line-height",
    "perspective-origin",
    "transform-origin",
    "transform",
    "grid-template-columns",
    "grid-template-rows",
    "min-width",
    "min-height",
    "min-inline-size",
    "min-block-size",
];

/// A share: how many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// How many are equal.
    pub equal: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// In percent; an empty share is whole.
    pub fn percent(self) -> f64 {
        if self.of == 0 { 100.0 } else { self.equal as f64 * 100.0 / self.of as f64 }
    }

    fn count(&mut self, equal: bool) {
        self.of += 1;
        self.equal += u64::from(equal);
    }
}

impl std::ops::AddAssign for Share {
    fn add_assign(&mut self, rhs: Self) {
        self.equal += rhs.equal;
        self.of += rhs.of;
    }
}

/// The figures of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// (element, longhand) pairs of all longhands that do not depend on layout.
    pub style: Share,
    /// Those of them whose longhand the engine has at all.
    pub known: Share,
    /// Elements whose rectangle is within [`NEAR`].
    pub rects: Share,
    /// Lines of text that start and end within [`NEAR`].
    pub lines: Share,
    /// Pixels of the viewport within [`PIXEL_LEVELS`].
    pub pixels: Share,
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, rhs: Self) {
        self.style += rhs.style;
        self.known += rhs.known;
        self.rects += rhs.rects;
        self.lines += rhs.lines;
        self.pixels += rhs.pixels;
    }
}

/// A page's figures and its differences by longhand.
#[derive(Debug, Clone)]
pub struct PageScore {
    /// The page.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
    /// By longhand: how many elements' values are equal.
    pub properties: BTreeMap<String, Share>,
    /// By longhand: an example of two values that differ, Chromium's first.
    pub examples: BTreeMap<String, (String, String)>,
    /// The first elements in document order whose rectangles differ: index, tag, Chromium's and ours.
    pub misplaced: Vec<String>,
    /// Why the page could not be loaded.
    pub failure: Option<String>,
}

/// How many misplaced elements of a page are kept.
const MAX_MISPLACED: usize = 200;

impl PageScore {
    /// Compares what Chromium made of a page with what we made of it.
    pub fn new(
        name: &str,
        theirs: &Recorded,
        ours: &Recorded,
        their_picture: &Picture,
        our_picture: &Picture,
    ) -> Self {
        let mut score = Self::empty(name);
        score.compare_style(theirs, ours);
        score.figures.rects = rects(theirs, ours);
        score.misplaced = misplaced(theirs, ours);
        score.figures.lines = lines(theirs, ours);
        score.figures.pixels = pixels(their_picture, our_picture);
        score
    }

    /// A page that could not be loaded: everything that Chromium recorded counts as missed.
    pub fn failed(name: &str, theirs: &Recorded, why: String) -> Self {
        let nothing = Recorded::default();
        let mut score = Self::empty(name);
        score.compare_style(theirs, &nothing);
        score.figures.rects = rects(theirs, &nothing);
        score.figures.lines = lines(theirs, &nothing);
        score.figures.pixels = Share { equal: 0, of: 1 };
        score.failure = Some(why);
        score
    }

    fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            figures: Figures::default(),
            properties: BTreeMap::new(),
            examples: BTreeMap::new(),
            misplaced: Vec::new(),
            failure: None,
        }
    }

    fn compare_style(&mut self, theirs: &Recorded, ours: &Recorded) {
        let our_column: HashMap<&str, usize> =
            ours.properties.iter().enumerate().map(|(i, p)| (p.as_str(), i)).collect();
        for (column, property) in theirs.properties.iter().enumerate() {
            if LAYOUT_DEPENDENT.contains(&property.as_str()) {
                continue;
            }
            let mut share = Share::default();
            let mut example = None;
            for (index, element) in theirs.elements.iter().enumerate() {
                let expected = &theirs.values[element.style[column]];
                let actual = ours
                    .elements
                    .get(index)
                    .filter(|e| e.tag == element.tag)
                    .zip(our_column.get(property.as_str()))
                    .and_then(|(e, &c)| ours.values.get(*e.style.get(c)?));
                share.count(actual == Some(expected));
                if let Some(actual) = actual.filter(|a| *a != expected) {
                    example.get_or_insert_with(|| (expected.clone(), actual.clone()));
                }
            }
            self.figures.style += share;
            if our_column.contains_key(property.as_str()) {
                self.figures.known += share;
            }
            self.properties.insert(property.clone(), share);
            self.examples.extend(example.map(|e| (property.clone(), e)));
        }
    }
}

fn rects(theirs: &Recorded, ours: &Recorded) -> Share {
    let mut share = Share::default();
    for (index, element) in theirs.elements.iter().enumerate() {
        let actual = ours.elements.get(index).filter(|e| e.tag == element.tag).map(|e| e.rect);
        share.count(is_near(element.rect, actual));
    }
    share
}

/// Whether two rectangles are within [`NEAR`]; `actual` is `None` where there is no such element.
fn is_near(expected: Option<[f64; 4]>, actual: Option<Option<[f64; 4]>>) -> bool {
    match (expected, actual) {
        (None, Some(None)) => true,
        (Some(a), Some(Some(b))) => a.iter().zip(b).all(|(x, y)| (x - y).abs() <= NEAR),
        _ => false,
    }
}

fn misplaced(theirs: &Recorded, ours: &Recorded) -> Vec<String> {
    let describe = |rect: Option<[f64; 4]>| rect.map_or("no box".to_owned(), |rect| format!("{rect:?}"));
    let differing = theirs.elements.iter().enumerate().filter_map(|(index, element)| {
        let actual = ours.elements.get(index).filter(|e| e.tag == element.tag).map(|e| e.rect);
        if is_near(element.rect, actual) {
            return None;
        }
        let actual = actual.map_or("no element".to_owned(), describe);
        Some(format!("{index} {} {} {actual}", element.tag, describe(element.rect)))
    });
    differing.take(MAX_MISPLACED).collect()
}

/// A line counts when the same text node has as many lines and this one starts and ends at the same place.
fn lines(theirs: &Recorded, ours: &Recorded) -> Share {
    let mut share = Share::default();
    let mut by_node: HashMap<(i64, &str), Vec<&Text>> = HashMap::new();
    for text in ours.texts.iter().rev() {
        by_node.entry((text.element, text.start.as_str())).or_default().push(text);
    }
    for text in &theirs.texts {
        let actual = by_node.get_mut(&(text.element, text.start.as_str())).and_then(Vec::pop);
        for (index, line) in text.lines.iter().enumerate() {
            let same = actual
                .filter(|a| a.lines.len() == text.lines.len())
                .and_then(|a| a.lines.get(index))
                .is_some_and(|a| {
                    (a[0] - line[0]).abs() <= NEAR && (a[0] + a[2] - line[0] - line[2]).abs() <= NEAR
                });
            share.count(same);
        }
    }
    share
}

fn pixels(theirs: &Picture, ours: &Picture) -> Share {
    let of = u64::from(theirs.width) * u64::from(theirs.height);
    if (theirs.width, theirs.height) != (ours.width, ours.height) {
        return Share { equal: 0, of };
    }
    let near = |a: &[u8], b: &[u8]| a.iter().zip(b).take(3).all(|(x, y)| x.abs_diff(*y) <= PIXEL_LEVELS);
    let equal =
        theirs.pixels.chunks_exact(4).zip(ours.pixels.chunks_exact(4)).filter(|(a, b)| near(a, b)).count();
    Share { equal: equal as u64, of }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(text: &str) -> Recorded {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn rectangles_count_within_a_pixel() {
        let theirs = recorded(
            r#"{"elements": [{"t": "html", "r": [0, 0, 10, 10]}, {"t": "p", "r": null}, {"t": "b", "r": [0, 0, 5, 5]}], "texts": []}"#,
        );
        let ours = recorded(
            r#"{"elements": [{"t": "html", "r": [0, 0.9, 10, 10]}, {"t": "p", "r": null}, {"t": "b", "r": [0, 0, 5, 6.5]}], "texts": []}"#,
        );
        assert_eq!(rects(&theirs, &ours), Share { equal: 2, of: 3 });
    }

    #[test]
    fn equal_text_nodes_are_paired_in_order() {
        let theirs = recorded(
            r#"{"elements": [], "texts": [{"e": 0, "r": [[0, 0, 5, 9]], "s": "a"}, {"e": 0, "r": [[9, 0, 5, 9], [0, 9, 3, 9]], "s": "a"}]}"#,
        );
        assert_eq!(lines(&theirs, &theirs), Share { equal: 3, of: 3 });
        let ours = recorded(r#"{"elements": [], "texts": [{"e": 0, "r": [[0, 0, 5, 9]], "s": "a"}]}"#);
        assert_eq!(lines(&theirs, &ours), Share { equal: 1, of: 3 });
    }

    #[test]
    fn a_property_that_we_do_not_know_counts_as_missed() {
        let theirs = recorded(
            r#"{"properties": ["color", "zoom", "width"], "values": ["red", "1"], "elements": [{"t": "p", "r": null, "s": [0, 1, 1]}], "texts": []}"#,
        );
        let ours = recorded(
            r#"{"properties": ["color"], "values": ["red"], "elements": [{"t": "p", "r": null, "s": [0]}], "texts": []}"#,
        );
        let mut score = PageScore::empty("x");
        score.compare_style(&theirs, &ours);
        assert_eq!(score.figures.style, Share { equal: 1, of: 2 }, "width depends on layout");
        assert_eq!(score.figures.known, Share { equal: 1, of: 1 }, "zoom is not known");
    }
}
