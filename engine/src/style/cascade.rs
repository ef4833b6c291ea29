//! Which declaration wins for each property, and the computed style that the winners make:
//! <https://drafts.csswg.org/css-cascade-5/#cascading>.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::css::computed::{ComputedStyle, Font};
use crate::css::custom::{self, CustomValue};
use crate::css::media::Device;
use crate::css::properties::declaration::{CustomDeclaration, parse_substituted};
use crate::css::properties::{
    Declaration, DeclarationBlock, Importance, LonghandId, Unparsed, Value, WideKeyword, initial_style,
};
use crate::css::specified::font::{FontSize, MEDIUM, is_monospace, keyword_size};
use crate::css::specified::{ComputeContext, FontUnits};
use crate::css::values::{Direction, LineHeight};

use super::font_metrics::FontMetricsProvider;
use crate::limits::MAX_SUBSTITUTION_MEMO;

/// A block of declarations with its place in the cascade. Later sorts higher.
#[derive(Debug, Clone, Copy)]
pub(super) struct Applicable<'a> {
    pub(super) block: &'a DeclarationBlock,
    /// The rank of the origin: browser 0, reader 1, presentational hints 2, page 3.
    pub(super) level: u8,
    /// The place of the layer; the style attribute stands above all.
    pub(super) layer: u32,
    pub(super) specificity: u32,
    pub(super) order: u32,
}

/// The level of presentational hints: <https://html.spec.whatwg.org/#presentational-hints>.
pub(super) const HINTS_LEVEL: u8 = 2;
/// The level of the page's own declarations.
pub(super) const AUTHOR_LEVEL: u8 = 3;

/// What all elements of a document have in common while they are styled.
pub(super) struct Cascade<'a> {
    pub(super) device: &'a Device,
    pub(super) fonts: &'a dyn FontMetricsProvider,
    pub(super) initial: ComputedStyle,
    pub(super) root_font_size: f32,
    memo: Memo,
    slots: Slots,
}

/// Values already substituted and parsed.
type Memo = HashMap<(*const Unparsed, String), Rc<[Declaration]>>;

/// Where a longhand's winner stands in the list of winners, valid for one round.
#[derive(Default)]
struct Slots {
    round: u32,
    slots: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Winner<'a> {
    declaration: &'a Declaration,
    /// Smaller is stronger.
    rank: u32,
}

/// The element that a style is for, as far as values ask.
pub(super) struct Subject<'a> {
    pub(super) parent: &'a ComputedStyle,
    pub(super) attribute: &'a dyn Fn(&str) -> Option<Arc<str>>,
    pub(super) language: Option<Arc<str>>,
}

impl<'s> Cascade<'s> {
    pub(super) fn new(device: &'s Device, fonts: &'s dyn FontMetricsProvider) -> Self {
        let initial = initial_style();
        Self {
            device,
            fonts,
            root_font_size: initial.font.font_size,
            initial,
            memo: HashMap::new(),
            slots: Slots::default(),
        }
    }

