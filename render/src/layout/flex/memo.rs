//! What was measured of items already. taffy asks for the same sizes again and again; without an answer at hand, the cost
//! would double with each level of nesting.

use std::collections::HashMap;

use super::super::placed::{Laid, Waiting};
use super::KnownSize;
use super::measure::Space;
use crate::boxes::IndependentBox;
use crate::geometry::{Lu, Size};

/// The memory of all items, by the address of their boxes.
#[derive(Debug, Default)]
pub(in crate::layout) struct ItemMemos<'a>(HashMap<usize, ItemMemo<'a>>);

/// What is known of one item.
#[derive(Debug, Default)]
pub(super) struct ItemMemo<'a> {
    /// The answers to earlier questions, the latest last.
    pub(super) sizes: Vec<(Question, Size)>,
    /// A layout of automatic height that waits to be used.
    pub(super) pending: Option<Pending<'a>>,
    /// A finished layout that waits to be used.
    pub(super) finished: Option<Finished<'a>>,
}

/// What a size depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) space: Space,
    pub(super) needs_height: bool,
}

/// A box that holds a flow, laid out for its height.
#[derive(Debug)]
pub(super) struct Pending<'a> {
    pub(super) laid: Laid,
    pub(super) waiting: Vec<Waiting<'a>>,
    /// Content height.
    pub(super) auto_height: Lu,
    /// Content width.
    pub(super) width: Lu,
    /// The width of the containing block.
    pub(super) cb_width: Lu,
    /// What percentages of the height of children referred to.
    pub(super) basis: Option<Lu>,
}

/// A box that is laid out.
#[derive(Debug)]
pub(super) struct Finished<'a> {
    pub(super) laid: Laid,
    pub(super) waiting: Vec<Waiting<'a>>,
    pub(super) known: KnownSize,
    pub(super) cb: (Option<Lu>, Option<Lu>),
}

/// Answers beyond this push out the oldest.
const MAX_ANSWERS: usize = 16;

impl<'a> ItemMemos<'a> {
    pub(super) fn of(&mut self, b: &IndependentBox) -> &mut ItemMemo<'a> {
        self.0.entry(std::ptr::from_ref(b).addr()).or_default()
    }
}

impl ItemMemo<'_> {
    pub(super) fn answer(&self, question: &Question) -> Option<Size> {
        self.sizes.iter().rev().find(|(known, _)| known == question).map(|(_, size)| *size)
    }

    pub(super) fn remember(&mut self, question: Question, size: Size) {
        if self.sizes.len() >= MAX_ANSWERS {
            self.sizes.remove(0);
        }
        self.sizes.push((question, size));
    }
}
