//! What the page's own request carries: method and body, as curl's users say it, and in whose name it is made.

use std::path::Path;

use http::Method;
use siskin_engine::page::Navigator;
use siskin_net::{FormPart, FormValue, RequestBody};
use url::Url;

use crate::args::SubmissionArgs;
use crate::failure::Failure;

/// Method and body of the page's request, and who makes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Submission {
    /// The method.
    pub method: Method,
    /// The body.
    pub body: Option<RequestBody>,
    /// The page whose link or form leads there; `None`: the user typed it.
    pub navigator: Option<Navigator>,
}

impl Submission {
    /// Resolves what was typed for `page`.
    ///
    /// # Errors
    /// [`Failure::Usage`] naming the argument, [`Failure::Input`] when a file cannot be read.
    pub fn new(args: &SubmissionArgs, page: &Url) -> Result<Self, Failure> {
        let body = if !args.form.is_empty() {
            let parts = args.form.iter().map(|text| parse_part(text)).collect::<Result<_, _>>()?;
            Some(RequestBody::Multipart(parts))
        } else if !args.data.is_empty() {
            Some(RequestBody::raw("application/x-www-form-urlencoded", join_data(&args.data)?))
        } else {
            None
        };
        let method = match &args.request {
            Some(text) => parse_method(text)?,
            None if body.is_some() => Method::POST,
            None => Method::GET,
        };
        let submission = Self { method, body, navigator: None };
        if submission != Self::default() && !matches!(page.scheme(), "http" | "https") {
            let scheme = page.scheme();
            return Err(Failure::Usage(format!(
                "--request, --data, --form: nothing can be sent to a {scheme}: page"
            )));
        }
        Ok(submission)
    }
}

/// Any token, except for those that Fetch forbids: <https://fetch.spec.whatwg.org/#forbidden-method>.
fn parse_method(text: &str) -> Result<Method, Failure> {
    let wrong = || Failure::Usage(format!("--request: expected a method such as POST, got `{text}`"));
    let method = Method::from_bytes(text.as_bytes()).map_err(|_| wrong())?;
    let forbidden = ["CONNECT", "TRACE", "TRACK"].iter().any(|name| name.eq_ignore_ascii_case(text));
    if forbidden { Err(wrong()) } else { Ok(method) }
}

/// All pieces with `&` between, as curl does.
fn join_data(pieces: &[String]) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    for (n, piece) in pieces.iter().enumerate() {
        if n > 0 {
            out.push(b'&');
        }
        match piece.strip_prefix('@') {
            Some(path) => out.extend(read(path)?),
            None => out.extend_from_slice(piece.as_bytes()),
        }
    }
    Ok(out)
}

/// `name=value`, or `name=@file`, with `;type=…` behind the file where its type matters.
fn parse_part(text: &str) -> Result<FormPart, Failure> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(Failure::Usage(format!("--form: expected NAME=VALUE or NAME=@FILE, got `{text}`")));
    };
    let value = match value.strip_prefix('@') {
        None => FormValue::Text(value.to_owned().into()),
        Some(file) => {
            let (path, content_type) = match file.split_once(";type=") {
                Some((path, content_type)) => (path, Some(content_type.to_owned())),
                None => (file, None),
            };
            let bytes = read(path)?.into();
            let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
            FormValue::File { name: name.into(), content_type, bytes }
        }
    };
    Ok(FormPart { name: name.to_owned().into(), value })
}

fn read(path: &str) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|reason| Failure::Input { path: path.into(), reason: reason.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(request: Option<&str>, data: &[&str], form: &[&str]) -> Result<Submission, Failure> {
        let args = SubmissionArgs {
            request: request.map(str::to_owned),
            data: data.iter().map(|text| (*text).to_owned()).collect(),
            form: form.iter().map(|text| (*text).to_owned()).collect(),
        };
        Submission::new(&args, &Url::parse("http://a.test/").expect("valid"))
    }

    #[test]
    fn what_is_sent() {
        let sent = |request, data: &[&str], form: &[&str]| {
            let submission = submission(request, data, form).expect("valid");
            let body = submission.body.map(|body| String::from_utf8_lossy(&body.encode().1).into_owned());
            format!("{} {}", submission.method, body.unwrap_or_default())
        };
        assert_eq!(sent(None, &[], &[]), "GET ");
        assert_eq!(sent(None, &["a=1", "b=2"], &[]), "POST a=1&b=2");
        assert_eq!(sent(Some("PUT"), &["x"], &[]), "PUT x");
        assert_eq!(sent(Some("DELETE"), &[], &[]), "DELETE ");
        assert!(sent(None, &[], &["a=1"]).contains("name=\"a\"\r\n\r\n1\r\n"));
    }

    #[test]
    fn mistakes() {
        for (request, data, form, word) in [
            (Some("a b"), &[][..], &[][..], "--request"),
            (Some("trace"), &[], &[], "--request"),
            (None, &[], &["no equals sign"], "--form"),
            (None, &["@/no/such/file"], &[], "/no/such/file"),
            (None, &[], &["a=@/no/such/file"], "/no/such/file"),
        ] {
            let failure = submission(request, data, form).expect_err("a mistake").to_string();
            assert!(failure.contains(word), "{failure}");
        }
        let args = SubmissionArgs { data: vec!["x".to_owned()], ..SubmissionArgs::default() };
        assert!(Submission::new(&args, &Url::parse("file:///x").expect("valid")).is_err());
    }
}
