//! Arithmetic of pixels: source over destination, in Skia's roundings.

use super::pixmap::Pixel;

/// Fills a row with one colour.
pub(super) fn fill_row(row: &mut [Pixel], color: Pixel) {
    match color[3] {
        255 => row.fill(color),
        0 => {}
        alpha => {
            let inverse = 255 - u32::from(alpha);
            let inverse = inverse + (inverse >> 7);
            for pixel in row {
                for (d, s) in pixel.iter_mut().zip(color) {
                    *d = ((u32::from(s) * 256 + 128 + u32::from(*d) * inverse) >> 8) as u8;
                }
            }
        }
    }
}

/// Fills a row with one colour where `coverage` is not 0.
pub(super) fn fill_row_covered(row: &mut [Pixel], coverage: &[u8], color: Pixel) {
    for (pixel, &cover) in row.iter_mut().zip(coverage) {
        match cover {
            0 => {}
            255 if color[3] == 255 => *pixel = color,
            _ => *pixel = over(scale(color, cover), *pixel),
        }
    }
}

/// Lays a row of pixels over another.
pub(super) fn blend_row(row: &mut [Pixel], source: &[Pixel]) {
    for (pixel, &source) in row.iter_mut().zip(source) {
        *pixel = match source[3] {
            255 => source,
            0 => *pixel,
            _ => over(source, *pixel),
        };
    }
}

/// Lays a row of pixels over another, thinned by `coverage`.
pub(super) fn blend_row_covered(row: &mut [Pixel], coverage: &[u8], source: &[Pixel]) {
    for ((pixel, &source), &cover) in row.iter_mut().zip(source).zip(coverage) {
        if cover != 0 {
            *pixel = over(scale(source, cover), *pixel);
        }
    }
}

/// `a * b / 255` in the cheap form that Skia uses for coverage: exact at 0 and 255.
const fn approx_mul_div_255(a: u8, b: u8) -> u8 {
    ((a as u32 * (b as u32 + 1)) >> 8) as u8
}

/// A pixel times a coverage.
pub(super) fn scale(pixel: Pixel, cover: u8) -> Pixel {
    pixel.map(|channel| approx_mul_div_255(channel, cover))
}

/// Premultiplied source over destination.
pub(super) fn over(source: Pixel, destination: Pixel) -> Pixel {
    let inverse = 255 - source[3];
    let mut out = [0; 4];
    for (o, (s, d)) in out.iter_mut().zip(source.into_iter().zip(destination)) {
        *o = s.saturating_add(approx_mul_div_255(d, inverse));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_black_on_white() {
        let mut row = [[255; 4]; 2];
        fill_row(&mut row, [0, 0, 0, 128]);
        assert_eq!(row, [[127, 127, 127, 255]; 2]);
    }

    #[test]
    fn opaque_stays_opaque_and_nothing_changes_nothing() {
        for alpha in 0..=255u8 {
            for value in [0, 1, 77, 254, 255] {
                let color = [crate::display_list::color::mul_div_255(value, alpha); 3];
                let color = [color[0], color[1], color[2], alpha];
                let mut row = [[value, value, value, 255]];
                fill_row(&mut row, color);
                assert_eq!(row[0][3], 255, "alpha {alpha}");
                assert!(row[0][0].abs_diff(value) <= 1, "{value} over itself at {alpha} is {}", row[0][0]);
                assert_eq!(over(color, [value, value, value, 255])[3], 255, "alpha {alpha}");
            }
        }
        let mut row = [[1, 2, 3, 4]];
        fill_row_covered(&mut row, &[0], [9, 9, 9, 255]);
        blend_row(&mut row, &[[0; 4]]);
        assert_eq!(row, [[1, 2, 3, 4]]);
    }
}
