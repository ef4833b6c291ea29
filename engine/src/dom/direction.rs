//! The direction of a text by its first strong character.

/// Whether the first strongly directional character is right-to-left: Hebrew, Arabic and their neighbours.
pub(crate) fn first_strong_is_rtl(text: &str) -> bool {
    text.chars()
        .find_map(|c| match c as u32 {
            0x0590..=0x08FF
            | 0xFB1D..=0xFDFF
            | 0xFE70..=0xFEFC
            | 0x1_0800..=0x1_0FFF
            | 0x1_E800..=0x1_EFFF => Some(true),
            _ if c.is_alphabetic() => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}
