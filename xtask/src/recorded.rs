//! The shape of a recorded page. `siskin dump` prints it, Chromium's baseline holds it.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use flate2::read::GzDecoder;
use serde::Deserialize;

/// A page at one moment.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Recorded {
    /// Names of longhands.
    #[serde(default)]
    pub properties: Vec<String>,
    /// Resolved values, each once.
    #[serde(default)]
    pub values: Vec<String>,
    /// Elements in document order.
    pub elements: Vec<Element>,
    /// Text nodes with visible text, in document order.
    pub texts: Vec<Text>,
}

/// An element.
#[derive(Debug, Clone, Deserialize)]
pub struct Element {
    /// Local name.
    #[serde(rename = "t")]
    pub tag: String,
    /// Border box `[x, y, width, height]` in CSS px from the page's top left; `None` without a box.
    #[serde(rename = "r")]
    pub rect: Option<[f64; 4]>,
    /// For each of the properties an index into the values.
    #[serde(rename = "s", default)]
    pub style: Vec<usize>,
}

/// A text node.
#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    /// The parent element's index.
    #[serde(rename = "e")]
    pub element: i64,
    /// One rectangle a line.
    #[serde(rename = "r")]
    pub lines: Vec<[f64; 4]>,
    /// The first 40 characters.
    #[serde(rename = "s")]
    pub start: String,
}

impl Recorded {
    /// Reads a gzipped recording.
    ///
    /// # Errors
    /// When the file cannot be read or is no recording.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let name = || file.display().to_string();
        let mut text = String::new();
        GzDecoder::new(std::fs::File::open(file).with_context(name)?)
            .read_to_string(&mut text)
            .with_context(name)?;
        let recorded: Self = serde_json::from_str(&text).with_context(name)?;
        Ok(recorded.with_loopback_origins_removed())
    }

    /// URLs in values name the server that the page came from; both sides' servers have ports of their own.
    #[must_use]
    pub fn with_origin_removed(mut self, origin: &str) -> Self {
        for value in self.values.iter_mut().filter(|v| v.contains(origin)) {
            *value = value.replace(origin, "");
        }
        self
    }

    fn with_loopback_origins_removed(self) -> Self {
        let origin = self.values.iter().find_map(|v| {
            let start = v.find("http://127.0.0.1:").or_else(|| v.find("http://localhost:"))?;
            let port = v[start + 7..].find('/')?;
            Some(v[start..start + 7 + port].to_owned())
        });
        match origin {
            Some(origin) => self.with_origin_removed(&origin),
            None => self,
        }
    }
}
