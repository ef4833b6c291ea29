//! Choosing a face of a family: <https://drafts.csswg.org/css-fonts-4/#font-style-matching>.

use siskin_engine::css::values::FontStyle;
use siskin_engine::style::Font as FontProperties;

use super::face::FaceTraits;

/// What is asked of a family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Query {
    /// 1 to 1000.
    pub(crate) weight: f32,
    /// A fraction.
    pub(crate) stretch: f32,
    /// The slope.
    pub(crate) style: FontStyle,
}

impl Query {
    /// What a style asks.
    pub(crate) fn new(font: &FontProperties) -> Self {
        Self { weight: font.font_weight, stretch: font.font_stretch, style: font.font_style }
    }

    /// The best of `faces`: the index into it. `None` if it is empty. Of equals the first.
    ///
    /// Step 4 of the algorithm narrows the set by width, then slope, then weight; the order of candidates within
    /// each is a total order, so that narrowing is a comparison of triples of distances.
    pub(crate) fn best<'a>(&self, faces: impl Iterator<Item = &'a FaceTraits>) -> Option<usize> {
        let distances = faces.map(|face| {
            (
                self.stretch_distance(face.stretch),
                self.style_distance(face.style),
                self.weight_distance(face.weight),
            )
        });
        let mut best: Option<(usize, (f32, u8, f32))> = None;
        for (index, distance) in distances.enumerate() {
            if best
                .is_none_or(|(_, least)| distance.partial_cmp(&least).is_some_and(std::cmp::Ordering::is_lt))
            {
                best = Some((index, distance));
            }
        }
        best.map(|(index, _)| index)
    }

    /// 4.1: wider faces are tried last for a condensed or normal request, narrower ones last for an expanded one.
    fn stretch_distance(&self, (from, to): (f32, f32)) -> f32 {
        let (below, above) = (self.stretch - to, from - self.stretch);
        if below <= 0.0 && above <= 0.0 {
            0.0
        } else if self.stretch <= 1.0 {
            if below > 0.0 { below } else { FAR + above }
        } else if above > 0.0 {
            above
        } else {
            FAR + below
        }
    }

    /// 4.2: italic and oblique stand in for each other before upright does.
    fn style_distance(&self, face: FontStyle) -> u8 {
        match (self.style, face) {
            (asked, has) if asked == has => 0,
            (FontStyle::Italic, FontStyle::Oblique) | (FontStyle::Oblique, FontStyle::Italic) => 1,
            (FontStyle::Normal, FontStyle::Oblique) => 1,
            _ => 2,
        }
    }

    /// 4.3: from 400 to 500 first upwards to 500, then down, then up; below 400 down first; above 500 up first.
    fn weight_distance(&self, (from, to): (f32, f32)) -> f32 {
        let (below, above) = (self.weight - to, from - self.weight);
        if below <= 0.0 && above <= 0.0 {
            0.0
        } else if (400.0..=500.0).contains(&self.weight) {
            match (above > 0.0, from <= 500.0) {
                (true, true) => above,
                (true, false) => 2.0 * FAR + above,
                (false, _) => FAR + below,
            }
        } else if self.weight < 400.0 {
            if below > 0.0 { below } else { FAR + above }
        } else if above > 0.0 {
            above
        } else {
            FAR + below
        }
    }
}

/// More than any difference of weights or widths.
const FAR: f32 = 10_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn face(weight: f32, style: FontStyle) -> FaceTraits {
        FaceTraits { weight: (weight, weight), stretch: (1.0, 1.0), style }
    }

    #[test]
    fn weights_in_the_order_of_the_standard() {
        let cases: &[(f32, &[f32], f32)] = &[
            (400.0, &[300.0, 500.0, 700.0], 500.0),
            (400.0, &[300.0, 600.0, 700.0], 300.0),
            (450.0, &[400.0, 500.0], 500.0),
            (500.0, &[400.0, 600.0], 400.0),
            (500.0, &[600.0, 900.0], 600.0),
            (300.0, &[200.0, 400.0], 200.0),
            (300.0, &[400.0, 700.0], 400.0),
            (600.0, &[400.0, 500.0, 900.0], 900.0),
            (900.0, &[400.0, 700.0], 700.0),
        ];
        for (asked, has, expected) in cases {
            let faces: Vec<_> = has.iter().map(|weight| face(*weight, FontStyle::Normal)).collect();
            let query = Query { weight: *asked, stretch: 1.0, style: FontStyle::Normal };
            let best = query.best(faces.iter()).map(|index| has[index]);
            assert_eq!(best, Some(*expected), "{asked} of {has:?}");
        }
    }

    #[test]
    fn width_counts_before_slope_and_slope_before_weight() {
        let narrow = FaceTraits { stretch: (0.75, 0.75), ..face(400.0, FontStyle::Italic) };
        let faces = [narrow, face(400.0, FontStyle::Normal), face(900.0, FontStyle::Oblique)];
        let italic = Query { weight: 400.0, stretch: 1.0, style: FontStyle::Italic };
        assert_eq!(italic.best(faces.iter()), Some(2));
        assert_eq!(Query { stretch: 0.8, ..italic }.best(faces.iter()), Some(0));
        assert_eq!(Query { style: FontStyle::Normal, ..italic }.best(faces.iter()), Some(1));
        assert_eq!(italic.best([].iter()), None);
    }

    #[test]
    fn a_range_matches_what_lies_in_it() {
        let variable = FaceTraits { weight: (100.0, 900.0), ..FaceTraits::REGULAR };
        let faces = [face(600.0, FontStyle::Normal), variable];
        let query = Query { weight: 650.0, stretch: 1.0, style: FontStyle::Normal };
        assert_eq!(query.best(faces.iter()), Some(1));
        assert_eq!(Query { weight: f32::NAN, ..query }.best(faces.iter()), Some(0));
    }
}
