//! Values of the properties that shapes and text in SVG have.

use std::sync::Arc;

use super::color::Color;
use super::keyword::keywords;

/// What a shape is filled or stroked with: <https://svgwg.org/svg2-draft/painting.html#SpecifyingPaint>.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SvgPaint {
    /// `none`
    #[default]
    None,
    /// `context-fill`
    ContextFill,
    /// `context-stroke`
    ContextStroke,
    /// A colour.
    Color(Color),
    /// `url()` as written (it may name an element of the same document), with what is taken when there is none.
    Url(Arc<str>, Option<Box<SvgPaint>>),
}

keywords! {
    /// The values of `fill-rule` and `clip-rule`.
    FillRule { Nonzero = "nonzero", Evenodd = "evenodd" }
}
keywords! {
    /// The values of `stroke-linecap`.
    StrokeLinecap { Butt = "butt", Round = "round", Square = "square" }
}
keywords! {
    /// The values of `stroke-linejoin`.
    StrokeLinejoin { Miter = "miter", Round = "round", Bevel = "bevel" }
}
keywords! {
    /// The values of `text-anchor`.
    TextAnchor { Start = "start", Middle = "middle", End = "end" }
}
keywords! {
    /// The values of `dominant-baseline`.
    DominantBaseline { Auto = "auto", UseScript = "use-script", NoChange = "no-change", ResetSize = "reset-size", Ideographic = "ideographic", Alphabetic = "alphabetic", Hanging = "hanging", Mathematical = "mathematical", Central = "central", Middle = "middle", TextAfterEdge = "text-after-edge", TextBeforeEdge = "text-before-edge" }
}
keywords! {
    /// The values of `alignment-baseline`.
    AlignmentBaseline { Auto = "auto", Baseline = "baseline", BeforeEdge = "before-edge", TextBeforeEdge = "text-before-edge", Middle = "middle", Central = "central", AfterEdge = "after-edge", TextAfterEdge = "text-after-edge", Ideographic = "ideographic", Alphabetic = "alphabetic", Hanging = "hanging", Mathematical = "mathematical" }
}
keywords! {
    /// The values of `shape-rendering`.
    ShapeRendering { Auto = "auto", Optimizespeed = "optimizespeed", Crispedges = "crispedges", Geometricprecision = "geometricprecision" }
}
keywords! {
    /// The values of `vector-effect`.
    VectorEffect { None = "none", NonScalingStroke = "non-scaling-stroke" }
}
keywords! {
    /// The values of `color-interpolation` and, with another one first, of `color-interpolation-filters`.
    ColorInterpolation { Srgb = "srgb", Auto = "auto", Linearrgb = "linearrgb" }
}

/// What of a shape is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is its CSS keyword")]
pub enum PaintPart {
    Fill,
    Stroke,
    Markers,
}

/// In which order the parts of a shape are painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaintOrder(pub [PaintPart; 3]);

impl Default for PaintOrder {
    fn default() -> Self {
        Self([PaintPart::Fill, PaintPart::Stroke, PaintPart::Markers])
    }
}
