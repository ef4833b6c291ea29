//! Every bound that the engine sets to what a page may ask of it, by name.
//!
//! A page that goes past a bound is cut or flattened there, and a [`crate::Diagnostic`] says so.

/// How many elements deep the parser's tree may grow, `html` counting 1. An element that would lie deeper
/// becomes the next sibling at this depth. Chromium's `kMaximumHTMLParserDOMTreeDepth` is 512 and gives trees of
/// depth 513.
pub const MAX_TREE_DEPTH: usize = 513;

/// How many attributes of a tag are read; html5ever takes the square of their number to read them.
pub const MAX_TAG_ATTRIBUTES: usize = 4096;

/// How many nodes the parser makes. What comes after is left unparsed. At 75 bytes for a plain
/// node and about 400 for one with attributes this is 1 GB.
pub const MAX_NODES: usize = 3_000_000;

/// How many nodes are taken over from a tree of another parser. Twice of it are below the 16.7 million that ids go to.
pub const MAX_TREE_NODES: usize = 8_000_000;

/// How many nodes a page may make beyond [`MAX_NODES_PER_TAG`].
pub const FREE_NODES: usize = 100_000;

/// How many nodes each tag of a page may make on average, before what comes after is left unparsed. Formatting
/// elements that stay open are made anew in every block: without this, 200 kB of them make gigabytes.
pub const MAX_NODES_PER_TAG: usize = 8;

/// How many bytes of a page are kept while its encoding is a guess: a `meta` that comes later comes too late.
pub const MAX_RESTART_BYTES: usize = 1 << 20;

/// How many diagnostics one document keeps; the number of the others is told in one more.
pub const MAX_DOCUMENT_DIAGNOSTICS: usize = 100;

/// How many nodes of a `select` are searched for its `selectedcontent`.
pub const MAX_SELECTED_CONTENT_SEARCH: usize = 1000;

/// How many subresources a page may ask for. What it asks for beyond is not fetched.
pub const MAX_SUBRESOURCES: usize = 2_000;

/// How many connections a page may ask to be opened ahead.
pub const MAX_CONNECT_HINTS: usize = 64;

/// How many documents may stand around a nested one.
pub const MAX_FRAME_DEPTH: usize = 8;

/// How many nested documents a document may have, and a page with all that are nested deeper.
pub const MAX_FRAMES: usize = 100;

/// How many icons of a site are fetched.
pub const MAX_ICONS: usize = 8;

/// How many things that are not loaded (scripts, media) are listed for a page.
pub const MAX_SKIPPED: usize = 1_000;

/// How often lazy images are looked for in a new layout while a page loads.
pub const MAX_LAZY_LAYOUTS: usize = 16;

/// How many decoded bytes one document or subresource may have.
pub const MAX_RESOURCE_BYTES: u64 = 64 * 1024 * 1024;

/// How many decoded bytes a page may have with everything it loads.
pub const MAX_PAGE_BYTES: u64 = 256 * 1024 * 1024;

/// How many imports may lie between a document and a sheet.
pub const MAX_IMPORT_DEPTH: usize = 32;

/// How many sheets apply to a document, imports counted as often as they are imported.
pub const MAX_APPLIED_SHEETS: usize = 4_096;

/// How many diagnostics one page keeps.
pub const MAX_PAGE_DIAGNOSTICS: usize = 1_000;

/// The longest style sheet that is read, in bytes; the rest of a longer one is dropped.
pub const MAX_SHEET_BYTES: usize = 64 << 20;

/// How many diagnostics one sheet gives at most.
pub const MAX_SHEET_DIAGNOSTICS: usize = 100;

/// The longest text that `var()` may make of one value, in bytes: against the billion laughs.
pub const MAX_SUBSTITUTED_BYTES: usize = 1 << 20;

/// How deep `var()` may refer to custom properties that refer to others.
pub const MAX_VARIABLE_DEPTH: usize = 32;

/// How deep blocks and functions may nest in a value with `var()`; elsewhere in CSS it is cssparser's own 75.
pub const MAX_VARIABLE_BLOCKS: u8 = 32;

/// How many values with `var()` are remembered with what they were substituted to.
pub const MAX_SUBSTITUTION_MEMO: usize = 4096;

/// How many nodes are searched for other radio buttons of a group.
pub const MAX_RADIO_SEARCH: usize = 10_000;

/// How long the selectors of a nested rule may be with every `&` written out, in bytes: each `&` is matched anew, so that
/// `& &` in `& &` in … would take time beyond all bounds.
pub const MAX_NESTED_SELECTOR_BYTES: u64 = 100_000;

/// The largest number in `repeat()` that counts; a grid has no more tracks anyway.
pub const MAX_GRID_REPETITIONS: u32 = 10_000;
