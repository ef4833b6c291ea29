//! Choosing fonts from folders, from the program and from pages.

use std::path::PathBuf;
use std::sync::Arc;

use siskin_engine::css::values::FontStyle;
use siskin_engine::style::{
    ComputedStyle, Font as FontProperties, FontFamily, FontMetricsProvider, GenericFamily,
};

use super::{FontContext, FontId, FontSource, Query};

fn style(families: &[&str], weight: f32, slope: FontStyle) -> FontProperties {
    let family = |name: &&str| match *name {
        "serif" => FontFamily::Generic(GenericFamily::Serif),
        "sans-serif" => FontFamily::Generic(GenericFamily::SansSerif),
        "monospace" => FontFamily::Generic(GenericFamily::Monospace),
        "system-ui" => FontFamily::Generic(GenericFamily::SystemUi),
        "cursive" => FontFamily::Generic(GenericFamily::Cursive),
        name => FontFamily::Named(Arc::from(name)),
    };
    FontProperties {
        font_family: families.iter().map(family).collect(),
        font_size: 16.0,
        font_weight: weight,
        font_style: slope,
        ..FontProperties::clone(&ComputedStyle::initial().font)
    }
}

fn full_name(fonts: &FontContext, id: FontId) -> String {
    let font = fonts.instance(id).expect("an id that a list gave can be opened");
    let name = font.names().get(read_fonts::model::name::NameId::FULL_NAME);
    name.and_then(|name| name.english_or_first()).map(|name| name.name().to_string()).unwrap_or_default()
}

fn chosen(fonts: &FontContext, style: &FontProperties) -> String {
    full_name(fonts, fonts.primary_font(style).expect("the bundled fonts stand in for all"))
}

fn shared_fonts() -> Option<FontContext> {
    let shared = std::env::var_os("SISKIN_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let folder = shared.join("fonts");
    if !folder.join("DejaVuSans.ttf").exists() {
        println!("skipped: no pinned fonts at {}", folder.display());
        return None;
    }
    Some(FontContext::new(FontSource::Directory(folder)))
}

#[test]
fn names_and_styles_of_the_bundled_fonts() {
    let fonts = FontContext::new(FontSource::Bundled);
    let (normal, italic) = (FontStyle::Normal, FontStyle::Italic);
    let cases: &[(&[&str], f32, FontStyle, &str)] = &[
        (&[], 400.0, normal, "Liberation Serif"),
        (&["ARIAL"], 400.0, normal, "Liberation Sans"),
        (&["Verdana", "Helvetica"], 600.0, normal, "Liberation Sans Bold"),
        (&["Times New Roman"], 400.0, italic, "Liberation Serif Italic"),
        (&["Times"], 700.0, FontStyle::Oblique, "Liberation Serif Bold Italic"),
        (&["courier"], 300.0, normal, "Liberation Mono"),
        (&["cursive", "monospace"], 900.0, normal, "Liberation Mono Bold"),
        (&["system-ui"], 400.0, normal, "Liberation Sans"),
        (&["Georgia", "serif"], 400.0, normal, "Liberation Serif"),
    ];
    for (families, weight, slope, expected) in cases {
        assert_eq!(chosen(&fonts, &style(families, *weight, *slope)), *expected, "{families:?} {weight}");
    }
}

#[test]
fn blinks_metrics() {
    let fonts = FontContext::new(FontSource::Bundled);
    // As Chromium's baselines have them (its rectangles of text in two fonts on one line): each rounded for itself.
    let cases = [
        ("Arial", 16.0, 14.0, 3.0, 18.0),
        ("Arial", 13.0, 12.0, 3.0, 15.0),
        ("Times", 16.0, 14.0, 3.0, 18.0),
        ("Times", 40.0, 36.0, 9.0, 47.0),
        ("Courier", 13.0, 11.0, 4.0, 15.0),
        ("Courier", 16.0, 13.0, 5.0, 18.0),
    ];
    for (family, size, ascent, descent, normal) in cases {
        let id = fonts.primary_font(&style(&[family], 400.0, FontStyle::Normal)).expect("bundled");
        let line = fonts.line_metrics(id, size);
        let found = (line.ascent, line.descent, line.line_spacing());
        assert_eq!(found, (ascent, descent, normal), "{family} {size}");
    }
    let metrics = fonts.metrics(&style(&["Courier New"], 400.0, FontStyle::Normal));
    assert!((metrics.zero_advance - 9.6).abs() < 0.01, "{metrics:?}");
    assert!(metrics.x_height > 7.0 && metrics.x_height < 9.0 && metrics.cap_height > metrics.x_height);
    for size in [0.0, -1.0, 1e30, f32::NAN] {
        let line = fonts.line_metrics(FontId(0), size);
        assert!(line.ascent.is_finite() && line.line_spacing().is_finite(), "{size}");
    }
    assert!(fonts.line_metrics(FontId(u32::MAX), 10.0).ascent > 0.0, "an unknown font is guessed at");
}

#[test]
fn the_pinned_folder_as_chromium_sees_it() {
    let Some(fonts) = shared_fonts() else { return };
    let normal = FontStyle::Normal;
    let cases: &[(&[&str], &str)] = &[
        (&["system-ui"], "DejaVu Sans"),
        (&["monospace"], "Liberation Mono"),
        (&["Roboto", "monospace"], "Liberation Mono"),
        (&["Noto Sans CJK KR"], "Noto Sans CJK KR"),
        (&["cursive"], "Liberation Serif"),
    ];
    for (families, expected) in cases {
        assert_eq!(chosen(&fonts, &style(families, 400.0, normal)), *expected, "{families:?}");
    }
    let query = Query { weight: 400.0, stretch: 1.0, style: normal };
    let characters = [
        ('א', false, "", "DejaVu Sans"),
        ('ส', false, "", "Noto Sans Thai"),
        ('漢', false, "zh-TW", "Noto Sans CJK TC"),
        ('😀', true, "", "Noto Color Emoji"),
        ('𝒜', false, "", "Noto Sans Math"),
        ('🡒', false, "", "Noto Sans Symbols2"),
    ];
    for (c, emoji, language, expected) in characters {
        let id = fonts.fallback(c, emoji, language, &query).unwrap_or(FontId(0));
        assert!(full_name(&fonts, id).starts_with(expected), "{c}: {}", full_name(&fonts, id));
    }
    assert_eq!(fonts.fallback('\u{10ffff}', false, "", &query), None);
    let bold = fonts.fallback('漢', false, "", &Query { weight: 700.0, ..query }).unwrap_or(FontId(0));
    assert!(bold.is_synthetic_bold() && !bold.is_synthetic_oblique());
    // DejaVu Sans Mono has no italic and no bold in this folder.
    let slanted = fonts.primary_font(&style(&["DejaVu Sans Mono"], 900.0, FontStyle::Italic));
    assert!(slanted.is_some_and(|id| id.is_synthetic_bold() && id.is_synthetic_oblique()));
}

#[test]
fn a_missing_folder_leaves_the_bundled_fonts() {
    let fonts = FontContext::new(FontSource::Directory(PathBuf::from("/nowhere/at/all")));
    assert_eq!(chosen(&fonts, &style(&["sans-serif"], 400.0, FontStyle::Normal)), "Liberation Sans");
}
