//! The waterfall as SVG: one file that any browser and any README shows, with texts that can be searched and read out.
//!
//! Phases differ in height and fill, not in colour alone: waiting for one's turn is a thin line, the steps of a
//! connection are low bars, waiting for the answer is a pale bar, receiving a solid one.

use std::fmt::Write;

use siskin_net::Timestamp;

use super::bars::letter;
use super::row::{MilestoneKind, Outcome, RenderBlocking, ResourceType, Row, RowPhase, Waterfall};
use super::{lookup, terminal, text};

/// Sizes in px.
const ROW: f64 = 20.0;
const HEAD: f64 = 28.0;
const LABEL: f64 = 300.0;
const BARS: f64 = 660.0;
/// Space for the time behind the longest bar.
const TAIL: f64 = 64.0;
const FOOT: f64 = 64.0;

/// The waterfall as an SVG document.
pub fn render(waterfall: &Waterfall) -> String {
    let axis = Axis::new(waterfall);
    let below = HEAD + ROW * waterfall.rows.len() as f64;
    let (width, height) = (LABEL + BARS + TAIL, below + FOOT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        escaped(&terminal::summary(waterfall))
    );
    axis.grid(&mut svg, below);
    let page = waterfall.rows.first().map(|row| row.url.as_str());
    for (i, row) in waterfall.rows.iter().enumerate() {
        let y = HEAD + ROW * i as f64;
        put(&mut svg, format_args!("<g>\n<title>{}</title>\n", escaped(&told(row))));
        label(&mut svg, row, i, page, y);
        bar(&mut svg, row, &axis, y);
        svg.push_str("</g>\n");
    }
    milestones(&mut svg, waterfall, &axis, below);
    legend(&mut svg, below + 40.0);
    put(
        &mut svg,
        format_args!(
            "<text x=\"8\" y=\"{:.1}\" fill=\"#555\">{}</text>\n</svg>\n",
            below + 58.0,
            escaped(&terminal::summary(waterfall))
        ),
    );
    svg
}

/// Writing to a String cannot fail.
fn put(svg: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(arguments);
}

/// Time to px.
struct Axis {
    start: Timestamp,
    seconds: f64,
}

impl Axis {
    fn new(waterfall: &Waterfall) -> Self {
        let seconds = waterfall.end.since(waterfall.start).as_secs_f64().max(1e-6);
        Self { start: waterfall.start, seconds }
    }

    fn x(&self, at: Timestamp) -> f64 {
        LABEL + BARS * (at.since(self.start).as_secs_f64() / self.seconds).min(1.0)
    }

    /// Vertical lines at round steps, at most ten of them.
    fn grid(&self, svg: &mut String, below: f64) {
        let decades = (-6..10).flat_map(|decade| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(decade)));
        let step = decades.into_iter().find(|step| self.seconds / step <= 10.0).unwrap_or(self.seconds);
        for i in 0..=10 {
            let at = step * f64::from(i);
            if at > self.seconds {
                break;
            }
            let x = LABEL + BARS * at / self.seconds;
            let name =
                if step >= 0.5 { format!("{at} s") } else { format!("{} ms", (at * 1e6).round() / 1e3) };
            put(
                svg,
                format_args!(
                    "<path d=\"M{x:.1} {HEAD}V{below:.1}\" stroke=\"#e4e4e4\"/>\
                     <text x=\"{x:.1}\" y=\"18\" fill=\"#777\" text-anchor=\"middle\">{name}</text>\n"
                ),
            );
        }
    }
}

/// Number, mark, status, URL.
fn label(svg: &mut String, row: &Row, index: usize, page: Option<&str>, y: f64) {
    if index.is_multiple_of(2) {
        put(svg, format_args!("<rect y=\"{y:.1}\" width=\"{LABEL}\" height=\"{ROW}\" fill=\"#f6f6f6\"/>\n"));
    }
    let (status, _) = terminal::status(row);
    let color = match (&row.outcome, row.status()) {
        (Outcome::Failed { .. }, _) | (_, Some(400..)) => "#c00",
        (Outcome::Redirected { .. }, _) => "#960",
        _ => "#222",
    };
    let mark = if row.blocking == RenderBlocking::Blocking { "!" } else { "" };
    let base = y + 14.0;
    put(
        svg,
        format_args!(
            "<text y=\"{base:.1}\" fill=\"{color}\"><tspan x=\"26\" text-anchor=\"end\">{number}{mark}</tspan>\
             <tspan x=\"32\">{status}</tspan><tspan x=\"62\">{url}</tspan></text>\n",
            number = index + 1,
            url = escaped(&text::short_url(&row.url, page, 34, "…")),
        ),
    );
}

fn bar(svg: &mut String, row: &Row, axis: &Axis, y: f64) {
    for segment in &row.segments {
        let (x, end) = (axis.x(segment.start), axis.x(segment.end));
        let (height, fill) = look(segment.phase, row.resource);
        // What was too quick to have a width is a hairline where it ended something.
        let width = (end - x).max(if segment.phase == RowPhase::Receive { 1.0 } else { 0.0 });
        if width > 0.0 {
            let top = y + (ROW - height) / 2.0;
            put(
                svg,
                format_args!(
                    "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{fill}\"/>\n"
                ),
            );
        }
    }
    let (x, middle) = (axis.x(row.end), y + ROW / 2.0);
    if matches!(row.outcome, Outcome::Failed { .. }) {
        let cross = format!("M{:.1} {:.1}l8 8m0 -8l-8 8", x - 4.0, middle - 4.0);
        put(svg, format_args!("<path d=\"{cross}\" stroke=\"#c00\" stroke-width=\"2\"/>\n"));
    }
    let time = text::duration(row.duration());
    put(svg, format_args!("<text x=\"{:.1}\" y=\"{:.1}\" fill=\"#777\">{time}</text>\n", x + 6.0, y + 14.0));
}

