//! `@font-face` rules: <https://drafts.csswg.org/css-fonts-4/#font-face-rule>.

use std::sync::Arc;

use url::Url;

use super::values::FontStyle;

/// A font that a sheet brings.
#[derive(Debug, Clone, PartialEq)]
pub struct FontFace {
    /// The `font-family` descriptor.
    pub family: Arc<str>,
    /// The `src` descriptor in order, entries with unknown formats left out.
    pub sources: Vec<FontFaceSource>,
    /// The range of weights, equal ends for one.
    pub weight: (f32, f32),
    /// The style.
    pub style: FontStyle,
    /// The range of stretch, as fractions.
    pub stretch: (f32, f32),
    /// The code points that it is for, as inclusive ranges; empty for all.
    pub unicode_range: Vec<(u32, u32)>,
    /// The sheet it stands in.
    pub sheet_url: Url,
}

/// One entry of `src`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FontFaceSource {
    /// `url()`, absolute.
    Url(Url),
    /// `local()`
    Local(Arc<str>),
}
