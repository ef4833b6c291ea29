//! Texts in tables: sizes, durations, URLs that fit, and nothing that could drive a terminal.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

/// A duration in at most six characters: `0.4ms`, `12.3ms`, `123ms`, `1.23s`, `83.1s`, `1234s`.
pub fn duration(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 99.95 {
        format!("{ms:.1}ms")
    } else if ms < 999.5 {
        format!("{ms:.0}ms")
    } else if ms < 9_995.0 {
        format!("{:.2}s", ms / 1e3)
    } else if ms < 99_950.0 {
        format!("{:.1}s", ms / 1e3)
    } else {
        format!("{:.0}s", ms / 1e3)
    }
}

/// The difference of two durations with its sign: `+1.2ms`, `-0.3ms`, `±0`.
pub fn duration_change(before: Duration, after: Duration) -> String {
    match after.cmp(&before) {
        std::cmp::Ordering::Equal => "±0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", duration(after - before)),
        std::cmp::Ordering::Less => format!("-{}", duration(before - after)),
    }
}

/// A number of bytes in at most five characters, in powers of 1000 as browsers show them: `999B`, `1.2kB`, `12kB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes}B");
    }
    let mut value = bytes as f64 / 1e3;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1e3;
        unit += 1;
    }
    let digits = usize::from(value < 9.95);
    format!("{value:.digits$}{}", UNITS[unit])
}

/// `1 request`, `2 requests`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The text without what a terminal would obey or hide: control characters and those that turn the direction of
/// writing. Pages and HAR files choose such texts.
pub fn printable(text: &str) -> String {
    let harmless = |c: char| {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns || c == '\u{feff}' { '\u{fffd}' } else { c }
    };
    text.chars().map(harmless).collect()
}

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text in exactly `columns`: cut at the end, or filled with spaces on the right.
pub fn left(text: &str, columns: usize) -> String {
    let mut fitted = take(text, columns);
    fitted.push_str(&" ".repeat(columns.saturating_sub(width(&fitted))));
    fitted
}

/// The text in exactly `columns`: cut at the end, or filled with spaces on the left.
pub fn right(text: &str, columns: usize) -> String {
    let fitted = take(text, columns);
    format!("{}{fitted}", " ".repeat(columns.saturating_sub(width(&fitted))))
}

/// As many characters from the start as fit.
fn take(text: &str, columns: usize) -> String {
    let mut taken = String::new();
    for c in text.chars() {
        let mut buffer = [0; 4];
        if width(&taken) + width(c.encode_utf8(&mut buffer)) > columns {
            break;
        }
        taken.push(c);
    }
    taken
}

/// As many characters from the end as fit.
fn take_end(text: &str, columns: usize) -> String {
    let mut used = 0;
    let mut start = text.len();
    for (i, c) in text.char_indices().rev() {
        let mut buffer = [0; 4];
        used += width(c.encode_utf8(&mut buffer));
        if used > columns {
            break;
        }
        start = i;
    }
    text[start..].to_owned()
}

/// A URL for a table: without what all rows share, and with its telling parts (host, file name) kept longest.
///
/// Same origin as `page`: path and query only. Too long: the query goes first, then the middle of the path, then
/// the middle of the file name. `data:` URLs show their media type. `ellipsis` stands for what was left out.
pub fn short_url(url: &str, page: Option<&str>, columns: usize, ellipsis: &str) -> String {
    let url = printable(url);
    let shown = if let Some(data) = url.strip_prefix("data:") {
        let kind = data.split([';', ',']).next().unwrap_or_default();
        format!("data:{kind}{ellipsis}")
    } else {
        without_origin(&url, page)
    };
    if width(&shown) <= columns {
        return shown;
    }
    let (path, shown) = match shown.find(['?', '#']) {
        Some(at) => (shown[..at].to_owned(), format!("{}?{ellipsis}", &shown[..at])),
        None => (shown.clone(), shown),
    };
    if width(&shown) <= columns {
        return shown;
    }
    // Keep the file name whole if it takes two thirds at most, else its end.
    let name_at = path.trim_end_matches('/').rfind('/').unwrap_or(0);
    let marks = width(ellipsis);
    let tail_columns = width(&path[name_at..]).min(columns * 2 / 3);
    let tail = take_end(&path, tail_columns);
    let head = take(&path, columns.saturating_sub(width(&tail) + marks));
    left(&format!("{head}{ellipsis}{tail}"), columns).trim_end().to_owned()
}

