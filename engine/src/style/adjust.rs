//! What the specifications change after the cascade: values that depend on other values of the same element.

use std::sync::Arc;

use crate::css::computed::ComputedStyle;
use crate::css::values::{BorderStyle, Display, Float, Overflow, TextAlign};
use crate::dom::{ElementData, local_name, ns};

/// Where an element stands, as far as its display depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// The root element.
    Root,
    /// A child of a flex or grid container.
    Item,
    /// Anywhere else.
    Flow,
}

/// The place of a child of an element with that style.
pub(super) fn place_in(parent: &ComputedStyle) -> Place {
    match parent.box_.display {
        Display::Flex
        | Display::InlineFlex
        | Display::Grid
        | Display::InlineGrid
        | Display::WebkitBox
        | Display::WebkitInlineBox => Place::Item,
        _ => Place::Flow,
    }
}

/// Applies all adjustments.
pub(super) fn adjust(style: &mut ComputedStyle, place: Place) {
    display(style, place);
    overflow(style);
    borders(style);
    let layers = style.background.lists.layers();
    if layers != style.background.layers {
        Arc::make_mut(&mut style.background).layers = layers;
    }
}

/// <https://drafts.csswg.org/css-display-4/#transformations>, <https://drafts.csswg.org/css2/#dis-pos-flo>
fn display(style: &mut ComputedStyle, place: Place) {
    let original = style.box_.display;
    let mut float = style.box_.float;
    if style.is_absolutely_positioned() {
        float = Float::None;
    }
    let blockifies = style.is_absolutely_positioned() || float != Float::None || place != Place::Flow;
    let mut display = original;
    if blockifies {
        display = blockified(original);
    }
    if place == Place::Root && original == Display::Contents {
        display = Display::Block;
    }
    let box_ = &style.box_;
    if box_.display != display || box_.original_display != original || box_.float != float {
        let box_ = Arc::make_mut(&mut style.box_);
        box_.original_display = original;
        box_.display = display;
        box_.float = float;
    }
}

/// <https://drafts.csswg.org/css-display-4/#blockify>
const fn blockified(display: Display) -> Display {
    match display {
        Display::Inline | Display::InlineBlock | Display::Ruby | Display::RubyText => Display::Block,
        Display::InlineFlex => Display::Flex,
        Display::InlineGrid => Display::Grid,
        Display::InlineTable => Display::Table,
        Display::WebkitInlineBox => Display::WebkitBox,
        Display::TableRowGroup
        | Display::TableHeaderGroup
        | Display::TableFooterGroup
        | Display::TableRow
        | Display::TableCell
        | Display::TableColumnGroup
        | Display::TableColumn
        | Display::TableCaption => Display::Block,
        other => other,
    }
}

/// <https://drafts.csswg.org/css-overflow-3/#overflow-properties>: where one axis scrolls, `visible` and `clip` do not hold.
fn overflow(style: &mut ComputedStyle) {
    let (x, y) = (style.box_.overflow_x, style.box_.overflow_y);
    let scrolls = |o: Overflow| !matches!(o, Overflow::Visible | Overflow::Clip);
    if scrolls(x) == scrolls(y) {
        return;
    }
    let fixed = |o: Overflow| match o {
        Overflow::Visible => Overflow::Auto,
        Overflow::Clip => Overflow::Hidden,
        other => other,
    };
    let box_ = Arc::make_mut(&mut style.box_);
    box_.overflow_x = fixed(x);
    box_.overflow_y = fixed(y);
}

/// Borders without a style have no width.
fn borders(style: &mut ComputedStyle) {
    let border = &style.border;
    let none = |s: BorderStyle| matches!(s, BorderStyle::None | BorderStyle::Hidden);
    let mut widths = border.border_width;
    for (width, line) in [
        (&mut widths.top, border.border_style.top),
        (&mut widths.right, border.border_style.right),
        (&mut widths.bottom, border.border_style.bottom),
        (&mut widths.left, border.border_style.left),
    ] {
        if none(line) {
            *width = 0.0;
        }
    }
    if widths != border.border_width {
        Arc::make_mut(&mut style.border).border_width = widths;
    }
}

/// Form controls are never inline boxes that lines could break, whatever the page says: as Chromium has it.
pub(super) fn form_control(style: &mut ComputedStyle, data: &ElementData) {
    let is_control = *data.namespace() == ns!(html)
        && matches!(&**data.local_name(), "input" | "button" | "select" | "textarea" | "meter" | "progress");
    if is_control && style.box_.display == Display::Inline {
        Arc::make_mut(&mut style.box_).display = Display::InlineBlock;
    }
}

/// The computed values of `text-align` that depend on the parent: `match-parent`, and a header cell's own centre.
pub(super) fn text_align(style: &mut ComputedStyle, parent: &ComputedStyle, data: &ElementData) {
    let inherited = parent.text.text_align;
    let resolved = match style.text.text_align {
        TextAlign::MatchParent => match inherited {
            TextAlign::Start if parent.text.direction == crate::css::values::Direction::Rtl => {
                TextAlign::Right
            }
            TextAlign::Start => TextAlign::Left,
            TextAlign::End if parent.text.direction == crate::css::values::Direction::Rtl => TextAlign::Left,
            TextAlign::End => TextAlign::Right,
            other => other,
        },
        // Centred unless the row or table says otherwise.
        TextAlign::InternalCenter if inherited == TextAlign::Start => TextAlign::Center,
        TextAlign::InternalCenter => inherited,
        other => other,
    };
    let resolved = if data.is_html(&local_name!("li")) && style.text.text_align == TextAlign::MatchParent {
        // DEVIATION: Chromium keeps `start` and `end` of the parent as they are for list items.
        inherited
    } else {
        resolved
    };
    if resolved != style.text.text_align {
        Arc::make_mut(&mut style.text).text_align = resolved;
    }
}
