//! A transport without a wire, for tests of the layers above: it answers by a script and keeps what it saw.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderName, StatusCode};

use super::{Transport, WireRequest, WireResponse};
use crate::error::Error;
use crate::event::{NetEventKind, Protocol};
use crate::id::ConnectionId;

/// A response of the script: status, header lines, pieces of the body.
pub(crate) struct Scripted {
    pub(crate) status: u16,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) pieces: Vec<Result<Bytes, Error>>,
}

type Script = Box<dyn Fn(&WireRequest) -> Result<Scripted, Error> + Send + Sync>;

/// Answers by a script, one connection for all.
pub(crate) struct ScriptedTransport {
    script: Script,
    seen: Mutex<Vec<WireRequest>>,
}

impl ScriptedTransport {
    pub(crate) fn new(
        script: impl Fn(&WireRequest) -> Result<Scripted, Error> + Send + Sync + 'static,
    ) -> Self {
        Self { script: Box::new(script), seen: Mutex::default() }
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<WireRequest> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for ScriptedTransport {
    fn exchange(&self, request: WireRequest) -> BoxFuture<'_, Result<WireResponse, Error>> {
        Box::pin(async move {
            let number = {
                let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push(request.clone());
                seen.len()
            };
            let connection = ConnectionId(1);
            (request.on_protocol)(Protocol::Http11);
            let Scripted { status, headers: lines, pieces } = (self.script)(&request)?;
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(HeaderName::from_static(name), value.parse().unwrap());
            }
            let status = StatusCode::from_u16(status).unwrap();
            request.story.tell(NetEventKind::ConnectionUsed {
                connection,
                reused: number > 1,
                protocol: Protocol::Http11,
                local: None,
                remote: None,
            });
            request.story.tell(NetEventKind::RequestSent { headers: request.sent_headers(), body_size: 0 });
            request.story.tell(NetEventKind::ResponseStart { status, headers: headers.clone() });
            let body = stream::iter(pieces).boxed();
            Ok(WireResponse { status, headers, protocol: Protocol::Http11, connection, body })
        })
    }
}
