//! Lengths and percentages in computed form. All lengths are CSS px in `f32`.

use std::sync::Arc;

/// `<length-percentage>`: <https://drafts.csswg.org/css-values-4/#mixed-percentages>.
#[derive(Debug, Clone, PartialEq)]
pub enum LengthPercentage {
    /// CSS px.
    Length(f32),
    /// A fraction of the basis: 0.5 is 50 %.
    Percentage(f32),
    /// A sum or a math function in which both occur.
    Calc(Arc<CalcLength>),
}

/// A calculation that could not be reduced at computed-value time because it needs the percentage basis.
#[derive(Debug, Clone, PartialEq)]
pub enum CalcLength {
    /// px + fraction × basis.
    Sum {
        /// CSS px.
        px: f32,
        /// A fraction of the basis.
        percentage: f32,
    },
    /// The smallest of them.
    Min(Vec<CalcLength>),
    /// The largest of them.
    Max(Vec<CalcLength>),
    /// `clamp(min, value, max)`
    Clamp(Box<[CalcLength; 3]>),
    /// All of them added.
    Add(Vec<CalcLength>),
    /// One of them times a number.
    Multiply(Box<CalcLength>, f32),
}

impl Default for LengthPercentage {
    fn default() -> Self {
        Self::ZERO
    }
}

impl LengthPercentage {
    /// Zero px.
    pub const ZERO: Self = Self::Length(0.0);

    /// The used length against `basis` (CSS px).
    pub fn resolve(&self, basis: f32) -> f32 {
        match self {
            Self::Length(px) => *px,
            Self::Percentage(fraction) => fraction * basis,
            Self::Calc(calc) => calc.resolve(basis),
        }
    }

    /// The length if no percentage is involved.
    pub fn as_length(&self) -> Option<f32> {
        match self {
            Self::Length(px) => Some(*px),
            Self::Percentage(_) | Self::Calc(_) => None,
        }
    }

    /// Whether the used value depends on the basis.
    pub const fn has_percentage(&self) -> bool {
        !matches!(self, Self::Length(_))
    }

    /// Whether it is the length zero.
    pub fn is_zero(&self) -> bool {
        self.as_length() == Some(0.0)
    }
}

impl CalcLength {
    /// The used length against `basis` (CSS px). Depth is bounded by the parser.
    pub fn resolve(&self, basis: f32) -> f32 {
        match self {
            Self::Sum { px, percentage } => px + percentage * basis,
            Self::Min(terms) => terms.iter().map(|t| t.resolve(basis)).fold(f32::INFINITY, f32::min),
            Self::Max(terms) => terms.iter().map(|t| t.resolve(basis)).fold(f32::NEG_INFINITY, f32::max),
            Self::Clamp(terms) => {
                let [min, value, max] = terms.each_ref().map(|t| t.resolve(basis));
                value.min(max).max(min)
            }
            Self::Add(terms) => terms.iter().map(|t| t.resolve(basis)).sum(),
            Self::Multiply(term, by) => term.resolve(basis) * by,
        }
    }
}

/// `width`, `height`, `min-width`, `min-height`: <https://drafts.csswg.org/css-sizing-3/#sizing-properties>.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Size {
    /// `auto`
    #[default]
    Auto,
    /// A length or percentage.
    LengthPercentage(LengthPercentage),
    /// `min-content`
    MinContent,
    /// `max-content`
    MaxContent,
    /// `fit-content`
    FitContent,
    /// `fit-content()`: its largest size, within the sizes from content.
    FitContentTo(LengthPercentage),
    /// `stretch`, `-webkit-fill-available`
    Stretch,
}

/// `max-width`, `max-height`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum MaxSize {
    /// `none`
    #[default]
    None,
    /// A length or percentage.
    LengthPercentage(LengthPercentage),
    /// `min-content`
    MinContent,
    /// `max-content`
    MaxContent,
    /// `fit-content`
    FitContent,
    /// `fit-content()`: its largest size, within the sizes from content.
    FitContentTo(LengthPercentage),
    /// `stretch`, `-webkit-fill-available`
    Stretch,
}

/// A value of the alignment properties: <https://drafts.csswg.org/css-align-3/>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AlignmentValue {
    /// Where.
    pub keyword: super::Alignment,
    /// What happens where the box is larger than its room.
    pub overflow: super::OverflowPosition,
    /// Whether `legacy` is there: the value inherits into `justify-items` of children that say `legacy`.
    pub legacy: bool,
}

impl AlignmentValue {
    /// The keyword alone.
    pub const fn new(keyword: super::Alignment) -> Self {
        Self { keyword, overflow: super::OverflowPosition::Default, legacy: false }
    }
}

/// A margin: <https://drafts.csswg.org/css-box-4/#margin-physical>.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Margin {
    /// `auto`
    #[default]
    Auto,
    /// A length or percentage.
    LengthPercentage(LengthPercentage),
}

/// `top`, `right`, `bottom`, `left`: <https://drafts.csswg.org/css-position-3/#insets>.
pub type Inset = Margin;

impl Margin {
    /// Zero px.
    pub const ZERO: Self = Self::LengthPercentage(LengthPercentage::ZERO);

    /// The used length against `basis` (CSS px), `None` for `auto`.
    pub fn resolve(&self, basis: f32) -> Option<f32> {
        match self {
            Self::Auto => None,
            Self::LengthPercentage(value) => Some(value.resolve(basis)),
        }
    }
}

/// <https://drafts.csswg.org/css-inline-3/#line-height-property>
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum LineHeight {
    /// `normal`: from the font's metrics.
    #[default]
    Normal,
    /// A multiple of the font size, inherited as such.
    Number(f32),
    /// CSS px.
    Length(f32),
    /// CSS px, from a percentage of the font size: layout rounds these and lengths differently, as Blink does.
    Percentage(f32),
}

/// <https://drafts.csswg.org/css2/#propdef-vertical-align>
#[derive(Debug, Clone, PartialEq, Default)]
pub enum VerticalAlign {
    /// `baseline`
    #[default]
    Baseline,
    /// `sub`
    Sub,
    /// `super`
    Super,
    /// `top`
    Top,
    /// `text-top`
    TextTop,
    /// `middle`
    Middle,
    /// `bottom`
    Bottom,
    /// `text-bottom`
    TextBottom,
    /// Raised by a length, or by a percentage of the line height.
    LengthPercentage(LengthPercentage),
}
