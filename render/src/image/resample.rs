//! Fewer pixels from many. The only file that names `fast_image_resize`.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::DecodedImage;

/// The image at `width` x `height` pixels, each the average of the area that it covers. `None` when a size is
/// zero or past what the library holds.
pub fn shrink(image: &DecodedImage, width: u32, height: u32) -> Option<DecodedImage> {
    let source = ImageRef::new(image.width, image.height, &image.data, PixelType::U8x4).ok()?;
    if width == 0 || height == 0 {
        return None;
    }
    let mut target = Image::new(width, height, PixelType::U8x4);
    // The colours are premultiplied already.
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box)).use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    Some(DecodedImage { width, height, data: target.into_vec(), is_opaque: image.is_opaque })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_averages_two_by_two() {
        let image = DecodedImage {
            width: 4,
            height: 2,
            data: [[0u8; 4], [100; 4], [200; 4], [200; 4], [100; 4], [200; 4], [200; 4], [200; 4]].concat(),
            is_opaque: false,
        };
        let half = shrink(&image, 2, 1).expect("the size is not zero");
        assert_eq!(half.data, [[100u8; 4], [200; 4]].concat());
        assert_eq!(shrink(&image, 0, 1), None);
    }
}
