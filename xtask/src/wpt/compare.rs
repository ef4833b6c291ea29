//! When two pictures count as the same: <https://web-platform-tests.org/writing-tests/reftests.html#fuzzy-matching>.

use std::ops::RangeInclusive;

/// Allowed ranges of the largest difference in a channel and of the number of differing pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fuzz {
    max_difference: RangeInclusive<u32>,
    total_pixels: RangeInclusive<u32>,
}

impl Default for Fuzz {
    /// No difference at all.
    fn default() -> Self {
        Self { max_difference: 0..=0, total_pixels: 0..=0 }
    }
}

impl Fuzz {
    /// `maxDifference=0-1;totalPixels=0-15`, `0-1;0-15` or `1;15`.
    pub fn parse(text: &str) -> Option<Self> {
        let (difference, pixels) = text.split_once(';')?;
        Some(Self { max_difference: range(difference)?, total_pixels: range(pixels)? })
    }
}

fn range(text: &str) -> Option<RangeInclusive<u32>> {
    let text = text.trim().rsplit('=').next()?;
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    Some(low.trim().parse().ok()?..=high.trim().parse().ok()?)
}

/// How two pictures differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Difference {
    /// The largest difference in a channel.
    pub max: u32,
    /// How many pixels differ.
    pub pixels: u32,
}

/// Compares two pictures of four bytes a pixel; of different sizes, everything differs.
pub fn difference(a: &[u8], b: &[u8]) -> Difference {
    if a.len() != b.len() {
        return Difference { max: 255, pixels: u32::MAX };
    }
    if a == b {
        return Difference::default();
    }
    let mut found = Difference::default();
    for (p, q) in a.chunks_exact(4).zip(b.chunks_exact(4)).filter(|(p, q)| p != q) {
        found.pixels += 1;
        found.max = p.iter().zip(q).map(|(x, y)| u32::from(x.abs_diff(*y))).max().unwrap_or(0).max(found.max);
    }
    found
}

impl Difference {
    /// Whether the pictures count as the same.
    pub fn within(self, fuzz: &Fuzz) -> bool {
        self == Self::default()
            || (fuzz.max_difference.contains(&self.max) && fuzz.total_pixels.contains(&self.pixels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation() {
        let fuzz = Fuzz { max_difference: 0..=1, total_pixels: 0..=15 };
        assert_eq!(Fuzz::parse("maxDifference=0-1;totalPixels=0-15"), Some(fuzz.clone()));
        assert_eq!(Fuzz::parse("0-1; 0-15"), Some(fuzz));
        assert_eq!(Fuzz::parse("1;15"), Some(Fuzz { max_difference: 1..=1, total_pixels: 15..=15 }));
        assert_eq!(Fuzz::parse("x"), None);
    }

    #[test]
    fn one_level_in_one_pixel() {
        let d = difference(&[0, 0, 0, 255, 9, 9, 9, 255], &[0, 1, 0, 255, 9, 9, 9, 255]);
        assert_eq!(d, Difference { max: 1, pixels: 1 });
        assert!(!d.within(&Fuzz::default()));
        assert!(d.within(&Fuzz::parse("0-1;0-1").unwrap()));
        assert!(!difference(&[0; 4], &[0; 8]).within(&Fuzz::parse("0-255;0-100").unwrap()), "sizes differ");
    }
}
