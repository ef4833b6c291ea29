//! What an element asks to be fetched, as plain values. The loader decides what becomes of it.
//!
//! - [`request`]: the values
//! - `element`: reading attributes
//! - `script`, `link`, `meta`, `frame`: one element each, the others below
//!
//! The tree asks here through [`element_request`], the look-ahead scanner, which has tags and no tree, through
//! [`tag_request`]: both see the same.

pub mod request;
mod element;
mod script;
mod link;
mod frame;
mod meta;

use siskin_net::Destination;
use url::Url;

use super::encoding::resolve_with_encoding;
use super::srcset::{select_image_source, select_source};
use crate::dom::{Document, ElementData, NodeId, local_name, ns};
use crate::units::Viewport;
use element::{attribute, fetch_options, has_keyword, loading, svg_href, url_in};

pub(crate) use meta::parse_refresh;
pub use request::{
    BlockingAttribute, ConnectHint, CrossOrigin, ElementRequest, FetchOptions, FrameElement, Loading,
    MetaRequest, Sandbox, ScriptRequest, ScriptTiming, SheetRequest,
};

/// Where an element stands: what its URLs are resolved against and its conditions answered with.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The document's URL.
    pub url: &'a Url,
    /// Its base URL.
    pub base_url: &'a Url,
    /// The name of its encoding, in which the queries of its URLs are written.
    pub encoding: &'a str,
    /// What media queries and `sizes` are answered with.
    pub viewport: Viewport,
}

impl<'a> Site<'a> {
    /// Elements of this document, in that viewport.
    pub fn of(document: &'a Document, viewport: &Viewport) -> Self {
        Self {
            url: &document.url,
            base_url: &document.base_url,
            encoding: document.encoding,
            viewport: *viewport,
        }
    }

    /// `text` as a URL here: <https://html.spec.whatwg.org/#encoding-parsing-a-url>. Nothing when it is none.
    pub fn resolve(&self, text: &str) -> Option<Url> {
        resolve_with_encoding(self.base_url, text, self.encoding)
    }
}

/// What the element `node` asks for in this viewport, if anything.
pub fn element_request(document: &Document, node: NodeId, viewport: &Viewport) -> Option<ElementRequest> {
    let element = document.element(node)?;
    let site = Site::of(document, viewport);
    if element.is_html(&local_name!("img")) {
        let source = select_image_source(document, node, viewport)?;
        return Some(shown(site.resolve(&source.url)?, source.density, element));
    }
    tag_request(&site, element, &[])
}

/// What an element asks for that is not in a tree yet. `sources` are the `source` elements before it in its `picture`.
pub fn tag_request(
    site: &Site<'_>,
    element: &ElementData,
    sources: &[ElementData],
) -> Option<ElementRequest> {
    match element.name.ns {
        ns!(html) => html_request(site, element, sources),
        ns!(svg) => svg_request(site, element),
        _ => None,
    }
}

/// `text` as a URL in this document: <https://html.spec.whatwg.org/#encoding-parsing-a-url>. Nothing when it is none.
pub fn resolve_url(document: &Document, text: &str) -> Option<Url> {
    Site::of(document, &Viewport::default()).resolve(text)
}

fn html_request(site: &Site<'_>, element: &ElementData, sources: &[ElementData]) -> Option<ElementRequest> {
    let url_in = |name| url_in(site, element, name);
    match element.name.local {
        local_name!("link") => link::link_request(site, element),
        local_name!("style") => style_text(element),
        local_name!("script") => script::script_request(site, element),
        local_name!("meta") => meta::meta_request(site, element),
        local_name!("img") => {
            let source = select_source(element, sources.iter(), &site.viewport)?;
            Some(shown(site.resolve(&source.url)?, source.density, element))
        }
        local_name!("input") if has_keyword(element, "type", "image") => {
            Some(shown(url_in("src")?, 1.0, element))
        }
        local_name!("video") => match url_in("poster") {
            Some(poster) => Some(shown(poster, 1.0, element)),
            None => Some(skipped(Destination::Media, url_in("src")?)),
        },
        local_name!("audio") => Some(skipped(Destination::Media, url_in("src")?)),
        local_name!("iframe") | local_name!("frame") => frame::frame_request(site, element),
        local_name!("object") => frame::object_request(element, url_in("data")?),
        local_name!("embed") => frame::object_request(element, url_in("src")?),
        _ => None,
    }
}

fn svg_request(site: &Site<'_>, element: &ElementData) -> Option<ElementRequest> {
    match &*element.name.local {
        "style" => style_text(element),
        "image" | "feImage" => {
            let url = svg_href(site, element)?;
            // `feImage` may name an element of the page.
            (!is_in_page(site, &url)).then(|| shown(url, 1.0, element))
        }
        "use" => {
            let url = svg_href(site, element)?;
            (!is_in_page(site, &url)).then_some(ElementRequest::SvgFile { url })
        }
        "script" => script::script_request(site, element),
        _ => None,
    }
}

