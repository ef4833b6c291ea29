//! Reading a font file's own description: how many faces it has, their names and traits.

use read_fonts::model::attribute::Style;
use read_fonts::model::{Blob, Font};

use read_fonts::model::name::NameId;
use siskin_engine::css::values::FontStyle;

use super::face::FaceTraits;
use crate::limits::{MAX_FACES_PER_FILE, MAX_NAMES};

/// What a face says of itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Description {
    /// Its index in the file.
    pub(crate) index: u32,
    /// Its family names, lower case: typographic and legacy, in every language.
    pub(crate) families: Vec<String>,
    /// Its full and PostScript names, lower case: what `local()` matches.
    pub(crate) unique_names: Vec<String>,
    /// Its traits.
    pub(crate) traits: FaceTraits,
}

/// Describes every face in the bytes of a font file; empty if it is none.
pub(crate) fn describe(blob: &Blob) -> Vec<Description> {
    (0..MAX_FACES_PER_FILE as u32)
        .map_while(|index| Font::new(blob.clone(), index).map(|font| description(&font, index)))
        .collect()
}

fn description(font: &Font, index: u32) -> Description {
    let families = names(font, &[NameId::TYPOGRAPHIC_FAMILY_NAME, NameId::FAMILY_NAME]);
    let unique_names = names(font, &[NameId::FULL_NAME, NameId::POSTSCRIPT_NAME]);
    Description { index, families, unique_names, traits: traits(font) }
}

/// The traits of a font: from its `OS/2` table and, where it varies, from its axes.
pub(crate) fn traits(font: &Font) -> FaceTraits {
    let attributes = font.default_attributes();
    let mut traits = FaceTraits::REGULAR;
    let weight = attributes.weight.value().clamp(1.0, 1000.0);
    traits.weight = axis_range(font, "wght").unwrap_or((weight, weight));
    let stretch = attributes.width.ratio();
    traits.stretch =
        axis_range(font, "wdth").map_or((stretch, stretch), |(from, to)| (from / 100.0, to / 100.0));
    traits.style = match attributes.style {
        Style::Normal => FontStyle::Normal,
        Style::Italic => FontStyle::Italic,
        Style::Oblique(_) => FontStyle::Oblique,
    };
    traits
}

/// The user-space range of an axis.
pub(crate) fn axis_range(font: &Font, tag: &str) -> Option<(f32, f32)> {
    let axis = font.axes().iter().find(|axis| axis.tag() == tag)?;
    (axis.min_value() <= axis.max_value()).then(|| (axis.min_value(), axis.max_value()))
}

fn names(font: &Font, ids: &[NameId]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for id in ids {
        let Some(name) = font.names().get(*id) else { continue };
        for localized in name.iter().take(MAX_NAMES) {
            let text = localized.name().to_string().to_lowercase();
            if !text.is_empty() && !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found
}
