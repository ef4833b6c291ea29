//! Pictures of small lists, pixel by pixel.

use std::sync::Arc;

use siskin_engine::css::values::{BorderStyle, TextDecorationStyle};
use siskin_engine::style::Sides;

use super::*;
use crate::display_list::{GradientFill, GradientShape, SQUARE, Tiles};
use crate::font::FontSource;

const fn rect(x: i32, y: i32, width: i32, height: i32) -> DeviceRect {
    DeviceRect { x, y, width, height }
}

const BLACK: Rgba = Rgba::opaque(0, 0, 0);
const RED: Rgba = Rgba::opaque(255, 0, 0);
const BLUE: Rgba = Rgba::opaque(0, 0, 255);

/// Paints items on white and shows each pixel as a letter: `.` white, `#` black, `r`, `b`, `?` anything else.
fn picture(width: i32, height: i32, items: Vec<DisplayItem>) -> Vec<String> {
    let pixmap = pixmap(width, height, items);
    let letter = |pixel: &Pixel| match pixel {
        [255, 255, 255, 255] => '.',
        [0, 0, 0, 255] => '#',
        [255, 0, 0, 255] => 'r',
        [0, 0, 255, 255] => 'b',
        _ => '?',
    };
    let pixels = pixmap.data.as_chunks::<4>().0;
    pixels.chunks(width as usize).map(|row| row.iter().map(letter).collect()).collect()
}

fn pixmap(width: i32, height: i32, items: Vec<DisplayItem>) -> Pixmap {
    let area = rect(0, 0, width, height);
    let list = DisplayList { items, bounds: area, canvas: Rgba::TRANSPARENT, scale: 1.0 };
    let fonts = FontContext::new(FontSource::Bundled);
    let images = ImageCache::default();
    let mut glyphs = GlyphCache::new();
    let mut palette = Palette { fonts: &fonts, images: &images, glyphs: &mut glyphs };
    paint(&list, area, Rgba::WHITE, &mut palette).expect("small pictures fit")
}

fn border(at: DeviceRect, width: i32, style: BorderStyle, colors: Sides<Rgba>) -> DisplayItem {
    DisplayItem::Border {
        rect: at,
        radii: SQUARE,
        widths: Sides::all(width),
        styles: Sides::all(style),
        colors,
    }
}

#[test]
fn rectangles_cover_in_order() {
    let item = |at, color| DisplayItem::Rect { rect: at, radii: SQUARE, color };
    let items =
        vec![item(rect(0, 0, 3, 2), RED), item(rect(2, 1, 9, 9), BLUE), item(rect(3, 0, -1, 5), BLACK)];
    assert_eq!(picture(4, 3, items), ["rrr.", "rrbb", "..bb"]);
}

#[test]
fn solid_borders_are_rings() {
    let item = border(rect(1, 0, 5, 4), 1, BorderStyle::Solid, Sides::all(BLACK));
    assert_eq!(picture(7, 4, vec![item]), [".#####.", ".#...#.", ".#...#.", ".#####."]);
    let item = border(rect(0, 0, 2, 2), 3, BorderStyle::Solid, Sides::all(BLACK));
    assert_eq!(picture(3, 3, vec![item]), ["##.", "##.", "..."], "wider than the box");
}

#[test]
fn double_borders_have_a_gap() {
    let item = border(rect(0, 0, 9, 8), 3, BorderStyle::Double, Sides::all(BLACK));
    let expected = [
        "#########",
        "#.......#",
        "#.#####.#",
        "#.#...#.#",
        "#.#...#.#",
        "#.#####.#",
        "#.......#",
        "#########",
    ];
    assert_eq!(picture(9, 8, vec![item]), expected);
}

#[test]
fn borders_of_two_colours_meet_on_the_diagonal() {
    let colors = Sides { top: RED, right: BLUE, bottom: RED, left: BLUE };
    let item = border(rect(0, 0, 6, 6), 2, BorderStyle::Solid, colors);
    let expected = ["?rrrr?", "b?rr?b", "bb..bb", "bb..bb", "b?rr?b", "?rrrr?"];
    assert_eq!(picture(6, 6, vec![item]), expected);
}

#[test]
fn a_side_without_neighbours_is_whole() {
    let item = DisplayItem::Border {
        rect: rect(0, 0, 4, 4),
        radii: SQUARE,
        widths: Sides { top: 0, right: 0, bottom: 2, left: 0 },
        styles: Sides::all(BorderStyle::Solid),
        colors: Sides { bottom: BLUE, ..Sides::all(RED) },
    };
    assert_eq!(picture(4, 4, vec![item]), ["....", "....", "bbbb", "bbbb"]);
}

