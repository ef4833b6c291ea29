//! Which font shows which characters: the fonts of a style, then those of the machine.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use siskin_engine::style::Font as FontProperties;

use super::emoji;
use crate::font::{FontContext, FontId, FontList, Query};
use crate::limits::{MAX_CACHED_FALLBACKS, MAX_CACHED_FONT_LISTS};

/// The fonts of a style, resolved.
#[derive(Debug, Clone)]
pub(crate) struct StyleFonts {
    list: FontList,
    /// The first available font.
    pub(crate) primary: FontId,
    /// Which ASCII characters the first entry has and is for.
    ascii: u128,
    query: Query,
}

/// A character, whether it is an emoji, the language, and the bits of weight, stretch and slope.
type FallbackKey = (char, bool, Arc<str>, [u32; 3]);

/// Remembers the fonts of styles and of characters that they lack.
#[derive(Debug, Default)]
pub(crate) struct FontChoice {
    /// By address; the value keeps the style alive, so that an address cannot come to mean another style.
    lists: HashMap<usize, (Arc<FontProperties>, Arc<StyleFonts>)>,
    fallbacks: HashMap<FallbackKey, Option<FontId>>,
}

/// A stretch of text in one font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FontRun {
    /// Byte offsets in the paragraph.
    pub(crate) range: Range<usize>,
    /// The font.
    pub(crate) font: FontId,
}

impl FontChoice {
    /// The fonts of a style.
    pub(crate) fn style_fonts(
        &mut self,
        fonts: &FontContext,
        style: &Arc<FontProperties>,
    ) -> Arc<StyleFonts> {
        let address = Arc::as_ptr(style) as usize;
        if let Some((_, found)) = self.lists.get(&address) {
            return Arc::clone(found);
        }
        let list = fonts.font_list(style);
        let mut ascii = 0u128;
        if let Some(first) = list.entries.first() {
            for c in ' '..='~' {
                if first.admits(c) && fonts.covers(first.font, c) {
                    ascii |= 1 << u32::from(c);
                }
            }
        }
        let primary = list.primary().unwrap_or(FontId(0));
        let resolved = Arc::new(StyleFonts { list, primary, ascii, query: Query::new(style) });
        if self.lists.len() >= MAX_CACHED_FONT_LISTS {
            self.lists.clear();
        }
        self.lists.insert(address, (Arc::clone(style), Arc::clone(&resolved)));
        resolved
    }

    /// Splits `text[range]` by font. The unit is a character with all marks and joiners that follow it.
    pub(crate) fn runs(
        &mut self,
        fonts: &FontContext,
        style: &StyleFonts,
        language: &Arc<str>,
        text: &str,
        range: Range<usize>,
    ) -> Vec<FontRun> {
        let mut runs: Vec<FontRun> = Vec::new();
        let slice = text.get(range.clone()).unwrap_or_default();
        let mut rest = slice;
        while let Some(base) = rest.chars().next() {
            let at = range.start + (slice.len() - rest.len());
            let length = unit_length(rest);
            let unit = &rest[..length];
            rest = &rest[length..];
            let font = if length == 1 && style.ascii >> u32::from(base) & 1 == 1 {
                style.list.entries[0].font
            } else {
                self.font_for(fonts, style, language, base, unit)
            };
            match runs.last_mut() {
                Some(run) if run.font == font => run.range.end = at + length,
                _ => runs.push(FontRun { range: at..at + length, font }),
            }
        }
        runs
    }

    fn font_for(
        &mut self,
        fonts: &FontContext,
        style: &StyleFonts,
        language: &Arc<str>,
        base: char,
        unit: &str,
    ) -> FontId {
        let emoji = emoji::is_emoji(unit);
        if !emoji && shows_nothing(base) {
            return style.primary;
        }
        let candidates = || style.list.entries.iter().filter(|entry| entry.admits(base));
        let whole = candidates()
            .find(|entry| unit.chars().all(|c| shows_nothing(c) || fonts.covers(entry.font, c)))
            .or_else(|| candidates().find(|entry| fonts.covers(entry.font, base)));
        if let Some(entry) = whole {
            return entry.font;
        }
        let query = style.query;
        let bits = [query.weight.to_bits(), query.stretch.to_bits(), query.style as u32];
        let key = (base, emoji, Arc::clone(language), bits);
        if self.fallbacks.len() >= MAX_CACHED_FALLBACKS {
            self.fallbacks.clear();
        }
        let found =
            self.fallbacks.entry(key).or_insert_with(|| fonts.fallback(base, emoji, language, &query));
        found.unwrap_or(style.primary)
    }
}

/// The length of a character and of all that must be shown in its font.
fn unit_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    let Some((_, base)) = chars.next() else { return 0 };
    let mut joined = false;
    let mut flag = emoji::is_regional_indicator(base);
    for (offset, c) in chars {
        let extends = joined || emoji::extends(c) || flag && emoji::is_regional_indicator(c);
        if !extends {
            return offset;
        }
        flag &= !emoji::is_regional_indicator(c);
        joined = c == '\u{200d}' && !base.is_alphabetic();
    }
    text.len()
}

/// Characters that any font can show, because nothing is shown.
const fn shows_nothing(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
