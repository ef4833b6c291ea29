//! What a page may cost at most. Past a limit the page still renders, with less.

/// The bytes of an image file; a larger one is a broken image.
pub const MAX_IMAGE_FILE_BYTES: usize = 128 << 20;

/// The pixels of an image; one with more is a broken image.
pub const MAX_IMAGE_PIXELS: u64 = 1 << 26;

/// The pixels along a side of an image.
pub const MAX_IMAGE_SIDE: u32 = 1 << 16;

/// The bytes of all decoded images of a page together; images past it are broken.
pub const MAX_DECODED_BYTES: u64 = 1 << 30;

/// The bytes of an SVG file; a larger one is a broken image.
pub const MAX_SVG_BYTES: usize = 16 << 20;

/// The bytes that the inline SVG of a page may have as files, all together.
pub const MAX_INLINE_SVG_BYTES: usize = 64 << 20;

/// Nodes of an SVG file, text and comments counted.
pub const MAX_SVG_NODES: u32 = 500_000;

/// Elements that an SVG file stands for with everything that it uses more than once. A file with more is a broken image.
pub const MAX_SVG_ELEMENTS: u64 = 60_000;

/// How deep elements of an SVG file may be nested, references followed.
pub const MAX_SVG_DEPTH: u32 = 256;

/// Layers (opacity, masks, clips, filters) inside each other in an SVG file.
pub const MAX_SVG_LAYER_DEPTH: u32 = 64;

/// The bytes of all layers that are open at once while an SVG image is painted.
pub const MAX_SVG_LAYER_BYTES: u64 = 1 << 29;

/// How often layers and filters may go over a pixel, times the pixels of an SVG image.
pub const MAX_SVG_WORK: u64 = 1 << 32;

/// Images inside of an SVG image that are shown.
pub const MAX_SVG_INNER_IMAGES: u32 = 256;

/// How deep SVG images may stand in SVG images.
pub const MAX_SVG_NESTING: u32 = 4;

/// The stack of the thread that paints an SVG image: enough for [`MAX_SVG_DEPTH`] and [`MAX_SVG_NESTING`].
pub const SVG_STACK_BYTES: usize = 64 << 20;

/// The pixels of a picture (512 MiB of memory). Asking for more is an error.
pub const MAX_PICTURE_PIXELS: u64 = 1 << 27;

/// Groups with opacity inside each other; deeper ones are painted as if opaque.
pub const MAX_GROUP_DEPTH: usize = 16;

/// The bytes of all open groups together; a group past it is painted as if opaque.
pub const MAX_GROUP_BYTES: u64 = 1 << 29;

/// Dashes, dots or copies of an image along one border or background; past it the area is left unpainted.
pub const MAX_REPETITIONS: u64 = 1 << 20;

/// Faces of the machine or of a folder that are indexed; later ones (by path) are ignored.
pub const MAX_COLLECTION_FACES: usize = 8_192;

/// Faces from `@font-face` rules that are loaded; later ones are ignored.
pub const MAX_WEB_FACES: usize = 4_096;

/// Fonts of one file that are indexed.
pub const MAX_FACES_PER_FILE: usize = 64;

/// Folders below a font folder.
pub const MAX_FOLDER_DEPTH: usize = 8;

/// Bytes of a web font after decompression. Chromium's sanitizer stops at 30 MiB as well.
pub const MAX_WEB_FONT_BYTES: usize = 30 << 20;

/// Names of one kind that are read from a font.
pub const MAX_NAMES: usize = 16;

/// The largest size at which text is shaped and painted, CSS px per em. Blink clamps here too.
pub const MAX_FONT_SIZE: f32 = 10_000.0;

/// Glyphs that one text cache holds before it starts anew (28 bytes each).
pub const MAX_CACHED_GLYPHS: usize = 500_000;

/// The bytes of a run of text that is remembered once shaped; longer ones are rarely met twice.
pub const MAX_CACHED_RUN: usize = 4096;

/// Styles whose font lists are remembered before the memory starts anew.
pub const MAX_CACHED_FONT_LISTS: usize = 4096;

/// Characters whose fallback font is remembered before the memory starts anew.
pub const MAX_CACHED_FALLBACKS: usize = 65_536;

/// How deep boxes may be nested; what lies deeper generates no boxes. The parser caps the tree at 512 elements,
/// generated and anonymous boxes add to it.
pub const MAX_BOX_DEPTH: usize = 1024;

/// The stack of the thread that builds boxes and lays them out: enough for [`MAX_BOX_DEPTH`] in a development
/// build. Only the pages that are touched become memory.
pub const LAYOUT_STACK_BYTES: usize = 256 * 1024 * 1024;

/// The largest `colspan` that counts: <https://html.spec.whatwg.org/#dom-tdth-colspan>.
pub const MAX_COLSPAN: usize = 1000;

/// The largest `rowspan` that counts: <https://html.spec.whatwg.org/#dom-tdth-rowspan>.
pub const MAX_ROWSPAN: usize = 65534;

/// How many columns a table may have; cells beyond are put into the last one.
pub const MAX_TABLE_COLUMNS: usize = 4096;
/// Slots of a table's grid up to which its borders collapse; a larger one draws each cell's own.
pub const MAX_COLLAPSED_SLOTS: usize = 1 << 20;

/// How many widths are tried for a box beside floats before it goes below all of them.
pub const MAX_FLOAT_RETRIES: usize = 8;

/// How many boxes, one inside the other, may be laid out anew beside floats; deeper, they go below the floats.
pub const MAX_NESTED_FLOAT_RETRIES: usize = 2;

/// The pixels of one glyph's mask; a larger glyph is not painted.
pub const MAX_MASK_PIXELS: usize = 1 << 24;

/// The bytes of all remembered glyph masks before the memory starts anew.
pub const MAX_CACHED_MASK_BYTES: usize = 32 << 20;

/// Fonts at sizes whose hinting is remembered before the memory starts anew.
pub const MAX_OUTLINERS: usize = 256;

/// The most outlines of glyphs that are kept for the gaps in underlines of one display list.
pub const MAX_CACHED_INK: usize = 4096;
