//! Groups of media types: <https://mimesniff.spec.whatwg.org/#mime-type-groups>.

use super::MimeType;

/// <https://mimesniff.spec.whatwg.org/#javascript-mime-type>, in order.
const JAVASCRIPT: [&str; 16] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

impl MimeType {
    /// Any image, SVG too.
    pub fn is_image(&self) -> bool {
        self.kind() == "image"
    }

    /// Audio or video.
    pub fn is_audio_or_video(&self) -> bool {
        matches!(self.kind(), "audio" | "video") || self.essence() == "application/ogg"
    }

    /// A font, by today's names and by older ones.
    pub fn is_font(&self) -> bool {
        self.kind() == "font"
            || matches!(
                self.essence(),
                "application/font-cff"
                    | "application/font-off"
                    | "application/font-sfnt"
                    | "application/font-ttf"
                    | "application/font-woff"
                    | "application/vnd.ms-fontobject"
                    | "application/vnd.ms-opentype"
            )
    }

    /// A format that is a ZIP archive.
    pub fn is_zip_based(&self) -> bool {
        self.subtype().ends_with("+zip") || self.essence() == "application/zip"
    }

    /// An archive.
    pub fn is_archive(&self) -> bool {
        matches!(self.essence(), "application/x-rar-compressed" | "application/zip" | "application/x-gzip")
    }

    /// XML, also by its suffix.
    pub fn is_xml(&self) -> bool {
        self.subtype().ends_with("+xml") || matches!(self.essence(), "text/xml" | "application/xml")
    }

    /// HTML.
    pub fn is_html(&self) -> bool {
        self.essence() == "text/html"
    }

    /// What may carry scripts.
    pub fn is_scriptable(&self) -> bool {
        self.is_xml() || self.is_html() || self.essence() == "application/pdf"
    }

    /// JavaScript, by any of its names.
    pub fn is_javascript(&self) -> bool {
        JAVASCRIPT.binary_search(&self.essence()).is_ok()
    }

    /// JSON, also by its suffix.
    pub fn is_json(&self) -> bool {
        self.subtype().ends_with("+json") || matches!(self.essence(), "application/json" | "text/json")
    }

    /// A style sheet.
    pub fn is_css(&self) -> bool {
        self.essence() == "text/css"
    }

    /// One name for types that are used alike:
    /// <https://mimesniff.spec.whatwg.org/#minimize-a-supported-mime-type>.
    pub fn minimized(&self) -> &str {
        if self.is_javascript() {
            "text/javascript"
        } else if self.is_json() {
            "application/json"
        } else if self.essence() == "image/svg+xml" {
            "image/svg+xml"
        } else if self.is_xml() {
            "application/xml"
        } else {
            self.essence()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups() {
        assert!(JAVASCRIPT.is_sorted());
        type Test = fn(&MimeType) -> bool;
        for (name, test, members, others) in [
            (
                "image",
                MimeType::is_image as Test,
                &["image/png", "image/svg+xml", "image/x"][..],
                &["text/png"][..],
            ),
            (
                "media",
                MimeType::is_audio_or_video,
                &["audio/x", "video/mp4", "application/ogg"],
                &["application/mp4"],
            ),
            (
                "font",
                MimeType::is_font,
                &["font/woff2", "application/font-woff", "application/vnd.ms-opentype"],
                &["application/woff"],
            ),
            ("zip", MimeType::is_zip_based, &["application/zip", "application/epub+zip"], &["x/zip"]),
            ("archive", MimeType::is_archive, &["application/x-gzip"], &["application/gzip"]),
            (
                "xml",
                MimeType::is_xml,
                &["text/xml", "application/xml", "image/svg+xml"],
                &["text/html", "x/xml"],
            ),
            (
                "scriptable",
                MimeType::is_scriptable,
                &["text/html", "application/pdf", "a/b+xml"],
                &["text/css"],
            ),
            (
                "javascript",
                MimeType::is_javascript,
                &["text/javascript", "text/javascript1.5", "application/x-javascript", "text/jscript"],
                &["text/javascript1.6", "application/json", "text/plain"],
            ),
            ("json", MimeType::is_json, &["text/json", "a/b+json"], &["text/javascript", "a/json"]),
        ] {
            for (essence, expected) in
                members.iter().map(|m| (m, true)).chain(others.iter().map(|o| (o, false)))
            {
                let mime = MimeType::parse(&format!("{essence};charset=x")).unwrap();
                assert_eq!(test(&mime), expected, "{name}: {essence}");
            }
        }
        for (essence, minimized) in [
            ("text/jscript", "text/javascript"),
            ("application/ld+json", "application/json"),
            ("image/svg+xml", "image/svg+xml"),
            ("application/rss+xml", "application/xml"),
            ("image/png", "image/png"),
        ] {
            assert_eq!(MimeType::parse(essence).unwrap().minimized(), minimized);
        }
    }
}