    /// The style that `applicable`, sorted from weak to strong, makes. Without the adjustments of [`super::adjust`].
    pub(super) fn style(&mut self, applicable: &[Applicable<'_>], subject: &Subject<'_>) -> ComputedStyle {
        let (mut winners, custom) = Winners::collect(applicable, &mut self.slots);
        let parent = subject.parent;
        let mut style = ComputedStyle {
            font: Arc::clone(&parent.font),
            text: Arc::clone(&parent.text),
            ui: Arc::clone(&parent.ui),
            svg: Arc::clone(&parent.svg),
            custom: custom::resolve(&parent.custom, &custom),
            ..self.initial.clone()
        };
        if let Some(language) = &subject.language
            && style.font.language != *language
        {
            Arc::make_mut(&mut style.font).language = Arc::clone(language);
        }
        let mut substituted = Substituted { memo: &mut self.memo, parsed: HashMap::new() };
        let fonts = self.fonts;
        let mut context = ComputeContext {
            font_size: parent.font.font_size,
            root_font_size: self.root_font_size,
            line_height: line_height_px(&parent.font),
            viewport: self.device.viewport,
            color: parent.text.color,
            parent,
            font_units: &|| font_units(fonts, &parent.font),
            attribute: subject.attribute,
        };

        // Fonts first: other lengths are relative to them. Then the colour, for `currentcolor` inside of mixes.
        for id in FONT {
            if let Some(winner) = winners.take(id) {
                apply(id, winner.declaration, &mut style, &self.initial, &context, &mut substituted);
            }
        }
        let size = winners.take(LonghandId::FontSize);
        font_size(size.map(|w| w.declaration), &mut style, &self.initial, &context, &mut substituted);
        let font = Arc::clone(&style.font);
        let own_units = || font_units(fonts, &font);
        context.font_size = font.font_size;
        context.font_units = &own_units;
        for id in [LonghandId::LineHeight, LonghandId::Color, LonghandId::Direction] {
            if let Some(winner) = winners.take(id) {
                apply(id, winner.declaration, &mut style, &self.initial, &context, &mut substituted);
            }
        }
        context.line_height = line_height_px(&style.font);
        context.color = style.text.color;
        winners.make_physical(style.text.direction);
        for (id, winner) in winners.rest() {
            apply(id, winner.declaration, &mut style, &self.initial, &context, &mut substituted);
        }
        style
    }
}

/// The properties of the font that its size and metrics depend on.
const FONT: [LonghandId; 5] = [
    LonghandId::FontFamily,
    LonghandId::FontWeight,
    LonghandId::FontStyle,
    LonghandId::FontStretch,
    LonghandId::FontVariantCaps,
];

fn font_units(fonts: &dyn FontMetricsProvider, font: &Font) -> FontUnits {
    let metrics = fonts.metrics(font);
    FontUnits {
        ex: metrics.x_height,
        ch: metrics.zero_advance,
        cap: metrics.cap_height,
        ic: metrics.ic_advance,
    }
}

/// `1lh`. DEVIATION: `normal` counts as 1.2.
fn line_height_px(font: &Font) -> f32 {
    match font.line_height {
        LineHeight::Normal => font.font_size * 1.2,
        LineHeight::Number(factor) => font.font_size * factor,
        LineHeight::Length(px) | LineHeight::Percentage(px) => px,
    }
}

/// The winning declarations of one element.
struct Winners<'b, 's> {
    list: Vec<(LonghandId, Option<Winner<'b>>)>,
    slots: &'s mut Slots,
}

impl<'b, 's> Winners<'b, 's> {
    /// Walks from the strongest declaration to the weakest; the first of each property wins.
    fn collect(applicable: &[Applicable<'b>], slots: &'s mut Slots) -> (Self, Vec<(Arc<str>, CustomValue)>) {
        slots.round = slots.round.wrapping_add(1);
        slots.slots.resize(LonghandId::COUNT, (0, 0));
        let mut winners = Self { list: Vec::new(), slots };
        let mut custom: Vec<(Arc<str>, CustomValue)> = Vec::new();
        let mut seen: HashSet<&Arc<str>> = HashSet::new();
        let mut reverting: Vec<Reverting> = Vec::new();
        let mut rank = 0;
        for (entry, importance) in strongest_first(applicable) {
            for (declaration, own) in entry.block.declarations.iter().rev() {
                if *own != importance {
                    continue;
                }
                rank += 1;
                let winner = Winner { declaration, rank };
                match declaration {
                    Declaration::Custom(name, value) => {
                        if seen.contains(name)
                            || reverting.iter().any(|r| r.custom.as_ref() == Some(name) && r.skips(entry))
                        {
                            continue;
                        }
                        match value {
                            CustomDeclaration::Value(value) => {
                                seen.insert(name);
                                custom.push((Arc::clone(name), value.clone()));
                            }
                            CustomDeclaration::Revert | CustomDeclaration::RevertLayer => {
                                reverting.push(Reverting {
                                    longhand: None,
                                    custom: Some(Arc::clone(name)),
                                    ..Reverting::of(entry, *value == CustomDeclaration::RevertLayer)
                                });
                            }
                        }
                    }
                    Declaration::All(keyword) => {
                        for &id in LonghandId::PHYSICAL {
                            if !matches!(id, LonghandId::Direction | LonghandId::UnicodeBidi) {
                                winners.offer(id, winner, Some(*keyword), entry, &mut reverting);
                            }
                        }
                    }
                    _ => {
                        let Some(id) = declaration.longhand() else { continue };
                        let keyword = match declaration {
                            Declaration::Wide(_, keyword) => Some(*keyword),
                            _ => None,
                        };
                        winners.offer(id, winner, keyword, entry, &mut reverting);
                    }
                }
            }
        }
        (winners, custom)
    }

    /// Takes a declaration unless a stronger one is there or it is reverted.
    fn offer(
        &mut self,
        id: LonghandId,
        winner: Winner<'b>,
        keyword: Option<WideKeyword>,
        entry: &Applicable<'_>,
        reverting: &mut Vec<Reverting>,
    ) {
        if self.get(id).is_some()
            || (!reverting.is_empty() && reverting.iter().any(|r| r.longhand == Some(id) && r.skips(entry)))
        {
            return;
        }
        match keyword {
            Some(keyword @ (WideKeyword::Revert | WideKeyword::RevertLayer)) => {
                reverting.push(Reverting {
                    longhand: Some(id),
                    custom: None,
                    ..Reverting::of(entry, keyword == WideKeyword::RevertLayer)
                });
            }
            _ => self.set(id, winner),
        }
    }

    fn get(&self, id: LonghandId) -> Option<Winner<'b>> {
        let (round, index) = self.slots.slots[id as usize];
        if round == self.slots.round { self.list[index as usize].1 } else { None }
    }

