//! Who we are to servers: cookies, logins, and what is kept of them for the next time.
//!
//! ```text
//! --cookie, --cookie-jar, --user, --netrc, --hsts -> IdentityConfig -> ClientConfig -> Client -> the files again
//! ```
//!
//! - [`netscape`], [`json`]: the two formats of a cookie jar, and which of them a file has
//! - [`hsts_file`]: hosts that want https

pub mod netscape;
pub mod json;
pub mod hsts_file;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use siskin_net::{
    Client, ClientConfig, Cookie, CookieChoice, HstsHost, Login, LoginScope, login_of_url, parse_netrc,
};
use url::Url;

use crate::args::IdentityArgs;
use crate::failure::Failure;
use crate::limits::MAX_IDENTITY_FILE_BYTES;
use crate::output;

/// Who we are to servers.
#[derive(Debug, Clone, Default)]
pub struct IdentityConfig {
    /// Cookies for the page's site that were typed. They are not kept.
    pub typed: Vec<Cookie>,
    /// Cookies of the jar.
    pub cookies: Vec<Cookie>,
    /// Where the cookies are kept.
    pub jar: Option<PathBuf>,
    /// Logins, the ones that were typed first.
    pub logins: Vec<Login>,
    /// Hosts that want https.
    pub hsts: Vec<HstsHost>,
    /// Where they are kept.
    pub hsts_file: Option<PathBuf>,
}

impl IdentityConfig {
    /// Resolves what was typed for `page` and reads the files. A login in the page's URL is taken out of it: nothing
    /// prints it then.
    ///
    /// # Errors
    /// [`Failure::Usage`] naming the argument, [`Failure::Input`] for a file that is there and cannot be read,
    /// [`Failure::Output`] for a file that could not be written in the end.
    pub fn new(
        args: &IdentityArgs,
        page: &mut Url,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let now = SystemTime::now();
        let wrong = |option: &str, what: String| Failure::Usage(format!("{option}: {what}"));
        let mut typed = Vec::new();
        for text in &args.cookies {
            typed.extend(Cookie::typed(text, page, now).map_err(|what| wrong("--cookie", what))?);
        }
        let logins = logins(args, page, variable)?;
        let jar = args.cookie_jar.as_deref();
        let cookies = kept(jar, |bytes| match Format::of(jar.unwrap_or(Path::new("")), bytes) {
            Format::Json => json::parse(text(bytes)?, now),
            Format::Netscape => netscape::parse(bytes, now),
        })?;
        let hsts = kept(args.hsts.as_deref(), |bytes| hsts_file::parse(text(bytes)?))?;
        Ok(Self {
            typed,
            cookies: cookies.unwrap_or_default(),
            jar: args.cookie_jar.clone(),
            logins,
            hsts: hsts.unwrap_or_default(),
            hsts_file: args.hsts.clone(),
        })
    }

    /// Tells it to a client.
    pub fn configure(&self, client: &mut ClientConfig) {
        // A typed cookie goes before one of the jar of the same name.
        client.cookies = CookieChoice::Memory([&self.cookies[..], &self.typed[..]].concat());
        client.hsts.clone_from(&self.hsts);
        client.logins.clone_from(&self.logins);
    }

    /// Writes what a client has learned to the files, if there are any; each is there whole or as it was.
    ///
    /// # Errors
    /// [`Failure::Output`].
    pub fn keep(&self, client: &Client) -> Result<(), Failure> {
        if let Some(path) = &self.jar {
            let mut cookies = client.cookies();
            cookies.retain(|cookie| !self.typed.iter().any(|typed| is_same(cookie, typed)));
            // A partition without a site is that of this run's local pages.
            cookies.retain(|cookie| !cookie.partition.as_ref().is_some_and(|key| key.starts_with("opaque")));
            let text = match format_on_disk(path) {
                Format::Json => json::write(&cookies),
                Format::Netscape => netscape::write(&cookies),
            };
            output::write_private(path, &text)?;
        }
        if let Some(path) = &self.hsts_file {
            output::write_private(path, hsts_file::write(&client.hsts()).as_bytes())?;
        }
        Ok(())
    }
}

/// The format of a cookie jar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Netscape,
    Json,
}

impl Format {
    /// By what is in it, and while that is nothing by its name.
    fn of(path: &Path, bytes: &[u8]) -> Self {
        match bytes.trim_ascii_start().first() {
            Some(b'[' | b'{') => Self::Json,
            Some(_) => Self::Netscape,
            None if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) => {
                Self::Json
            }
            None => Self::Netscape,
        }
    }
}

/// The format that a jar has now: it may have been made while the page was loaded.
fn format_on_disk(path: &Path) -> Format {
    Format::of(path, &std::fs::read(path).unwrap_or_default())
}

/// Whether a cookie is one that was typed and that no server has changed.
fn is_same(cookie: &Cookie, typed: &Cookie) -> bool {
    (&cookie.name, &cookie.value, &cookie.domain, cookie.host_only, &cookie.path, cookie.expires)
        == (&typed.name, &typed.value, &typed.domain, typed.host_only, &typed.path, None)
}

