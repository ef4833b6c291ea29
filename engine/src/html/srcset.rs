//! Which of its candidates an image shows: `srcset`, `sizes` and the `source` elements of a `picture`.
//!
//! <https://html.spec.whatwg.org/#update-the-source-set> and <https://html.spec.whatwg.org/#select-an-image-source>.

use crate::css::{Device, MediaQueryList, source_size};
use crate::dom::{Document, ElementData, NodeId, local_name, ns};
use crate::units::Viewport;

/// The candidate that an image shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageSource {
    /// The URL as written.
    pub url: String,
    /// Image pixels per CSS px: the image's natural size is divided by it.
    pub density: f32,
}

/// What an `img` element shows in this viewport, or nothing when it has no candidate.
pub fn select_image_source(document: &Document, img: NodeId, viewport: &Viewport) -> Option<ImageSource> {
    let element = document.element(img)?;
    let picture = document.parent_element(img).filter(|&parent| {
        document.element(parent).is_some_and(|e| e.name.ns == ns!(html) && &*e.name.local == "picture")
    });
    let sources = picture.into_iter().flat_map(|p| document.children(p).take_while(|&child| child != img));
    select_source(element, sources.filter_map(|child| document.element(child)), viewport)
}

/// What an `img` element shows that has these elements before it in its `picture`.
/// "Update the source set", step 4: the `source` elements before the image, then the image itself.
pub fn select_source<'a>(
    img: &ElementData,
    before: impl Iterator<Item = &'a ElementData>,
    viewport: &Viewport,
) -> Option<ImageSource> {
    for source in before {
        if source.is_html(&local_name!("source"))
            && let Some(chosen) = source_candidate(source, viewport)
        {
            return Some(chosen);
        }
    }
    let attribute = |name| img.attribute(&name).unwrap_or_default();
    let src = attribute(local_name!("src"));
    own_candidate(attribute(local_name!("srcset")), attribute(local_name!("sizes")), src, viewport)
}

/// What a `link rel=preload as=image` asks for: `imagesrcset` and `imagesizes` stand for `srcset` and `sizes`.
pub fn select_preloaded(link: &ElementData, viewport: &Viewport) -> Option<String> {
    let attribute = |name: &str| {
        let mut attributes = link.attributes().iter();
        attributes.find(|a| a.name.ns == ns!() && *a.name.local == *name).map_or("", |a| a.value.as_str())
    };
    let href = attribute("href");
    let chosen = own_candidate(attribute("imagesrcset"), attribute("imagesizes"), href, viewport)?;
    Some(chosen.url)
}

fn own_candidate(srcset: &str, sizes: &str, src: &str, viewport: &Viewport) -> Option<ImageSource> {
    let candidates = parse_srcset(srcset);
    let has_widths = candidates.iter().any(|(_, descriptor)| matches!(descriptor, Descriptor::Width(_)));
    let mut candidates = densities(candidates, sizes, viewport);
    let src = src.trim();
    if !src.is_empty() && !has_widths && !candidates.iter().any(|c| c.density == 1.0) {
        candidates.push(ImageSource { url: src.to_owned(), density: 1.0 });
    }
    select(candidates, viewport.scale)
}

/// The choice of a `source` element, if it has any and its conditions hold.
fn source_candidate(source: &ElementData, viewport: &Viewport) -> Option<ImageSource> {
    let srcset = source.attribute(&local_name!("srcset"))?;
    if source.attribute(&local_name!("media")).is_some_and(|media| !media_matches(media, viewport)) {
        return None;
    }
    if source.attribute(&local_name!("type")).is_some_and(|mime| !is_supported_type(mime)) {
        return None;
    }
    let sizes = source.attribute(&local_name!("sizes")).unwrap_or_default();
    select(densities(parse_srcset(srcset), sizes, viewport), viewport.scale)
}

/// The image types that the renderer decodes.
pub(super) fn is_supported_type(mime: &str) -> bool {
    let essence = mime.split(';').next().unwrap_or_default().trim();
    ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/x-icon", "image/svg+xml", ""]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Descriptor {
    Density(f32),
    Width(f32),
}

/// <https://html.spec.whatwg.org/#parsing-a-srcset-attribute>: URLs with what follows them. A candidate with a
/// descriptor that is no width and no density is left out.
fn parse_srcset(srcset: &str) -> Vec<(&str, Descriptor)> {
    let mut candidates = Vec::new();
    let mut rest = srcset;
    loop {
        // Step 4.
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return candidates;
        }
        // Step 6: the URL.
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (url, after) = rest.split_at(end);
        // Step 8: a comma at its end ends the candidate.
        let trimmed = url.trim_end_matches(',');
        let descriptors = if trimmed.len() < url.len() {
            rest = after;
            ""
        } else {
            let end = descriptors_end(after);
            rest = &after[end..];
            &after[..end]
        };
        if let Some(descriptor) = parse_descriptors(descriptors) {
            candidates.push((trimmed, descriptor));
        }
    }
}

