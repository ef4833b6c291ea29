//! The picture that painting makes.

use crate::geometry::DeviceRect;
use crate::limits::MAX_PICTURE_PIXELS;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixmap {
    /// In device pixels.
    pub width: u32,
    /// In device pixels.
    pub height: u32,
    /// Rows from the top, 4 bytes a pixel: red, green, blue (premultiplied), alpha.
    pub data: Vec<u8>,
}

/// A pixel: red, green, blue (premultiplied), alpha.
pub type Pixel = [u8; 4];

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    /// It would have no pixels.
    #[error("a picture of {width} x {height} pixels is empty")]
    Empty {
        /// The wanted width.
        width: u64,
        /// The wanted height.
        height: u64,
    },
    /// It would have more than [`MAX_PICTURE_PIXELS`].
    #[error(
        "a picture of {width} x {height} pixels is past the limit of {} million pixels",
        MAX_PICTURE_PIXELS / 1_000_000
    )]
    TooLarge {
        /// The wanted width.
        width: u64,
        /// The wanted height.
        height: u64,
    },
}

impl Pixmap {
    /// A picture of one colour.
    ///
    /// # Errors
    /// When the size is zero or past the limit.
    pub fn new(width: u64, height: u64, fill: Pixel) -> Result<Self, SizeError> {
        if width == 0 || height == 0 {
            return Err(SizeError::Empty { width, height });
        }
        let pixels = width.saturating_mul(height);
        let (Ok(w), Ok(h)) = (u32::try_from(width), u32::try_from(height)) else {
            return Err(SizeError::TooLarge { width, height });
        };
        if pixels > MAX_PICTURE_PIXELS {
            return Err(SizeError::TooLarge { width, height });
        }
        // A zeroed buffer comes from the system untouched; other colours cost one pass.
        let mut data = vec![0; pixels as usize * 4];
        if fill != [0; 4] {
            data.as_chunks_mut::<4>().0.fill(fill);
        }
        Ok(Self { width: w, height: h, data })
    }

    /// Its area: from the origin.
    pub fn rect(&self) -> DeviceRect {
        DeviceRect { x: 0, y: 0, width: self.width as i32, height: self.height as i32 }
    }

    /// The pixel at `x`, `y`; `None` outside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<Pixel> {
        let inside = x < self.width && y < self.height;
        let index = y as usize * self.width as usize + x as usize;
        if inside { self.data.as_chunks::<4>().0.get(index).copied() } else { None }
    }

    /// A row of pixels. `y` must be inside.
    pub(super) fn row_mut(&mut self, y: i32) -> &mut [Pixel] {
        let width = self.width as usize;
        &mut self.data.as_chunks_mut::<4>().0[y as usize * width..][..width]
    }

    /// A row of pixels. `y` must be inside.
    pub(super) fn row(&self, y: i32) -> &[Pixel] {
        let width = self.width as usize;
        &self.data.as_chunks::<4>().0[y as usize * width..][..width]
    }
}
