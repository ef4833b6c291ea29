//! The document tree: an arena of nodes with generational ids, and one way to change it.
//!
//! - [`name`]: interned names
//! - [`text`]: character data
//! - [`node`]: what a node is
//! - [`element`]: attributes, id, classes
//! - [`tree`]: the arena, [`NodeId`], links and how to walk them
//! - [`mutate`]: the only way to change a tree, used by the parser and later by scripts
//! - [`document`]: the tree with its URL, encoding and mode
//! - [`serialize`]: a tree as HTML, and as an indented dump
//! - [`rcdom`]: from a tree of `markup5ever_rcdom`
//!
//! Invariants (checked by [`Document::check_invariants`]): links are symmetric; a node has at most one
//! parent; the root is the only [`NodeData::Document`] without a parent; template contents hang from their
//! element's [`ElementData::template_contents`] and are no children; ids of removed nodes never come back.

mod direction;
pub mod document;
pub mod element;
pub mod mutate;
pub mod name;
pub mod node;
pub mod rcdom;
pub mod serialize;
pub mod text;
pub mod tree;

pub(crate) use direction::first_strong_is_rtl;
pub use document::{Document, QuirksMode, Syntax};
pub use element::{Attribute, ElementData};
pub use name::{LocalName, Namespace, Prefix, QualName, local_name, ns};
pub use node::{Doctype, Node, NodeData, ProcessingInstruction};
pub use text::Text;
pub use tree::NodeId;
