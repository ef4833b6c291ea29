//! From the window system's events to our keys and pixels.

use winit::event::{MouseButton, MouseScrollDelta};
use winit::keyboard::{Key as WinitKey, ModifiersState, NamedKey};

use super::command::{Command, Key, Modifiers};
use super::view::Typed;

/// What one notch of a wheel moves by in Chromium, in CSS px.
const NOTCH: f32 = 53.0;

/// The key, if it is one that can mean something.
pub(super) fn key(key: &WinitKey) -> Option<Key> {
    Some(match key {
        WinitKey::Named(named) => match named {
            NamedKey::ArrowUp => Key::Up,
            NamedKey::ArrowDown => Key::Down,
            NamedKey::ArrowLeft => Key::Left,
            NamedKey::ArrowRight => Key::Right,
            NamedKey::PageUp => Key::PageUp,
            NamedKey::PageDown => Key::PageDown,
            NamedKey::Home => Key::Home,
            NamedKey::End => Key::End,
            NamedKey::Space => Key::Space,
            NamedKey::Backspace => Key::Backspace,
            NamedKey::Escape => Key::Escape,
            NamedKey::F5 => Key::Function(5),
            NamedKey::BrowserBack => Key::BrowserBack,
            NamedKey::BrowserForward => Key::BrowserForward,
            _ => return None,
        },
        WinitKey::Character(text) => {
            let mut characters = text.chars();
            let character = characters.next().filter(|_| characters.as_str().is_empty())?;
            Key::Character(character.to_lowercase().next().unwrap_or(character))
        }
        _ => return None,
    })
}

/// What a key writes, if it writes: `text` is what the layout of the keyboard makes of it.
pub(super) fn typed(key: &WinitKey, text: Option<&str>, modifiers: Modifiers) -> Option<Typed> {
    if modifiers.control || modifiers.alt {
        return None;
    }
    match key {
        WinitKey::Named(NamedKey::Enter) => Some(Typed::Enter),
        WinitKey::Named(NamedKey::Backspace) => Some(Typed::Erase),
        WinitKey::Named(NamedKey::Escape) => Some(Typed::Leave),
        _ => {
            let text: String = text?.chars().filter(|c| !c.is_control()).collect();
            (!text.is_empty()).then_some(Typed::Text(text))
        }
    }
}

/// The modifiers: Command stands for Control on a Mac, as everywhere there.
pub(super) fn modifiers(state: ModifiersState) -> Modifiers {
    let control = if cfg!(target_os = "macos") { state.super_key() } else { state.control_key() };
    Modifiers { control, shift: state.shift_key(), alt: state.alt_key() }
}

/// How far a wheel or a touchpad wants to go, in device px to the right and down. Shift turns the wheel sideways.
pub(super) fn wheel(delta: MouseScrollDelta, modifiers: Modifiers, scale: f32) -> (f32, f32) {
    let (x, y) = match delta {
        MouseScrollDelta::LineDelta(x, y) => (-x * NOTCH * scale, -y * NOTCH * scale),
        MouseScrollDelta::PixelDelta(by) => (-by.x as f32, -by.y as f32),
    };
    if modifiers.shift && x == 0.0 { (y, 0.0) } else { (x, y) }
}

/// What the buttons beside the wheel mean.
pub(super) const fn button(button: MouseButton) -> Option<Command> {
    match button {
        MouseButton::Back => Some(Command::Back),
        MouseButton::Forward => Some(Command::Forward),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use winit::dpi::PhysicalPosition;

    use super::*;

    #[test]
    fn keys_of_the_window_system_are_translated() {
        assert_eq!(key(&WinitKey::Named(NamedKey::ArrowDown)), Some(Key::Down));
        assert_eq!(key(&WinitKey::Character("R".into())), Some(Key::Character('r')));
        assert_eq!(key(&WinitKey::Character("ab".into())), None);
        assert_eq!(key(&WinitKey::Named(NamedKey::F12)), None);
        let state = ModifiersState::SHIFT | ModifiersState::ALT;
        assert_eq!(modifiers(state), Modifiers { control: false, shift: true, alt: true });
    }

    #[test]
    fn keys_write_what_their_layout_says() {
        let none = Modifiers::default();
        let a = WinitKey::Character("A".into());
        assert_eq!(typed(&a, Some("A"), none), Some(Typed::Text("A".to_owned())));
        assert_eq!(typed(&a, Some("A"), Modifiers { control: true, ..none }), None);
        assert_eq!(typed(&WinitKey::Named(NamedKey::Enter), Some("\r"), none), Some(Typed::Enter));
        assert_eq!(typed(&WinitKey::Named(NamedKey::Tab), Some("\t"), none), None);
        let space = WinitKey::Named(NamedKey::Space);
        assert_eq!(typed(&space, Some(" "), none), Some(Typed::Text(" ".to_owned())));
    }

    #[test]
    fn wheels_turn_the_page_the_other_way() {
        let none = Modifiers::default();
        let shift = Modifiers { shift: true, ..none };
        let notch = MouseScrollDelta::LineDelta(0.0, -1.0);
        assert_eq!(wheel(notch, none, 2.0), (0.0, 106.0));
        assert_eq!(wheel(notch, shift, 1.0), (53.0, 0.0));
        let pixels = MouseScrollDelta::PixelDelta(PhysicalPosition::new(3.0, 4.0));
        assert_eq!(wheel(pixels, none, 2.0), (-3.0, -4.0));
    }
}
