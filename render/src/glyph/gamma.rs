//! Coverage to alpha: Skia's mask gamma with Chromium's settings on Linux.
//!
//! Text is blended in a space with a small exponent, and its contrast is raised a little, most for dark text. Both
//! depend on nothing but the coverage and the luminance of the text, so that one table for each of eight
//! luminances does it.

/// Chromium's contrast (`SK_GAMMA_CONTRAST`).
const CONTRAST: f32 = 0.2;
/// Chromium's exponent (`SK_GAMMA_EXPONENT`).
const EXPONENT: f32 = 1.2;

/// The alpha for each coverage, for text of an opaque sRGB colour. The text's own alpha multiplies afterwards.
pub fn table([red, green, blue]: [u8; 3]) -> [u8; 256] {
    let linear = |channel: u8| (f32::from(channel) / 255.0).powf(EXPONENT);
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    let luminance = (luminance.powf(1.0 / EXPONENT) * 255.0 + 0.5) as u8;
    // Three bits of it, spread over the byte again.
    let bits = luminance >> 5;
    correcting(bits << 5 | bits << 2 | bits >> 1)
}

/// The table whose blend in gamma space gives what a linear blend over the opposite colour would.
fn correcting(luminance: u8) -> [u8; 256] {
    let source = f32::from(luminance) / 255.0;
    let backdrop = 1.0 - source;
    let (linear_source, linear_backdrop) = (source.powf(EXPONENT), backdrop.powf(EXPONENT));
    let contrast = CONTRAST * linear_backdrop;
    let mut table = [0; 256];
    for (coverage, alpha) in table.iter_mut().enumerate() {
        let raw = coverage as f32 / 255.0;
        let raised = raw + (1.0 - raw) * contrast * raw;
        let corrected = if (backdrop - source).abs() < 1.0 / 256.0 {
            raised
        } else {
            let linear = linear_source * raised + linear_backdrop * (1.0 - raised);
            (linear.powf(1.0 / EXPONENT) - backdrop) / (source - backdrop)
        };
        *alpha = (corrected * 255.0).round().clamp(0.0, 255.0) as u8;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_sampled_from_chromium() {
        let black = table([0, 0, 0]);
        let white = table([255, 255, 255]);
        for (table, coverage, alpha) in
            [(black, 128, 124), (black, 220, 213), (white, 64, 79), (white, 128, 142)]
        {
            let found = i32::from(table[coverage]);
            assert!((found - alpha).abs() <= 2, "{coverage}: {found}, Chromium has {alpha}");
        }
        for color in [[0, 0, 0], [255, 0, 0], [128, 128, 128], [0, 102, 204], [255, 255, 255]] {
            let table = table(color);
            assert_eq!((table[0], table[255]), (0, 255));
            assert!(table.is_sorted(), "{color:?}");
        }
    }

    #[test]
    fn eight_luminances() {
        let tables: std::collections::BTreeSet<_> = (0..=255u8).map(|grey| table([grey; 3])).collect();
        assert_eq!(tables.len(), 8);
    }
}
