//! Layout of hand-made documents: positions computed by hand from the specifications, and input that must not break it.

use std::sync::Arc;

use siskin_engine::css::values::{
    Alignment, AlignmentValue, BoxSizing, Clear, Display, FlexDirection, FlexWrap, Float, GridTemplate,
    Inset, LengthPercentage, LineHeight, Margin, MaxSize, PositionProperty, RepeatCount, Size as CssSize,
    TrackBreadth, TrackItem, TrackSize,
};
use siskin_engine::dom::{Document, NodeData, NodeId, QualName, local_name, ns};
use siskin_engine::load::ResourceTable;
use siskin_engine::style::{ComputedStyle, Font, FontFamily, GenericFamily, InheritedText, Sides, StyleMap};
use siskin_engine::{Snapshot, Viewport};
use url::Url;

use super::layout;
use crate::boxes::anonymous::AnonymousStyles;
use crate::font::{FontContext, FontSource};
use crate::fragments::{FragmentTree, Rects};

/// A document under construction: every element is a `div` whose style starts from initial values.
struct Page {
    document: Document,
    styles: StyleMap,
    html: NodeId,
    font: Arc<Font>,
    inherited: Arc<InheritedText>,
}

fn font() -> Font {
    Font {
        font_family: Arc::from([FontFamily::Generic(GenericFamily::Serif)]),
        line_height: LineHeight::Length(20.0),
        ..Font::clone(&ComputedStyle::initial().font)
    }
}

fn inherited() -> InheritedText {
    InheritedText::clone(&ComputedStyle::initial().text)
}

type Tweak<'t> = &'t dyn Fn(&mut ComputedStyle);

impl Page {
    fn new() -> Self {
        let mut document = Document::new(Url::parse("about:blank").unwrap());
        let html = document.create_element(QualName::new(ns!(html), local_name!("html")), Vec::new());
        let root = document.root();
        document.append(root, html);
        let (font, inherited) = (Arc::new(font()), Arc::new(inherited()));
        let mut page = Self { document, styles: StyleMap::default(), html, font, inherited };
        page.style(html, &|_| {});
        page
    }

    fn style(&mut self, node: NodeId, tweak: Tweak<'_>) {
        let mut style = AnonymousStyles::default().of(&self.font, &self.inherited, Display::Block);
        tweak(&mut style);
        self.styles.insert(node, Arc::new(style));
    }

    fn add(&mut self, parent: NodeId, tweak: Tweak<'_>) -> NodeId {
        let node = self.document.create_element(QualName::new(ns!(html), local_name!("div")), Vec::new());
        self.document.append(parent, node);
        self.style(node, tweak);
        node
    }

    fn text(&mut self, parent: NodeId, text: &str) {
        let node = self.document.create(NodeData::Text(text.into()));
        self.document.append(parent, node);
    }

    fn lay_out(self) -> FragmentTree {
        let snapshot = Snapshot {
            generation: 0,
            document: Arc::new(self.document),
            styles: Arc::new(self.styles),
            resources: Arc::new(ResourceTable::default()),
            font_faces: Arc::from([]),
            frames: Arc::default(),
            viewport: Viewport { width: 400.0, height: 300.0, scale: 1.0 },
        };
        layout(&snapshot, &FontContext::new(FontSource::Bundled), &|_| None)
    }
}

const fn px(value: f32) -> LengthPercentage {
    LengthPercentage::Length(value)
}

fn size(style: &mut ComputedStyle, width: f32, height: f32) {
    let sizes = Arc::make_mut(&mut style.size);
    if width >= 0.0 {
        sizes.width = CssSize::LengthPercentage(px(width));
    }
    if height >= 0.0 {
        sizes.height = CssSize::LengthPercentage(px(height));
    }
}

fn margin(style: &mut ComputedStyle, values: [f32; 4]) {
    let [top, right, bottom, left] = values.map(|value| Margin::LengthPercentage(px(value)));
    Arc::make_mut(&mut style.size).margin = Sides { top, right, bottom, left };
}

fn rect(rects: &Rects, node: NodeId) -> [f32; 4] {
    let rect = rects.element(node).unwrap();
    [rect.origin.x, rect.origin.y, rect.size.width, rect.size.height].map(super::super::geometry::Lu::to_px)
}

