//! Nested documents as the document around them sees them: which elements have one, and how far those are.
//!
//! A nested document has a loader of its own. This one tells what to load ([`Output::Frame`]), and its load event waits
//! until it is told that the frame is loaded ([`super::Input::Frame`]).

use std::sync::Arc;

use bytes::Bytes;
use siskin_net::mime::MimeType;
use siskin_net::{Destination, FetchId, InsecureRequests, ReferrerPolicy};
use url::{Origin, Url};

use super::document_kind::DocumentKind;
use super::loader::Loader;
use super::message::Output;
use super::resource::{ResourceId, ResourceState};
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::dom::NodeId;
use crate::html::discover::{FrameElement, Sandbox};
use crate::limits::{MAX_FRAME_DEPTH, MAX_FRAMES};

/// What a nested document has of the document around it.
#[derive(Debug, Clone)]
pub struct Nested {
    /// The URLs of the documents around it, the top-level document's first.
    pub urls: Arc<[Url]>,
    /// The origin that it does not have by its own URL: inherited, or opaque because it is sandboxed.
    pub origin: Option<Origin>,
    /// The fetch of the document around it.
    pub parent_fetch: FetchId,
    /// How much of the URL of the document around it is told to its server.
    pub referrer_policy: ReferrerPolicy,
    /// What the document around it has said of insecure requests.
    pub insecure: InsecureRequests,
    /// Its encoding where nothing says another: that of the document around it.
    pub encoding: &'static str,
    /// What is there already and is not fetched.
    pub given: Option<Given>,
}

/// A document that is there already.
#[derive(Debug, Clone)]
pub struct Given {
    /// What relative URLs in it are resolved against.
    pub base_url: Url,
    /// Its `Content-Type`.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A nested document that is to be loaded.
#[derive(Debug, Clone)]
pub struct FrameRequest {
    /// The element that holds it.
    pub element: NodeId,
    /// Its URL.
    pub url: Url,
    /// Its size in CSS px as far as the element's attributes tell.
    pub size: (f32, f32),
    /// The origins of the documents around it.
    pub ancestors: Arc<[Origin]>,
    /// What it has of them.
    pub nested: Nested,
}

/// How far a nested document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FrameProgress {
    /// It delays the load event.
    Loading,
    /// Its load event has been fired, or it has failed.
    Loaded,
    /// Nothing of it is under way.
    Idle,
}

/// The nested documents of a document.
#[derive(Debug, Default)]
pub(super) struct Frames {
    open: Vec<(NodeId, FrameProgress)>,
    /// `object` and `embed` elements whose resource is not here yet.
    objects: Vec<(NodeId, Url)>,
}

impl Frames {
    /// Whether all are at least so far.
    pub(super) fn are(&self, progress: FrameProgress) -> bool {
        self.open.iter().all(|(_, known)| *known >= progress)
    }
}

impl Loader {
    /// <https://html.spec.whatwg.org/#process-the-iframe-attributes>. Without scripts `loading=lazy` is not heeded:
    /// <https://html.spec.whatwg.org/#will-lazy-load-element-steps>.
    pub(super) fn on_frame_element(&mut self, element: NodeId, frame: FrameElement) {
        let FrameElement { url, srcdoc, size, sandbox, referrer_policy } = frame;
        let (url, given) = match (srcdoc, url) {
            (Some(html), _) => {
                let content_type = "text/html;charset=utf-8".to_owned();
                let given = Given { base_url: self.base_url(), content_type, bytes: html.into() };
                (about_srcdoc(&self.document_url()), Some(given))
            }
            // An empty document shows nothing.
            (None, None) => return,
            (None, Some(url)) if matches!(url.scheme(), "about" | "javascript") => return,
            (None, Some(url)) => (url, None),
        };
        self.open_frame(element, url, size, given, sandbox, referrer_policy);
    }

