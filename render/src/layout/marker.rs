//! Outside list markers: <https://drafts.csswg.org/css-lists-3/#markers>. Placed as Blink places them.

use std::sync::Arc;

use siskin_engine::css::values::{
    BorderStyle, Color, Direction, LengthPercentage, ListStyleType, TextTransform, TextWrapMode,
    WhiteSpaceCollapse,
};
use siskin_engine::style::{Background, BorderStyles, ComputedStyle, InheritedText, Sides};

use super::Layouter;
use super::block::{Contents, Inside};
use super::placed::{BoxParts, box_fragment};
use super::sizing::BoxEdges;
use crate::boxes::{Marker, MarkerContent};
use crate::fragments::{Fragment, FragmentKind, TextFragment};
use crate::geometry::{Edges, Lu, Point, Rect, Size};
use crate::text::{BaseDirection, ItemContent, Joint, LineStart, ShapedText, TextItem};

/// Blink's distance between a symbol and the text.
const SYMBOL_GAP: Lu = Lu::from_whole_px(8);

impl<'a> Layouter<'a> {
    /// Puts the marker beside the first line; an item without lines gets the height of one.
    pub(super) fn outside_marker(
        &self,
        marker: &'a Marker,
        inside: &Inside<'_>,
        contents: &mut Contents,
        children: &mut Vec<Fragment>,
    ) {
        let style = &marker.base.style;
        let (ascent, descent) = self.ascent_descent(style);
        let line = self.line_height(style);
        let baseline = contents.first_baseline.unwrap_or_else(|| {
            let leading = line - (ascent + descent);
            let baseline = Lu::from_whole_px((leading / 2).floor_px()) + ascent;
            contents.height = contents.height.max(line);
            contents.is_at_start = false;
            contents.first_baseline = Some(baseline);
            contents.last_baseline = contents.last_baseline.or(Some(baseline));
            baseline
        });
        let fragment = match &marker.content {
            MarkerContent::Text(text) => self.text_marker(marker, text),
            MarkerContent::Symbol(symbol) => Some(symbol_marker(marker, *symbol, ascent)),
            MarkerContent::Image(replaced) => {
                let natural = self.natural(style, replaced);
                let edges = BoxEdges::new(style, Lu::ZERO);
                let size = super::replaced::used_size(style, natural, &inside.cb, &edges);
                let parts = BoxParts {
                    border: Edges::default(),
                    padding: Edges::default(),
                    replaced: replaced.content.clone(),
                    is_inline: false,
                };
                let mut fragment = box_fragment(&marker.base, size, parts, Vec::new());
                fragment.rect.origin = Point::new(size.width + Lu::from_whole_px(7), -size.height);
                Some(fragment)
            }
        };
        // The fragment's origin is, so far: how far its left edge lies left of the text, and its top below the baseline.
        let Some(mut fragment) = fragment else { return };
        let distance = fragment.rect.origin.x;
        let x = match inside.style.text.direction {
            Direction::Ltr => -distance,
            Direction::Rtl => inside.cb.width + distance - fragment.rect.size.width,
        };
        fragment.rect.origin = inside.offset + Point::new(x, baseline + fragment.rect.origin.y);
        children.push(fragment);
    }

    fn text_marker(&self, marker: &Marker, text: &Arc<str>) -> Option<Fragment> {
        let style = &marker.base.style;
        let plain = InheritedText {
            white_space_collapse: WhiteSpaceCollapse::Preserve,
            text_wrap_mode: TextWrapMode::Nowrap,
            text_transform: TextTransform::None,
            ..InheritedText::clone(&style.text)
        };
        let style = Arc::new(ComputedStyle { text: Arc::new(plain), ..ComputedStyle::clone(style) });
        let cache = &mut *self.text.borrow_mut();
        let items = vec![TextItem {
            range: 0..text.len(),
            font: Arc::clone(&style.font),
            text: Arc::clone(&style.text),
            content: ItemContent::Text,
            joint: Joint::Joined,
        }];
        let base = BaseDirection::new(style.text.direction, style.box_.unicode_bidi);
        let shaped = ShapedText::new((**text).to_owned(), items, base, self.fonts, cache);
        let pieces = shaped.line(0..text.len(), LineStart::default(), self.fonts, cache);
        let width = Lu::from_px_ceil(pieces.iter().map(|piece| piece.width).sum());
        let mut pen = 0.0;
        let mut runs = Vec::new();
        for mut piece in pieces {
            piece.run.glyphs.iter_mut().for_each(|glyph| glyph.x += pen);
            pen += piece.width;
            runs.push(piece.run);
        }
        let font = cache.primary_font(self.fonts, &style.font);
        let metrics = cache.line_metrics(self.fonts, font, style.font.font_size);
        let (ascent, descent) = (Lu::from_px(metrics.ascent), Lu::from_px(metrics.descent));
        Some(Fragment {
            rect: Rect::new(width, -ascent, width, ascent + descent),
            node: marker.base.node,
            pseudo: marker.base.pseudo,
            style,
            kind: FragmentKind::Text(TextFragment { text: (**text).to_owned(), runs, baseline: ascent }),
            children: Vec::new(),
        })
    }
}

/// A disc, circle or square as a box with a background or border in the text's colour. Sizes are those of Blink's
/// `ListMarker::RelativeSymbolMarkerRect`, in whole px.
fn symbol_marker(marker: &Marker, symbol: ListStyleType, ascent: Lu) -> Fragment {
    let ascent = ascent.round_px();
    let extent = (ascent.saturating_mul(2) / 3).saturating_add(1) / 2;
    let offset = ascent.saturating_mul(2) / 3;
    let top = (ascent - offset).saturating_mul(3) / 2 - ascent;
    let style = &marker.base.style;
    let is_circle = symbol == ListStyleType::Circle;
    let half = LengthPercentage::Percentage(if symbol == ListStyleType::Square { 0.0 } else { 0.5 });
    let color = Color::Absolute(style.text.color);
    let width = if is_circle { 1.0 } else { 0.0 };
    let border = BorderStyles {
        border_width: Sides::all(width),
        border_style: Sides::all(if is_circle { BorderStyle::Solid } else { BorderStyle::None }),
        border_color: Sides::all(color),
        border_radius: std::array::from_fn(|_| (half.clone(), half.clone())),
        ..BorderStyles::clone(&style.border)
    };
    let background_color = if is_circle { Color::TRANSPARENT } else { color };
    let drawn = ComputedStyle {
        border: Arc::new(border),
        background: Arc::new(Background { background_color, ..Background::default() }),
        ..ComputedStyle::clone(style)
    };
    let base = crate::boxes::BoxBase { style: Arc::new(drawn), ..marker.base.clone() };
    let size = Size { width: Lu::from_whole_px(extent), height: Lu::from_whole_px(extent) };
    let edge = Lu::from_px(width);
    let parts = BoxParts {
        border: Edges { top: edge, right: edge, bottom: edge, left: edge },
        padding: Edges::default(),
        replaced: None,
        is_inline: false,
    };
    let mut fragment = box_fragment(&base, size, parts, Vec::new());
    let distance = Lu::from_whole_px(offset) + SYMBOL_GAP - Lu::from_whole_px(1);
    fragment.rect.origin = Point::new(distance, Lu::from_whole_px(top));
    fragment
}
