//! One font face: what is known of it without opening it, and the opened font.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use read_fonts::model::{Blob, Source};
use siskin_engine::css::values::FontStyle;
use skrifa::Font;

/// The bytes of a font file, and which of its fonts is meant.
pub(crate) type FontFile = (Arc<dyn AsRef<[u8]> + Send + Sync>, u32);

/// Where a face's bytes are.
#[derive(Debug, Clone)]
pub(crate) enum FaceData {
    /// In the program.
    Static(&'static [u8]),
    /// In a file, mapped when the face is first opened.
    File(PathBuf),
}

/// What matching needs to know of a face: <https://drafts.csswg.org/css-fonts-4/#font-matching-algorithm>.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FaceTraits {
    /// The weights it can be set in, equal ends for a static font.
    pub(crate) weight: (f32, f32),
    /// The widths it can be set in, as fractions.
    pub(crate) stretch: (f32, f32),
    /// Its slope.
    pub(crate) style: FontStyle,
}

impl FaceTraits {
    /// Regular, normal width, upright.
    pub(crate) const REGULAR: Self =
        Self { weight: (400.0, 400.0), stretch: (1.0, 1.0), style: FontStyle::Normal };
}

/// One face of a collection, opened when it is first used.
pub(crate) struct Face {
    /// Its traits.
    pub(crate) traits: FaceTraits,
    /// Where its bytes are.
    data: FaceData,
    /// Its index in a collection file.
    index: u32,
    opened: OnceLock<Option<Font>>,
}

impl Face {
    /// A face that is not opened yet.
    pub(crate) const fn new(traits: FaceTraits, data: FaceData, index: u32) -> Self {
        Self { traits, data, index, opened: OnceLock::new() }
    }

    /// A face that is open already.
    pub(crate) fn opened(traits: FaceTraits, font: Font) -> Self {
        let opened = OnceLock::from(Some(font));
        Self { traits, data: FaceData::Static(&[]), index: 0, opened }
    }

    /// The font, opened now if it was not; `None` if its bytes cannot be read as a font.
    pub(crate) fn font(&self) -> Option<&Font> {
        self.opened.get_or_init(|| Font::new(self.data.blob()?, self.index)).as_ref()
    }

    /// The bytes of the font's file, and the font's index in it.
    pub(crate) fn file(&self) -> Option<FontFile> {
        match self.font()?.source() {
            Source::Blob(Blob::Static(bytes)) => Some((Arc::new(*bytes), self.index)),
            Source::Blob(Blob::Shared(bytes)) => Some((Arc::clone(bytes), self.index)),
            Source::TableFunction(_) => None,
        }
    }

    /// Whether the font has a glyph for `c`.
    pub(crate) fn covers(&self, c: char) -> bool {
        self.glyph(c).is_some()
    }

    /// The font's own glyph for `c`, before any substitution.
    pub(crate) fn glyph(&self, c: char) -> Option<u32> {
        Some(self.font()?.charmap().map_unicode(c)?.to_u32())
    }
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face")
            .field("traits", &self.traits)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

impl FaceData {
    /// The bytes; `None` when the file is gone.
    pub(crate) fn blob(&self) -> Option<Blob> {
        match self {
            Self::Static(bytes) => Some(Blob::Static(bytes)),
            Self::File(path) => {
                let file = std::fs::File::open(path).ok()?;
                // SAFETY: the map is only read, and as bytes, for which any content is valid. A font file that
                // another program truncates while it is mapped would end this process; every browser that maps
                // installed fonts takes the same risk.
                let map = unsafe { memmap2::Mmap::map(&file) }.ok()?;
                Some(Blob::Shared(Arc::new(map)))
            }
        }
    }
}