    fn open_frame(
        &mut self,
        element: NodeId,
        url: Url,
        size: (f32, f32),
        given: Option<Given>,
        sandbox: Sandbox,
        referrer_policy: ReferrerPolicy,
    ) {
        if self.frames.open.iter().any(|(known, _)| *known == element) {
            return;
        }
        let urls: Vec<Url> = self.ancestor_urls().chain([self.document_url()]).collect();
        // DEVIATION: the standard lets no document contain itself, Chromium lets it once (`HTMLFrameElementBase`).
        let is_same = |known: &Url| {
            let bare = |url: &Url| {
                let mut url = url.clone();
                url.set_fragment(None);
                url
            };
            bare(known) == bare(&url)
        };
        if given.is_none() && urls.iter().filter(|known| is_same(known)).count() > 1 {
            return self.tell(format!("a frame that contains itself is left empty: {url}"));
        }
        if urls.len() > MAX_FRAME_DEPTH || self.frames.open.len() >= MAX_FRAMES {
            return self.tell(format!("too many frames, or too deep: {url} is not loaded"));
        }
        if let Some(message) = self.refusal(&url).filter(|_| given.is_none()) {
            return self.tell(message);
        }
        let origin = match (sandbox, &given) {
            (Sandbox::Opaque, _) => Some(Origin::new_opaque()),
            (Sandbox::None, Some(_)) if url.scheme() == "about" => Some(self.own_origin()),
            (Sandbox::None, _) => None,
        };
        self.frames.open.push((element, FrameProgress::Loading));
        self.outputs.push(Output::Frame(Box::new(FrameRequest {
            element,
            url,
            size,
            ancestors: self.documents(),
            nested: Nested {
                urls: urls.into(),
                origin,
                parent_fetch: self.config.first_fetch,
                referrer_policy: referrer_policy.or(self.referrer_policy),
                insecure: self.insecure,
                encoding: self.document_encoding(),
                given,
            },
        })));
    }

    /// <https://html.spec.whatwg.org/#the-object-element>: what it is for tells the type of what comes.
    pub(super) fn on_object_element(&mut self, element: NodeId, url: Url) {
        let is_known = self.frames.objects.iter().any(|(known, _)| *known == element);
        if is_known || self.frames.objects.len() >= MAX_FRAMES {
            return;
        }
        let by = DiscoveredBy::Element(element);
        self.frames.objects.push((element, url.clone()));
        self.request(Discovery::new(url.clone(), Destination::Object, by, Blocking::Load));
        if let Some(id) = self.resources.get_as(&url, Destination::Object).map(|known| known.url.clone()) {
            self.open_object(&id);
        }
    }

    /// What `object` or `embed` elements asked for is here.
    pub(super) fn on_object(&mut self, id: ResourceId) {
        let url = self.resources.entry(id).url.clone();
        self.open_object(&url);
    }

    fn open_object(&mut self, url: &Url) {
        let Some(resource) = self.resources.get_as(url, Destination::Object) else { return };
        let ResourceState::Ready { bytes, content_type: Some(content_type), final_url, .. } = &resource.state
        else {
            return;
        };
        let kind = MimeType::parse(content_type).as_ref().and_then(DocumentKind::of);
        // Images are shown as images, SVG too.
        let is_svg = content_type.starts_with("image/");
        if is_svg || !matches!(kind, Some(DocumentKind::Html | DocumentKind::Xml | DocumentKind::Text)) {
            return;
        }
        let given =
            Given { base_url: final_url.clone(), content_type: content_type.clone(), bytes: bytes.clone() };
        let final_url = final_url.clone();
        let bare = |url: &Url| {
            let mut url = url.clone();
            url.set_fragment(None);
            url
        };
        let elements: Vec<NodeId> =
            self.frames.objects.iter().filter(|(_, wanted)| bare(wanted) == bare(url)).map(|o| o.0).collect();
        // What contains itself does so by its URL, given or not.
        let around = self.ancestor_urls().chain([self.document_url()]);
        if around.filter(|known| bare(known) == bare(&final_url)).count() > 1 {
            return self.tell(format!("an object that contains itself is left empty: {final_url}"));
        }
        for element in elements {
            self.open_frame(
                element,
                final_url.clone(),
                DEFAULT_SIZE,
                Some(given.clone()),
                Sandbox::None,
                ReferrerPolicy::Unset,
            );
        }
    }

    /// A nested document has come further.
    pub(super) fn on_frame(&mut self, element: NodeId, progress: FrameProgress) {
        for (known, so_far) in &mut self.frames.open {
            if *known == element {
                *so_far = progress.max(*so_far);
            }
        }
        self.generation += 1;
    }

    /// The tree is read once more: its elements are gone, and their frames with them.
    pub(super) fn close_frames(&mut self) {
        if !self.frames.open.is_empty() {
            self.outputs.push(Output::CloseFrames);
        }
        self.frames = Frames::default();
    }

    fn ancestor_urls(&self) -> impl Iterator<Item = Url> {
        self.config.nested.iter().flat_map(|nested| nested.urls.iter().cloned())
    }

    /// The document's origin: its URL's, unless it has another by where it stands.
    pub(super) fn own_origin(&self) -> Origin {
        let nested = self.config.nested.as_ref().and_then(|nested| nested.origin.clone());
        nested.unwrap_or_else(|| self.document_url().origin())
    }
}

/// The size of a frame without attributes: <https://drafts.csswg.org/css2/#inline-replaced-width>.
pub(crate) const DEFAULT_SIZE: (f32, f32) = (300.0, 150.0);

fn about_srcdoc(fallback: &Url) -> Url {
    Url::parse("about:srcdoc").unwrap_or_else(|_| fallback.clone())
}
