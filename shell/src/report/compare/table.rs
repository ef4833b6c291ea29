//! The comparison in a terminal: both loads beside each other, one request a line, what differs below it.

use std::fmt::Display;
use std::time::Duration;

use super::super::bars::Scale;
use super::super::row::{MilestoneKind, Reuse, Row, Waterfall};
use super::super::style::TerminalStyle;
use super::super::{terminal, text};
use super::difference::{Change, PhaseChange, Weight, is_marked};
use super::{Compared, Comparison, Standing, Verdict};

/// The comparison as text, lines ended by newlines. The names are what the user calls the two.
pub fn render(comparison: &Comparison<'_>, names: [&str; 2], style: &TerminalStyle) -> String {
    let columns = Columns::plan(comparison, style);
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    for (side, name) in ["A", "B"].into_iter().zip(names) {
        line(&format!("{side}  {}", text::printable(name)));
    }
    line("");
    line(&style.paint("1", &columns.header()));
    for request in &comparison.requests {
        line(&columns.line(comparison, request, style));
        for detail in details(comparison, request, style) {
            line(&detail);
        }
    }
    line("");
    for sum in sums(comparison, style) {
        line(&sum);
    }
    line("");
    line(&verdict(comparison, style));
    out
}

/// How wide the columns are; bars of 0 are left out.
struct Columns {
    url: usize,
    connection: usize,
    bar: usize,
    scales: [Scale; 2],
}

impl Columns {
    fn plan(comparison: &Comparison<'_>, style: &TerminalStyle) -> Self {
        let connection = if style.width >= 100 { 5 } else { 0 };
        // mark 2, url, then twice " │ " status 3 size 7 time 7 connection, then the change 10
        let fixed = 2 + 2 * (3 + 3 + 7 + 7 + connection) + 10;
        let free = style.width.saturating_sub(fixed);
        let url = if style.width >= 130 { (free / 3).clamp(20, 50) } else { free.max(12) };
        let bar = free.saturating_sub(url + 4) / 2;
        let bar = if style.width >= 130 { bar } else { 0 };
        let length = |waterfall: &Waterfall| waterfall.end.since(waterfall.start);
        let longest = length(comparison.before).max(length(comparison.after));
        let scales = [comparison.before, comparison.after].map(|side| Scale::new(side.start, longest, bar));
        Self { url, connection, bar, scales }
    }

    fn header(&self) -> String {
        let side = |name: &str| {
            let connection = if self.connection > 0 { " conn" } else { "" };
            format!(" {name}  st   size   time{connection}")
        };
        let mut line = format!("  {}{}{}    change", text::left("URL", self.url), side("A"), side("B"));
        if self.bar > 0 {
            let axis = text::left(&self.scales[0].axis(), self.bar);
            line.push_str(&format!("  {axis}  {axis}"));
        }
        line
    }

