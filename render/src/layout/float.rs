//! Where floats stand, and where they leave room: <https://drafts.csswg.org/css2/#float-position>.
//!
//! Coordinates are those of the block formatting context's content box. The context is a list of horizontal
//! bands; a float splits the bands at its top and bottom edge and narrows those between. Floats come in order of
//! their tops (rule 5), so that changes happen near the end of the list.

use siskin_engine::css::values::{Clear, Float};

use crate::geometry::{Lu, Point, Rect, Size};

/// The floats of one block formatting context.
#[derive(Debug, Clone)]
pub(super) struct FloatContext {
    /// By top; the last one has no end. Never empty.
    bands: Vec<Band>,
    last_top: Lu,
    left_bottom: Option<Lu>,
    right_bottom: Option<Lu>,
}

#[derive(Debug, Clone, Copy)]
struct Band {
    top: Lu,
    /// The right-most edge of the floats on the left, and the left-most of those on the right.
    left: Lu,
    right: Lu,
}

/// Room between floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) left: Lu,
    pub(super) right: Lu,
}

impl Room {
    pub(super) fn width(self) -> Lu {
        (self.right - self.left).clamp_negative_to_zero()
    }
}

impl Default for FloatContext {
    fn default() -> Self {
        Self {
            bands: vec![Band { top: Lu::MIN, left: Lu::MIN, right: Lu::MAX }],
            last_top: Lu::MIN,
            left_bottom: None,
            right_bottom: None,
        }
    }
}

impl FloatContext {
    /// Whether there is any float.
    pub(super) const fn is_empty(&self) -> bool {
        self.left_bottom.is_none() && self.right_bottom.is_none()
    }

    /// The index of the band that holds `y`.
    fn band_at(&self, y: Lu) -> usize {
        self.bands.partition_point(|band| band.top <= y).saturating_sub(1)
    }

    /// The room between `left` and `right` all along `top..top + height` (at `top` alone when it has no height).
    pub(super) fn room(&self, top: Lu, height: Lu, left: Lu, right: Lu) -> Room {
        let bottom = top + height;
        let mut room = Room { left, right };
        for (i, band) in self.bands.iter().enumerate().skip(self.band_at(top)) {
            if band.top >= bottom && band.top > top {
                break;
            }
            debug_assert!(i < self.bands.len());
            room.left = room.left.max(band.left);
            room.right = room.right.min(band.right);
        }
        room
    }

    /// Where the next band below `y` begins, if there is one: the next place with other room.
    pub(super) fn next_edge(&self, y: Lu) -> Option<Lu> {
        self.bands.get(self.band_at(y) + 1).map(|band| band.top)
    }

    /// Places a float of that margin-box size as high as possible, not above `top`, in a containing block from
    /// `left` to `right`.
    pub(super) fn place(&mut self, side: Float, size: Size, top: Lu, left: Lu, right: Lu) -> Point {
        let mut y = top.max(self.last_top);
        let room = loop {
            let room = self.room(y, Lu::ZERO, left, right);
            let is_free = room.left == left && room.right == right;
            if is_free || room.right - room.left >= size.width {
                break room;
            }
            match self.next_edge(y) {
                Some(next) => y = next,
                None => break room,
            }
        };
        let x = if side == Float::Right { room.right - size.width } else { room.left };
        self.insert(side, Rect { origin: Point::new(x, y), size });
        Point::new(x, y)
    }

    fn insert(&mut self, side: Float, rect: Rect) {
        self.last_top = self.last_top.max(rect.origin.y);
        let bottom = rect.bottom();
        let side_bottom = match side {
            Float::Right => &mut self.right_bottom,
            Float::Left | Float::None => &mut self.left_bottom,
        };
        *side_bottom = Some(side_bottom.map_or(bottom, |b| b.max(bottom)));
        if bottom <= rect.origin.y {
            return;
        }
        let first = self.split(rect.origin.y);
        let end = self.split(bottom);
        for band in &mut self.bands[first..end] {
            if side == Float::Right {
                band.right = band.right.min(rect.origin.x);
            } else {
                band.left = band.left.max(rect.right());
            }
        }
    }

    /// Makes a band begin at `y`; its index.
    fn split(&mut self, y: Lu) -> usize {
        let index = self.band_at(y);
        if self.bands[index].top == y {
            return index;
        }
        let band = Band { top: y, ..self.bands[index] };
        self.bands.insert(index + 1, band);
        index + 1
    }

    /// The lowest bottom edge of the floats that `clear` names.
    pub(super) fn clear_bottom(&self, clear: Clear) -> Option<Lu> {
        match clear {
            Clear::None => None,
            Clear::Left => self.left_bottom,
            Clear::Right => self.right_bottom,
            Clear::Both => self.bottom(),
        }
    }

    /// The lowest bottom edge of all.
    pub(super) fn bottom(&self) -> Option<Lu> {
        self.left_bottom.max(self.right_bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn px(value: i32) -> Lu {
        Lu::from_whole_px(value)
    }

    fn place(floats: &mut FloatContext, side: Float, width: i32, height: i32, top: i32) -> (i32, i32) {
        let size = Size { width: px(width), height: px(height) };
        let at = floats.place(side, size, px(top), px(0), px(100));
        (at.x.floor_px(), at.y.floor_px())
    }

    #[test]
    fn floats_stand_beside_each_other_and_drop() {
        let mut floats = FloatContext::default();
        assert_eq!(place(&mut floats, Float::Left, 40, 30, 0), (0, 0));
        assert_eq!(place(&mut floats, Float::Left, 40, 20, 0), (40, 0));
        // does not fit beside the two, fits beside the first below the second
        assert_eq!(place(&mut floats, Float::Right, 50, 10, 5), (50, 20));
        // not above an earlier one (rule 5)
        assert_eq!(place(&mut floats, Float::Left, 5, 5, 0), (40, 20));
        // too wide for any place: below all
        assert_eq!(place(&mut floats, Float::Left, 300, 5, 0), (0, 30));
        assert_eq!(floats.clear_bottom(Clear::Right), Some(px(30)));
        assert_eq!(floats.clear_bottom(Clear::Left), Some(px(35)));
        assert_eq!(floats.room(px(10), Lu::ZERO, px(0), px(100)), Room { left: px(80), right: px(100) });
        assert_eq!(floats.room(px(40), px(1), px(0), px(100)), Room { left: px(0), right: px(100) });
    }

    #[test]
    fn huge_floats_do_not_break_it() {
        let mut floats = FloatContext::default();
        let size = Size { width: Lu::MAX, height: Lu::MAX };
        for _ in 0..3 {
            floats.place(Float::Left, size, Lu::MAX, Lu::ZERO, px(100));
        }
        assert_eq!(floats.bottom(), Some(Lu::MAX));
    }
}