fn without_origin(url: &str, page: Option<&str>) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if scheme == "file" {
        // Relative to the page's folder where it lies in it.
        let folder = page.and_then(|page| page.rsplit_once('/')).map(|(folder, _)| folder);
        let inside = folder.and_then(|folder| url.strip_prefix(folder)?.strip_prefix('/'));
        return inside.unwrap_or(path).to_owned();
    }
    if page.and_then(origin) == Some(&url[..scheme.len() + 3 + host.len()]) {
        return if path.is_empty() { "/".to_owned() } else { path.to_owned() };
    }
    format!("{host}{path}")
}

/// Scheme, host and port of a URL with an authority, as text.
pub fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Some(&url[..scheme.len() + 3 + host])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_to_their_columns() {
        let micros = [0, 40, 400, 9_960, 12_340, 99_949, 99_950, 999_499, 999_500, 9_994_999, 9_996_000];
        let shown: Vec<_> = micros.map(|us| duration(Duration::from_micros(us))).to_vec();
        assert_eq!(
            shown,
            [
                "0.0ms", "0.0ms", "0.4ms", "10.0ms", "12.3ms", "99.9ms", "100ms", "999ms", "1.00s", "9.99s",
                "10.0s"
            ]
        );
        assert_eq!(duration(Duration::from_secs(1234)), "1234s");
        let (a, b) = (Duration::from_millis(5), Duration::from_millis(8));
        assert_eq!(
            [duration_change(a, b), duration_change(b, a), duration_change(a, a)],
            ["+3.0ms", "-3.0ms", "±0"]
        );
    }

    #[test]
    fn bytes_keep_to_their_columns() {
        let numbers = [0, 999, 1000, 9_949, 9_950, 12_300, 999_499, 999_500, 1_234_567, u64::MAX];
        let shown: Vec<_> = numbers.map(bytes).to_vec();
        assert_eq!(
            shown,
            ["0B", "999B", "1.0kB", "9.9kB", "10kB", "12kB", "999kB", "1.0MB", "1.2MB", "18EB"]
        );
    }

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        assert_eq!(printable("a\x1b[31mb\u{9b}\u{202e}c\n"), "a\u{fffd}[31mb\u{fffd}\u{fffd}c\u{fffd}");
    }

    #[test]
    fn cutting_counts_columns_and_not_bytes() {
        assert_eq!(
            [left("häh", 5), left("漢字", 3), right("12", 4), right("12345", 3)],
            ["häh  ", "漢 ", "  12", "123"]
        );
    }

    #[test]
    fn urls_lose_what_all_rows_share_and_then_what_tells_least() {
        let page = Some("https://a.example/index.html");
        let cases = [
            ("https://a.example/", 30, "/"),
            ("https://a.example", 30, "/"),
            ("https://a.example/css/main.css?v=12", 30, "/css/main.css?v=12"),
            ("https://a.example:8443/x", 30, "a.example:8443/x"),
            ("https://cdn.example/lib/x.js", 30, "cdn.example/lib/x.js"),
            ("https://a.example/css/main.css?version=1234567890", 20, "/css/main.css?…"),
            ("https://a.example/assets/very/deep/folder/name.png", 20, "/assets/ve…/name.png"),
            ("https://a.example/averyveryverylongfilename.png", 20, "/avery…gfilename.png"),
            ("data:image/png;base64,iVBORw0KGgo", 30, "data:image/png…"),
            ("about:blank", 30, "about:blank"),
            ("not a url at all", 8, "no…t all"),
        ];
        for (url, columns, expected) in cases {
            assert_eq!(short_url(url, page, columns, "…"), expected, "{url}");
            assert!(width(&short_url(url, page, columns, "…")) <= columns);
        }
        let page = Some("file:///site/index.html");
        assert_eq!(short_url("file:///site/img/a.png", page, 30, "…"), "img/a.png");
        assert_eq!(short_url("file:///other/a.png", page, 30, "…"), "/other/a.png");
    }

    #[test]
    fn short_urls_fit_whatever_the_text() {
        for columns in 0..12 {
            for url in ["http://漢字.example/漢字漢字漢字漢字/漢字", "///////", "?#", "", "http://", "a/漢"]
            {
                let shown = short_url(url, None, columns, "...");
                assert!(width(&shown) <= columns.max(1), "{url} at {columns}: {shown}");
            }
        }
    }
}
