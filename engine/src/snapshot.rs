//! What crosses from the engine to the renderer: one immutable moment of a page.

use std::collections::HashMap;
use std::sync::Arc;

use crate::css::font_face::FontFace;
use crate::dom::{Document, NodeId};
use crate::load::{Loader, ResourceTable, Styled};
use crate::style::StyleMap;
use crate::units::Viewport;

/// How large the nested documents of a page are, once it is laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrameSizes(pub HashMap<NodeId, FrameSize>);

/// How large a nested document is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrameSize {
    /// Its viewport in CSS px: the content box of its element.
    pub viewport: (f32, f32),
    /// The documents nested in it.
    pub frames: FrameSizes,
}

/// A page at one moment: all that layout and paint need. Cheap to clone, `Send`.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Counts up with each change; a renderer drops results of older generations.
    pub generation: u64,
    /// The tree.
    pub document: Arc<Document>,
    /// The computed styles.
    pub styles: Arc<StyleMap>,
    /// The bytes of images and fonts.
    pub resources: Arc<ResourceTable>,
    /// The `@font-face` rules in cascade order.
    pub font_faces: Arc<[FontFace]>,
    /// The nested documents by the elements that hold them.
    pub frames: Arc<HashMap<NodeId, Snapshot>>,
    /// What the styles were computed for.
    pub viewport: Viewport,
}

impl Snapshot {
    /// The page that `loader` holds; nothing before the whole document has been styled once.
    pub fn of(loader: &Loader) -> Option<Self> {
        let Styled { document, styles, font_faces } = loader.styled()?;
        Some(Self {
            generation: loader.generation(),
            document: Arc::clone(document),
            styles: Arc::clone(styles),
            resources: Arc::new(loader.resources().clone()),
            font_faces: Arc::clone(font_faces),
            frames: Arc::default(),
            viewport: loader.viewport(),
        })
    }
}
