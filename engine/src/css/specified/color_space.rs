//! Conversions between colour spaces: <https://drafts.csswg.org/css-color-4/#color-conversion>.

use crate::css::values::{AbsoluteColor, ColorSpace};

type Triple = [f32; 3];
type Matrix = [[f32; 3]; 3];

const D50_TO_D65: Matrix = [
    [0.955_473_4, -0.023_098_537, 0.063_259_31],
    [-0.028_369_706, 1.009_995_5, 0.021_041_399],
    [0.012_314_002, -0.020_507_697, 1.330_365_9],
];
const D65_TO_D50: Matrix = [
    [1.047_929_8, 0.022_946_794, -0.050_192_226],
    [0.029_627_815, 0.990_434_5, -0.017_073_825],
    [-0.009_243_058, 0.015_055_145, 0.751_874_3],
];
const SRGB_TO_XYZ: Matrix = [
    [0.412_390_8, 0.357_584_33, 0.180_480_8],
    [0.212_639, 0.715_168_65, 0.072_192_32],
    [0.019_330_818, 0.119_194_78, 0.950_532_14],
];
const XYZ_TO_SRGB: Matrix = [
    [3.240_97, -1.537_383_2, -0.498_610_76],
    [-0.969_243_65, 1.875_967_5, 0.041_555_06],
    [0.055_630_08, -0.203_976_96, 1.056_971_5],
];
const P3_TO_XYZ: Matrix = [
    [0.486_570_95, 0.265_667_7, 0.198_217_29],
    [0.228_974_56, 0.691_738_5, 0.079_286_91],
    [0.0, 0.045_113_38, 1.043_944_4],
];
const A98_TO_XYZ: Matrix = [
    [0.576_669_04, 0.185_558_24, 0.188_228_65],
    [0.297_344_98, 0.627_363_57, 0.075_291_46],
    [0.027_031_36, 0.070_688_85, 0.991_337_5],
];
const PROPHOTO_TO_XYZ_D50: Matrix = [
    [0.797_760_5, 0.135_185_84, 0.031_349_35],
    [0.288_071_13, 0.711_843_2, 0.000_085_654],
    [0.0, 0.0, 0.825_104_6],
];
const REC2020_TO_XYZ: Matrix = [
    [0.636_958, 0.144_616_9, 0.168_880_97],
    [0.262_700_2, 0.677_998_07, 0.059_301_72],
    [0.0, 0.028_072_69, 1.060_985],
];
const XYZ_TO_LMS: Matrix = [
    [0.819_022_4, 0.361_906_26, -0.128_873_78],
    [0.032_983_67, 0.929_286_85, 0.036_144_67],
    [0.048_177_2, 0.264_239_53, 0.633_547_8],
];
const LMS_TO_XYZ: Matrix = [
    [1.226_88, -0.557_815, 0.281_391_05],
    [-0.040_575_75, 1.112_286_8, -0.071_711_07],
    [-0.076_372_95, -0.421_493_32, 1.586_924],
];
const LMS_TO_OKLAB: Matrix = [
    [0.210_454_26, 0.793_617_8, -0.004_072_047],
    [1.977_998_5, -2.428_592_2, 0.450_593_7],
    [0.025_904_037, 0.782_771_77, -0.808_675_77],
];
const OKLAB_TO_LMS: Matrix = [
    [1.0, 0.396_337_78, 0.215_803_76],
    [1.0, -0.105_561_346, -0.063_854_17],
    [1.0, -0.089_484_18, -1.291_485_5],
];

/// The white of D50.
const WHITE_D50: Triple = [0.964_295_7, 1.0, 0.825_104_6];

impl AbsoluteColor {
    /// The components with missing ones as zero.
    fn present(self) -> Triple {
        self.components.map(|c| if c.is_nan() { 0.0 } else { c })
    }

    /// The alpha with a missing one as zero.
    fn present_alpha(self) -> f32 {
        if self.alpha.is_nan() { 0.0 } else { self.alpha }
    }

    /// The colour in another space. Out-of-gamut components stay outside of 0..=1.
    pub fn to_space(self, space: ColorSpace) -> Self {
        if space == self.space {
            return self;
        }
        let components = match (self.space, space) {
            (ColorSpace::LegacySrgb, ColorSpace::Srgb) | (ColorSpace::Srgb, ColorSpace::LegacySrgb) => {
                self.present()
            }
            _ => from_xyz(space, to_xyz(self.space, self.present())),
        };
        Self { space, components, alpha: self.alpha }
    }

    /// The colour as 8-bit sRGB red, green, blue and alpha (not premultiplied), clipped to the gamut.
    pub fn to_srgb8(self) -> [u8; 4] {
        let srgb = match self.space {
            ColorSpace::LegacySrgb | ColorSpace::Srgb => self.present(),
            _ => self.to_space(ColorSpace::Srgb).components,
        };
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        [byte(srgb[0]), byte(srgb[1]), byte(srgb[2]), byte(self.present_alpha())]
    }
}

