//! Gradients with everything resolved: lines and radii in device pixels, stops with positions.

use siskin_engine::css::values::image::{Gradient, GradientKind};
use siskin_engine::css::values::{AbsoluteColor, LengthPercentage};

use super::color::to_srgb;

/// A gradient on a tile, relative to the tile's top left.
#[derive(Debug, Clone, PartialEq)]
pub struct GradientFill {
    /// Where it is 0 and where 1.
    pub shape: GradientShape,
    /// Whether the stops repeat beyond the first and last.
    pub repeating: bool,
    /// Position and sRGB colour (premultiplied), positions rising. At least one.
    pub stops: Vec<(f32, [f32; 4])>,
}

/// How a point becomes a position on the gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GradientShape {
    /// Along a line.
    Linear {
        /// Position 0.
        start: (f32, f32),
        /// Position 1.
        end: (f32, f32),
    },
    /// By the distance from a centre.
    Radial {
        /// Position 0.
        center: (f32, f32),
        /// Position 1 lies at these distances to the right and down.
        radii: (f32, f32),
    },
}

/// Resolves a gradient for a tile of `width` x `height` device pixels.
pub fn resolve(
    gradient: &Gradient,
    (width, height): (f32, f32),
    current: AbsoluteColor,
    scale: f32,
) -> GradientFill {
    let (shape, length) = match &gradient.kind {
        GradientKind::LinearAngle(degrees) => linear(*degrees, width, height),
        GradientKind::LinearToward(x, y) => linear(corner_angle(*x, *y, width, height), width, height),
        GradientKind::Radial { circle, radii, center } => {
            let resolve = |value: &LengthPercentage, basis: f32| value.resolve(basis / scale) * scale;
            let center = (resolve(&center.x, width), resolve(&center.y, height));
            let radii = match radii {
                Some((x, y)) => (resolve(x, width).max(0.0), resolve(y, height).max(0.0)),
                None => farthest_corner(*circle, center, width, height),
            };
            (GradientShape::Radial { center, radii }, radii.0)
        }
    };
    let stops = place_stops(gradient, length, current, scale);
    GradientFill { shape, repeating: gradient.repeating, stops }
}

/// <https://drafts.csswg.org/css-images-4/#linear-gradient-syntax>: the line through the centre whose end points'
/// perpendiculars meet the corners.
fn linear(degrees: f32, width: f32, height: f32) -> (GradientShape, f32) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let length = (width * sin).abs() + (height * cos).abs();
    let (dx, dy) = (sin * length / 2.0, -cos * length / 2.0);
    let (cx, cy) = (width / 2.0, height / 2.0);
    (GradientShape::Linear { start: (cx - dx, cy - dy), end: (cx + dx, cy + dy) }, length)
}

/// The angle of `to <side-or-corner>`: towards a corner the 50 % line joins the two neighbouring corners.
fn corner_angle(x: i8, y: i8, width: f32, height: f32) -> f32 {
    match (x, y) {
        (0, y) => {
            if y < 0 {
                0.0
            } else {
                180.0
            }
        }
        (x, 0) => {
            if x > 0 {
                90.0
            } else {
                270.0
            }
        }
        (x, y) => (f32::from(x) * height).atan2(-f32::from(y) * width).to_degrees(),
    }
}

/// <https://drafts.csswg.org/css-images-4/#valdef-radial-extent-farthest-corner>
fn farthest_corner(circle: bool, (cx, cy): (f32, f32), width: f32, height: f32) -> (f32, f32) {
    let (dx, dy) = (cx.abs().max((width - cx).abs()), cy.abs().max((height - cy).abs()));
    if circle {
        let radius = dx.hypot(dy);
        return (radius, radius);
    }
    // The ratio is that of farthest-side: an ellipse through the corner is √2 as large.
    (dx * std::f32::consts::SQRT_2, dy * std::f32::consts::SQRT_2)
}

