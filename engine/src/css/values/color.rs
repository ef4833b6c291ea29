//! Colours in computed form: <https://drafts.csswg.org/css-color-4/>.

/// A computed colour: `currentcolor` stays a keyword until used-value time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Color {
    /// The element's own `color`.
    #[default]
    CurrentColor,
    /// Any other.
    Absolute(AbsoluteColor),
}

impl Color {
    /// `transparent`
    pub const TRANSPARENT: Self = Self::Absolute(AbsoluteColor::TRANSPARENT);

    /// The used colour, where the element's `color` is `current`.
    pub const fn resolve(self, current: AbsoluteColor) -> AbsoluteColor {
        match self {
            Self::CurrentColor => current,
            Self::Absolute(color) => color,
        }
    }
}

/// The spaces in which a colour may have been written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColorSpace {
    /// Names, hex, `rgb()`, `hsl()`, `hwb()`: serialised as `rgb()`. Components 0..=1.
    LegacySrgb,
    /// `color(srgb …)`
    Srgb,
    /// `color(srgb-linear …)`
    SrgbLinear,
    /// `color(display-p3 …)`
    DisplayP3,
    /// `color(a98-rgb …)`
    A98Rgb,
    /// `color(prophoto-rgb …)`
    ProphotoRgb,
    /// `color(rec2020 …)`
    Rec2020,
    /// `color(xyz-d50 …)`
    XyzD50,
    /// `color(xyz …)`
    XyzD65,
    /// `lab()`
    Lab,
    /// `lch()`
    Lch,
    /// `oklab()`
    Oklab,
    /// `oklch()`
    Oklch,
}

/// A colour in a colour space. Missing components (`none`) are NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AbsoluteColor {
    /// The space that `components` are in.
    pub space: ColorSpace,
    /// Its three components.
    pub components: [f32; 3],
    /// 0 transparent, 1 opaque.
    pub alpha: f32,
}

impl Default for AbsoluteColor {
    fn default() -> Self {
        Self::BLACK
    }
}

impl AbsoluteColor {
    /// Opaque black.
    pub const BLACK: Self = Self::from_srgb8(0, 0, 0);
    /// Opaque white.
    pub const WHITE: Self = Self::from_srgb8(255, 255, 255);
    /// `rgba(0, 0, 0, 0)`
    pub const TRANSPARENT: Self =
        Self { space: ColorSpace::LegacySrgb, components: [0.0, 0.0, 0.0], alpha: 0.0 };

    /// An opaque legacy colour.
    pub const fn from_srgb8(r: u8, g: u8, b: u8) -> Self {
        Self {
            space: ColorSpace::LegacySrgb,
            components: [r as f32 / 255.0, g as f32 / 255.0, b as f32 / 255.0],
            alpha: 1.0,
        }
    }
}