/// Height and fill of a phase; receiving has its resource's colour.
const fn look(phase: RowPhase, resource: ResourceType) -> (f64, &'static str) {
    match phase {
        RowPhase::Queue => (1.0, "#888"),
        RowPhase::Stall => (3.0, "#aaa"),
        RowPhase::Dns => (5.0, "#007b84"),
        RowPhase::Connect => (7.0, "#ff7b00"),
        RowPhase::Tls => (9.0, "#cf25df"),
        RowPhase::Send => (14.0, "#607080"),
        RowPhase::Wait => (14.0, "#d8dce0"),
        RowPhase::Receive => (
            14.0,
            match resource {
                ResourceType::Document => "#3f7fd0",
                ResourceType::Stylesheet => "#3f9a55",
                ResourceType::Script => "#d08a2c",
                ResourceType::Image => "#8e5bc0",
                ResourceType::Font => "#d0483c",
                ResourceType::Media => "#1f9a7a",
                ResourceType::Manifest | ResourceType::Fetch | ResourceType::Other => "#777",
            },
        ),
    }
}

fn milestones(svg: &mut String, waterfall: &Waterfall, axis: &Axis, below: f64) {
    for milestone in &waterfall.milestones {
        let Some(letter) = letter(milestone.kind) else { continue };
        let (color, dash) = match milestone.kind {
            MilestoneKind::FirstByte => ("#888", "2 3"),
            MilestoneKind::FirstPaint => ("#28bc00", "4 3"),
            MilestoneKind::DomContentLoaded => ("#b057bd", "8 3"),
            MilestoneKind::Load | MilestoneKind::NetworkIdle => ("#00c", "none"),
        };
        let x = axis.x(milestone.at);
        let time = text::duration(milestone.at.since(waterfall.start));
        put(
            svg,
            format_args!(
                "<g><title>{name} {time}</title><path d=\"M{x:.1} {HEAD}V{end:.1}\" stroke=\"{color}\" stroke-dasharray=\"{dash}\"/>\
                 <text x=\"{x:.1}\" y=\"{base:.1}\" fill=\"{color}\" text-anchor=\"middle\">{letter}</text></g>\n",
                name = milestone.kind.as_str(),
                end = below + 4.0,
                base = below + 16.0,
            ),
        );
    }
}

fn legend(svg: &mut String, y: f64) {
    let mut x = 8.0;
    for phase in RowPhase::ALL {
        let (height, fill) = look(phase, ResourceType::Document);
        put(
            svg,
            format_args!(
                "<rect x=\"{x}\" y=\"{:.1}\" width=\"18\" height=\"{height}\" fill=\"{fill}\"/>\
                 <text x=\"{}\" y=\"{y}\" fill=\"#555\">{}</text>\n",
                y - 4.0 - height / 2.0,
                x + 23.0,
                phase.as_str()
            ),
        );
        x += 84.0;
    }
}

/// The row in words: what the pointer is told.
fn told(row: &Row) -> String {
    let phases = RowPhase::ALL
        .into_iter()
        .filter_map(|phase| Some(format!("{} {}", phase.as_str(), text::duration(row.phase(phase)?))));
    let url = text::short_url(&row.url, None, 300, "…");
    let mut lines = vec![format!("{} {url}", text::printable(&row.method))];
    if let Outcome::Failed { message, .. } = &row.outcome {
        lines.push(text::printable(message));
    }
    if let Some(words) = &row.cache_words {
        lines.push(format!("cache: {}", text::printable(words)));
    }
    lines.push(phases.collect::<Vec<_>>().join(", "));
    lines.extend(row.proxy.as_ref().map(|proxy| format!("through proxy {}", text::printable(proxy))));
    lines.extend(row.lookup.as_ref().and_then(lookup::row).map(|told| text::printable(&told)));
    lines.join("\n")
}

/// Text that markup does not end. What XML cannot hold at all was replaced by [`text::printable`] before, but for
/// line ends.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::terminal::tests::page;
    use super::*;

    #[test]
    fn every_row_and_milestone_is_drawn_and_nothing_breaks_out() {
        let mut waterfall = page();
        waterfall.rows[0].url = "http://h/<script>&\"\x1b".to_owned();
        let svg = render(&waterfall);
        assert_eq!(svg.matches("<g>\n").count(), 5);
        assert_eq!(svg.matches("<g><title>").count(), 4);
        assert!(!svg.contains("<script>") && !svg.contains('\x1b'), "{svg}");
        assert!(svg.contains("dns: ") || svg.contains("no \u{fffd}[31maddress"), "{svg}");
        assert!(svg.contains("wait 20.0ms, receive 10.0ms"), "{svg}");
        // The document's answer came 30 of 80 ms after the start: there the receiving begins.
        let x = LABEL + BARS * 30.0 / 80.0;
        assert!(
            svg.contains(&format!(
                "<rect x=\"{x:.1}\" y=\"31.0\" width=\"82.5\" height=\"14\" fill=\"#3f7fd0\"/>"
            )),
            "{svg}"
        );
    }
}
