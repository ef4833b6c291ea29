//! The fonts inside the program: the Liberation families, metric-compatible with Arial, Times New Roman and
//! Courier New. SIL Open Font License 1.1; its text stands beside them in `fonts/`.

/// The files, in the order of their names.
pub(crate) const FILES: [&[u8]; 12] = [
    include_bytes!("../../fonts/LiberationMono-Bold.ttf"),
    include_bytes!("../../fonts/LiberationMono-BoldItalic.ttf"),
    include_bytes!("../../fonts/LiberationMono-Italic.ttf"),
    include_bytes!("../../fonts/LiberationMono-Regular.ttf"),
    include_bytes!("../../fonts/LiberationSans-Bold.ttf"),
    include_bytes!("../../fonts/LiberationSans-BoldItalic.ttf"),
    include_bytes!("../../fonts/LiberationSans-Italic.ttf"),
    include_bytes!("../../fonts/LiberationSans-Regular.ttf"),
    include_bytes!("../../fonts/LiberationSerif-Bold.ttf"),
    include_bytes!("../../fonts/LiberationSerif-BoldItalic.ttf"),
    include_bytes!("../../fonts/LiberationSerif-Italic.ttf"),
    include_bytes!("../../fonts/LiberationSerif-Regular.ttf"),
];
