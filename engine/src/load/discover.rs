//! What the loader does with new elements and new sheets: their wishes become requests.

use std::sync::Arc;

use bytes::Bytes;
use siskin_net::{Destination, ReferrerPolicy};
use url::Url;

use super::foresee::{sheet_discovery, sheet_timing};
use super::lazy::lazy_image;
use super::loader::{Loader, ScriptPolicy, SheetOrigin, Skipped, Stage};
use super::message::ResponseHead;
use super::outcome::Refresh;
use super::resource::{ResourceId, ResourceState};
use super::sheet_type;
use crate::css::import_scan::{ImportScan, SCANNED_BYTES, scan_imports};
use crate::css::{Device, MediaQueryList, Origin, Stylesheet, parse_stylesheet};
use crate::diagnostic::Diagnostic;
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::dom::{Document, NodeId, QuirksMode};
use crate::html::discover::{
    ElementRequest, Loading, MetaRequest, ScriptRequest, SheetRequest, element_request,
};
use crate::html::encoding::decode_labelled;
use crate::html::preload::Place;
use crate::limits::MAX_SKIPPED;
use crate::units::Viewport;

/// An element that has come into the tree.
struct NewElement {
    node: NodeId,
    request: ElementRequest,
    /// The text of a `style` element.
    text: String,
    place: Place,
}

impl Loader {
    /// Looks at the elements that have come into the tree.
    pub(super) fn take_new_elements(&mut self) {
        let Stage::Parsing(parser) = &mut self.stage else { return };
        if parser.restarts() != self.restarts {
            self.restarts = parser.restarts();
            // All nodes are gone. What was fetched for them stays.
            self.sheets.forget_owners();
            self.lazy.clear();
            self.close_frames();
        }
        let Stage::Parsing(parser) = &mut self.stage else { return };
        let new = parser.take_new_elements();
        let viewport = self.config.viewport;
        let wishes: Vec<NewElement> = {
            let document = parser.document();
            let body = document.body();
            self.body_reached |= body.is_some();
            new.into_iter().filter_map(|node| wish(&document, node, body, &viewport)).collect()
        };
        for wish in wishes {
            self.on_element(wish);
        }
    }

    fn on_element(&mut self, element: NewElement) {
        let NewElement { node, request, text, place } = element;
        let by = DiscoveredBy::Element(node);
        match request {
            ElementRequest::StyleText { media, title } => {
                self.on_style_element(node, &text, &media, &title, place);
            }
            ElementRequest::StyleSheet(request) => self.on_sheet_link(node, request, place),
            ElementRequest::Image { url, options, loading, area, .. } => {
                let discovery = Discovery::new(url, Destination::Image, by, Blocking::Load).with(options);
                let discovery = Discovery { area, ..discovery };
                match loading {
                    Loading::Eager => {
                        self.note_eager_image(&discovery);
                        self.request(discovery);
                    }
                    Loading::Lazy => self.defer_image(lazy_image(discovery)),
                }
            }
            ElementRequest::SvgFile { url } => self.on_svg_file(url, by),
            // <https://html.spec.whatwg.org/#link-type-preload>: delays nothing. What a script would use is fetched, too,
            // as by a browser whose scripts are off.
            ElementRequest::Preload { url, destination, options } => {
                self.request(Discovery::new(url, destination, by, Blocking::None).with(options).preloaded());
            }
            ElementRequest::Prefetch { url, options } => self.on_prefetch(url, options),
            ElementRequest::Icon { url, sizes } => self.on_icon(url, sizes),
            ElementRequest::Connect(hint) => self.on_hint(hint),
            ElementRequest::Script(script) => self.on_script_element(script, by, place),
            ElementRequest::Meta(meta) => self.on_meta(meta),
            ElementRequest::Frame(frame) => self.on_frame_element(node, *frame),
            ElementRequest::Object { url } => self.on_object_element(node, url),
            ElementRequest::Skipped { destination, url } => self.skip(destination, Some(url)),
        }
    }

    fn on_script_element(&mut self, script: ScriptRequest, by: DiscoveredBy, place: Place) {
        if self.config.scripts == ScriptPolicy::Skip || script.url.is_none() {
            self.skip(Destination::Script, script.url.clone());
        }
        self.on_script(script, by, place);
    }

    /// Writes down what is not loaded, for those who want to know.
    fn skip(&mut self, destination: Destination, url: Option<Url>) {
        if self.skipped.len() < MAX_SKIPPED {
            self.skipped.push(Skipped { destination, url });
        }
    }

    /// <https://svgwg.org/svg2-draft/struct.html#UseElement>: from the page's own origin only.
    fn on_svg_file(&mut self, url: Url, by: DiscoveredBy) {
        if url.origin() == self.document_url().origin() || url.scheme() == "data" {
            self.request(Discovery::new(url, Destination::Image, by, Blocking::Load));
        } else {
            let message = format!("an SVG use element names a file of another origin: {url} is not loaded");
            self.tell(message);
        }
    }

