//! Math functions: <https://drafts.csswg.org/css-values-4/#math>.
//!
//! A calculation is kept as a tree until the element's lengths are known. The depth of the tree is bounded by
//! the parser's limit on nested blocks.

use cssparser::{Parser, Token, match_ignore_ascii_case};

use super::length::Unit;
use super::{ComputeContext, ParseContext, Parsed, invalid};
use crate::css::values::CalcLength;

/// A node of a calculation.
#[derive(Debug, Clone, PartialEq)]
pub enum CalcNode {
    /// A number; also an angle in degrees or a time in seconds, which need no context.
    Number(f32),
    /// A length.
    Length(f32, Unit),
    /// A percentage as a fraction.
    Percentage(f32),
    /// All of them added.
    Sum(Vec<CalcNode>),
    /// All of them multiplied.
    Product(Vec<CalcNode>),
    /// One over it.
    Invert(Box<CalcNode>),
    /// A function.
    Function(MathFunction, Vec<CalcNode>),
}

/// The math functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the function of its name")]
pub enum MathFunction {
    Min,
    Max,
    Clamp,
    RoundNearest,
    RoundUp,
    RoundDown,
    RoundToZero,
    Mod,
    Rem,
    Abs,
    Sign,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
    Pow,
    Sqrt,
    Hypot,
    Log,
    Exp,
}

/// What a calculation results in: <https://drafts.csswg.org/css-values-4/#determine-the-type-of-a-calculation>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalcKind {
    /// A number.
    Number,
    /// A length, a percentage or a sum of both.
    LengthPercentage {
        /// Whether a percentage occurs.
        percentage: bool,
        /// Whether a length occurs.
        length: bool,
    },
    /// An angle in degrees.
    Angle,
    /// A time in seconds.
    Time,
}

/// A value with its kind while it is parsed.
type Typed = (CalcNode, CalcKind);

