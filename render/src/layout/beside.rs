//! Floats, and boxes with their own formatting context, which do not overlap floats: 9.5 and 9.5.1 of CSS 2.

use siskin_engine::css::values::{Direction, Float, Size as CssSize};

use super::Layouter;
use super::block::{Contents, Inside, clear};
use super::float::{FloatContext, Room};
use super::margin::MarginStrut;
use super::placed::Laid;
use super::sizing::{AutoWidth, BoxEdges};
use crate::boxes::{IndependentBox, IndependentContents};
use crate::fragments::Fragment;
use crate::geometry::{Lu, Point, Size};
use crate::limits::{MAX_FLOAT_RETRIES, MAX_NESTED_FLOAT_RETRIES};

impl<'a> Layouter<'a> {
    /// A float whose top outer edge is at `top` of the block formatting context or below.
    pub(super) fn float_box(
        &mut self,
        b: &'a IndependentBox,
        inside: &Inside<'_>,
        top: Lu,
        floats: &mut FloatContext,
    ) -> Fragment {
        let mark = self.mark();
        let mut laid = self.float_layout(b, inside);
        self.float_place(b, &mut laid, mark, inside, top, floats);
        laid.fragment
    }

    /// The float's box, without a place.
    pub(super) fn float_layout(&mut self, b: &'a IndependentBox, inside: &Inside<'_>) -> Laid {
        let margins = BoxEdges::new(&b.base.style, inside.cb.width).margins();
        let available = inside.cb.width - margins.horizontal();
        self.independent(b, &inside.cb, available, AutoWidth::ShrinkToFit, None)
    }

    /// The width of a float's margin box.
    pub(super) fn float_outer_width(&self, b: &IndependentBox, laid: &Laid, inside: &Inside<'_>) -> Lu {
        let margins = BoxEdges::new(&b.base.style, inside.cb.width).margins();
        laid.fragment.rect.size.width + margins.horizontal()
    }

    /// Finds the float's place.
    pub(super) fn float_place(
        &mut self,
        b: &'a IndependentBox,
        laid: &mut Laid,
        mark: usize,
        inside: &Inside<'_>,
        top: Lu,
        floats: &mut FloatContext,
    ) {
        let style = &b.base.style;
        let margins = BoxEdges::new(style, inside.cb.width).margins();
        let border_box = laid.fragment.rect.size;
        let size = Size {
            width: (border_box.width + margins.horizontal()).clamp_negative_to_zero(),
            height: (border_box.height + margins.vertical()).clamp_negative_to_zero(),
        };
        let top = floats.clear_bottom(style.box_.clear).map_or(top, |bottom| top.max(bottom));
        let left = inside.bfc.x;
        let at = floats.place(style.box_.float, size, top, left, left + inside.cb.width);
        // A float with negative margins may be narrower outside than inside: its right edge counts then.
        let x = match style.box_.float {
            Float::Right => at.x + size.width - margins.right - border_box.width,
            Float::Left | Float::None => at.x + margins.left,
        };
        let in_content = Point::new(x - inside.bfc.x, at.y + margins.top - inside.bfc.y);
        let offset = inside.offset + in_content + self.relative_offset(style, &inside.cb);
        self.place(laid, mark, offset);
    }

    /// A block-level box in flow with its own formatting context.
    pub(super) fn independent_child(
        &mut self,
        b: &'a IndependentBox,
        inside: &Inside<'_>,
        floats: &FloatContext,
        contents: &mut Contents,
        children: &mut Vec<Fragment>,
    ) {
        let style = &b.base.style;
        let edges = BoxEdges::new(style, inside.cb.width);
        let margins = edges.margins();
        let mut top = Lu::ZERO;
        if !contents.is_at_start {
            let mut strut = contents.end;
            strut.add_from(margins.top, self.margin_origin(&b.base));
            top = contents.height + strut.sum();
        }
        clear(style.box_.clear, inside, floats, &mut top);
        let mark = self.mark();
        let (mut laid, left, top) = self.beside_floats(b, &edges, inside, top, floats);
        let height = laid.fragment.rect.size.height;
        contents.note_baselines_of(top, &laid);
        contents.height = top + height;
        contents.end = MarginStrut::default();
        contents.end.add_from(margins.bottom, self.margin_origin(&b.base));
        contents.is_at_start = false;
        contents.keeps_end = false;
        let at = inside.offset + Point::new(left, top) + self.relative_offset(style, &inside.cb);
        self.place(&mut laid, mark, at);
        children.push(laid.fragment);
    }

