//! `file:` URLs: the bytes of a file, and what type they are.
//!
//! The standard leaves this open. As Chromium: only the user and pages that are files themselves may read
//! files. DEVIATION: a directory is an error, not a listing.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bytes::Bytes;

use super::hop::Hop;
use crate::error::{Error, ErrorKind, Phase};
use crate::mime;

/// The content type and bytes of the file that the hop's URL names.
pub(super) async fn read(hop: &Hop, max_bytes: u64) -> Result<(String, Bytes), Error> {
    let url = &hop.request.url;
    let fail = |kind, message: String| Error::new(kind, Phase::File, Some(url), message);
    if !is_allowed(hop) {
        return Err(fail(ErrorKind::Blocked, "only files may load files".to_owned()));
    }
    let path = url
        .to_file_path()
        .map_err(|()| fail(ErrorKind::File, "the URL does not name a file on this machine".to_owned()))?;
    let reading = tokio::task::spawn_blocking(move || {
        let bytes = read_up_to(&path, max_bytes)?;
        let content_type = content_type(&path, &bytes);
        io::Result::Ok((content_type, bytes))
    });
    match reading.await {
        Ok(Ok((content_type, bytes))) if bytes.len() as u64 <= max_bytes => Ok((content_type, bytes.into())),
        Ok(Ok(_)) => Err(fail(ErrorKind::TooLarge, format!("the file is larger than {max_bytes} bytes"))),
        Ok(Err(cause)) => Err(fail(ErrorKind::File, reason(&cause)).with_source(cause)),
        Err(_) => Err(fail(ErrorKind::File, "reading the file was given up".to_owned())),
    }
}

/// The user's own requests have no initiating document; all others name theirs.
fn is_allowed(hop: &Hop) -> bool {
    hop.redirect_count == 0 && hop.request.initiator.url.as_ref().is_none_or(|url| url.scheme() == "file")
}

fn read_up_to(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    // Asked before opening, since opening a pipe waits for its writer.
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::other("is not a regular file"));
    }
    let file = File::open(path)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(max_bytes)).unwrap_or_default());
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// By the name's extension, else by the first bytes.
fn content_type(path: &Path, start: &[u8]) -> String {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let known = TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    known.map_or_else(|| sniffed(start), |(_, content_type)| (*content_type).to_owned())
}

/// The standard's guess; and SVG without an XML declaration, which as a document has no other way to be known.
fn sniffed(start: &[u8]) -> String {
    let guess = mime::computed(&mime::Supplied::default(), start);
    let text = start.trim_ascii_start();
    if guess.essence() == "text/plain" && text.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"<svg"))
    {
        return "image/svg+xml".to_owned();
    }
    // Fonts are not among the guesses for documents, but files are opened by themselves too.
    let font = || mime::sniff(mime::SniffContext::Font, &mime::Supplied::default(), start);
    match guess.essence() {
        "text/plain" | "application/octet-stream" => font().unwrap_or(guess).to_string(),
        _ => guess.to_string(),
    }
}

const TYPES: [(&str, &str); 40] = [
    ("html", "text/html"),
    ("htm", "text/html"),
    ("shtml", "text/html"),
    ("xhtml", "application/xhtml+xml"),
    ("xht", "application/xhtml+xml"),
    ("xml", "text/xml"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("mjs", "text/javascript"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("txt", "text/plain"),
    ("text", "text/plain"),
    ("md", "text/plain"),
    ("csv", "text/csv"),
    ("vtt", "text/vtt"),
    ("png", "image/png"),
    ("apng", "image/apng"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jfif", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("ico", "image/x-icon"),
    ("cur", "image/x-icon"),
    ("svg", "image/svg+xml"),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
    ("ttf", "font/ttf"),
    ("otf", "font/otf"),
    ("ttc", "font/collection"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("wasm", "application/wasm"),
    ("pdf", "application/pdf"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_name_then_by_bytes() {
        for (name, start, expected) in [
            ("a.HTML", &b""[..], "text/html"),
            ("a.png", b"<html>", "image/png"),
            ("a", b"  <!DOCTYPE HTML><p>", "text/html"),
            ("a.dat", b"\x89PNG\r\n\x1a\n...", "image/png"),
            ("a", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            ("a", b"<svg xmlns=", "image/svg+xml"),
            ("a", b"plain words", "text/plain"),
            ("a", b"\0\x01\x02", "application/octet-stream"),
            ("a", b"", "text/plain"),
        ] {
            assert_eq!(content_type(Path::new(name), start), expected, "{name} {start:?}");
        }
    }
}
