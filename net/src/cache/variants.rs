//! The variants that stand under one key: how a new response goes among them.

use std::sync::Arc;

use super::entry::Stored;
use super::policy::{combine, is_same_selection};
use crate::limits::MAX_CACHE_VARIANTS;

/// What became of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stow {
    /// It is among the variants, alone or made one with a part that was there.
    Kept,
    /// Nothing is left to store.
    Dropped,
}

/// Puts `new` in place of the variant that the same requests choose; a part is made one with the part that is
/// there. The newest stand last, and the oldest goes when there are too many.
pub(super) fn stow(variants: &mut Vec<Arc<Stored>>, new: Arc<Stored>) -> Stow {
    let same = variants.iter().position(|old| is_same_selection(&old.varied, &new.varied));
    let old = same.map(|at| variants.remove(at));
    let combined = old.as_ref().and_then(|old| combine(old, &new));
    variants.push(combined.map_or(new, Arc::new));
    if variants.len() > MAX_CACHE_VARIANTS {
        variants.remove(0);
    }
    if variants.is_empty() { Stow::Dropped } else { Stow::Kept }
}
