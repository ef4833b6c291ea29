//! What the loader does with responses: the document's and those of subresources.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header;
use siskin_net::mime::{self, MimeType, RESOURCE_HEADER_BYTES, Supplied};
use siskin_net::{
    Destination, Error, ErrorKind, FetchId, Initiator, InitiatorKind, InsecureRequests, Phase, Referrer,
    ReferrerPolicy, Request, Timestamp,
};

use super::document_kind::DocumentKind;
use super::frames::Given;
use super::loader::{Arrival, Arriving, Loader, Stage};
use super::message::{Output, ResponseHead};
use super::outcome::{BrokenOffPolicy, FailedResource, HttpErrorPolicy, PageError, Refresh, http_error};
use super::resource::{Resource, ResourceId, ResourceState};
use super::sheet_type;
use crate::discovery::Blocking;
use crate::event::PageEventKind;
use crate::html::discover::parse_refresh;
use crate::html::{HtmlParser, ParserOptions};
use crate::limits::{MAX_PAGE_BYTES, MAX_RESOURCE_BYTES};

impl Loader {
    pub(super) fn start(&mut self, now: Timestamp) {
        if !matches!(self.stage, Stage::New) {
            return;
        }
        self.pass(PageEventKind::NavigationStart, now);
        self.stage = Stage::Requested;
        let id = self.take_fetch_id();
        if let Some(given) = self.config.nested.as_ref().and_then(|nested| nested.given.clone()) {
            return self.take_given(id, given, now);
        }
        let mut request = Request::navigation(id, self.config.url.clone());
        request.headers = self.config.headers.clone();
        request.method = self.config.method.clone();
        request.body = self.config.body.clone();
        if let Some(navigator) = &self.config.navigator {
            navigator.sign(&mut request);
        }
        if let Some(parent) = self.config.ancestors.last() {
            request.destination = Destination::IFrame;
            request.origin = Some(parent.clone());
            request.documents = Arc::clone(&self.config.ancestors);
            request.page = Some(self.config.page());
        }
        if let Some(nested) = &self.config.nested {
            let url = nested.urls.last().cloned();
            request.referrer = url.clone().map_or(Referrer::NoReferrer, Referrer::Url);
            request.referrer_policy = nested.referrer_policy;
            request.insecure = nested.insecure;
            // The page goes on without it, as without any other part of it.
            request.time_limit = self.config.request_timeout;
            request.initiator =
                Initiator { kind: InitiatorKind::Parser, url, fetch: Some(nested.parent_fetch) };
            request.render_blocking = false;
        }
        self.expect(id, Arrival::Document);
        self.outputs.push(Output::Fetch(Box::new(request)));
    }

    /// A document that is there already comes as any other does.
    fn take_given(&mut self, id: FetchId, given: Given, now: Timestamp) {
        let mut headers = http::HeaderMap::new();
        if let Ok(value) = given.content_type.parse() {
            headers.insert(header::CONTENT_TYPE, value);
        }
        let head = ResponseHead { final_url: self.config.url.clone(), status: http::StatusCode::OK, headers };
        self.expect(id, Arrival::Document);
        self.on_response(id, head, now);
        self.on_chunk(id, given.bytes);
        self.on_end(id);
    }

    pub(super) fn take_fetch_id(&mut self) -> FetchId {
        let id = FetchId(self.next_fetch);
        self.next_fetch = self.next_fetch.saturating_add(1);
        id
    }

    pub(super) fn expect(&mut self, id: FetchId, what: Arrival) {
        self.arriving
            .insert(id, Arriving { what, head: None, chunks: Vec::new(), size: 0, may_import: true });
    }

    pub(super) fn on_response(&mut self, id: FetchId, head: ResponseHead, now: Timestamp) {
        let Some(arriving) = self.arriving.get_mut(&id) else { return };
        arriving.head = Some(head.clone());
        match arriving.what {
            Arrival::Document => self.on_document_response(id, &head, now),
            Arrival::Resource(resource) => self.note_sheet(resource, &head),
        }
    }

