//! What a page may cost at most. Past a limit the page still renders, with less.

/// The bytes of an image file; a larger one is a broken image.
pub const MAX_IMAGE_FILE_BYTES: usize = 128 << 20;

/// The pixels of an image; one with more is a broken image.
pub const MAX_IMAGE_PIXELS: u64 = 1 << 26;

/// The pixels along a side of an image.
pub const MAX_IMAGE_SIDE: u32 = 1 << 16;

/// The bytes of all decoded images of a page together; images past it are broken.
pub const MAX_DECODED_BYTES: u64 = 1 << 30;

/// The pixels of a picture (512 MiB of memory). Asking for more is an error.
pub const MAX_PICTURE_PIXELS: u64 = 1 << 27;

/// Groups with opacity inside each other; deeper ones are painted as if opaque.
pub const MAX_GROUP_DEPTH: usize = 16;

/// The bytes of all open groups together; a group past it is painted as if opaque.
pub const MAX_GROUP_BYTES: u64 = 1 << 29;

/// Dashes, dots or copies of an image along one border or background; past it the area is left unpainted.
pub const MAX_REPETITIONS: u64 = 1 << 20;