/// Reads a file that is kept from run to run: nothing when it is not there yet.
fn kept<T>(path: Option<&Path>, parse: impl Fn(&[u8]) -> Result<T, String>) -> Result<Option<T>, Failure> {
    let Some(path) = path else { return Ok(None) };
    output::check(path)?;
    let unreadable = |reason: String| Failure::Input { path: path.to_owned(), reason };
    match read(path) {
        Ok(bytes) => parse(&bytes).map(Some).map_err(unreadable),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(error.to_string())),
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > MAX_IDENTITY_FILE_BYTES {
        return Err(std::io::Error::other(format!("it is larger than {MAX_IDENTITY_FILE_BYTES} bytes")));
    }
    std::fs::read(path)
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// `--user`, then the page's URL, then the netrc file.
fn logins(
    args: &IdentityArgs,
    page: &mut Url,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Vec<Login>, Failure> {
    let netrc = match netrc_path(args, variable)? {
        None => Vec::new(),
        Some(path) => {
            let unreadable = |reason: String| Failure::Input { path: path.clone(), reason };
            let bytes = read(&path).map_err(|error| unreadable(error.to_string()))?;
            text(&bytes).and_then(parse_netrc).map_err(unreadable)?
        }
    };
    let scope = LoginScope::Origin(page.origin());
    let password_of = |user: &str| {
        let is_of_host = |login: &&Login| match &login.scope {
            LoginScope::Host(host) => page.host_str() == Some(host),
            _ => false,
        };
        netrc.iter().filter(is_of_host).find(|login| login.user == user).map(|login| login.password.clone())
    };
    let mut logins = Vec::new();
    if let Some(text) = &args.user {
        // The text is not shown: it may hold a password.
        let Some((user, password)) = text.split_once(':') else {
            return Err(Failure::Usage("--user: expected NAME:PASSWORD, there is no colon".to_owned()));
        };
        if !matches!(page.scheme(), "http" | "https") {
            return Err(Failure::Usage(format!("--user: a {}: page asks for no login", page.scheme())));
        }
        let (user, password) = (user.to_owned(), password.to_owned());
        logins.push(Login { scope: scope.clone(), user, password });
    }
    if let Some((user, password)) = login_of_url(page) {
        let password = password.or_else(|| password_of(&user)).unwrap_or_default();
        logins.push(Login { scope, user, password });
        // Both can only fail for URLs that can have neither.
        let _ = page.set_username("").and_then(|()| page.set_password(None));
    }
    logins.extend(netrc);
    Ok(logins)
}

/// The file that `--netrc-file` names, or with `--netrc` the one in the home directory.
fn netrc_path(
    args: &IdentityArgs,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<PathBuf>, Failure> {
    if args.netrc_file.is_some() || !args.netrc {
        return Ok(args.netrc_file.clone());
    }
    if let Some(path) = variable("NETRC") {
        return Ok(Some(path.into()));
    }
    let (home, name) = if cfg!(windows) { ("USERPROFILE", "_netrc") } else { ("HOME", ".netrc") };
    match variable(home) {
        Some(home) => Ok(Some(Path::new(&home).join(name))),
        None => Err(Failure::Usage(format!("--netrc: there is no home directory ({home} is not set)"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(args: IdentityArgs, page: &str) -> (Result<IdentityConfig, Failure>, Url) {
        let mut page = Url::parse(page).expect("a URL");
        (IdentityConfig::new(&args, &mut page, |_| None), page)
    }

    #[test]
    fn a_login_is_taken_out_of_the_url() {
        let (identity, page) = config(IdentityArgs::default(), "https://us%20er:p%3Aw@a.test/x");
        let login = &identity.expect("valid").logins[0];
        assert_eq!(
            (page.as_str(), login.user.as_str(), login.password.as_str()),
            ("https://a.test/x", "us er", "p:w")
        );
        let user = IdentityArgs { user: Some("a:b:c".to_owned()), ..IdentityArgs::default() };
        let (identity, _) = config(user, "https://other@a.test/");
        let identity = identity.expect("valid");
        let users: Vec<_> = identity.logins.iter().map(|l| (l.user.as_str(), l.password.as_str())).collect();
        assert_eq!(users, [("a", "b:c"), ("other", "")]);
    }

    #[test]
    fn mistakes_name_the_option_and_no_secret() {
        for (args, page, line) in [
            (
                IdentityArgs { user: Some("secret".to_owned()), ..IdentityArgs::default() },
                "https://a.test/",
                "--user: expected NAME:PASSWORD, there is no colon",
            ),
            (
                IdentityArgs { cookies: vec!["secret".to_owned()], ..IdentityArgs::default() },
                "https://a.test/",
                "--cookie: expected NAME=VALUE",
            ),
            (
                IdentityArgs { cookies: vec!["a=b".to_owned()], ..IdentityArgs::default() },
                "file:///x",
                "--cookie: a file: page has no cookies",
            ),
            (
                IdentityArgs { netrc: true, ..IdentityArgs::default() },
                "https://a.test/",
                if cfg!(windows) {
                    "--netrc: there is no home directory (USERPROFILE is not set)"
                } else {
                    "--netrc: there is no home directory (HOME is not set)"
                },
            ),
        ] {
            assert_eq!(config(args, page).0.expect_err("a mistake").to_string(), line);
        }
    }

    #[test]
    fn formats_by_content_and_by_name() {
        for (path, text, format) in [
            ("jar", "", Format::Netscape),
            ("jar.json", "", Format::Json),
            ("jar.JSON", "\n", Format::Json),
            ("jar.json", "# Netscape HTTP Cookie File", Format::Netscape),
            ("jar.txt", " [\n]", Format::Json),
            ("jar.txt", "{}", Format::Json),
        ] {
            assert_eq!(Format::of(Path::new(path), text.as_bytes()), format, "{path} {text}");
        }
    }
}
