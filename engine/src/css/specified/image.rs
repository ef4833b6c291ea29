//! Images, gradients and positions as specified: <https://drafts.csswg.org/css-images-4/>.

use std::sync::Arc;

use cssparser::{Parser, Token, match_ignore_ascii_case};

use super::color::{Color, color};
use super::length::{LengthPercentage, angle_degrees, length_percentage, length_percentage_non_negative};
use super::{ComputeContext, ParseContext, Parsed, Specified, computes_to_itself, invalid};
use crate::css::values::{self, GradientKind, RepeatStyle};

/// A specified `<image>` or `none`.
#[derive(Debug, Clone, PartialEq)]
pub enum Image {
    /// `none`, or an image that cannot be had.
    None,
    /// `url()`
    Url(Arc<url::Url>),
    /// A gradient.
    Gradient(Box<Gradient>),
}

/// A specified gradient.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    repeating: bool,
    line: Line,
    stops: Vec<(Color, Option<LengthPercentage>)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Line {
    Angle(f32),
    Toward(i8, i8),
    Radial { circle: bool, radii: Option<(LengthPercentage, LengthPercentage)>, center: Position },
}

impl Specified for Image {
    type Computed = values::Image;
    fn compute(&self, context: &ComputeContext<'_>) -> values::Image {
        match self {
            Self::None => values::Image::None,
            Self::Url(url) => values::Image::Url(Arc::clone(url)),
            Self::Gradient(gradient) => values::Image::Gradient(Arc::new(values::Gradient {
                repeating: gradient.repeating,
                kind: match &gradient.line {
                    Line::Angle(degrees) => GradientKind::LinearAngle(*degrees),
                    Line::Toward(x, y) => GradientKind::LinearToward(*x, *y),
                    Line::Radial { circle, radii, center } => GradientKind::Radial {
                        circle: *circle,
                        radii: radii.compute(context),
                        center: center.compute(context),
                    },
                },
                stops: gradient.stops.compute(context),
            })),
        }
    }
}

/// Resolves `url` as a sheet's base does; `None` if it is not one.
pub(crate) fn resolve_url(url: &str, context: &ParseContext<'_>) -> Option<Arc<url::Url>> {
    context.base_url.join(url).ok().map(Arc::new)
}

