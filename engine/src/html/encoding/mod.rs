//! Which characters a page's bytes stand for: the door to `encoding_rs` and `chardetng`.
//!
//! - `labels`: what an encoding's label means in a `meta` element and in a URL
//! - `prescan`: the search for a `meta` element in the first bytes
//! - `xml_declaration`: the encoding that an XML document names in its first line
//! - [`decoder`]: bytes as text, while they arrive

mod labels;
mod prescan;
mod xml_declaration;
pub mod decoder;

pub use decoder::{EncodingSource, PageDecoder, Utf8Guess};
pub use labels::decode_labelled;
pub(super) use labels::{contradicts, encode_form_text, form_encoding, resolve_with_encoding};
