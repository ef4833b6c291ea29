//! What the arguments mean: checked, resolved settings. From here on nothing can be misspelt.

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use siskin_engine::Viewport;
use siskin_engine::page::{HttpErrorPolicy, WaitUntil};
use siskin_render::font::FontSource;
use url::Url;

use crate::args::{LoadArgs, WaitArg};
use crate::failure::Failure;
use crate::input;
use crate::network::NetworkConfig;

/// The largest viewport side in CSS px.
const MAX_VIEWPORT_SIDE: f32 = 32_767.0;
/// The largest scale, and one over the smallest.
const MAX_SCALE: f32 = 16.0;

/// How a page is loaded.
#[derive(Debug, Clone)]
pub struct LoadConfig {
    /// The page.
    pub url: Url,
    /// What it is laid out for.
    pub viewport: Viewport,
    /// Where fonts come from.
    pub fonts: FontSource,
    /// How long it may take.
    pub timeout: Duration,
    /// When it is loaded.
    pub wait_until: WaitUntil,
    /// What becomes of a page with an HTTP error status.
    pub http_errors: HttpErrorPolicy,
    /// Headers for the page's own origin.
    pub headers: HeaderMap,
    /// The `User-Agent`, if not the default.
    pub user_agent: Option<String>,
    /// How hosts are found and reached.
    pub network: NetworkConfig,
}

impl LoadConfig {
    /// Resolves what was typed; `wait_until` holds when nothing was typed about it.
    ///
    /// # Errors
    /// [`Failure::Usage`] naming the argument, [`Failure::Input`] when a file is not there.
    pub fn new(page: &str, args: &LoadArgs, wait_until: WaitUntil) -> Result<Self, Failure> {
        let (width, height) = parse_viewport(&args.viewport)?;
        Ok(Self {
            url: input::resolve(page)?,
            viewport: Viewport { width, height, scale: check_scale(args.scale)? },
            fonts: parse_fonts(&args.fonts)?,
            timeout: parse_duration(&args.timeout)?,
            wait_until: match args.wait_until {
                None => wait_until,
                Some(WaitArg::Dom) => WaitUntil::DomContentLoaded,
                Some(WaitArg::Load) => WaitUntil::Load,
                Some(WaitArg::Idle) => WaitUntil::Idle,
            },
            http_errors: if args.allow_http_error { HttpErrorPolicy::Render } else { HttpErrorPolicy::Fail },
            headers: parse_headers(&args.headers)?,
            user_agent: args.user_agent.as_deref().map(parse_user_agent).transpose()?,
            network: NetworkConfig::new(&args.network, |name| std::env::var(name).ok())?,
        })
    }
}

fn usage<T>(argument: &str, value: &str, expected: &str) -> Result<T, Failure> {
    Err(Failure::Usage(format!("{argument}: expected {expected}, got `{value}`")))
}

fn parse_viewport(text: &str) -> Result<(f32, f32), Failure> {
    let sides: Option<Vec<u16>> = text.split(['x', 'X', ',']).map(|side| side.trim().parse().ok()).collect();
    match sides.as_deref() {
        Some(&[width, height])
            if [width, height].iter().all(|&s| s > 0 && f32::from(s) <= MAX_VIEWPORT_SIDE) =>
        {
            Ok((f32::from(width), f32::from(height)))
        }
        _ => usage("--viewport", text, "WIDTHxHEIGHT in CSS pixels, each from 1 to 32767, as in 1280x800"),
    }
}

fn check_scale(scale: f32) -> Result<f32, Failure> {
    if (1.0 / MAX_SCALE..=MAX_SCALE).contains(&scale) {
        Ok(scale)
    } else {
        usage("--scale", &scale.to_string(), "a factor from 0.0625 to 16")
    }
}

fn parse_fonts(text: &str) -> Result<FontSource, Failure> {
    match text {
        "system" => Ok(FontSource::System),
        "bundled" => Ok(FontSource::Bundled),
        directory if Path::new(directory).is_dir() => Ok(FontSource::Directory(PathBuf::from(directory))),
        other => usage("--fonts", other, "`system`, `bundled` or a directory that is there"),
    }
}

/// A number of seconds, or a number with the unit `ms`, `s` or `m`.
pub fn parse_duration(text: &str) -> Result<Duration, Failure> {
    let trimmed = text.trim();
    let (number, unit) =
        trimmed.split_at(trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(trimmed.len()));
    let factor = match unit {
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" => 60.0,
        _ => f64::NAN,
    };
    let seconds = number.parse::<f64>().unwrap_or(f64::NAN) * factor;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() && seconds <= 86_400.0 => Ok(duration),
        _ => usage("--timeout", text, "a time above zero such as 30, 30s, 500ms or 2m"),
    }
}

fn parse_headers(lines: &[String]) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for line in lines {
        let parsed = line.split_once(':').and_then(|(name, value)| {
            Some((
                HeaderName::from_bytes(name.trim().as_bytes()).ok()?,
                HeaderValue::from_str(value.trim()).ok()?,
            ))
        });
        match parsed {
            Some((name, value)) => drop(headers.append(name, value)),
            None => return usage("--header", line, "`Name: value`"),
        }
    }
    Ok(headers)
}

fn parse_user_agent(text: &str) -> Result<String, Failure> {
    HeaderValue::from_str(text)
        .map(|_| text.to_owned())
        .or_else(|_| usage("--user-agent", text, "printable characters"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewports() {
        assert_eq!(parse_viewport("1280x800").expect("valid"), (1280.0, 800.0));
        assert_eq!(parse_viewport("320,240").expect("valid"), (320.0, 240.0));
        for wrong in ["", "1280", "0x800", "1280x", "1280x800x2", "-1x5", "1e3x5", "40000x5"] {
            assert!(parse_viewport(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn durations() {
        for (text, ms) in [("30", 30_000), ("30s", 30_000), ("500ms", 500), ("2m", 120_000), ("0.5", 500)] {
            assert_eq!(parse_duration(text).expect(text), Duration::from_millis(ms), "{text}");
        }
        for wrong in ["", "0", "-1", "s", "1h", "1e9", "1.2.3"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn headers() {
        let headers = parse_headers(&["X-A: b:c".to_owned(), "x-a:d".to_owned()]).expect("valid");
        assert_eq!(headers.get_all("x-a").iter().collect::<Vec<_>>(), ["b:c", "d"]);
        for wrong in ["no colon", ": x", "a b: c", "a: b\r\nc: d"] {
            assert!(parse_headers(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
