//! Audio and video formats that need more than a pattern: MP4, WebM, MP3 without ID3.

/// <https://mimesniff.spec.whatwg.org/#signature-for-mp4>
pub(super) fn is_mp4(input: &[u8]) -> bool {
    // Steps 1 to 5.
    let Some((head, _)) = input.split_first_chunk::<12>() else { return false };
    let [s0, s1, s2, s3, ..] = *head;
    let box_size = u32::from_be_bytes([s0, s1, s2, s3]) as usize;
    if input.len() < box_size || !box_size.is_multiple_of(4) || &head[4..8] != b"ftyp" {
        return false;
    }
    // Steps 6 to 9: the major brand, then the compatible ones, without the version between.
    let brands = input.get(16..box_size).unwrap_or_default().chunks(4);
    head[8..].starts_with(b"mp4") || brands.into_iter().any(|brand| brand.starts_with(b"mp4"))
}

/// <https://mimesniff.spec.whatwg.org/#signature-for-webm>
pub(super) fn is_webm(input: &[u8]) -> bool {
    if !input.starts_with(b"\x1a\x45\xdf\xa3") {
        return false;
    }
    // The document type (EBML id 42 82) stands among the first elements.
    let mut at = 4;
    while at < input.len() && at < 38 {
        if input[at..].starts_with(b"\x42\x82") {
            let value = at + 2;
            let Some(&first) = input.get(value) else { return false };
            let at = value + vint_size(first);
            return at + 4 < input.len() && is_padded(b"webm", &input[at..]);
        }
        at += 1;
    }
    false
}

/// <https://mimesniff.spec.whatwg.org/#parse-a-vint>: how many bytes the number has; its value is not asked for.
fn vint_size(first: u8) -> usize {
    (first.leading_zeros() as usize + 1).min(8)
}

/// <https://mimesniff.spec.whatwg.org/#matching-a-padded-sequence>: `pattern`, zeros before it or not.
fn is_padded(pattern: &[u8], input: &[u8]) -> bool {
    let start = input.iter().position(|byte| *byte != 0).unwrap_or(input.len());
    input[start..].starts_with(pattern)
}

/// <https://mimesniff.spec.whatwg.org/#signature-for-mp3-without-id3>: two frame headers, one frame apart.
pub(super) fn is_mp3(input: &[u8]) -> bool {
    let Some(size) = frame_size(input) else { return false };
    size >= 4 && input.get(size..).is_some_and(|next| frame_size(next).is_some())
}

/// The size of the frame whose header begins `input`; `None` when it is no header of an MPEG audio layer III
/// frame ("match an mp3 header", "parse an mp3 frame", "compute an mp3 frame size").
///
/// DEVIATION: the standard's text takes MPEG 1's sample rates for all versions; here each version has its own,
/// which is what the frames are made of.
fn frame_size(input: &[u8]) -> Option<usize> {
    const RATES_1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const RATES_2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const SAMPLES: [usize; 3] = [44_100, 48_000, 32_000];
    let &[sync, kind, rates, _, ..] = input else { return None };
    let layer = (kind & 0x06) >> 1;
    // Layer III is 1; version 1 is reserved.
    if sync != 0xff || kind & 0xe0 != 0xe0 || layer != 1 {
        return None;
    }
    let (scale, table, divisor) = match (kind & 0x18) >> 3 {
        3 => (144, &RATES_1, 1),
        2 => (72, &RATES_2, 2),
        0 => (72, &RATES_2, 4),
        _ => return None,
    };
    let bitrate = table.get(usize::from(rates >> 4))? * 1000;
    let sample_rate = SAMPLES.get(usize::from((rates & 0x0c) >> 2))? / divisor;
    let padding = usize::from((rates & 0x02) >> 1);
    Some(bitrate * scale / sample_rate + padding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mp4() {
        for (input, expected) in [
            (&b"\0\0\0\x14ftypmp42\0\0\0\0isom"[..], true),
            (b"\0\0\0\x18ftypisom\0\0\0\0isommp41", true),
            (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", false),
            // The version is no brand, and what stands behind the box does not count.
            (b"\0\0\0\x14ftypisommp42isom", false),
            (b"\0\0\0\x14ftypisom\0\0\0\0isommp42", false),
            (b"\0\0\0\x15ftypmp42\0\0\0\0isom ", false),
            (b"\0\0\0\x20ftypmp42\0\0\0\0isom", false),
            (b"\0\0\0\x14free", false),
            (b"\0\0\0\x0cftypmp42", true),
            (b"\0\0\0\0ftypqt  ", false),
        ] {
            assert_eq!(is_mp4(input), expected, "{input:?}");
        }
    }

    #[test]
    fn webm() {
        for (input, expected) in [
            (&b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87"[..], true),
            (b"\x1a\x45\xdf\xa3\x42\x82\x40\x04webm\0", true),
            (b"\x1a\x45\xdf\xa3\x42\x82\x88\0\0\0\0webm", true),
            (b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", false),
            (b"\x1a\x45\xdf\xa3\x42\x82", false),
            (b"\x1a\x45\xdf\xa3\x42\x82\x84web", false),
            (b"\x1a\x45\xdf\xa3", false),
            (b"webm", false),
        ] {
            assert_eq!(is_webm(input), expected, "{input:?}");
        }
        let late = [&b"\x1a\x45\xdf\xa3"[..], &[0; 40], b"\x42\x82\x84webm\0"].concat();
        assert!(!is_webm(&late));
    }

    #[test]
    fn mp3() {
        // 128 kbit/s, 44.1 kHz, MPEG 1: 417 bytes a frame; 64 kbit/s, 22.05 kHz, MPEG 2 with padding: 209.
        for (header, size) in [([0xff, 0xfb, 0x90, 0x00], 417), ([0xff, 0xf3, 0x82, 0x00], 209)] {
            let mut input = header.to_vec();
            input.resize(size, 0);
            assert!(!is_mp3(&input), "one frame only");
            input.extend_from_slice(&header);
            assert!(is_mp3(&input));
            input[size] = 0;
            assert!(!is_mp3(&input));
        }
        for header in [
            [0xff, 0xf9, 0x90, 0],
            [0xff, 0xfd, 0x90, 0],
            [0xff, 0xfb, 0xf0, 0],
            [0xff, 0xfb, 0x9c, 0],
            [0xfe, 0xfb, 0x90, 0],
            [0xff, 0xfb, 0x00, 0],
        ] {
            assert!(!is_mp3(&header.repeat(500)), "{header:?}");
        }
        assert!(!is_mp3(b"\xff\xfb"));
    }
}
