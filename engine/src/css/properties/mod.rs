//! The properties: one table of longhands, one of shorthands, and what is made from them.
//!
//! - [`table`]: **the property table**. A longhand's name, group and field, initial value, parser and printer stand in one
//!   row; [`LonghandId`], [`Value`], parsing, application, inheritance and printing are made from the rows
//! - [`logical`]: flow-relative longhands, which stand for physical ones
//! - [`shorthand`]: the table of shorthands and the shapes that their grammars share
//! - [`background`], [`font_shorthand`], [`grid_shorthand`]: shorthands with a grammar of their own
//! - [`declaration`]: `name: value` as a rule holds it
//!
//! To add a longhand: a field in [`super::computed`], a row in the table, and a parser in [`super::specified`] if none there fits.

pub mod background;
pub mod declaration;
pub mod font_shorthand;
pub mod grid_shorthand;
pub mod logical;
pub mod shorthand;
pub mod table;

pub use declaration::{
    Declaration, DeclarationBlock, Importance, Unparsed, WideKeyword, parse_block, parse_declaration,
};
pub use shorthand::ShorthandId;
pub use table::{LonghandId, Value, initial_style};

/// A property that is not custom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PropertyId {
    /// A longhand.
    Longhand(LonghandId),
    /// A shorthand.
    Shorthand(ShorthandId),
    /// `all`
    All,
}

impl PropertyId {
    /// The property of a name in any case; aliases (`-webkit-box-sizing`, `word-wrap`) find what they stand for.
    pub fn from_name(name: &str) -> Option<Self> {
        if let Some(longhand) = LonghandId::from_name(name) {
            return Some(Self::Longhand(longhand));
        }
        if let Some(shorthand) = ShorthandId::from_name(name) {
            return Some(Self::Shorthand(shorthand));
        }
        if name.eq_ignore_ascii_case("all") {
            return Some(Self::All);
        }
        alias(name).and_then(Self::from_name)
    }
}

/// What an alias stands for: <https://compat.spec.whatwg.org/#css-simple-aliases>.
fn alias(name: &str) -> Option<&'static str> {
    use cssparser::match_ignore_ascii_case;
    Some(match_ignore_ascii_case! { name,
        "word-wrap" => "overflow-wrap",
        "grid-gap" => "gap",
        "grid-row-gap" => "row-gap",
        "grid-column-gap" => "column-gap",
        "-webkit-align-content" => "align-content",
        "-webkit-align-items" => "align-items",
        "-webkit-align-self" => "align-self",
        "-webkit-justify-content" => "justify-content",
        "-webkit-order" => "order",
        "-webkit-flex" => "flex",
        "-webkit-flex-basis" => "flex-basis",
        "-webkit-flex-direction" => "flex-direction",
        "-webkit-flex-flow" => "flex-flow",
        "-webkit-flex-grow" => "flex-grow",
        "-webkit-flex-shrink" => "flex-shrink",
        "-webkit-flex-wrap" => "flex-wrap",
        "-webkit-box-sizing" => "box-sizing",
        "-webkit-box-shadow" => "box-shadow",
        "-webkit-background-size" => "background-size",
        "-webkit-background-clip" => "background-clip",
        "-webkit-background-origin" => "background-origin",
        "-webkit-border-radius" => "border-radius",
        "-webkit-border-top-left-radius" => "border-top-left-radius",
        "-webkit-border-top-right-radius" => "border-top-right-radius",
        "-webkit-border-bottom-left-radius" => "border-bottom-left-radius",
        "-webkit-border-bottom-right-radius" => "border-bottom-right-radius",
        "-webkit-opacity" => "opacity",
        "-webkit-margin-start" => "margin-inline-start",
        "-webkit-margin-end" => "margin-inline-end",
        "-webkit-margin-before" => "margin-block-start",
        "-webkit-margin-after" => "margin-block-end",
        "-webkit-padding-start" => "padding-inline-start",
        "-webkit-padding-end" => "padding-inline-end",
        "-webkit-padding-before" => "padding-block-start",
        "-webkit-padding-after" => "padding-block-end",
        "-webkit-border-start" => "border-inline-start",
        "-webkit-border-end" => "border-inline-end",
        "-webkit-border-before" => "border-block-start",
        "-webkit-border-after" => "border-block-end",
        "-webkit-user-select" => "user-select",
        "-webkit-appearance" => "appearance",
        "-webkit-hyphens" => "hyphens",
        "-webkit-line-break" => "line-break",
        "-webkit-column-count" => "column-count",
        "-webkit-column-width" => "column-width",
        "-webkit-column-gap" => "column-gap",
        "-webkit-column-rule" => "column-rule",
        "-webkit-columns" => "columns",
        "-webkit-backface-visibility" => "backface-visibility",
        "-webkit-transform-style" => "transform-style",
        "-webkit-print-color-adjust" => "print-color-adjust",
        "-webkit-box-decoration-break" => "box-decoration-break",
        "page-break-after" => "break-after",
        "page-break-before" => "break-before",
        "page-break-inside" => "break-inside",
        "-webkit-logical-width" => "inline-size",
        "-webkit-logical-height" => "block-size",
        _ => return None,
    })
}
