//! Backgrounds: <https://drafts.csswg.org/css-backgrounds-3/#backgrounds>.

use std::sync::Arc;

use siskin_engine::css::values::{
    AbsoluteColor, BackgroundAttachment, BackgroundBox, BackgroundSize, Image, LengthPercentage, RepeatStyle,
};
use siskin_engine::style::{Background, BackgroundLayer};

use super::emit::Emitter;
use super::gradient;
use super::snap::{Boxes, Shape};
use super::stacking::ClipId;
use super::{DisplayItem, Rgba, Tiles};
use crate::geometry::DeviceRect;
use crate::image::{ImageCache, NaturalSize};

/// Where a background is painted, and with what.
pub(super) struct Ground<'a> {
    /// The boxes that `background-origin` names.
    pub(super) boxes: &'a Boxes,
    /// The canvas is painted in this instead of in the boxes that `background-clip` names.
    pub(super) canvas: Option<DeviceRect>,
    /// What `background-attachment: fixed` is placed in.
    pub(super) viewport: DeviceRect,
    /// The clip around.
    pub(super) clip: Option<ClipId>,
    /// The element's `color`.
    pub(super) current_color: AbsoluteColor,
    /// Natural sizes.
    pub(super) images: &'a ImageCache,
    /// Device pixels per CSS px.
    pub(super) scale: f32,
}

/// Adds the colour and the layers, the last at the bottom.
pub(super) fn push(emitter: &mut Emitter<'_>, background: &Background, ground: &Ground<'_>) {
    let color = Rgba::from(background.background_color.resolve(ground.current_color));
    let bottom = background.layers.last().map_or(BackgroundBox::BorderBox, |layer| layer.clip);
    if color.a > 0 && bottom != BackgroundBox::Text {
        let Shape { rect, radii } = ground.shape(bottom);
        emitter.push(ground.clip, &rect, DisplayItem::Rect { rect, radii, color });
    }
    for layer in background.layers.iter().rev() {
        // TODO(css-backgrounds-4 background-clip): `text`.
        if layer.image != Image::None && layer.clip != BackgroundBox::Text {
            push_layer(emitter, layer, ground);
        }
    }
}

/// Whether there is anything to paint.
pub(super) fn is_visible(background: &Background) -> bool {
    background.background_color != siskin_engine::css::values::Color::TRANSPARENT
        || background.layers.iter().any(|layer| layer.image != Image::None)
}

impl Ground<'_> {
    fn shape(&self, keyword: BackgroundBox) -> Shape {
        match self.canvas {
            Some(rect) => Shape { rect, radii: super::SQUARE },
            None => self.boxes.by_keyword(keyword),
        }
    }
}

fn push_layer(emitter: &mut Emitter<'_>, layer: &BackgroundLayer, ground: &Ground<'_>) {
    let Shape { rect, radii } = ground.shape(layer.clip);
    if !emitter.sees(ground.clip, &rect) {
        return;
    }
    let area = match layer.attachment {
        BackgroundAttachment::Fixed => ground.viewport,
        _ => ground.boxes.by_keyword(layer.origin).rect,
    };
    let natural = match &layer.image {
        Image::Url(url) => match ground.images.natural_size(url) {
            Some(natural) => natural.scaled(ground.scale),
            None => return,
        },
        _ => NaturalSize::default(),
    };
    let (area_width, area_height) = (area.width as f32, area.height as f32);
    let (width, height) = tile_size(&layer.size, (area_width, area_height), natural, ground.scale);
    if !(width > 0.0 && height > 0.0) {
        return;
    }
    let (repeat_x, repeat_y) = layer.repeat;
    let x = Axis::new(repeat_x, area_width, width, &layer.position.x, ground.scale);
    let mut y = Axis::new(repeat_y, area_height, height, &layer.position.y, ground.scale);
    // `round` in one direction keeps the ratio where the other size is `auto`.
    if repeat_x == RepeatStyle::Round
        && repeat_y != RepeatStyle::Round
        && matches!(layer.size, BackgroundSize::Explicit(_, None))
        && natural.ratio.is_some()
    {
        y = Axis::new(repeat_y, area_height, height * x.extent / width, &layer.position.y, ground.scale);
    }
    let (left, top) = (area.x as f32 + x.start, area.y as f32 + y.start);
    let tiles = Tiles { first: [left, top, x.extent, y.extent], step: (x.step, y.step) };
    let mut filled = rect;
    if x.step == 0.0 {
        let tile = DeviceRect { x: left.round() as i32, width: x.extent.round().max(1.0) as i32, ..rect };
        filled = filled.intersect(&tile);
    }
    if y.step == 0.0 {
        let tile = DeviceRect { y: top.round() as i32, height: y.extent.round().max(1.0) as i32, ..rect };
        filled = filled.intersect(&tile);
    }
    // Corners belong to the clip box: a smaller picture inside of it is cut by them, not shaped by them.
    let is_cut = filled != rect && radii != super::SQUARE;
    let item = match &layer.image {
        Image::None => return,
        Image::Url(url) => DisplayItem::Image {
            url: url::Url::clone(url),
            rect: filled,
            radii: if is_cut { super::SQUARE } else { radii },
            tiles,
        },
        Image::Gradient(gradient) => {
            let gradient =
                gradient::resolve(gradient, (x.extent, y.extent), ground.current_color, ground.scale);
            let radii = if is_cut { super::SQUARE } else { radii };
            DisplayItem::Gradient { rect: filled, radii, tiles, gradient: Arc::new(gradient) }
        }
    };
    if is_cut {
        emitter.push(ground.clip, &filled, DisplayItem::PushClip { rect, radii });
    }
    emitter.push(ground.clip, &filled, item);
    if is_cut {
        emitter.push(ground.clip, &filled, DisplayItem::PopClip);
    }
}

