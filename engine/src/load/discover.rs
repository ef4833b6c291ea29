//! What the loader does with new elements and new sheets: their wishes become requests.

use std::sync::Arc;

use siskin_net::{Destination, Priority};
use url::Url;

use super::loader::{Loader, Stage};
use super::resource::ResourceState;
use super::sheet_type;
use crate::css::{Device, MediaQueryList, Origin, Stylesheet, parse_stylesheet};
use crate::diagnostic::Diagnostic;
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::dom::{Document, NodeId, QuirksMode};
use crate::html::discover::{ElementRequest, FetchPriority, SheetRequest, element_request};
use crate::html::encoding::decode_labelled;
use crate::units::Viewport;

impl Loader {
    /// Looks at the elements that have come into the tree.
    pub(super) fn take_new_elements(&mut self) {
        let Stage::Parsing(parser) = &mut self.stage else { return };
        let new = parser.take_new_elements();
        let viewport = self.config.viewport;
        let wishes: Vec<(NodeId, ElementRequest, String)> = {
            let document = parser.document();
            new.into_iter().filter_map(|node| wish(&document, node, &viewport)).collect()
        };
        for (node, request, text) in wishes {
            self.on_element(node, request, &text);
        }
    }

    fn on_element(&mut self, node: NodeId, request: ElementRequest, text: &str) {
        let by = DiscoveredBy::Element(node);
        match request {
            ElementRequest::StyleText { media, title } => self.on_style_element(node, text, &media, &title),
            ElementRequest::StyleSheet(request) => self.on_sheet_link(node, request),
            ElementRequest::Image { url, cross_origin, priority, .. } => {
                let discovery = Discovery::new(url, Destination::Image, by, Blocking::Load);
                self.request(discovery.with(cross_origin, priority));
            }
            // <https://html.spec.whatwg.org/#link-type-preload>: delays nothing.
            ElementRequest::Preload { url, destination, cross_origin, .. } => match destination {
                Destination::Style | Destination::Image | Destination::Font => {
                    let discovery = Discovery::new(url, destination, by, Blocking::None);
                    self.request(discovery.with(cross_origin, FetchPriority::Auto));
                }
                // What it would be used by does not run.
                _ => {}
            },
            // DEVIATION: as in a headless Chromium the site's icon is not fetched: nothing shows it.
            ElementRequest::Icon { .. } | ElementRequest::Skipped { .. } => {}
        }
    }

    /// <https://html.spec.whatwg.org/#update-a-style-block>
    fn on_style_element(&mut self, node: NodeId, text: &str, media: &str, title: &str) {
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
        let blocking = self.sheet_blocking(&media);
        self.sheets.add_inline(node, media, Arc::clone(&sheet));
        self.styling.invalidate();
        self.request_imports(&sheet, &base, 1, blocking);
    }

    /// <https://html.spec.whatwg.org/#link-type-stylesheet>
    fn on_sheet_link(&mut self, node: NodeId, request: SheetRequest) {
        let by = DiscoveredBy::Element(node);
        if self.sheets.owns(node) {
            return;
        }
        // Nobody switches sheets here, but a browser loads those that one could switch to: last.
        if request.alternate || !self.sheets.title_applies(&request.title) {
            return self.request(sheet_discovery(request.url, by, Blocking::None));
        }
        let media = MediaQueryList::parse(&request.media);
        let blocking = self.sheet_blocking(&media);
        self.sheets.add_linked(node, media, &request.url);
        self.styling.invalidate();
        let discovery = sheet_discovery(request.url, by, blocking);
        self.request_sheet(discovery.with(request.cross_origin, request.priority));
    }

    fn request_sheet(&mut self, discovery: Discovery) {
        let url = discovery.url.clone();
        self.request(discovery);
        // It may be here already, wanted before for something else (`<link rel=preload>`).
        if self.resources.bytes(&url).is_some() && !self.sheets.has(&url) {
            self.on_sheet(&url);
        }
    }