/// <https://drafts.csswg.org/css-images-4/#color-stop-fixup>, positions as fractions of the line.
fn place_stops(gradient: &Gradient, length: f32, current: AbsoluteColor, scale: f32) -> Vec<(f32, [f32; 4])> {
    let basis = length / scale;
    let mut positions: Vec<Option<f32>> = gradient
        .stops
        .iter()
        .map(|(_, position)| {
            let position = position.as_ref()?.resolve(basis);
            // On a line without length all stops lie on one point, in order.
            Some(if basis > 0.0 { position / basis } else { 0.0 }).filter(|p| p.is_finite())
        })
        .collect();
    // 1. The first and the last stop.
    if let Some(first) = positions.first_mut() {
        first.get_or_insert(0.0);
    }
    if let Some(last) = positions.last_mut() {
        last.get_or_insert(1.0);
    }
    // 2. No stop before one that stands before it.
    let mut largest = f32::NEG_INFINITY;
    for position in positions.iter_mut().flatten() {
        largest = largest.max(*position);
        *position = largest;
    }
    // 3. Runs without positions are spread evenly.
    let mut placed = Vec::with_capacity(positions.len());
    let mut index = 0;
    while index < positions.len() {
        let Some(position) = positions[index] else {
            let before = placed.last().copied().unwrap_or(0.0);
            let run = positions[index..].iter().take_while(|p| p.is_none()).count();
            let after = positions.get(index + run).copied().flatten().unwrap_or(1.0);
            placed.extend((1..=run).map(|step| before + (after - before) * step as f32 / (run + 1) as f32));
            index += run;
            continue;
        };
        placed.push(position);
        index += 1;
    }
    let colors = gradient.stops.iter().map(|(color, _)| premultiplied(color.resolve(current)));
    let mut stops: Vec<_> = placed.into_iter().zip(colors).collect();
    if stops.is_empty() {
        stops.push((0.0, [0.0; 4]));
    }
    stops
}

fn premultiplied(color: AbsoluteColor) -> [f32; 4] {
    let alpha = if color.alpha.is_nan() { 0.0 } else { color.alpha.clamp(0.0, 1.0) };
    let [r, g, b] = to_srgb(color).map(|c| c.clamp(0.0, 1.0) * alpha);
    [r, g, b, alpha]
}

#[cfg(test)]
mod tests {
    use super::*;
    use siskin_engine::css::values::Color;

    fn gradient(kind: GradientKind, positions: &[Option<f32>]) -> Gradient {
        let stops = positions
            .iter()
            .map(|p| (Color::Absolute(AbsoluteColor::BLACK), p.map(LengthPercentage::Length)))
            .collect();
        Gradient { repeating: false, kind, stops }
    }

    #[test]
    fn stops_are_fixed_up() {
        let cases: [(&[Option<f32>], &[f32]); 5] = [
            (&[None, None], &[0.0, 1.0]),
            (&[None, None, None, None, None], &[0.0, 0.25, 0.5, 0.75, 1.0]),
            (&[Some(20.0), Some(10.0), None], &[0.2, 0.2, 1.0]),
            (&[None, None, Some(50.0), None, None], &[0.0, 0.25, 0.5, 0.75, 1.0]),
            (&[Some(-50.0), Some(150.0)], &[-0.5, 1.5]),
        ];
        for (positions, expected) in cases {
            let fill = resolve(
                &gradient(GradientKind::LinearAngle(90.0), positions),
                (100.0, 20.0),
                AbsoluteColor::BLACK,
                1.0,
            );
            let found: Vec<f32> = fill.stops.iter().map(|s| s.0).collect();
            assert_eq!(found, expected, "{positions:?}");
        }
    }

    #[test]
    fn lines_meet_the_corners() {
        let line = |kind| {
            let fill = resolve(&gradient(kind, &[None, None]), (200.0, 100.0), AbsoluteColor::BLACK, 1.0);
            let GradientShape::Linear { start, end } = fill.shape else { panic!("linear") };
            [start.0, start.1, end.0, end.1].map(|v| (v * 10.0).round() / 10.0)
        };
        assert_eq!(line(GradientKind::LinearAngle(0.0)), [100.0, 100.0, 100.0, 0.0]);
        assert_eq!(line(GradientKind::LinearToward(0, 1)), [100.0, 0.0, 100.0, 100.0]);
        assert_eq!(line(GradientKind::LinearToward(-1, 0)), [200.0, 50.0, 0.0, 50.0]);
        // To the bottom right of 200 x 100: the line is perpendicular to the diagonal from bottom left to top right.
        let [x0, y0, x1, y1] = line(GradientKind::LinearToward(1, 1));
        assert!(((x1 - x0) * 200.0 - (y1 - y0) * 100.0).abs() < 20.0, "{x0} {y0} {x1} {y1}");
        assert!(x1 > x0 && y1 > y0);
    }
}