/// Whether a URL names a place in the document itself: <https://svgwg.org/svg2-draft/linking.html#processingURL>.
fn is_in_page(site: &Site<'_>, url: &Url) -> bool {
    let bare = |url: &Url| {
        let mut url = url.clone();
        url.set_fragment(None);
        url
    };
    url.fragment().is_some() && (bare(url) == bare(site.url) || bare(url) == bare(site.base_url))
}

fn style_text(element: &ElementData) -> Option<ElementRequest> {
    // <https://html.spec.whatwg.org/#update-a-style-block>, step 4: nothing and "text/css" alone are CSS.
    let mime = attribute(element, "type");
    (mime.is_empty() || mime.eq_ignore_ascii_case("text/css")).then(|| ElementRequest::StyleText {
        media: attribute(element, "media").to_owned(),
        title: attribute(element, "title").to_owned(),
    })
}

fn shown(url: Url, density: f32, element: &ElementData) -> ElementRequest {
    let loading = if element.is_html(&local_name!("img")) { loading(element) } else { Loading::Eager };
    ElementRequest::Image { url, density, loading, area: area(element), options: fetch_options(element) }
}

/// What the attributes `width` and `height` make together: <https://html.spec.whatwg.org/#attr-dim-width>.
fn area(element: &ElementData) -> Option<f32> {
    let side = |name| {
        let text = attribute(element, name).trim_start();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        text[..end].parse::<f32>().ok().filter(|_| !text[end..].starts_with('%'))
    };
    Some(side("width")? * side("height")?)
}

const fn skipped(destination: Destination, url: Url) -> ElementRequest {
    ElementRequest::Skipped { destination, url }
}

#[cfg(test)]
mod tests {
    use siskin_net::{Destination, FetchPriority, ReferrerPolicy};
    use url::Url;

    use super::{
        BlockingAttribute, ConnectHint, CrossOrigin, ElementRequest, FetchOptions, Loading, MetaRequest,
        ScriptRequest, ScriptTiming, SheetRequest, element_request,
    };
    use crate::html::{ParserOptions, parse_document};
    use crate::units::Viewport;

    fn requests(page: &str) -> Vec<ElementRequest> {
        let url = Url::parse("http://example.org/a/b.html").unwrap();
        let (document, _) = parse_document(url, page.as_bytes(), &ParserOptions::default());
        let viewport = Viewport::default();
        document.elements().filter_map(|n| element_request(&document, n, &viewport)).collect()
    }

    fn at(path: &str) -> Url {
        Url::parse("http://example.org/").unwrap().join(path).unwrap()
    }

    fn picture(path: &str, density: f32) -> ElementRequest {
        ElementRequest::Image {
            url: at(path),
            density,
            loading: Loading::Eager,
            area: None,
            options: FetchOptions::default(),
        }
    }

    fn icon(path: &str) -> ElementRequest {
        ElementRequest::Icon { url: at(path), sizes: String::new() }
    }

    fn script(path: Option<&str>, timing: ScriptTiming) -> ElementRequest {
        ElementRequest::Script(ScriptRequest { url: path.map(at), timing, options: FetchOptions::default() })
    }

    #[test]
    fn links_ask_for_what_their_rel_names() {
        let sheet = |path, media: &str, title: &str, alternate| {
            ElementRequest::StyleSheet(SheetRequest {
                url: at(path),
                media: media.into(),
                title: title.into(),
                alternate,
                options: FetchOptions::default(),
            })
        };
        let cases = [
            ("<link rel=stylesheet href=x.css media=print>", vec![sheet("/a/x.css", "print", "", false)]),
            ("<link rel='Alternate StyleSheet' href=/x title=T>", vec![sheet("/x", "", "T", true)]),
            ("<link rel=stylesheet type=text/less href=x>", vec![]),
            (
                "<link rel=stylesheet type='text/css;charset=utf-8' href=x>",
                vec![sheet("/a/x", "", "", false)],
            ),
            ("<link rel=stylesheet href=x disabled>", vec![]),
            ("<link rel=stylesheet href=''>", vec![]),
            ("<link rel='shortcut icon' href=i.png>", vec![icon("/a/i.png")]),
            ("<link rel=next href=x>", vec![]),
            ("<base href=/c/><link rel=icon href=i><base href=/d/>", vec![icon("/c/i")]),
            (
                "<link rel=preload as=font href=f crossorigin>",
                vec![ElementRequest::Preload {
                    url: at("/a/f"),
                    destination: Destination::Font,
                    options: FetchOptions { cross_origin: CrossOrigin::Anonymous, ..FetchOptions::default() },
                }],
            ),
            ("<link rel=preload as=style href=x media=print>", vec![]),
            ("<link rel=preload as=image type=image/jxl href=x>", vec![]),
            ("<link rel=preload as=font type=font/collection-of-mine href=x>", vec![]),
            (
                "<link rel=preconnect href=//b.test crossorigin>",
                vec![ElementRequest::Connect(ConnectHint::Preconnect {
                    url: at("//b.test"),
                    cross_origin: CrossOrigin::Anonymous,
                })],
            ),
            (
                "<link rel=dns-prefetch href=//b.test>",
                vec![ElementRequest::Connect(ConnectHint::DnsPrefetch { url: at("//b.test") })],
            ),
            (
                "<link rel=prefetch href=x>",
                vec![ElementRequest::Prefetch { url: at("/a/x"), options: FetchOptions::default() }],
            ),
            (
                "<link rel=modulepreload href=m.js>",
                vec![script(Some("/a/m.js"), ScriptTiming::ModulePreload)],
            ),
        ];
        for (page, expected) in cases {
            assert_eq!(requests(page), expected, "{page}");
        }
    }

