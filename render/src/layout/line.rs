//! One line: its boxes aligned vertically, its pieces in visual order, its fragments nested.
//!
//! <https://drafts.csswg.org/css2/#line-height>, <https://drafts.csswg.org/css-inline-3/#line-box>.

use std::sync::Arc;

use siskin_engine::css::values::{Direction, TextAlign};
use siskin_engine::style::ComputedStyle;

use super::Layouter;
use super::inline::{InlineRun, LinePlace, LineSpan, static_place};
use super::paragraph::{inline_edges, start_end_edges};
use super::placed::{BoxParts, box_fragment, contains_absolute};
use super::sizing::BoxEdges;
use super::vertical::LineBoxes;
use crate::boxes::InlineItem;
use crate::fragments::{Fragment, FragmentKind, TextFragment};
use crate::geometry::{Lu, Point, Rect, Size};
use crate::text::{LinePiece, LineStart};

/// A line that is built.
pub(super) struct BuiltLine {
    pub(super) fragment: Fragment,
    pub(super) height: Lu,
    pub(super) baseline: Lu,
}

/// What stands on a line, in visual order.
#[derive(Debug)]
pub(super) struct Leaf {
    /// The member of the context that it comes from.
    pub(super) member: usize,
    /// The innermost inline box around it, by its opening.
    pub(super) parent: Option<usize>,
    pub(super) width: Lu,
    pub(super) kind: LeafKind,
}

/// What a leaf is.
#[derive(Debug)]
pub(super) enum LeafKind {
    /// Text of one node in one direction.
    Text(TextLeaf),
    /// An atomic inline box.
    Atomic,
    /// An absolutely positioned box, which takes no room.
    Absolute,
    /// An inline box with nothing in it.
    EmptyBox,
    /// A forced break: gives its box a height, shows nothing.
    Break,
}

/// Text of one node on a line.
#[derive(Debug)]
pub(super) struct TextLeaf {
    pub(super) range: (usize, usize),
    pub(super) pieces: Vec<LinePiece>,
}

impl<'a> Layouter<'a> {
    /// Builds the fragments of a line. `children` are floats that were met on it.
    pub(super) fn build_line(
        &mut self,
        run: &mut InlineRun<'a, '_>,
        span: &LineSpan,
        place: &LinePlace,
        children: Vec<Fragment>,
    ) -> BuiltLine {
        let inside = run.inside;
        let mut leaves = self.leaves(run, span, 0.0);
        let mut total = self.total_width(run, span, &leaves);
        let style = inside.style;
        let free = place.width - place.indent - total;
        if style.text.text_align == TextAlign::Justify && !span.is_last && free > Lu::ZERO {
            let end = run.paragraph.shaped.hanging_start(span.text.0..span.text.1).max(span.text.0);
            let spaces = run.paragraph.shaped.count_spaces(span.text.0..end);
            if spaces > 0 {
                leaves = self.leaves(run, span, free.to_px() / spaces as f32);
                total = self.total_width(run, span, &leaves);
            }
        }
        let boxes = self.line_boxes(run, span, &leaves);
        let (height, baseline) = if place.has_lines { boxes.extent() } else { (Lu::ZERO, Lu::ZERO) };
        let start = self.line_start(style, run, span, place, total);
        let mut builder = Builder {
            line_origin: Point::new(Lu::ZERO, place.top),
            baseline: place.top + baseline,
            bottom: place.top + height,
            x: start,
            open: Vec::new(),
            started: Vec::new(),
            children,
            boxes: &boxes,
        };
        builder.waiting_origin = ();
        for leaf in leaves {
            self.add_leaf(run, span, place, &mut builder, leaf);
        }
        while !builder.open.is_empty() {
            self.close_box(run, span, &mut builder);
        }
        // The line's own rectangle: children are relative to it.
        let origin = inside.offset + Point::new(place.left, place.top);
        let mut fragments = builder.children;
        for child in &mut fragments {
            child.rect.origin = child.rect.origin + Point::new(-origin.x, -origin.y);
        }
        let fragment = Fragment {
            rect: Rect { origin, size: Size { width: place.width, height } },
            node: None,
            pseudo: None,
            style: run.context.base.as_ref().map_or_else(|| unreachable_style(run), |base| Arc::clone(&base.style)),
            kind: FragmentKind::Line { baseline },
            children: fragments,
        };
        BuiltLine { fragment, height, baseline }
    }
}