    fn line(&self, comparison: &Comparison<'_>, request: &Compared, style: &TerminalStyle) -> String {
        let row = |waterfall: &'_ Waterfall, index: Option<usize>| {
            index.and_then(|i| waterfall.rows.get(i).cloned())
        };
        let rows = [row(comparison.before, request.pair.before), row(comparison.after, request.pair.after)];
        let (mark, sgr) = match request.standing() {
            Standing::Same => (' ', ""),
            Standing::Noted => (style.pick('·', '.'), "90"),
            Standing::Changed => ('~', "33"),
            Standing::Added => ('+', "32"),
            Standing::Removed => ('-', "31"),
        };
        // The URL is the second's, where it is there: that is what the user has now.
        let [a, b] = &rows;
        let (shown, side) = if b.is_some() { (b, comparison.after) } else { (a, comparison.before) };
        let page = side.rows.first().map(|row| row.url.as_str());
        let url = shown.as_ref().map_or("", |row| row.url.as_str());
        let url = text::short_url(url, page, self.url, style.ellipsis());
        let mut line = style.paint(sgr, &format!("{mark} {}", text::left(&url, self.url)));
        for row in &rows {
            line.push_str(style.pick(" │ ", " | "));
            line.push_str(&self.side(row.as_ref(), style));
        }
        let times = a.as_ref().zip(b.as_ref()).map(|(a, b)| (a.duration(), b.duration()));
        line.push_str(&times.map_or_else(|| " ".repeat(10), |(a, b)| time_change(a, b, 10, style)));
        if self.bar > 0 {
            let sides = [comparison.before, comparison.after];
            for ((row, scale), side) in rows.iter().zip(&self.scales).zip(sides) {
                let bar =
                    row.as_ref().map_or_else(String::new, |row| scale.bar(row, &side.milestones, style));
                let visible = row
                    .as_ref()
                    .map_or(0, |row| text::width(&scale.bar(row, &side.milestones, &style.plain())));
                line.push_str(&format!("  {bar}{}", " ".repeat(self.bar.saturating_sub(visible))));
            }
        }
        line
    }

    fn side(&self, row: Option<&Row>, style: &TerminalStyle) -> String {
        let Some(row) = row else { return " ".repeat(17 + self.connection) };
        let (status, sgr) = terminal::status(row);
        let mut text = style.paint(sgr, &text::right(&status, 3));
        text.push_str(&text::right(&text::bytes(row.sizes.encoded), 7));
        text.push_str(&text::right(&text::duration(row.duration()), 7));
        if self.connection > 0 {
            let used = row.connection.as_ref().map_or_else(
                || "-".to_owned(),
                |used| format!("{}{}", used.id, if used.reuse == Reuse::New { "+" } else { "" }),
            );
            text.push_str(&text::left(&format!(" {used}"), self.connection));
        }
        text
    }
}

/// The change of a time, marked with `!` and colour where it is more than noise.
fn time_change(before: Duration, after: Duration, columns: usize, style: &TerminalStyle) -> String {
    let marked = is_marked(before, after);
    let change = format!("{}{}", text::duration_change(before, after), if marked { '!' } else { ' ' });
    let sgr = match (marked, after > before) {
        (false, _) => "",
        (true, true) => "31",
        (true, false) => "32",
    };
    style.paint(sgr, &text::right(&change, columns))
}

/// What differs, below the line: structure, then what is noted, then the phases whose times changed much.
fn details(comparison: &Comparison<'_>, request: &Compared, style: &TerminalStyle) -> Vec<String> {
    let arrow = style.pick("→", "->");
    let mut lines = Vec::new();
    let told = |change: &Change| {
        let [before, after] = [&change.before, &change.after].map(|text| text::printable(text));
        format!("{} {before} {arrow} {after}", change.what)
    };
    // URLs are long: each has its own line, and no host where the page's own moved.
    for change in request.changes.iter().filter(|change| change.what == "URL") {
        let columns = style.width.saturating_sub(14);
        let first = |waterfall: &Waterfall| waterfall.rows.first().map(|row| row.url.clone());
        let pages = if request.pair.by == super::Match::Page {
            [None, None]
        } else {
            [comparison.before, comparison.after].map(first)
        };
        for (name, url, page) in [("was", &change.before, &pages[0]), ("is", &change.after, &pages[1])] {
            lines.push(format!(
                "URL {name} {}",
                text::short_url(url, page.as_deref(), columns, style.ellipsis())
            ));
        }
    }
    for weight in [Weight::Structure, Weight::Noted] {
        let of_weight =
            request.changes.iter().filter(|change| change.weight == weight && change.what != "URL");
        lines.extend(wrap(of_weight.map(told), style.width));
    }
    let marked = request
        .phases
        .iter()
        .filter(|change| is_marked(change.before.unwrap_or_default(), change.after.unwrap_or_default()));
    let phase = |change: &PhaseChange| {
        let time = |time: Option<Duration>| time.map_or_else(|| "none".to_owned(), text::duration);
        format!("{} {} {arrow} {}", change.phase.as_str(), time(change.before), time(change.after))
    };
    lines.extend(wrap(marked.map(phase), style.width));
    lines.into_iter().map(|line| format!("      {line}")).collect()
}