#[test]
fn margins_of_siblings_parents_and_empty_boxes_collapse() {
    let mut page = Page::new();
    let body = page.add(page.html, &|s| margin(s, [8.0; 4]));
    let first = page.add(body, &|s| {
        size(s, -1.0, 10.0);
        margin(s, [20.0, 0.0, 30.0, 0.0]);
    });
    let empty = page.add(body, &|s| margin(s, [40.0, 0.0, 15.0, 0.0]));
    let parent = page.add(body, &|s| margin(s, [5.0, 0.0, 5.0, 0.0]));
    let child = page.add(parent, &|s| {
        size(s, 50.0, 10.0);
        margin(s, [50.0, 0.0, -10.0, 0.0]);
    });
    let rects = page.lay_out().rects();
    // body's own margin and its first child's are one: 20 px
    assert_eq!(rect(&rects, first), [8.0, 20.0, 384.0, 10.0]);
    assert_eq!(rect(&rects, empty), [8.0, 70.0, 384.0, 0.0]);
    // 30, 40, 15, 5 and 50 adjoin: 50 px below the first
    assert_eq!(rect(&rects, parent), [8.0, 80.0, 384.0, 10.0]);
    assert_eq!(rect(&rects, child), [8.0, 80.0, 50.0, 10.0]);
    // -10 with 5 and body's 8: 8 - 10, which is taken off the root
    assert_eq!(rect(&rects, body)[3], 70.0);
}

#[test]
fn floats_and_clearance() {
    let mut page = Page::new();
    let left = page.add(page.html, &|s| {
        size(s, 100.0, 50.0);
        Arc::make_mut(&mut s.box_).float = Float::Left;
    });
    let right = page.add(page.html, &|s| {
        size(s, 350.0, 20.0);
        Arc::make_mut(&mut s.box_).float = Float::Right;
    });
    let block = page.add(page.html, &|s| size(s, -1.0, 5.0));
    let cleared = page.add(page.html, &|s| {
        size(s, -1.0, 5.0);
        margin(s, [10.0, 0.0, 0.0, 0.0]);
        Arc::make_mut(&mut s.box_).clear = Clear::Left;
    });
    let beside = page.add(page.html, &|s| {
        Arc::make_mut(&mut s.box_).display = Display::FlowRoot;
        size(s, -1.0, 5.0);
    });
    let rects = page.lay_out().rects();
    assert_eq!(rect(&rects, left), [0.0, 0.0, 100.0, 50.0]);
    assert_eq!(rect(&rects, right), [50.0, 50.0, 350.0, 20.0], "too wide to stand beside the first");
    assert_eq!(rect(&rects, block), [0.0, 0.0, 400.0, 5.0], "blocks lie under floats");
    assert_eq!(rect(&rects, cleared), [0.0, 50.0, 400.0, 5.0]);
    assert_eq!(rect(&rects, beside), [0.0, 55.0, 50.0, 5.0], "a formatting context stands beside the float");
}

#[test]
fn absolute_boxes_fill_shrink_and_stay() {
    let mut page = Page::new();
    let relative = page.add(page.html, &|s| {
        size(s, 200.0, 100.0);
        margin(s, [10.0, 0.0, 0.0, 20.0]);
        Arc::make_mut(&mut s.box_).position = PositionProperty::Relative;
    });
    let spacer = page.add(relative, &|s| size(s, -1.0, 30.0));
    let absolute = |s: &mut ComputedStyle| Arc::make_mut(&mut s.box_).position = PositionProperty::Absolute;
    let fills = page.add(relative, &|s| {
        absolute(s);
        Arc::make_mut(&mut s.size).inset = Sides::all(Inset::LengthPercentage(px(5.0)));
    });
    let stays = page.add(relative, &|s| {
        absolute(s);
        size(s, 10.0, 10.0);
    });
    let centred = page.add(relative, &|s| {
        absolute(s);
        size(s, 50.0, 10.0);
        let sizes = Arc::make_mut(&mut s.size);
        sizes.inset = Sides::all(Inset::LengthPercentage(px(0.0)));
        sizes.margin = Sides::all(Margin::Auto);
    });
    let corner = page.add(relative, &|s| {
        Arc::make_mut(&mut s.box_).position = PositionProperty::Fixed;
        size(s, 10.0, 10.0);
        let sizes = Arc::make_mut(&mut s.size);
        sizes.inset.right = Inset::LengthPercentage(px(0.0));
        sizes.inset.bottom = Inset::LengthPercentage(px(0.0));
    });
    let rects = page.lay_out().rects();
    assert_eq!(rect(&rects, spacer), [20.0, 10.0, 200.0, 30.0]);
    assert_eq!(rect(&rects, fills), [25.0, 15.0, 190.0, 90.0]);
    assert_eq!(rect(&rects, stays), [20.0, 40.0, 10.0, 10.0], "the static position");
    assert_eq!(rect(&rects, centred), [95.0, 55.0, 50.0, 10.0]);
    assert_eq!(rect(&rects, corner), [390.0, 290.0, 10.0, 10.0], "the viewport's corner");
}

