//! A container and its items as taffy wants to see them: node 0 is the container, the others are its items in the order in
//! which they are laid out.

use std::ops::RangeInclusive;
use std::sync::Arc;

use siskin_engine::css::values::Direction;
use taffy::{
    AvailableSpace, Baselines, DetailedGridInfo, Layout, LayoutFlexboxContainer, LayoutGridContainer,
    LayoutInput, LayoutOutput, LayoutPartialTree, NodeId, RequestedAxis, RunMode, SizingMode,
    TraversePartialTree,
};

use super::super::Layouter;
use super::super::sizing::ContainingBlock;
use super::KnownSize;
use super::convert::{Calculations, Style, lu, position};
use super::measure::{Room, SizeOf, Space};
use crate::boxes::IndependentBox;
use crate::geometry::{Lu, Point, Rect, Size};

/// Which algorithm lays the items out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::layout) enum ContainerKind {
    Flex,
    Grid,
}

/// Who answers for the sizes of items.
pub(in crate::layout) enum Measurer<'t, 'a> {
    /// Layout itself.
    All(&'t mut Layouter<'a>),
    /// Widths alone, which need no layout.
    Widths(&'t dyn Fn(&IndependentBox, &Space) -> Lu),
}

/// A container and its items in taffy's terms.
pub(in crate::layout) struct Seen<'a> {
    pub(in crate::layout) kind: ContainerKind,
    pub(in crate::layout) style: Style,
    pub(in crate::layout) direction: Direction,
    pub(in crate::layout) items: Vec<Item<'a>>,
    pub(in crate::layout) calc: Calculations,
}

/// A container at work.
pub(in crate::layout) struct ItemTree<'t, 'a> {
    measurer: Measurer<'t, 'a>,
    pub(in crate::layout) seen: Seen<'a>,
    /// Where the tracks of a grid are.
    pub(in crate::layout) grid: Option<DetailedGridInfo<Arc<str>>>,
}

/// An item.
pub(in crate::layout) struct Item<'a> {
    pub(in crate::layout) boxed: &'a IndependentBox,
    pub(in crate::layout) style: Style,
    /// The border box, in the container's.
    pub(in crate::layout) rect: Rect,
    /// The containing block, as far as it is known.
    pub(in crate::layout) cb: (Option<Lu>, Option<Lu>),
}

/// What taffy made of a container.
#[derive(Debug, Clone, Copy)]
pub(in crate::layout) struct Outcome {
    /// The border box.
    pub(in crate::layout) size: Size,
    /// The first baseline, from the border box's top.
    pub(in crate::layout) baseline: Option<Lu>,
}

impl<'t, 'a> ItemTree<'t, 'a> {
    pub(in crate::layout) const fn new(measurer: Measurer<'t, 'a>, seen: Seen<'a>) -> Self {
        Self { measurer, seen, grid: None }
    }

    /// The width of the border box in that room.
    pub(in crate::layout) fn width(&mut self, room: AvailableSpace) -> Lu {
        let input = LayoutInput {
            run_mode: RunMode::ComputeSize,
            sizing_mode: SizingMode::ContentSize,
            axis: RequestedAxis::Horizontal,
            known_dimensions: taffy::Size::NONE,
            known_dimensions_are_definite: taffy::Size { width: true, height: true },
            parent_size: taffy::Size::NONE,
            available_space: taffy::Size { width: room, height: AvailableSpace::MaxContent },
            vertical_margins_are_collapsible: taffy::Line::FALSE,
        };
        lu(self.compute(input).size.width)
    }

    fn compute(&mut self, input: LayoutInput) -> LayoutOutput {
        let node = NodeId::from(0usize);
        match self.seen.kind {
            ContainerKind::Flex => taffy::compute_flexbox_layout(self, node, input),
            ContainerKind::Grid => taffy::compute_grid_layout(self, node, input),
        }
    }

    /// Lays out the container, or asks for its size alone.
    pub(in crate::layout) fn run(
        &mut self,
        cb: &ContainingBlock,
        known: &KnownSize,
        run_mode: RunMode,
    ) -> Outcome {
        let room = |known: Option<Lu>| match known {
            Some(length) => AvailableSpace::Definite(length.to_px()),
            None => AvailableSpace::MaxContent,
        };
        let input = LayoutInput {
            run_mode,
            sizing_mode: SizingMode::ContentSize,
            axis: RequestedAxis::Both,
            known_dimensions: taffy::Size {
                width: known.width.map(Lu::to_px),
                height: known.height.map(Lu::to_px),
            },
            known_dimensions_are_definite: taffy::Size {
                width: known.is_width_definite,
                height: known.is_height_definite,
            },
            parent_size: taffy::Size { width: Some(cb.width.to_px()), height: cb.height.map(Lu::to_px) },
            available_space: taffy::Size { width: room(known.width), height: room(known.height) },
            vertical_margins_are_collapsible: taffy::Line::FALSE,
        };
        let output = self.compute(input);
        Outcome {
            size: Size { width: lu(output.size.width), height: lu(output.size.height) },
            baseline: output.baselines.first.map(lu),
        }
    }

