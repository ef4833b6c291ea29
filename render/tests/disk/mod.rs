//! Loads a page from a folder, without a network: the document, its sheets, fonts and images.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use siskin_engine::css::font_face::{FontFace, FontFaceSource};
use siskin_engine::css::media::{Device, MediaQueryList};
use siskin_engine::css::{Origin, Stylesheet, parse_stylesheet};
use siskin_engine::discovery::Blocking;
use siskin_engine::dom::{Document, QuirksMode};
use siskin_engine::html::{ElementRequest, ParserOptions, element_request, parse_document};
use siskin_engine::load::{Resource, ResourceState, ResourceTable};
use siskin_engine::style::{SheetRef, resolve, used_document_urls};
use siskin_engine::{Snapshot, Viewport};
use siskin_net::{Destination, FetchId};
use siskin_render::font::FontContext;
use siskin_render::fragments::FragmentTree;
use siskin_render::image::ImageCache;
use siskin_render::layout::layout;
use url::Url;

const VIEWPORT: Viewport = Viewport { width: 1280.0, height: 800.0, scale: 1.0 };
const MAX_IMPORTS: usize = 8;

/// A page that is laid out.
pub(crate) struct Page {
    pub(crate) document: Arc<Document>,
    pub(crate) fragments: FragmentTree,
}

/// Loads and lays out `start` (a path below `folder`).
pub(crate) fn lay_out(folder: &Path, start: &str, fonts: &FontContext) -> Page {
    let snapshot = snapshot(folder, start, fonts);
    let fonts = fonts.with_web_fonts(&snapshot.font_faces, &snapshot.resources);
    let images = ImageCache::new(&snapshot.resources);
    let size = |url: &Url| images.natural_size(url);
    let fragments = layout(&snapshot, &fonts, &size);
    Page { document: snapshot.document, fragments }
}

/// The page with its styles.
pub(crate) fn snapshot(folder: &Path, start: &str, fonts: &FontContext) -> Snapshot {
    let url = Url::parse("http://page.test/").unwrap().join(start).unwrap();
    let bytes = std::fs::read(path(folder, &url)).unwrap();
    let (document, _) = parse_document(url, &bytes, &ParserOptions::default());
    let device = Device::screen(VIEWPORT);
    let quirks = document.quirks_mode == QuirksMode::Quirks;
    let mut sheets = Vec::new();
    for element in document.elements() {
        match element_request(&document, element, &VIEWPORT) {
            Some(ElementRequest::StyleSheet(request)) if !request.alternate => {
                let Some(mut sheet) = fetch_sheet(folder, &request.url, quirks, 0) else { continue };
                sheet.media = MediaQueryList::parse(&request.media);
                sheets.push(sheet);
            }
            Some(ElementRequest::StyleText { media, .. }) => {
                let text = document.text_content(element);
                let (sheet, _) = parse_stylesheet(&text, &document.base_url, Origin::Author, quirks);
                let mut sheet = with_imports(folder, sheet, quirks, 0);
                sheet.media = MediaQueryList::parse(&media);
                sheets.push(sheet);
            }
            _ => {}
        }
    }
    let mut faces = Vec::new();
    sheets.iter().for_each(|sheet| collect_faces(sheet, &device, &mut faces));
    let mut resources = ResourceTable::default();
    for source in faces.iter().flat_map(|face: &FontFace| &face.sources) {
        if let FontFaceSource::Url(url) = source {
            insert(&mut resources, folder, url);
        }
    }
    let web = fonts.with_web_fonts(&faces, &resources);
    let styles = resolve(&document, &sheets, &device, &web);
    for (_, url) in used_document_urls(&document, &styles) {
        insert(&mut resources, folder, &url);
    }
    for element in document.elements() {
        if let Some(ElementRequest::Image { url, .. }) = element_request(&document, element, &VIEWPORT) {
            insert(&mut resources, folder, &url);
        }
    }
    Snapshot {
        generation: 0,
        document: Arc::new(document),
        styles: Arc::new(styles),
        resources: Arc::new(resources),
        font_faces: faces.into(),
        frames: Arc::default(),
        viewport: VIEWPORT,
    }
}

fn insert(resources: &mut ResourceTable, folder: &Path, url: &Url) {
    let Ok(bytes) = std::fs::read(path(folder, url)) else { return };
    resources.insert(Resource {
        state: ResourceState::Ready {
            bytes: Bytes::from(bytes),
            content_type: None,
            final_url: url.clone(),
            status: 200,
        },
        ..Resource::pending(FetchId(0), url.clone(), Destination::Font, Blocking::None)
    });
}

/// The file behind a URL; other hosts have none, as when Chromium's baseline was made.
fn path(folder: &Path, url: &Url) -> PathBuf {
    if url.host_str() != Some("page.test") {
        return folder.join("not-there");
    }
    let decoded = percent(url.path());
    folder.join(decoded.trim_start_matches('/'))
}

fn percent(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        if b == b'%' {
            let hex: String = bytes.by_ref().take(2).map(char::from).collect();
            out.push(u8::from_str_radix(&hex, 16).unwrap_or(b'%'));
        } else {
            out.push(b);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn fetch_sheet(folder: &Path, url: &Url, quirks: bool, depth: usize) -> Option<SheetRef> {
    let bytes = std::fs::read(path(folder, url)).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let (sheet, _) = parse_stylesheet(&text, url, Origin::Author, quirks);
    Some(with_imports(folder, sheet, quirks, depth))
}

fn with_imports(folder: &Path, sheet: Stylesheet, quirks: bool, depth: usize) -> SheetRef {
    let imports = sheet
        .imports()
        .iter()
        .map(|import| {
            (depth < MAX_IMPORTS).then(|| fetch_sheet(folder, &import.url, quirks, depth + 1)).flatten()
        })
        .collect();
    SheetRef { imports, ..SheetRef::new(Arc::new(sheet)) }
}

fn collect_faces(sheet: &SheetRef, device: &Device, faces: &mut Vec<FontFace>) {
    sheet.imports.iter().flatten().for_each(|import| collect_faces(import, device, faces));
    faces.extend(sheet.sheet.font_faces(device).into_iter().cloned());
}
