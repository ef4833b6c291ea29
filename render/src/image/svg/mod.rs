//! SVG images: their natural size, and their pixels at the size at which they are painted.
//!
//! The door to `resvg`. What an image in a page may not do is not done here either: scripts do not run, nothing
//! outside of the file is read (<https://svgwg.org/svg2-draft/conform.html#secure-static-mode>), and what would cost
//! too much is a broken image (`cost`).
//!
//! - `root`: the outermost element, its size, and the text with another size in its place
//! - `cost`: how much work a file is
//! - `fonts`: the fonts of the page for text in it
//! - `inside`: images inside of an image

mod root;
mod cost;
mod fonts;
mod inside;

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::roxmltree::{Document, ParsingOptions};
use resvg::usvg::{Options, Tree};

use self::cost::Cost;
use self::root::Root;
use super::{DecodedImage, NaturalSize};
use crate::font::FontContext;
use crate::limits::{
    MAX_IMAGE_PIXELS, MAX_SVG_BYTES, MAX_SVG_LAYER_BYTES, MAX_SVG_NODES, MAX_SVG_WORK, SVG_STACK_BYTES,
};

pub use inside::{InnerImages, NoInnerImages};

/// An SVG file that has been read and found affordable.
#[derive(Debug, Clone, PartialEq)]
pub struct SvgImage {
    text: Arc<str>,
    root: Root,
    cost: Cost,
    is_inline: bool,
}

/// At which size an image is painted, and which part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SvgView {
    /// The viewport of the image in CSS px.
    pub size: (f32, f32),
    /// Device pixels per CSS px, horizontally and vertically.
    pub scale: (f32, f32),
    /// The wanted part in device pixels, from the viewport's corner: left, top, width, height.
    pub part: (i32, i32, u32, u32),
}

impl SvgImage {
    /// Reads a file; `None` if it is no SVG or costs too much.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_SVG_BYTES {
            return None;
        }
        Self::of_text(decode(bytes)?.into(), false)
    }

    /// Reads the text that stands for an element of a page: it is never stretched. `None` if it costs too much.
    pub fn inline(text: Arc<str>) -> Option<Self> {
        Self::of_text(text, true)
    }

    fn of_text(text: Arc<str>, is_inline: bool) -> Option<Self> {
        let document = parse(&text)?;
        let root = Root::of(&document)?;
        let cost = Cost::of(&document)?;
        Some(Self { text, root, cost, is_inline })
    }

    /// The natural dimensions: <https://svgwg.org/svg2-draft/coords.html#SizingSVGInCSS>.
    pub const fn natural_size(&self) -> NaturalSize {
        self.root.natural
    }

    /// The pixels of a part of the image. `None` when they would cost too much or the file cannot be painted.
    pub fn paint(
        &self,
        view: &SvgView,
        fonts: &FontContext,
        images: &dyn InnerImages,
    ) -> Option<DecodedImage> {
        let (_, _, width, height) = view.part;
        let pixels = u64::from(width) * u64::from(height);
        let layers = u64::from(self.cost.layer_depth).saturating_mul(pixels).saturating_mul(4);
        if pixels == 0
            || pixels > MAX_IMAGE_PIXELS
            || layers > MAX_SVG_LAYER_BYTES
            || self.cost.passes.saturating_mul(pixels) > MAX_SVG_WORK
        {
            return None;
        }
        if self.root.is_blank {
            let data = vec![0; usize::try_from(pixels).ok()?.checked_mul(4)?];
            return Some(DecodedImage { width, height, data, is_opaque: false });
        }
        // Recursion follows the nesting of elements, which is capped; the caller's stack may be too small for the cap.
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("svg".to_owned()).stack_size(SVG_STACK_BYTES);
            let handle = thread.spawn_scoped(scope, || self.paint_here(view, fonts, images)).ok()?;
            handle.join().ok().flatten()
        })
    }

    fn paint_here(
        &self,
        view: &SvgView,
        fonts: &FontContext,
        images: &dyn InnerImages,
    ) -> Option<DecodedImage> {
        let text = self.root.resized(&self.text, view.size, self.is_inline);
        let document = parse(&text)?;
        let options = options(fonts, images);
        let tree = Tree::from_xmltree(&document, &options).ok()?;
        let (left, top, width, height) = view.part;
        let mut pixels = Pixmap::new(width, height)?;
        let transform =
            Transform::from_row(view.scale.0, 0.0, 0.0, view.scale.1, -(left as f32), -(top as f32));
        resvg::render(&tree, transform, &mut pixels.as_mut());
        let data = pixels.take();
        let is_opaque = data.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255);
        Some(DecodedImage { width, height, data, is_opaque })
    }
}

fn parse(text: &str) -> Option<Document<'_>> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_SVG_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).ok()
}

fn options<'a>(fonts: &'a FontContext, images: &'a dyn InnerImages) -> Options<'a> {
    Options {
        font_family: "serif".to_owned(),
        font_size: 16.0,
        image_href_resolver: inside::resolver(images),
        font_resolver: fonts::resolver(fonts),
        ..Options::default()
    }
}

/// The text of an XML file. DEVIATION: a file that is neither UTF-8 nor marked as UTF-16 is read as UTF-8 all the
/// same, its other letters lost; its shapes are what is wanted.
fn decode(bytes: &[u8]) -> Option<String> {
    let units = |read: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes[2..].as_chunks::<2>().0.iter().map(|pair| read(*pair)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => String::from_utf16(&units(u16::from_le_bytes)).ok(),
        [0xfe, 0xff, ..] => String::from_utf16(&units(u16::from_be_bytes)).ok(),
        [0xef, 0xbb, 0xbf, rest @ ..] => Some(String::from_utf8_lossy(rest).into_owned()),
        _ => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

#[cfg(test)]
mod tests;
