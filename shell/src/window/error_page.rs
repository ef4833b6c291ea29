//! The page that is shown where no page is to be had.

use std::fmt::Display;

use url::Url;

/// A page as HTML that says what went wrong with `url`: it goes through the same engine as any other page.
pub fn html(url: &Url, error: &dyn Display) -> String {
    let host = url.host_str().map_or_else(|| url.to_string(), str::to_owned);
    format!(
        "<!doctype html><meta charset=utf-8><title>Cannot show {host}</title><style>\
         body {{ font: 16px/1.5 sans-serif; color: #333; max-width: 36em; margin: 15vh auto; padding: 0 1em }}\
         h1 {{ font-size: 24px; font-weight: normal }}\
         code {{ display: block; overflow-wrap: anywhere; background: #f2f2f2; padding: 8px 12px }}</style>\
         <h1>This page cannot be shown</h1><p><code>{error}</code>\
         <p><a href=\"{url}\">Try again</a>",
        host = escaped(&host),
        error = escaped(&error.to_string()),
        url = escaped(url.as_str()),
    )
}

/// Text that markup does not end, in elements and in attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_text() {
        let url = Url::parse("http://h/a?b&c=\"><script>").unwrap();
        let html = html(&url, &"<b>no \"answer\"</b>");
        assert!(html.contains("&lt;b&gt;no &quot;answer&quot;&lt;/b&gt;"), "{html}");
        assert!(!html.contains("<script>") && html.contains("?b&amp;c="), "{html}");
    }
}
