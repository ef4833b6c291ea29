//! How a report may look in the terminal that it is written to: width, colour, characters.

use std::io::IsTerminal;

use super::row::RowPhase;
use crate::args::ColorChoice;

/// The look of terminal reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalStyle {
    /// Columns to fill.
    pub width: usize,
    /// Whether colours are written.
    pub color: Color,
    /// Which characters may be used.
    pub charset: Charset,
}

/// Whether colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Color {
    /// Text alone: every difference can be seen without colour anyway.
    Plain,
    /// ANSI colour sequences.
    Ansi,
}

/// Which characters may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charset {
    /// Box and block characters.
    Unicode,
    /// ASCII only.
    Ascii,
}

/// The width of reports that go to a file or a pipe.
const PIPE_WIDTH: usize = 120;
/// Narrower than this, tables are not shown any narrower: the terminal wraps.
const MIN_WIDTH: usize = 60;
/// Wider than this, bars gain nothing.
const MAX_WIDTH: usize = 400;

impl TerminalStyle {
    /// The style for standard output, from the terminal and the environment.
    pub fn detect(wish: ColorChoice) -> Self {
        let tty = std::io::stdout().is_terminal();
        let size = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self::from_facts(wish, size.filter(|_| tty), |name| std::env::var(name).ok())
    }

    /// The style for a terminal of this width (`None`: a pipe), in an environment.
    ///
    /// `COLUMNS` decides the width of a pipe, `NO_COLOR` (<https://no-color.org>), `CLICOLOR_FORCE` and `TERM` the
    /// colour, and the locale the characters. A locale that is not set at all is taken for a modern one: containers
    /// seldom set it, and what shows their output speaks UTF-8.
    fn from_facts(wish: ColorChoice, terminal: Option<usize>, var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| var(name).filter(|value| !value.is_empty());
        let columns = set("COLUMNS").and_then(|value| value.parse().ok());
        let width = terminal.or(columns).unwrap_or(PIPE_WIDTH).clamp(MIN_WIDTH, MAX_WIDTH);
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let forced = set("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let colored = match wish {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => set("NO_COLOR").is_none() && (forced || (terminal.is_some() && !dumb)),
        };
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        let utf8 = locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        Self {
            width,
            color: if colored { Color::Ansi } else { Color::Plain },
            charset: if utf8 { Charset::Unicode } else { Charset::Ascii },
        }
    }

    /// The same without colour.
    pub(super) const fn plain(self) -> Self {
        Self { color: Color::Plain, ..self }
    }

    /// The text in a colour (SGR parameters), where colours are written.
    pub(super) fn paint(&self, sgr: &str, text: &str) -> String {
        match self.color {
            Color::Ansi if !sgr.is_empty() && !text.is_empty() => format!("\x1b[{sgr}m{text}\x1b[0m"),
            Color::Ansi | Color::Plain => text.to_owned(),
        }
    }

    /// The first text with Unicode, the second with ASCII.
    pub(super) const fn pick<T: Copy>(&self, unicode: T, ascii: T) -> T {
        match self.charset {
            Charset::Unicode => unicode,
            Charset::Ascii => ascii,
        }
    }

    /// Stands for what was left out.
    pub(super) const fn ellipsis(&self) -> &'static str {
        self.pick("…", "...")
    }

    /// The character of a phase: each differs from the others in shape, so that colour is not needed.
    pub(super) const fn glyph(&self, phase: RowPhase) -> char {
        match phase {
            RowPhase::Queue => self.pick('·', '.'),
            RowPhase::Stall => self.pick('┄', '~'),
            RowPhase::Dns => self.pick('▁', 'd'),
            RowPhase::Connect => self.pick('▃', 'c'),
            RowPhase::Tls => self.pick('▅', 's'),
            RowPhase::Send => self.pick('›', '>'),
            RowPhase::Wait => self.pick('░', '-'),
            RowPhase::Receive => self.pick('█', '#'),
        }
    }

    /// The colour of a phase: those of developer tools, in the terminal's own palette.
    pub(super) const fn sgr(phase: RowPhase) -> &'static str {
        match phase {
            RowPhase::Queue | RowPhase::Stall => "90",
            RowPhase::Dns => "36",
            RowPhase::Connect => "33",
            RowPhase::Tls => "35",
            RowPhase::Send => "37",
            RowPhase::Wait => "32",
            RowPhase::Receive => "34",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_and_environment_decide() {
        use Charset::{Ascii, Unicode};
        use Color::{Ansi, Plain};
        use ColorChoice::{Always, Auto, Never};
        type Case<'a> = (ColorChoice, Option<usize>, &'a [(&'a str, &'a str)], (usize, Color, Charset));
        let cases: &[Case] = &[
            (Auto, None, &[], (120, Plain, Unicode)),
            (Auto, Some(80), &[], (80, Ansi, Unicode)),
            (Auto, Some(80), &[("NO_COLOR", "1")], (80, Plain, Unicode)),
            (Auto, Some(80), &[("NO_COLOR", "")], (80, Ansi, Unicode)),
            (Auto, Some(80), &[("TERM", "dumb")], (80, Plain, Unicode)),
            (Auto, None, &[("CLICOLOR_FORCE", "1")], (120, Ansi, Unicode)),
            (Auto, None, &[("CLICOLOR_FORCE", "0"), ("COLUMNS", "200")], (200, Plain, Unicode)),
            (Always, None, &[("NO_COLOR", "1"), ("COLUMNS", "x")], (120, Ansi, Unicode)),
            (Never, Some(10), &[], (60, Plain, Unicode)),
            (Auto, Some(9999), &[("LANG", "C")], (400, Ansi, Ascii)),
            (Auto, None, &[("LANG", "C"), ("LC_ALL", "en_US.UTF-8")], (120, Plain, Unicode)),
            (Auto, None, &[("LANG", "de_DE.utf8"), ("LC_CTYPE", "POSIX")], (120, Plain, Ascii)),
        ];
        for (wish, terminal, env, (width, color, charset)) in cases {
            let var = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            let style = TerminalStyle::from_facts(*wish, *terminal, var);
            let expected = TerminalStyle { width: *width, color: *color, charset: *charset };
            assert_eq!(style, expected, "{wish:?} {terminal:?} {env:?}");
        }
    }

    #[test]
    fn phases_differ_without_colour() {
        for charset in [Charset::Unicode, Charset::Ascii] {
            let style = TerminalStyle { width: 80, color: Color::Plain, charset };
            let mut glyphs: Vec<char> = RowPhase::ALL.iter().map(|phase| style.glyph(*phase)).collect();
            glyphs.sort_unstable();
            glyphs.dedup();
            assert_eq!(glyphs.len(), RowPhase::ALL.len());
        }
    }
}
