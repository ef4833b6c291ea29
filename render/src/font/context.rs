//! [`FontContext`]: the fonts that a page can use, and the choice among them.

use std::sync::Arc;

use siskin_engine::css::font_face::FontFace;
use siskin_engine::css::values::FontStyle;
use siskin_engine::load::ResourceTable;
use siskin_engine::style::{Font as FontProperties, FontFamily};
use skrifa::Font;

use super::aliases;
use super::collection::{Collection, FontSource};
use super::face::{Face, FaceTraits, FontFile};
use super::fallback;
use super::id::{FaceIndex, FontId};
use super::matching::Query;
use super::web::WebFonts;

/// The fonts that a page can use: those of the machine (or of a folder, or of the program), and its web fonts.
/// Cheap to clone; the index of the collection is built at the first use and shared.
#[derive(Debug, Clone)]
pub struct FontContext {
    collection: Arc<Collection>,
    web: Arc<WebFonts>,
}

/// The fonts of one style in the order in which they are tried for each character.
#[derive(Debug, Clone, PartialEq)]
pub struct FontList {
    /// The entries; never empty unless not even a bundled font can be read.
    pub(crate) entries: Vec<FontListEntry>,
}

/// One font of a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FontListEntry {
    /// The font.
    pub(crate) font: FontId,
    /// The `unicode-range` that it is for, as inclusive ranges; empty for all.
    pub(crate) unicode_range: Arc<[(u32, u32)]>,
}

impl FontListEntry {
    /// Whether the entry may be used for `c` at all.
    pub(crate) fn admits(&self, c: char) -> bool {
        let c = u32::from(c);
        self.unicode_range.is_empty()
            || self.unicode_range.iter().any(|(from, to)| (*from..=*to).contains(&c))
    }
}

impl FontList {
    /// The first available font, from which a style's metrics come:
    /// <https://drafts.csswg.org/css-fonts-4/#first-available-font>.
    pub fn primary(&self) -> Option<FontId> {
        let first = self.entries.iter().find(|entry| entry.admits(' '));
        first.or(self.entries.last()).map(|entry| entry.font)
    }
}

impl FontContext {
    /// Whether the collection has a font with this full or PostScript name.
    pub(crate) fn has_unique(&self, name: &str) -> bool {
        self.collection.index().unique(&name.to_lowercase()).is_some()
    }

    /// The fonts of a source, without web fonts.
    pub fn new(source: FontSource) -> Self {
        Self { collection: Arc::new(Collection::new(source)), web: Arc::default() }
    }

    /// The same collection with the web fonts of a page that have arrived, in place of earlier ones.
    ///
    /// Faces whose sources are all missing, pending or broken are left out, so that the next name of a
    /// `font-family` list is used.
    pub fn with_web_fonts(&self, faces: &[FontFace], resources: &ResourceTable) -> Self {
        let web = WebFonts::load(faces, resources, self.collection.as_ref());
        Self { collection: Arc::clone(&self.collection), web: Arc::new(web) }
    }

    /// The fonts for a style, in the order in which they are tried for each character.
    pub fn font_list(&self, font: &FontProperties) -> FontList {
        let query = Query::new(font);
        let mut entries: Vec<FontListEntry> = Vec::new();
        for family in font.font_family.iter() {
            match family {
                FontFamily::Named(name) => self.add_named(&name.to_lowercase(), &query, &mut entries),
                FontFamily::Generic(generic) => {
                    let faces = self.collection.index().first_family(aliases::generic(*generic));
                    entries.extend(self.best_of(faces, &query));
                }
            }
        }
        let standard = self.collection.index().first_family(aliases::STANDARD);
        entries.extend(self.best_of(standard, &query));
        let mut seen = Vec::with_capacity(entries.len());
        entries.retain(|entry| {
            let new = !entry.unicode_range.is_empty() || !seen.contains(&entry.font);
            seen.push(entry.font);
            new
        });
        FontList { entries }
    }

    /// The first available font of a style.
    pub fn primary_font(&self, font: &FontProperties) -> Option<FontId> {
        self.font_list(font).primary()
    }

    /// Whether the font can be used: its bytes are there and are a font.
    pub fn is_available(&self, id: FontId) -> bool {
        self.face(id).is_some_and(|face| face.font().is_some())
    }

    /// A font of the machine that has a glyph for `c`, for text in `language` (BCP 47).
    ///
    /// As in Blink the regular face is taken, and what the style asks beyond that is synthesized.
    pub(crate) fn fallback(&self, c: char, emoji: bool, language: &str, query: &Query) -> Option<FontId> {
        let index = self.collection.index();
        let regular = Query { weight: 400.0, stretch: 1.0, style: FontStyle::Normal };
        let preferred = fallback::families(c, emoji, language).find_map(|name| {
            let font = self.best_of(index.family(name), &regular)?.font;
            self.covers(font, c).then_some(font)
        });
        let any = || {
            let covering = (0..index.faces.len()).filter(|face| index.faces[*face].covers(c));
            let covering: Vec<usize> = covering.take(fallback::MAX_CANDIDATES).collect();
            Some(self.best_of(&covering, &regular)?.font)
        };
        let mut font = preferred.or_else(any)?;
        if emoji {
            return Some(font);
        }
        if query.weight >= 600.0 {
            font = font.with_synthetic_bold();
        }
        if query.style != FontStyle::Normal {
            font = font.with_synthetic_oblique();
        }
        Some(font)
    }

