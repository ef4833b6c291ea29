//! Time as characters: the axis, the bars of rows, the marks of milestones.

use std::time::Duration;

use siskin_net::Timestamp;

use super::row::{Milestone, MilestoneKind, Outcome, Row, RowPhase};
use super::style::TerminalStyle;

/// A stretch of time laid over a number of character cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The time at the left edge of the first cell.
    pub(super) start: Timestamp,
    /// The time over all cells; never zero.
    total: Duration,
    /// How many cells.
    pub(super) cells: usize,
}

/// The milestones that are drawn, with their letters.
const MARKED: [(MilestoneKind, char); 4] = [
    (MilestoneKind::FirstByte, 'B'),
    (MilestoneKind::FirstPaint, 'P'),
    (MilestoneKind::DomContentLoaded, 'D'),
    (MilestoneKind::Load, 'L'),
];

impl Scale {
    pub(super) fn new(start: Timestamp, total: Duration, cells: usize) -> Self {
        Self { start, total: total.max(Duration::from_nanos(1)), cells: cells.max(1) }
    }

    /// The position of a moment in cells, from 0.0 to the number of cells.
    fn position(&self, at: Timestamp) -> f64 {
        let share = at.since(self.start).as_secs_f64() / self.total.as_secs_f64();
        (share * self.cells as f64).clamp(0.0, self.cells as f64)
    }

    /// The cell in which a moment lies.
    fn cell(&self, at: Timestamp) -> usize {
        (self.position(at) as usize).min(self.cells - 1)
    }

    /// The cells that a stretch of time touches: one at least.
    fn touched(&self, start: Timestamp, end: Timestamp) -> std::ops::Range<usize> {
        let first = self.cell(start);
        let last = (self.position(end).ceil() as usize).clamp(first + 1, self.cells);
        first..last
    }

    /// The axis: a label at every round step, at the cell of its time.
    pub(super) fn axis(&self) -> String {
        let mut line = String::new();
        let step = self.step();
        for i in 0..=self.cells {
            let at = step.saturating_mul(u32::try_from(i).unwrap_or(u32::MAX));
            if at > self.total {
                break;
            }
            let cell = self.position(self.start + at) as usize;
            let label = tick(at, step);
            if cell + label.len() > self.cells || (i > 0 && cell <= line.len()) {
                break;
            }
            line.push_str(&" ".repeat(cell - line.len()));
            line.push_str(&label);
        }
        line
    }

    /// The smallest of 1, 2, 5, 10 … (µs) whose labels keep apart.
    fn step(&self) -> Duration {
        let fits = |step: &Duration| {
            let apart = self.cells as f64 * step.as_secs_f64() / self.total.as_secs_f64();
            apart >= 8.0
        };
        let decades = (0..15).flat_map(|decade| [1, 2, 5].map(|digit| digit * 10_u64.pow(decade)));
        decades.map(Duration::from_micros).find(fits).unwrap_or(self.total)
    }

    /// The bar of a row: in each cell the phase that fills most of it, and milestones where the row is idle.
    pub(super) fn bar(&self, row: &Row, milestones: &[Milestone], style: &TerminalStyle) -> String {
        let touched = self.touched(row.start, row.end);
        let mut line = String::new();
        for cell in 0..self.cells {
            if !touched.contains(&cell) {
                line.push(self.mark_in(cell, milestones, style));
            } else if cell + 1 == touched.end && matches!(row.outcome, Outcome::Failed { .. }) {
                line.push_str(&style.paint("31", style.pick("✗", "x")));
            } else {
                let phase = self.phase_in(cell, row);
                line.push_str(&style.paint(TerminalStyle::sgr(phase), &style.glyph(phase).to_string()));
            }
        }
        line.trim_end().to_owned()
    }

    /// The phase with most of a cell's time; of equals the later one.
    fn phase_in(&self, cell: usize, row: &Row) -> RowPhase {
        let overlap = |start: Timestamp, end: Timestamp| {
            let from = self.position(start).max(cell as f64);
            let to = self.position(end).min((cell + 1) as f64);
            to - from
        };
        let mut most = (f64::NEG_INFINITY, RowPhase::Receive);
        for segment in &row.segments {
            let share = overlap(segment.start, segment.end);
            if share >= most.0 {
                most = (share, segment.phase);
            }
        }
        most.1
    }

