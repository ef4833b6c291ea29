//! Glyph outlines at a size, as Skia gets them for Chromium: hinted vertically by the light auto-hinter, on the
//! door to skrifa.

use skrifa::{DrawMemory, Font, GlyphId, HintOptions, OutlineSource, PathSink, RasterTarget, ScalerFont};

use crate::font::FontId;

/// Larger text is drawn as paths, without hints (Skia: `kSkSideTooBigForAtlas`).
pub(super) const MAX_HINTED_SIZE: f32 = 256.0;

/// How far synthetic oblique leans to the right for each px up.
const OBLIQUE: f32 = 0.25;

/// A command of a path. Pixels, x to the right, y down from the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Command {
    Move((f32, f32)),
    Line((f32, f32)),
    Quad((f32, f32), (f32, f32)),
    Cubic((f32, f32), (f32, f32), (f32, f32)),
    Close,
}

/// Draws outlines of one font at one size.
pub(super) struct Outliner {
    scaler: ScalerFont,
    bold: f32,
    oblique: bool,
}

impl Outliner {
    /// For `font` (the instance of `id`) at `size` device px per em.
    pub(super) fn new(font: Font, id: FontId, size: f32) -> Self {
        let oblique = id.is_synthetic_oblique();
        let source = font.outline_glyphs().underlying_source();
        // Skia turns hinting off for what does not stand upright.
        let scaler = if oblique || size > MAX_HINTED_SIZE {
            ScalerFont::unhinted(font, Some(size))
        } else {
            // FreeType at "light": PostScript outlines keep their own hints, which are vertical as well.
            let hints = match source {
                Some(OutlineSource::Cff | OutlineSource::Cff2) => HintOptions::interpreter(),
                _ => HintOptions::auto(),
            };
            ScalerFont::hinted(font, size, hints.with_target(RasterTarget::Light))
        };
        let bold = if id.is_synthetic_bold() { size * bold_fraction(size) } else { 0.0 };
        Self { scaler, bold, oblique }
    }

    /// The outline of a glyph; empty for a space or where the font is broken.
    pub(super) fn outline(&self, glyph: u32) -> Vec<Command> {
        let mut path = Path::default();
        let drawn = self.scaler.outline(GlyphId::new(glyph)).map(|o| o.draw(DrawMemory::Scratch, &mut path));
        if !matches!(drawn, Some(Ok(_))) {
            return Vec::new();
        }
        let mut commands = path.commands;
        if self.bold > 0.0 {
            embolden(&mut commands, self.bold / 2.0);
        }
        if self.oblique {
            for_each_point(&mut commands, |(x, y)| (x - y * OBLIQUE, y));
        }
        commands
    }
}

impl std::fmt::Debug for Outliner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outliner").field("size", &self.scaler.ppem()).finish_non_exhaustive()
    }
}

/// Skia's fake bold: the stroke is 1/24 em wide up to 9 px, 1/32 em from 36 px on, in between by the size.
fn bold_fraction(size: f32) -> f32 {
    let t = ((size - 9.0) / 27.0).clamp(0.0, 1.0);
    1.0 / 24.0 + (1.0 / 32.0 - 1.0 / 24.0) * t
}

#[derive(Default)]
struct Path {
    commands: Vec<Command>,
}

impl PathSink for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::Move((x, -y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::Line((x, -y)));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.commands.push(Command::Quad((cx0, -cy0), (x, -y)));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.commands.push(Command::Cubic((cx0, -cy0), (cx1, -cy1), (x, -y)));
    }

    fn close(&mut self) {
        self.commands.push(Command::Close);
    }
}

/// Replaces each point.
pub(super) fn for_each_point(commands: &mut [Command], mut replace: impl FnMut((f32, f32)) -> (f32, f32)) {
    for command in commands {
        match command {
            Command::Move(p) | Command::Line(p) => *p = replace(*p),
            Command::Quad(c, p) => (*c, *p) = (replace(*c), replace(*p)),
            Command::Cubic(c, d, p) => (*c, *d, *p) = (replace(*c), replace(*d), replace(*p)),
            Command::Close => {}
        }
    }
}

/// Moves the outline outwards by `by` px: each corner of each contour's control polygon along its bisector. What a
/// stroke of twice that width around the filled glyph covers, but for the ends of sharp corners.
fn embolden(commands: &mut [Command], by: f32) {
    let mut contours: Vec<Vec<(f32, f32)>> = Vec::new();
    for_each_point_by_contour(commands, &mut contours);
    let area: f32 = contours.iter().map(|points| signed_area(points)).sum();
    let by = if area < 0.0 { -by } else { by };
    let moved: Vec<Vec<(f32, f32)>> = contours.iter().map(|points| offset(points, by)).collect();
    let mut points = moved.into_iter().flatten();
    for_each_point(commands, |point| points.next().unwrap_or(point));
}

fn for_each_point_by_contour(commands: &mut [Command], contours: &mut Vec<Vec<(f32, f32)>>) {
    for command in commands {
        if matches!(command, Command::Move(_)) || contours.is_empty() {
            contours.push(Vec::new());
        }
        let Some(contour) = contours.last_mut() else { return };
        match command {
            Command::Move(p) | Command::Line(p) => contour.push(*p),
            Command::Quad(c, p) => contour.extend([*c, *p]),
            Command::Cubic(c, d, p) => contour.extend([*c, *d, *p]),
            Command::Close => {}
        }
    }
}

fn signed_area(points: &[(f32, f32)]) -> f32 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f32>() / 2.0
}

/// The points of a closed polygon moved to the right of its direction by `by` (in y-down coordinates a positive area
/// runs clockwise, and its outside is to the left of the direction: the sign takes care of that).
fn offset(points: &[(f32, f32)], by: f32) -> Vec<(f32, f32)> {
    let count = points.len();
    let unit = |from: (f32, f32), to: (f32, f32)| {
        let (x, y) = (to.0 - from.0, to.1 - from.1);
        let length = x.hypot(y);
        (length > 1e-4).then(|| (x / length, y / length))
    };
    (0..count)
        .map(|index| {
            let point = points[index];
            // The nearest points that are not the same one; contours repeat their first point at the end.
            let before = (1..count).find_map(|back| unit(points[(index + count - back) % count], point));
            let after = (1..count).find_map(|on| unit(point, points[(index + on) % count]));
            let (Some(a), Some(b)) = (before, after) else { return point };
            let (sum_x, sum_y) = (a.1 + b.1, -(a.0 + b.0));
            // The bisector's length: 1 / cos of half the angle, not more than a mitre of 2.
            let scale = 2.0 / (sum_x * sum_x + sum_y * sum_y).max(1.0);
            (point.0 + sum_x * scale * by, point.1 + sum_y * scale * by)
        })
        .collect()
}
