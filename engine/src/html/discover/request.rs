//! What an element asks for, as plain values.

use siskin_net::{Destination, FetchPriority, ReferrerPolicy};
use url::Url;

/// What an element asks for. URLs are absolute, resolved against the document's base URL.
#[derive(Debug, Clone, PartialEq)]
pub enum ElementRequest {
    /// `link rel=stylesheet`.
    StyleSheet(SheetRequest),
    /// A `style` element: its text is a style sheet.
    StyleText {
        /// The `media` attribute, empty when there is none.
        media: String,
        /// The `title` attribute, empty when there is none.
        title: String,
    },
    /// An image that is shown: `img`, `input type=image`, `video poster`, SVG's `image` and `feImage`.
    Image {
        /// Where it is.
        url: Url,
        /// Image pixels per CSS px of the chosen candidate.
        density: f32,
        /// When it is fetched.
        loading: Loading,
        /// `width` times `height` as the element's attributes say, in CSS px².
        area: Option<f32>,
        /// What its attributes say about the request.
        options: FetchOptions,
    },
    /// SVG's `use` of another file.
    SvgFile {
        /// The file, with the fragment that is used.
        url: Url,
    },
    /// `link rel=icon`: the site's sign, which no page shows.
    Icon {
        /// Where it is.
        url: Url,
        /// The `sizes` attribute, empty when there is none.
        sizes: String,
    },
    /// `link rel=preload` whose conditions hold: wanted soon, for what the `as` attribute names.
    Preload {
        /// Where it is.
        url: Url,
        /// What it will be used as.
        destination: Destination,
        /// What its attributes say about the request.
        options: FetchOptions,
    },
    /// `link rel=prefetch`: the next page may need it.
    Prefetch {
        /// Where it is.
        url: Url,
        /// What its attributes say about the request.
        options: FetchOptions,
    },
    /// `link rel=preconnect` and `rel=dns-prefetch`.
    Connect(ConnectHint),
    /// A script, in the page or in a file, or a `link rel=modulepreload`.
    Script(ScriptRequest),
    /// A `meta` element that says something about the load.
    Meta(MetaRequest),
    /// `iframe` or `frame`: a nested document.
    Frame(Box<FrameElement>),
    /// `object` or `embed`: an image or a nested document, as it turns out.
    Object {
        /// Where it is.
        url: Url,
    },
    /// Something that this engine does not load.
    Skipped {
        /// What it would be used as.
        destination: Destination,
        /// Where it is.
        url: Url,
    },
}

/// An `iframe` or `frame`: <https://html.spec.whatwg.org/#the-iframe-element>.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameElement {
    /// `src`; nothing when it is missing or no URL.
    pub url: Option<Url>,
    /// `srcdoc`, which goes before `src`.
    pub srcdoc: Option<String>,
    /// `width` and `height` in CSS px, 300 and 150 where they are missing or percentages.
    pub size: (f32, f32),
    /// Whether its document is a stranger to its own origin.
    pub sandbox: Sandbox,
    /// `referrerpolicy`
    pub referrer_policy: ReferrerPolicy,
}

/// What `sandbox` leaves to a nested document: without scripts that is its origin alone.
/// <https://html.spec.whatwg.org/#attr-iframe-sandbox>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sandbox {
    /// Its own origin.
    #[default]
    None,
    /// One that nothing else has.
    Opaque,
}

/// A linked style sheet: <https://html.spec.whatwg.org/#link-type-stylesheet>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRequest {
    /// Where it is.
    pub url: Url,
    /// The `media` attribute, empty when there is none.
    pub media: String,
    /// The `title` attribute, empty when there is none.
    pub title: String,
    /// Whether it is one that a user may switch to (`rel="alternate stylesheet"` with a title): loaded, not applied.
    pub alternate: bool,
    /// What its attributes say about the request.
    pub options: FetchOptions,
}

/// What the attributes of an element say about its request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FetchOptions {
    /// The `crossorigin` attribute.
    pub cross_origin: CrossOrigin,
    /// The `fetchpriority` attribute.
    pub priority: FetchPriority,
    /// The `referrerpolicy` attribute; unset: the document's.
    pub referrer_policy: ReferrerPolicy,
    /// The `integrity` attribute.
    pub integrity: String,
    /// Whether `blocking=render` is asked for: <https://html.spec.whatwg.org/#blocking-attributes>.
    pub blocking: BlockingAttribute,
}

/// <https://html.spec.whatwg.org/#blocking-attributes>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BlockingAttribute {
    /// Nothing is said.
    #[default]
    None,
    /// The first paint shall wait for it.
    Render,
}

/// <https://html.spec.whatwg.org/#lazy-loading-attributes>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Loading {
    /// At once.
    #[default]
    Eager,
    /// When it comes near to what is seen.
    Lazy,
}

/// <https://html.spec.whatwg.org/#cors-settings-attribute>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CrossOrigin {
    /// No attribute.
    #[default]
    None,
    /// CORS, credentials to the own origin.
    Anonymous,
    /// CORS with credentials.
    UseCredentials,
}

/// A connection that the page will need: <https://html.spec.whatwg.org/#link-type-preconnect>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectHint {
    /// A whole connection.
    Preconnect {
        /// To this URL's origin.
        url: Url,
        /// Connections with and without credentials are kept apart.
        cross_origin: CrossOrigin,
    },
    /// The addresses of its host alone.
    DnsPrefetch {
        /// The URL.
        url: Url,
    },
}

/// A script: <https://html.spec.whatwg.org/#prepare-the-script-element>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptRequest {
    /// Where it is; nothing for a script in the page itself.
    pub url: Option<Url>,
    /// When it would run.
    pub timing: ScriptTiming,
    /// What its attributes say about the request.
    pub options: FetchOptions,
}

/// When a script would run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScriptTiming {
    /// A classic one, at once: the parser waits.
    Blocking,
    /// `defer`: after the document.
    Deferred,
    /// `async`: when it is there.
    Async,
    /// `type=module`: after the document; its imports are fetched with it.
    Module,
    /// `rel=modulepreload`: not at all, before an element wants it.
    ModulePreload,
}

/// What a `meta` element says about the load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetaRequest {
    /// `http-equiv=refresh`: <https://html.spec.whatwg.org/#attr-meta-http-equiv-refresh>.
    Refresh {
        /// After how many seconds.
        seconds: u32,
        /// Where to.
        url: Url,
    },
    /// `name=referrer`: <https://html.spec.whatwg.org/#meta-referrer>.
    Referrer(ReferrerPolicy),
    /// `http-equiv=content-security-policy`.
    ContentSecurityPolicy(String),
    /// `name=viewport`.
    Viewport(String),
}
