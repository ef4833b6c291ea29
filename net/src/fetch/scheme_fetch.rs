//! Scheme fetch: <https://fetch.spec.whatwg.org/#scheme-fetch>.

use bytes::Bytes;
use data_url::DataUrl;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::body::Encoded;
use super::hop::Hop;
use super::http_fetch::http_fetch;
use super::main_fetch::{Internal, Outcome};
use super::{Net, file};
use crate::error::{Error, ErrorKind, Phase};
use crate::event::{BypassReason, CacheOutcome, NetEventKind};
use crate::response::Source;

/// Fetches by the scheme of the hop's URL.
pub(super) async fn scheme_fetch(net: &Net, hop: &mut Hop) -> Result<Outcome, Error> {
    let (content_type, bytes) = match hop.request.url.scheme() {
        "http" | "https" => return http_fetch(net, hop).await,
        "about" => about(hop)?,
        "data" => data(hop)?,
        "file" => file::read(hop, net.config.max_body_bytes).await?,
        scheme => {
            let message = format!("the scheme {scheme}: cannot be fetched");
            return Err(error(hop, ErrorKind::UnsupportedScheme, message));
        }
    };
    Ok(Outcome::Response(Box::new(local(hop, &content_type, bytes))))
}

fn about(hop: &Hop) -> Result<(String, Bytes), Error> {
    if hop.request.url.path() == "blank" {
        return Ok(("text/html;charset=utf-8".to_owned(), Bytes::new()));
    }
    Err(error(hop, ErrorKind::UnsupportedScheme, "of the about: URLs only about:blank exists".to_owned()))
}

/// <https://fetch.spec.whatwg.org/#data-url-processor>
fn data(hop: &Hop) -> Result<(String, Bytes), Error> {
    let url = DataUrl::process(hop.request.url.as_str())
        .map_err(|cause| error(hop, ErrorKind::InvalidUrl, cause.to_string()))?;
    let (bytes, _fragment) = url.decode_to_vec().map_err(|_| {
        error(hop, ErrorKind::InvalidUrl, "the data URL's base64 cannot be decoded".to_owned())
    })?;
    Ok((url.mime_type().to_string(), bytes.into()))
}

/// A response that needed no connection.
fn local(hop: &Hop, content_type: &str, bytes: Bytes) -> Internal {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    hop.story.tell(NetEventKind::Cache(CacheOutcome::Bypass(BypassReason::Scheme)));
    hop.story.tell(NetEventKind::ResponseStart { status: StatusCode::OK, headers: headers.clone() });
    Internal {
        status: StatusCode::OK,
        headers,
        body: Encoded::Whole(bytes),
        source: Source::Local,
        protocol: None,
        connection: None,
    }
}

fn error(hop: &Hop, kind: ErrorKind, message: String) -> Error {
    Error::new(kind, Phase::Url, Some(&hop.request.url), message)
}