    /// Whether the font has a glyph for `c`.
    pub(crate) fn covers(&self, id: FontId, c: char) -> bool {
        self.face(id).is_some_and(|face| face.covers(c))
    }

    /// The font's own glyph for `c`, before any substitution.
    pub(crate) fn nominal_glyph(&self, id: FontId, c: char) -> Option<u32> {
        self.face(id)?.glyph(c)
    }

    /// The opened font behind an id, at its place on its axes.
    pub(crate) fn instance(&self, id: FontId) -> Option<Font> {
        let font = self.face(id)?.font()?;
        if id.weight().is_none() && id.stretch().is_none() {
            return Some(font.clone());
        }
        // TODO(css-fonts-4 #font-optical-sizing-def): `opsz` follows the font size.
        let weight = id.weight().map(|weight| ("wght", weight));
        let stretch = id.stretch().map(|stretch| ("wdth", stretch * 100.0));
        Some(font.instance_builder().variations(weight.into_iter().chain(stretch)).build())
    }

    /// The file that the font is in, and its index in it.
    pub(crate) fn file(&self, id: FontId) -> Option<FontFile> {
        self.face(id)?.file()
    }

    /// Whether both stand on one collection, so that its [`FontId`]s mean the same in both.
    pub(crate) fn has_same_collection(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.collection, &other.collection)
    }

    /// Whether every [`FontId`] means the same in both.
    pub(crate) fn has_same_web_fonts(&self, other: &Self) -> bool {
        self.has_same_collection(other) && Arc::ptr_eq(&self.web, &other.web)
    }

    fn face(&self, id: FontId) -> Option<&Face> {
        match id.face() {
            FaceIndex::Collection(index) => self.collection.index().faces.get(index),
            FaceIndex::Web(index) => self.web.face(index),
        }
    }

    /// Adds the faces for a name: web fonts before fonts of the machine.
    fn add_named(&self, name: &str, query: &Query, entries: &mut Vec<FontListEntry>) {
        if let Some(family) = self.web.family(name) {
            // Faces that differ in their unicode-range only are one composite face; the last one wins.
            let Some(best) = query.best(family.iter().map(|member| &member.traits)) else { return };
            let traits = family[best].traits.clone();
            for member in family.iter().rev().filter(|member| member.traits == traits) {
                let Some(face) = self.web.face(member.face) else { continue };
                let id = FontId::new(FaceIndex::Web(member.face));
                // Blink, FontFace.cpp: a face that ends below 600 is emboldened for a request of 600 or more.
                let bold = query.weight >= 600.0 && traits.weight.1 < 600.0;
                let font = instance_id(id, &face.traits, &traits, query, bold);
                entries.push(FontListEntry { font, unicode_range: Arc::clone(&member.unicode_range) });
            }
            return;
        }
        entries.extend(self.best_of(self.collection.index().family(name), query));
    }

    /// The best of these faces of the collection.
    fn best_of(&self, faces: &[usize], query: &Query) -> Option<FontListEntry> {
        let all = &self.collection.index().faces;
        let best = query.best(faces.iter().filter_map(|face| all.get(*face)).map(|face| &face.traits))?;
        let face = *faces.get(best)?;
        let traits = &all.get(face)?.traits;
        // Blink, font_cache_linux.cc: emboldened when the request is more than 200 heavier than the face.
        let bold = query.weight > traits.weight.1 + 200.0 && query.weight >= 600.0;
        let font = instance_id(FontId::new(FaceIndex::Collection(face)), traits, traits, query, bold);
        Some(FontListEntry { font, unicode_range: Arc::from([]) })
    }
}

/// The instance of a face for a query: `axes` is what the font can do, `range` what it may do.
fn instance_id(id: FontId, axes: &FaceTraits, range: &FaceTraits, query: &Query, bold: bool) -> FontId {
    let mut id = id;
    if axes.weight.0 < axes.weight.1 {
        let weight = query.weight.max(range.weight.0).min(range.weight.1);
        id = id.with_weight(weight.max(axes.weight.0).min(axes.weight.1));
    }
    if axes.stretch.0 < axes.stretch.1 {
        let stretch = query.stretch.max(range.stretch.0).min(range.stretch.1);
        id = id.with_stretch(stretch.max(axes.stretch.0).min(axes.stretch.1));
    }
    // TODO(css-fonts-4 #font-synthesis): the properties that forbid synthesis.
    if bold {
        id = id.with_synthetic_bold();
    }
    if query.style != FontStyle::Normal && range.style == FontStyle::Normal {
        id = id.with_synthetic_oblique();
    }
    id
}
