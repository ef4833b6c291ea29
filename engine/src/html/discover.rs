//! What an element asks to be fetched, as plain values. The loader decides what becomes of it.

use siskin_net::Destination;
use url::Url;

use super::encoding::resolve_with_encoding;
use super::srcset::select_image_source;
use crate::dom::{Document, ElementData, NodeId, local_name, ns};
use crate::units::Viewport;

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
    /// An image that is shown: `img`, `input type=image`, `video poster`, SVG's `image`.
    Image {
        /// Where it is.
        url: Url,
        /// Image pixels per CSS px of the chosen candidate.
        density: f32,
        /// The `crossorigin` attribute.
        cross_origin: CrossOrigin,
        /// The `fetchpriority` attribute.
        priority: FetchPriority,
    },
    /// `link rel=icon`: the site's sign, which no page shows.
    Icon {
        /// Where it is.
        url: Url,
    },
    /// `link rel=preload`: wanted soon, for what the `as` attribute names.
    Preload {
        /// Where it is.
        url: Url,
        /// What it will be used as.
        destination: Destination,
        /// The `media` attribute, empty when there is none.
        media: String,
        /// The `crossorigin` attribute.
        cross_origin: CrossOrigin,
    },
    /// Something that this engine does not load.
    Skipped {
        /// What it would be used as.
        destination: Destination,
        /// Where it is; nothing for a script in the page itself.
        url: Option<Url>,
    },
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
    /// The `crossorigin` attribute.
    pub cross_origin: CrossOrigin,
    /// The `fetchpriority` attribute.
    pub priority: FetchPriority,
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

/// <https://html.spec.whatwg.org/#fetch-priority-attribute>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FetchPriority {
    /// As the destination has it.
    #[default]
    Auto,
    /// Above others of its kind.
    High,
    /// Below others of its kind.
    Low,
}

/// What the element `node` asks for in this viewport, if anything.
pub fn element_request(document: &Document, node: NodeId, viewport: &Viewport) -> Option<ElementRequest> {
    let element = document.element(node)?;
    match element.name.ns {
        ns!(html) => html_request(document, node, element, viewport),
        ns!(svg) => svg_request(document, element),
        _ => None,
    }
}

/// `text` as a URL in this document: <https://html.spec.whatwg.org/#encoding-parsing-a-url>. Nothing when it is none.
pub fn resolve_url(document: &Document, text: &str) -> Option<Url> {
    resolve_with_encoding(&document.base_url, text, document.encoding)
}

fn html_request(
    document: &Document,
    node: NodeId,
    element: &ElementData,
    viewport: &Viewport,
) -> Option<ElementRequest> {
    let url_in = |name| url_in(document, element, name);
    match element.name.local {
        local_name!("link") => link_request(document, element, viewport),
        local_name!("style") => style_text(element),
        local_name!("img") => {
            let source = select_image_source(document, node, viewport)?;
            let url = resolve_url(document, &source.url)?;
            Some(image(element, url, source.density))
        }
        local_name!("input") if has_keyword(element, "type", "image") => {
            Some(image(element, url_in("src")?, 1.0))
        }
        local_name!("video") => match url_in("poster") {
            Some(poster) => Some(image(element, poster, 1.0)),
            None => Some(skipped(Destination::Media, url_in("src")?)),
        },
        local_name!("audio") => Some(skipped(Destination::Media, url_in("src")?)),
        local_name!("iframe") => Some(skipped(Destination::IFrame, url_in("src")?)),
        local_name!("frame") => Some(skipped(Destination::IFrame, url_in("src")?)),
        local_name!("object") => Some(skipped(Destination::Object, url_in("data")?)),
        local_name!("embed") => Some(skipped(Destination::Object, url_in("src")?)),
        local_name!("script") => script_request(document, element),
        _ => None,
    }
}

fn svg_request(document: &Document, element: &ElementData) -> Option<ElementRequest> {
    match element.name.local {
        local_name!("style") => style_text(element),
        local_name!("image") => {
            // `href` in no namespace wins over XLink's: <https://svgwg.org/svg2-draft/linking.html#XLinkRefAttrs>.
            let old =
                element.attributes().iter().find(|a| a.name.ns == ns!(xlink) && &*a.name.local == "href");
            let href = element.attribute(&local_name!("href")).or_else(|| old.map(|a| a.value.as_str()))?;
            Some(image(element, resolve_url(document, href)?, 1.0))
        }
        local_name!("script") => {
            Some(ElementRequest::Skipped { destination: Destination::Script, url: None })
        }
        _ => None,
    }
}

/// <https://html.spec.whatwg.org/#processing-the-type-attribute> and the link types that fetch.
fn link_request(document: &Document, element: &ElementData, viewport: &Viewport) -> Option<ElementRequest> {
    let rel = attribute(element, "rel");
    let is = |kind: &str| rel.split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case(kind));
    let media = attribute(element, "media").to_owned();
    let url = || url_in(document, element, "href");
    if is("stylesheet") {
        let mime = attribute(element, "type").split(';').next().unwrap_or_default().trim();
        if !(mime.is_empty() || mime.eq_ignore_ascii_case("text/css")) || has(element, "disabled") {
            return None;
        }
        let title = attribute(element, "title").to_owned();
        return Some(ElementRequest::StyleSheet(SheetRequest {
            url: url()?,
            media,
            alternate: is("alternate") && !title.is_empty(),
            title,
            cross_origin: cross_origin(element),
            priority: priority(element),
        }));
    }
    if is("icon") {
        return Some(ElementRequest::Icon { url: url()? });
    }
    if is("preload") {
        let destination = match attribute(element, "as").to_ascii_lowercase().as_str() {
            "style" => Destination::Style,
            "script" => Destination::Script,
            "image" => Destination::Image,
            "font" => Destination::Font,
            "track" => Destination::Media,
            "fetch" => Destination::Empty,
            _ => return None,
        };
        if !super::srcset::media_matches(&media, viewport) {
            return None;
        }
        let cross_origin = cross_origin(element);
        return Some(ElementRequest::Preload { url: url()?, destination, media, cross_origin });
    }
    None
}

