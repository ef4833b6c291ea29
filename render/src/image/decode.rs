//! From the bytes of PNG, JPEG, GIF, WebP, BMP and ICO files to pixels. The only file that names `image` for reading.

use std::io::Cursor;

use ::image::metadata::Orientation;
use ::image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::DecodedImage;
use crate::limits::{MAX_IMAGE_FILE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE};

/// The width and height in pixels, orientation applied, from the header alone.
pub fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut decoder = decoder(bytes)?;
    let (width, height) = decoder.dimensions();
    Some(if swaps_sides(orientation(&mut decoder)) { (height, width) } else { (width, height) })
}

/// All pixels of the image (of its first frame, when it moves), upright and premultiplied.
///
/// TODO(css-images-4 image-orientation): `none`. TODO: embedded colour profiles; samples are taken as sRGB.
pub fn decode(bytes: &[u8]) -> Option<DecodedImage> {
    let mut decoder = decoder(bytes)?;
    let orientation = orientation(&mut decoder);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    let mut data = image.into_raw();
    let is_opaque = premultiply(&mut data);
    Some(DecodedImage { width, height, data, is_opaque })
}

/// A decoder chosen by content, never by name or `Content-Type`: <https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern>.
fn decoder(bytes: &[u8]) -> Option<impl ImageDecoder> {
    if bytes.len() > MAX_IMAGE_FILE_BYTES {
        return None;
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let supported = matches!(
        reader.format()?,
        ImageFormat::Png
            | ImageFormat::Jpeg
            | ImageFormat::Gif
            | ImageFormat::WebP
            | ImageFormat::Bmp
            | ImageFormat::Ico
    );
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_IMAGE_SIDE);
    limits.max_image_height = Some(MAX_IMAGE_SIDE);
    // Wide samples take 8 bytes a pixel, and some decoders hold a second copy.
    limits.max_alloc = Some(MAX_IMAGE_PIXELS * 16);
    reader.limits(limits);
    let decoder = if supported { reader.into_decoder().ok()? } else { return None };
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let fits = pixels > 0 && pixels <= MAX_IMAGE_PIXELS && width.max(height) <= MAX_IMAGE_SIDE;
    fits.then_some(decoder)
}

fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

const fn swaps_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Multiplies each colour by its alpha, rounding to nearest. Returns whether all pixels are opaque.
fn premultiply(data: &mut [u8]) -> bool {
    let mut is_opaque = true;
    for pixel in data.as_chunks_mut::<4>().0 {
        let alpha = u32::from(pixel[3]);
        if alpha == 255 {
            continue;
        }
        is_opaque = false;
        for channel in &mut pixel[..3] {
            let product = u32::from(*channel) * alpha + 128;
            *channel = ((product + (product >> 8)) >> 8) as u8;
        }
    }
    is_opaque
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(format: ImageFormat, pixels: &[[u8; 4]], width: u32) -> Vec<u8> {
        let height = pixels.len() as u32 / width;
        let image = ::image::RgbaImage::from_raw(width, height, pixels.concat()).expect("sizes agree");
        let mut out = Cursor::new(Vec::new());
        DynamicImage::ImageRgba8(image).write_to(&mut out, format).expect("memory does not fail");
        out.into_inner()
    }

    #[test]
    fn formats_are_told_by_content() {
        let pixels = [[255, 0, 0, 255], [0, 0, 255, 255]];
        for format in
            [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Ico]
        {
            let bytes = file(format, &pixels, 2);
            assert_eq!(dimensions(&bytes), Some((2, 1)), "{format:?}");
            let image = decode(&bytes).expect("the file is whole");
            assert_eq!(image.data, pixels.concat(), "{format:?}");
            assert!(image.is_opaque, "{format:?}");
        }
    }

    #[test]
    fn colours_are_premultiplied() {
        let bytes = file(ImageFormat::Png, &[[255, 128, 1, 128], [9, 9, 9, 0]], 2);
        let image = decode(&bytes).expect("the file is whole");
        assert_eq!(image.data, [128, 64, 1, 128, 0, 0, 0, 0]);
        assert!(!image.is_opaque);
    }

    #[test]
    fn orientation_turns_the_picture() {
        // A 2x1 JPEG with an EXIF segment that says "rotate by 90 degrees".
        let rgb = DynamicImage::ImageRgb8(
            ::image::RgbImage::from_raw(16, 8, [200, 30, 30].repeat(128)).expect("sizes agree"),
        );
        let mut out = Cursor::new(Vec::new());
        rgb.write_to(&mut out, ImageFormat::Jpeg).expect("memory does not fail");
        let plain = out.into_inner();
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        let mut turned = plain[..2].to_vec();
        turned.extend([0xff, 0xe1, 0, exif.len() as u8 + 2]);
        turned.append(&mut exif);
        turned.extend(&plain[2..]);
        assert_eq!(dimensions(&plain), Some((16, 8)));
        assert_eq!(dimensions(&turned), Some((8, 16)));
        let image = decode(&turned).expect("the file is whole");
        assert_eq!((image.width, image.height), (8, 16));
    }

    #[test]
    fn broken_files_are_none() {
        let whole = file(ImageFormat::Png, &[[1, 2, 3, 255]; 64], 8);
        for end in 0..whole.len() - 1 {
            let _ = dimensions(&whole[..end]);
            assert_eq!(decode(&whole[..end.min(40)]), None);
        }
        assert_eq!(decode(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        // A header that promises 100,000 x 100,000 pixels.
        let mut huge = whole;
        huge[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
        assert_eq!(dimensions(&huge), None);
    }
}
