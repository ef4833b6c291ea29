//! A request as the Fetch standard has it: <https://fetch.spec.whatwg.org/#concept-request>.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method};
use url::{Origin, Url};

pub(crate) use crate::destination::Destination;
use crate::id::FetchId;
use crate::priority::{DocumentStage, Priority};
use crate::referrer_policy::ReferrerPolicy;
use crate::request_body::RequestBody;

/// What is to be fetched, for whom and how. Field names and defaults are the standard's.
#[derive(Debug, Clone)]
pub struct Request {
    /// Names this fetch in every event. Chosen by the caller, unique within a client.
    pub id: FetchId,
    /// The URL, fragment included.
    pub url: Url,
    /// The method.
    pub method: Method,
    /// Headers set by the caller; the fetch adds its own beside them.
    pub headers: HeaderMap,
    /// The body, held whole so that it can be sent again after a 307 or 308.
    pub body: Option<RequestBody>,
    /// What the response is for: decides `Accept`, `Sec-Fetch-Dest` and limits.
    pub destination: Destination,
    /// How cross-origin responses are treated.
    pub mode: RequestMode,
    /// Whether cookies and authentication go along.
    pub credentials: Credentials,
    /// How the HTTP cache is used.
    pub cache_mode: CacheMode,
    /// What happens on a redirect status.
    pub redirect_mode: RedirectMode,
    /// The origin of the document for which the request is made, for CORS and `Sec-Fetch-Site`.
    /// `None`: the origin of the initiator's URL, and without that the user's own request.
    pub origin: Option<Origin>,
    /// The origins of the documents in which the request is made: the top-level document's first, that of the
    /// document which asks last. Empty for a top-level navigation (and for a request outside of any page), whose
    /// top-level document is the one that comes.
    ///
    /// All that depends on "whose page is it" follows from this, from `origin`, `mode` and the URL of each hop: the
    /// site for cookies and with it `SameSite`, the partition of cache and cookies, whether a navigation is a
    /// top-level one. For a page *T* with a frame *F*: *T*'s subresources have `[T]`, the navigation that fetches
    /// *F* has `[T]` too (mode [`RequestMode::Navigate`], destination [`Destination::IFrame`], `origin` *T*: who
    /// navigates), *F*'s subresources have `[T, F]`, a frame within *F* is navigated with `[T, F]`. A document that
    /// inherits its origin (`srcdoc`, `about:blank`) is listed with the inherited one, a sandboxed one and a `data:`
    /// document with a new opaque one.
    ///
    /// The standard has it spread over the request's client, its "top-level origin" and "has cross-site ancestor":
    /// <https://html.spec.whatwg.org/multipage/webappapis.html#concept-environment-top-level-origin>.
    pub documents: Arc<[Origin]>,
    /// Who is named in `Referer`.
    pub referrer: Referrer,
    /// How much of it is told: the element's own policy, else the document's or sheet's.
    pub referrer_policy: ReferrerPolicy,
    /// Subresource integrity metadata as the `integrity` attribute has it; empty for none.
    pub integrity: String,
    /// What the page has said of insecure requests.
    pub insecure: InsecureRequests,
    /// How long it may take as a whole, with its redirects; `None`: as the client has it.
    pub time_limit: Option<Duration>,
    /// Order among waiting requests.
    pub priority: Priority,
    /// The fetch of the top-level document for whose page this is: requests of a page share its share of the
    /// network. `None`: it stands alone and is never held back for others.
    pub page: Option<FetchId>,
    /// How far that document was when it asked.
    pub stage: DocumentStage,
    /// What made this request.
    pub initiator: Initiator,
    /// Whether the first paint waits for it (told in events, not acted on here).
    pub render_blocking: bool,
}

impl Request {
    /// A top-level navigation's request for a document. Who follows a link sets `origin` to that of the document in
    /// which the link stands; what the user typed has none. A nested document sets `destination`, `origin` and
    /// [`Request::documents`].
    pub fn navigation(id: FetchId, url: Url) -> Self {
        Self {
            mode: RequestMode::Navigate,
            credentials: Credentials::Include,
            priority: Priority::Highest,
            render_blocking: true,
            ..Self::subresource(id, url, Destination::Document, Initiator::navigation())
        }
    }

