//! The `sizes` attribute of images: <https://html.spec.whatwg.org/#parse-a-sizes-attribute>.

use cssparser::{Parser, Token};
use url::Url;

use super::computed::ComputedStyle;
use super::media::{Device, media_condition};
use super::specified::length::length_non_negative;
use super::specified::{ComputeContext, FontUnits, ParseContext};

/// The initial font size, which `em` and `rem` stand for here: <https://html.spec.whatwg.org/#source-size-value>.
const EM: f32 = 16.0;

/// How wide the image is going to be, in CSS px. What is not understood is passed over; without anything that fits it is
/// the viewport's width.
pub fn source_size(sizes: &str, device: &Device) -> f32 {
    // DEVIATION: `auto` is passed over. It stands for the width in a layout that does not exist yet.
    sizes_entries(sizes)
        .into_iter()
        .find_map(|entry| entry_size(entry, device))
        .unwrap_or(device.viewport.width)
}

/// The entries between the commas that stand outside of all brackets.
fn sizes_entries(sizes: &str) -> Vec<&str> {
    let mut input = Parser::new(sizes);
    let (mut entries, mut start) = (Vec::new(), input.position());
    loop {
        // Leaves the block behind that the last token may have opened.
        input.skip_whitespace();
        let before = input.position();
        match input.next() {
            Ok(Token::Comma) => {
                entries.push(input.slice(start..before));
                start = input.position();
            }
            Ok(_) => {}
            Err(_) => {
                entries.push(input.slice_from(start));
                return entries;
            }
        }
    }
}

/// Steps 3.1 to 3.5: the last component value is the size, what stands before it the condition.
fn entry_size(entry: &str, device: &Device) -> Option<f32> {
    let mut input = Parser::new(entry);
    let (start, mut last) = (input.position(), input.position());
    loop {
        input.skip_whitespace();
        let at = input.position();
        if input.next().is_err() {
            break;
        }
        last = at;
    }
    let condition = input.slice(start..last).trim();
    let size = length_px(input.slice_from(last), device)?;
    (condition.is_empty() || media_condition(condition)?.matches(device)).then_some(size)
}

/// `<source-size-value>` in px: no percentage, nothing negative.
fn length_px(text: &str, device: &Device) -> Option<f32> {
    let base_url = Url::parse("about:blank").ok()?;
    let context = ParseContext { base_url: &base_url, quirks: false };
    let mut input = Parser::new(text);
    let length = input.parse_entirely(|input| length_non_negative(input, &context)).ok()?;
    let parent = ComputedStyle::initial();
    let context = ComputeContext {
        font_size: EM,
        root_font_size: EM,
        line_height: EM * 1.2,
        viewport: device.viewport,
        color: super::values::AbsoluteColor::from_srgb8(0, 0, 0),
        parent: &parent,
        font_units: &|| FontUnits { ex: EM * 0.5, ch: EM * 0.5, cap: EM * 0.7, ic: EM },
        attribute: &|_| None,
    };
    Some(super::specified::Specified::compute(&length, &context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Viewport;

    #[test]
    fn the_first_entry_that_holds_counts() {
        let size = |sizes: &str, width: f32| {
            source_size(sizes, &Device::screen(Viewport { width, height: 600.0, scale: 1.0 }))
        };
        for (sizes, width, expected) in [
            ("", 800.0, 800.0),
            ("50vw", 800.0, 400.0),
            ("(min-width: 40em) 30rem, 90vw", 800.0, 480.0),
            ("(min-width:60em) 30rem, 90vw", 800.0, 720.0),
            ("(max-width: 600px) and (orientation: portrait) 1px, 2px", 500.0, 1.0),
            ("(max-width: 600px) or (min-width: 700px) 1px, 2px", 800.0, 1.0),
            ("not (min-width: 700px) 1px, 2px", 800.0, 2.0),
            ("(prefers-color-scheme: dark) 1px, (width >= 30em) 3px, 2px", 800.0, 3.0),
            ("calc(100vw - 2rem)", 800.0, 768.0),
            ("(min-width: calc(10em + 10px)) min(50vw, 300px), 5px", 800.0, 300.0),
            ("max(10px, calc(1px + 2px))", 800.0, 10.0),
            ("50%, 20px", 800.0, 20.0),
            ("-5px, 20px", 800.0, 20.0),
            ("screen 10px, 20px", 800.0, 20.0),
            ("auto, 20px", 800.0, 20.0),
            ("100px 200px, 20px", 800.0, 20.0),
            ("nonsense", 800.0, 800.0),
            ("0", 800.0, 0.0),
        ] {
            assert_eq!(size(sizes, width), expected, "{sizes} at {width}");
        }
    }
}
