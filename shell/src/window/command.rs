//! What keys mean: the bindings that all desktop browsers share.

/// A key that has a meaning here; the window system's keys are translated into these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// The space bar.
    Space,
    /// Backspace.
    Backspace,
    /// Escape.
    Escape,
    /// A function key, by number.
    Function(u8),
    /// The key "back" of some keyboards.
    BrowserBack,
    /// The key "forward".
    BrowserForward,
    /// A character, lower case.
    Character(char),
}

/// The modifiers that are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Modifiers {
    /// Control; Command on a Mac.
    pub control: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

/// What the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Move over the page.
    Scroll(Scroll),
    /// To the page before.
    Back,
    /// To the page after.
    Forward,
    /// Load the page again.
    Reload,
    /// Stop loading.
    Stop,
    /// One step larger.
    ZoomIn,
    /// One step smaller.
    ZoomOut,
    /// The size that the page was made for.
    ZoomReset,
    /// Close the window.
    Quit,
}

/// How far to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scroll {
    /// Lines down; up when negative.
    Lines(i8),
    /// Steps to the right; to the left when negative.
    Columns(i8),
    /// Pages down; up when negative.
    Pages(i8),
    /// To the top of the page.
    ToStart,
    /// To the bottom.
    ToEnd,
}

/// The meaning of a key, if it has one.
pub fn command(key: Key, modifiers: Modifiers) -> Option<Command> {
    match (modifiers.control, modifiers.alt, modifiers.shift) {
        (true, false, _) => with_control(key),
        (false, true, _) => match key {
            Key::Left => Some(Command::Back),
            Key::Right => Some(Command::Forward),
            _ => None,
        },
        (false, false, shift) => plain(key, shift),
        (true, true, _) => None,
    }
}

/// With shift too: on many keyboards the plus needs it.
const fn with_control(key: Key) -> Option<Command> {
    Some(match key {
        Key::Character('r') => Command::Reload,
        Key::Character('q' | 'w') => Command::Quit,
        Key::Character('+' | '=') => Command::ZoomIn,
        Key::Character('-' | '_') => Command::ZoomOut,
        Key::Character('0') => Command::ZoomReset,
        Key::Home => Command::Scroll(Scroll::ToStart),
        Key::End => Command::Scroll(Scroll::ToEnd),
        _ => return None,
    })
}

const fn plain(key: Key, shift: bool) -> Option<Command> {
    Some(match (key, shift) {
        (Key::Up, false) => Command::Scroll(Scroll::Lines(-1)),
        (Key::Down, false) => Command::Scroll(Scroll::Lines(1)),
        (Key::Left, false) => Command::Scroll(Scroll::Columns(-1)),
        (Key::Right, false) => Command::Scroll(Scroll::Columns(1)),
        (Key::PageUp, false) | (Key::Space, true) => Command::Scroll(Scroll::Pages(-1)),
        (Key::PageDown | Key::Space, false) => Command::Scroll(Scroll::Pages(1)),
        (Key::Home, false) => Command::Scroll(Scroll::ToStart),
        (Key::End, false) => Command::Scroll(Scroll::ToEnd),
        (Key::Backspace | Key::BrowserBack, false) => Command::Back,
        (Key::Backspace, true) | (Key::BrowserForward, false) => Command::Forward,
        (Key::Function(5), _) => Command::Reload,
        (Key::Escape, false) => Command::Stop,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_they_mean_in_browsers() {
        let none = Modifiers::default();
        let control = Modifiers { control: true, ..none };
        let shift = Modifiers { shift: true, ..none };
        let alt = Modifiers { alt: true, ..none };
        let control_shift = Modifiers { control: true, ..shift };
        let cases = [
            (Key::Down, none, Some(Command::Scroll(Scroll::Lines(1)))),
            (Key::Down, shift, None),
            (Key::Space, none, Some(Command::Scroll(Scroll::Pages(1)))),
            (Key::Space, shift, Some(Command::Scroll(Scroll::Pages(-1)))),
            (Key::End, control, Some(Command::Scroll(Scroll::ToEnd))),
            (Key::Left, none, Some(Command::Scroll(Scroll::Columns(-1)))),
            (Key::Left, alt, Some(Command::Back)),
            (Key::Right, alt, Some(Command::Forward)),
            (Key::Backspace, none, Some(Command::Back)),
            (Key::Character('r'), control, Some(Command::Reload)),
            (Key::Character('r'), none, None),
            (Key::Character('r'), control_shift, Some(Command::Reload)),
            (Key::Function(5), none, Some(Command::Reload)),
            (Key::Function(6), none, None),
            (Key::Character('='), control, Some(Command::ZoomIn)),
            (Key::Character('+'), control_shift, Some(Command::ZoomIn)),
            (Key::Character('0'), control, Some(Command::ZoomReset)),
            (Key::Escape, none, Some(Command::Stop)),
            (Key::Character('q'), control, Some(Command::Quit)),
            (Key::Character('q'), Modifiers { alt: true, ..control }, None),
        ];
        for (key, modifiers, expected) in cases {
            assert_eq!(command(key, modifiers), expected, "{key:?} {modifiers:?}");
        }
    }
}