    /// Lays a box out where its border box overlaps no float, at `top` of the content box or below:
    /// <https://drafts.csswg.org/css2/#bfc-next-to-float>. The box, its left edge and its top.
    fn beside_floats(
        &mut self,
        b: &'a IndependentBox,
        edges: &BoxEdges,
        inside: &Inside<'_>,
        top: Lu,
        floats: &FloatContext,
    ) -> (Laid, Lu, Lu) {
        let left_edge = inside.bfc.x;
        let right_edge = left_edge + inside.cb.width;
        let mark = self.mark();
        let mut y = top;
        let mut tries = 0;
        let mut last: Option<(Lu, Laid)> = None;
        loop {
            let mut room = floats.room(inside.bfc.y + y, Lu::ZERO, left_edge, right_edge);
            let may_retry = tries < MAX_FLOAT_RETRIES && self.float_retries < MAX_NESTED_FLOAT_RETRIES;
            if !is_free(room, inside) && !may_retry {
                y = y.max(floats.bottom().map_or(y, |bottom| bottom - inside.bfc.y));
                room = Room { left: left_edge, right: right_edge };
            }
            let available = self.available_in(room, edges, inside);
            let laid = match last.take() {
                Some((width, laid)) if width == available || !depends_on_room(b) => laid,
                _ => {
                    // What waits inside is met again when a box is laid out anew.
                    self.waiting.truncate(mark);
                    self.float_retries += usize::from(tries > 0);
                    let laid = self.independent(b, &inside.cb, available, AutoWidth::Fill, None);
                    self.float_retries -= usize::from(tries > 0);
                    tries += 1;
                    laid
                }
            };
            let size = laid.fragment.rect.size;
            let left = self.left_in(room, b, edges, inside, size.width);
            if is_free(room, inside) {
                return (laid, left, y);
            }
            let around = floats.room(inside.bfc.y + y, size.height, left_edge, right_edge);
            let fits = (around.left <= left_edge || left_edge + left >= around.left)
                && (around.right >= right_edge || left_edge + left + size.width <= around.right);
            let Some(next) = floats.next_edge(inside.bfc.y + y).filter(|_| !fits) else {
                return (laid, left, y);
            };
            y = next - inside.bfc.y;
            last = Some((available, laid));
        }
    }

    /// The border-box width that would fill the room. Margins may lie under floats.
    fn available_in(&self, room: Room, edges: &BoxEdges, inside: &Inside<'_>) -> Lu {
        let margins = edges.margins();
        let left = (inside.bfc.x + margins.left).max(room.left);
        let right = (inside.bfc.x + inside.cb.width - margins.right).min(room.right);
        // Negative margins widen the box where no float stands.
        let left = if room.left <= inside.bfc.x { inside.bfc.x + margins.left } else { left };
        let right = if room.right >= inside.bfc.x + inside.cb.width {
            inside.bfc.x + inside.cb.width - margins.right
        } else {
            right
        };
        (right - left).clamp_negative_to_zero()
    }

    /// The left edge of a border box of that width in the room, from the content box's left.
    fn left_in(
        &self,
        room: Room,
        b: &IndependentBox,
        edges: &BoxEdges,
        inside: &Inside<'_>,
        width: Lu,
    ) -> Lu {
        let style = &b.base.style;
        if is_free(room, inside) {
            return self.inline_margins(style, edges, &inside.cb, width, Some(inside.style)).0;
        }
        let room_left = (room.left - inside.bfc.x).clamp_negative_to_zero();
        let room_right = (room.right - inside.bfc.x).min(inside.cb.width);
        let margins = edges.margins();
        match (edges.margin.left, edges.margin.right) {
            (None, None) => room_left + ((room_right - room_left - width) / 2).clamp_negative_to_zero(),
            (None, Some(right)) => (room_right - right - width).max(room_left),
            _ if inside.cb.direction == Direction::Rtl => {
                (inside.cb.width - margins.right).min(room_right) - width
            }
            _ if room.left <= inside.bfc.x => margins.left,
            _ => margins.left.max(room_left),
        }
    }
}

/// Whether no float narrows the room.
fn is_free(room: Room, inside: &Inside<'_>) -> bool {
    room.left <= inside.bfc.x && room.right >= inside.bfc.x + inside.cb.width
}

/// Whether a box is laid out differently in rooms of different width.
fn depends_on_room(b: &IndependentBox) -> bool {
    match &b.contents {
        IndependentContents::Replaced(_) => false,
        IndependentContents::Table(_) => true,
        IndependentContents::Flow(_) | IndependentContents::Items(_) => {
            matches!(
                b.base.style.size.width,
                CssSize::Auto | CssSize::FitContent | CssSize::FitContentTo(_) | CssSize::Stretch
            )
        }
    }
}

impl Contents {
    fn note_baselines_of(&mut self, top: Lu, laid: &Laid) {
        self.first_baseline = self.first_baseline.or(laid.first_baseline.map(|b| top + b));
        self.last_baseline = laid.last_baseline.map(|b| top + b).or(self.last_baseline);
    }
}