fn style_text(element: &ElementData) -> Option<ElementRequest> {
    // <https://html.spec.whatwg.org/#update-a-style-block>, step 4: nothing and "text/css" alone are CSS.
    let mime = attribute(element, "type");
    (mime.is_empty() || mime.eq_ignore_ascii_case("text/css")).then(|| ElementRequest::StyleText {
        media: attribute(element, "media").to_owned(),
        title: attribute(element, "title").to_owned(),
    })
}

/// <https://html.spec.whatwg.org/#prepare-the-script-element>: data blocks ask for nothing.
fn script_request(document: &Document, element: &ElementData) -> Option<ElementRequest> {
    let kind = attribute(element, "type").trim().to_ascii_lowercase();
    let is_script = matches!(kind.as_str(), "" | "module") || is_javascript_type(&kind);
    let url = url_in(document, element, "src");
    is_script.then_some(ElementRequest::Skipped { destination: Destination::Script, url })
}

/// <https://mimesniff.spec.whatwg.org/#javascript-mime-type>
fn is_javascript_type(mime: &str) -> bool {
    let subtype = mime.strip_prefix("text/").or_else(|| mime.strip_prefix("application/"));
    match subtype {
        Some("javascript" | "ecmascript" | "x-javascript" | "x-ecmascript") => true,
        Some("jscript" | "livescript") => mime.starts_with("text/"),
        Some(subtype) if mime.starts_with("text/") => subtype
            .strip_prefix("javascript1.")
            .is_some_and(|version| matches!(version, "0" | "1" | "2" | "3" | "4" | "5")),
        _ => false,
    }
}

fn image(element: &ElementData, url: Url, density: f32) -> ElementRequest {
    ElementRequest::Image { url, density, cross_origin: cross_origin(element), priority: priority(element) }
}

const fn skipped(destination: Destination, url: Url) -> ElementRequest {
    ElementRequest::Skipped { destination, url: Some(url) }
}

fn cross_origin(element: &ElementData) -> CrossOrigin {
    if !has(element, "crossorigin") {
        CrossOrigin::None
    } else if has_keyword(element, "crossorigin", "use-credentials") {
        CrossOrigin::UseCredentials
    } else {
        CrossOrigin::Anonymous
    }
}

fn priority(element: &ElementData) -> FetchPriority {
    if has_keyword(element, "fetchpriority", "high") {
        FetchPriority::High
    } else if has_keyword(element, "fetchpriority", "low") {
        FetchPriority::Low
    } else {
        FetchPriority::Auto
    }
}

fn has(element: &ElementData, name: &str) -> bool {
    element.attributes().iter().any(|a| a.name.ns == ns!() && *a.name.local == *name)
}

fn has_keyword(element: &ElementData, name: &str, keyword: &str) -> bool {
    attribute(element, name).eq_ignore_ascii_case(keyword)
}

fn attribute<'a>(element: &'a ElementData, name: &str) -> &'a str {
    element
        .attributes()
        .iter()
        .find(|a| a.name.ns == ns!() && *a.name.local == *name)
        .map_or("", |a| a.value.as_str())
}

/// The URL in an attribute; nothing when that is missing, empty or no URL.
fn url_in(document: &Document, element: &ElementData, name: &str) -> Option<Url> {
    let text = attribute(element, name).trim();
    if text.is_empty() { None } else { resolve_url(document, text) }
}

#[cfg(test)]
mod tests {
    use siskin_net::Destination;
    use url::Url;

    use super::{CrossOrigin, ElementRequest, FetchPriority, SheetRequest, element_request};
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
            cross_origin: CrossOrigin::None,
            priority: FetchPriority::Auto,
        }
    }

    #[test]
    fn links_ask_for_what_their_rel_names() {
        let sheet = |path, media: &str, title: &str, alternate| {
            ElementRequest::StyleSheet(SheetRequest {
                url: at(path),
                media: media.into(),
                title: title.into(),
                alternate,
                cross_origin: CrossOrigin::None,
                priority: FetchPriority::Auto,
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
            ("<link rel='shortcut icon' href=i.png>", vec![ElementRequest::Icon { url: at("/a/i.png") }]),
            ("<link rel=next href=x>", vec![]),
            (
                "<base href=/c/><link rel=icon href=i><base href=/d/>",
                vec![ElementRequest::Icon { url: at("/c/i") }],
            ),
            (
                "<link rel=preload as=font href=f crossorigin>",
                vec![ElementRequest::Preload {
                    url: at("/a/f"),
                    destination: Destination::Font,
                    media: String::new(),
                    cross_origin: CrossOrigin::Anonymous,
                }],
            ),
        ];
        for (page, expected) in cases {
            assert_eq!(requests(page), expected, "{page}");
        }
    }

    #[test]
    fn images_scripts_and_frames_are_found() {
        let skipped =
            |destination, path: Option<&str>| ElementRequest::Skipped { destination, url: path.map(at) };
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
                vec![skipped(Destination::Script, Some("/a/s"))],
            ),
            ("<script>x</script>", vec![skipped(Destination::Script, None)]),
            ("<iframe src=f></iframe>", vec![skipped(Destination::IFrame, Some("/a/f"))]),
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
