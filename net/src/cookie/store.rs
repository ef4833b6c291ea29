//! The cookies themselves: found by site, sent in order, evicted when there are too many.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::context::{Channel, Context, Relation};
use super::matching::{domain_matches, path_matches};
use super::{Cookie, SameSite, Selection};
use crate::cookie_note::{CookieFate, CookieRefusal};
use crate::limits::{
    LAX_ALLOWS_UNSAFE_FOR, MAX_COOKIES, MAX_COOKIES_PER_SITE, MAX_PARTITION_BYTES_PER_SITE, PURGED_COOKIES,
    PURGED_COOKIES_PER_SITE,
};
use crate::site::registrable_domain;

/// All cookies, by the registrable domain of their domain.
#[derive(Debug, Default)]
pub(super) struct Store {
    sites: BTreeMap<String, Vec<Entry>>,
    count: usize,
    inserted: u64,
}

#[derive(Debug)]
struct Entry {
    cookie: Cookie,
    /// Breaks ties between cookies that were created at the same time.
    order: u64,
}

impl Store {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// 5.7, steps 23 and 24, and the eviction after them. A cookie that has expired only removes its forerunner.
    pub(super) fn insert(&mut self, mut cookie: Cookie, now: SystemTime) {
        let site = site_of(&cookie.domain);
        let entries = self.sites.entry(site.to_owned()).or_default();
        let old = entries.iter().position(|entry| {
            let old = &entry.cookie;
            (&old.name, &old.domain, old.host_only, &old.path, &old.partition)
                == (&cookie.name, &cookie.domain, cookie.host_only, &cookie.path, &cookie.partition)
        });
        let mut order = self.inserted;
        if let Some(old) = old {
            let old = entries.remove(old);
            self.count -= 1;
            // 23.3
            cookie.created = old.cookie.created;
            order = old.order;
        }
        if !cookie.is_expired(now) {
            let (partition, site) = (cookie.partition.clone(), site.to_owned());
            entries.push(Entry { cookie, order });
            self.inserted += 1;
            self.count += 1;
            self.evict_from_site(&site, partition.as_deref(), now);
        } else if entries.is_empty() {
            let site = site.to_owned();
            self.sites.remove(&site);
        }
        if self.count > MAX_COOKIES {
            self.evict_from_all(now);
        }
    }

    /// 5.7, step 16: a secure cookie of the same name that the new one could hide.
    pub(super) fn has_secure_in_the_way(&self, cookie: &Cookie) -> bool {
        self.sites.get(site_of(&cookie.domain)).is_some_and(|entries| {
            entries.iter().map(|entry| &entry.cookie).any(|old| {
                old.secure
                    && old.name == cookie.name
                    && old.partition == cookie.partition
                    && (domain_matches(&old.domain, &cookie.domain)
                        || domain_matches(&cookie.domain, &old.domain))
                    && path_matches(&cookie.path, &old.path)
            })
        })
    }

    /// 5.8.3, steps 1 to 5.
    pub(super) fn select(&mut self, context: &Context<'_>) -> Selection {
        let (host, path) = (context.url.host_str().unwrap_or_default(), context.url.path());
        let Some(entries) = self.sites.get_mut(site_of(host)) else { return Selection::default() };
        let before = entries.len();
        entries.retain(|entry| !entry.cookie.is_expired(context.now));
        self.count -= before - entries.len();
        // 1.
        let mut matching: Vec<&mut Entry> = entries
            .iter_mut()
            .filter(|entry| {
                let cookie = &entry.cookie;
                (cookie.domain == host || (!cookie.host_only && domain_matches(host, &cookie.domain)))
                    && path_matches(path, &cookie.path)
                    && cookie.partition.as_ref().is_none_or(|partition| *partition == context.partition)
            })
            .collect();
        // 2.
        matching.sort_by(|a, b| {
            let longer = b.cookie.path.len().cmp(&a.cookie.path.len());
            longer.then(a.cookie.created.cmp(&b.cookie.created)).then(a.order.cmp(&b.order))
        });
        let mut selection = Selection::default();
        for entry in matching {
            let cookie = &mut entry.cookie;
            if let Some(why) = withheld(cookie, context) {
                selection.notes.push(cookie.note(CookieFate::Withheld(why)));
                continue;
            }
            // 4 and 5.
            cookie.last_access = cookie.last_access.max(context.now);
            serialize(cookie, &mut selection.header);
            selection.notes.push(cookie.note(CookieFate::Sent));
        }
        selection
    }

    /// All that have not expired, in the order of their creation.
    pub(super) fn all(&self, now: SystemTime) -> Vec<Cookie> {
        let entries = self.sites.values().flatten().filter(|entry| !entry.cookie.is_expired(now));
        let mut entries: Vec<&Entry> = entries.collect();
        entries.sort_by(|a, b| a.cookie.created.cmp(&b.cookie.created).then(a.order.cmp(&b.order)));
        entries.into_iter().map(|entry| entry.cookie.clone()).collect()
    }

