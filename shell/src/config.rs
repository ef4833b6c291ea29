//! What the arguments mean: checked, resolved settings. From here on nothing can be misspelt.

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use siskin_engine::Viewport;
use siskin_engine::load::{BrokenOffPolicy, IconPolicy, Pictured, ScriptPolicy};
use siskin_engine::page::{Awaited, HttpErrorPolicy, WaitUntil};
use siskin_net::{ScheduleProfile, language_header};
use siskin_render::font::FontSource;
use url::Url;

use crate::args::{LoadArgs, ScheduleArg};
use crate::failure::Failure;
use crate::identity::IdentityConfig;
use crate::input;
use crate::limits::REQUEST_PATIENCE;
use crate::network::NetworkConfig;
use crate::submission::Submission;

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
    /// How long one of its subresources may take.
    pub request_timeout: Duration,
    /// When it is loaded.
    pub wait_until: WaitUntil,
    /// What becomes of a page with an HTTP error status.
    pub http_errors: HttpErrorPolicy,
    /// Headers for the page's own origin.
    pub headers: HeaderMap,
    /// The `User-Agent`, if not the default.
    pub user_agent: Option<String>,
    /// The value of `Accept-Language`, if not the default.
    pub accept_language: Option<String>,
    /// Which requests wait for others.
    pub schedule: ScheduleProfile,
    /// What the page's own request carries.
    pub submission: Submission,
    /// Who we are to servers.
    pub identity: IdentityConfig,
    /// How hosts are found and reached.
    pub network: NetworkConfig,
    /// What more a page must have to be ready.
    pub ready: Ready,
    /// What is fetched beside the page itself.
    pub extent: Extent,
}

/// What a page must have beside its milestone to be ready.
#[derive(Debug, Clone, Default)]
pub struct Ready {
    /// How long it is waited after the milestone.
    pub after: Duration,
    /// An element that must be there.
    pub element: Option<Awaited>,
}

/// What is fetched beside the page itself, and what becomes of a page that asks to be replaced.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extent {
    /// Scripts.
    pub scripts: ScriptPolicy,
    /// The site's icon.
    pub icons: IconPolicy,
    /// What is pictured, and so which lazy images are near.
    pub pictured: Pictured,
    /// A document of which only the beginning comes.
    pub broken_off: BrokenOffPolicy,
    /// `<meta http-equiv=refresh>`.
    pub refresh: RefreshPolicy,
}

/// What becomes of a page that asks to be replaced by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RefreshPolicy {
    /// The other is loaded, if it is wanted at once: within [`crate::limits::MAX_REFRESH_SECONDS`].
    #[default]
    Follow,
    /// It is told, and stays.
    Tell,
}

impl LoadConfig {
    /// Resolves what was typed; `wait_until` holds when nothing was typed about it.
    ///
    /// # Errors
    /// [`Failure::Usage`] naming the argument, [`Failure::Input`] when a file is not there.
    pub fn new(page: &str, args: &LoadArgs, wait_until: WaitUntil) -> Result<Self, Failure> {
        let (width, height) = parse_viewport(&args.viewport)?;
        let timeout = parse_duration(&args.timeout)?;
        let (wait_until, after) = match args.wait_until.as_deref() {
            None => (wait_until, Duration::ZERO),
            Some("dom") => (WaitUntil::DomContentLoaded, Duration::ZERO),
            Some("load") => (WaitUntil::Load, Duration::ZERO),
            Some("idle") => (WaitUntil::Idle, Duration::ZERO),
            Some(time) => (WaitUntil::Load, parse_wait(time)?),
        };
        let mut url = input::resolve(page)?;
        let variable = |name: &str| std::env::var(name).ok();
        let identity = IdentityConfig::new(&args.identity, &mut url, variable)?;
        let network = NetworkConfig::new(&url, &args.network, variable)?;
        Ok(Self {
            submission: Submission::new(&args.submission, &url)?,
            url,
            viewport: Viewport { width, height, scale: check_scale(args.scale)? },
            fonts: parse_fonts(&args.fonts)?,
            timeout,
            request_timeout: match &args.request_timeout {
                Some(text) => parse_time("--request-timeout", text)?,
                None => request_timeout(timeout),
            },
            wait_until,
            http_errors: if args.allow_http_error { HttpErrorPolicy::Render } else { HttpErrorPolicy::Fail },
            headers: parse_headers(&args.headers)?,
            user_agent: args.user_agent.as_deref().map(parse_user_agent).transpose()?,
            accept_language: args.lang.as_deref().map(parse_languages).transpose()?,
            schedule: match args.schedule {
                ScheduleArg::Chromium => ScheduleProfile::Chromium,
                ScheduleArg::Connections => ScheduleProfile::Connections,
            },
            identity,
            network,
            ready: Ready { after, element: args.wait_for.as_deref().map(parse_selector).transpose()? },
            extent: Extent {
                scripts: if args.fetch_scripts { ScriptPolicy::Fetch } else { ScriptPolicy::Skip },
                ..Extent::default()
            },
        })
    }
}

/// How long a subresource may take in a load that may take `timeout`: something is left of a long load to picture the page
/// without it, and a short one ends as a whole.
fn request_timeout(timeout: Duration) -> Duration {
    (timeout * 2 / 3).max(REQUEST_PATIENCE)
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
    parse_time("--timeout", text)
}

fn parse_time(argument: &str, text: &str) -> Result<Duration, Failure> {
    match seconds(text) {
        Some(duration) => Ok(duration),
        None => usage(argument, text, "a time above zero such as 30, 30s, 500ms or 2m"),
    }
}

fn parse_wait(text: &str) -> Result<Duration, Failure> {
    match seconds(text) {
        Some(duration) => Ok(duration),
        None => usage("--wait-until", text, "dom, load, idle or a time such as 2s or 500ms"),
    }
}

fn parse_selector(text: &str) -> Result<Awaited, Failure> {
    Awaited::new(text).map_or_else(|| usage("--wait-for", text, "a CSS selector such as `#main`"), Ok)
}

fn seconds(text: &str) -> Option<Duration> {
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
        Ok(duration) if !duration.is_zero() && seconds <= 86_400.0 => Some(duration),
        _ => None,
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

fn parse_languages(text: &str) -> Result<String, Failure> {
    HeaderValue::from_str(text)
        .map(|_| language_header(text))
        .or_else(|_| usage("--lang", text, "a list of languages such as de-DE,de,en"))
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
    fn a_subresource_has_less_time_than_a_long_load_and_more_than_a_short_one() {
        for (load, subresource) in [(300, 20_000), (20_000, 20_000), (30_000, 20_000), (120_000, 80_000)] {
            assert_eq!(request_timeout(Duration::from_millis(load)), Duration::from_millis(subresource));
        }
    }

    #[test]
    fn waits_and_selectors() {
        assert_eq!(parse_wait("500ms").expect("valid"), Duration::from_millis(500));
        for wrong in ["", "never", "Load", "-1s", "0"] {
            assert!(
                matches!(parse_wait(wrong), Err(Failure::Usage(m)) if m.starts_with("--wait-until:")),
                "{wrong}"
            );
        }
        assert_eq!(parse_selector("main > .x:has(p)").expect("valid").selector(), "main > .x:has(p)");
        for wrong in ["", "..x", "p[", "#", "p >", ":no-such-class"] {
            assert!(
                matches!(parse_selector(wrong), Err(Failure::Usage(m)) if m.starts_with("--wait-for:")),
                "{wrong}"
            );
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
