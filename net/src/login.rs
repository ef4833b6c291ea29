//! User names and passwords that the caller gives, and the file `.netrc` in which people keep them.

use percent_encoding::percent_decode_str;
use url::{Origin, Url};

use crate::limits::MAX_NETRC_BYTES;

/// A user name and a password, and where they may be used.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Whose server may ask for them.
    pub scope: LoginScope,
    /// The user name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// Whose server may be given a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginScope {
    /// This origin's.
    Origin(Origin),
    /// This host's, on any port and by http too (but not when a redirect led there from https).
    Host(String),
    /// Anyone's: the `default` entry of a `.netrc` file.
    AnyHost,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// The user name and the password that stand in a URL; `None` if neither does.
pub fn login_of_url(url: &Url) -> Option<(String, Option<String>)> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((decode(url.username()), url.password().map(decode)))
}

/// The logins of a `.netrc` file, in its order: the first whose host fits is meant.
///
/// The format is that of ftp(1), as curl reads it: words between white space, a word may be quoted (`\"`, `\n`, `\t`
/// within), `#` at the start of a word begins a comment to the end of the line, a macro (`macdef`) ends with an empty
/// line. Entries without a password have an empty one; those without a user name are left out.
///
/// # Errors
/// One line that says what is wrong and on which line of the file.
pub fn parse_netrc(text: &str) -> Result<Vec<Login>, String> {
    if text.len() > MAX_NETRC_BYTES {
        return Err(format!("it is larger than {MAX_NETRC_BYTES} bytes"));
    }
    let mut logins: Vec<(LoginScope, Option<String>, Option<String>)> = Vec::new();
    let mut words = Words { rest: text, line: 1 };
    while let Some(word) = words.next()? {
        let line = words.line;
        let missing = || format!("line {line}: `{word}` has no value");
        match word.as_str() {
            "machine" => {
                let host = words.next()?.ok_or_else(missing)?.to_ascii_lowercase();
                logins.push((LoginScope::Host(host), None, None));
            }
            "default" => logins.push((LoginScope::AnyHost, None, None)),
            "macdef" => words.skip_macro(),
            "login" | "password" | "account" => {
                let value = words.next()?.ok_or_else(missing)?;
                let (_, user, password) = logins
                    .last_mut()
                    .ok_or_else(|| format!("line {line}: `{word}` stands before the first `machine`"))?;
                match word.as_str() {
                    "login" => *user = Some(value),
                    "password" => *password = Some(value),
                    _ => {}
                }
            }
            // The value is not shown: it may be a password that was not quoted.
            _ => return Err(format!("line {line}: expected machine, default, login, password or macdef")),
        }
    }
    let login = |(scope, user, password): (LoginScope, Option<String>, Option<String>)| {
        Some(Login { scope, user: user?, password: password.unwrap_or_default() })
    };
    Ok(logins.into_iter().filter_map(login).collect())
}

/// The words of the file, one after the other.
struct Words<'a> {
    rest: &'a str,
    line: usize,
}

impl Words<'_> {
    fn next(&mut self) -> Result<Option<String>, String> {
        loop {
            self.skip_white_space();
            match self.rest.bytes().next() {
                None => return Ok(None),
                Some(b'#') => self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]),
                Some(b'"') => return self.quoted().map(Some),
                Some(_) => {
                    let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
                    let (word, rest) = self.rest.split_at(end);
                    self.rest = rest;
                    return Ok(Some(word.to_owned()));
                }
            }
        }
    }

    fn skip_white_space(&mut self) {
        let text = self.rest.trim_start();
        let skipped = &self.rest[..self.rest.len() - text.len()];
        self.line += skipped.matches('\n').count();
        self.rest = text;
    }

    /// From one quote to the next.
    fn quoted(&mut self) -> Result<String, String> {
        let mut word = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(word);
                }
                '\n' => break,
                '\\' => match chars.next() {
                    Some((_, 'n')) => word.push('\n'),
                    Some((_, 'r')) => word.push('\r'),
                    Some((_, 't')) => word.push('\t'),
                    Some((_, other)) => word.push(other),
                    None => break,
                },
                _ => word.push(c),
            }
        }
        Err(format!("line {}: a quoted word does not end", self.line))
    }

    /// To the line behind the next empty one.
    fn skip_macro(&mut self) {
        let end = self.rest.find("\n\n").map_or(self.rest.len(), |end| end + 2);
        self.line += self.rest[..end].matches('\n').count();
        self.rest = &self.rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let line = |login: &Login| format!("{:?} {} {}", login.scope, login.user, login.password);
        parse_netrc(text).unwrap().iter().map(line).collect()
    }

    #[test]
    fn files() {
        assert_eq!(
            lines(
                "# a comment\nmachine A.test login me password secret\n\
                 machine b.test\n\tlogin \"an other\" password \"q\\\"uo te\"\n\
                 macdef init\ncd /\nlogin x\n\nmachine nobody.test password x\n\
                 machine c.test login only # no password\ndefault login anonymous password me@a.test"
            ),
            [
                "Host(\"a.test\") me secret",
                "Host(\"b.test\") an other q\"uo te",
                "Host(\"c.test\") only ",
                "AnyHost anonymous me@a.test",
            ]
        );
        assert!(lines("").is_empty());
    }

    #[test]
    fn faults_are_named_without_the_secret() {
        for (text, message) in [
            ("machine", "line 1: `machine` has no value"),
            ("\nmachine a login", "line 2: `login` has no value"),
            ("login me", "line 1: `login` stands before the first `machine`"),
            (
                "machine a login me password secret part",
                "line 1: expected machine, default, login, password or macdef",
            ),
            ("machine a password \"x\n\"", "line 1: a quoted word does not end"),
        ] {
            assert_eq!(parse_netrc(text).unwrap_err(), message, "{text}");
        }
        let login = &parse_netrc("machine a login me password secret").unwrap()[0];
        assert!(!format!("{login:?}").contains("secret"));
    }
}