    fn item(&self, node: NodeId) -> Option<&Item<'a>> {
        usize::from(node).checked_sub(1).and_then(|at| self.seen.items.get(at))
    }

    /// The style of an item; of the container for its own number.
    fn style_of(&self, node: NodeId) -> &Style {
        self.item(node).map_or(&self.seen.style, |item| &item.style)
    }
}

impl TraversePartialTree for ItemTree<'_, '_> {
    type ChildIter<'i>
        = std::iter::Map<RangeInclusive<usize>, fn(usize) -> NodeId>
    where
        Self: 'i;

    fn child_ids(&self, _: NodeId) -> Self::ChildIter<'_> {
        (1..=self.seen.items.len()).map(NodeId::from)
    }

    fn child_count(&self, _: NodeId) -> usize {
        self.seen.items.len()
    }

    fn get_child_id(&self, _: NodeId, index: usize) -> NodeId {
        NodeId::from(index + 1)
    }
}

impl LayoutPartialTree for ItemTree<'_, '_> {
    type CoreContainerStyle<'i>
        = &'i Style
    where
        Self: 'i;
    type CustomIdent = Arc<str>;

    fn get_core_container_style(&self, node: NodeId) -> &Style {
        self.style_of(node)
    }

    fn resolve_calc_value(&self, value: *const (), basis: f32) -> f32 {
        self.seen.calc.resolve(value, basis)
    }

    fn set_unrounded_layout(&mut self, node: NodeId, layout: &Layout) {
        let at = usize::from(node).checked_sub(1);
        if let Some(item) = at.and_then(|at| self.seen.items.get_mut(at)) {
            let origin = Point::new(position(layout.location.x), position(layout.location.y));
            item.rect = Rect::new(origin.x, origin.y, lu(layout.size.width), lu(layout.size.height));
        }
    }

    fn compute_child_layout(&mut self, node: NodeId, input: LayoutInput) -> LayoutOutput {
        let Some(boxed) = self.item(node).map(|item| item.boxed) else { return LayoutOutput::HIDDEN };
        let length = |length: Option<f32>| length.map(lu);
        let room = |room: AvailableSpace| match room {
            AvailableSpace::Definite(px) => Room::Definite(lu(px)),
            AvailableSpace::MinContent => Room::MinContent,
            AvailableSpace::MaxContent => Room::MaxContent,
        };
        let space = Space {
            known: KnownSize {
                width: length(input.known_dimensions.width),
                height: length(input.known_dimensions.height),
                is_width_definite: input.known_dimensions_are_definite.width,
                is_height_definite: input.known_dimensions_are_definite.height,
            },
            cb_width: length(input.parent_size.width),
            cb_height: length(input.parent_size.height),
            direction: self.seen.direction,
            width: room(input.available_space.width),
            height: room(input.available_space.height),
            size_of: match input.sizing_mode {
                SizingMode::ContentSize => SizeOf::Content,
                SizingMode::InherentSize => SizeOf::Style,
            },
        };
        let at = usize::from(node).checked_sub(1);
        let (size, baseline) = match (&mut self.measurer, input.run_mode) {
            (_, RunMode::PerformHiddenLayout) => return LayoutOutput::HIDDEN,
            (Measurer::Widths(width), _) => {
                let width = space.known.width.unwrap_or_else(|| width(boxed, &space));
                (Size { width, height: space.known.height.unwrap_or(Lu::ZERO) }, None)
            }
            (Measurer::All(layouter), RunMode::ComputeSize) => {
                let needs_height = input.axis != RequestedAxis::Horizontal;
                (layouter.item_size(boxed, &space, needs_height), None)
            }
            (Measurer::All(layouter), RunMode::PerformLayout) => {
                if let Some(item) = at.and_then(|at| self.seen.items.get_mut(at)) {
                    item.cb = (space.cb_width, space.cb_height);
                }
                layouter.lay_out_item(boxed, &space)
            }
        };
        let size = taffy::Size { width: size.width.to_px(), height: size.height.to_px() };
        let baselines = Baselines::from_first(baseline.map(Lu::to_px));
        LayoutOutput::from_sizes_and_baselines(size, taffy::Rect::ZERO, baselines)
    }
}

impl LayoutFlexboxContainer for ItemTree<'_, '_> {
    type FlexboxContainerStyle<'i>
        = &'i Style
    where
        Self: 'i;
    type FlexboxItemStyle<'i>
        = &'i Style
    where
        Self: 'i;

    fn get_flexbox_container_style(&self, _: NodeId) -> &Style {
        &self.seen.style
    }

    fn get_flexbox_child_style(&self, node: NodeId) -> &Style {
        self.style_of(node)
    }
}

impl LayoutGridContainer for ItemTree<'_, '_> {
    type GridContainerStyle<'i>
        = &'i Style
    where
        Self: 'i;
    type GridItemStyle<'i>
        = &'i Style
    where
        Self: 'i;

    fn get_grid_container_style(&self, _: NodeId) -> &Style {
        &self.seen.style
    }

    fn get_grid_child_style(&self, node: NodeId) -> &Style {
        self.style_of(node)
    }

    fn set_detailed_grid_info(&mut self, _: NodeId, info: DetailedGridInfo<Arc<str>>) {
        self.grid = Some(info);
    }
}
