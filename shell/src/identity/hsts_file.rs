//! Hosts that want https, in the format of curl's `--hsts`: `a.test "20270101 00:00:00"`, a dot before the host if it
//! speaks for the hosts below it, `unlimited` for no end.

use std::time::{Duration, SystemTime};

use siskin_net::HstsHost;
use time::{Date, Month, OffsetDateTime, Time};

/// What "unlimited" is taken for.
const LONG: Duration = Duration::from_secs(400 * 365 * 24 * 60 * 60);

/// The hosts of a file.
///
/// # Errors
/// What is wrong and on which line.
pub fn parse(text: &str) -> Result<Vec<HstsHost>, String> {
    let lines = (1..).zip(text.lines().map(str::trim));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| {
            host(line).ok_or_else(|| format!("line {number}: expected HOST \"YYYYMMDD HH:MM:SS\""))
        })
        .collect()
}

fn host(line: &str) -> Option<HstsHost> {
    let (host, date) = line.split_once(char::is_whitespace)?;
    let date = date.trim().strip_prefix('"')?.strip_suffix('"')?;
    let (host, include_subdomains) = match host.strip_prefix('.') {
        Some(host) => (host, true),
        None => (host, false),
    };
    let expires =
        if date == "unlimited" { SystemTime::UNIX_EPOCH + LONG } else { SystemTime::from(parse_date(date)?) };
    Some(HstsHost { host: host.to_ascii_lowercase(), include_subdomains, expires })
}

fn parse_date(text: &str) -> Option<OffsetDateTime> {
    let (day, time) = text.split_once(' ')?;
    let mut fields = time.split(':').map(|field| field.parse::<u8>().ok());
    let time = Time::from_hms(fields.next()??, fields.next()??, fields.next()??).ok()?;
    let number = |range: std::ops::Range<usize>| day.get(range)?.parse::<u16>().ok();
    let month = Month::try_from(u8::try_from(number(4..6)?).ok()?).ok()?;
    let date =
        Date::from_calendar_date(i32::from(number(0..4)?), month, u8::try_from(number(6..8)?).ok()?).ok()?;
    Some(date.with_time(time).assume_utc())
}

/// The file's text.
pub fn write(hosts: &[HstsHost]) -> String {
    let mut text = "# Hosts that want https, in the format of curl's --hsts. Written by siskin.\n".to_owned();
    for host in hosts {
        let since = host.expires.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().min(LONG);
        let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
        let date = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        text.push_str(&format!(
            "{}{} \"{:04}{:02}{:02} {:02}:{:02}:{:02}\"\n",
            if host.include_subdomains { "." } else { "" },
            host.host,
            date.year(),
            u8::from(date.month()),
            date.day(),
            date.hour(),
            date.minute(),
            date.second(),
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_back() {
        let text = "# a comment\n\na.test \"20270102 03:04:05\"\n.B.test \"unlimited\"\n";
        let hosts = parse(text).expect("valid");
        assert_eq!(hosts[0].expires, SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_859_045));
        assert_eq!((hosts[1].host.as_str(), hosts[1].include_subdomains), ("b.test", true));
        let written = write(&hosts);
        assert!(written.contains("\na.test \"20270102 03:04:05\"\n.b.test \""), "{written}");
        assert_eq!(parse(&written).expect("valid"), hosts);
    }

    #[test]
    fn faults_are_named() {
        for line in ["a.test", "a.test 20270102", "a.test \"20271302 00:00:00\"", "a.test \"x\""] {
            let reason = parse(&format!("\n{line}")).expect_err(line);
            assert_eq!(reason, "line 2: expected HOST \"YYYYMMDD HH:MM:SS\"");
        }
    }
}