    /// 5.7, "remove excess cookies" of one site (and of one partition of it): expired ones, then those that are not
    /// secure, then the others, each from the one that was not used for the longest time.
    fn evict_from_site(&mut self, site: &str, partition: Option<&str>, now: SystemTime) {
        let Some(entries) = self.sites.get_mut(site) else { return };
        let is_here = |entry: &Entry| entry.cookie.partition.as_deref() == partition;
        let size = |entry: &Entry| entry.cookie.name.len().saturating_add(entry.cookie.value.len());
        let (count, bytes) = entries
            .iter()
            .filter(|entry| is_here(entry))
            .fold((0usize, 0usize), |(count, bytes), entry| (count + 1, bytes.saturating_add(size(entry))));
        let too_large = partition.is_some() && bytes > MAX_PARTITION_BYTES_PER_SITE;
        if count <= MAX_COOKIES_PER_SITE && !too_large {
            return;
        }
        let before = entries.len();
        entries.retain(|entry| !is_here(entry) || !entry.cookie.is_expired(now));
        let gone = before - entries.len();
        let mut left = count.saturating_sub(gone);
        let mut bytes = entries.iter().filter(|entry| is_here(entry)).map(size).sum::<usize>();
        let target = if count > MAX_COOKIES_PER_SITE && left > MAX_COOKIES_PER_SITE {
            MAX_COOKIES_PER_SITE - PURGED_COOKIES_PER_SITE
        } else {
            left
        };
        let mut candidates: Vec<(bool, SystemTime, u64, usize)> = entries
            .iter()
            .filter(|entry| is_here(entry))
            .map(|entry| (entry.cookie.secure, entry.cookie.last_access, entry.order, size(entry)))
            .collect();
        candidates.sort_unstable();
        let mut evicted = Vec::new();
        for (_, _, order, size) in candidates {
            let fits = partition.is_none() || bytes <= MAX_PARTITION_BYTES_PER_SITE;
            if left <= target && fits {
                break;
            }
            evicted.push(order);
            left -= 1;
            bytes -= size;
        }
        evicted.sort_unstable();
        entries.retain(|entry| evicted.binary_search(&entry.order).is_err());
        self.count -= before - entries.len();
    }

    /// 5.7, "remove excess cookies" of all: expired ones, then the ones that were not used for the longest time.
    fn evict_from_all(&mut self, now: SystemTime) {
        for entries in self.sites.values_mut() {
            entries.retain(|entry| !entry.cookie.is_expired(now));
        }
        let mut ages: Vec<(SystemTime, u64)> =
            self.sites.values().flatten().map(|entry| (entry.cookie.last_access, entry.order)).collect();
        if ages.len() > MAX_COOKIES {
            ages.sort_unstable();
            let first_kept = ages[ages.len() - (MAX_COOKIES - PURGED_COOKIES)];
            for entries in self.sites.values_mut() {
                entries.retain(|entry| (entry.cookie.last_access, entry.order) >= first_kept);
            }
        }
        self.sites.retain(|_, entries| !entries.is_empty());
        self.count = self.sites.values().map(Vec::len).sum();
    }
}

/// 5.8.3, step 1, as far as it is worth telling: what keeps a cookie back that belongs to the URL.
fn withheld(cookie: &Cookie, context: &Context<'_>) -> Option<CookieRefusal> {
    if cookie.secure && context.channel == Channel::Insecure {
        return Some(CookieRefusal::Insecure);
    }
    let same_site = cookie.same_site;
    if same_site == SameSite::None || context.relation == Relation::SameSite {
        return None;
    }
    let goes_along = match (same_site, context.relation) {
        (SameSite::Lax | SameSite::Default, Relation::SafeNavigation) => true,
        // 5.6.7.2, "Lax-Allowing-Unsafe", as Chromium does it.
        (SameSite::Default, Relation::UnsafeNavigation) => {
            context.now.duration_since(cookie.created).is_ok_and(|age| age < LAX_ALLOWS_UNSAFE_FOR)
        }
        _ => false,
    };
    let why = match same_site {
        SameSite::Strict => CookieRefusal::Strict,
        SameSite::Lax => CookieRefusal::Lax,
        SameSite::Default | SameSite::None => CookieRefusal::LaxByDefault,
    };
    (!goes_along).then_some(why)
}

/// 5.8.3, step 5.
fn serialize(cookie: &Cookie, into: &mut Vec<u8>) {
    if !into.is_empty() {
        into.extend_from_slice(b"; ");
    }
    if !cookie.name.is_empty() {
        into.extend_from_slice(&cookie.name);
        into.push(b'=');
    }
    into.extend_from_slice(&cookie.value);
}

/// What the cookies of a domain are found by: a domain cookie and all hosts that it is for have the same.
fn site_of(domain: &str) -> &str {
    registrable_domain(domain).unwrap_or(domain)
}
