//! Colours as the painter wants them: 8-bit sRGB.

use siskin_engine::css::values::{AbsoluteColor, ColorSpace};

/// A colour in sRGB, not premultiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rgba {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// 0 transparent, 255 opaque.
    pub a: u8,
}

impl Rgba {
    /// Opaque white.
    pub const WHITE: Self = Self::opaque(255, 255, 255);
    /// Nothing.
    pub const TRANSPARENT: Self = Self { r: 0, g: 0, b: 0, a: 0 };

    /// An opaque colour.
    pub const fn opaque(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// With each colour multiplied by alpha, rounded to nearest.
    pub const fn premultiplied(self) -> [u8; 4] {
        [mul_div_255(self.r, self.a), mul_div_255(self.g, self.a), mul_div_255(self.b, self.a), self.a]
    }
}

impl From<AbsoluteColor> for Rgba {
    /// Colours outside of sRGB are clipped, as Chromium paints them.
    fn from(color: AbsoluteColor) -> Self {
        let [r, g, b] = to_srgb(color).map(to_byte);
        Self { r, g, b, a: to_byte(color.alpha) }
    }
}

/// `a * b / 255`, rounded to nearest.
pub(crate) const fn mul_div_255(a: u8, b: u8) -> u8 {
    let product = a as u32 * b as u32 + 128;
    ((product + (product >> 8)) >> 8) as u8
}

fn to_byte(value: f32) -> u8 {
    // `as` saturates and maps NaN to 0.
    (value * 255.0).round() as u8
}

/// The components in sRGB, not clipped: <https://drafts.csswg.org/css-color-4/#color-conversion>.
pub(super) fn to_srgb(color: AbsoluteColor) -> [f32; 3] {
    // A missing component counts as 0.
    let c = color.components.map(|c| if c.is_nan() { 0.0 } else { c });
    match color.space {
        ColorSpace::LegacySrgb | ColorSpace::Srgb => c,
        ColorSpace::SrgbLinear => c.map(encode_srgb),
        ColorSpace::DisplayP3 => xyz_to_srgb(multiply(&P3_TO_XYZ, c.map(decode_srgb))),
        ColorSpace::A98Rgb => {
            xyz_to_srgb(multiply(&A98_TO_XYZ, c.map(|v| v.abs().powf(563.0 / 256.0).copysign(v))))
        }
        ColorSpace::ProphotoRgb => d50_to_srgb(multiply(&PROPHOTO_TO_XYZ_D50, c.map(decode_prophoto))),
        ColorSpace::Rec2020 => xyz_to_srgb(multiply(&REC2020_TO_XYZ, c.map(decode_rec2020))),
        ColorSpace::XyzD50 => d50_to_srgb(c),
        ColorSpace::XyzD65 => xyz_to_srgb(c),
        ColorSpace::Lab => lab_to_srgb(c),
        ColorSpace::Lch => lab_to_srgb(from_polar(c)),
        ColorSpace::Oklab => oklab_to_srgb(c),
        ColorSpace::Oklch => oklab_to_srgb(from_polar(c)),
    }
}

type Matrix = [[f32; 3]; 3];

// The matrices of https://drafts.csswg.org/css-color-4/#color-conversion-code.
const P3_TO_XYZ: Matrix = [
    [0.486_570_95, 0.265_667_7, 0.198_217_29],
    [0.228_974_56, 0.691_738_5, 0.079_286_91],
    [0.0, 0.045_113_38, 1.043_944_4],
];
const A98_TO_XYZ: Matrix = [
    [0.576_669_04, 0.185_558_24, 0.188_228_65],
    [0.297_344_98, 0.627_363_6, 0.075_291_46],
    [0.027_031_36, 0.070_688_85, 0.991_337_54],
];
const REC2020_TO_XYZ: Matrix = [
    [0.636_958_06, 0.144_616_9, 0.168_880_98],
    [0.262_700_2, 0.677_998_07, 0.059_301_717],
    [0.0, 0.028_072_693, 1.060_985_1],
];
const PROPHOTO_TO_XYZ_D50: Matrix = [
    [0.797_760_5, 0.135_185_84, 0.031_349_35],
    [0.288_071_13, 0.711_843_2, 0.000_085_65],
    [0.0, 0.0, 0.825_104_6],
];
const D50_TO_D65: Matrix = [
    [0.955_473_4, -0.023_098_537, 0.063_259_31],
    [-0.028_369_707, 1.009_995_5, 0.021_041_399],
    [0.012_314_002, -0.020_507_697, 1.330_365_9],
];
const XYZ_TO_SRGB: Matrix = [
    [3.240_97, -1.537_383_2, -0.498_610_76],
    [-0.969_243_65, 1.875_967_5, 0.041_555_06],
    [0.055_630_08, -0.203_976_96, 1.056_971_5],
];
const OKLAB_TO_LMS: Matrix = [
    [1.0, 0.396_337_78, 0.215_803_76],
    [1.0, -0.105_561_346, -0.063_854_17],
    [1.0, -0.089_484_18, -1.291_485_5],
];
const LMS_TO_LINEAR_SRGB: Matrix = [
    [4.076_741_7, -3.307_711_6, 0.230_969_93],
    [-1.268_438, 2.609_757_4, -0.341_319_4],
    [-0.004_196_086, -0.703_418_6, 1.707_614_7],
];

fn multiply(m: &Matrix, [x, y, z]: [f32; 3]) -> [f32; 3] {
    m.map(|[a, b, c]| a * x + b * y + c * z)
}

fn encode_srgb(v: f32) -> f32 {
    let a = v.abs();
    (if a > 0.003_130_8 { 1.055 * a.powf(1.0 / 2.4) - 0.055 } else { 12.92 * a }).copysign(v)
}

fn decode_srgb(v: f32) -> f32 {
    let a = v.abs();
    (if a <= 0.040_45 { a / 12.92 } else { ((a + 0.055) / 1.055).powf(2.4) }).copysign(v)
}

fn decode_prophoto(v: f32) -> f32 {
    let a = v.abs();
    (if a <= 16.0 / 512.0 { a / 16.0 } else { a.powf(1.8) }).copysign(v)
}

fn decode_rec2020(v: f32) -> f32 {
    let a = v.abs();
    (if a < 0.018_053_97 * 4.5 { a / 4.5 } else { ((a + 0.099_296_83) / 1.099_296_8).powf(1.0 / 0.45) })
        .copysign(v)
}

fn xyz_to_srgb(xyz: [f32; 3]) -> [f32; 3] {
    multiply(&XYZ_TO_SRGB, xyz).map(encode_srgb)
}

fn d50_to_srgb(xyz: [f32; 3]) -> [f32; 3] {
    xyz_to_srgb(multiply(&D50_TO_D65, xyz))
}

fn from_polar([l, chroma, hue]: [f32; 3]) -> [f32; 3] {
    let (sin, cos) = hue.to_radians().sin_cos();
    [l, chroma * cos, chroma * sin]
}

fn lab_to_srgb([l, a, b]: [f32; 3]) -> [f32; 3] {
    const KAPPA: f32 = 24_389.0 / 27.0;
    const EPSILON: f32 = 216.0 / 24_389.0;
    const D50_WHITE: [f32; 3] = [0.964_295_7, 1.0, 0.825_104_6];
    let fy = (l + 16.0) / 116.0;
    let cube = |f: f32| if f.powi(3) > EPSILON { f.powi(3) } else { (116.0 * f - 16.0) / KAPPA };
    let y = if l > KAPPA * EPSILON { fy.powi(3) } else { l / KAPPA };
    let [wx, wy, wz] = D50_WHITE;
    d50_to_srgb([cube(a / 500.0 + fy) * wx, y * wy, cube(fy - b / 200.0) * wz])
}

fn oklab_to_srgb(lab: [f32; 3]) -> [f32; 3] {
    multiply(&LMS_TO_LINEAR_SRGB, multiply(&OKLAB_TO_LMS, lab).map(|v| v.powi(3))).map(encode_srgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgba(space: ColorSpace, components: [f32; 3]) -> Rgba {
        AbsoluteColor { space, components, alpha: 1.0 }.into()
    }

    #[test]
    fn every_space_agrees_on_white_and_black() {
        use ColorSpace::*;
        for space in [LegacySrgb, Srgb, SrgbLinear, DisplayP3, A98Rgb, ProphotoRgb, Rec2020] {
            assert_eq!(rgba(space, [1.0; 3]), Rgba::WHITE, "{space:?}");
            assert_eq!(rgba(space, [0.0; 3]), Rgba::opaque(0, 0, 0), "{space:?}");
        }
        assert_eq!(rgba(Lab, [100.0, 0.0, 0.0]), Rgba::WHITE);
        assert_eq!(rgba(Lch, [100.0, 0.0, 50.0]), Rgba::WHITE);
        assert_eq!(rgba(Oklab, [1.0, 0.0, 0.0]), Rgba::WHITE);
        assert_eq!(rgba(XyzD65, [0.950_456, 1.0, 1.089_058]), Rgba::WHITE);
        assert_eq!(rgba(XyzD50, [0.964_296, 1.0, 0.825_105]), Rgba::WHITE);
    }

    #[test]
    fn values_of_the_specification() {
        // From the web-platform-tests of css-color: these are all `green`, 0 128 0.
        let green = Rgba::opaque(0, 128, 0);
        assert_eq!(rgba(ColorSpace::Lab, [46.277, -47.562, 48.583]), green);
        assert_eq!(rgba(ColorSpace::Lch, [46.277, 67.989, 134.391]), green);
        assert_eq!(rgba(ColorSpace::Oklab, [0.519_75, -0.140_3, 0.107_68]), green);
        assert_eq!(rgba(ColorSpace::Oklch, [0.519_75, 0.176_86, 142.495]), green);
        assert_eq!(rgba(ColorSpace::DisplayP3, [0.216_05, 0.494_32, 0.131_25]), green);
        assert_eq!(rgba(ColorSpace::Rec2020, [0.235_15, 0.431_7, 0.085_43]), green);
    }

    #[test]
    fn premultiplication_rounds() {
        assert_eq!(Rgba { r: 255, g: 128, b: 1, a: 128 }.premultiplied(), [128, 64, 1, 128]);
        assert_eq!(mul_div_255(255, 255), 255);
    }
}