/// Parts joined by commas, in lines that fit.
fn wrap(parts: impl Iterator<Item = String>, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(last) if text::width(last) + text::width(&part) + 8 <= columns => {
                last.push_str(", ");
                last.push_str(&part);
            }
            _ => lines.push(part),
        }
    }
    lines
}

/// The sums and the milestones of both, with their changes.
fn sums(comparison: &Comparison<'_>, style: &TerminalStyle) -> Vec<String> {
    let (a, b) = (comparison.before.totals(), comparison.after.totals());
    let row = |name: &str, cells: [&dyn Display; 3]| {
        let [a, b, change] = cells.map(|cell| text::right(&cell.to_string(), 10));
        format!("{}{a}{b}{change}", text::left(name, 22))
    };
    let mut lines = vec![style.paint("1", &row("", [&"A", &"B", &"change "]))];
    let counts = [
        ("requests", a.requests, b.requests),
        ("connections", a.connections, b.connections),
        ("reused", a.reused, b.reused),
        ("cached", a.cached, b.cached),
        ("redirected", a.redirects, b.redirects),
        ("failed", a.failed, b.failed),
    ];
    for (name, a, b) in counts {
        if a > 0 || b > 0 || matches!(name, "requests" | "failed") {
            let change = signed(a as u64, b as u64, |n| n.to_string());
            lines.push(row(name, [&a, &b, &format!("{change} ")]));
        }
    }
    for (name, a, b) in [("over the network", a.encoded, b.encoded), ("decoded", a.decoded, b.decoded)] {
        let change = signed(a, b, text::bytes);
        lines.push(row(name, [&text::bytes(a), &text::bytes(b), &format!("{change} ")]));
    }
    let kinds = [
        MilestoneKind::FirstByte,
        MilestoneKind::FirstPaint,
        MilestoneKind::DomContentLoaded,
        MilestoneKind::Load,
        MilestoneKind::NetworkIdle,
    ];
    let time = |time: Option<Duration>| time.map_or_else(|| "-".to_owned(), text::duration);
    let mut times = |name: &str, a: Option<Duration>, b: Option<Duration>| {
        let change = a.zip(b).map_or_else(String::new, |(a, b)| time_change(a, b, 10, style));
        let cells = [a, b].map(|side| text::right(&time(side), 10));
        lines.push(format!("{}{}{}{change}", text::left(name, 22), cells[0], cells[1]));
    };
    for kind in kinds {
        let at = |side: &Waterfall| side.milestone(kind).map(|at| at.since(side.start));
        let (a, b) = (at(comparison.before), at(comparison.after));
        if a.is_some() || b.is_some() {
            times(kind.as_str(), a, b);
        }
    }
    let end = |side: &Waterfall| Some(side.end.since(side.start));
    times("end", end(comparison.before), end(comparison.after));
    lines
}

fn signed(a: u64, b: u64, show: impl Fn(u64) -> String) -> String {
    match b.cmp(&a) {
        std::cmp::Ordering::Equal => "±0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", show(b - a)),
        std::cmp::Ordering::Less => format!("-{}", show(a - b)),
    }
}

fn verdict(comparison: &Comparison<'_>, style: &TerminalStyle) -> String {
    let told = [
        (Standing::Added, "added"),
        (Standing::Removed, "removed"),
        (Standing::Changed, "changed"),
        (Standing::Noted, "alike but for what varies by itself"),
        (Standing::Same, "alike"),
    ];
    let counts = told.iter().map(|(standing, word)| (comparison.count(*standing), word));
    let mut parts: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if comparison.reordered > 0 {
        parts.push(format!("{} in another order", comparison.reordered));
    }
    let (word, sgr) = match comparison.verdict() {
        Verdict::Same => ("The loads do not differ", "32"),
        Verdict::Differ => ("The loads differ", "33"),
    };
    let parts = if parts.is_empty() { "no requests".to_owned() } else { parts.join(", ") };
    format!("{} ({parts}; times do not count)", style.paint(sgr, word))
}