/// Where the comma stands that ends a candidate: not one within parentheses.
fn descriptors_end(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn parse_descriptors(text: &str) -> Option<Descriptor> {
    let mut found = None;
    for descriptor in text.split_ascii_whitespace() {
        let (number, unit) = descriptor.split_at_checked(descriptor.len().checked_sub(1)?)?;
        let parsed = match unit {
            "x" => Descriptor::Density(number.parse().ok().filter(|d: &f32| *d >= 0.0 && d.is_finite())?),
            "w" => Descriptor::Width(number.parse::<u32>().ok().filter(|w| *w > 0)? as f32),
            // A height descriptor is for the future and goes with a width.
            "h" => continue,
            _ => return None,
        };
        if found.replace(parsed).is_some() {
            return None;
        }
    }
    Some(found.unwrap_or(Descriptor::Density(1.0)))
}

/// <https://html.spec.whatwg.org/#normalize-the-source-densities>
fn densities(candidates: Vec<(&str, Descriptor)>, sizes: &str, viewport: &Viewport) -> Vec<ImageSource> {
    let size = source_size(sizes, &Device::screen(*viewport));
    candidates
        .into_iter()
        .map(|(url, descriptor)| {
            let density = match descriptor {
                Descriptor::Density(density) => density,
                Descriptor::Width(width) if size > 0.0 => width / size,
                Descriptor::Width(_) => 1.0,
            };
            ImageSource { url: url.to_owned(), density }
        })
        .collect()
}

/// Picks by density. The standard leaves the choice open; this is Chromium's: the first candidate that is dense enough,
/// unless the one below is nearer in proportion.
fn select(mut candidates: Vec<ImageSource>, scale: f32) -> Option<ImageSource> {
    candidates.retain(|c| !c.url.is_empty());
    // Of equal densities the first counts.
    candidates.sort_by(|a, b| a.density.total_cmp(&b.density));
    candidates.dedup_by(|later, earlier| later.density == earlier.density);
    let mut chosen = candidates.len().checked_sub(1)?;
    for (at, pair) in candidates.windows(2).enumerate() {
        let (below, above) = (pair[0].density, pair[1].density);
        if above >= scale {
            let take_above = (scale <= 1.0 && scale > below) || scale >= (below * above).sqrt();
            chosen = if take_above { at + 1 } else { at };
            break;
        }
    }
    Some(candidates.swap_remove(chosen))
}

/// Whether a `media` attribute holds.
pub(super) fn media_matches(media: &str, viewport: &Viewport) -> bool {
    MediaQueryList::parse(media).matches(&Device::screen(*viewport))
}

#[cfg(test)]
mod tests {
    use super::{ImageSource, densities, media_matches, parse_srcset, select};
    use crate::units::Viewport;

    fn viewport(width: f32, scale: f32) -> Viewport {
        Viewport { width, height: 600.0, scale }
    }

    #[test]
    fn the_fitting_candidate_is_chosen() {
        let cases = [
            ("a 1x, b 2x", "", 1.0, "a"),
            ("a 1x, b 2x", "", 2.0, "b"),
            ("a, b 2x", "", 1.5, "b"),
            ("a, b 2x", "", 1.3, "a"),
            ("data:,x 2x,a", "", 1.0, "a"),
            ("a 400w, b 800w, c 1600w", "", 1.0, "b"),
            ("a 400w, b 800w, c 1600w", "400px", 1.0, "a"),
            ("a 400w, b 800w, c 1600w", "(max-width: 900px) 50vw, 100vw", 2.0, "b"),
            ("a 400w, b 800w", "(min-width: 900px) 50vw, 100vw", 1.0, "b"),
            ("a 3q, b", "", 1.0, "b"),
        ];
        for (srcset, sizes, scale, expected) in cases {
            let viewport = viewport(800.0, scale);
            let chosen = select(densities(parse_srcset(srcset), sizes, &viewport), scale).unwrap();
            assert_eq!(chosen.url, expected, "{srcset} | {sizes} | {scale}");
        }
        assert_eq!(select(Vec::<ImageSource>::new(), 1.0), None);
    }

    #[test]
    fn media_are_answered() {
        assert!(media_matches("print, screen and (max-width: 800px)", &viewport(800.0, 1.0)));
        assert!(!media_matches("(prefers-color-scheme: dark)", &viewport(800.0, 1.0)));
        assert!(media_matches("(600px <= width < 900px)", &viewport(800.0, 1.0)));
    }
}
