//! The limits that fonts are held to, in one place.

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
