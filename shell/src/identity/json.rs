//! Cookie jars in JSON: a list of objects as Puppeteer, Playwright and the extensions of browsers write them.
//!
//! Read are lists, and objects with a list under `cookies`; unknown keys are passed over.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use siskin_net::{Cookie, SameSite};

use super::netscape::{host_of, path_of};

/// A cookie as it stands in a file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    name: String,
    value: String,
    domain: String,
    /// Without it a leading dot of the domain tells.
    #[serde(skip_serializing)]
    host_only: Option<bool>,
    path: String,
    /// Seconds since 1970; -1 for a cookie of the session.
    #[serde(alias = "expirationDate")]
    expires: Option<f64>,
    http_only: bool,
    secure: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_site: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition_key: Option<Partition>,
    /// The bytes of name and value as characters, where they are not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<f64>,
}

/// A partition: Puppeteer's object, or Playwright's site alone.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Partition {
    Site(String),
    #[serde(rename_all = "camelCase")]
    Key {
        #[serde(alias = "sourceOrigin")]
        top_level_site: String,
        #[serde(default)]
        has_cross_site_ancestor: bool,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Jar {
    List(Vec<Entry>),
    State { cookies: Vec<Entry> },
}

const LATIN1: &str = "latin-1";

/// The cookies of a jar, in its order.
///
/// # Errors
/// What is wrong and with which cookie, without any value.
pub fn parse(text: &str, now: SystemTime) -> Result<Vec<Cookie>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    // serde_json's own words may quote a value.
    let jar: Jar = serde_json::from_str(text).map_err(|error| match (error.line(), error.column()) {
        (0, _) => "expected a list of cookies, or an object with one under `cookies`".to_owned(),
        (line, column) => format!("line {line}, column {column}: it is no JSON with cookies"),
    })?;
    let (Jar::List(entries) | Jar::State { cookies: entries }) = jar;
    let numbered = (1..).zip(entries);
    numbered
        .map(|(number, entry)| cookie(entry, now).map_err(|what| format!("cookie {number}: {what}")))
        .collect()
}

fn cookie(entry: Entry, now: SystemTime) -> Result<Cookie, String> {
    let bytes = |text: &str| match entry.encoding.as_deref() {
        Some(LATIN1) => text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(),
        _ => text.as_bytes().to_vec(),
    };
    if entry.name.is_empty() && entry.value.is_empty() {
        return Err("it has neither name nor value".to_owned());
    }
    let path = if entry.path.is_empty() { "/" } else { &entry.path };
    let partition = entry.partition_key.as_ref().map(|key| match key {
        Partition::Site(site) => site.clone(),
        Partition::Key { top_level_site, has_cross_site_ancestor: false } => top_level_site.clone(),
        Partition::Key { top_level_site, .. } => format!("{top_level_site} cross-site"),
    });
    Ok(Cookie {
        host_only: entry.host_only.unwrap_or(!entry.domain.starts_with('.')),
        path: path_of(path)?,
        expires: entry.expires.filter(|&at| at != -1.0).map(|at| time(at).unwrap_or(SystemTime::UNIX_EPOCH)),
        http_only: entry.http_only,
        secure: entry.secure,
        same_site: match entry.same_site.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("strict") => SameSite::Strict,
            Some("lax") => SameSite::Lax,
            Some("none" | "no_restriction") => SameSite::None,
            _ => SameSite::Default,
        },
        partition,
        created: entry.created.and_then(time).unwrap_or(now),
        ..Cookie::new(&bytes(&entry.name), &bytes(&entry.value), &host_of(&entry.domain)?, now)
    })
}

/// The jar's text.
pub fn write(cookies: &[Cookie]) -> Vec<u8> {
    let entries: Vec<Entry> = cookies.iter().map(entry).collect();
    let mut text = serde_json::to_vec_pretty(&entries).unwrap_or_default();
    text.push(b'\n');
    text
}