/// To XYZ with the white of D65.
fn to_xyz(space: ColorSpace, c: Triple) -> Triple {
    match space {
        ColorSpace::LegacySrgb | ColorSpace::Srgb => times(&SRGB_TO_XYZ, c.map(srgb_to_linear)),
        ColorSpace::SrgbLinear => times(&SRGB_TO_XYZ, c),
        ColorSpace::DisplayP3 => times(&P3_TO_XYZ, c.map(srgb_to_linear)),
        ColorSpace::A98Rgb => times(&A98_TO_XYZ, c.map(|v| signed_pow(v, 563.0 / 256.0))),
        ColorSpace::ProphotoRgb => times(&D50_TO_D65, times(&PROPHOTO_TO_XYZ_D50, c.map(prophoto_to_linear))),
        ColorSpace::Rec2020 => times(&REC2020_TO_XYZ, c.map(|v| signed_pow(v, 2.4))),
        ColorSpace::XyzD50 => times(&D50_TO_D65, c),
        ColorSpace::XyzD65 => c,
        ColorSpace::Lab => times(&D50_TO_D65, lab_to_xyz_d50(c)),
        ColorSpace::Lch => times(&D50_TO_D65, lab_to_xyz_d50(from_polar(c))),
        ColorSpace::Oklab => oklab_to_xyz(c),
        ColorSpace::Oklch => oklab_to_xyz(from_polar(c)),
    }
}

fn from_xyz(space: ColorSpace, c: Triple) -> Triple {
    match space {
        ColorSpace::LegacySrgb | ColorSpace::Srgb => times(&XYZ_TO_SRGB, c).map(srgb_from_linear),
        ColorSpace::SrgbLinear => times(&XYZ_TO_SRGB, c),
        ColorSpace::DisplayP3 => times(&inverse(&P3_TO_XYZ), c).map(srgb_from_linear),
        ColorSpace::A98Rgb => times(&inverse(&A98_TO_XYZ), c).map(|v| signed_pow(v, 256.0 / 563.0)),
        ColorSpace::ProphotoRgb => {
            times(&inverse(&PROPHOTO_TO_XYZ_D50), times(&D65_TO_D50, c)).map(prophoto_from_linear)
        }
        ColorSpace::Rec2020 => times(&inverse(&REC2020_TO_XYZ), c).map(|v| signed_pow(v, 1.0 / 2.4)),
        ColorSpace::XyzD50 => times(&D65_TO_D50, c),
        ColorSpace::XyzD65 => c,
        ColorSpace::Lab => xyz_d50_to_lab(times(&D65_TO_D50, c)),
        ColorSpace::Lch => to_polar(xyz_d50_to_lab(times(&D65_TO_D50, c))),
        ColorSpace::Oklab => xyz_to_oklab(c),
        ColorSpace::Oklch => to_polar(xyz_to_oklab(c)),
    }
}

fn times(m: &Matrix, c: Triple) -> Triple {
    m.map(|row| row[0] * c[0] + row[1] * c[1] + row[2] * c[2])
}

