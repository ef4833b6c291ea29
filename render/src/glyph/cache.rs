//! Masks that were made before: [`GlyphCache`].

use std::collections::HashMap;
use std::sync::Arc;

use super::mask::{GlyphMask, Subpixel};
use super::outline::Outliner;
use crate::font::{FontContext, FontId};
use crate::limits::{MAX_CACHED_MASK_BYTES, MAX_FONT_SIZE, MAX_OUTLINERS};

/// The masks of glyphs, made when first asked for. Bounded: when it is full it starts anew. Belongs to the painter.
///
/// It may serve one page after another: a [`FontId`] names a web font of one page only, so the masks of web fonts are
/// forgotten when another page's fonts come, and those of the collection are kept.
#[derive(Debug, Default)]
pub struct GlyphCache {
    /// The fonts that the masks are of.
    fonts: Option<FontContext>,
    outliners: HashMap<(FontId, u32), Option<Outliner>>,
    masks: HashMap<MaskKey, Option<Arc<GlyphMask>>>,
    bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct MaskKey {
    font: FontId,
    size: u32,
    glyph: u32,
    subpixel: Subpixel,
}

impl GlyphCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// The coverage of a glyph at `size` device px per em, `subpixel` right of a whole pixel (see [`super::snap`]).
    /// `None` if there is nothing to draw: a space, a broken glyph, no such font.
    pub fn mask(
        &mut self,
        fonts: &FontContext,
        font: FontId,
        glyph: u32,
        size: f32,
        subpixel: Subpixel,
    ) -> Option<Arc<GlyphMask>> {
        if !(size > 0.0 && size <= MAX_FONT_SIZE) {
            return None;
        }
        self.serve(fonts);
        let key = MaskKey { font, size: size.to_bits(), glyph, subpixel };
        if let Some(found) = self.masks.get(&key) {
            return found.clone();
        }
        if self.bytes > MAX_CACHED_MASK_BYTES {
            self.masks.clear();
            self.bytes = 0;
        }
        if self.outliners.len() >= MAX_OUTLINERS {
            self.outliners.clear();
        }
        let outliner = self
            .outliners
            .entry((font, key.size))
            .or_insert_with(|| Some(Outliner::new(fonts.instance(font)?, font, size)));
        let mask = GlyphMask::draw(outliner.as_ref()?, glyph, subpixel).map(Arc::new);
        self.bytes += cost(&mask);
        self.masks.insert(key, mask.clone());
        mask
    }

    /// Forgets what is not of `fonts`.
    fn serve(&mut self, fonts: &FontContext) {
        let reach: fn(FontId) -> bool = match &self.fonts {
            Some(served) if served.has_same_web_fonts(fonts) => return,
            Some(served) if served.has_same_collection(fonts) => FontId::is_web_font,
            Some(_) => |_| true,
            None => |_| false,
        };
        self.fonts = Some(fonts.clone());
        self.outliners.retain(|(font, _), _| !reach(*font));
        self.masks.retain(|key, _| !reach(key.font));
        self.bytes = self.masks.values().map(cost).sum();
    }
}

/// What an entry counts for: the entry itself, and its mask.
fn cost(mask: &Option<Arc<GlyphMask>>) -> usize {
    96 + mask.as_ref().map_or(0, |mask| mask.coverage.len())
}
