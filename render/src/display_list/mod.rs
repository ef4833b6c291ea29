//! The display list: what to paint, in order, as plain data. The painter and the dump are its readers.

use siskin_engine::css::values::{AbsoluteColor, BorderStyle, Gradient};
use siskin_engine::style::Sides;
use std::sync::Arc;
use url::Url;

use crate::font::FontId;
use crate::geometry::{DeviceRect, Size};
use crate::text::Glyph;

/// What to paint, back to front. Coordinates are CSS px of the page; the painter applies scale and scroll.
#[derive(Debug, Clone)]
pub struct DisplayList {
    /// The items, back to front.
    pub items: Vec<DisplayItem>,
    /// The page's size.
    pub bounds: Size,
    /// The canvas background: <https://drafts.csswg.org/css-backgrounds-3/#special-backgrounds>.
    pub canvas: AbsoluteColor,
}

/// A rectangle in CSS px whose edges are already snapped to device pixels.
pub type PaintRect = DeviceRect;

/// Horizontal and vertical radius in CSS px of the top-left, top-right, bottom-right and bottom-left corner.
pub type Radii = [(f32, f32); 4];

/// One thing to paint.
#[derive(Debug, Clone)]
pub enum DisplayItem {
    /// A filled rectangle, its corners perhaps rounded.
    Rect {
        /// Where.
        rect: PaintRect,
        /// The corners.
        radii: Radii,
        /// The colour.
        color: AbsoluteColor,
    },
    /// A gradient over a rectangle.
    Gradient {
        /// What to fill.
        rect: PaintRect,
        /// One tile of the gradient.
        tile: PaintRect,
        /// The gradient.
        gradient: Arc<Gradient>,
        /// The colour that `currentcolor` stops have.
        current_color: AbsoluteColor,
    },
    /// A border.
    Border {
        /// The border box.
        rect: PaintRect,
        /// The corners.
        radii: Radii,
        /// Widths in whole px.
        widths: Sides<i32>,
        /// Styles.
        styles: Sides<BorderStyle>,
        /// Colours.
        colors: Sides<AbsoluteColor>,
    },
    /// An image, stretched over `rect` and repeated to fill `clip`.
    Image {
        /// The image, by requested URL.
        url: Url,
        /// One copy.
        rect: [f32; 4],
        /// What the copies fill.
        clip: PaintRect,
    },
    /// Glyphs.
    Glyphs {
        /// The font.
        font: FontId,
        /// CSS px per em.
        size: f32,
        /// The pen's start: x in CSS px, y of the baseline in CSS px.
        origin: (f32, f32),
        /// The glyphs, relative to the origin.
        glyphs: Vec<Glyph>,
        /// The colour.
        color: AbsoluteColor,
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
    PushOpacity(f32),
    /// Ends the innermost group.
    PopOpacity,
}