#[test]
fn dashes_begin_and_end_a_side() {
    let item = DisplayItem::Border {
        rect: rect(0, 0, 13, 2),
        radii: SQUARE,
        widths: Sides { top: 1, right: 0, bottom: 0, left: 0 },
        styles: Sides::all(BorderStyle::Dashed),
        colors: Sides::all(BLACK),
    };
    assert_eq!(picture(13, 2, vec![item]), ["###..###..###", "............."]);
}

#[test]
fn inset_is_dark_above_and_outset_below() {
    let grey = Rgba::opaque(200, 200, 200);
    for (style, dark_first) in [(BorderStyle::Inset, true), (BorderStyle::Outset, false)] {
        let picture = pixmap(6, 6, vec![border(rect(0, 0, 6, 6), 2, style, Sides::all(grey))]);
        let (top, bottom) = (picture.pixel(3, 0), picture.pixel(3, 5));
        let dark = Some([116, 116, 116, 255]);
        assert_eq!(top == dark, dark_first, "{style:?}: {top:?}");
        assert_eq!(bottom == dark, !dark_first, "{style:?}: {bottom:?}");
    }
}

#[test]
fn gradients_are_sampled_at_centres() {
    let gradient = GradientFill {
        shape: GradientShape::Linear { start: (0.0, 0.0), end: (4.0, 0.0) },
        repeating: false,
        stops: vec![(0.0, [0.0, 0.0, 0.0, 1.0]), (1.0, [1.0; 4])],
    };
    let item = |at, step| DisplayItem::Gradient {
        rect: at,
        radii: SQUARE,
        tiles: Tiles { first: [0.0, 0.0, 4.0, 1.0], step },
        gradient: Arc::new(gradient.clone()),
    };
    let reds = |items| -> Vec<u8> {
        pixmap(6, 1, items).data.as_chunks::<4>().0.iter().map(|pixel| pixel[0]).collect()
    };
    assert_eq!(reds(vec![item(rect(0, 0, 4, 1), (0.0, 0.0))]), [32, 96, 159, 223, 255, 255]);
    assert_eq!(reds(vec![item(rect(0, 0, 6, 1), (4.0, 0.0))]), [32, 96, 159, 223, 32, 96]);
    assert_eq!(reds(vec![item(rect(0, 0, 6, 1), (5.0, 0.0))]), [32, 96, 159, 223, 255, 32]);
}

#[test]
fn lines_along_text() {
    let with_gaps = |style, thickness, gaps| DisplayItem::TextLine {
        x: 1.0,
        y: 1,
        width: 7.0,
        thickness,
        style,
        color: BLACK,
        gaps,
    };
    let line = |style, thickness| with_gaps(style, thickness, vec![]);
    let cut = picture(9, 3, vec![with_gaps(TextDecorationStyle::Solid, 1, vec![(-4, 2), (4, 6), (7, 99)])]);
    assert_eq!(cut, [".........", "..##..#..", "........."]);
    let solid = picture(9, 4, vec![line(TextDecorationStyle::Solid, 2)]);
    assert_eq!(solid, [".........", ".#######.", ".#######.", "........."]);
    let double = picture(9, 4, vec![line(TextDecorationStyle::Double, 1)]);
    assert_eq!(double, [".........", ".#######.", ".........", ".#######."]);
    let dotted = picture(9, 2, vec![line(TextDecorationStyle::Dotted, 1)]);
    assert_eq!(dotted, [".........", ".#.#.#.#."]);
}

#[test]
fn opacity_and_clips_end_where_they_should() {
    let black = DisplayItem::Rect { rect: rect(0, 0, 4, 1), radii: SQUARE, color: BLACK };
    let items = vec![
        DisplayItem::PushClip { rect: rect(0, 0, 2, 1), radii: SQUARE },
        DisplayItem::PushOpacity { opacity: 0.5, bounds: rect(0, 0, 2, 1) },
        black.clone(),
        black,
        DisplayItem::PopOpacity,
        DisplayItem::PopClip,
        DisplayItem::Rect { rect: rect(3, 0, 1, 1), radii: SQUARE, color: RED },
    ];
    let picture = pixmap(4, 1, items);
    assert_eq!(
        picture.data.as_chunks::<4>().0,
        [[127, 127, 127, 255], [127, 127, 127, 255], [255; 4], [255, 0, 0, 255]]
    );
}

#[test]
fn pictures_have_a_size() {
    assert_eq!(Pixmap::new(0, 5, [0; 4]), Err(SizeError::Empty { width: 0, height: 5 }));
    let huge = Pixmap::new(u64::MAX, u64::MAX, [0; 4]);
    assert_eq!(huge, Err(SizeError::TooLarge { width: u64::MAX, height: u64::MAX }));
}
