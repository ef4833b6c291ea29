//! What a person means by PAGE: a URL, a path, or a bare host.

use std::path::{Path, PathBuf};

use url::{Host, Url};

use crate::failure::Failure;

/// Schemes that are taken as such wherever they stand before a colon.
const SCHEMES: [&str; 5] = ["http", "https", "file", "data", "about"];

/// The URL that `text` means.
///
/// In this order: a path that exists; `host:port`; a URL with a scheme; something that can only be a path;
/// a host.
///
/// # Errors
/// [`Failure::Usage`] when it can be neither, [`Failure::Input`] when it is a path and nothing is there.
pub fn resolve(text: &str) -> Result<Url, Failure> {
    if text.is_empty() {
        return Err(Failure::Usage("the page's URL is empty".to_owned()));
    }
    let is_url = has_scheme(text);
    if !is_url && Path::new(text).exists() {
        return file_url(Path::new(text));
    }
    if is_url {
        return Url::parse(text).map_err(|e| Failure::Usage(format!("url: {e} ({text})")));
    }
    if looks_like_path(text) {
        return Err(Failure::Input { path: PathBuf::from(text), reason: "no such file".to_owned() });
    }
    host_url(text)
}

/// Whether `text` starts with a scheme: one of ours, or any that is followed by `//`.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    valid
        && (rest.starts_with("//")
            || SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(scheme)) && !is_port(rest))
}

/// Whether what follows the colon is a port: `localhost:8000/x` is no URL of scheme `localhost`.
fn is_port(rest: &str) -> bool {
    let port = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    !port.is_empty() && port.len() <= 5 && port.chars().all(|c| c.is_ascii_digit())
}

fn looks_like_path(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    let extension = Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or_default();
    text.starts_with(['/', '.', '~', '\\'])
        || (!path.contains('/') || !path.split('/').next().unwrap_or_default().contains(['.', ':']))
            && ["html", "htm", "xhtml", "xht", "svg", "png", "jpg", "jpeg", "gif", "webp", "txt", "css"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
}

fn file_url(path: &Path) -> Result<Url, Failure> {
    let unreadable =
        |reason: &dyn std::fmt::Display| Failure::Input { path: path.to_owned(), reason: reason.to_string() };
    let absolute = std::path::absolute(path).map_err(|e| unreadable(&e))?;
    if absolute.is_dir() {
        let index = absolute.join("index.html");
        if !index.is_file() {
            return Err(unreadable(&"is a directory without index.html"));
        }
        return Url::from_file_path(index).map_err(|()| unreadable(&"the path has no URL"));
    }
    Url::from_file_path(absolute).map_err(|()| unreadable(&"the path has no URL"))
}

fn host_url(text: &str) -> Result<Url, Failure> {
    let not_understood = || Failure::Usage(format!("url: neither a URL, a file nor a host ({text})"));
    if text.contains(char::is_whitespace) {
        return Err(not_understood());
    }
    let secure = Url::parse(&format!("https://{text}")).map_err(|_| not_understood())?;
    let local = match secure.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => return Err(not_understood()),
    };
    if local { Url::parse(&format!("http://{text}")).map_err(|_| not_understood()) } else { Ok(secure) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_hosts_and_paths() {
        for (text, url) in [
            ("http://example.com", "http://example.com/"),
            ("HTTPS://example.com/a b", "https://example.com/a%20b"),
            ("example.com", "https://example.com/"),
            ("example.com/page.html", "https://example.com/page.html"),
            ("example.com:8443/x?y#z", "https://example.com:8443/x?y#z"),
            ("localhost", "http://localhost/"),
            ("localhost:8000/a.html", "http://localhost:8000/a.html"),
            ("127.0.0.1:80", "http://127.0.0.1/"),
            ("[::1]:8080/", "http://[::1]:8080/"),
            ("data:text/html,<p>x", "data:text/html,<p>x"),
            ("file:///tmp/x.html", "file:///tmp/x.html"),
        ] {
            assert_eq!(resolve(text).expect(text).as_str(), url, "{text}");
        }
    }

    #[test]
    fn what_is_no_page() {
        for (text, code) in [
            ("", 2),
            ("http://", 2),
            ("two words", 2),
            ("./missing.html", 37),
            ("missing.html", 37),
            ("/no/such/thing", 37),
            ("dir/missing.html", 37),
        ] {
            assert_eq!(resolve(text).expect_err(text).exit_code(), code, "{text}");
        }
    }

    #[test]
    fn an_existing_file_wins_over_a_host() {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let url = resolve(manifest).expect("the manifest is there");
        assert_eq!(url.scheme(), "file");
        assert!(url.path().ends_with("/Cargo.toml"));
    }
}
