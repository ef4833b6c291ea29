//! A line of text against the pixels that Chromium 156 makes of it on Linux, in the bundled fonts.

use std::path::Path;
use std::sync::Arc;

use siskin_engine::css::values::FontStyle;
use siskin_engine::style::{ComputedStyle, Font, FontFamily};
use siskin_render::font::{FontContext, FontSource};
use siskin_render::glyph::{GlyphCache, gamma, snap};
use siskin_render::text::{BaseDirection, ItemContent, LineStart, ShapedText, TextCache, TextItem};

const TEXT: &str = "The quick brown fox jumps over the lazy dog, AVATAR To Yo 1234567890 & fi ffl.";
const WIDTH: usize = 632;
const HEIGHT: usize = 24;
/// The baseline in the pictures, px from the top.
const BASELINE: f32 = 18.0;

/// The text in black, as ink: 255 is black.
fn ink(family: &str, size: f32, weight: f32, slope: FontStyle, x: f32) -> Vec<u8> {
    let fonts = FontContext::new(FontSource::Bundled);
    let (mut texts, mut glyphs) = (TextCache::new(), GlyphCache::new());
    let mut style = ComputedStyle::initial();
    style.font = Arc::new(Font {
        font_family: Arc::from([FontFamily::Named(Arc::from(family))]),
        font_size: size,
        font_weight: weight,
        font_style: slope,
        ..Font::clone(&style.font)
    });
    let item = TextItem::new(0..TEXT.len(), ItemContent::Text, &style);
    let shaped = ShapedText::new(TEXT.to_owned(), vec![item], BaseDirection::Ltr, &fonts, &mut texts);
    let table = gamma::table([0, 0, 0]);
    let mut out = vec![0u8; WIDTH * HEIGHT];
    let mut left = x;
    for piece in shaped.line(0..TEXT.len(), LineStart::default(), &fonts, &mut texts) {
        for glyph in &piece.run.glyphs {
            let (column, row, subpixel) = snap(left + glyph.x, BASELINE + glyph.y);
            let font = piece.run.font;
            let Some(mask) = glyphs.mask(&fonts, font, glyph.id, piece.run.size, subpixel) else { continue };
            for (index, coverage) in mask.coverage.iter().enumerate() {
                let across = column + mask.left + (index % mask.width as usize) as i32;
                let down = row + mask.top + (index / mask.width as usize) as i32;
                let inside = (0..WIDTH as i32).contains(&across) && (0..HEIGHT as i32).contains(&down);
                if inside {
                    let pixel = &mut out[down as usize * WIDTH + across as usize];
                    *pixel = pixel.saturating_add(table[usize::from(*coverage)]);
                }
            }
        }
        left += piece.width;
    }
    out
}

#[test]
fn close_to_chromium() {
    let cases = [
        ("arial-16", "Arial", 16.0, 400.0, FontStyle::Normal, 4.0),
        ("times-16", "Times", 16.0, 400.0, FontStyle::Normal, 4.0),
        ("courier-bold-13", "Courier", 13.0, 700.0, FontStyle::Normal, 4.0),
        ("arial-14.4", "Arial", 14.4, 400.0, FontStyle::Normal, 4.3),
        ("arial-bold-italic-16", "Arial", 16.0, 700.0, FontStyle::Italic, 4.0),
    ];
    for (name, family, size, weight, slope, x) in cases {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/chromium-{name}.png"));
        let picture = image::open(&path).expect("a picture of the repository").to_luma8();
        assert_eq!(picture.dimensions(), (WIDTH as u32, HEIGHT as u32), "{name}");
        let expected: Vec<i32> = picture.as_raw().iter().map(|pixel| 255 - i32::from(*pixel)).collect();
        let found = ink(family, size, weight, slope, x);
        let difference: i32 = expected.iter().zip(&found).map(|(a, b)| (a - i32::from(*b)).abs()).sum();
        let all: i32 = expected.iter().sum();
        let percent = 100.0 * f64::from(difference) / f64::from(all);
        println!("{name}: {percent:.2} % of the ink differs");
        assert!(percent < 2.2, "{name}: {percent:.2} % of the ink differs");
    }
}
