//! Resolved values, as `getComputedStyle` shows them: <https://drafts.csswg.org/cssom-1/#resolved-values>.

use crate::css::computed::{ComputedStyle, Sides};
use crate::css::print::{Print, number};
use crate::css::properties::{LonghandId, PropertyId};
use crate::css::values::{Display, LengthPercentage, LineHeight, Margin, PositionProperty, Size};

/// The used values of a box, in CSS px: render makes them. `None` is what it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct UsedBox {
    /// The content box's width, or the border box's where `box-sizing` says so.
    pub width: Option<f32>,
    /// The content box's height, or the border box's where `box-sizing` says so.
    pub height: Option<f32>,
    /// The margins.
    pub margin: Option<Sides<f32>>,
    /// The paddings.
    pub padding: Option<Sides<f32>>,
    /// The insets of a positioned box.
    pub inset: Option<Sides<f32>>,
    /// The line height, unless it is `normal`.
    pub line_height: Option<f32>,
}

/// The names that [`serialize`] knows: Chromium's longhands that are ours too.
pub fn known_longhands() -> Vec<&'static str> {
    let mut names: Vec<&str> = LonghandId::PHYSICAL
        .iter()
        .filter(|id| !matches!(id, LonghandId::BackgroundPositionX | LonghandId::BackgroundPositionY))
        .map(|id| id.name())
        .collect();
    names.extend(crate::css::properties::logical::LOGICAL.iter().map(|row| row.name));
    names.extend(["background-position", "text-decoration"]);
    names.sort_unstable();
    names
}

/// The resolved value of a longhand (and of the two shorthands that Chromium lists among them). `None` when the name
/// is not known. Without `used` (an element without a box) layout-dependent ones are their computed values.
pub fn serialize(name: &str, style: &ComputedStyle, used: Option<&UsedBox>) -> Option<String> {
    let mut out = String::new();
    match name {
        "background-position" => {
            background_position(style, &mut out);
            return Some(out);
        }
        "text-decoration" => {
            text_decoration(style, &mut out);
            return Some(out);
        }
        _ => {}
    }
    let PropertyId::Longhand(id) = PropertyId::from_name(name)? else { return None };
    let id = id.to_physical(style.text.direction).unwrap_or(id);
    if let Some(px) = used.and_then(|used| used_px(id, style, used)) {
        number(px, &mut out);
        out.push_str("px");
        return Some(out);
    }
    match id {
        // `auto` is zero but for items of flex and grid containers, which the style of one element does not tell.
        LonghandId::MinWidth if style.size.min_width == Size::Auto => out.push_str("0px"),
        LonghandId::MinHeight if style.size.min_height == Size::Auto => out.push_str("0px"),
        LonghandId::LineHeight => match style.font.line_height {
            LineHeight::Normal => out.push_str("normal"),
            other => other.print(&mut out, style),
        },
        _ => id.print(style, &mut out),
    }
    Some(out)
}

/// The used value where the property has one: <https://drafts.csswg.org/cssom-1/#resolved-value>.
fn used_px(id: LonghandId, style: &ComputedStyle, used: &UsedBox) -> Option<f32> {
    use LonghandId as L;
    let is_inline = style.box_.display == Display::Inline;
    match id {
        L::Width if !is_inline => used.width,
        L::Height if !is_inline => used.height,
        L::MarginTop => used.margin.map(|m| m.top),
        L::MarginRight => used.margin.map(|m| m.right),
        L::MarginBottom => used.margin.map(|m| m.bottom),
        L::MarginLeft => used.margin.map(|m| m.left),
        L::PaddingTop => used.padding.map(|p| p.top),
        L::PaddingRight => used.padding.map(|p| p.right),
        L::PaddingBottom => used.padding.map(|p| p.bottom),
        L::PaddingLeft => used.padding.map(|p| p.left),
        L::Top | L::Right | L::Bottom | L::Left if style.box_.position != PositionProperty::Static => {
            let sides = used.inset?;
            Some(match id {
                L::Top => sides.top,
                L::Right => sides.right,
                L::Bottom => sides.bottom,
                _ => sides.left,
            })
        }
        L::LineHeight if style.font.line_height != LineHeight::Normal => used.line_height,
        _ => None,
    }
}

/// Whether the resolved value is the same without a box: what style alone can be compared with.
pub fn is_layout_independent(id: LonghandId, style: &ComputedStyle) -> bool {
    use LonghandId as L;
    let id = id.to_physical(style.text.direction).unwrap_or(id);
    let fixed = |value: &LengthPercentage| matches!(value, LengthPercentage::Length(_));
    let margin = |value: &Margin| matches!(value, Margin::LengthPercentage(v) if fixed(v));
    let size = &style.size;
    match id {
        L::Width | L::Height | L::Top | L::Right | L::Bottom | L::Left => false,
        L::MinWidth => size.min_width != Size::Auto,
        L::MinHeight => size.min_height != Size::Auto,
        L::MarginTop => margin(&size.margin.top),
        L::MarginRight => margin(&size.margin.right),
        L::MarginBottom => margin(&size.margin.bottom),
        L::MarginLeft => margin(&size.margin.left),
        L::PaddingTop => fixed(&size.padding.top),
        L::PaddingRight => fixed(&size.padding.right),
        L::PaddingBottom => fixed(&size.padding.bottom),
        L::PaddingLeft => fixed(&size.padding.left),
        _ => true,
    }
}

fn background_position(style: &ComputedStyle, out: &mut String) {
    let lists = &style.background.lists;
    let count = lists.position_x.len().max(lists.position_y.len()).max(lists.image.len());
    for index in 0..count {
        let (Some(x), Some(y)) = (
            lists.position_x.get(index % lists.position_x.len().max(1)),
            lists.position_y.get(index % lists.position_y.len().max(1)),
        ) else {
            return;
        };
        out.push_str(if index > 0 { ", " } else { "" });
        x.print(out, style);
        out.push(' ');
        y.print(out, style);
    }
}

/// The shortest form: what is initial is left out.
fn text_decoration(style: &ComputedStyle, out: &mut String) {
    use crate::css::values::{Color, TextDecorationStyle};
    let misc = &style.misc;
    misc.text_decoration_line.print(out, style);
    if let Some(px) = misc.text_decoration_thickness {
        out.push(' ');
        number(px, out);
        out.push_str("px");
    }
    if misc.text_decoration_style != TextDecorationStyle::Solid {
        out.push(' ');
        misc.text_decoration_style.print(out, style);
    }
    if misc.text_decoration_color != Color::CurrentColor {
        out.push(' ');
        misc.text_decoration_color.print(out, style);
    }
}
