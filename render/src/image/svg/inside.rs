//! Images inside of SVG images.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};

use super::SvgImage;
use crate::image::decode;
use crate::limits::{MAX_SVG_INNER_IMAGES, MAX_SVG_NESTING};

/// Where the images are that a file names and does not hold itself.
pub trait InnerImages: Send + Sync {
    /// The bytes for the value of an `href` that is no `data:` URL, if they may be shown.
    fn bytes(&self, href: &str) -> Option<Bytes>;
}

/// Of a file that is used as an image: nothing outside of it is read.
#[derive(Debug, Clone, Copy)]
pub struct NoInnerImages;

impl InnerImages for NoInnerImages {
    fn bytes(&self, _: &str) -> Option<Bytes> {
        None
    }
}

/// What is counted while one picture is painted.
struct Budget {
    images: AtomicU32,
    nesting: AtomicU32,
}

pub(super) fn resolver(images: &dyn InnerImages) -> ImageHrefResolver<'_> {
    let budget = Arc::new(Budget { images: AtomicU32::new(0), nesting: AtomicU32::new(0) });
    let same = Arc::clone(&budget);
    ImageHrefResolver {
        resolve_data: Box::new(move |_, data, options| read(data, options, &budget)),
        resolve_string: Box::new(move |href, options| {
            read(Arc::new(images.bytes(href)?.to_vec()), options, &same)
        }),
    }
}

/// By content, as images are told everywhere. What is past the limits of our own decoder is not given to another.
fn read(data: Arc<Vec<u8>>, options: &Options<'_>, budget: &Budget) -> Option<ImageKind> {
    if budget.images.fetch_add(1, Ordering::Relaxed) >= MAX_SVG_INNER_IMAGES {
        return None;
    }
    if decode::dimensions(&data).is_some() {
        return match data.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => Some(ImageKind::PNG(data)),
            [0xff, 0xd8, ..] => Some(ImageKind::JPEG(data)),
            [b'G', b'I', b'F', ..] => Some(ImageKind::GIF(data)),
            [b'R', b'I', b'F', b'F', ..] => Some(ImageKind::WEBP(data)),
            _ => None,
        };
    }
    SvgImage::read(&data)?;
    let outer = budget.nesting.fetch_add(1, Ordering::Relaxed);
    let tree = if outer < MAX_SVG_NESTING { Tree::from_data_nested(&data, options).ok() } else { None };
    budget.nesting.fetch_sub(1, Ordering::Relaxed);
    Some(ImageKind::SVG(tree?))
}