fn entry(cookie: &Cookie) -> Entry {
    let utf8 = std::str::from_utf8(&cookie.name).ok().zip(std::str::from_utf8(&cookie.value).ok());
    let latin1 = |bytes: &[u8]| bytes.iter().map(|&byte| char::from(byte)).collect::<String>();
    let (name, value) = match utf8 {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (latin1(&cookie.name), latin1(&cookie.value)),
    };
    Entry {
        name,
        value,
        domain: format!("{}{}", if cookie.host_only { "" } else { "." }, cookie.domain),
        host_only: None,
        path: cookie.path.clone(),
        expires: Some(cookie.expires.map_or(-1.0, seconds)),
        http_only: cookie.http_only,
        secure: cookie.secure,
        same_site: match cookie.same_site {
            SameSite::Default => None,
            SameSite::None => Some("None".to_owned()),
            SameSite::Lax => Some("Lax".to_owned()),
            SameSite::Strict => Some("Strict".to_owned()),
        },
        partition_key: cookie.partition.as_ref().map(|key| {
            let (site, rest) = key.split_once(' ').unwrap_or((key, ""));
            Partition::Key { top_level_site: site.to_owned(), has_cross_site_ancestor: rest == "cross-site" }
        }),
        encoding: utf8.is_none().then(|| LATIN1.to_owned()),
        created: Some(seconds(cookie.created)),
    }
}

fn seconds(at: SystemTime) -> f64 {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn time(seconds: f64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jar_and_back() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        let plain = Cookie::new("n\u{e4}me".as_bytes(), b"value", "a.test", now);
        let cookies = [
            plain.clone(),
            Cookie {
                host_only: false,
                path: "/x".to_owned(),
                expires: Some(now + Duration::from_secs(60)),
                secure: true,
                http_only: true,
                same_site: SameSite::None,
                partition: Some("https://top.test cross-site".to_owned()),
                ..plain.clone()
            },
            Cookie { value: b"\xff\xe4".to_vec(), same_site: SameSite::Strict, ..plain.clone() },
            Cookie { same_site: SameSite::Lax, partition: Some("https://top.test".to_owned()), ..plain },
        ];
        let text = String::from_utf8(write(&cookies)).expect("text");
        assert_eq!(parse(&text, now).expect("valid"), cookies, "{text}");
    }

    #[test]
    fn what_others_write() {
        let now = SystemTime::UNIX_EPOCH;
        for (text, domain, host_only, same_site) in [
            // Playwright's storage state.
            (
                r#"{"cookies":[{"name":"a","value":"b","domain":".a.test","path":"/","expires":-1,"httpOnly":true,
                    "secure":false,"sameSite":"Lax"}],"origins":[]}"#,
                "a.test",
                false,
                SameSite::Lax,
            ),
            // Puppeteer.
            (
                r#"[{"name":"a","value":"b","domain":"a.test","path":"/","expires":1900000000.5,"size":2,"httpOnly":true,
                    "secure":false,"session":false,"sourceScheme":"Secure"}]"#,
                "a.test",
                true,
                SameSite::Default,
            ),
            // EditThisCookie.
            (
                r#"[{"domain":".a.test","expirationDate":1900000000,"hostOnly":false,"httpOnly":true,"name":"a",
                    "path":"/","sameSite":"no_restriction","secure":true,"session":false,"storeId":"0","value":"b","id":1}]"#,
                "a.test",
                false,
                SameSite::None,
            ),
        ] {
            let cookies = parse(text, now).expect(text);
            let cookie = &cookies[0];
            assert_eq!((cookie.name.as_slice(), cookie.value.as_slice()), (&b"a"[..], &b"b"[..]));
            assert_eq!(
                (cookie.domain.as_str(), cookie.host_only, cookie.same_site),
                (domain, host_only, same_site)
            );
            assert!(cookie.http_only);
        }
        assert!(parse("  ", now).expect("empty").is_empty());
    }

    #[test]
    fn faults_are_named_without_the_value() {
        for text in
            ["[", "[{\"name\": \"secret\"", "{\"x\": \"secret\"}", "[{\"name\":1,\"value\":\"secret\"}]", "3"]
        {
            let reason = parse(text, SystemTime::UNIX_EPOCH).expect_err(text);
            assert!(!reason.contains("secret") && !reason.contains('\n'), "{text}: {reason}");
        }
        let reason = parse(r#"[{"name":"a","value":"secret","domain":"a b"}]"#, SystemTime::UNIX_EPOCH);
        assert_eq!(reason.expect_err("no domain"), "cookie 1: `a b` is no domain");
    }
}