    fn mark_in(&self, cell: usize, milestones: &[Milestone], style: &TerminalStyle) -> char {
        let mut here = milestones.iter().filter(|m| self.cell(m.at) == cell).map(|m| m.kind);
        let strongest = here.by_ref().filter(|kind| *kind != MilestoneKind::NetworkIdle).max();
        match strongest {
            None | Some(MilestoneKind::NetworkIdle) => ' ',
            Some(MilestoneKind::FirstByte) => style.pick('┊', ':'),
            Some(MilestoneKind::FirstPaint) => style.pick('┆', ':'),
            Some(MilestoneKind::DomContentLoaded) => style.pick('│', '|'),
            Some(MilestoneKind::Load) => style.pick('┃', '|'),
        }
    }

    /// The letters of the milestones under their marks; letters of one cell stand side by side.
    pub(super) fn letters(&self, milestones: &[Milestone]) -> String {
        let mut line = String::new();
        for milestone in milestones {
            let Some(letter) = letter(milestone.kind) else { continue };
            let cell = self.cell(milestone.at);
            line.push_str(&" ".repeat(cell.saturating_sub(line.len())));
            line.push(letter);
        }
        line
    }
}

/// The letter under a milestone's mark.
pub(super) fn letter(kind: MilestoneKind) -> Option<char> {
    MARKED.iter().find(|(marked, _)| *marked == kind).map(|(_, letter)| *letter)
}

/// A label of the axis, in the unit that suits the step.
fn tick(at: Duration, step: Duration) -> String {
    let whole = |value: f64| {
        let text = format!("{value:.3}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if at.is_zero() {
        "0".to_owned()
    } else if step >= Duration::from_millis(500) {
        format!("{}s", whole(at.as_secs_f64()))
    } else {
        format!("{}ms", whole(at.as_secs_f64() * 1e3))
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::Segment;
    use super::super::style::{Charset, Color};
    use super::super::terminal::tests::plain_row;
    use super::*;

    const ASCII: TerminalStyle = TerminalStyle { width: 80, color: Color::Plain, charset: Charset::Ascii };

    fn ms(ms: u64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn the_axis_has_round_steps() {
        let axis = |total, cells| Scale::new(ms(7), Duration::from_micros(total), cells).axis();
        assert_eq!(axis(100_000, 50), "0         20ms      40ms      60ms      80ms");
        assert_eq!(axis(100_000, 27), "0            50ms");
        assert_eq!(axis(1_000, 27), "0            0.5ms");
        assert_eq!(axis(2_000_000, 40), "0         0.5s      1s        1.5s");
        assert_eq!(axis(0, 10), "0");
        assert_eq!(axis(60_000_000, 30), "0         20s       40s");
    }

    #[test]
    fn each_cell_shows_the_phase_that_fills_most_of_it() {
        let mut row = plain_row("http://h/");
        (row.start, row.end) = (ms(10), ms(50));
        let parts = [
            (RowPhase::Queue, 10, 20),
            (RowPhase::Connect, 20, 26),
            (RowPhase::Wait, 26, 40),
            (RowPhase::Receive, 40, 50),
        ];
        row.segments =
            parts.map(|(phase, start, end)| Segment { phase, start: ms(start), end: ms(end) }).to_vec();
        let milestones = [
            Milestone { kind: MilestoneKind::DomContentLoaded, at: ms(45) },
            Milestone { kind: MilestoneKind::Load, at: ms(71) },
        ];
        let scale = Scale::new(ms(0), Duration::from_millis(80), 16);
        assert_eq!(scale.bar(&row, &milestones, &ASCII), "  ..c---##    |");
        assert_eq!(scale.letters(&milestones), "         D    L");
        row.outcome = Outcome::Failed { phase: None, message: String::new() };
        assert_eq!(scale.bar(&row, &[], &ASCII), "  ..c---#x");
    }

    #[test]
    fn a_row_without_time_still_has_a_cell() {
        let mut row = plain_row("http://h/");
        (row.start, row.end) = (ms(80), ms(80));
        row.segments = vec![Segment { phase: RowPhase::Receive, start: ms(80), end: ms(80) }];
        let scale = Scale::new(ms(0), Duration::from_millis(80), 8);
        assert_eq!(scale.bar(&row, &[], &ASCII), "       #");
    }
}
