//! Replaced content: images in their content box.

use std::sync::Arc;

use siskin_engine::css::values::{LengthPercentage, ObjectFit};

use super::build::Source;
use super::emit::Emitter;
use super::snap::{Boxes, Shape};
use super::stacking::Placed;
use super::{DisplayItem, Tiles};
use crate::fragments::ReplacedContent;
use crate::geometry::DeviceRect;
use crate::image::NaturalSize;

/// Adds an image: <https://drafts.csswg.org/css-images-3/#the-object-fit> and `object-position`.
pub(super) fn push(
    emitter: &mut Emitter<'_>,
    placed: &Placed<'_>,
    content: &ReplacedContent,
    boxes: &Boxes,
    source: &Source<'_>,
) {
    let (images, scale) = (source.images, source.scale);
    let Shape { rect, radii } = boxes.content;
    let url = match content {
        ReplacedContent::Image(url) => url,
        ReplacedContent::Frame(node) => {
            let visible = emitter.seen(placed.clip, &rect).intersect(&rect);
            let part = DeviceRect { x: visible.x - rect.x, y: visible.y - rect.y, ..visible };
            if !part.is_empty()
                && let Some(picture) = (source.frames)(*node, part)
            {
                let item = DisplayItem::Frame { picture: Arc::new(picture), rect, radii };
                emitter.push(placed.clip, &rect, item);
            }
            return;
        }
        ReplacedContent::Svg(svg) => {
            let item = DisplayItem::Svg { svg: Arc::clone(svg), rect, radii };
            return emitter.push(placed.clip, &rect, item);
        }
    };
    let Some(natural) = images.natural_size(url) else { return };
    let area = (rect.width as f32, rect.height as f32);
    let (width, height) = fit(placed.fragment.style.box_.object_fit, area, natural.scaled(scale));
    let (width, height) = (width.round(), height.round());
    let position = &placed.fragment.style.box_.object_position;
    let offset = |value: &LengthPercentage, free: f32| value.resolve(free / scale) * scale;
    let left = (rect.x as f32 + offset(&position.x, rect.width as f32 - width)).round();
    let top = (rect.y as f32 + offset(&position.y, rect.height as f32 - height)).round();
    let drawn = DeviceRect { x: left as i32, y: top as i32, width: width as i32, height: height as i32 };
    let item = DisplayItem::Image {
        url: url.clone(),
        rect: rect.intersect(&drawn),
        radii,
        tiles: Tiles { first: [left, top, width, height], step: (0.0, 0.0) },
    };
    emitter.push(placed.clip, &rect, item);
}

/// The concrete object size.
fn fit(fit: ObjectFit, area: (f32, f32), natural: NaturalSize) -> (f32, f32) {
    match fit {
        ObjectFit::Fill => area,
        ObjectFit::Contain => natural.contained(area),
        ObjectFit::Cover => natural.covering(area),
        ObjectFit::None => natural.concrete(area),
        ObjectFit::ScaleDown => {
            let (own, contained) = (natural.concrete(area), natural.contained(area));
            if own.0 < contained.0 || own.1 < contained.1 { own } else { contained }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_fit() {
        let sizes =
            [ObjectFit::Fill, ObjectFit::Contain, ObjectFit::Cover, ObjectFit::None, ObjectFit::ScaleDown]
                .map(|f| fit(f, (100.0, 50.0), NaturalSize::of_pixels(20.0, 20.0)));
        assert_eq!(sizes, [(100.0, 50.0), (50.0, 50.0), (100.0, 100.0), (20.0, 20.0), (20.0, 20.0)]);
    }
}
