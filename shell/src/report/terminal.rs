//! The waterfall in a terminal: aligned columns, one bar a row, milestones as vertical marks, a summary.
//!
//! ```text
//!  #  st  type   size conn   time URL                   0       20ms      40ms
//!  1! 200 html  1.2kB 1+   12.3ms /                     ▃░░░█   ┆      │
//! ```
//! `!` behind the number: the first paint waits for it. `+` behind the connection: opened for this row.

use super::bars::{Scale, letter};
use super::row::{CacheUse, Milestone, Outcome, RenderBlocking, Reuse, Row, RowPhase, Waterfall};
use super::style::TerminalStyle;
use super::{lookup, text};

/// How many decisions of the cache are told under the rows.
const CACHE_DECISIONS_NAMED: usize = 10;

/// The waterfall as text, lines ended by newlines. Nothing in it drives the terminal but our own colours.
pub fn render(waterfall: &Waterfall, style: &TerminalStyle) -> String {
    let page = waterfall.rows.iter().find(|row| !is_data(row)).map(|row| row.url.as_str());
    let columns = Columns::plan(waterfall, page, style);
    let total = waterfall.end.since(waterfall.start);
    let scale = Scale::new(waterfall.start, total, columns.bar);
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(&style.paint("1", &format!("{} {}", columns.header(), scale.axis())));
    for (i, row) in waterfall.rows.iter().enumerate() {
        let bar = scale.bar(row, &waterfall.milestones, style);
        line(&format!("{} {bar}", columns.row(i, row, page, style)));
    }
    let letters = scale.letters(&waterfall.milestones);
    if !letters.is_empty() {
        line(&format!("{} {letters}", " ".repeat(columns.left_width())));
    }
    line("");
    line(&legend(waterfall, style));
    for decision in cache_decisions(waterfall) {
        line(&decision);
    }
    for failure in failures(waterfall) {
        line(&style.paint("31", &failure));
    }
    for name in names(waterfall) {
        line(&style.paint("36", &name));
    }
    line(&summary(waterfall));
    line(&milestones(waterfall));
    out
}

fn is_data(row: &Row) -> bool {
    row.url.starts_with("data:")
}

/// How wide the columns are; those that are 0 are left out.
struct Columns {
    number: usize,
    protocol: usize,
    priority: usize,
    initiator: usize,
    url: usize,
    bar: usize,
}

impl Columns {
    fn plan(waterfall: &Waterfall, page: Option<&str>, style: &TerminalStyle) -> Self {
        let mut columns = Self {
            number: waterfall.rows.len().to_string().len().max(2),
            protocol: if style.width >= 100 { 8 } else { 0 },
            priority: if style.width >= 130 { 8 } else { 0 },
            initiator: if style.width >= 150 { 9 } else { 0 },
            url: 0,
            bar: 0,
        };
        // One space stands before the URL, one before the bar.
        let free = style.width.saturating_sub(columns.left_width() + 1);
        let longest = waterfall
            .rows
            .iter()
            .map(|row| text::width(&text::short_url(&row.url, page, usize::MAX, style.ellipsis())))
            .max()
            .unwrap_or(0);
        columns.url = longest.clamp(3, (free * 2 / 5).max(8));
        columns.bar = free.saturating_sub(columns.url).max(10);
        columns
    }

    /// Everything left of the bar.
    fn left_width(&self) -> usize {
        text::width(&self.header())
    }

    fn header(&self) -> String {
        let mut line = format!("{} ", text::right("#", self.number));
        line.push_str("  st type   size conn   time ");
        self.optional(&mut line, ["protocol", "priority", "initiator"]);
        line.push_str(&text::left("URL", self.url));
        line
    }

    fn row(&self, index: usize, row: &Row, page: Option<&str>, style: &TerminalStyle) -> String {
        let mut line = text::right(&(index + 1).to_string(), self.number);
        line.push(if row.blocking == RenderBlocking::Blocking { '!' } else { ' ' });
        let (status, sgr) = status(row);
        line.push_str(&style.paint(sgr, &text::right(&status, 4)));
        line.push(' ');
        line.push_str(&text::left(row.resource.short(), 4));
        line.push(' ');
        line.push_str(&text::right(&size(row), 6));
        line.push(' ');
        line.push_str(&text::left(&connection(row), 4));
        line.push(' ');
        line.push_str(&text::right(&text::duration(row.duration()), 6));
        line.push(' ');
        let protocol = row.connection.as_ref().map_or("", |used| used.protocol.as_str());
        let initiator = row.initiator.as_ref().map_or("", |initiator| short_initiator(&initiator.kind));
        self.optional(
            &mut line,
            [
                &text::printable(protocol),
                &text::printable(row.priority.as_deref().unwrap_or_default()),
                &text::printable(initiator),
            ],
        );
        line.push_str(&text::left(&text::short_url(&row.url, page, self.url, style.ellipsis()), self.url));
        line
    }

    fn optional(&self, line: &mut String, texts: [&str; 3]) {
        for (columns, text) in [self.protocol, self.priority, self.initiator].into_iter().zip(texts) {
            if columns > 0 {
                line.push_str(&text::left(text, columns));
                line.push(' ');
            }
        }
    }
}

/// Three characters and their colour.
pub(super) fn status(row: &Row) -> (String, &'static str) {
    match (&row.outcome, row.status()) {
        (Outcome::Failed { .. }, _) => ("ERR".to_owned(), "1;31"),
        (Outcome::Canceled, _) => ("---".to_owned(), "90"),
        (Outcome::Pending, None) => ("...".to_owned(), "90"),
        (_, None) => (String::new(), ""),
        (_, Some(status @ 400..)) => (status.to_string(), "31"),
        (_, Some(status @ 300..)) => (status.to_string(), "33"),
        (_, Some(status)) => (status.to_string(), ""),
    }
}

