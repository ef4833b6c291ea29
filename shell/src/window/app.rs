//! The window itself: winit's events into the view, the view's effects out, the page painted.

use std::num::NonZeroU32;
use std::rc::Rc;

use winit::application::ApplicationHandler;
use winit::dpi::LogicalSize;
use winit::event::{ElementState, MouseButton, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop};
use winit::window::{Cursor, CursorIcon, Window, WindowId};

use super::command::{self, Command, Modifiers};
use super::input;
use super::loader::{Loader, Order};
use super::paint::Buffer;
use super::picture::Picture;
use super::view::{Arrival, Effect, Input, PointerShape, View};
use crate::config::LoadConfig;
use crate::failure::Failure;

type Surface = softbuffer::Surface<Rc<Window>, Rc<Window>>;

/// Opens a window on `config.url` and returns when it is closed.
///
/// # Errors
/// [`Failure::Display`] when there is no display to open it on.
pub(super) fn run(config: LoadConfig) -> Result<(), Failure> {
    let display = |error: &dyn std::fmt::Display| Failure::Display(reason(&error.to_string()).to_owned());
    let events = EventLoop::<Arrival<Picture>>::with_user_event().build().map_err(|error| display(&error))?;
    events.set_control_flow(ControlFlow::Wait);
    let proxy = events.create_proxy();
    let (url, viewport) = (config.url.clone(), config.viewport);
    // A window that is closed takes nothing any more: nothing is lost.
    let loader = Loader::start(config, move |arrival| drop(proxy.send_event(arrival)))?;
    let mut app = App {
        view: View::new(url),
        loader,
        size: LogicalSize::new(viewport.width, viewport.height),
        open: None,
        modifiers: Modifiers::default(),
        pressed: false,
        failure: None,
    };
    events.run_app(&mut app).map_err(|error| display(&error))?;
    app.failure.map_or(Ok(()), Err)
}

struct App {
    view: View<Picture>,
    loader: Loader,
    /// The size to open with, in CSS px.
    size: LogicalSize<f32>,
    open: Option<Open>,
    modifiers: Modifiers,
    /// Whether the main button went down in the window.
    pressed: bool,
    failure: Option<Failure>,
}

/// A window that is there.
struct Open {
    window: Rc<Window>,
    surface: Surface,
}

impl ApplicationHandler<Arrival<Picture>> for App {
    fn resumed(&mut self, events: &ActiveEventLoop) {
        if self.open.is_some() {
            return;
        }
        match self.open_window(events) {
            Ok(open) => {
                self.open = Some(open);
                self.resized(events);
            }
            Err(error) => {
                self.failure = Some(Failure::Display(error.to_string()));
                events.exit();
            }
        }
    }

    fn user_event(&mut self, events: &ActiveEventLoop, arrival: Arrival<Picture>) {
        self.take(Input::Arrived(arrival), events);
    }

    fn window_event(&mut self, events: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        match event {
            WindowEvent::CloseRequested => events.exit(),
            WindowEvent::Resized(_) | WindowEvent::ScaleFactorChanged { .. } => self.resized(events),
            WindowEvent::RedrawRequested => {
                if let Err(error) = self.paint() {
                    self.failure = Some(Failure::Display(error.to_string()));
                    events.exit();
                }
            }
            WindowEvent::ModifiersChanged(modifiers) => self.modifiers = input::modifiers(modifiers.state()),
            WindowEvent::KeyboardInput { event, .. } if event.state == ElementState::Pressed => {
                let typed = input::typed(&event.logical_key, event.text.as_deref(), self.modifiers);
                if let Some(typed) = typed.filter(|_| self.view.is_typing()) {
                    return self.take(Input::Typed(typed), events);
                }
                let key = input::key(&event.logical_key);
                if let Some(command) = key.and_then(|key| command::command(key, self.modifiers)) {
                    self.take(Input::Command(command), events);
                }
            }
            WindowEvent::MouseWheel { delta, .. } => self.wheel(delta, events),
            WindowEvent::CursorMoved { position, .. } => {
                self.take(Input::Pointer(Some((position.x as f32, position.y as f32))), events);
            }
            WindowEvent::CursorLeft { .. } => {
                self.pressed = false;
                self.take(Input::Pointer(None), events);
            }
            WindowEvent::MouseInput { state, button, .. } => self.button(state, button, events),
            _ => {}
        }
    }
}

