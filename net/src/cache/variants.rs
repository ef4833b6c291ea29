//! The variants that stand under one key: how a new response goes among them.

use std::sync::Arc;

use super::entry::Stored;
use super::policy::{combine, is_same_selection};
use crate::limits::MAX_CACHE_VARIANTS;

/// Puts `new` in place of the variant that the same requests choose; a part is made one with the part that is there.
/// The newest stand last, and the oldest goes when there are too many. Gives back what is stored.
pub(super) fn stow(variants: &mut Vec<Arc<Stored>>, new: Arc<Stored>) -> Arc<Stored> {
    let same = variants.iter().position(|old| is_same_selection(&old.varied, &new.varied));
    let old = same.map(|at| variants.remove(at));
    let combined = old.as_ref().and_then(|old| combine(old, &new));
    let stored = combined.map_or(new, Arc::new);
    variants.push(stored.clone());
    if variants.len() > MAX_CACHE_VARIANTS {
        variants.remove(0);
    }
    stored
}