    /// A sheet whose media does not match blocks nothing: <https://html.spec.whatwg.org/#implicitly-potentially-render-blocking>.
    fn sheet_blocking(&self, media: &MediaQueryList) -> Blocking {
        if media.matches(&Device::screen(self.config.viewport)) { Blocking::Render } else { Blocking::None }
    }

    /// The sheet of `url` is here: it is parsed, and what it imports is fetched.
    pub(super) fn on_sheet(&mut self, url: &Url) {
        // One that was only loaded ahead is parsed when it is wanted.
        let Some(resource) = self.resources.get(url).filter(|_| self.sheets.wants(url)) else { return };
        let ResourceState::Ready { bytes, content_type, final_url, .. } = &resource.state else { return };
        let Some((_, quirks)) = self.sheet_context() else { return };
        if !sheet_type::is_usable(content_type.as_deref(), final_url, &self.document_url(), quirks) {
            let content_type = content_type.clone().unwrap_or_default();
            let message = format!("type: {content_type} is not a style sheet ({url})");
            return self.fail_resource(url, None, message);
        }
        // <https://drafts.csswg.org/css-syntax-3/#input-byte-stream>
        let transport = content_type.as_deref().and_then(sheet_type::charset);
        let in_sheet = sheet_type::at_charset(bytes);
        let environment = self.document_encoding();
        let labels = [transport.as_deref(), in_sheet.as_deref(), Some(environment)];
        let text = decode_labelled(bytes, labels.into_iter().flatten());
        let (sheet, diagnostics) =
            parse_stylesheet(&text, final_url, Origin::Author, quirks == QuirksMode::Quirks);
        let (base, fetch, blocking) = (final_url.clone(), resource.fetch, resource.blocking);
        let sheet = Arc::new(sheet);
        self.diagnose(diagnostics);
        self.sheet_fetches.insert(base.clone(), fetch);
        if let Some(depth) = self.sheets.arrived(url, Arc::clone(&sheet)) {
            self.styling.invalidate();
            self.request_imports(&sheet, &base, depth + 1, blocking);
        }
    }

    /// <https://drafts.csswg.org/css-cascade-5/#fetch-an-import>
    fn request_imports(&mut self, sheet: &Stylesheet, base: &Url, depth: usize, blocking: Blocking) {
        for import in sheet.imports().iter().filter(|import| import.supported) {
            if !self.sheets.add_import(&import.url, depth) {
                let message = format!("imports are too deep here: {} is not loaded", import.url);
                self.diagnose([Diagnostic { url: Some(base.clone()), line: None, message }]);
                continue;
            }
            let by = DiscoveredBy::Import(base.clone());
            let blocking = blocking.min(self.sheet_blocking(&import.media));
            self.request_sheet(sheet_discovery(import.url.clone(), by, blocking));
        }
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

    fn document_encoding(&self) -> &'static str {
        match &self.stage {
            Stage::Parsing(parser) => parser.document().encoding,
            Stage::Parsed(document) => document.encoding,
            Stage::New | Stage::Requested | Stage::Over => "UTF-8",
        }
    }
}

/// What the element `node` asks for, if it stands in the document (and not in a template), and the text of a sheet.
fn wish(document: &Document, node: NodeId, viewport: &Viewport) -> Option<(NodeId, ElementRequest, String)> {
    let request = element_request(document, node, viewport)?;
    // The walk to the root comes last: most elements ask for nothing.
    document.ancestors(node).find(|&ancestor| ancestor == document.root())?;
    let is_text = matches!(request, ElementRequest::StyleText { .. });
    let text = if is_text { document.text_content(node) } else { String::new() };
    Some((node, request, text))
}

fn sheet_discovery(url: Url, by: DiscoveredBy, blocking: Blocking) -> Discovery {
    let mut discovery = Discovery::new(url, Destination::Style, by, blocking);
    if blocking == Blocking::None {
        // Its media does not match: it is loaded when nothing else is left to do.
        discovery.priority = Priority::Lowest;
    }
    discovery
}
