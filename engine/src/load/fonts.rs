//! Which `@font-face` rules the text of a page needs.

use crate::css::font_face::FontFace;
use crate::css::values::FontStyle;
use crate::style::FontFamily;

use super::used::UsedFont;

/// The faces among `faces` that `used` needs, by index: for each family that faces bring, those that match best
/// and have one of the characters.
/// <https://drafts.csswg.org/css-fonts-4/#font-style-matching>, and `unicode-range` after it ("composite faces").
pub(super) fn faces_for(used: &UsedFont, faces: &[FontFace]) -> Vec<usize> {
    let mut needed = Vec::new();
    for family in used.families.iter() {
        let FontFamily::Named(name) = family else { continue };
        let mut candidates: Vec<usize> =
            (0..faces.len()).filter(|&i| faces[i].family.eq_ignore_ascii_case(name)).collect();
        keep_best(&mut candidates, |i| distance_of_stretch(faces[i].stretch, used.stretch));
        keep_best(&mut candidates, |i| distance_of_style(faces[i].style, used.style));
        keep_best(&mut candidates, |i| distance_of_weight(faces[i].weight, used.weight));
        // The rule that stands last is asked first; one for every character leaves nothing to those before it.
        for &i in candidates.iter().rev() {
            if used.characters.meets(&faces[i].unicode_range) {
                needed.push(i);
            }
            if faces[i].unicode_range.is_empty() {
                break;
            }
        }
    }
    needed
}

fn keep_best(candidates: &mut Vec<usize>, distance: impl Fn(usize) -> (u8, f32)) {
    let best = candidates.iter().map(|&i| distance(i)).min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    if let Some(best) = best {
        candidates.retain(|&i| distance(i) == best);
    }
}

/// Step 4.1: narrower first for widths up to normal, wider first above.
fn distance_of_stretch(face: (f32, f32), wanted: f32) -> (u8, f32) {
    directed(face, wanted, wanted <= 1.0)
}

/// Step 4.2: italic and oblique stand in for each other before upright does.
const fn distance_of_style(face: FontStyle, wanted: FontStyle) -> (u8, f32) {
    let rank = match (wanted, face) {
        (FontStyle::Normal, FontStyle::Normal)
        | (FontStyle::Italic, FontStyle::Italic)
        | (FontStyle::Oblique, FontStyle::Oblique) => 0,
        (FontStyle::Normal | FontStyle::Italic, FontStyle::Oblique)
        | (FontStyle::Oblique, FontStyle::Italic) => 1,
        (FontStyle::Normal, FontStyle::Italic)
        | (FontStyle::Italic | FontStyle::Oblique, FontStyle::Normal) => 2,
    };
    (rank, 0.0)
}

/// Step 4.3: from 400 to 500 first up to 500, then lighter, then heavier; below 400 lighter first, above 500
/// heavier first.
fn distance_of_weight(face: (f32, f32), wanted: f32) -> (u8, f32) {
    if (400.0..=500.0).contains(&wanted) {
        if face.0 > wanted && face.0 <= 500.0 {
            return (1, face.0 - wanted);
        }
        let (rank, distance) = directed(face, wanted, true);
        return (if rank == 0 { 0 } else { rank + 1 }, distance);
    }
    directed(face, wanted, wanted < 400.0)
}

/// 0 for a range that holds `wanted`, then the nearer one on the preferred side, then the other side.
fn directed((low, high): (f32, f32), wanted: f32, lower_first: bool) -> (u8, f32) {
    if low <= wanted && wanted <= high {
        (0, 0.0)
    } else if high < wanted {
        (if lower_first { 1 } else { 2 }, wanted - high)
    } else {
        (if lower_first { 2 } else { 1 }, low - wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_tried_in_the_order_of_the_standard() {
        let order = |wanted: f32| {
            let mut weights = [100.0, 300.0, 400.0, 450.0, 500.0, 600.0, 900.0_f32];
            weights.sort_by(|&a, &b| {
                let (a, b) = (distance_of_weight((a, a), wanted), distance_of_weight((b, b), wanted));
                a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
            });
            weights.map(|w| w as u32)
        };
        assert_eq!(order(400.0), [400, 450, 500, 300, 100, 600, 900]);
        assert_eq!(order(500.0), [500, 450, 400, 300, 100, 600, 900]);
        assert_eq!(order(300.0), [300, 100, 400, 450, 500, 600, 900]);
        assert_eq!(order(700.0), [900, 600, 500, 450, 400, 300, 100]);
        assert_eq!(distance_of_weight((100.0, 900.0), 650.0), (0, 0.0));
    }
}