/// The size of one copy in whole device pixels: <https://drafts.csswg.org/css-backgrounds-3/#background-size>.
fn tile_size(
    size: &BackgroundSize,
    (area_width, area_height): (f32, f32),
    natural: NaturalSize,
    scale: f32,
) -> (f32, f32) {
    let area = (area_width, area_height);
    let resolve = |value: &LengthPercentage, basis: f32| (value.resolve(basis / scale) * scale).max(0.0);
    let (width, height) = match size {
        BackgroundSize::Contain => natural.contained(area),
        BackgroundSize::Cover => natural.covering(area),
        BackgroundSize::Explicit(width, height) => {
            let width = width.as_ref().map(|value| resolve(value, area_width));
            let height = height.as_ref().map(|value| resolve(value, area_height));
            match (width, height, natural.ratio) {
                (Some(w), Some(h), _) => (w, h),
                (Some(w), None, Some(ratio)) => (w, w / ratio),
                (None, Some(h), Some(ratio)) => (h * ratio, h),
                (Some(w), None, None) => (w, natural.height.unwrap_or(area_height)),
                (None, Some(h), None) => (natural.width.unwrap_or(area_width), h),
                (None, None, _) => natural.concrete(area),
            }
        }
    };
    // As Blink: a copy has whole pixels, one at least unless it was asked to be nothing.
    let whole = |length: f32| if length >= 1.0 / 64.0 { length.round().max(1.0) } else { 0.0 };
    (whole(width), whole(height))
}

/// The copies in one direction.
struct Axis {
    /// From the start of the positioning area to the first copy.
    start: f32,
    extent: f32,
    /// From copy to copy; 0 for a single one.
    step: f32,
}

impl Axis {
    /// <https://drafts.csswg.org/css-backgrounds-3/#background-repeat>
    fn new(repeat: RepeatStyle, area: f32, tile: f32, position: &LengthPercentage, scale: f32) -> Self {
        let placed = |tile: f32| (position.resolve((area - tile) / scale) * scale).round();
        match repeat {
            RepeatStyle::NoRepeat => Self { start: placed(tile), extent: tile, step: 0.0 },
            RepeatStyle::Repeat => Self { start: placed(tile), extent: tile, step: tile },
            RepeatStyle::Round => {
                let extent = area / (area / tile).round().max(1.0);
                Self { start: placed(extent), extent, step: extent }
            }
            RepeatStyle::Space => {
                let copies = (area / tile).floor();
                if copies < 2.0 {
                    return Self { start: placed(tile), extent: tile, step: 0.0 };
                }
                Self { start: 0.0, extent: tile, step: tile + (area - copies * tile) / (copies - 1.0) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_tiles() {
        let px = |v: f32| Some(LengthPercentage::Length(v));
        let percent = |v: f32| Some(LengthPercentage::Percentage(v));
        let natural = NaturalSize::of_pixels(50.0, 20.0);
        let none = NaturalSize::default();
        let cases = [
            (BackgroundSize::Contain, natural, (200.0, 80.0)),
            (BackgroundSize::Cover, natural, (250.0, 100.0)),
            (BackgroundSize::Cover, none, (200.0, 100.0)),
            (BackgroundSize::Explicit(None, None), natural, (50.0, 20.0)),
            (BackgroundSize::Explicit(None, None), none, (200.0, 100.0)),
            (BackgroundSize::Explicit(px(100.0), None), natural, (100.0, 40.0)),
            (BackgroundSize::Explicit(None, percent(0.1)), natural, (25.0, 10.0)),
            (BackgroundSize::Explicit(px(10.2), px(0.3)), natural, (10.0, 1.0)),
            (BackgroundSize::Explicit(px(0.0), None), natural, (0.0, 0.0)),
        ];
        for (size, natural, expected) in cases {
            assert_eq!(tile_size(&size, (200.0, 100.0), natural, 1.0), expected, "{size:?} {natural:?}");
        }
    }

    #[test]
    fn copies_along_an_axis() {
        let middle = LengthPercentage::Percentage(0.5);
        let axis = |repeat, area, tile| {
            let axis = Axis::new(repeat, area, tile, &middle, 1.0);
            (axis.start, axis.extent, axis.step)
        };
        assert_eq!(axis(RepeatStyle::NoRepeat, 100.0, 30.0), (35.0, 30.0, 0.0));
        assert_eq!(axis(RepeatStyle::Repeat, 100.0, 30.0), (35.0, 30.0, 30.0));
        assert_eq!(axis(RepeatStyle::Space, 100.0, 30.0), (0.0, 30.0, 35.0));
        assert_eq!(axis(RepeatStyle::Space, 100.0, 60.0), (20.0, 60.0, 0.0));
        // Three copies of a third each, the middle of one on the middle of the area.
        let (start, extent, step) = axis(RepeatStyle::Round, 90.0, 31.0);
        assert_eq!((start, extent, step), (30.0, 30.0, 30.0));
    }
}