    fn on_meta(&mut self, meta: MetaRequest) {
        match meta {
            MetaRequest::Referrer(policy) => self.referrer_policy = policy,
            MetaRequest::Refresh { seconds, url } => {
                // The soonest counts, of equals the last: <https://html.spec.whatwg.org/#shared-declarative-refresh-steps>.
                if self.refresh.as_ref().is_none_or(|known| seconds <= known.seconds) {
                    self.tell(format!("the page asks to be replaced by {url} after {seconds} s"));
                    self.refresh = Some(Refresh { seconds, url });
                }
            }
            MetaRequest::ContentSecurityPolicy(policy) => {
                self.upgrade_by([policy.as_str()]);
                self.tell(format!("the content security policy in a meta element is heeded for insecure requests alone: {policy}"));
            }
            // A desktop browser lays out for its window, whatever this says.
            MetaRequest::Viewport(content) => {
                self.tell(format!("the viewport of a meta element is for mobile devices: {content}"));
            }
        }
    }

    /// Tells the page's author, or whoever looks at it.
    pub(super) fn tell(&mut self, message: String) {
        let url = Some(self.document_url());
        self.diagnose([Diagnostic { url, line: None, message }]);
    }

    /// <https://html.spec.whatwg.org/#update-a-style-block>
    fn on_style_element(&mut self, node: NodeId, text: &str, media: &str, title: &str, place: Place) {
        // An element that was moved comes again: its sheet is known.
        if self.sheets.owns(node) || !self.sheets.title_applies(title) {
            return;
        }
        let Some((base, quirks)) = self.sheet_context() else { return };
        let (sheet, diagnostics) =
            parse_stylesheet(text, &base, Origin::Author, quirks == QuirksMode::Quirks);
        self.diagnose(diagnostics);
        let sheet = Arc::new(sheet);
        let media = MediaQueryList::parse(media);
        let blocking = self.sheet_blocking(&media, place);
        self.sheets.add_inline(node, media, Arc::clone(&sheet));
        self.styling.invalidate();
        self.request_imports(&sheet, &base, 1, blocking);
    }

    /// <https://html.spec.whatwg.org/#link-type-stylesheet>
    fn on_sheet_link(&mut self, node: NodeId, request: SheetRequest, place: Place) {
        let by = DiscoveredBy::Element(node);
        if self.sheets.owns(node) {
            return;
        }
        let blocking = self.link_blocking(&request, place);
        if request.alternate || !self.sheets.title_applies(&request.title) {
            return self.request(sheet_discovery(request, by, blocking));
        }
        self.sheets.add_linked(node, MediaQueryList::parse(&request.media), &request.url);
        self.styling.invalidate();
        self.request_sheet(sheet_discovery(request, by, blocking));
    }

    fn request_sheet(&mut self, discovery: Discovery) {
        let url = discovery.url.clone();
        self.request(discovery);
        // It may be here already, wanted before by somebody else (the scanner, `<link rel=preload>`).
        let is_here = self
            .resources
            .get_as(&url, Destination::Style)
            .is_some_and(|known| matches!(known.state, ResourceState::Ready { .. }));
        if is_here && !self.sheets.has(&url) {
            self.on_sheet(&url);
        }
    }

    /// What waits for a sheet. One whose media does not match blocks nothing; one in the body does not block the first
    /// paint, but what stands behind it: <https://html.spec.whatwg.org/#implicitly-potentially-render-blocking>.
    ///
    /// DEVIATION: as in Chromium the end of parsing waits for a sheet in the body.
    pub(super) fn sheet_blocking(&self, media: &MediaQueryList, place: Place) -> Blocking {
        match place {
            _ if !media.matches(&Device::screen(self.config.viewport)) => Blocking::None,
            Place::Head => Blocking::Render,
            Place::Body => Blocking::Parser,
        }
    }

    /// The sheet of `url` is here: it is parsed, and what it imports is fetched.
    pub(super) fn on_sheet(&mut self, url: &Url) {
        // One that was only loaded ahead is parsed when it is wanted.
        let wanted = self.resources.get_as(url, Destination::Style).filter(|_| self.sheets.wants(url));
        let Some(resource) = wanted else { return };
        let ResourceState::Ready { bytes, content_type, final_url, .. } = &resource.state else { return };
        let Some((_, quirks)) = self.sheet_context() else { return };
        if !sheet_type::is_usable(content_type.as_deref(), final_url, &self.document_url(), quirks) {
            let content_type = content_type.clone().unwrap_or_default();
            let message = format!("type: {content_type} is not a style sheet ({url})");
            let id = self.resources.find(&resource.url, Destination::Style, resource.access);
            return id.map_or((), |id| self.fail_resource(id, None, message));
        }
        let text = self.sheet_text(bytes, content_type.as_deref());
        let (sheet, diagnostics) =
            parse_stylesheet(&text, final_url, Origin::Author, quirks == QuirksMode::Quirks);
        let (base, blocking) = (final_url.clone(), resource.blocking);
        let sheet = Arc::new(sheet);
        self.diagnose(diagnostics);
        if let Some(depth) = self.sheets.arrived(url, Arc::clone(&sheet)) {
            self.styling.invalidate();
            self.request_imports(&sheet, &base, depth + 1, blocking);
        }
    }

