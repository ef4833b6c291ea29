//! The pipeline in one place: a snapshot laid out, its display list, its pixels.

use std::collections::HashMap;
use std::sync::Arc;

use siskin_engine::Snapshot;
use siskin_engine::dom::NodeId;
use siskin_engine::snapshot::{FrameSize, FrameSizes};

use crate::display_list::{self, DisplayList, FramePicture, Rgba};
use crate::font::FontContext;
use crate::fragments::{FragmentKind, FragmentTree, ReplacedContent};
use crate::geometry::{DeviceRect, Lu};
use crate::glyph::GlyphCache;
use crate::image::ImageCache;
use crate::layout::layout;
use crate::raster::{self, Palette, Pixmap, SizeError};

/// A page with everything that painting and dumping it need.
#[derive(Debug, Clone)]
pub struct LaidOut {
    /// The collection with the page's web fonts.
    pub fonts: FontContext,
    /// The page's images.
    pub images: ImageCache,
    /// The nested documents by the elements that hold them.
    pub frames: Arc<HashMap<NodeId, Self>>,
    /// Where everything is.
    pub fragments: FragmentTree,
    /// The document's `body`.
    pub body: Option<NodeId>,
    /// Device pixels per CSS px.
    pub scale: f32,
}

/// What of a page is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Area {
    /// The viewport, the page not scrolled.
    Viewport,
    /// The whole page.
    FullPage,
    /// A part of the page in CSS px: left, top, width, height.
    Clip([f32; 4]),
}

/// Lays a page out with the fonts of `fonts` and its own.
pub fn lay_out(snapshot: &Snapshot, fonts: &FontContext) -> LaidOut {
    let collection = fonts;
    let fonts = collection.with_web_fonts(&snapshot.font_faces, &snapshot.resources);
    let images = ImageCache::new(&snapshot.resources);
    let fragments = layout(snapshot, &fonts, &|url| images.natural_size(url));
    let frames = Arc::new(lay_out_frames(snapshot, &fragments, collection));
    let scale = snapshot.viewport.scale;
    let scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
    LaidOut { fonts, images, frames, fragments, body: snapshot.document.body(), scale }
}

/// Lays out the nested documents, each in the content box of its element. The recursion follows the nesting of
/// documents, which the engine caps.
fn lay_out_frames(
    snapshot: &Snapshot,
    fragments: &FragmentTree,
    fonts: &FontContext,
) -> HashMap<NodeId, LaidOut> {
    let mut frames = HashMap::new();
    if snapshot.frames.is_empty() {
        return frames;
    }
    fragments.walk(&mut |fragment, _| {
        let FragmentKind::Box(parts) = &fragment.kind else { return };
        let Some(ReplacedContent::Frame(node)) = parts.replaced else { return };
        let Some(nested) = snapshot.frames.get(&node) else { return };
        let inner = |size: Lu, edges: Lu| (size - edges).clamp_negative_to_zero().to_px();
        let size = fragment.rect.size;
        let mut nested = nested.clone();
        nested.viewport.width = inner(size.width, parts.border.horizontal() + parts.padding.horizontal());
        nested.viewport.height = inner(size.height, parts.border.vertical() + parts.padding.vertical());
        nested.viewport.scale = snapshot.viewport.scale;
        frames.insert(node, lay_out(&nested, fonts));
    });
    frames
}

/// The picture of a page: every stage in order.
///
/// # Errors
/// When the area is empty or larger than a picture may be.
pub fn render(
    snapshot: &Snapshot,
    fonts: &FontContext,
    area: Area,
    background: Rgba,
    glyphs: &mut GlyphCache,
) -> Result<Pixmap, SizeError> {
    let page = lay_out(snapshot, fonts);
    let visible = page.device_rect(area);
    let list = page.display_list(visible);
    page.paint(&list, visible, background, glyphs)
}

impl LaidOut {
    /// How large the nested documents are.
    pub fn frame_sizes(&self) -> FrameSizes {
        let size = |frame: &Self| FrameSize {
            viewport: (frame.fragments.viewport.width.to_px(), frame.fragments.viewport.height.to_px()),
            frames: frame.frame_sizes(),
        };
        FrameSizes(self.frames.iter().map(|(node, frame)| (*node, size(frame))).collect())
    }

    /// An area in device pixels of the page.
    pub fn device_rect(&self, area: Area) -> DeviceRect {
        let px = |css: f32| (css * self.scale).round() as i32;
        let size = match area {
            Area::Viewport => self.fragments.viewport,
            Area::FullPage => self.fragments.document_size,
            Area::Clip([x, y, width, height]) => {
                return DeviceRect { x: px(x), y: px(y), width: px(width), height: px(height) };
            }
        };
        DeviceRect { x: 0, y: 0, width: px(size.width.to_px()), height: px(size.height.to_px()) }
    }

    /// The display list of what can be seen in `visible` (device pixels of the page).
    pub fn display_list(&self, visible: DeviceRect) -> DisplayList {
        let source = display_list::build::Source {
            fragments: &self.fragments,
            body: self.body,
            fonts: &self.fonts,
            images: &self.images,
            scale: self.scale,
            frames: &|node, part| {
                let frame = self.frames.get(&node)?;
                let (fonts, images) = (frame.fonts.clone(), frame.images.clone());
                Some(FramePicture { list: frame.display_list(part), fonts, images })
            },
        };
        display_list::build(&source, Some(visible))
    }

    /// Paints a display list of this page. Keep the glyph cache for the next picture.
    ///
    /// # Errors
    /// When the area is empty or larger than a picture may be.
    pub fn paint(
        &self,
        list: &DisplayList,
        visible: DeviceRect,
        background: Rgba,
        glyphs: &mut GlyphCache,
    ) -> Result<Pixmap, SizeError> {
        let mut palette = Palette { fonts: &self.fonts, images: &self.images, glyphs };
        raster::paint(list, visible, background, &mut palette)
    }
}
