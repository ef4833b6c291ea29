//! From a page's bytes to its document, as they arrive.
//!
//! - [`encoding`]: which characters the bytes stand for
//! - `selected_content`: the copy of the chosen option that a `select` shows
//! - `flatten`: how deep a node lies, and how a tree that grew too deep becomes flat again
//! - `sink`: the tree operations of html5ever and xml5ever on [`crate::dom`], with the cap on depth
//! - `nesting`: keeps html5ever's stack of open elements short
//! - `attributes`: keeps the attributes of a tag few
//! - `xml`: XML, by xml5ever
//! - `machine`: decoded text to a tree, in either syntax
//! - [`srcset`]: which of its candidates an image shows
//! - [`discover`]: what an element asks to be fetched
//! - [`form`]: what the submission of a form sends
//! - [`preload`]: the look-ahead scanner, ahead of the tree builder
//! - [`parser`]: [`HtmlParser`], fed chunk by chunk
//!
//! This folder is the door to `html5ever` and `xml5ever`; [`encoding`] is the door to `encoding_rs` and `chardetng`.

pub mod encoding;
mod flatten;
mod selected_content;
mod sink;
mod nesting;
mod attributes;
mod xml;
mod machine;
pub mod srcset;
pub mod discover;
pub mod form;
pub mod preload;
pub mod parser;

pub use crate::dom::Syntax;
pub use discover::{ElementRequest, element_request, resolve_url};
pub use parser::{HtmlParser, ParserOptions, parse_document, parse_fragment};
