//! Shaping, measuring and cutting paragraphs of the bundled fonts.

use std::ops::Range;
use std::sync::Arc;

use siskin_engine::css::values::{FontVariantCaps, TextWrapMode, WhiteSpaceCollapse, WordBreak};
use siskin_engine::style::{ComputedStyle, Font, FontFamily, GenericFamily, InheritedText};

use super::{
    BaseDirection, BreakKind, ItemContent, Joint, LinePiece, LineStart, ShapedText, TextCache, TextItem,
};
use crate::font::{FontContext, FontSource};

fn font(families: &[&str], size: f32) -> Font {
    let families = families.iter().map(|name| FontFamily::Named(Arc::from(*name)));
    Font {
        font_family: families.chain([FontFamily::Generic(GenericFamily::Serif)]).collect(),
        font_size: size,
        ..Font::clone(&ComputedStyle::initial().font)
    }
}

fn text_style() -> InheritedText {
    InheritedText::clone(&ComputedStyle::initial().text)
}

fn item(range: Range<usize>, font: Font, text: InheritedText) -> TextItem {
    TextItem {
        range,
        font: Arc::new(font),
        text: Arc::new(text),
        content: ItemContent::Text,
        joint: Joint::Joined,
    }
}

struct Bench {
    fonts: FontContext,
    cache: TextCache,
}

impl Bench {
    fn new() -> Self {
        Self { fonts: FontContext::new(FontSource::Bundled), cache: TextCache::new() }
    }

    fn shape(&mut self, text: &str, items: Vec<TextItem>, base: BaseDirection) -> ShapedText {
        ShapedText::new(text.to_owned(), items, base, &self.fonts, &mut self.cache)
    }

    fn plain(&mut self, text: &str, family: &str, size: f32) -> ShapedText {
        let item = item(0..text.len(), font(&[family], size), text_style());
        self.shape(text, vec![item], BaseDirection::Ltr)
    }

    fn width(&mut self, text: &ShapedText, range: Range<usize>) -> f32 {
        text.width(range, LineStart::default(), &self.fonts, &mut self.cache)
    }

    fn line(&mut self, text: &ShapedText, range: Range<usize>) -> Vec<LinePiece> {
        text.line(range, LineStart::default(), &self.fonts, &mut self.cache)
    }
}

#[test]
fn a_line_is_as_wide_as_it_measures() {
    let mut bench = Bench::new();
    let text = "Two AV words, office; To We 11 Yo fi.";
    for family in ["Arial", "Times", "Courier"] {
        let shaped = bench.plain(text, family, 16.0);
        for start in 0..text.len() {
            for end in start + 1..=text.len() {
                let pieces = bench.line(&shaped, start..end);
                let sum: f32 = pieces.iter().map(|piece| piece.width).sum();
                let width = bench.width(&shaped, start..end);
                assert!((sum - width).abs() < 1e-3, "{family} {start}..{end}: {sum} {width}");
                // Cut anywhere, a line is what its text alone would be.
                let alone = bench.plain(&text[start..end], family, 16.0);
                let alone = bench.width(&alone, 0..end - start);
                assert!((alone - width).abs() < 1e-3, "{family} {:?}: {alone} {width}", &text[start..end]);
            }
        }
    }
}

#[test]
fn items_in_the_same_font_are_kerned_across_their_border() {
    let mut bench = Bench::new();
    let whole = bench.plain("AVAV", "Arial", 32.0);
    let whole = bench.width(&whole, 0..4);
    let items = |joint| {
        let first = item(0..2, font(&["Arial"], 32.0), text_style());
        vec![first.clone(), TextItem { range: 2..4, joint, ..first }]
    };
    let joined = bench.shape("AVAV", items(Joint::Joined), BaseDirection::Ltr);
    assert_eq!(bench.width(&joined, 0..4), whole);
    let pieces = bench.line(&joined, 0..4);
    assert_eq!(pieces.iter().map(|p| (p.item, p.range.clone())).collect::<Vec<_>>(), [(0, 0..2), (1, 2..4)]);
    assert_eq!(pieces.iter().map(|p| p.width).sum::<f32>(), whole);
    let apart = bench.shape("AVAV", items(Joint::Apart), BaseDirection::Ltr);
    assert!(bench.width(&apart, 0..4) > whole);
}