impl App {
    fn open_window(&self, events: &ActiveEventLoop) -> Result<Open, Box<dyn std::error::Error>> {
        let attributes = Window::default_attributes().with_title("Siskin").with_inner_size(self.size);
        let window = Rc::new(events.create_window(attributes)?);
        let context = softbuffer::Context::new(window.clone())?;
        let surface = Surface::new(&context, window.clone())?;
        Ok(Open { window, surface })
    }

    fn resized(&mut self, events: &ActiveEventLoop) {
        let Some(open) = &self.open else { return };
        let size = open.window.inner_size();
        let density = open.window.scale_factor() as f32;
        self.take(Input::Resized { width: size.width, height: size.height, density }, events);
    }

    fn wheel(&mut self, delta: winit::event::MouseScrollDelta, events: &ActiveEventLoop) {
        let (x, y) = input::wheel(delta, self.modifiers, self.view.scale());
        let zoom = if y < 0.0 { Command::ZoomIn } else { Command::ZoomOut };
        let taken = if self.modifiers.control { Input::Command(zoom) } else { Input::Wheel(x, y) };
        self.take(taken, events);
    }

    fn button(&mut self, state: ElementState, button: MouseButton, events: &ActiveEventLoop) {
        match (button, state) {
            (MouseButton::Left, ElementState::Pressed) => self.pressed = true,
            (MouseButton::Left, ElementState::Released) if self.pressed => {
                self.pressed = false;
                self.take(Input::Click, events);
            }
            (_, ElementState::Pressed) => {
                if let Some(command) = input::button(button) {
                    self.take(Input::Command(command), events);
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, input: Input<Picture>, events: &ActiveEventLoop) {
        for effect in self.view.handle(input) {
            match effect {
                Effect::Load { order, url, submission, viewport } => {
                    self.loader.send(Order::Load { order, url, submission, viewport });
                }
                Effect::Layout { order, viewport } => self.loader.send(Order::Layout { order, viewport }),
                Effect::Controls { page, states } => self.loader.send(Order::Controls { page, states }),
                Effect::Cancel => self.loader.send(Order::Cancel),
                Effect::Quit => events.exit(),
                Effect::Redraw => self.with_window(Window::request_redraw),
                Effect::Title(title) => self.with_window(|window| window.set_title(&title)),
                Effect::Pointer(shape) => self.with_window(|window| window.set_cursor(cursor(shape))),
            }
        }
    }

    fn with_window(&self, act: impl FnOnce(&Window)) {
        if let Some(open) = &self.open {
            act(&open.window);
        }
    }

    /// Paints the part of the page that the window shows.
    fn paint(&mut self) -> Result<(), softbuffer::SoftBufferError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let size = open.window.inner_size();
        let (Some(width), Some(height)) = (NonZeroU32::new(size.width), NonZeroU32::new(size.height)) else {
            return Ok(()); // Minimized.
        };
        open.surface.resize(width, height)?;
        let mut pixels = open.surface.buffer_mut()?;
        let mut buffer = Buffer { pixels: &mut pixels, width: size.width, height: size.height };
        match self.view.page() {
            None => buffer.clear(),
            Some(page) => {
                let (at, scale) = (self.view.scroll(), self.view.scale());
                match page.picture.paint(at, (size.width, size.height)) {
                    Some(picture) => buffer.copy(&picture),
                    None => buffer.clear(),
                }
                for mark in self.view.marks() {
                    buffer.mark(mark, at, scale);
                }
                buffer.scroll_bars(at, page.size, self.view.extent(), scale);
            }
        }
        open.window.pre_present_notify();
        pixels.present()
    }
}

/// What a window system says, without the place in winit's sources that stands before it.
fn reason(message: &str) -> &str {
    match message.strip_prefix("os error at ").and_then(|rest| rest.split_once(".rs:")) {
        Some((_, rest)) => rest.split_once(": ").map_or(rest, |(_, reason)| reason),
        None => message,
    }
}

fn cursor(shape: PointerShape) -> Cursor {
    Cursor::Icon(match shape {
        PointerShape::Arrow => CursorIcon::Default,
        PointerShape::Text => CursorIcon::Text,
        PointerShape::Hand => CursorIcon::Pointer,
        PointerShape::Busy => CursorIcon::Progress,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_reason_and_no_source_file() {
        assert_eq!(reason("os error at /x/mod.rs:765: no DISPLAY is set: sorry"), "no DISPLAY is set: sorry");
        assert_eq!(reason("not supported"), "not supported");
    }
}