    /// <https://html.spec.whatwg.org/#loading-a-document>
    fn on_document_response(&mut self, id: FetchId, head: &ResponseHead, now: Timestamp) {
        self.pass(PageEventKind::FirstByte, now);
        let (status, url) = (head.status.as_u16(), head.final_url.clone());
        self.status = Some(status);
        if status >= 400 && self.config.http_errors == HttpErrorPolicy::Fail {
            return self.fail(PageError::HttpStatus { status, url });
        }
        // <https://html.spec.whatwg.org/#navigate-fetch>: a status that has no body leaves the page that is there.
        if matches!(status, 204 | 205) {
            return self.fail(PageError::NoDocument { status, url });
        }
        let disposition = head.headers.get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
        if disposition.is_some_and(is_attachment) {
            return self.fail(PageError::Download { url });
        }
        let supplied = Supplied::from_headers(&head.headers);
        match &supplied.mime {
            Some(mime) if !needs_sniffing(&supplied, mime) => {
                let mime = mime.clone();
                self.begin_document(id, head, &mime);
            }
            _ => self.sniffing = Some(Sniffing { head: head.clone(), supplied, start: Vec::new() }),
        }
    }

    /// The first bytes are there, or there are no more: what they are decides.
    fn end_sniffing(&mut self, id: FetchId) {
        let Some(Sniffing { head, supplied, start }) = self.sniffing.take() else { return };
        let mime = mime::computed(&supplied, &start);
        self.begin_document(id, &head, &mime);
        self.take_document_bytes(id, start.into());
    }

    fn begin_document(&mut self, id: FetchId, head: &ResponseHead, mime: &MimeType) {
        let url = head.final_url.clone();
        let Some(kind) = DocumentKind::of(mime) else {
            let content_type = mime.essence().to_owned();
            return self.fail(PageError::UnsupportedType { content_type, url });
        };
        let transport_charset = head.content_type().and_then(sheet_type::charset);
        if kind == DocumentKind::Image {
            // The bytes are those of the only subresource of the page that is made for them.
            let bytes = Resource::pending(id, url.clone(), Destination::Image, Blocking::Load);
            self.image_document = Some(self.resources.insert(bytes));
        }
        let is_fetched = self.config.nested.as_ref().is_none_or(|nested| nested.given.is_none());
        let look_ahead = (kind == DocumentKind::Html && is_fetched).then_some(self.config.viewport);
        let nested = self.config.nested.as_ref();
        let base_url = nested.and_then(|nested| nested.given.as_ref()).map(|given| given.base_url.clone());
        let is_same_origin = self.config.ancestors.last().is_some_and(|parent| *parent == url.origin());
        let options = ParserOptions {
            base_url,
            parent_encoding: nested.filter(|_| is_same_origin).map(|nested| nested.encoding),
            transport_charset,
            syntax: kind.syntax(),
            look_ahead,
            ..ParserOptions::default()
        };
        let prologue = kind.prologue(&url);
        let parser = match kind {
            DocumentKind::Html | DocumentKind::Xml => HtmlParser::new(url, &options),
            DocumentKind::Text | DocumentKind::Image => HtmlParser::text(url, &options, &prologue),
        };
        self.document_kind = kind;
        self.stage = Stage::Parsing(Box::new(parser));
        self.referrer_policy = ReferrerPolicy::from_headers(&head.headers);
        // A nested document has the wish of the document around it too:
        // <https://w3c.github.io/webappsec-upgrade-insecure-requests/#nesting>.
        self.insecure = nested.map_or(InsecureRequests::Allow, |nested| nested.insecure);
        let policies = head.headers.get_all(header::CONTENT_SECURITY_POLICY).iter();
        self.upgrade_by(policies.filter_map(|policy| policy.to_str().ok()));
        self.on_link_header(head);
        self.on_refresh_header(head);
    }

