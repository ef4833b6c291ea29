//! Where glyphs cross a band along the text, for the gaps in underlines: [`InkCache`].

use std::collections::HashMap;
use std::sync::Arc;

use super::outline::{Command, Outliner};
use crate::font::{FontContext, FontId};
use crate::limits::{MAX_CACHED_INK, MAX_OUTLINERS};

/// The size in px per em at which Skia looks for intersections, whatever the size of the text.
const CANONICAL_SIZE: f32 = 64.0;

/// Straight pieces per curve: at 64 px per em far finer than a pixel of any text.
const PIECES: u8 = 16;

type Point = (f32, f32);

/// A straight piece of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edge {
    from: Point,
    to: Point,
    /// Whether `to` is a point of the outline, and not one inside of a curve.
    is_corner: bool,
}

/// Outlines of glyphs that stand on a line. Bounded: when it is full it starts anew.
#[derive(Debug, Default)]
pub(crate) struct InkCache {
    outliners: HashMap<FontId, Option<Outliner>>,
    edges: HashMap<(FontId, u32), Arc<[Edge]>>,
}

impl InkCache {
    /// From where to where the glyph's outline goes in the band from `top` to `bottom` (px below the baseline) at
    /// `size` px per em, in px right of its origin. One stretch for a glyph, as Skia's `SkTextBlob::getIntercepts`
    /// tells it: what the outline surrounds belongs to it. `None` when it stays outside.
    pub(crate) fn span(
        &mut self,
        fonts: &FontContext,
        (font, glyph): (FontId, u32),
        size: f32,
        (top, bottom): (f32, f32),
    ) -> Option<(f32, f32)> {
        let scale = size / CANONICAL_SIZE;
        if !(scale > 0.0 && scale.is_finite()) {
            return None;
        }
        let (top, bottom) = (top / scale, bottom / scale);
        let mut span: Option<(f32, f32)> = None;
        for &edge in self.edges(fonts, font, glyph).iter() {
            for x in inside(edge, top, bottom).into_iter().flatten() {
                let (low, high) = span.unwrap_or((x, x));
                span = Some((low.min(x), high.max(x)));
            }
        }
        span.map(|(low, high)| (low * scale, high * scale))
    }

    fn edges(&mut self, fonts: &FontContext, font: FontId, glyph: u32) -> Arc<[Edge]> {
        if let Some(found) = self.edges.get(&(font, glyph)) {
            return Arc::clone(found);
        }
        if self.edges.len() >= MAX_CACHED_INK {
            self.edges.clear();
        }
        if self.outliners.len() >= MAX_OUTLINERS {
            self.outliners.clear();
        }
        let outliner = self
            .outliners
            .entry(font)
            .or_insert_with(|| Some(Outliner::new(fonts.instance(font)?, font, CANONICAL_SIZE)));
        let commands = outliner.as_ref().map(|outliner| outliner.outline(glyph)).unwrap_or_default();
        let edges = Arc::<[Edge]>::from(flatten(&commands));
        self.edges.insert((font, glyph), Arc::clone(&edges));
        edges
    }
}

/// Where an edge counts: where it crosses the band's top and bottom, and its end if that is a point of the outline.
/// As in Skia, a curve's bulge between such places does not count.
fn inside(Edge { from, to, is_corner }: Edge, top: f32, bottom: f32) -> [Option<f32>; 3] {
    let crossing = |y: f32| {
        let crosses = (from.1 < y) != (to.1 < y);
        crosses.then(|| from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1))
    };
    let corner = (is_corner && top < to.1 && to.1 < bottom).then_some(to.0);
    [crossing(top), crossing(bottom), corner]
}

fn flatten(commands: &[Command]) -> Vec<Edge> {
    let mut edges = Vec::new();
    let (mut start, mut at) = ((0.0, 0.0), (0.0, 0.0));
    let mut to = |at: &mut Point, point: Point, is_corner: bool| {
        if point.0.is_finite() && point.1.is_finite() {
            edges.push(Edge { from: *at, to: point, is_corner });
            *at = point;
        }
    };
    for command in commands {
        match *command {
            Command::Move(point) => (start, at) = (point, point),
            Command::Line(point) => to(&mut at, point, true),
            Command::Quad(control, end) => {
                let from = at;
                (1..=PIECES).for_each(|piece| {
                    let t = f32::from(piece) / f32::from(PIECES);
                    to(&mut at, mix(mix(from, control, t), mix(control, end, t), t), piece == PIECES);
                });
            }
            Command::Cubic(first, second, end) => {
                let from = at;
                (1..=PIECES).for_each(|piece| {
                    let t = f32::from(piece) / f32::from(PIECES);
                    let middle = mix(first, second, t);
                    let (left, right) = (mix(from, first, t), mix(second, end, t));
                    to(&mut at, mix(mix(left, middle, t), mix(middle, right, t), t), piece == PIECES);
                });
            }
            Command::Close => to(&mut at, start, true),
        }
    }
    edges
}

fn mix(a: Point, b: Point, t: f32) -> Point {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_an_edge_counts() {
        let band = |from, to, is_corner| {
            inside(Edge { from, to, is_corner }, 1.0, 3.0).into_iter().flatten().collect::<Vec<f32>>()
        };
        assert_eq!(band((0.0, 0.0), (4.0, 4.0), true), [1.0, 3.0], "through the band");
        assert_eq!(band((4.0, 4.0), (0.0, 0.0), true), [1.0, 3.0], "upwards");
        assert_eq!(band((0.0, 0.0), (2.0, 2.0), true), [1.0, 2.0], "ends inside");
        assert_eq!(band((0.0, 0.0), (2.0, 2.0), false), [1.0], "goes on inside");
        assert_eq!(band((5.0, 2.0), (7.0, 2.0), true), [7.0], "level");
        assert_eq!(band((0.0, 3.0), (9.0, 5.0), true), [0.0; 0], "below");
    }

    #[test]
    fn curves_end_where_they_should() {
        let commands = [Command::Move((0.0, 0.0)), Command::Quad((5.0, 10.0), (10.0, 0.0)), Command::Close];
        let edges = flatten(&commands);
        assert_eq!(edges.len(), usize::from(PIECES) + 1);
        let last = Edge { from: (10.0, 0.0), to: (0.0, 0.0), is_corner: true };
        assert_eq!(edges[usize::from(PIECES)], last);
        let lowest = edges.iter().map(|edge| edge.to.1).fold(0.0, f32::max);
        assert!((lowest - 5.0).abs() < 0.01, "{lowest}");
    }
}