/// Body bytes on the wire, or why there are none.
fn size(row: &Row) -> String {
    match row.cache {
        CacheUse::Hit => "memory".to_owned(),
        CacheUse::DiskHit => "disk".to_owned(),
        CacheUse::StoodIn => "stale".to_owned(),
        CacheUse::Joined => "joined".to_owned(),
        // A file has no wire: its size is what was read.
        _ if row.connection.is_none() => text::bytes(row.sizes.encoded.max(row.sizes.decoded)),
        _ => text::bytes(row.sizes.encoded),
    }
}

/// The connection's number, and a plus if this row is its first.
fn connection(row: &Row) -> String {
    match &row.connection {
        None => "-".to_owned(),
        Some(used) => format!("{}{}", used.id, if used.reuse == Reuse::New { "+" } else { "" }),
    }
}

fn short_initiator(kind: &str) -> &str {
    match kind {
        "navigation" => "user",
        "preload-scanner" => "preload",
        other => other,
    }
}

/// What the characters mean: those that are there.
fn legend(waterfall: &Waterfall, style: &TerminalStyle) -> String {
    let present = RowPhase::ALL.into_iter().filter(|phase| {
        waterfall.rows.iter().any(|row| row.segments.iter().any(|segment| segment.phase == *phase))
    });
    let entry = |phase: RowPhase| {
        let glyph = style.paint(TerminalStyle::sgr(phase), &style.glyph(phase).to_string());
        format!("{glyph} {}", phase.as_str())
    };
    present.map(entry).collect::<Vec<_>>().join("  ")
}

/// One line a row that failed without a response: its number, its URL, the step and the cause.
fn failures(waterfall: &Waterfall) -> Vec<String> {
    let mut lines = Vec::new();
    for (i, row) in waterfall.rows.iter().enumerate() {
        let Outcome::Failed { phase, message } = &row.outcome else { continue };
        let phase = phase.as_deref().map(|phase| format!("{phase}: ")).unwrap_or_default();
        let url = text::short_url(&row.url, None, 100, "...");
        lines.push(format!("#{} failed: {} ({url})", i + 1, text::printable(&format!("{phase}{message}"))));
    }
    lines
}

/// How many lookups are shown.
const NAMES_SHOWN: usize = 8;

/// One line a host whose name was looked up: what was found and by whom. And the proxies.
fn names(waterfall: &Waterfall) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut hosts: Vec<&str> = Vec::new();
    for row in &waterfall.rows {
        if let Some(proxy) = &row.proxy {
            let line = format!("through proxy {}", text::printable(proxy));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        if let Some(looked_up) = &row.lookup
            && !hosts.contains(&looked_up.host.as_str())
            && let Some(told) = lookup::row(looked_up)
        {
            hosts.push(&looked_up.host);
            if hosts.len() <= NAMES_SHOWN {
                lines.push(format!("dns {}", text::printable(&told)));
            }
        }
    }
    if hosts.len() > NAMES_SHOWN {
        lines.push(format!("dns and {} more", text::count(hosts.len() - NAMES_SHOWN, "host")));
    }
    lines
}

/// What the cache did, in words, where it did something.
fn cache_decisions(waterfall: &Waterfall) -> Vec<String> {
    let told = |(i, row): (usize, &Row)| {
        let is_telling =
            row.cache.is_cached() || matches!(row.cache, CacheUse::Revalidated | CacheUse::Joined);
        let words = row.cache_words.as_ref().filter(|_| is_telling)?;
        Some(format!("#{} cache: {}", i + 1, text::printable(words)))
    };
    let mut lines: Vec<String> = waterfall.rows.iter().enumerate().filter_map(told).collect();
    if lines.len() > CACHE_DECISIONS_NAMED {
        let more = lines.len() - CACHE_DECISIONS_NAMED;
        lines.truncate(CACHE_DECISIONS_NAMED);
        lines.push(format!("and {more} more from the cache (all with --json)"));
    }
    lines
}

/// Requests, bytes, connections, reuse, failures.
pub(super) fn summary(waterfall: &Waterfall) -> String {
    let totals = waterfall.totals();
    let mut parts = vec![
        text::count(totals.requests, "request"),
        format!("{} over the network", text::bytes(totals.encoded)),
        format!("{} decoded", text::bytes(totals.decoded)),
        text::count(totals.connections, "connection"),
    ];
    let optional = [
        (totals.unused, "unused"),
        (totals.reused, "reused"),
        (totals.cached, "cached"),
        (totals.redirects, "redirected"),
    ];
    parts.extend(optional.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
    parts.push(format!("{} failed", totals.failed));
    parts.join(", ")
}

/// The milestones with their letters and times, and the end.
fn milestones(waterfall: &Waterfall) -> String {
    let told = |milestone: &Milestone| {
        let at = text::duration(milestone.at.since(waterfall.start));
        let letter = letter(milestone.kind).map(|letter| format!("{letter} ")).unwrap_or_default();
        format!("{letter}{} {at}", milestone.kind.as_str())
    };
    let mut parts: Vec<String> = waterfall.milestones.iter().map(told).collect();
    parts.push(format!("end {}", text::duration(waterfall.end.since(waterfall.start))));
    parts.join(", ")
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
pub(super) mod tests;