    fn set(&mut self, id: LonghandId, winner: Winner<'b>) {
        let slot = &mut self.slots.slots[id as usize];
        if slot.0 == self.slots.round {
            self.list[slot.1 as usize].1 = Some(winner);
        } else {
            *slot = (self.slots.round, self.list.len() as u32);
            self.list.push((id, Some(winner)));
        }
    }

    /// Removes a winner so that [`Self::rest`] does not show it again.
    fn take(&mut self, id: LonghandId) -> Option<Winner<'b>> {
        let (round, index) = self.slots.slots[id as usize];
        if round == self.slots.round { self.list[index as usize].1.take() } else { None }
    }

    /// Moves the winners of logical longhands to the physical ones that they are, where these are weaker.
    fn make_physical(&mut self, direction: Direction) {
        for at in 0..self.list.len() {
            let (id, Some(winner)) = self.list[at] else { continue };
            let Some(physical) = id.to_physical(direction) else { continue };
            self.list[at].1 = None;
            if self.get(physical).is_none_or(|other| winner.rank < other.rank) {
                self.set(physical, winner);
            }
        }
    }

    fn rest(self) -> impl Iterator<Item = (LonghandId, Winner<'b>)> {
        self.list.into_iter().filter_map(|(id, winner)| Some((id, winner?)))
    }
}

/// What `revert` and `revert-layer` skip for one property.
struct Reverting {
    longhand: Option<LonghandId>,
    custom: Option<Arc<str>>,
    level: u8,
    layer: Option<u32>,
}

impl Reverting {
    fn of(entry: &Applicable<'_>, layer_only: bool) -> Self {
        // Hints revert with the page's own declarations.
        let level = if entry.level == HINTS_LEVEL { AUTHOR_LEVEL } else { entry.level };
        Self { longhand: None, custom: None, level, layer: layer_only.then_some(entry.layer) }
    }

    fn skips(&self, entry: &Applicable<'_>) -> bool {
        let level = if entry.level == HINTS_LEVEL { AUTHOR_LEVEL } else { entry.level };
        match self.layer {
            None => level >= self.level,
            Some(layer) => entry.level == self.level && entry.layer == layer,
        }
    }
}

/// The blocks from strong to weak, each once for its important and once for its normal declarations.
/// Among important ones, weaker origins and earlier layers are stronger.
fn strongest_first<'x, 'b>(
    applicable: &'x [Applicable<'b>],
) -> impl Iterator<Item = (&'x Applicable<'b>, Importance)> {
    let mut important: Vec<&Applicable<'b>> = applicable.iter().filter(|a| a.block.has_important).collect();
    important
        .sort_by_key(|a| (a.level, a.layer, std::cmp::Reverse(a.specificity), std::cmp::Reverse(a.order)));
    let normal = applicable.iter().rev().filter(|a| a.block.has_normal);
    important.into_iter().map(|a| (a, Importance::Important)).chain(normal.map(|a| (a, Importance::Normal)))
}

/// Values with `var()` of one element, parsed.
struct Substituted<'m> {
    memo: &'m mut Memo,
    parsed: HashMap<*const Unparsed, Rc<[Declaration]>>,
}

impl Substituted<'_> {
    fn get(&mut self, unparsed: &Arc<Unparsed>, custom: &custom::CustomProperties) -> Rc<[Declaration]> {
        let key = Arc::as_ptr(unparsed);
        if let Some(known) = self.parsed.get(&key) {
            return Rc::clone(known);
        }
        let declarations = match custom::substitute(&unparsed.text, custom) {
            None => Rc::from([]),
            Some(text) => match self.memo.get(&(key, text.clone())) {
                Some(known) => Rc::clone(known),
                None => {
                    let parsed: Rc<[Declaration]> = parse_substituted(unparsed, &text).into();
                    if self.memo.len() < MAX_SUBSTITUTION_MEMO {
                        self.memo.insert((key, text), Rc::clone(&parsed));
                    }
                    parsed
                }
            },
        };
        self.parsed.insert(key, Rc::clone(&declarations));
        declarations
    }
}