    /// One policy that asks for it is enough, and none takes it back.
    pub(super) fn upgrade_by<'a>(&mut self, policies: impl IntoIterator<Item = &'a str>) {
        if InsecureRequests::by_policies(policies) == InsecureRequests::Upgrade {
            self.insecure = InsecureRequests::Upgrade;
        }
    }

    /// The `Refresh` header says what the `meta` element says: <https://html.spec.whatwg.org/#the-refresh-header>.
    fn on_refresh_header(&mut self, head: &ResponseHead) {
        let value = head.headers.get("refresh").and_then(|value| value.to_str().ok());
        let Some((seconds, target)) = value.and_then(parse_refresh) else { return };
        let target = target.map_or_else(|| Ok(head.final_url.clone()), |text| head.final_url.join(text));
        if let Ok(url) = target {
            self.refresh = Some(Refresh { seconds, url });
        }
    }

    pub(super) fn on_chunk(&mut self, id: FetchId, bytes: Bytes) {
        let Some(arriving) = self.arriving.get_mut(&id) else { return };
        let size = bytes.len() as u64;
        arriving.size = arriving.size.saturating_add(size);
        self.received = self.received.saturating_add(size);
        if arriving.size > MAX_RESOURCE_BYTES || self.received > MAX_PAGE_BYTES {
            let url = arriving.head.as_ref().map(|head| head.final_url.clone());
            let limit = MAX_RESOURCE_BYTES.min(MAX_PAGE_BYTES) / (1024 * 1024);
            let message = format!("more than {limit} MiB, or too much for one page");
            let error = Error::new(ErrorKind::TooLarge, Phase::Receive, url.as_ref(), message);
            self.outputs.push(Output::Cancel(id));
            return self.on_failed(id, error);
        }
        if arriving.what != Arrival::Document {
            arriving.chunks.push(bytes);
            return self.look_into_sheet(id);
        }
        match &mut self.sniffing {
            None => self.take_document_bytes(id, bytes),
            Some(sniffing) => {
                sniffing.start.extend_from_slice(&bytes);
                if sniffing.start.len() >= RESOURCE_HEADER_BYTES {
                    self.end_sniffing(id);
                }
            }
        }
    }

    /// The beginning of a sheet may tell what it imports.
    fn look_into_sheet(&mut self, id: FetchId) {
        let Some(arriving) = self.arriving.get(&id) else { return };
        if let (Arrival::Resource(resource), Some(head), true) =
            (arriving.what, &arriving.head, arriving.may_import)
            && self.resources.entry(resource).destination == Destination::Style
        {
            let (head, chunks) = (head.clone(), arriving.chunks.clone());
            let may_import = self.look_for_imports(resource, &head, &chunks);
            if let Some(arriving) = self.arriving.get_mut(&id) {
                arriving.may_import = may_import;
            }
        }
    }

    fn take_document_bytes(&mut self, id: FetchId, bytes: Bytes) {
        if self.document_kind == DocumentKind::Image {
            if let Some(arriving) = self.arriving.get_mut(&id) {
                arriving.chunks.push(bytes);
            }
        } else if let Stage::Parsing(parser) = &mut self.stage {
            parser.feed(&bytes);
            self.take_found();
            self.take_new_elements();
        }
    }

    pub(super) fn on_end(&mut self, id: FetchId) {
        if self.arriving.get(&id).is_some_and(|arriving| arriving.what == Arrival::Document) {
            self.end_sniffing(id);
        }
        let Some(arriving) = self.arriving.remove(&id) else { return };
        match arriving.what {
            Arrival::Document => {
                if let (Some(head), Some(image)) = (arriving.head, self.image_document) {
                    self.on_resource(image, &head, join(arriving.chunks));
                }
                self.finish_document();
            }
            Arrival::Resource(resource) => {
                // A body without a head cannot come; an empty one can.
                if let Some(head) = arriving.head {
                    self.on_resource(resource, &head, join(arriving.chunks));
                }
            }
        }
    }

    /// Parsing ends: from here on the tree stands.
    pub(super) fn finish_document(&mut self) {
        let Stage::Parsing(parser) = &mut self.stage else { return };
        parser.end();
        self.take_found();
        self.take_new_elements();
        if let Stage::Parsing(parser) = std::mem::replace(&mut self.stage, Stage::Over) {
            let (document, diagnostics) = parser.finish();
            self.diagnose(diagnostics);
            self.stage = Stage::Parsed(Arc::new(document));
            self.styling.invalidate();
        }
    }

    pub(super) fn on_failed(&mut self, id: FetchId, error: Error) {
        match self.arriving.remove(&id).map(|arriving| arriving.what) {
            None => {}
            Some(Arrival::Document) if self.may_break_off(&error) => {
                self.break_off = Some(FailedResource {
                    url: self.document_url(),
                    destination: Destination::Document,
                    kind: Some(error.kind),
                    message: format!("{error}: the document ends there"),
                });
                self.finish_document();
            }
            Some(Arrival::Document) => self.fail(PageError::Net(error)),
            Some(Arrival::Resource(id)) => {
                let message = match &error.url {
                    Some(_) => error.to_string(),
                    None => format!("{error} ({})", self.resources.entry(id).url),
                };
                self.fail_resource(id, Some(error.kind), message);
            }
        }
    }

    /// DEVIATION: <https://html.spec.whatwg.org/#read-html> leaves it open; Chromium shows what has come.
    fn may_break_off(&self, error: &Error) -> bool {
        let is_ours = matches!(error.kind, ErrorKind::TooLarge | ErrorKind::Canceled);
        self.config.broken_off == BrokenOffPolicy::Show
            && matches!(self.stage, Stage::Parsing(_))
            && self.document_kind != DocumentKind::Image
            && !is_ours
    }

    /// One outcome a request: here it is that it failed. Who waited for it waits no more.
    pub(super) fn fail_resource(&mut self, id: ResourceId, kind: Option<ErrorKind>, message: String) {
        let resource = self.resources.entry_mut(id);
        resource.state = ResourceState::Failed { kind, message };
        self.generation += 1;
        if resource.destination == Destination::Font {
            self.styling.font_failed();
        }
    }

    fn on_resource(&mut self, id: ResourceId, head: &ResponseHead, bytes: Bytes) {
        let resource = self.resources.entry_mut(id);
        let (status, url) = (head.status.as_u16(), resource.url.clone());
        // An image is shown whatever the status: <https://html.spec.whatwg.org/#updating-the-image-data>
        // does not ask for it, and browsers do not either.
        if status >= 400 && resource.destination != Destination::Image {
            return self.fail_resource(id, None, http_error(status, &url));
        }
        resource.state = ResourceState::Ready {
            bytes,
            content_type: head.content_type().map(str::to_owned),
            final_url: head.final_url.clone(),
            status,
        };
        self.generation += 1;
        match resource.destination {
            Destination::Style => self.on_sheet(&url),
            Destination::Object => self.on_object(id),
            _ => {}
        }
    }
}

