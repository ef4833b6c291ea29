//! What the window shows and does, as a value machine: inputs in, effects out. Knows no window system and no clock.

use std::sync::Arc;

use siskin_engine::Viewport;
use siskin_engine::dom::{NodeId, local_name};
use siskin_engine::html::form::{self, ControlKind, ControlStates};
use url::Url;

use super::command::Command;
use super::history::History;
use super::links::{Goal, Hit, Mark, PageMap};
use super::scroll::{self, Extent};
use crate::submission::Submission;

/// What happens to a window.
#[derive(Debug)]
pub enum Input<P> {
    /// The window has this many device pixels, `density` of them per unzoomed CSS px.
    Resized {
        /// Device pixels across.
        width: u32,
        /// Device pixels down.
        height: u32,
        /// The screen's density.
        density: f32,
    },
    /// A key that means something.
    Command(Command),
    /// The wheel or the touchpad: device px to the right and down.
    Wheel(f32, f32),
    /// The pointer is here, in device px; `None` when it left.
    Pointer(Option<(f32, f32)>),
    /// The main button was pressed and released where the pointer is.
    Click,
    /// A key that writes, while [`View::is_typing`].
    Typed(Typed),
    /// A page, or a new layout of the current one, is there.
    Arrived(Arrival<P>),
}

/// What a key does to the text field that has the focus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// This is added to it.
    Text(String),
    /// The last character is taken away.
    Erase,
    /// A new line, or the form is sent.
    Enter,
    /// The field loses the focus.
    Leave,
}

/// What the loader sends.
#[derive(Debug)]
pub struct Arrival<P> {
    /// The order that it answers.
    pub order: u64,
    /// The page's URL, after redirects.
    pub url: Url,
    /// The document's title.
    pub title: Option<String>,
    /// How large the page is, in CSS px.
    pub size: Extent,
    /// What lies where.
    pub map: Arc<PageMap>,
    /// What the painter needs.
    pub picture: P,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Load this URL for this viewport; the answer carries `order`.
    Load {
        /// Counts up; answers to older orders are dropped.
        order: u64,
        /// What to load.
        url: Url,
        /// What is sent, and by whom.
        submission: Box<Submission>,
        /// For which viewport.
        viewport: Viewport,
    },
    /// Lay the current page out again for this viewport, and let the one that is coming know it.
    Layout {
        /// The number of the answer.
        order: u64,
        /// For which viewport.
        viewport: Viewport,
    },
    /// Show what the user has done to the controls of the page that the order `page` has loaded: all of it.
    Controls {
        /// The order that the page answers.
        page: u64,
        /// What was done.
        states: ControlStates,
    },
    /// Nobody waits for the load any more.
    Cancel,
    /// The window has to be painted.
    Redraw,
    /// The window's title changed.
    Title(String),
    /// The pointer's shape changed.
    Pointer(PointerShape),
    /// The window is to be closed.
    Quit,
}

/// The pointer's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointerShape {
    /// The arrow.
    Arrow,
    /// The hand over a link.
    Hand,
    /// The bar over text that can be changed.
    Text,
    /// Something is under way.
    Busy,
}

/// What becomes of the history when a page arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commit {
    /// A new entry.
    Push,
    /// The entry so many steps away becomes the current one.
    Go(isize),
    /// The current entry stays.
    Keep,
}

/// The state of a window. `P` is what the painter needs of a page.
#[derive(Debug)]
pub struct View<P> {
    history: History,
    page: Option<Arrival<P>>,
    window: (u32, u32),
    density: f32,
    zoom: usize,
    scroll: Extent,
    pointer: Option<(f32, f32)>,
    shape: PointerShape,
    title: String,
    order: u64,
    /// What is being loaded, and what becomes of the history then.
    pending: Option<(u64, Goal, Commit)>,
    /// The layout that is waited for.
    relayout: Option<u64>,
    /// The order that the page on show answers: more of it may come.
    current: u64,
    /// The order that loaded it.
    loaded: u64,
    /// What the user has done to its controls.
    controls: ControlStates,
    /// The text field that is typed into.
    focus: Option<NodeId>,
}

/// Chromium's zoom steps.
const ZOOMS: [f32; 17] =
    [0.25, 0.33, 0.5, 0.67, 0.75, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0];
/// The step at which nothing is zoomed.
const UNZOOMED: usize = 7;

impl<P> View<P> {
    /// A window that is to show `url`; the first [`Input::Resized`] begins the load.
    pub fn new(url: Url) -> Self {
        Self {
            history: History::new(url),
            page: None,
            window: (0, 0),
            density: 1.0,
            zoom: UNZOOMED,
            scroll: Extent::default(),
            pointer: None,
            shape: PointerShape::Arrow,
            title: String::new(),
            order: 0,
            pending: None,
            relayout: None,
            current: 0,
            loaded: 0,
            controls: ControlStates::default(),
            focus: None,
        }
    }