/// Sets the physical longhand `id` to what `declaration` says.
fn apply(
    id: LonghandId,
    declaration: &Declaration,
    style: &mut ComputedStyle,
    initial: &ComputedStyle,
    context: &ComputeContext<'_>,
    substituted: &mut Substituted<'_>,
) {
    let wide = |keyword: WideKeyword, style: &mut ComputedStyle| {
        let inherits = match keyword {
            WideKeyword::Inherit => true,
            WideKeyword::Initial => false,
            // What is left of `revert` had nothing to go back to.
            WideKeyword::Unset | WideKeyword::Revert | WideKeyword::RevertLayer => id.is_inherited(),
        };
        id.copy(style, if inherits { context.parent } else { initial });
    };
    match declaration {
        Declaration::Value(value) => value.apply(style, context),
        Declaration::Logical(_, values) => physical_value(values, style.text.direction).apply(style, context),
        Declaration::Wide(_, keyword) | Declaration::All(keyword) => wide(*keyword, style),
        Declaration::Unparsed(longhand, unparsed) => {
            let declarations = substituted.get(unparsed, &Arc::clone(&style.custom));
            match declarations.iter().find(|d| d.longhand() == Some(*longhand)) {
                Some(Declaration::Value(value)) => value.apply(style, context),
                Some(Declaration::Logical(_, values)) => {
                    physical_value(values, style.text.direction).apply(style, context);
                }
                Some(Declaration::Wide(_, keyword)) => wide(*keyword, style),
                // Invalid at computed-value time.
                _ => wide(WideKeyword::Unset, style),
            }
        }
        Declaration::Custom(..) => {}
    }
}

fn physical_value(values: &[Value; 2], direction: Direction) -> &Value {
    match direction {
        Direction::Ltr => &values[0],
        Direction::Rtl => &values[1],
    }
}

/// `font-size`, with the keyword behind it, and the smaller sizes of `monospace`: Chromium takes 13/16 of a size
/// that is not absolute where the family becomes the generic `monospace` alone, and back.
fn font_size(
    declaration: Option<&Declaration>,
    style: &mut ComputedStyle,
    initial: &ComputedStyle,
    context: &ComputeContext<'_>,
    substituted: &mut Substituted<'_>,
) {
    let parent = &context.parent.font;
    let found;
    let mut declaration = declaration;
    if let Some(Declaration::Unparsed(_, unparsed)) = declaration {
        found = substituted.get(unparsed, &Arc::clone(&style.custom));
        declaration = found.iter().find(|d| d.longhand() == Some(LonghandId::FontSize));
    }
    let (mut size, keyword, absolute) = match declaration {
        Some(Declaration::Value(Value::FontSize(value))) => {
            let keyword = if let FontSize::Keyword(keyword) = value { *keyword } else { 0 };
            let relative_to_absolute = parent.font_size_is_absolute
                && matches!(value, FontSize::Relative(_) | FontSize::LengthPercentage(_));
            let size = crate::css::specified::Specified::compute(value, context);
            (size, keyword, relative_to_absolute || value.is_absolute())
        }
        Some(Declaration::Wide(_, WideKeyword::Initial) | Declaration::All(WideKeyword::Initial)) => {
            (initial.font.font_size, MEDIUM, false)
        }
        _ => (parent.font_size, parent.font_size_keyword, parent.font_size_is_absolute),
    };
    let monospace = is_monospace(&style.font.font_family);
    let declared_keyword =
        matches!(declaration, Some(Declaration::Value(Value::FontSize(FontSize::Keyword(_)))));
    if declared_keyword {
        size = keyword_size(keyword, monospace);
    } else if !absolute && monospace != is_monospace(&parent.font_family) {
        const FACTOR: f32 = 13.0 / 16.0;
        size = match (keyword, monospace) {
            (0, true) => size * FACTOR,
            (0, false) => size / FACTOR,
            (keyword, _) => keyword_size(keyword, monospace),
        };
    }
    let font = &style.font;
    if font.font_size != size || font.font_size_keyword != keyword || font.font_size_is_absolute != absolute {
        let font = Arc::make_mut(&mut style.font);
        font.font_size = size;
        font.font_size_keyword = keyword;
        font.font_size_is_absolute = absolute;
    }
}
