//! The CORS check: <https://fetch.spec.whatwg.org/#concept-cors-check>.

use http::{HeaderMap, header};

use super::hop::Hop;
use crate::error::{Error, ErrorKind, Phase};
use crate::request::Credentials;

/// Fails unless `headers` allow the hop's origin to read the response.
pub(super) fn check(hop: &Hop, headers: &HeaderMap) -> Result<(), Error> {
    let origin = hop.serialized_origin();
    let blocked = |message: String| {
        Err(Error::new(ErrorKind::Blocked, Phase::Wait, Some(&hop.request.url), format!("CORS: {message}")))
    };
    // Steps 1 and 2.
    let mut values = headers.get_all(header::ACCESS_CONTROL_ALLOW_ORIGIN).iter();
    let (Some(allowed), None) = (values.next(), values.next()) else {
        return blocked("the response has no Access-Control-Allow-Origin".to_owned());
    };
    // Step 3.
    if hop.request.credentials != Credentials::Include && allowed == "*" {
        return Ok(());
    }
    // Step 4.
    if allowed != origin.as_str() {
        return blocked(format!("the response is not for {origin}"));
    }
    // Steps 5 to 7.
    let credentials = headers.get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
    if hop.request.credentials == Credentials::Include && credentials.is_none_or(|value| value != "true") {
        return blocked("the response does not allow credentials".to_owned());
    }
    Ok(())
}