/// Parses the arguments of the math function `name`, whose opening parenthesis has just been read.
/// `None` if there is no such function.
pub(crate) fn parse_math_function(
    name: &str,
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Option<Parsed<(CalcNode, CalcKind)>> {
    use MathFunction as F;
    let function = match_ignore_ascii_case! { name,
        "calc" | "-webkit-calc" | "-moz-calc" => {
            return Some(input.parse_nested_block(|input| sum(input, context)));
        },
        "min" => F::Min,
        "max" => F::Max,
        "clamp" => F::Clamp,
        "round" => F::RoundNearest,
        "mod" => F::Mod,
        "rem" => F::Rem,
        "abs" => F::Abs,
        "sign" => F::Sign,
        "sin" => F::Sin,
        "cos" => F::Cos,
        "tan" => F::Tan,
        "asin" => F::Asin,
        "acos" => F::Acos,
        "atan" => F::Atan,
        "atan2" => F::Atan2,
        "pow" => F::Pow,
        "sqrt" => F::Sqrt,
        "hypot" => F::Hypot,
        "log" => F::Log,
        "exp" => F::Exp,
        _ => return None,
    };
    Some(input.parse_nested_block(|input| arguments(function, input, context)))
}

fn arguments(
    mut function: MathFunction,
    input: &mut Parser<'_>,
    context: &ParseContext<'_>,
) -> Parsed<Typed> {
    use MathFunction as F;
    if function == F::RoundNearest {
        let strategy = input.try_parse(|input| -> Parsed<MathFunction> {
            let ident = input.expect_ident_cloned()?;
            let found = match_ignore_ascii_case! { &ident,
                "nearest" => F::RoundNearest,
                "up" => F::RoundUp,
                "down" => F::RoundDown,
                "to-zero" => F::RoundToZero,
                _ => return invalid(),
            };
            input.expect_comma()?;
            Ok(found)
        });
        function = strategy.unwrap_or(function);
    }
    let typed = input.parse_comma_separated(|input| sum_or_none(function, input, context))?;
    let count = typed.len();
    let kind = typed.iter().skip(1).try_fold(typed[0].1, |kind, (_, other)| unify(kind, *other));
    let Some(mut kind) = kind else { return invalid() };
    let fits = match function {
        F::Min | F::Max | F::Hypot => count >= 1,
        F::Clamp => count == 3,
        F::RoundNearest | F::RoundUp | F::RoundDown | F::RoundToZero => {
            count == 2 || (count == 1 && kind == CalcKind::Number)
        }
        F::Mod | F::Rem | F::Atan2 | F::Pow => count == 2,
        F::Log => count == 1 || count == 2,
        _ => count == 1,
    };
    if !fits {
        return invalid();
    }
    kind = match function {
        F::Sign => CalcKind::Number,
        F::Sin | F::Cos | F::Tan if matches!(kind, CalcKind::Number | CalcKind::Angle) => CalcKind::Number,
        F::Asin | F::Acos | F::Atan if kind == CalcKind::Number => CalcKind::Angle,
        F::Atan2 => CalcKind::Angle,
        F::Pow | F::Sqrt | F::Log | F::Exp if kind == CalcKind::Number => CalcKind::Number,
        F::Sin | F::Cos | F::Tan | F::Asin | F::Acos | F::Atan | F::Pow | F::Sqrt | F::Log | F::Exp => {
            return invalid();
        }
        _ => kind,
    };
    // Bare numbers in trigonometric functions are radians; angles are held in degrees.
    let radians = matches!(function, F::Sin | F::Cos | F::Tan) && typed[0].1 == CalcKind::Number;
    let mut nodes: Vec<CalcNode> = typed.into_iter().map(|(node, _)| node).collect();
    if radians {
        let node = nodes.remove(0);
        nodes.push(CalcNode::Product(vec![node, CalcNode::Number(180.0 / std::f32::consts::PI)]));
    }
    if count == 1 && matches!(function, F::RoundNearest | F::RoundUp | F::RoundDown | F::RoundToZero) {
        nodes.push(CalcNode::Number(1.0));
    }
    Ok((CalcNode::Function(function, nodes), kind))
}

/// A sum, or the `none` that `clamp()` takes for "no bound".
fn sum_or_none(function: MathFunction, input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Typed> {
    if function == MathFunction::Clamp && input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return invalid();
    }
    sum(input, context)
}

const fn unify(a: CalcKind, b: CalcKind) -> Option<CalcKind> {
    use CalcKind::{Angle, LengthPercentage, Number, Time};
    match (a, b) {
        (Number, Number) => Some(Number),
        (Angle, Angle) => Some(Angle),
        (Time, Time) => Some(Time),
        (
            LengthPercentage { percentage: p1, length: l1 },
            LengthPercentage { percentage: p2, length: l2 },
        ) => Some(LengthPercentage { percentage: p1 || p2, length: l1 || l2 }),
        _ => None,
    }
}

/// `<calc-sum>`
fn sum(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Typed> {
    let (first, mut kind) = product(input, context)?;
    let mut terms = vec![first];
    loop {
        let before = input.state();
        let minus = match input.next_including_whitespace() {
            Ok(Token::WhiteSpace(_)) => {
                input.skip_whitespace();
                let sign = match input.next() {
                    Ok(Token::Delim('+')) => false,
                    Ok(Token::Delim('-')) => true,
                    _ => {
                        input.reset(&before);
                        break;
                    }
                };
                // White space is needed on both sides of + and -.
                if !matches!(input.next_including_whitespace(), Ok(Token::WhiteSpace(_))) {
                    return invalid();
                }
                sign
            }
            _ => {
                input.reset(&before);
                break;
            }
        };
        let (term, other) = product(input, context)?;
        let Some(unified) = unify(kind, other) else { return invalid() };
        kind = unified;
        terms.push(if minus { CalcNode::Product(vec![term, CalcNode::Number(-1.0)]) } else { term });
    }
    let node = if terms.len() == 1 { terms.remove(0) } else { CalcNode::Sum(terms) };
    Ok((node, kind))
}

/// `<calc-product>`
fn product(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Typed> {
    let (first, mut kind) = value(input, context)?;
    let mut factors = vec![first];
    loop {
        let before = input.state();
        let divide = match input.next() {
            Ok(Token::Delim('*')) => false,
            Ok(Token::Delim('/')) => true,
            _ => {
                input.reset(&before);
                break;
            }
        };
        let (factor, other) = value(input, context)?;
        if divide {
            if other != CalcKind::Number {
                return invalid();
            }
            factors.push(CalcNode::Invert(Box::new(factor)));
        } else {
            kind = match (kind, other) {
                (CalcKind::Number, other) => other,
                (kind, CalcKind::Number) => kind,
                _ => return invalid(),
            };
            factors.push(factor);
        }
    }
    let node = if factors.len() == 1 { factors.remove(0) } else { CalcNode::Product(factors) };
    Ok((node, kind))
}

/// `<calc-value>`
fn value(input: &mut Parser<'_>, context: &ParseContext<'_>) -> Parsed<Typed> {
    const LENGTH: CalcKind = CalcKind::LengthPercentage { percentage: false, length: true };
    const PERCENTAGE: CalcKind = CalcKind::LengthPercentage { percentage: true, length: false };
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok((CalcNode::Number(value), CalcKind::Number)),
        Token::Percentage { unit_value, .. } => Ok((CalcNode::Percentage(unit_value), PERCENTAGE)),
        Token::Dimension { value, ref unit, .. } => {
            if let Some((value, unit)) = Unit::parse(value, unit) {
                return Ok((CalcNode::Length(value, unit), LENGTH));
            }
            if let Some(degrees) = angle(value, unit) {
                return Ok((CalcNode::Number(degrees), CalcKind::Angle));
            }
            match time(value, unit) {
                Some(seconds) => Ok((CalcNode::Number(seconds), CalcKind::Time)),
                None => invalid(),
            }
        }
        Token::ParenthesisBlock => input.parse_nested_block(|input| sum(input, context)),
        Token::Ident(ref name) => {
            let number = match_ignore_ascii_case! { name,
                "e" => std::f32::consts::E,
                "pi" => std::f32::consts::PI,
                "infinity" => f32::INFINITY,
                "-infinity" => f32::NEG_INFINITY,
                "nan" => f32::NAN,
                _ => return invalid(),
            };
            Ok((CalcNode::Number(number), CalcKind::Number))
        }
        Token::Function(ref name) => match parse_math_function(name, input, context) {
            Some(result) => result,
            None => invalid(),
        },
        _ => invalid(),
    }
}

/// An angle in degrees.
pub(crate) fn angle(value: f32, unit: &str) -> Option<f32> {
    Some(match_ignore_ascii_case! { unit,
        "deg" => value,
        "grad" => value * 0.9,
        "rad" => value.to_degrees(),
        "turn" => value * 360.0,
        _ => return None,
    })
}

/// A time in seconds.
pub(crate) fn time(value: f32, unit: &str) -> Option<f32> {
    Some(match_ignore_ascii_case! { unit,
        "s" => value,
        "ms" => value / 1000.0,
        _ => return None,
    })
}

impl CalcNode {
    /// The value when no length or percentage is involved.
    pub fn to_number(&self) -> Option<f32> {
        self.fold(&|_, _| None, &|_| None)
    }

    /// The value when no percentage is involved.
    pub fn to_px(&self, context: &ComputeContext<'_>) -> Option<f32> {
        self.fold(&|value, unit| Some(unit.to_px(value, context)), &|_| None)
    }

    /// The value in px where 100 % are `basis` px.
    pub fn to_px_with_basis(&self, context: &ComputeContext<'_>, basis: f32) -> f32 {
        self.fold(&|value, unit| Some(unit.to_px(value, context)), &|fraction| Some(fraction * basis))
            .unwrap_or(0.0)
    }

    /// The value where `1em` and `1rem` are `em` px, when nothing else is relative.
    pub fn to_absolute_px(&self, em: f32) -> Option<f32> {
        self.fold(
            &|value, unit| match unit {
                Unit::Px => Some(value),
                Unit::Em | Unit::Rem => Some(value * em),
                _ => None,
            },
            &|_| None,
        )
    }

    /// The value when it is made of percentages alone, as a fraction.
    pub fn to_fraction(&self) -> Option<f32> {
        self.fold(&|_, _| None, &Some)
    }

    fn fold(
        &self,
        length: &dyn Fn(f32, Unit) -> Option<f32>,
        percentage: &dyn Fn(f32) -> Option<f32>,
    ) -> Option<f32> {
        let each =
            |nodes: &[Self]| nodes.iter().map(|n| n.fold(length, percentage)).collect::<Option<Vec<f32>>>();
        match self {
            Self::Number(number) => Some(*number),
            Self::Length(value, unit) => length(*value, *unit),
            Self::Percentage(fraction) => percentage(*fraction),
            Self::Sum(nodes) => Some(each(nodes)?.iter().sum()),
            Self::Product(nodes) => Some(each(nodes)?.iter().product()),
            Self::Invert(node) => Some(1.0 / node.fold(length, percentage)?),
            Self::Function(function, nodes) => Some(function.apply(&each(nodes)?)),
        }
    }

    /// The computed calculation, when a percentage is involved.
    pub fn to_calc_length(&self, context: &ComputeContext<'_>) -> CalcLength {
        if let Some(px) = self.to_px(context) {
            return CalcLength::Sum { px, percentage: 0.0 };
        }
        match self {
            Self::Number(_) | Self::Length(..) | Self::Invert(_) => {
                CalcLength::Sum { px: 0.0, percentage: 0.0 }
            }
            Self::Percentage(fraction) => CalcLength::Sum { px: 0.0, percentage: *fraction },
            Self::Sum(nodes) => add(nodes.iter().map(|n| n.to_calc_length(context))),
            Self::Product(nodes) => {
                let mut by = 1.0;
                let mut term = None;
                for node in nodes {
                    match node.to_number() {
                        Some(number) => by *= number,
                        None => term = Some(node.to_calc_length(context)),
                    }
                }
                multiply(term.unwrap_or(CalcLength::Sum { px: 0.0, percentage: 0.0 }), by)
            }
            Self::Function(function, nodes) => {
                let mut terms: Vec<CalcLength> = nodes.iter().map(|n| n.to_calc_length(context)).collect();
                match function {
                    MathFunction::Min => CalcLength::Min(terms),
                    MathFunction::Max => CalcLength::Max(terms),
                    MathFunction::Clamp if terms.len() == 3 => {
                        let max = terms.pop().unwrap_or(CalcLength::Sum { px: 0.0, percentage: 0.0 });
                        let value = terms.pop().unwrap_or(CalcLength::Sum { px: 0.0, percentage: 0.0 });
                        let min = terms.pop().unwrap_or(CalcLength::Sum { px: 0.0, percentage: 0.0 });
                        CalcLength::Clamp(Box::new([min, value, max]))
                    }
                    // DEVIATION: other functions of percentages (rare) use their first argument.
                    _ => terms.into_iter().next().unwrap_or(CalcLength::Sum { px: 0.0, percentage: 0.0 }),
                }
            }
        }
    }
}

fn add(terms: impl Iterator<Item = CalcLength>) -> CalcLength {
    let (mut px, mut percentage) = (0.0, 0.0);
    let mut rest = Vec::new();
    for term in terms {
        match term {
            CalcLength::Sum { px: more, percentage: part } => {
                px += more;
                percentage += part;
            }
            other => rest.push(other),
        }
    }
    let sum = CalcLength::Sum { px, percentage };
    if rest.is_empty() {
        return sum;
    }
    if px != 0.0 || percentage != 0.0 {
        rest.push(sum);
    }
    if rest.len() == 1 { rest.remove(0) } else { CalcLength::Add(rest) }
}

fn multiply(term: CalcLength, by: f32) -> CalcLength {
    match term {
        CalcLength::Sum { px, percentage } => CalcLength::Sum { px: px * by, percentage: percentage * by },
        other => CalcLength::Multiply(Box::new(other), by),
    }
}

impl MathFunction {
    fn apply(self, values: &[f32]) -> f32 {
        let a = values.first().copied().unwrap_or(0.0);
        let b = values.get(1).copied();
        match self {
            Self::Min => values.iter().copied().fold(f32::INFINITY, f32::min),
            Self::Max => values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            Self::Clamp => b.unwrap_or(a).min(values.get(2).copied().unwrap_or(a)).max(a),
            Self::RoundNearest => step(a, b, |x| (x + 0.5).floor()),
            Self::RoundUp => step(a, b, f32::ceil),
            Self::RoundDown => step(a, b, f32::floor),
            Self::RoundToZero => step(a, b, f32::trunc),
            Self::Mod => b.map_or(a, |b| a - b * (a / b).floor()),
            Self::Rem => b.map_or(a, |b| a % b),
            Self::Abs => a.abs(),
            Self::Sign => {
                if a == 0.0 || a.is_nan() {
                    a
                } else {
                    a.signum()
                }
            }
            Self::Sin => a.to_radians().sin(),
            Self::Cos => a.to_radians().cos(),
            Self::Tan => a.to_radians().tan(),
            Self::Asin => a.asin().to_degrees(),
            Self::Acos => a.acos().to_degrees(),
            Self::Atan => a.atan().to_degrees(),
            Self::Atan2 => b.map_or(0.0, |b| a.atan2(b).to_degrees()),
            Self::Pow => b.map_or(a, |b| a.powf(b)),
            Self::Sqrt => a.sqrt(),
            Self::Hypot => values.iter().map(|v| v * v).sum::<f32>().sqrt(),
            Self::Log => b.map_or(a.ln(), |b| a.log(b)),
            Self::Exp => a.exp(),
        }
    }
}

fn step(value: f32, interval: Option<f32>, round: impl Fn(f32) -> f32) -> f32 {
    let interval = interval.unwrap_or(1.0);
    if interval == 0.0 { f32::NAN } else { round(value / interval) * interval }
}
