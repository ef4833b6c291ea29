//! Web fonts: the faces of `@font-face` rules whose bytes have arrived.

use std::collections::HashMap;
use std::sync::Arc;

use siskin_engine::css::font_face::{FontFace, FontFaceSource};
use siskin_engine::load::ResourceTable;
use skrifa::Font;

use super::collection::Collection;
use super::face::{Face, FaceTraits};
use super::read;
use crate::limits::{MAX_WEB_FACES, MAX_WEB_FONT_BYTES};

/// The web fonts of a page by family.
#[derive(Debug, Default)]
pub(crate) struct WebFonts {
    faces: Vec<Face>,
    families: HashMap<String, Vec<Member>>,
}

/// A face as its rule declares it.
#[derive(Debug)]
pub(crate) struct Member {
    /// The traits of the rule's descriptors (the face's own are those of the font).
    pub(crate) traits: FaceTraits,
    /// Its index among the faces.
    pub(crate) face: usize,
    /// The code points that it is for, as inclusive ranges; empty for all.
    pub(crate) unicode_range: Arc<[(u32, u32)]>,
}

impl WebFonts {
    /// Opens the first usable source of each rule. Rules without one are left out.
    pub(crate) fn load(rules: &[FontFace], resources: &ResourceTable, local: &Collection) -> Self {
        let mut fonts = Self::default();
        // Rules that share a source share the font: its bytes are decoded once.
        let mut decoded: HashMap<String, Option<Font>> = HashMap::new();
        for rule in rules.iter().take(MAX_WEB_FACES) {
            let opened = rule.sources.iter().find_map(|source| match source {
                FontFaceSource::Url(url) => decoded
                    .entry(url.as_str().to_owned())
                    .or_insert_with(|| decode(resources.bytes(url)?))
                    .clone(),
                FontFaceSource::Local(name) => local_font(name, local),
            });
            let Some(font) = opened else { continue };
            let face = fonts.faces.len();
            fonts.faces.push(Face::opened(read::traits(&font), font));
            let traits = FaceTraits { weight: rule.weight, stretch: rule.stretch, style: rule.style };
            let unicode_range = Arc::from(rule.unicode_range.as_slice());
            let family = fonts.families.entry(rule.family.to_lowercase()).or_default();
            family.push(Member { traits, face, unicode_range });
        }
        fonts
    }

    /// The faces of a family by name (lower case), in the order of their rules.
    pub(crate) fn family(&self, name: &str) -> Option<&[Member]> {
        self.families.get(name).map(Vec::as_slice)
    }

    /// A face.
    pub(crate) fn face(&self, index: usize) -> Option<&Face> {
        self.faces.get(index)
    }
}

/// `local()`: the face with this full or PostScript name.
fn local_font(name: &str, local: &Collection) -> Option<Font> {
    let index = local.index();
    index.faces.get(index.unique(&name.to_lowercase())?)?.font().cloned()
}

/// Opens a TrueType, OpenType, WOFF or WOFF2 file, told apart by its first bytes as browsers do.
fn decode(bytes: &[u8]) -> Option<Font> {
    if bytes.len() > MAX_WEB_FONT_BYTES {
        return None;
    }
    let sfnt = match bytes.get(..4)? {
        b"wOF2" => {
            fits(bytes)?;
            wuff::decompress_woff2(bytes).ok()?
        }
        b"wOFF" => {
            fits(bytes)?;
            wuff::decompress_woff1(bytes).ok()?
        }
        _ => bytes.to_vec(),
    };
    // Without outlines or a character map it is of no use to text.
    Font::new(sfnt, 0).filter(|font| font.charmap().has_unicode() && font.num_glyphs() > 0)
}

/// Checks the size after decompression that a WOFF header states, before anything is allocated for it.
fn fits(woff: &[u8]) -> Option<()> {
    let total = woff.get(16..20)?.try_into().ok().map(u32::from_be_bytes)?;
    (total as usize <= MAX_WEB_FONT_BYTES).then_some(())
}