    /// <https://drafts.csswg.org/css-syntax-3/#input-byte-stream>
    fn sheet_text(&self, bytes: &[u8], content_type: Option<&str>) -> String {
        let transport = content_type.and_then(sheet_type::charset);
        let in_sheet = sheet_type::at_charset(bytes);
        let environment = self.document_encoding();
        let labels = [transport.as_deref(), in_sheet.as_deref(), Some(environment)];
        decode_labelled(bytes, labels.into_iter().flatten())
    }

    /// Remembers where a sheet is from: what it asks for names it.
    pub(super) fn note_sheet(&mut self, id: ResourceId, head: &ResponseHead) {
        let resource = self.resources.entry(id);
        if resource.destination == Destination::Style {
            let referrer_policy = ReferrerPolicy::from_headers(&head.headers);
            let origin = SheetOrigin { fetch: resource.fetch, referrer_policy };
            self.sheet_origins.insert(head.final_url.clone(), origin);
        }
    }

    /// Asks for what a sheet imports while the rest of it is still on its way. Returns whether there may be more.
    pub(super) fn look_for_imports(&mut self, id: ResourceId, head: &ResponseHead, chunks: &[Bytes]) -> bool {
        let resource = self.resources.entry(id);
        let (url, blocking) = (resource.url.clone(), resource.blocking);
        let Some(depth) = self.sheets.depth(&url) else { return true };
        let Some((_, quirks)) = self.sheet_context() else { return false };
        let content_type = head.content_type();
        let is_sheet = sheet_type::is_usable(content_type, &head.final_url, &self.document_url(), quirks);
        if head.status.as_u16() >= 400 || !is_sheet {
            return false;
        }
        let bytes: Vec<u8> = chunks.iter().flatten().take(SCANNED_BYTES).copied().collect();
        let ImportScan { imports, is_over } =
            scan_imports(&self.sheet_text(&bytes, content_type), &head.final_url);
        for import in imports.into_iter().filter(|import| import.supported) {
            // A sheet that imports itself or one above it is told of when it is whole.
            if self.sheets.add_import(&import.url, depth + 1) {
                self.request_import(import.url, &import.media, &head.final_url, blocking);
            }
        }
        !is_over
    }

    /// <https://drafts.csswg.org/css-cascade-5/#fetch-an-import>
    fn request_imports(&mut self, sheet: &Stylesheet, base: &Url, depth: usize, blocking: Blocking) {
        for import in sheet.imports().iter().filter(|import| import.supported) {
            if !self.sheets.add_import(&import.url, depth) {
                let message = format!("imports are too deep here: {} is not loaded", import.url);
                self.diagnose([Diagnostic { url: Some(base.clone()), line: None, message }]);
                continue;
            }
            self.request_import(import.url.clone(), &import.media, base, blocking);
        }
    }

    fn request_import(&mut self, url: Url, media: &MediaQueryList, base: &Url, blocking: Blocking) {
        let place = if blocking == Blocking::Parser { Place::Body } else { Place::Head };
        let blocking = blocking.min(self.sheet_blocking(media, place));
        let by = DiscoveredBy::Import(base.clone());
        self.request_sheet(Discovery::new(url, Destination::Style, by, blocking).at(sheet_timing(blocking)));
    }

    /// What a sheet in the document is read against: base URL and mode.
    fn sheet_context(&self) -> Option<(Url, QuirksMode)> {
        match &self.stage {
            Stage::Parsing(parser) => {
                let document = parser.document();
                Some((document.base_url.clone(), document.quirks_mode))
            }
            Stage::Parsed(document) => Some((document.base_url.clone(), document.quirks_mode)),
            Stage::New | Stage::Requested | Stage::Over => None,
        }
    }

    /// What relative URLs are resolved against.
    pub(super) fn base_url(&self) -> Url {
        self.sheet_context().map_or_else(|| self.document_url(), |(base, _)| base)
    }

    pub(super) fn document_encoding(&self) -> &'static str {
        match &self.stage {
            Stage::Parsing(parser) => parser.document().encoding,
            Stage::Parsed(document) => document.encoding,
            Stage::New | Stage::Requested | Stage::Over => "UTF-8",
        }
    }
}

/// What the element `node` asks for, if it stands in the document (and not in a template), and the text of a sheet.
fn wish(document: &Document, node: NodeId, body: Option<NodeId>, viewport: &Viewport) -> Option<NewElement> {
    let request = element_request(document, node, viewport)?;
    // The walk to the root comes last: most elements ask for nothing.
    let mut place = Place::Head;
    document.ancestors(node).find(|&ancestor| {
        if Some(ancestor) == body {
            place = Place::Body;
        }
        ancestor == document.root()
    })?;
    let is_text = matches!(request, ElementRequest::StyleText { .. });
    let text = if is_text { document.text_content(node) } else { String::new() };
    Some(NewElement { node, request, text, place })
}