    /// Takes an input.
    pub fn handle(&mut self, input: Input<P>) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Resized { width, height, density } => self.resized((width, height), density, &mut effects),
            Input::Command(command) => self.command(command, &mut effects),
            Input::Wheel(x, y) => {
                let scale = self.scale();
                self.scroll_to(
                    Extent { x: self.scroll.x + x / scale, y: self.scroll.y + y / scale },
                    &mut effects,
                );
            }
            Input::Pointer(pointer) => self.pointer = pointer,
            Input::Click => self.click(&mut effects),
            Input::Typed(typed) => self.typed(typed, &mut effects),
            Input::Arrived(arrival) => self.arrived(arrival, &mut effects),
        }
        self.tell_pointer_and_title(&mut effects);
        effects
    }

    /// The page to paint, if there is one.
    pub fn page(&self) -> Option<&Arrival<P>> {
        self.page.as_ref()
    }

    /// Where the window stands on the page, in CSS px.
    pub fn scroll(&self) -> Extent {
        self.scroll
    }

    /// Device px per CSS px, zoom included.
    pub fn scale(&self) -> f32 {
        self.density * ZOOMS[self.zoom]
    }

    /// The window in CSS px.
    pub fn extent(&self) -> Extent {
        Extent { x: self.window.0 as f32 / self.scale(), y: self.window.1 as f32 / self.scale() }
    }

    /// The link under the pointer.
    pub fn hovered(&self) -> Option<&Url> {
        match self.hit()? {
            Hit::Link(url) => Some(url),
            Hit::Control(..) => None,
        }
    }

    /// Whether keys write into a text field.
    pub const fn is_typing(&self) -> bool {
        self.focus.is_some()
    }

    /// What is to be seen of the page's controls, over its picture.
    pub fn marks(&self) -> Vec<Mark> {
        self.page.as_ref().map_or_else(Vec::new, |page| page.map.marks(&self.controls, self.focus))
    }

    /// Where the pointer is on the page.
    fn pointed(&self) -> Option<Extent> {
        let (x, y) = self.pointer?;
        Some(Extent { x: self.scroll.x + x / self.scale(), y: self.scroll.y + y / self.scale() })
    }

    fn hit(&self) -> Option<Hit<'_>> {
        self.page.as_ref()?.map.hit(self.pointed()?)
    }

    /// What is being loaded.
    pub fn loading(&self) -> Option<&Url> {
        self.pending.as_ref().map(|(_, goal, _)| &goal.url)
    }

    fn viewport(&self) -> Viewport {
        let extent = self.extent();
        Viewport { width: extent.x, height: extent.y, scale: self.scale() }
    }

    fn next_order(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    fn load(&mut self, goal: Goal, commit: Commit, effects: &mut Vec<Effect>) {
        let order = self.next_order();
        self.pending = Some((order, goal.clone(), commit));
        let Goal { url, submission } = goal;
        let submission = Box::new(submission);
        effects.push(Effect::Load { order, url, submission, viewport: self.viewport() });
    }

    fn resized(&mut self, window: (u32, u32), density: f32, effects: &mut Vec<Effect>) {
        let first = self.window == (0, 0);
        if window.0 == 0 || window.1 == 0 || (self.window == window && self.density == density) {
            return; // Minimized, or told twice.
        }
        (self.window, self.density) = (window, density);
        if first {
            let url = self.history.current().url.clone();
            self.load(Goal::typed(url), Commit::Keep, effects);
        } else {
            self.lay_out(effects);
        }
        effects.push(Effect::Redraw);
    }

    /// Asks for the page, and for the one that is coming, at the viewport that the window has now.
    fn lay_out(&mut self, effects: &mut Vec<Effect>) {
        let order = self.next_order();
        self.relayout = self.page.is_some().then_some(order);
        effects.push(Effect::Layout { order, viewport: self.viewport() });
        self.scroll_to(self.scroll, effects);
    }

    fn command(&mut self, command: Command, effects: &mut Vec<Effect>) {
        match command {
            Command::Scroll(by) => {
                let Some(page) = &self.page else { return };
                self.scroll_to(scroll::scrolled(self.scroll, by, page.size, self.extent()), effects);
            }
            Command::Back => self.go(-1, effects),
            Command::Forward => self.go(1, effects),
            Command::Reload => {
                // DEVIATION: browsers ask whether what a form has sent is to be sent once more; here it never is.
                let (goal, commit) = match self.pending.take() {
                    Some((_, goal, commit)) => (goal, commit),
                    None => (Goal::typed(self.history.current().url.clone()), Commit::Keep),
                };
                self.history.leave(self.scroll);
                self.load(goal, commit, effects);
            }
            Command::Stop => {
                if self.pending.take().is_some() {
                    effects.push(Effect::Cancel);
                }
            }
            Command::ZoomIn => self.zoom_to(self.zoom + 1, effects),
            Command::ZoomOut => self.zoom_to(self.zoom.saturating_sub(1), effects),
            Command::ZoomReset => self.zoom_to(UNZOOMED, effects),
            Command::Quit => effects.push(Effect::Quit),
        }
    }

    fn zoom_to(&mut self, zoom: usize, effects: &mut Vec<Effect>) {
        let zoom = zoom.min(ZOOMS.len() - 1);
        if zoom != self.zoom {
            self.zoom = zoom;
            self.lay_out(effects);
            effects.push(Effect::Redraw);
        }
    }

    fn scroll_to(&mut self, wanted: Extent, effects: &mut Vec<Effect>) {
        let size = self.page.as_ref().map(|page| page.size).unwrap_or_default();
        let at = scroll::clamp(wanted, size, self.extent());
        if at != self.scroll {
            self.scroll = at;
            effects.push(Effect::Redraw);
        }
    }

    fn go(&mut self, steps: isize, effects: &mut Vec<Effect>) {
        let Some(entry) = self.history.peek(steps) else { return };
        let (url, scroll) = (entry.url.clone(), entry.scroll);
        self.history.leave(self.scroll);
        if self.is_here(&url) {
            self.history.go(steps);
            self.scroll_to(scroll, effects);
        } else {
            self.load(Goal::typed(url), Commit::Go(steps), effects);
        }
    }

    /// Whether a URL is a place on the page that is shown.
    fn is_here(&self, url: &Url) -> bool {
        let bare = |url: &Url| {
            let mut url = url.clone();
            url.set_fragment(None);
            url
        };
        self.page.is_some() && bare(url) == bare(&self.history.current().url)
    }

    fn click(&mut self, effects: &mut Vec<Effect>) {
        if self.focus.take().is_some() {
            effects.push(Effect::Redraw);
        }
        let (Some(page), Some(at)) = (&self.page, self.pointed()) else { return };
        let map = Arc::clone(&page.map);
        let Some(hit) = map.hit(at) else { return };
        match hit {
            Hit::Link(_) | Hit::Control(_, ControlKind::Submit) => {
                if let Some(goal) = map.goal_at(at, &self.controls) {
                    self.follow(goal, effects);
                }
            }
            Hit::Control(node, ControlKind::Check) => {
                if let Some(document) = map.document() {
                    form::switch(document, node, &mut self.controls);
                    self.show_controls(effects);
                }
            }
            Hit::Control(node, ControlKind::Reset) => {
                if let Some(document) = map.document() {
                    form::reset(document, node, &mut self.controls);
                    self.show_controls(effects);
                }
            }
            Hit::Control(node, ControlKind::Text | ControlKind::TextArea) => {
                let element = map.document().and_then(|document| document.element(node));
                if element.is_some_and(|element| element.attribute(&local_name!("readonly")).is_none()) {
                    self.focus = Some(node);
                    effects.push(Effect::Redraw);
                }
            }
        }
    }

    fn show_controls(&self, effects: &mut Vec<Effect>) {
        effects.push(Effect::Controls { page: self.loaded, states: self.controls.clone() });
        effects.push(Effect::Redraw);
    }

    fn typed(&mut self, typed: Typed, effects: &mut Vec<Effect>) {
        let (Some(page), Some(field)) = (&self.page, self.focus) else { return };
        let map = Arc::clone(&page.map);
        let Some(document) = map.document() else { return };
        let Some(element) = document.element(field) else { return };
        let is_area = element.is_html(&local_name!("textarea"));
        let mut text = form::text_of(document, field, &self.controls);
        match typed {
            Typed::Text(more) => text.push_str(&more),
            Typed::Enter if is_area => text.push('\n'),
            Typed::Erase => drop(text.pop()),
            Typed::Enter => {
                if let Some(goal) = map.goal_of_field(field, &self.controls) {
                    self.follow(goal, effects);
                }
                return;
            }
            Typed::Leave => {
                self.focus = None;
                return effects.push(Effect::Redraw);
            }
        }
        let longest = element.attribute(&local_name!("maxlength")).and_then(|most| most.trim().parse().ok());
        if longest.is_some_and(|most: usize| text.encode_utf16().count() > most) {
            return;
        }
        self.controls.values.insert(field, text);
        self.show_controls(effects);
    }

    fn follow(&mut self, goal: Goal, effects: &mut Vec<Effect>) {
        self.history.leave(self.scroll);
        let url = &goal.url;
        if goal.submission.body.is_none() && url.fragment().is_some() && self.is_here(url) {
            // <https://html.spec.whatwg.org/#scroll-to-fragid>: nothing is loaded.
            self.history.push(url.clone());
            self.scroll_to_fragment(&goal.url, effects);
        } else {
            self.load(goal, Commit::Push, effects);
        }
    }

    fn scroll_to_fragment(&mut self, url: &Url, effects: &mut Vec<Effect>) {
        let place = url.fragment().and_then(|fragment| self.page.as_ref()?.map.place_of(fragment));
        if let Some(y) = place {
            self.scroll_to(Extent { x: 0.0, y }, effects);
        }
    }

    fn arrived(&mut self, arrival: Arrival<P>, effects: &mut Vec<Effect>) {
        if let Some((_, goal, commit)) = self.pending.take_if(|(order, ..)| *order == arrival.order) {
            let asked = goal.url;
            match commit {
                Commit::Push => self.history.push(asked.clone()),
                Commit::Go(steps) => self.history.go(steps),
                Commit::Keep => {}
            }
            let mut url = arrival.url.clone();
            if url.fragment().is_none() {
                url.set_fragment(asked.fragment()); // A fragment outlives redirects.
            }
            self.history.replace(url.clone());
            let scroll = self.history.current().scroll;
            (self.current, self.relayout) = (arrival.order, None);
            (self.loaded, self.controls, self.focus) = (arrival.order, ControlStates::default(), None);
            self.page = Some(arrival);
            self.scroll = Extent::default();
            self.scroll_to(scroll, effects);
            if commit == Commit::Push || scroll == Extent::default() {
                self.scroll_to_fragment(&url, effects);
            }
        } else if self.relayout.unwrap_or(self.current) == arrival.order {
            // The layout that was asked for, or more of the page than before.
            (self.current, self.relayout) = (arrival.order, None);
            self.page = Some(arrival);
            self.scroll_to(self.scroll, effects);
        } else {
            return; // The answer to a question that nobody asks any more.
        }
        effects.push(Effect::Redraw);
    }

    /// What the field with the focus holds, for people.
    fn text_in_field(&self) -> String {
        let page = self.page.as_ref().and_then(|page| page.map.document());
        let (Some(document), Some(field)) = (page, self.focus) else { return String::new() };
        let text = form::text_of(document, field, &self.controls);
        let kind = document.element(field).and_then(|element| element.attribute(&local_name!("type")));
        if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("password")) {
            return "•".repeat(text.chars().count());
        }
        text.lines().next_back().unwrap_or_default().to_owned()
    }

    fn tell_pointer_and_title(&mut self, effects: &mut Vec<Effect>) {
        let shape = match (self.hit(), &self.pending) {
            (Some(Hit::Link(_)), _) => PointerShape::Hand,
            (Some(Hit::Control(_, ControlKind::Text | ControlKind::TextArea)), _) => PointerShape::Text,
            (_, Some(_)) => PointerShape::Busy,
            (_, None) => PointerShape::Arrow,
        };
        if shape != self.shape {
            self.shape = shape;
            effects.push(Effect::Pointer(shape));
        }
        let name = || {
            let page = self.page.as_ref()?;
            let title = page.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
            Some(title.map_or_else(
                || shown(&page.url),
                |title| title.split_whitespace().collect::<Vec<_>>().join(" "),
            ))
        };
        // The title is the one line that every window system shows: it says what is loading, where a link leads and
        // what is typed.
        // TODO(form controls): the text is to be painted in its field too.
        let title = match (&self.pending, self.hovered()) {
            (Some((_, goal, _)), _) => format!("Loading {} - Siskin", shown(&goal.url)),
            (None, Some(link)) => format!("-> {}", shown(link)),
            (None, None) if self.focus.is_some() => format!("{}_ - Siskin", self.text_in_field()),
            (None, None) => format!("{} - Siskin", name().unwrap_or_default()),
        };
        if title != self.title {
            self.title.clone_from(&title);
            effects.push(Effect::Title(title));
        }
    }
}

/// A URL for people: `data:` URLs are cut.
fn shown(url: &Url) -> String {
    const LONGEST: usize = 200;
    let text = url.as_str();
    if text.len() <= LONGEST {
        text.to_owned()
    } else {
        format!("{}…", text.get(..LONGEST).unwrap_or_default())
    }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