    /// A GET for a subresource, with the standard's defaults, of a top-level document at the initiator's URL. (A
    /// style sheet is an initiator too, and any of them may stand in a frame: who knows the documents sets them.)
    pub fn subresource(id: FetchId, url: Url, destination: Destination, initiator: Initiator) -> Self {
        let documents = initiator.url.iter().map(Url::origin).collect();
        Self {
            id,
            url,
            method: Method::GET,
            headers: HeaderMap::new(),
            body: None,
            destination,
            mode: RequestMode::NoCors,
            credentials: Credentials::SameOrigin,
            cache_mode: CacheMode::Default,
            redirect_mode: RedirectMode::Follow,
            origin: None,
            documents,
            referrer: Referrer::NoReferrer,
            referrer_policy: ReferrerPolicy::Unset,
            integrity: String::new(),
            insecure: InsecureRequests::Allow,
            time_limit: None,
            priority: Priority::Low,
            page: None,
            stage: DocumentStage::InBody,
            initiator,
            render_blocking: false,
        }
    }
}

/// <https://fetch.spec.whatwg.org/#concept-request-mode>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestMode {
    /// Same origin only.
    SameOrigin,
    /// Cross-origin with CORS checks.
    Cors,
    /// Cross-origin, opaque.
    NoCors,
    /// A navigation.
    Navigate,
}

/// <https://fetch.spec.whatwg.org/#concept-request-credentials-mode>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the requesting origin only.
    SameOrigin,
    /// Always.
    Include,
}

/// <https://fetch.spec.whatwg.org/#concept-request-cache-mode>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CacheMode {
    /// Fresh from the cache, stale revalidated.
    Default,
    /// Neither read nor written.
    NoStore,
    /// Not read, but written.
    Reload,
    /// Always revalidated.
    NoCache,
    /// From the cache however old.
    ForceCache,
    /// From the cache or not at all.
    OnlyIfCached,
}

/// Whether a page has its insecure requests upgraded: the directive `upgrade-insecure-requests` of its
/// `Content-Security-Policy`. <https://w3c.github.io/webappsec-upgrade-insecure-requests/#insecure-requests-policy>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InsecureRequests {
    /// They go as they are.
    #[default]
    Allow,
    /// `http:` becomes `https:`.
    Upgrade,
}

impl InsecureRequests {
    /// By the policies in a document's headers, or in the `content` of a `meta` (one item).
    pub fn by_policies<'a>(policies: impl IntoIterator<Item = &'a str>) -> Self {
        let asks = |directive: &str| {
            let name = directive.split_ascii_whitespace().next().unwrap_or_default();
            name.eq_ignore_ascii_case("upgrade-insecure-requests")
        };
        let asked = policies.into_iter().any(|policy| policy.split([',', ';']).any(asks));
        if asked { Self::Upgrade } else { Self::Allow }
    }
}

/// <https://fetch.spec.whatwg.org/#concept-request-redirect-mode>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RedirectMode {
    /// Follow, up to the limit.
    Follow,
    /// A redirect is an error.
    Error,
    /// Hand the redirect response out.
    Manual,
}

/// <https://fetch.spec.whatwg.org/#concept-request-referrer>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referrer {
    /// No `Referer` header.
    NoReferrer,
    /// The URL of the document or style sheet that asks; trimmed by the referrer policy.
    Url(Url),
}

/// What made a request: the waterfall's "initiator" column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiator {
    /// The kind of cause.
    pub kind: InitiatorKind,
    /// The document or style sheet in which the cause stands.
    pub url: Option<Url>,
    /// The fetch that brought that document or style sheet.
    pub fetch: Option<FetchId>,
}

impl Initiator {
    /// A user's navigation.
    pub const fn navigation() -> Self {
        Self { kind: InitiatorKind::Navigation, url: None, fetch: None }
    }
}

/// The kinds of causes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InitiatorKind {
    /// The user, or the command line.
    Navigation,
    /// The look-ahead scanner, before the tree builder got there.
    PreloadScanner,
    /// An element in the tree.
    Parser,
    /// An `@import`.
    Import,
    /// A `url()` in the style of a box that is there.
    Style,
    /// A font that text needs.
    FontFace,
    /// The browser itself (favicon).
    Browser,
}

impl InitiatorKind {
    /// A word for tables and HAR's `_initiator.type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Navigation => "navigation",
            Self::PreloadScanner => "preload-scanner",
            Self::Parser => "parser",
            Self::Import => "import",
            Self::Style => "style",
            Self::FontFace => "font-face",
            Self::Browser => "browser",
        }
    }
}
