//! Points, sizes and rectangles in layout units (1/64 CSS px) and in device pixels.

use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// A length in 1/64 CSS px, the unit in which browsers keep layout. Arithmetic saturates, so that sizes of
/// 1e9 px and NaN from a style sheet are clamped as browsers clamp them: never a panic, never a wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lu(pub i32);

impl Lu {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// The largest length, about 33.5 million px.
    pub const MAX: Self = Self(i32::MAX);
    /// The smallest length.
    pub const MIN: Self = Self(i32::MIN);
    /// Units in a CSS px.
    pub const PER_PX: i32 = 64;

    /// The length nearest to `px` towards zero, as Blink converts; NaN is zero.
    pub fn from_px(px: f32) -> Self {
        // `as` saturates and maps NaN to 0.
        Self((px * Self::PER_PX as f32) as i32)
    }

    /// The length that is the smallest not below `px`.
    pub fn from_px_ceil(px: f32) -> Self {
        Self((px * Self::PER_PX as f32).ceil() as i32)
    }

    /// The length nearest to `px`.
    pub fn from_px_round(px: f32) -> Self {
        Self((px * Self::PER_PX as f32).round() as i32)
    }

    /// A whole number of px.
    pub const fn from_whole_px(px: i32) -> Self {
        Self(px.saturating_mul(Self::PER_PX))
    }

    /// In CSS px.
    pub fn to_px(self) -> f32 {
        self.0 as f32 / Self::PER_PX as f32
    }

    /// Rounded to whole px, halves up: where edges are painted.
    pub const fn round_px(self) -> i32 {
        (self.0.saturating_add(Self::PER_PX / 2)) >> 6
    }

    /// Rounded down to whole px.
    pub const fn floor_px(self) -> i32 {
        self.0 >> 6
    }

    /// Rounded up to whole px.
    pub const fn ceil_px(self) -> i32 {
        self.0.saturating_add(Self::PER_PX - 1) >> 6
    }

    /// Not below zero.
    pub fn clamp_negative_to_zero(self) -> Self {
        self.max(Self::ZERO)
    }
}

impl Add for Lu {
    type Output = Self;
    fn add(self, rhs: Self) -> Self {
        Self(self.0.saturating_add(rhs.0))
    }
}

impl Sub for Lu {
    type Output = Self;
    fn sub(self, rhs: Self) -> Self {
        Self(self.0.saturating_sub(rhs.0))
    }
}

impl Neg for Lu {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Mul<i32> for Lu {
    type Output = Self;
    fn mul(self, rhs: i32) -> Self {
        Self(self.0.saturating_mul(rhs))
    }
}

impl std::ops::Div<i32> for Lu {
    type Output = Self;
    fn div(self, rhs: i32) -> Self {
        Self(self.0.checked_div(rhs).unwrap_or(0))
    }
}

impl AddAssign for Lu {
    fn add_assign(&mut self, rhs: Self) {
        *self = *self + rhs;
    }
}

impl SubAssign for Lu {
    fn sub_assign(&mut self, rhs: Self) {
        *self = *self - rhs;
    }
}

impl std::iter::Sum for Lu {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// A point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    /// To the right.
    pub x: Lu,
    /// Down.
    pub y: Lu,
}

impl Point {
    /// The point at these coordinates.
    pub const fn new(x: Lu, y: Lu) -> Self {
        Self { x, y }
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, rhs: Self) -> Self {
        Self { x: self.x + rhs.x, y: self.y + rhs.y }
    }
}

/// A width and a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// The width.
    pub width: Lu,
    /// The height.
    pub height: Lu,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    /// The top-left corner.
    pub origin: Point,
    /// The extent.
    pub size: Size,
}

impl Rect {
    /// From the corner's coordinates and the extent.
    pub const fn new(x: Lu, y: Lu, width: Lu, height: Lu) -> Self {
        Self { origin: Point { x, y }, size: Size { width, height } }
    }

    /// The right edge.
    pub fn right(&self) -> Lu {
        self.origin.x + self.size.width
    }

    /// The bottom edge.
    pub fn bottom(&self) -> Lu {
        self.origin.y + self.size.height
    }

    /// Moved by `offset`.
    pub fn translate(&self, offset: Point) -> Self {
        Self { origin: self.origin + offset, size: self.size }
    }

    /// Whether the point lies inside (right and bottom edge excluded).
    pub fn contains(&self, p: Point) -> bool {
        p.x >= self.origin.x && p.x < self.right() && p.y >= self.origin.y && p.y < self.bottom()
    }

    /// The smallest rectangle around both.
    pub fn union(&self, other: &Self) -> Self {
        let x = self.origin.x.min(other.origin.x);
        let y = self.origin.y.min(other.origin.y);
        let right = self.right().max(other.right());
        let bottom = self.bottom().max(other.bottom());
        Self::new(x, y, right - x, bottom - y)
    }
}

/// One length for each side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Edges {
    /// Top.
    pub top: Lu,
    /// Right.
    pub right: Lu,
    /// Bottom.
    pub bottom: Lu,
    /// Left.
    pub left: Lu,
}

impl Edges {
    /// Left and right together.
    pub fn horizontal(&self) -> Lu {
        self.left + self.right
    }

    /// Top and bottom together.
    pub fn vertical(&self) -> Lu {
        self.top + self.bottom
    }
}

impl Add for Edges {
    type Output = Self;
    fn add(self, rhs: Self) -> Self {
        Self {
            top: self.top + rhs.top,
            right: self.right + rhs.right,
            bottom: self.bottom + rhs.bottom,
            left: self.left + rhs.left,
        }
    }
}

/// A rectangle in whole device pixels: what the painter fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct DeviceRect {
    /// The left edge.
    pub x: i32,
    /// The top edge.
    pub y: i32,
    /// The width, not negative.
    pub width: i32,
    /// The height, not negative.
    pub height: i32,
}

impl DeviceRect {
    /// The part that both cover; empty when they do not meet.
    pub fn intersect(&self, other: &Self) -> Self {
        let x = self.x.max(other.x);
        let y = self.y.max(other.y);
        let right = self.x.saturating_add(self.width).min(other.x.saturating_add(other.width));
        let bottom = self.y.saturating_add(self.height).min(other.y.saturating_add(other.height));
        Self { x, y, width: (right.saturating_sub(x)).max(0), height: (bottom.saturating_sub(y)).max(0) }
    }

    /// Whether it covers nothing.
    pub const fn is_empty(&self) -> bool {
        self.width <= 0 || self.height <= 0
    }
}
