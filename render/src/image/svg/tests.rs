//! Sizes, sizes of painting, and files that are made to cost too much.

use super::*;
use crate::font::FontSource;

fn read(text: &str) -> Option<SvgImage> {
    SvgImage::read(text.as_bytes())
}

fn svg(attributes: &str, content: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' {attributes}>{content}</svg>"
    )
}

fn paint(text: &str, width: u32, height: u32) -> Option<DecodedImage> {
    let size = (width as f32, height as f32);
    let view = SvgView { size, scale: (1.0, 1.0), part: (0, 0, width, height) };
    read(text)?.paint(&view, &FontContext::new(FontSource::Bundled), &NoInnerImages)
}

fn pixel(image: &DecodedImage, x: u32, y: u32) -> [u8; 4] {
    image.data.as_chunks::<4>().0[(y * image.width + x) as usize]
}

const RED: [u8; 4] = [255, 0, 0, 255];
const NOTHING: [u8; 4] = [0; 4];

#[test]
fn natural_sizes() {
    let size = |width, height, ratio| NaturalSize { width, height, ratio };
    let cases = [
        ("width='40' height='20'", size(Some(40.0), Some(20.0), Some(2.0))),
        ("width='1in' height='48px'", size(Some(96.0), Some(48.0), Some(2.0))),
        ("viewBox='0 0 30 10'", size(None, None, Some(3.0))),
        ("viewBox='0,0,30,10' width='60'", size(Some(60.0), None, Some(3.0))),
        ("viewBox='0 0 30 10' width='50%' height='10'", size(None, Some(10.0), Some(3.0))),
        ("viewBox='0 0 0 10'", size(None, None, None)),
        ("width='100%' height='auto'", size(None, None, None)),
        (
            "width='2em' height='1e1' style='width: 10px; height: 20px'",
            size(Some(10.0), Some(20.0), Some(0.5)),
        ),
        ("width='-5' height='1e1'", size(None, Some(10.0), None)),
    ];
    for (attributes, expected) in cases {
        let image = read(&svg(attributes, "")).expect("well formed");
        assert_eq!(image.natural_size(), expected, "{attributes}");
    }
    for broken in ["", "<svg", "<html xmlns='http://www.w3.org/1999/xhtml'/>", "<svg xmlns='urn:x'/>"] {
        assert_eq!(read(broken), None, "{broken}");
    }
}

#[test]
fn painted_at_another_size() {
    let rect = "<rect width='10' height='10' fill='red'/>";
    // Without a viewBox the size is one, and it is stretched.
    let image = paint(&svg("width='10' height='20'", rect), 40, 40).expect("affordable");
    assert_eq!((pixel(&image, 39, 19), pixel(&image, 39, 21)), (RED, NOTHING));
    // With one the ratio stays, as preserveAspectRatio says.
    let image = paint(&svg("viewBox='0 0 10 10' width='10' height='10'", rect), 40, 20).expect("affordable");
    assert_eq!((pixel(&image, 5, 10), pixel(&image, 20, 10)), (NOTHING, RED));
    let none = "viewBox='0 0 10 10' preserveAspectRatio='none'";
    let image = paint(&svg(none, rect), 40, 20).expect("affordable");
    assert_eq!(pixel(&image, 5, 10), RED);
    // Without either, percentages are of what it is painted in.
    let image = paint(&svg("", "<rect width='50%' height='100%' fill='red'/>"), 40, 20).expect("affordable");
    assert_eq!((pixel(&image, 19, 19), pixel(&image, 21, 19)), (RED, NOTHING));
}

#[test]
fn utf_16_and_utf_8() {
    let text = svg("width='1' height='1'", "<rect width='1' height='1' fill='red'/>");
    let little = text.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(little).collect();
    assert!(SvgImage::read(&bytes).is_some());
    let bytes: Vec<u8> = [0xef, 0xbb, 0xbf].into_iter().chain(text.bytes()).collect();
    assert!(SvgImage::read(&bytes).is_some());
}

#[test]
fn nothing_outside_is_read() {
    let path = siskin_test_pages::root().join("sites/showcase/images/siskin.png");
    let href = format!("<image width='40' height='40' xlink:href='{}'/>", path.display());
    let image = paint(&svg("", &href), 40, 40).expect("affordable");
    assert!(image.data.iter().all(|byte| *byte == 0));
}

#[test]
fn text_is_set() {
    let text = "<text y='30' font-size='30' font-family='Verdana, sans-serif'>Hello \u{6c34}</text>";
    let image = paint(&svg("", text), 100, 40).expect("affordable");
    assert!(image.data.iter().any(|byte| *byte != 0));
}

#[test]
fn what_costs_too_much_is_broken() {
    let mut bomb = "<g id='a0'><path d='M0 0h1'/></g>".to_owned();
    for level in 1..8 {
        let uses = format!("<use xlink:href='#a{}'/>", level - 1).repeat(10);
        bomb.push_str(&format!("<g id='a{level}'>{uses}</g>"));
    }
    assert_eq!(read(&svg("", &bomb)), None);
    let deep = "<g>".repeat(5000) + &"</g>".repeat(5000);
    assert_eq!(read(&svg("", &deep)), None);
    let layers = "<g opacity='.9'>".repeat(100) + &"</g>".repeat(100);
    assert_eq!(read(&svg("", &layers)), None);
    let morphology =
        "<filter id='f'><feMorphology radius='500'/></filter><rect filter='url(#f)' width='9' height='9'/>";
    assert!(paint(&svg("", morphology), 400, 400).is_none());
    let markers = format!(
        "<marker id='m'>{}</marker><path marker-mid='url(#m)' d='M0 0{}'/>",
        "<rect/>".repeat(100),
        "h1".repeat(10_000)
    );
    assert_eq!(read(&svg("", &markers)), None);
    // A circle of three: usvg finds those of one and two.
    let clip =
        |id: u32, next: u32| format!("<clipPath id='c{id}'><rect clip-path='url(#c{next})'/></clipPath>");
    let circle = [clip(0, 1), clip(1, 2), clip(2, 0)].concat() + "<rect clip-path='url(#c0)'/>";
    assert_eq!(read(&svg("", &circle)), None);
    // Twice the same picture is not too much, and neither is what refers to itself.
    let own = "<g id='a'><rect width='5' height='5' fill='red'/><use xlink:href='#a'/></g>";
    assert!(paint(&svg("", own), 10, 10).is_some());
    let nested = "<g>".repeat(200) + "<rect width='10' height='10' fill='red'/>" + &"</g>".repeat(200);
    assert_eq!(pixel(&paint(&svg("", &nested), 10, 10).expect("affordable"), 5, 5), RED);
}
