//! Text in SVG images, set in the fonts of the page.

use std::sync::Arc;

use resvg::usvg::fontdb::{Database, FaceInfo, ID, Language, Source, Stretch, Style, Weight};
use resvg::usvg::{
    Font as SvgFont, FontFamily as SvgFamily, FontResolver, FontStretch, FontStyle as SvgStyle,
};
use siskin_engine::css::values::FontStyle;
use siskin_engine::style::{Font, FontFamily, GenericFamily};

use crate::font::{FontContext, FontId, Query};

/// Answers for the fonts that a file names as the page's own text would be answered.
pub(super) fn resolver(fonts: &FontContext) -> FontResolver<'_> {
    FontResolver {
        select_font: Box::new(move |wanted, known| {
            let id = fonts.primary_font(&properties(wanted))?;
            face(fonts, id, wanted.weight(), wanted.style(), known)
        }),
        select_fallback: Box::new(move |c, used, known| {
            let base = known.face(*used.first()?)?;
            let style = if base.style == Style::Normal { FontStyle::Normal } else { FontStyle::Italic };
            let query = Query { weight: f32::from(base.weight.0), stretch: 1.0, style };
            let (weight, style) = (base.weight.0, svg_style(base.style));
            let id = fonts.fallback(c, false, "", &query)?;
            face(fonts, id, weight, style, known).filter(|id| !used.contains(id))
        }),
    }
}

fn properties(wanted: &SvgFont) -> Font {
    let family = |family: &SvgFamily| match family {
        SvgFamily::Serif => FontFamily::Generic(GenericFamily::Serif),
        SvgFamily::SansSerif => FontFamily::Generic(GenericFamily::SansSerif),
        SvgFamily::Cursive => FontFamily::Generic(GenericFamily::Cursive),
        SvgFamily::Fantasy => FontFamily::Generic(GenericFamily::Fantasy),
        SvgFamily::Monospace => FontFamily::Generic(GenericFamily::Monospace),
        SvgFamily::Named(name) => FontFamily::Named(name.as_str().into()),
    };
    Font {
        font_family: wanted.families().iter().map(family).collect(),
        font_weight: f32::from(wanted.weight()),
        font_style: match wanted.style() {
            SvgStyle::Normal => FontStyle::Normal,
            SvgStyle::Italic | SvgStyle::Oblique => FontStyle::Italic,
        },
        font_stretch: match wanted.stretch() {
            FontStretch::UltraCondensed => 0.5,
            FontStretch::ExtraCondensed => 0.625,
            FontStretch::Condensed => 0.75,
            FontStretch::SemiCondensed => 0.875,
            FontStretch::Normal => 1.0,
            FontStretch::SemiExpanded => 1.125,
            FontStretch::Expanded => 1.25,
            FontStretch::ExtraExpanded => 1.5,
            FontStretch::UltraExpanded => 2.0,
        },
        ..Font::default()
    }
}

/// The face of `id` in the library's own collection, put there when it is first wanted.
fn face(
    fonts: &FontContext,
    id: FontId,
    weight: u16,
    style: SvgStyle,
    known: &mut Arc<Database>,
) -> Option<ID> {
    let name = format!("siskin-{}-{weight}-{style:?}", id.0);
    if let Some(face) = known.faces().find(|face| face.post_script_name == name) {
        return Some(face.id);
    }
    let (bytes, index) = fonts.file(id)?;
    let style = match style {
        SvgStyle::Normal => Style::Normal,
        SvgStyle::Italic => Style::Italic,
        SvgStyle::Oblique => Style::Oblique,
    };
    let info = FaceInfo {
        id: ID::dummy(),
        source: Source::Binary(bytes),
        index,
        families: vec![(name.clone(), Language::English_UnitedStates)],
        post_script_name: name,
        style,
        weight: Weight(weight),
        stretch: Stretch::Normal,
        monospaced: false,
    };
    Some(Arc::make_mut(known).push_face_info(info))
}

fn svg_style(style: Style) -> SvgStyle {
    match style {
        Style::Normal => SvgStyle::Normal,
        Style::Italic => SvgStyle::Italic,
        Style::Oblique => SvgStyle::Oblique,
    }
}