#[test]
fn widths_within_their_limits() {
    let mut page = Page::new();
    let border_box = page.add(page.html, &|s| {
        size(s, 100.0, -1.0);
        Arc::make_mut(&mut s.box_).box_sizing = BoxSizing::BorderBox;
        Arc::make_mut(&mut s.size).padding = Sides::all(px(10.0));
    });
    let limited = page.add(page.html, &|s| {
        let sizes = Arc::make_mut(&mut s.size);
        sizes.max_width = MaxSize::LengthPercentage(LengthPercentage::Percentage(0.5));
        sizes.margin = Sides { left: Margin::Auto, right: Margin::Auto, ..Sides::all(Margin::ZERO) };
    });
    let rects = page.lay_out().rects();
    assert_eq!(rect(&rects, border_box), [0.0, 0.0, 100.0, 20.0]);
    assert_eq!(rect(&rects, limited), [100.0, 20.0, 200.0, 0.0]);
}

#[test]
fn huge_and_absurd_lengths() {
    for value in [1e9, -1e9, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
        for display in [
            Display::Block,
            Display::InlineBlock,
            Display::Table,
            Display::TableCell,
            Display::FlowRoot,
            Display::Flex,
            Display::InlineFlex,
            Display::Grid,
        ] {
            let mut page = Page::new();
            let outer = page.add(page.html, &|s| {
                Arc::make_mut(&mut s.box_).display = display;
                size(s, value, value);
                margin(s, [value; 4]);
                Arc::make_mut(&mut s.size).padding = Sides::all(px(value));
                Arc::make_mut(&mut s.border).border_width = Sides::all(value);
            });
            page.text(outer, "some text in it");
            let float = page.add(outer, &|s| {
                Arc::make_mut(&mut s.box_).float = Float::Left;
                size(s, value, value);
                margin(s, [value; 4]);
            });
            page.add(float, &|s| {
                Arc::make_mut(&mut s.box_).position = PositionProperty::Absolute;
                Arc::make_mut(&mut s.size).inset = Sides::all(Inset::LengthPercentage(px(value)));
            });
            page.text(outer, "more");
            assert!(page.lay_out().root.is_some());
        }
    }
}

#[test]
fn five_hundred_levels_of_each_kind() {
    let displays = [
        Display::Block,
        Display::Inline,
        Display::InlineBlock,
        Display::FlowRoot,
        Display::Table,
        Display::TableCell,
        Display::ListItem,
        Display::Flex,
        Display::InlineFlex,
        Display::Grid,
    ];
    for display in displays {
        for float in [Float::None, Float::Left] {
            let mut page = Page::new();
            let mut at = page.html;
            for _ in 0..510 {
                at = page.add(at, &|s| {
                    Arc::make_mut(&mut s.box_).display = display;
                    Arc::make_mut(&mut s.box_).float = float;
                });
            }
            page.text(at, "deep");
            assert!(page.lay_out().root.is_some(), "{display:?} {float:?}");
        }
    }
}

