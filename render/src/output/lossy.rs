//! JPEG and WebP.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::{EncodeError, is_opaque, to_rgb, to_straight_rgba};
use crate::raster::Pixmap;

/// 0 to 100; the same default as Playwright's and Puppeteer's.
const JPEG_QUALITY: u8 = 80;

/// The picture as baseline JPEG, laid on white.
///
/// # Errors
/// When a side is longer than 65,535 pixels.
pub fn encode_jpeg(pixmap: &Pixmap) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)
        .write_image(&to_rgb(pixmap), pixmap.width, pixmap.height, ExtendedColorType::Rgb8)
        .map_err(|e| EncodeError { format: "JPEG", message: e.to_string() })?;
    Ok(out)
}

/// The picture as lossless WebP.
///
/// # Errors
/// When a side is longer than 16,384 pixels.
pub fn encode_webp(pixmap: &Pixmap) -> Result<Vec<u8>, EncodeError> {
    let (data, color) = if is_opaque(pixmap) {
        (to_rgb(pixmap), ExtendedColorType::Rgb8)
    } else {
        (to_straight_rgba(pixmap), ExtendedColorType::Rgba8)
    };
    let mut out = Vec::new();
    WebPEncoder::new_lossless(&mut out)
        .write_image(&data, pixmap.width, pixmap.height, color)
        .map_err(|e| EncodeError { format: "WebP", message: e.to_string() })?;
    Ok(out)
}
