//! Cookies, as RFC 6265bis has them: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-20>, with
//! partitions (CHIPS) and Chromium's newer prefixes.
//!
//! ```text
//! Set-Cookie ─ parse (date) ─ accept ─┐
//!                                     store (matching) ─ Cookie
//! request ──── context ───────────────┘
//! ```
//!
//! Everything but the lock in this file is pure: the time is an argument, and nothing here knows of a socket.

mod date;
mod matching;
mod context;
mod parse;
mod accept;
mod typed;
mod store;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::cookie_note::{CookieFate, CookieNote};

pub(crate) use context::{Channel, Context};
use store::Store;

/// A cookie: 5.7, "Storage Model".
///
/// Names and values are bytes, since servers may send any; nearly all are ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// The name, may be empty.
    pub name: Vec<u8>,
    /// The value, may be empty if the name is not.
    pub value: Vec<u8>,
    /// The host or domain in lower case, without a leading dot: `example.com`, `[::1]`.
    pub domain: String,
    /// For that host alone, not for the hosts below it.
    pub host_only: bool,
    /// The path, from `/`.
    pub path: String,
    /// When it expires; `None` for a cookie of the session.
    pub expires: Option<SystemTime>,
    /// Over secure connections only.
    pub secure: bool,
    /// Not for scripts.
    pub http_only: bool,
    /// From which sites' requests it goes along.
    pub same_site: SameSite,
    /// The partition, if it has one: the top-level site, `https://a.test` or `https://a.test cross-site`.
    pub partition: Option<String>,
    /// When it was first set.
    pub created: SystemTime,
    /// When it was last set or sent.
    pub last_access: SystemTime,
}

/// The attribute `SameSite`: 5.6.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SameSite {
    /// Not given: as `Lax`, and for two minutes also with a cross-site POST navigation.
    #[default]
    Default,
    /// With every request.
    None,
    /// With the site's own requests, and when another site links to it.
    Lax,
    /// With the site's own requests.
    Strict,
}

impl Cookie {
    /// A session cookie for `/` and everything below it, as a person types it for a host.
    pub fn new(name: &[u8], value: &[u8], domain: &str, now: SystemTime) -> Self {
        Self {
            name: name.to_vec(),
            value: value.to_vec(),
            domain: domain.to_owned(),
            host_only: true,
            path: "/".to_owned(),
            expires: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Default,
            partition: None,
            created: now,
            last_access: now,
        }
    }

    fn is_expired(&self, now: SystemTime) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    fn note(&self, fate: CookieFate) -> CookieNote {
        CookieNote { name: String::from_utf8_lossy(&self.name).into_owned(), fate }
    }
}

/// The cookies of a client, behind a lock.
#[derive(Debug, Default)]
pub(crate) struct Jar(Mutex<Store>);

/// What a request takes along.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The `Cookie` header's value; empty when there is nothing to send.
    pub(crate) header: Vec<u8>,
    /// One note for each cookie that matches the URL.
    pub(crate) notes: Vec<CookieNote>,
}

impl Jar {
    /// A jar with these cookies in it; those that have expired, or that are more than a jar holds, are left out.
    pub(crate) fn new(cookies: Vec<Cookie>, now: SystemTime) -> Self {
        let mut store = Store::default();
        for cookie in cookies {
            store.insert(cookie, now);
        }
        Self(Mutex::new(store))
    }

    /// Whether there are none, not even expired ones.
    pub(crate) fn is_empty(&self) -> bool {
        self.store().is_empty()
    }

    /// The cookies for a request: 5.8.3, "Retrieval Algorithm".
    pub(crate) fn select(&self, context: &Context<'_>) -> Selection {
        self.store().select(context)
    }

    /// Takes the `Set-Cookie` lines of a response, in their order: 5.6 and 5.7.
    pub(crate) fn receive<'a>(
        &self,
        context: &Context<'_>,
        lines: impl Iterator<Item = &'a [u8]>,
    ) -> Vec<CookieNote> {
        let mut store = self.store();
        lines.map(|line| accept::receive(&mut store, context, line)).collect()
    }

    /// All that have not expired, in the order in which they were first set.
    pub(crate) fn all(&self, now: SystemTime) -> Vec<Cookie> {
        self.store().all(now)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
