//! Every bound that the engine sets to what a page may ask of it, by name.
//!
//! A page that goes past a bound is cut or flattened there, and a [`crate::Diagnostic`] says so.

/// How many elements deep the parser's tree may grow, `html` counting 1. An element that would lie deeper
/// becomes the next sibling at this depth. Chromium's `kMaximumHTMLParserDOMTreeDepth` is 512 and gives trees of
/// depth 513.
pub const MAX_TREE_DEPTH: usize = 513;

/// How many nodes the parser makes. What comes after is left unparsed.
pub const MAX_NODES: usize = 4_000_000;

/// How many diagnostics one document keeps; the number of the others is told in one more.
pub const MAX_DOCUMENT_DIAGNOSTICS: usize = 100;

/// How many nodes of a `select` are searched for its `selectedcontent`.
pub const MAX_SELECTED_CONTENT_SEARCH: usize = 1000;