/// `<image>` or `none`.
pub(crate) fn image(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Image> {
    match input.next()?.clone() {
        Token::Ident(name) if name.eq_ignore_ascii_case("none") => Ok(Image::None),
        Token::UnquotedUrl(url) => Ok(resolve_url(&url, context).map_or(Image::None, Image::Url)),
        Token::Function(name) => input.parse_nested_block(|input| image_function(&name, input, context)),
        _ => invalid(),
    }
}

fn image_function(name: &str, input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Image> {
    let gradient = match_ignore_ascii_case! { name,
        "url" | "src" => {
            let url = input.expect_string_cloned()?;
            return Ok(resolve_url(&url, context).map_or(Image::None, Image::Url));
        },
        "linear-gradient" => linear(input, context, false, false)?,
        "repeating-linear-gradient" => linear(input, context, true, false)?,
        "-webkit-linear-gradient" | "-moz-linear-gradient" | "-o-linear-gradient" => {
            if !name.eq_ignore_ascii_case("-webkit-linear-gradient") {
                return invalid();
            }
            linear(input, context, false, true)?
        },
        "-webkit-repeating-linear-gradient" => linear(input, context, true, true)?,
        "radial-gradient" => radial(input, context, false)?,
        "repeating-radial-gradient" => radial(input, context, true)?,
        "image-set" | "-webkit-image-set" => return image_set(input, context),
        // TODO(css-images-4 3.5): conic gradients; the grammar is accepted so that the declaration wins, and paints nothing.
        "conic-gradient" | "repeating-conic-gradient" | "-webkit-gradient" | "-webkit-radial-gradient"
        | "-webkit-repeating-radial-gradient" | "cross-fade" | "-webkit-cross-fade" => {
            while input.next().is_ok() {}
            return Ok(Image::None);
        },
        _ => return invalid(),
    };
    Ok(Image::Gradient(Box::new(gradient)))
}

/// The first option of `image-set()` whose resolution is 1, or the first of all.
fn image_set(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Image> {
    let options = input.parse_comma_separated(|input| -> Parsed<(Image, f32)> {
        let chosen = match input.try_parse(|i| i.expect_string_cloned()) {
            Ok(url) => resolve_url(&url, context).map_or(Image::None, Image::Url),
            Err(_) => image(input, context)?,
        };
        let mut resolution = 1.0;
        while let Ok(token) = input.next() {
            if let Token::Dimension { value, .. } = token {
                resolution = *value;
            }
        }
        Ok((chosen, resolution))
    })?;
    let best = options.iter().position(|(_, r)| *r == 1.0).unwrap_or(0);
    options.into_iter().nth(best).map_or_else(invalid, |(image, _)| Ok(image))
}

fn linear(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    repeating: bool,
    prefixed: bool,
) -> Parsed<Gradient> {
    let line = input.try_parse(|input| -> Parsed<Line> {
        let line = match input.try_parse(|input| angle_degrees(input, context)) {
            // The prefixed form counts from the right, counter-clockwise.
            Ok(degrees) if prefixed => Line::Angle((90.0 - degrees).rem_euclid(360.0)),
            Ok(degrees) => Line::Angle(degrees),
            Err(_) => {
                if !prefixed {
                    input.expect_ident_matching("to")?;
                }
                let (x, y) = side_or_corner(input)?;
                // The prefixed form names where the line starts.
                if prefixed { Line::Toward(-x, -y) } else { Line::Toward(x, y) }
            }
        };
        input.expect_comma()?;
        Ok(line)
    });
    let line = line.unwrap_or(Line::Toward(0, 1));
    Ok(Gradient { repeating, line, stops: stops(input, context)? })
}

fn side_or_corner(input: &mut Parser<'_>) -> Parsed<(i8, i8)> {
    let (mut x, mut y) = (0, 0);
    for _ in 0..2 {
        let side = input.try_parse(|input| -> Parsed<(i8, i8)> {
            let ident = input.expect_ident()?;
            Ok(match_ignore_ascii_case! { ident,
                "left" => (-1, 0),
                "right" => (1, 0),
                "top" => (0, -1),
                "bottom" => (0, 1),
                _ => return invalid(),
            })
        });
        match side {
            Ok((dx, 0)) if x == 0 => x = dx,
            Ok((0, dy)) if y == 0 => y = dy,
            Ok(_) => return invalid(),
            Err(_) => break,
        }
    }
    if (x, y) == (0, 0) { invalid() } else { Ok((x, y)) }
}

fn radial(input: &mut Parser<'_>, context: &ParseContext<'_>, repeating: bool) -> Parsed<Gradient> {
    let mut circle = None;
    let mut extent = None;
    let mut radii = None;
    loop {
        let ident = input.try_parse(|input| -> Parsed<()> {
            let ident = input.expect_ident()?;
            match_ignore_ascii_case! { ident,
                "circle" if circle.is_none() => circle = Some(true),
                "ellipse" if circle.is_none() => circle = Some(false),
                "closest-side" | "closest-corner" | "farthest-side" | "farthest-corner" if extent.is_none() => {
                    // DEVIATION: every extent is drawn as `farthest-corner` for now.
                    extent = Some(());
                },
                _ => return invalid(),
            }
            Ok(())
        });
        if ident.is_ok() {
            continue;
        }
        if radii.is_none()
            && let Ok(first) = input.try_parse(|i| length_percentage_non_negative(i, context))
        {
            let second = input.try_parse(|i| length_percentage_non_negative(i, context));
            if second.is_err() && circle.is_none() {
                circle = Some(true);
            }
            radii = Some((first.clone(), second.unwrap_or(first)));
            continue;
        }
        break;
    }
    let center = if input.try_parse(|i| i.expect_ident_matching("at")).is_ok() {
        position(input, context)?
    } else {
        Position { x: LengthPercentage::Percentage(0.5), y: LengthPercentage::Percentage(0.5) }
    };
    // Nothing but the stops, or a comma before them.
    let _ = input.try_parse(Parser::expect_comma);
    let circle = circle.unwrap_or(false);
    Ok(Gradient { repeating, line: Line::Radial { circle, radii, center }, stops: stops(input, context)? })
}

fn stops(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<Vec<(Color, Option<LengthPercentage>)>> {
    let mut stops = Vec::new();
    let mut colors = 0;
    input.parse_comma_separated(|input| -> Parsed<()> {
        let before = input.try_parse(|i| length_percentage(i, context)).ok();
        let Ok(stop) = input.try_parse(|i| color(i, context)) else {
            // A bare length is a hint where the middle lies. DEVIATION: hints are dropped.
            return if before.is_some() { Ok(()) } else { invalid() };
        };
        colors += 1;
        let first = before.or_else(|| input.try_parse(|i| length_percentage(i, context)).ok());
        let second = input.try_parse(|i| length_percentage(i, context)).ok();
        stops.push((stop.clone(), first));
        if second.is_some() {
            stops.push((stop, second));
        }
        Ok(())
    })?;
    if colors == 0 {
        return invalid();
    }
    if stops.len() == 1 {
        stops.push(stops[0].clone());
    }
    Ok(stops)
}

/// A specified `<position>`.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// From the left.
    pub x: LengthPercentage,
    /// From the top.
    pub y: LengthPercentage,
}

impl Specified for Position {
    type Computed = values::Position;
    fn compute(&self, context: &ComputeContext<'_>) -> values::Position {
        values::Position { x: self.x.compute(context), y: self.y.compute(context) }
    }
}

/// One axis of a position.
#[derive(Debug, Clone, PartialEq)]
enum PositionPart {
    /// `left`, `right`: a fraction in x.
    X(f32),
    /// `top`, `bottom`: a fraction in y.
    Y(f32),
    Center,
    Offset(LengthPercentage),
}

fn position_part(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<PositionPart> {
    let keyword = input.try_parse(|input| -> Parsed<PositionPart> {
        let ident = input.expect_ident()?;
        Ok(match_ignore_ascii_case! { ident,
            "left" => PositionPart::X(0.0),
            "right" => PositionPart::X(1.0),
            "top" => PositionPart::Y(0.0),
            "bottom" => PositionPart::Y(1.0),
            "center" => PositionPart::Center,
            _ => return invalid(),
        })
    });
    match keyword {
        Ok(part) => Ok(part),
        Err(_) => super::length::length_percentage_quirky(input, context).map(PositionPart::Offset),
    }
}

/// `<position>` with one to four parts: <https://drafts.csswg.org/css-backgrounds-3/#typedef-bg-position>.
pub(crate) fn position(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Position> {
    use PositionPart as P;
    let mut parts = vec![position_part(input, context)?];
    while parts.len() < 4 {
        match input.try_parse(|input| position_part(input, context)) {
            Ok(part) => parts.push(part),
            Err(_) => break,
        }
    }
    let percent = LengthPercentage::Percentage;
    match parts.as_slice() {
        [one] => Ok(match one {
            P::X(x) => Position { x: percent(*x), y: percent(0.5) },
            P::Y(y) => Position { x: percent(0.5), y: percent(*y) },
            P::Center => Position { x: percent(0.5), y: percent(0.5) },
            P::Offset(x) => Position { x: x.clone(), y: percent(0.5) },
        }),
        [P::X(x), P::Y(y)] | [P::Y(y), P::X(x)] => Ok(Position { x: percent(*x), y: percent(*y) }),
        [P::X(x), P::Center] | [P::Center, P::X(x)] => Ok(Position { x: percent(*x), y: percent(0.5) }),
        [P::Y(y), P::Center] | [P::Center, P::Y(y)] => Ok(Position { x: percent(0.5), y: percent(*y) }),
        [P::Center, P::Center] => Ok(Position { x: percent(0.5), y: percent(0.5) }),
        [P::X(x), P::Offset(y)] => Ok(Position { x: percent(*x), y: y.clone() }),
        [P::Offset(x), P::Y(y)] => Ok(Position { x: x.clone(), y: percent(*y) }),
        [P::Center, P::Offset(y)] => Ok(Position { x: percent(0.5), y: y.clone() }),
        [P::Offset(x), P::Center] => Ok(Position { x: x.clone(), y: percent(0.5) }),
        [P::Offset(x), P::Offset(y)] => Ok(Position { x: x.clone(), y: y.clone() }),
        more if more.len() > 2 => edge_offsets(more),
        _ => invalid(),
    }
}

/// Three or four parts: each edge may be followed by an offset from it.
fn edge_offsets(parts: &[PositionPart]) -> Parsed<Position> {
    use PositionPart as P;
    let (mut x, mut y, mut centers) = (None, None, 0);
    let mut rest = parts.iter().peekable();
    while let Some(part) = rest.next() {
        let mut offset = || match rest.peek() {
            Some(P::Offset(offset)) => {
                let offset = offset.clone();
                rest.next();
                Some(offset)
            }
            _ => None,
        };
        match part {
            P::X(edge) if x.is_none() => x = Some(from_edge(*edge, offset())),
            P::Y(edge) if y.is_none() => y = Some(from_edge(*edge, offset())),
            P::Center => centers += 1,
            _ => return invalid(),
        }
    }
    let center = LengthPercentage::Percentage(0.5);
    match (x, y, centers) {
        (Some(x), Some(y), 0) => Ok(Position { x, y }),
        (Some(x), None, 1) => Ok(Position { x, y: center }),
        (None, Some(y), 1) => Ok(Position { x: center, y }),
        _ => invalid(),
    }
}

fn from_edge(edge: f32, offset: Option<LengthPercentage>) -> LengthPercentage {
    use super::calc::CalcNode;
    use super::length::Range;
    match offset {
        None => LengthPercentage::Percentage(edge),
        Some(offset) if edge == 0.0 => offset,
        Some(LengthPercentage::Percentage(fraction)) => LengthPercentage::Percentage(1.0 - fraction),
        Some(offset) => {
            let node = match offset {
                LengthPercentage::Length(value, unit) => CalcNode::Length(-value, unit),
                LengthPercentage::Percentage(fraction) => CalcNode::Percentage(-fraction),
                LengthPercentage::Calc(node, _) => {
                    CalcNode::Product(vec![(*node).clone(), CalcNode::Number(-1.0)])
                }
            };
            LengthPercentage::Calc(Arc::new(CalcNode::Sum(vec![CalcNode::Percentage(1.0), node])), Range::All)
        }
    }
}

/// One axis of `background-position`.
pub(crate) fn position_x(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<LengthPercentage> {
    position_axis(input, context, true)
}

/// One axis of `background-position`.
pub(crate) fn position_y(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<LengthPercentage> {
    position_axis(input, context, false)
}

fn position_axis(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
    horizontal: bool,
) -> Parsed<LengthPercentage> {
    match position_part(input, context)? {
        PositionPart::X(edge) if horizontal => {
            Ok(from_edge(edge, input.try_parse(|i| length_percentage(i, context)).ok()))
        }
        PositionPart::Y(edge) if !horizontal => {
            Ok(from_edge(edge, input.try_parse(|i| length_percentage(i, context)).ok()))
        }
        PositionPart::Center => Ok(LengthPercentage::Percentage(0.5)),
        PositionPart::Offset(offset) => Ok(offset),
        _ => invalid(),
    }
}

/// `<bg-size>`
#[derive(Debug, Clone, PartialEq)]
pub enum BackgroundSize {
    /// `contain`
    Contain,
    /// `cover`
    Cover,
    /// Width and height, `None` for `auto`.
    Explicit(Option<LengthPercentage>, Option<LengthPercentage>),
}

impl Specified for BackgroundSize {
    type Computed = values::BackgroundSize;
    fn compute(&self, context: &ComputeContext<'_>) -> values::BackgroundSize {
        match self {
            Self::Contain => values::BackgroundSize::Contain,
            Self::Cover => values::BackgroundSize::Cover,
            Self::Explicit(width, height) => {
                values::BackgroundSize::Explicit(width.compute(context), height.compute(context))
            }
        }
    }
}

/// `<bg-size>`
pub(crate) fn background_size(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<BackgroundSize> {
    let keyword = input.try_parse(|input| -> Parsed<BackgroundSize> {
        let ident = input.expect_ident()?;
        Ok(match_ignore_ascii_case! { ident,
            "contain" => BackgroundSize::Contain,
            "cover" => BackgroundSize::Cover,
            _ => return invalid(),
        })
    });
    if let Ok(keyword) = keyword {
        return Ok(keyword);
    }
    let width = auto_or_length(input, context)?;
    let height = input.try_parse(|i| auto_or_length(i, context)).unwrap_or(None);
    Ok(BackgroundSize::Explicit(width, height))
}

fn auto_or_length(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Option<LengthPercentage>> {
    if input.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
        return Ok(None);
    }
    length_percentage_non_negative(input, context).map(Some)
}

computes_to_itself!(RepeatStyle);

/// `<repeat-style>`: both axes.
pub(crate) fn repeat_style(
    input: &mut Parser<'_>,
    _: &ParseContext<'_>,
) -> Parsed<(RepeatStyle, RepeatStyle)> {
    use RepeatStyle::{NoRepeat, Repeat, Round, Space};
    let one = |ident: &str| -> Option<RepeatStyle> {
        Some(match_ignore_ascii_case! { ident,
            "repeat" => Repeat,
            "space" => Space,
            "round" => Round,
            "no-repeat" => NoRepeat,
            _ => return None,
        })
    };
    let ident = input.expect_ident_cloned()?;
    match_ignore_ascii_case! { &ident,
        "repeat-x" => return Ok((Repeat, NoRepeat)),
        "repeat-y" => return Ok((NoRepeat, Repeat)),
        _ => {},
    }
    let Some(x) = one(&ident) else { return invalid() };
    let y = input.try_parse(|input| -> Parsed<RepeatStyle> {
        let ident = input.expect_ident()?;
        one(ident).map_or_else(invalid, Ok)
    });
    Ok((x, y.unwrap_or(x)))
}

/// `background-origin`
pub(crate) fn background_origin(
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<values::BackgroundBox> {
    match super::keyword(input, context)? {
        values::BackgroundBox::Text => invalid(),
        origin => Ok(origin),
    }
}
