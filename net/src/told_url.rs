//! What is told of a URL in events and errors: never its user name and password.

use url::Url;

/// The URL without user name and password.
pub(crate) fn told(url: &Url) -> Url {
    let mut url = url.clone();
    if !url.username().is_empty() || url.password().is_some() {
        // Both can only fail for URLs that can have neither.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
    }
    url
}