/// The inverse of a matrix of primaries, which always has one.
fn inverse(m: &Matrix) -> Matrix {
    let minor = |r: usize, c: usize| {
        let (r1, r2) = ((r + 1) % 3, (r + 2) % 3);
        let (c1, c2) = ((c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant = (0..3).map(|c| m[0][c] * minor(0, c)).sum::<f32>();
    std::array::from_fn(|r| std::array::from_fn(|c| minor(c, r) / determinant))
}

fn signed_pow(value: f32, exponent: f32) -> f32 {
    value.abs().powf(exponent).copysign(value)
}

fn srgb_to_linear(value: f32) -> f32 {
    let abs = value.abs();
    if abs <= 0.040_45 { value / 12.92 } else { ((abs + 0.055) / 1.055).powf(2.4).copysign(value) }
}

fn srgb_from_linear(value: f32) -> f32 {
    let abs = value.abs();
    if abs <= 0.003_130_8 { value * 12.92 } else { (1.055 * abs.powf(1.0 / 2.4) - 0.055).copysign(value) }
}

fn prophoto_to_linear(value: f32) -> f32 {
    if value.abs() <= 16.0 / 512.0 { value / 16.0 } else { signed_pow(value, 1.8) }
}

fn prophoto_from_linear(value: f32) -> f32 {
    if value.abs() < 1.0 / 512.0 { value * 16.0 } else { signed_pow(value, 1.0 / 1.8) }
}

const LAB_EPSILON: f32 = 216.0 / 24_389.0;
const LAB_KAPPA: f32 = 24_389.0 / 27.0;

fn lab_to_xyz_d50([l, a, b]: Triple) -> Triple {
    let fy = (l + 16.0) / 116.0;
    let fx = a / 500.0 + fy;
    let fz = fy - b / 200.0;
    let decode = |f: f32| if f.powi(3) > LAB_EPSILON { f.powi(3) } else { (116.0 * f - 16.0) / LAB_KAPPA };
    let y = if l > LAB_KAPPA * LAB_EPSILON { fy.powi(3) } else { l / LAB_KAPPA };
    [decode(fx) * WHITE_D50[0], y * WHITE_D50[1], decode(fz) * WHITE_D50[2]]
}

fn xyz_d50_to_lab(c: Triple) -> Triple {
    let encode = |v: f32| if v > LAB_EPSILON { v.cbrt() } else { (LAB_KAPPA * v + 16.0) / 116.0 };
    let [fx, fy, fz] = [0, 1, 2].map(|i| encode(c[i] / WHITE_D50[i]));
    [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
}

fn oklab_to_xyz(c: Triple) -> Triple {
    times(&LMS_TO_XYZ, times(&OKLAB_TO_LMS, c).map(|v| v.powi(3)))
}

fn xyz_to_oklab(c: Triple) -> Triple {
    times(&LMS_TO_OKLAB, times(&XYZ_TO_LMS, c).map(f32::cbrt))
}

/// Lightness, chroma, hue in degrees to lightness, a, b.
fn from_polar([l, chroma, hue]: Triple) -> Triple {
    let (sin, cos) = hue.to_radians().sin_cos();
    [l, chroma * cos, chroma * sin]
}

fn to_polar([l, a, b]: Triple) -> Triple {
    let hue = b.atan2(a).to_degrees();
    [l, a.hypot(b), if hue < 0.0 { hue + 360.0 } else { hue }]
}

/// `hsl()` to sRGB: hue in degrees, the others as fractions. <https://drafts.csswg.org/css-color-4/#hsl-to-rgb>
pub(crate) fn hsl_to_srgb([hue, saturation, lightness]: Triple) -> Triple {
    let f = |n: f32| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        let a = saturation * lightness.min(1.0 - lightness);
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    };
    [f(0.0), f(8.0), f(4.0)]
}

/// sRGB to hue in degrees, saturation and lightness as fractions. <https://drafts.csswg.org/css-color-4/#rgb-to-hsl>
pub(crate) fn srgb_to_hsl([red, green, blue]: Triple) -> Triple {
    let max = red.max(green).max(blue);
    let min = red.min(green).min(blue);
    let lightness = f32::midpoint(min, max);
    let d = max - min;
    if d == 0.0 {
        return [0.0, 0.0, lightness];
    }
    let saturation = if lightness == 0.0 || lightness == 1.0 {
        0.0
    } else {
        (max - lightness) / lightness.min(1.0 - lightness)
    };
    let hue = if max == red {
        (green - blue) / d + if green < blue { 6.0 } else { 0.0 }
    } else if max == green {
        (blue - red) / d + 2.0
    } else {
        (red - green) / d + 4.0
    };
    [hue * 60.0, saturation, lightness]
}

/// `hwb()` to sRGB: hue in degrees, the others as fractions. <https://drafts.csswg.org/css-color-4/#hwb-to-rgb>
pub(crate) fn hwb_to_srgb([hue, white, black]: Triple) -> Triple {
    if white + black >= 1.0 {
        return [white / (white + black); 3];
    }
    hsl_to_srgb([hue, 1.0, 0.5]).map(|c| c * (1.0 - white - black) + white)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_space_comes_back() {
        let spaces = [
            ColorSpace::SrgbLinear,
            ColorSpace::DisplayP3,
            ColorSpace::A98Rgb,
            ColorSpace::ProphotoRgb,
            ColorSpace::Rec2020,
            ColorSpace::XyzD50,
            ColorSpace::XyzD65,
            ColorSpace::Lab,
            ColorSpace::Lch,
            ColorSpace::Oklab,
            ColorSpace::Oklch,
        ];
        for (r, g, b) in [(0, 0, 0), (255, 255, 255), (200, 30, 90), (1, 128, 254)] {
            for space in spaces {
                let there = AbsoluteColor::from_srgb8(r, g, b).to_space(space);
                assert_eq!(there.to_srgb8(), [r, g, b, 255], "{space:?}");
            }
        }
    }

    #[test]
    fn hue_based_colours() {
        assert_eq!(hsl_to_srgb([120.0, 1.0, 0.5]), [0.0, 1.0, 0.0]);
        assert_eq!(hwb_to_srgb([0.0, 0.5, 0.5]), [0.5, 0.5, 0.5]);
    }
}