#[test]
fn spacing_and_tabs() {
    let mut bench = Bench::new();
    let style = InheritedText { letter_spacing: 2.0, word_spacing: 5.0, ..text_style() };
    let plain = bench.plain("ab c", "Courier New", 10.0);
    let plain = bench.width(&plain, 0..4);
    let spaced =
        bench.shape("ab c", vec![item(0..4, font(&["Courier New"], 10.0), style)], BaseDirection::Ltr);
    assert_eq!(bench.width(&spaced, 0..4), plain + 4.0 * 2.0 + 5.0);
    let tabs = bench.plain("a\tb", "Courier New", 10.0);
    let advance = plain / 4.0;
    assert!((bench.width(&tabs, 0..3) - advance * 9.0).abs() < 1e-3);
    let moved = LineStart { x: advance * 7.0, expansion: 0.0 };
    let width = tabs.width(0..3, moved, &bench.fonts, &mut bench.cache);
    assert!((width - advance * 10.0).abs() < 1e-3, "{width}");
    let justified = LineStart { x: 0.0, expansion: 7.0 };
    let text = bench.plain("a b c", "Courier New", 10.0);
    assert_eq!(text.count_spaces(0..5), 2);
    let pieces = text.line(0..5, justified, &bench.fonts, &mut bench.cache);
    assert!((pieces[0].width - (advance * 5.0 + 14.0)).abs() < 1e-3);
    assert_eq!(text.width(0..5, justified, &bench.fonts, &mut bench.cache), pieces[0].width);
}

#[test]
fn where_lines_break() {
    let mut bench = Bench::new();
    let normal = text_style();
    let nowrap = InheritedText { text_wrap_mode: TextWrapMode::Nowrap, ..text_style() };
    let all = InheritedText { word_break: WordBreak::BreakAll, ..text_style() };
    let spaces = InheritedText { white_space_collapse: WhiteSpaceCollapse::BreakSpaces, ..text_style() };
    let cases: &[(&str, &InheritedText, &[usize])] = &[
        ("one two  three", &normal, &[4, 9]),
        ("one two", &nowrap, &[]),
        ("one\ntwo ", &nowrap, &[4]),
        ("ab cd", &all, &[1, 3, 4]),
        ("a  b", &spaces, &[2, 3]),
        ("so\u{ad}ft well-known", &normal, &[4, 7, 12]),
        ("漢字", &normal, &[3]),
        ("a\u{a0}b", &normal, &[]),
    ];
    for (text, style, expected) in cases {
        let items = vec![item(0..text.len(), font(&["Arial"], 16.0), (*style).clone())];
        let shaped = bench.shape(text, items, BaseDirection::Ltr);
        let found: Vec<usize> = shaped.break_opportunities().iter().map(|found| found.offset).collect();
        assert_eq!(&found, expected, "{text:?}");
    }
    let shaped = bench.plain("so\u{ad}ft\nx", "Arial", 16.0);
    let kinds: Vec<BreakKind> = shaped.break_opportunities().iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [BreakKind::Hyphen, BreakKind::Forced]);
    assert!(bench.width(&shaped, 2..4) == 0.0, "a soft hyphen inside a line shows nothing");
    assert!(shaped.hyphen(0, &bench.fonts, &mut bench.cache).is_some_and(|piece| piece.width > 3.0));
    assert_eq!(shaped.emergency_breaks(0..4).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(shaped.hanging_start(0..7), 6);
}

