//! One door a dependency, and IO at the rim.

use super::{Source, Violation};

/// Who may name a dependency: crate name in code, the path prefixes of its door.
///
/// Vocabulary crates (bytes, http, url, serde, thiserror, tracing, futures, smallvec) are free everywhere.
const DOORS: &[(&str, &[&str])] = &[
    ("reqwest", &["net/src/transport/"]),
    ("hyper_util", &["net/src/transport/"]),
    ("hyper", &["net/src/transport/"]),
    ("h2", &["net/src/transport/"]),
    ("tower_layer", &["net/src/transport/"]),
    ("tower_service", &["net/src/transport/"]),
    ("rustls", &["net/src/transport/tls"]),
    ("rustls_native_certs", &["net/src/transport/tls"]),
    ("webpki_roots", &["net/src/transport/tls"]),
    ("async_compression", &["net/src/coding"]),
    ("hickory_proto", &["net/src/dns/"]),
    ("http_auth", &["net/src/fetch/"]),
    ("psl", &["net/src/site.rs"]),
    ("sha2", &["net/src/fetch/", "net/src/cache/"]),
    ("x509_parser", &["net/src/transport/tls"]),
    ("rustix", &["net/src/transport/socket"]),
    ("libc", &["net/src/transport/socket"]),
    ("base64", &["net/src/fetch/"]),
    ("percent_encoding", &["net/src/fetch/", "net/src/proxy/", "net/src/login.rs"]),
    ("httpdate", &["net/src/cache/"]),
    ("data_url", &["net/src/fetch/"]),
    ("html5ever", &["engine/src/html/"]),
    ("xml5ever", &["engine/src/html/"]),
    ("markup5ever_rcdom", &["engine/src/dom/rcdom"]),
    ("web_atoms", &["engine/src/dom/name.rs"]),
    ("encoding_rs", &["engine/src/html/encoding"]),
    ("chardetng", &["engine/src/html/encoding"]),
    ("cssparser", &["engine/src/css/", "engine/src/style/"]),
    ("selectors", &["engine/src/css/selector/"]),
    ("taffy", &["render/src/layout/flex", "render/src/layout/grid"]),
    ("harfrust", &["render/src/text/", "render/src/font/"]),
    ("skrifa", &["render/src/font/", "render/src/glyph/"]),
    ("read_fonts", &["render/src/font/"]),
    ("icu_properties", &["render/src/text/"]),
    ("icu_segmenter", &["render/src/text/"]),
    ("unicode_bidi", &["render/src/text/"]),
    ("unicode_script", &["render/src/text/", "render/src/font/"]),
    ("wuff", &["render/src/font/"]),
    ("memmap2", &["render/src/font/"]),
    ("tiny_skia", &["render/src/raster/"]),
    ("image", &["render/src/image/", "render/src/output/", "xtask/src/"]),
    ("fast_image_resize", &["render/src/image/"]),
    ("resvg", &["render/src/image/svg"]),
    ("winit", &["shell/src/window/"]),
    ("softbuffer", &["shell/src/window/"]),
    ("indicatif", &["shell/src/"]),
    ("terminal_size", &["shell/src/report/style.rs"]),
    ("unicode_width", &["shell/src/report/text.rs"]),
    ("clap", &["shell/src/", "xtask/src/", "test-pages/src/main.rs"]),
    ("anyhow", &["shell/src/", "xtask/src/", "test-pages/src/main.rs"]),
];

/// Standard library modules that touch the world, and who may.
const RIM: &[(&str, &[&str])] = &[
    (
        "std::fs",
        &[
            "net/src/fetch/",
            "net/src/cache/",
            "net/src/dns/",
            "net/src/transport/socket/",
            "net/src/transport/tls/",
            "shell/src/",
            "render/src/font/",
            "test-pages/",
            "xtask/",
        ],
    ),
    ("std::net::Tcp", &["net/src/", "test-pages/", "xtask/"]),
    ("std::net::Udp", &["net/src/", "test-pages/"]),
    (
        "std::thread",
        &["net/src/", "shell/src/", "render/src/font/", "render/src/image/svg/", "test-pages/", "xtask/"],
    ),
    ("std::process", &["shell/src/", "xtask/"]),
    ("std::env", &["shell/src/", "render/src/font/", "test-pages/", "xtask/"]),
    ("Instant::now", &["net/src/clock.rs", "net/src/transport/", "shell/src/", "xtask/"]),
    ("SystemTime::now", &["net/src/clock.rs", "shell/src/", "xtask/"]),
];

pub(super) fn check(sources: &[Source], violations: &mut Vec<Violation>) {
    for source in sources.iter().filter(|s| s.in_src().is_some()) {
        let path = source.path.to_string_lossy();
        for (line, code) in source.product_code() {
            let mut report = |message: String| {
                violations.push(Violation { file: source.path.clone(), line, message });
            };
            for (name, doors) in DOORS {
                if names_crate(code, name)
                    && !is_module(source, name)
                    && !doors.iter().any(|door| path.starts_with(door))
                {
                    report(format!("`{name}` is named outside of its door ({})", doors.join(", ")));
                }
            }
            for (name, rim) in RIM {
                if code.contains(name) && !rim.iter().any(|place| path.starts_with(place)) {
                    report(format!("`{name}` is used away from the rim ({})", rim.join(", ")));
                }
            }
        }
    }
}

/// Whether the file declares or imports a module of that name: then the name does not mean the crate.
fn is_module(source: &Source, name: &str) -> bool {
    source.code.iter().map(|line| line.trim_start().trim_start_matches("pub ")).any(|line| {
        let imports = ["use crate::", "use super::", "use self::"].iter().any(|path| line.starts_with(path));
        line == format!("mod {name};")
            || (imports && line.split([':', ',', '{', '}', ' ', ';']).any(|part| part == name))
    })
}

/// Whether a line of code names the crate: `name::…` at the start of a path, or `use name`.
fn names_crate(code: &str, name: &str) -> bool {
    // A module that is reached through `crate::`, `super::` or `self::` is ruled out by the colon before it.
    let starts_path =
        |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let followed = |at: usize| {
        let rest = &code[at + name.len()..];
        rest.starts_with("::") || (rest.starts_with([';', ' ']) && code.trim_start().starts_with("use "))
    };
    code.match_indices(name).any(|(at, _)| starts_path(at) && followed(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_told_from_a_module_of_the_same_name() {
        assert!(names_crate("use html5ever::tree_builder;", "html5ever"));
        assert!(names_crate("let x: image::Rgba<u8> = y;", "image"));
        assert!(!names_crate("use crate::image::Image;", "image"));
        assert!(!names_crate("use siskin_image::x;", "image"));
        assert!(!names_crate("let image = image_of(x);", "image"));
    }

    #[test]
    fn a_module_hides_a_crate_of_its_name() {
        let module = Source::new("x/src/a.rs".into(), "//! x\nuse super::specified::image::{self, Image};\n");
        assert!(is_module(&module, "image"));
        let foreign = Source::new("x/src/a.rs".into(), "//! x\nuse image::Rgba;\n");
        assert!(!is_module(&foreign, "image"));
    }

    #[test]
    fn io_away_from_the_rim_is_found() {
        let sources = [Source::new("engine/src/css/parser.rs".into(), "//! x\nlet t = std::fs::read(p);\n")];
        let mut violations = Vec::new();
        check(&sources, &mut violations);
        assert_eq!(violations.len(), 1);
    }
}
