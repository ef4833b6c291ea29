//! Curves to edges, at the places where Skia's analytic scan converter has them.
//!
//! Facts of Skia that show in pixels: ends of edges snap to quarter pixels vertically and to 1/256 horizontally; curves
//! are first cut where they turn vertically, then into 2, 4, 8 ... equal steps of their parameter, by how far they
//! are from a line; a step of two pixels or more ends on a whole row.

use super::outline::Command;

/// The most steps of a curve, as a power of two.
const MAX_SHIFT: u32 = 6;

/// Calls `edge` with each edge of a path. Open contours are closed.
pub(super) fn edges(commands: &[Command], mut edge: impl FnMut((f32, f32), (f32, f32))) {
    let mut start = (0.0, 0.0);
    let mut at = start;
    for command in commands {
        match *command {
            Command::Move(to) => {
                line(at, start, &mut edge);
                (start, at) = (to, to);
            }
            Command::Line(to) => {
                line(at, to, &mut edge);
                at = to;
            }
            Command::Quad(control, to) => {
                quad([at, control, to], &mut edge);
                at = to;
            }
            Command::Cubic(first, second, to) => {
                cubic([at, first, second, to], &mut edge);
                at = to;
            }
            Command::Close => {
                line(at, start, &mut edge);
                at = start;
            }
        }
    }
    line(at, start, &mut edge);
}

type Point = (f32, f32);

fn line(from: Point, to: Point, edge: &mut impl FnMut(Point, Point)) {
    let (from, to) = ((cut_x(from.0), snap_y(from.1)), (cut_x(to.0), snap_y(to.1)));
    if from.1 != to.1 {
        edge(from, to);
    }
}

/// To the nearest quarter, halves down the page.
fn snap_y(y: f32) -> f32 {
    (y * 4.0 + 0.5).floor() / 4.0
}

/// To 1/256 towards zero.
fn cut_x(x: f32) -> f32 {
    (x * 256.0).trunc() / 256.0
}

fn quad(points: [Point; 3], edge: &mut impl FnMut(Point, Point)) {
    let [a, b, c] = points;
    // Where dy/dt is zero.
    let denominator = a.1 - 2.0 * b.1 + c.1;
    let turn = (a.1 - b.1) / denominator;
    if (a.1 - b.1) * (b.1 - c.1) < 0.0 && turn > 0.0 && turn < 1.0 {
        let (ab, bc) = (mix(a, b, turn), mix(b, c, turn));
        let mut top = mix(ab, bc, turn);
        // At the turn the tangent is level.
        top.1 = (ab.1 + bc.1) / 2.0;
        monotone_quad([a, (ab.0, top.1), top], edge);
        monotone_quad([top, (bc.0, top.1), c], edge);
    } else {
        monotone_quad(points, edge);
    }
}

fn monotone_quad([a, b, c]: [Point; 3], edge: &mut impl FnMut(Point, Point)) {
    let bend = |a: f32, b: f32, c: f32| ((2.0 * b - a - c) * 256.0) as i64 >> 2;
    let shift = steps(bend(a.0, b.0, c.0), bend(a.1, b.1, c.1)).max(1);
    let at = |t: f32| mix(mix(a, b, t), mix(b, c, t), t);
    walk(a, c, shift, at, edge);
}

fn cubic(points: [Point; 4], edge: &mut impl FnMut(Point, Point)) {
    let [a, b, c, d] = points.map(|point| f64::from(point.1));
    // dy/dt = 0: a quadratic equation.
    let (p, q, r) = (d - a + 3.0 * (b - c), 2.0 * (a - 2.0 * b + c), b - a);
    let mut turns: Vec<f32> = Vec::with_capacity(2);
    let root = (q * q - 4.0 * p * r).max(0.0).sqrt();
    let candidates =
        if p.abs() < 1e-9 { [-r / q, f64::NAN] } else { [(-q - root) / (2.0 * p), (-q + root) / (2.0 * p)] };
    turns.extend(candidates.iter().filter(|t| **t > 0.0 && **t < 1.0).map(|t| *t as f32));
    turns.sort_by(f32::total_cmp);
    let mut rest = points;
    let mut done = 0.0;
    for turn in turns {
        let t = (turn - done) / (1.0 - done);
        if !(t > 0.0 && t < 1.0) {
            continue;
        }
        let (head, tail) = split(rest, t);
        monotone_cubic(head, edge);
        (rest, done) = (tail, turn);
    }
    monotone_cubic(rest, edge);
}

fn monotone_cubic([a, b, c, d]: [Point; 4], edge: &mut impl FnMut(Point, Point)) {
    let bend = |a: f32, b: f32, c: f32, d: f32| {
        let third = (a * 8.0 - b * 15.0 + c * 6.0 + d) * 256.0 / 27.0;
        let two_thirds = (a + b * 6.0 - c * 15.0 + d * 8.0) * 256.0 / 27.0;
        third.abs().max(two_thirds.abs()) as i64
    };
    let shift = steps(bend(a.0, b.0, c.0, d.0), bend(a.1, b.1, c.1, d.1)) + 1;
    let at = |t: f32| {
        let (ab, bc, cd) = (mix(a, b, t), mix(b, c, t), mix(c, d, t));
        mix(mix(ab, bc, t), mix(bc, cd, t), t)
    };
    walk(a, d, shift, at, edge);
}

