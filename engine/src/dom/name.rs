//! Interned names: the door to `web_atoms`.

pub use web_atoms::{LocalName, Namespace, Prefix, local_name, ns};

/// A qualified name: <https://www.w3.org/TR/xml-names/#dt-qualname>.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QualName {
    /// The prefix as written, of no weight in comparisons by namespace.
    pub prefix: Option<Prefix>,
    /// The namespace.
    pub ns: Namespace,
    /// The local name.
    pub local: LocalName,
}

impl QualName {
    /// A name without prefix.
    pub const fn new(ns: Namespace, local: LocalName) -> Self {
        Self { prefix: None, ns, local }
    }

    /// An attribute's name in no namespace.
    pub const fn attribute(local: LocalName) -> Self {
        Self::new(ns!(), local)
    }
}