/// A document of which it is not known yet what it is.
pub(super) struct Sniffing {
    head: ResponseHead,
    supplied: Supplied,
    start: Vec<u8>,
}

/// Whether the first bytes have a say: <https://mimesniff.spec.whatwg.org/#mime-type-sniffing-algorithm>. HTML is what it
/// says it is, and is parsed from the first byte on.
fn needs_sniffing(supplied: &Supplied, mime: &MimeType) -> bool {
    let is_unknown = matches!(mime.essence(), "unknown/unknown" | "application/unknown" | "*/*");
    (is_unknown || supplied.check_for_apache_bug) && !supplied.no_sniff
}

/// Whether a `Content-Disposition` asks to save and not to show: <https://www.rfc-editor.org/rfc/rfc6266#section-4.2>.
fn is_attachment(disposition: &str) -> bool {
    let kind = disposition.split(';').next().unwrap_or_default().trim();
    !kind.is_empty() && !kind.contains('=') && !kind.eq_ignore_ascii_case("inline")
}

fn join(mut chunks: Vec<Bytes>) -> Bytes {
    match chunks.len() {
        0 => Bytes::new(),
        1 => chunks.remove(0),
        _ => {
            let mut whole = BytesMut::with_capacity(chunks.iter().map(Bytes::len).sum());
            chunks.iter().for_each(|chunk| whole.extend_from_slice(chunk));
            whole.freeze()
        }
    }
}
