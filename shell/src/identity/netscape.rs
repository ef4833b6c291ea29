//! Cookie jars in Netscape's format, as curl and wget write them: one cookie a line, seven fields between tabs.
//!
//! The format knows neither `SameSite` nor partitions: a cookie comes back with the default, a partitioned one is left
//! out (it would be seen everywhere). JSON keeps both.

use std::time::{Duration, SystemTime};

use siskin_net::Cookie;
use url::Url;

/// Stands before the domain of a cookie that is not for scripts.
const HTTP_ONLY: &str = "#HttpOnly_";

/// The cookies of a jar, in its order.
///
/// # Errors
/// What is wrong and on which line, without any value.
pub fn parse(text: &[u8], now: SystemTime) -> Result<Vec<Cookie>, String> {
    let mut cookies = Vec::new();
    for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (line, http_only) = match line.strip_prefix(HTTP_ONLY.as_bytes()) {
            Some(line) => (line, true),
            None => (line, false),
        };
        if !http_only && line.starts_with(b"#") || line.trim_ascii().is_empty() {
            continue;
        }
        let cookie = cookie(line, http_only, now).map_err(|what| format!("line {number}: {what}"))?;
        cookies.push(cookie);
    }
    Ok(cookies)
}

fn cookie(line: &[u8], http_only: bool, now: SystemTime) -> Result<Cookie, String> {
    // A tab in the value is the value's.
    let fields: Vec<&[u8]> = line.splitn(7, |&byte| byte == b'\t').collect();
    // An empty value at the end may be left out.
    let Some((head, [name, value @ ..])) = fields.split_first_chunk::<5>() else {
        return Err(format!("expected 7 fields between tabs, got {}", fields.len()));
    };
    let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
    let [domain, subdomains, path, secure, expires] = head.map(text);
    let value = value.first().copied().unwrap_or_default();
    let flag = |name: &str, text: &str| match text {
        "TRUE" => Ok(true),
        "FALSE" => Ok(false),
        _ => Err(format!("expected TRUE or FALSE for `{name}`")),
    };
    let seconds: i64 = expires
        .split('.')
        .next()
        .unwrap_or_default()
        .parse()
        .map_err(|_| "the time is no number".to_owned())?;
    Ok(Cookie {
        host_only: !flag("subdomains", &subdomains)?,
        path: path_of(&path)?,
        secure: flag("secure", &secure)?,
        http_only,
        // Zero is a cookie of the session; what is before 1970 has expired.
        expires: match u64::try_from(seconds) {
            Ok(0) => None,
            Ok(seconds) => {
                Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.min(u64::from(u32::MAX) * 64)))
            }
            Err(_) => Some(SystemTime::UNIX_EPOCH),
        },
        ..Cookie::new(name, value, &host_of(&domain)?, now)
    })
}

/// The jar's text.
pub fn write(cookies: &[Cookie]) -> Vec<u8> {
    let mut text = b"# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n# Written by siskin. Whoever has this file can act as you.\n\n".to_vec();
    for cookie in cookies.iter().filter(|cookie| cookie.partition.is_none()) {
        let yes = |flag: bool| if flag { "TRUE" } else { "FALSE" };
        let since = |at: SystemTime| {
            at.duration_since(SystemTime::UNIX_EPOCH).map_or(1, |since| since.as_secs().max(1))
        };
        let head = format!(
            "{}{}{}\t{}\t{}\t{}\t{}\t",
            if cookie.http_only { HTTP_ONLY } else { "" },
            if cookie.host_only { "" } else { "." },
            cookie.domain,
            yes(!cookie.host_only),
            cookie.path,
            yes(cookie.secure),
            cookie.expires.map_or(0, since),
        );
        text.extend_from_slice(head.as_bytes());
        text.extend_from_slice(&cookie.name);
        text.push(b'\t');
        text.extend_from_slice(&cookie.value);
        text.push(b'\n');
    }
    text
}

/// A domain or host as URLs have it.
pub(super) fn host_of(domain: &str) -> Result<String, String> {
    let bare = domain.strip_prefix('.').unwrap_or(domain);
    let url =
        Url::parse(&format!("http://{bare}/")).ok().filter(|url| url.path() == "/" && url.port().is_none());
    let host = url.as_ref().and_then(Url::host_str).filter(|_| !bare.contains(['@', '?', '#']));
    host.map(str::to_owned).ok_or_else(|| format!("`{}` is no domain", domain.escape_debug()))
}

pub(super) fn path_of(path: &str) -> Result<String, String> {
    if path.starts_with('/') { Ok(path.to_owned()) } else { Err("the path does not begin with /".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAR: &str = "# Netscape HTTP Cookie File\n\n\
        .a.test\tTRUE\t/\tFALSE\t1900000000\tname\tvalue with\ttab\n\
        #HttpOnly_b.test\tFALSE\t/x\tTRUE\t0\tsession\t\n\
        [::1]\tFALSE\t/\tFALSE\t0\t\tnameless\n";

    #[test]
    fn a_jar_and_back() {
        let now = SystemTime::UNIX_EPOCH;
        let cookies = parse(JAR.as_bytes(), now).expect("valid");
        let [first, second, third] = &cookies[..] else { panic!("three: {cookies:?}") };
        assert_eq!(
            (first.domain.as_str(), first.host_only, first.value.as_slice()),
            ("a.test", false, &b"value with\ttab"[..])
        );
        assert_eq!(first.expires, Some(now + Duration::from_secs(1_900_000_000)));
        assert!(second.http_only && second.secure && second.host_only && second.expires.is_none());
        assert_eq!((third.domain.as_str(), third.name.is_empty()), ("[::1]", true));
        let text = String::from_utf8(write(&cookies)).expect("text");
        assert_eq!(text.lines().skip(4).collect::<Vec<_>>(), JAR.lines().skip(2).collect::<Vec<_>>());
        assert_eq!(parse(text.as_bytes(), now).expect("valid"), cookies);
        // As curl leaves out an empty value.
        assert_eq!(parse(b"a.test\tFALSE\t/\tFALSE\t0\tn", now).expect("valid")[0].value, b"");
    }

    #[test]
    fn a_partitioned_cookie_is_left_out() {
        let cookie = Cookie::new(b"a", b"b", "a.test", SystemTime::UNIX_EPOCH);
        let partitioned = Cookie { partition: Some("https://top.test".to_owned()), ..cookie };
        assert!(!String::from_utf8(write(&[partitioned])).expect("text").contains("a.test"));
    }

    #[test]
    fn faults_are_named_without_the_value() {
        for (line, what) in [
            ("secret", "expected 7 fields between tabs, got 1"),
            ("a.test\tFALSE\t/\tFALSE\tsecret\tn\tv", "the time is no number"),
            ("a.test\tyes\t/\tFALSE\t0\tn\tv", "expected TRUE or FALSE for `subdomains`"),
            ("a b\tTRUE\t/\tFALSE\t0\tn\tv", "`a b` is no domain"),
            ("a.test/x\tTRUE\t/\tFALSE\t0\tn\tv", "`a.test/x` is no domain"),
            ("a.test\tTRUE\tx\tFALSE\t0\tn\tv", "the path does not begin with /"),
        ] {
            let text = format!("# comment\n{line}");
            assert_eq!(
                parse(text.as_bytes(), SystemTime::UNIX_EPOCH).expect_err(line),
                format!("line 2: {what}")
            );
        }
    }
}
