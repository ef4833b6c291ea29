//! From a picture to the bytes of a file.
//!
//! - [`png`]: fast and small, the settings measured
//! - [`lossy`]: JPEG and WebP

pub mod lossy;
pub mod png;

use crate::raster::Pixmap;

/// The formats that a picture can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PNG, RGB or (with translucent pixels) RGBA.
    Png,
    /// JPEG; translucent pixels on white.
    Jpeg,
    /// WebP, lossless.
    WebP,
}

/// Why a picture could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the picture cannot be written as {format}: {message}")]
pub struct EncodeError {
    /// The format's name.
    pub format: &'static str,
    /// The encoder's words.
    pub message: String,
}

impl Format {
    /// The format that a file name's extension names, in any case.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "webp" => Some(Self::WebP),
            _ => None,
        }
    }
}

/// The bytes of a file.
///
/// # Errors
/// When the format cannot hold the picture: JPEG and WebP end at 65,535 and 16,384 pixels a side.
pub fn encode(pixmap: &Pixmap, format: Format) -> Result<Vec<u8>, EncodeError> {
    match format {
        Format::Png => png::encode(pixmap),
        Format::Jpeg => lossy::encode_jpeg(pixmap),
        Format::WebP => lossy::encode_webp(pixmap),
    }
}

/// Whether all pixels are opaque.
fn is_opaque(pixmap: &Pixmap) -> bool {
    pixmap.data.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255)
}

/// Three bytes a pixel, the picture laid on white.
fn to_rgb(pixmap: &Pixmap) -> Vec<u8> {
    let pixels = pixmap.data.as_chunks::<4>().0;
    let mut rgb = vec![0; pixels.len() * 3];
    for (out, pixel) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        let white = 255 - pixel[3];
        *out = [pixel[0], pixel[1], pixel[2]].map(|channel| channel.saturating_add(white));
    }
    rgb
}

/// Four bytes a pixel, not premultiplied.
fn to_straight_rgba(pixmap: &Pixmap) -> Vec<u8> {
    let mut data = pixmap.data.clone();
    for pixel in data.as_chunks_mut::<4>().0 {
        let alpha = u32::from(pixel[3]);
        if alpha != 255 && alpha != 0 {
            for channel in &mut pixel[..3] {
                *channel = ((u32::from(*channel) * 255 + alpha / 2) / alpha).min(255) as u8;
            }
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::decode::decode;

    fn picture(pixels: &[[u8; 4]]) -> Pixmap {
        Pixmap { width: 2, height: pixels.len() as u32 / 2, data: pixels.concat() }
    }

    #[test]
    fn what_is_written_reads_back() {
        let opaque = picture(&[[1, 2, 3, 255], [250, 0, 9, 255], [0, 0, 0, 255], [255, 255, 255, 255]]);
        let translucent = picture(&[[100, 0, 0, 100], [0, 0, 0, 0], [128, 64, 0, 128], [255, 255, 255, 255]]);
        for (pixmap, opaque) in [(opaque, true), (translucent, false)] {
            for format in [Format::Png, Format::WebP] {
                let bytes = encode(&pixmap, format).expect("small pictures fit");
                let image = decode(&bytes).expect("what was written is whole");
                assert_eq!(image.data, pixmap.data, "{format:?}");
                assert_eq!(image.is_opaque, opaque, "{format:?}");
            }
        }
    }

    #[test]
    fn opaque_pictures_are_written_without_alpha() {
        let bytes = encode(&picture(&[[9, 9, 9, 255]; 4]), Format::Png).expect("small pictures fit");
        assert_eq!(bytes[25], 2, "colour type 2 is RGB");
        let bytes = encode(&picture(&[[9, 9, 9, 254]; 4]), Format::Png).expect("small pictures fit");
        assert_eq!(bytes[25], 6, "colour type 6 is RGBA");
    }

    #[test]
    fn jpeg_stands_on_white() {
        let bytes = encode(&picture(&[[0, 0, 0, 0]; 4]), Format::Jpeg).expect("small pictures fit");
        let image = decode(&bytes).expect("what was written is whole");
        assert!(image.data.iter().all(|&v| v >= 254));
    }
}
