//! Where the user was: the session history of one window.

use url::Url;

use super::scroll::Extent;

/// The pages of a window, one of them current. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    entries: Vec<Entry>,
    at: usize,
}

/// A visited page.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its URL, fragment included.
    pub url: Url,
    /// Where the window stood on it when it was left.
    pub scroll: Extent,
}

/// More pages than these are forgotten, the oldest first.
const MOST: usize = 100;

impl History {
    /// A history of one page.
    pub fn new(url: Url) -> Self {
        Self { entries: vec![Entry { url, scroll: Extent::default() }], at: 0 }
    }

    /// The current page.
    pub fn current(&self) -> &Entry {
        &self.entries[self.at]
    }

    /// Notes where the window stands on the current page.
    pub fn leave(&mut self, scroll: Extent) {
        self.entries[self.at].scroll = scroll;
    }

    /// A new page after the current one; what came after that is forgotten.
    pub fn push(&mut self, url: Url) {
        self.entries.truncate(self.at + 1);
        self.entries.push(Entry { url, scroll: Extent::default() });
        if self.entries.len() > MOST {
            self.entries.remove(0);
        }
        self.at = self.entries.len() - 1;
    }

    /// The current page turned out to have another URL (a redirect).
    pub fn replace(&mut self, url: Url) {
        self.entries[self.at].url = url;
    }

    /// The entry so many steps forward (back when negative), if there is one.
    pub fn peek(&self, steps: isize) -> Option<&Entry> {
        self.entries.get(self.at.checked_add_signed(steps)?)
    }

    /// Goes so many steps; stays where there is no such entry.
    pub fn go(&mut self, steps: isize) {
        if let Some(at) = self.at.checked_add_signed(steps).filter(|at| *at < self.entries.len()) {
            self.at = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("http://h/").unwrap().join(path).unwrap()
    }

    #[test]
    fn back_forward_and_a_new_way() {
        let mut history = History::new(url("a"));
        assert_eq!(history.peek(-1), None);
        history.leave(Extent { x: 0.0, y: 7.0 });
        history.push(url("b"));
        history.push(url("c"));
        history.go(-2);
        assert_eq!((history.current().url.path(), history.current().scroll.y), ("/a", 7.0));
        assert_eq!(history.peek(2).unwrap().url.path(), "/c");
        history.go(1);
        history.push(url("d"));
        assert_eq!((history.current().url.path(), history.peek(1)), ("/d", None));
        history.go(5);
        history.go(-1);
        assert_eq!(history.current().url.path(), "/b");
        history.replace(url("e"));
        assert_eq!(history.current().url.path(), "/e");
    }

    #[test]
    fn old_pages_are_forgotten() {
        let mut history = History::new(url("first"));
        for i in 0..MOST * 2 {
            history.push(url(&i.to_string()));
        }
        assert_eq!(history.entries.len(), MOST);
        assert_eq!(history.current().url.path(), format!("/{}", MOST * 2 - 1));
    }
}