/// How many times a curve is halved whose middle lies `dx`, `dy` (1/256 px) from a line.
fn steps(dx: i64, dy: i64) -> u32 {
    let (dx, dy) = (dx.unsigned_abs(), dy.unsigned_abs());
    let distance = dx.max(dy) + dx.min(dy) / 2;
    let distance = (distance + 16) >> 5;
    (u64::BITS - distance.leading_zeros()) / 2
}

/// Walks a curve that does not turn vertically from its upper to its lower end.
fn walk(from: Point, to: Point, shift: u32, at: impl Fn(f32) -> Point, edge: &mut impl FnMut(Point, Point)) {
    let downwards = from.1 <= to.1;
    let (first, last) = if downwards { (from, to) } else { (to, from) };
    let count = 1u32 << shift.min(MAX_SHIFT);
    let mut snapped = (cut_x(first.0), snap_y(first.1));
    let end = (cut_x(last.0), snap_y(last.1));
    if snapped.1 == end.1 {
        return;
    }
    let mut previous = first;
    for step in 1..=count {
        let t = step as f32 / count as f32;
        let next = if step == count { end } else { at(if downwards { t } else { 1.0 - t }) };
        let mut target = (next.0, snap_y(next.1));
        if step < count && next.1 - previous.1 >= 2.0 {
            // On a whole row, where the step's line crosses it.
            let row = (next.1 + 0.5).floor();
            let rise = next.1 - snapped.1;
            let slope = if rise == 0.0 { 0.0 } else { (next.0 - snapped.0) / rise };
            target = (next.0 - slope * (next.1 - row), row);
        }
        // A step that stays on its quarter row joins the next one.
        if target.1 != snapped.1 {
            if downwards {
                edge(snapped, target);
            } else {
                edge(target, snapped);
            }
            snapped = target;
        }
        previous = next;
    }
}

fn mix(a: Point, b: Point, t: f32) -> Point {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

fn split([a, b, c, d]: [Point; 4], t: f32) -> ([Point; 4], [Point; 4]) {
    let (ab, bc, cd) = (mix(a, b, t), mix(b, c, t), mix(c, d, t));
    let (abc, bcd) = (mix(ab, bc, t), mix(bc, cd, t));
    let middle = mix(abc, bcd, t);
    ([a, ab, abc, middle], [middle, bcd, cd, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(commands: &[Command]) -> Vec<(Point, Point)> {
        let mut found = Vec::new();
        edges(commands, |from, to| found.push((from, to)));
        found
    }

    #[test]
    fn contours_close_and_snap() {
        use Command::{Close, Line, Move};
        let square = [Move((0.1, 0.1)), Line((4.1, 0.1)), Line((4.1, 4.2)), Line((0.1, 4.2)), Close];
        let x = |value: f32| (value * 256.0).trunc() / 256.0;
        assert_eq!(all(&square), [((x(4.1), 0.0), (x(4.1), 4.25)), ((x(0.1), 4.25), (x(0.1), 0.0))]);
        let open = [Move((0.0, 0.0)), Line((0.0, 2.0)), Line((2.0, 2.0)), Move((5.0, 5.0))];
        assert_eq!(all(&open), [((0.0, 0.0), (0.0, 2.0)), ((2.0, 2.0), (0.0, 0.0))]);
        assert_eq!(all(&[]), []);
    }

    #[test]
    fn the_rises_of_a_closed_path_cancel() {
        use Command::{Close, Cubic, Line, Move, Quad};
        let path = [
            Move((0.3, 7.7)),
            Quad((3.0, -4.0), (6.1, 8.3)),
            Cubic((9.0, 20.0), (-3.0, -9.0), (4.4, 3.9)),
            Line((1.0, 1.0)),
            Quad((-30.0, 40.0), (2.0, 9.0)),
            Close,
        ];
        let found = all(&path);
        assert!(found.len() > 8);
        let sum: f32 = found.iter().map(|(from, to)| to.1 - from.1).sum();
        assert_eq!(sum, 0.0);
        assert!(found.iter().all(|(from, to)| from.1 * 4.0 == (from.1 * 4.0).round() && to.1 != from.1));
    }

    #[test]
    fn no_number_stops_it() {
        for odd in [f32::NAN, f32::INFINITY, 1e30, -1e30] {
            let path = [
                Command::Move((odd, 0.0)),
                Command::Quad((0.0, odd), (1.0, 1.0)),
                Command::Cubic((odd, odd), (0.0, odd), (odd, 3.0)),
            ];
            assert!(all(&path).len() < 1000);
        }
    }
}
