//! Natural dimensions: what an image says of its own size.

/// The natural width, height and ratio, any of which an image may lack.
/// <https://drafts.csswg.org/css-images-3/#natural-dimensions>
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NaturalSize {
    /// CSS px.
    pub width: Option<f32>,
    /// CSS px.
    pub height: Option<f32>,
    /// Width over height, positive and finite.
    pub ratio: Option<f32>,
}

impl NaturalSize {
    /// That of an image made of pixels.
    pub fn of_pixels(width: f32, height: f32) -> Self {
        let ratio = (width > 0.0 && height > 0.0).then(|| width / height);
        Self { width: Some(width), height: Some(height), ratio }
    }

    /// With every length times `factor`.
    #[must_use]
    pub fn scaled(self, factor: f32) -> Self {
        let scale = |length: Option<f32>| length.map(|length| length * factor);
        Self { width: scale(self.width), height: scale(self.height), ratio: self.ratio }
    }

    /// The size where nothing is specified: <https://drafts.csswg.org/css-images-3/#default-sizing>.
    pub fn concrete(self, default: (f32, f32)) -> (f32, f32) {
        match (self.width, self.height, self.ratio) {
            (Some(width), Some(height), _) => (width, height),
            (Some(width), None, Some(ratio)) => (width, width / ratio),
            (None, Some(height), Some(ratio)) => (height * ratio, height),
            (None, None, Some(_)) => self.contained(default),
            (width, height, None) => (width.unwrap_or(default.0), height.unwrap_or(default.1)),
        }
    }

    /// The largest size of the natural ratio inside of `area`; `area` without a ratio.
    /// <https://drafts.csswg.org/css-images-3/#contain-constraint>
    pub fn contained(self, area: (f32, f32)) -> (f32, f32) {
        match self.ratio {
            Some(ratio) if area.0 > area.1 * ratio => (area.1 * ratio, area.1),
            Some(ratio) => (area.0, area.0 / ratio),
            None => area,
        }
    }

    /// The smallest size of the natural ratio around `area`; `area` without a ratio.
    /// <https://drafts.csswg.org/css-images-3/#cover-constraint>
    pub fn covering(self, area: (f32, f32)) -> (f32, f32) {
        match self.ratio {
            Some(ratio) if area.0 > area.1 * ratio => (area.0, area.0 / ratio),
            Some(ratio) => (area.1 * ratio, area.1),
            None => area,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_sizes() {
        let size = |width, height, ratio| NaturalSize { width, height, ratio };
        let cases = [
            (size(Some(20.0), Some(10.0), Some(2.0)), (20.0, 10.0)),
            (size(Some(20.0), None, Some(2.0)), (20.0, 10.0)),
            (size(None, Some(10.0), Some(2.0)), (20.0, 10.0)),
            (size(None, None, Some(1.0)), (150.0, 150.0)),
            (size(None, None, Some(4.0)), (300.0, 75.0)),
            (size(Some(20.0), None, None), (20.0, 150.0)),
            (size(None, None, None), (300.0, 150.0)),
        ];
        for (size, expected) in cases {
            assert_eq!(size.concrete((300.0, 150.0)), expected, "{size:?}");
        }
        assert_eq!(size(None, None, Some(1.0)).covering((300.0, 150.0)), (300.0, 300.0));
    }
}
