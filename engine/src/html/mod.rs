//! HTML: from bytes to a [`crate::dom::Document`].
