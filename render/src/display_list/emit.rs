//! Items with their clips and groups around them. What cannot be seen is left out here.

use super::stacking::{Clip, ClipId};
use super::{DisplayItem, PaintRect};
use crate::geometry::DeviceRect;

/// A display list in the making.
pub(super) struct Emitter<'a> {
    items: Vec<DisplayItem>,
    clips: &'a [Clip],
    /// What will be painted of the page.
    visible: DeviceRect,
    /// The clips that are open, outermost first.
    open: Vec<ClipId>,
    /// The groups that are open: the index of their item, and what they paint so far.
    groups: Vec<(usize, DeviceRect)>,
}

impl<'a> Emitter<'a> {
    pub(super) fn new(clips: &'a [Clip], visible: DeviceRect) -> Self {
        Self { items: Vec::new(), clips, visible, open: Vec::new(), groups: Vec::new() }
    }

    /// Whether anything inside of `bounds` under `clip` can be seen.
    pub(super) fn sees(&self, clip: Option<ClipId>, bounds: &PaintRect) -> bool {
        !self.seen(clip, bounds).is_empty()
    }

    /// The items.
    pub(super) fn finish(mut self) -> Vec<DisplayItem> {
        while !self.groups.is_empty() {
            self.end_group();
        }
        self.set_clip(None);
        self.items
    }

    /// Adds an item that paints inside of `bounds` under `clip`.
    pub(super) fn push(&mut self, clip: Option<ClipId>, bounds: &PaintRect, item: DisplayItem) {
        let seen = self.seen(clip, bounds);
        if seen.is_empty() {
            return;
        }
        self.set_clip(clip);
        if let Some((_, painted)) = self.groups.last_mut() {
            *painted = around(painted, &seen);
        }
        self.items.push(item);
    }

    /// Begins a group. Clips are set anew inside of it, because what it holds need not share them.
    pub(super) fn begin_group(&mut self, opacity: f32) {
        self.set_clip(None);
        self.groups.push((self.items.len(), DeviceRect::default()));
        self.items.push(DisplayItem::PushOpacity { opacity, bounds: DeviceRect::default() });
    }

    /// Ends the innermost group; one without items leaves no trace.
    pub(super) fn end_group(&mut self) {
        self.set_clip(None);
        let Some((index, painted)) = self.groups.pop() else { return };
        if self.items.len() == index + 1 {
            self.items.pop();
            return;
        }
        if let Some(DisplayItem::PushOpacity { bounds, .. }) = self.items.get_mut(index) {
            *bounds = painted;
        }
        self.items.push(DisplayItem::PopOpacity);
        if let Some((_, outer)) = self.groups.last_mut() {
            *outer = around(outer, &painted);
        }
    }

    /// What can be seen of `bounds` under `clip`.
    pub(super) fn seen(&self, clip: Option<ClipId>, bounds: &PaintRect) -> DeviceRect {
        let seen = bounds.intersect(&self.visible);
        clip.map_or(seen, |id| seen.intersect(&self.clips[id].visible))
    }

    /// Closes and opens clips until `clip` is the innermost.
    fn set_clip(&mut self, clip: Option<ClipId>) {
        if self.open.last().copied() == clip {
            return;
        }
        let mut wanted: Vec<ClipId> = std::iter::successors(clip, |&id| self.clips[id].parent).collect();
        wanted.reverse();
        let shared = self.open.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
        for _ in shared..self.open.len() {
            self.items.push(DisplayItem::PopClip);
        }
        for &id in &wanted[shared..] {
            let Clip { rect, radii, .. } = self.clips[id];
            self.items.push(DisplayItem::PushClip { rect, radii });
        }
        self.open = wanted;
    }
}

/// The smallest rectangle around both; an empty one does not count.
fn around(a: &DeviceRect, b: &DeviceRect) -> DeviceRect {
    if a.is_empty() {
        return *b;
    }
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let right = a.x.saturating_add(a.width).max(b.x.saturating_add(b.width));
    let bottom = a.y.saturating_add(a.height).max(b.y.saturating_add(b.height));
    DeviceRect { x, y, width: right.saturating_sub(x), height: bottom.saturating_sub(y) }
}