#[test]
fn nested_boxes_beside_floats_do_not_multiply() {
    let mut page = Page::new();
    let mut at = page.html;
    for _ in 0..200 {
        page.add(at, &|s| {
            Arc::make_mut(&mut s.box_).float = Float::Left;
            size(s, 50.0, 10.0);
        });
        page.add(at, &|s| {
            Arc::make_mut(&mut s.box_).float = Float::Right;
            size(s, 50.0, 30.0);
        });
        at = page.add(at, &|s| {
            Arc::make_mut(&mut s.box_).display = Display::FlowRoot;
            Arc::make_mut(&mut s.size).min_width = CssSize::LengthPercentage(px(200.0));
            Arc::make_mut(&mut s.size).min_height = CssSize::LengthPercentage(px(20.0));
        });
    }
    assert!(page.lay_out().root.is_some());
}

#[test]
fn a_hundred_thousand_siblings() {
    for display in [Display::Block, Display::Inline, Display::InlineBlock] {
        let mut page = Page::new();
        let body = page.add(page.html, &|_| {});
        for _ in 0..100_000 {
            page.add(body, &|s| {
                Arc::make_mut(&mut s.box_).display = display;
                if display != Display::Inline {
                    size(s, 5.0, 1.0);
                }
            });
        }
        let tree = page.lay_out();
        assert!(tree.root.is_some());
        if display == Display::Block {
            assert_eq!(tree.document_size.height.to_px(), 100_000.0);
        }
    }
}

#[test]
fn a_hundred_thousand_floats() {
    let mut page = Page::new();
    let body = page.add(page.html, &|_| {});
    for index in 0..100_000 {
        page.add(body, &|s| {
            Arc::make_mut(&mut s.box_).float = if index % 3 == 0 { Float::Right } else { Float::Left };
            size(s, 30.0, (index % 7 + 1) as f32);
        });
    }
    assert!(page.lay_out().root.is_some());
}

/// Containers in containers in containers: each level asks for the sizes of the next more than once, and must not have it
/// laid out each time.
#[test]
fn nested_containers_cost_no_more_than_their_sum() {
    let kinds: [&[Display]; 4] = [
        &[Display::Flex],
        &[Display::Grid],
        &[Display::Flex, Display::Block],
        &[Display::Flex, Display::Grid, Display::Block, Display::InlineFlex],
    ];
    for displays in kinds {
        for height in [CssSize::Auto, CssSize::LengthPercentage(LengthPercentage::Percentage(1.0))] {
            for baseline in [Alignment::Normal, Alignment::Baseline] {
                let mut page = Page::new();
                let mut at = page.html;
                for level in 0..60 {
                    at = page.add(at, &|s| {
                        Arc::make_mut(&mut s.box_).display = displays[level % displays.len()];
                        Arc::make_mut(&mut s.size).height = height.clone();
                        let flex = Arc::make_mut(&mut s.flex);
                        flex.align_items = AlignmentValue::new(baseline);
                        if level % 3 == 1 {
                            flex.flex_direction = FlexDirection::Column;
                        }
                    });
                    page.text(at, "text ");
                }
                assert!(page.lay_out().root.is_some());
            }
        }
    }
}

#[test]
fn a_hundred_thousand_items() {
    for display in [Display::Flex, Display::Grid] {
        for wrap in [FlexWrap::Nowrap, FlexWrap::Wrap] {
            let mut page = Page::new();
            let container = page.add(page.html, &|s| {
                Arc::make_mut(&mut s.box_).display = display;
                Arc::make_mut(&mut s.flex).flex_wrap = wrap;
                let ten = TrackItem::Repeat(
                    RepeatCount::Number(10),
                    vec![TrackItem::Track(TrackSize::Breadth(TrackBreadth::Flex(1.0)))],
                );
                Arc::make_mut(&mut s.grid).template_columns = GridTemplate::Tracks(vec![ten]);
            });
            for _ in 0..100_000 {
                page.add(container, &|s| size(s, 5.0, 1.0));
            }
            let tree = page.lay_out();
            assert!(tree.root.is_some());
            if display == Display::Flex && wrap == FlexWrap::Wrap {
                // 80 items in a line of 400 px
                assert_eq!(tree.document_size.height.to_px(), 1_250.0);
            }
        }
    }
}