#[test]
fn right_to_left() {
    let mut bench = Bench::new();
    let text = "ab אבג cd ";
    let items = vec![item(0..text.len(), font(&["Arial"], 16.0), text_style())];
    let shaped = bench.shape(text, items.clone(), BaseDirection::Ltr);
    let order: Vec<(usize, u8)> =
        bench.line(&shaped, 0..text.len()).iter().map(|piece| (piece.range.start, piece.level)).collect();
    assert_eq!(order, [(0, 0), (3, 1), (9, 0), (10, 0), (12, 0)]);
    let shaped = bench.shape(text, items, BaseDirection::Rtl);
    assert_eq!(shaped.base_level(0), 1);
    let pieces = bench.line(&shaped, 0..text.len());
    let order: Vec<usize> = pieces.iter().map(|piece| piece.range.start).collect();
    assert_eq!(order, [12, 10, 3, 2, 0], "the first word stands rightmost, the last space leftmost");
    let hebrew =
        pieces.iter().find(|piece| piece.level == 1 && piece.range.start < 9).expect("the Hebrew word");
    assert!(hebrew.run.glyphs.windows(2).all(|pair| pair[0].x < pair[1].x));
}

#[test]
fn a_megabyte_without_a_break_and_odd_text() {
    let mut bench = Bench::new();
    let long = "x".repeat(1 << 20);
    let shaped = bench.plain(&long, "Arial", 16.0);
    assert!(shaped.break_opportunities().is_empty());
    assert_eq!(bench.width(&shaped, 0..1 << 20), (8 << 20) as f32);
    for odd in [
        "",
        "\u{200d}",
        "\u{fe0f}\u{fe0f}",
        "\u{202e}\u{2069}\n\t",
        "a\u{0301}\u{0301}",
        "\u{e000}\u{10ffff}",
    ] {
        for size in [0.0, f32::MIN_POSITIVE, 1e9, f32::NAN, f32::INFINITY, -3.0] {
            let shaped = bench.plain(odd, "nothing", size);
            assert!(bench.width(&shaped, 0..odd.len()) >= 0.0 || size.is_nan(), "{odd:?} {size}");
            bench.line(&shaped, 0..odd.len());
        }
    }
}

#[test]
fn small_capitals_are_smaller_capitals() {
    let mut bench = Bench::new();
    let caps = Font { font_variant_caps: FontVariantCaps::SmallCaps, ..font(&["Arial"], 20.0) };
    let shaped = bench.shape("Ab", vec![item(0..2, caps, text_style())], BaseDirection::Ltr);
    let pieces = bench.line(&shaped, 0..2);
    assert_eq!(pieces.iter().map(|piece| piece.run.size).collect::<Vec<_>>(), [20.0, 14.0]);
    let capital = bench.plain("B", "Arial", 14.0);
    assert_eq!(bench.line(&capital, 0..1)[0].run.glyphs[0].id, pieces[1].run.glyphs[0].id);
}

/// The widths that Chromium 156 reports for lines of the same fonts, in 1/64 px rounded up.
#[test]
fn widths_of_chromium() {
    const PANGRAM: &str = "The quick brown fox jumps over the lazy dog, AVATAR To Yo 1234567890 & fi ffl.";
    let cases = [
        ("Arial", 13.0, 400.0, PANGRAM, 462.5),
        ("Arial", 16.0, 400.0, PANGRAM, 569.2344),
        ("Times", 13.0, 400.0, PANGRAM, 436.9219),
        ("Times", 16.0, 400.0, PANGRAM, 537.7344),
        ("Courier", 13.0, 400.0, PANGRAM, 608.5),
        ("Courier", 16.0, 400.0, PANGRAM, 748.9219),
        ("Arial", 16.0, 700.0, PANGRAM, 606.3438),
        ("Arial", 14.4, 400.0, PANGRAM, 511.9688),
        ("Arial", 11.0, 400.0, PANGRAM, 391.3438),
        ("Times", 40.0, 400.0, "Illinois gross @ Qq%", 346.8438),
    ];
    let mut bench = Bench::new();
    for (family, size, weight, text, expected) in cases {
        let style = Font { font_weight: weight, ..font(&[family], size) };
        let shaped = bench.shape(text, vec![item(0..text.len(), style, text_style())], BaseDirection::Ltr);
        let width = (bench.width(&shaped, 0..text.len()) * 64.0).ceil() / 64.0;
        assert!((width - expected).abs() < 1e-3, "{family} {size}: {width}, Chromium has {expected}");
    }
}
