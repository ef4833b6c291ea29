//! The display list: what to paint, in order, as plain data. The painter and the dump are its readers.
//!
//! - [`color`]: colours as the painter wants them
//! - [`gradient`]: gradients with everything resolved
//! - `snap`: layout units to device pixels; boxes with their corners
//! - `stacking`: the order of CSS 2.1 Appendix E
//! - `emit`: items with their clips and groups
//! - `background`, `border`, `text`, `replaced`: what is painted of one fragment
//! - [`build`]: a whole page
//! - [`dump`]: as text

pub mod color;
pub mod gradient;
mod snap;
mod stacking;
mod emit;
mod background;
mod border;
mod text;
mod replaced;
pub mod build;
pub mod dump;

use std::sync::Arc;

use siskin_engine::css::values::{BorderStyle, TextDecorationStyle};
use siskin_engine::style::Sides;
use url::Url;

pub use build::build;
pub use color::Rgba;
pub use dump::dump;
pub use gradient::{GradientFill, GradientShape};

use crate::font::{FontContext, FontId};
use crate::geometry::DeviceRect;
use crate::image::{ImageCache, InlineSvg};
use crate::text::Glyph;

/// What to paint, back to front.
///
/// Coordinates are device pixels of the page: CSS px times [`DisplayList::scale`], with edges snapped as
/// Chromium snaps them. The painter applies scroll.
#[derive(Debug, Clone, PartialEq)]
pub struct DisplayList {
    /// The items, back to front.
    pub items: Vec<DisplayItem>,
    /// The page: from its origin, as large as its scrollable area.
    pub bounds: DeviceRect,
    /// The canvas background: <https://drafts.csswg.org/css-backgrounds-3/#special-backgrounds>.
    pub canvas: Rgba,
    /// Device pixels per CSS px.
    pub scale: f32,
}

/// A rectangle in whole device pixels of the page.
pub type PaintRect = DeviceRect;

/// Horizontal and vertical radius in device pixels of the top-left, top-right, bottom-right and bottom-left corner.
pub type Radii = [(f32, f32); 4];

/// No corner is rounded.
pub const SQUARE: Radii = [(0.0, 0.0); 4];

/// One thing to paint.
#[derive(Debug, Clone, PartialEq)]
pub enum DisplayItem {
    /// A filled rectangle, its corners perhaps rounded.
    Rect {
        /// Where.
        rect: PaintRect,
        /// The corners.
        radii: Radii,
        /// The colour.
        color: Rgba,
    },
    /// A gradient over a rectangle.
    Gradient {
        /// What to fill.
        rect: PaintRect,
        /// The corners of what to fill.
        radii: Radii,
        /// Where its copies lie.
        tiles: Tiles,
        /// The gradient, relative to the tile's top left.
        gradient: Arc<GradientFill>,
    },
    /// A border or an outline: the ring between `rect` and `rect` less `widths`.
    Border {
        /// The border box.
        rect: PaintRect,
        /// The outer corners.
        radii: Radii,
        /// Widths in device pixels.
        widths: Sides<i32>,
        /// Styles.
        styles: Sides<BorderStyle>,
        /// Colours.
        colors: Sides<Rgba>,
    },
    /// An image, stretched over its tiles.
    Image {
        /// The image, by requested URL.
        url: Url,
        /// What to fill.
        rect: PaintRect,
        /// The corners of what to fill.
        radii: Radii,
        /// Where its copies lie.
        tiles: Tiles,
    },
    /// An `svg` element, as large as its tile.
    Svg {
        /// The element.
        svg: Arc<InlineSvg>,
        /// What to fill.
        rect: PaintRect,
        /// The corners of what to fill.
        radii: Radii,
    },
    /// A nested document.
    Frame {
        /// What it shows.
        picture: Arc<FramePicture>,
        /// What to fill: its viewport.
        rect: PaintRect,
        /// The corners of what to fill.
        radii: Radii,
    },
    /// Glyphs.
    Glyphs {
        /// The font.
        font: FontId,
        /// Device pixels per em.
        size: f32,
        /// The pen's start: x, and y of the baseline, which lies on a whole pixel.
        origin: (f32, f32),
        /// The glyphs in device pixels, relative to the origin.
        glyphs: Vec<Glyph>,
        /// The colour.
        color: Rgba,
    },
    /// An underline, overline or line through.
    TextLine {
        /// From the left.
        x: f32,
        /// The top of the line.
        y: i32,
        /// How long.
        width: f32,
        /// How thick, in whole pixels; for `double` and `wavy` the thickness of each stroke.
        thickness: i32,
        /// Which strokes.
        style: TextDecorationStyle,
        /// The colour.
        color: Rgba,
        /// Columns that stay free for ink that crosses the line: start and end of each, rising, none touching.
        gaps: Vec<(i32, i32)>,
    },
    /// What follows is painted inside this only, until the matching [`DisplayItem::PopClip`].
    PushClip {
        /// Where.
        rect: PaintRect,
        /// The corners.
        radii: Radii,
    },
    /// Ends the innermost clip.
    PopClip,
    /// What follows is composited as a group, until the matching [`DisplayItem::PopOpacity`].
    PushOpacity {
        /// From 0 to 1.
        opacity: f32,
        /// All that the group paints lies inside.
        bounds: PaintRect,
    },
    /// Ends the innermost group.
    PopOpacity,
}

/// What a nested document shows: a display list of its own, with all that painting it needs.
#[derive(Debug, Clone)]
pub struct FramePicture {
    /// What is painted, from the top left of the document's viewport.
    pub list: DisplayList,
    /// The fonts that the list names.
    pub fonts: FontContext,
    /// The images that the list names.
    pub images: ImageCache,
}

impl PartialEq for FramePicture {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

/// Where the copies of an image lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tiles {
    /// The first copy: left, top, width and height, all in device pixels.
    pub first: [f32; 4],
    /// From one copy to the next to the right and down; zero: there is one copy in that direction.
    pub step: (f32, f32),
}

impl Tiles {
    /// One copy over `rect`.
    pub fn once(rect: PaintRect) -> Self {
        Self {
            first: [rect.x as f32, rect.y as f32, rect.width as f32, rect.height as f32],
            step: (0.0, 0.0),
        }
    }
}

#[cfg(test)]
mod tests;