    #[test]
    fn images_scripts_and_frames_are_found() {
        let skipped = |destination, path: &str| ElementRequest::Skipped { destination, url: at(path) };
        let cases = [
            ("<img src=' x.png '>", vec![picture("/a/x.png", 1.0)]),
            ("<img>", vec![]),
            ("<img src=a srcset='b 2x'>", vec![picture("/a/a", 1.0)]),
            ("<img srcset='b 1280w, c 2560w' src=a>", vec![picture("/a/b", 1.0)]),
            (
                "<picture><source srcset=w type=image/avif><source srcset=n media='(max-width:9px)'><source srcset=p><img src=a></picture>",
                vec![picture("/a/p", 1.0)],
            ),
            ("<input type=IMAGE src=b><input src=c>", vec![picture("/a/b", 1.0)]),
            (
                "<svg><image xlink:href=o /><image href=n xlink:href=o /></svg>",
                vec![picture("/a/o", 1.0), picture("/a/n", 1.0)],
            ),
            (
                "<script src=s></script><script type=application/json>{}</script>",
                vec![script(Some("/a/s"), ScriptTiming::Blocking)],
            ),
            ("<script defer>x</script>", vec![script(None, ScriptTiming::Blocking)]),
            ("<script defer src=s></script>", vec![script(Some("/a/s"), ScriptTiming::Deferred)]),
            ("<script defer async src=s></script>", vec![script(Some("/a/s"), ScriptTiming::Async)]),
            ("<script nomodule src=s></script><script src=''></script>", vec![]),
            (
                "<script language=JavaScript1.2 src=s></script>",
                vec![script(Some("/a/s"), ScriptTiming::Blocking)],
            ),
            ("<script language=vbscript src=s></script>", vec![]),
            (
                "<svg><use href=#x /><use href=s.svg#x /></svg>",
                vec![ElementRequest::SvgFile { url: at("/a/s.svg#x") }],
            ),
            ("<svg><filter><feImage href=f /><feImage href=#g /></filter></svg>", vec![picture("/a/f", 1.0)]),
            (
                "<object data=o></object><audio src=s></audio>",
                vec![ElementRequest::Object { url: at("/a/o") }, skipped(Destination::Media, "/a/s")],
            ),
            (
                "<meta http-equiv=Refresh content='2; url=/n'><meta name=Referrer content=never>",
                vec![
                    ElementRequest::Meta(MetaRequest::Refresh { seconds: 2, url: at("/n") }),
                    ElementRequest::Meta(MetaRequest::Referrer(ReferrerPolicy::NoReferrer)),
                ],
            ),
            ("<template><img src=x></template>", vec![]),
            (
                "<style media=screen>a{}</style>",
                vec![ElementRequest::StyleText { media: "screen".into(), title: String::new() }],
            ),
        ];
        for (page, expected) in cases {
            assert_eq!(requests(page), expected, "{page}");
        }
    }

    #[test]
    fn attributes_say_how_it_is_fetched() {
        let page = "<img src=x loading=LAZY fetchpriority=high crossorigin=use-credentials \
                    referrerpolicy=origin integrity='sha256-x' blocking='render x'>";
        let [ElementRequest::Image { loading, options, .. }] = &requests(page)[..] else {
            panic!("one image")
        };
        assert_eq!(*loading, Loading::Lazy);
        let expected = FetchOptions {
            cross_origin: CrossOrigin::UseCredentials,
            priority: FetchPriority::High,
            referrer_policy: ReferrerPolicy::Origin,
            integrity: "sha256-x".to_owned(),
            blocking: BlockingAttribute::Render,
        };
        assert_eq!(*options, expected);
    }

    #[test]
    fn queries_are_written_in_the_page_s_encoding() {
        let page = "<meta charset=windows-1252><img src='x?q=é'><img src='é?q=a'>";
        let url = Url::parse("http://example.org/").unwrap();
        let bytes: Vec<u8> = page.chars().map(|c| c as u8).collect();
        let (document, _) = parse_document(url, &bytes, &ParserOptions::default());
        let urls: Vec<_> = document
            .elements()
            .filter_map(|n| element_request(&document, n, &Viewport::default()))
            .map(|r| match r {
                ElementRequest::Image { url, .. } => url.to_string(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(urls, ["http://example.org/x?q=%E9", "http://example.org/%C3%A9?q=a"]);
    }
}
