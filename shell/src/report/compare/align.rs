//! Which request of one load is which of another: pure, and independent of times.
//!
//! Keys are tried from the strictest to the loosest; what a key pairs is out of the game for the next:
//!
//! 1. the page: the documents that were asked for, whatever their URLs;
//! 2. the same URL (method, no fragment, the page's own origin standing for itself, so that a load from a test server
//!    can be held against one from production);
//! 3. the same path: the query differs (cache busters);
//! 4. the same path but for what looks like a content hash or a version: `app.3f2a91bc.js`, `jquery-3.6.0.js`;
//! 5. the same folder, type and extension.
//!
//! Requests with equal keys are paired in their order, the first with the first: duplicates stay duplicates.

use std::collections::{HashMap, VecDeque};

use super::super::row::{Outcome, ResourceType, Row, Waterfall};
use super::super::text;

/// A request of either load, or the same request of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The row of the first.
    pub before: Option<usize>,
    /// The row of the second.
    pub after: Option<usize>,
    /// What made them a pair.
    pub by: Match,
}

/// What made two requests a pair, from the surest to the least sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// Both are the page.
    Page,
    /// The same URL.
    Url,
    /// The same URL but for the query.
    Path,
    /// The same URL but for a hash or a version in the path.
    Hash,
    /// The same folder, type and extension.
    Place,
    /// There is no partner.
    Alone,
}

/// Aligns the rows of two waterfalls. Every row of either is in exactly one pair. The order is that of the first;
/// rows of the second alone follow the row that they followed there.
pub fn align(before: &Waterfall, after: &Waterfall) -> Vec<Pair> {
    let mut game = Game {
        pages: [page(before), page(after)],
        partner: vec![None; before.rows.len()],
        free: vec![true; after.rows.len()],
        before,
        after,
    };
    if let [Some(a), Some(b)] = game.pages {
        game.join(a, b, Match::Page);
    }
    for by in [Match::Url, Match::Path, Match::Hash, Match::Place] {
        game.round(by);
    }
    game.finish()
}

struct Game<'a> {
    before: &'a Waterfall,
    after: &'a Waterfall,
    /// The rows of the pages themselves.
    pages: [Option<usize>; 2],
    partner: Vec<Option<(usize, Match)>>,
    free: Vec<bool>,
}

impl Game<'_> {
    fn join(&mut self, before: usize, after: usize, by: Match) {
        self.partner[before] = Some((after, by));
        self.free[after] = false;
    }

    /// Pairs what is left and has equal keys, in order.
    fn round(&mut self, by: Match) {
        let own = |waterfall: &Waterfall, page: Option<usize>| {
            let url = &waterfall.rows.get(page?)?.url;
            text::origin(url).map(str::to_owned)
        };
        let origins = [own(self.before, self.pages[0]), own(self.after, self.pages[1])];
        let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (i, row) in self.after.rows.iter().enumerate().filter(|(i, _)| self.free[*i]) {
            waiting.entry(key(row, by, origins[1].as_deref())).or_default().push_back(i);
        }
        for i in 0..self.before.rows.len() {
            if self.partner[i].is_some() {
                continue;
            }
            let key = key(&self.before.rows[i], by, origins[0].as_deref());
            if let Some(partner) = waiting.get_mut(&key).and_then(VecDeque::pop_front) {
                self.join(i, partner, by);
            }
        }
    }

    fn finish(self) -> Vec<Pair> {
        // Places: after the n-th row of the first; there, the pair before what is new.
        let mut placed: Vec<((usize, usize), Pair)> = Vec::new();
        let mut row_of = vec![None; self.free.len()];
        for (i, partner) in self.partner.iter().enumerate() {
            let (after, by) = partner.map_or((None, Match::Alone), |(after, by)| (Some(after), by));
            if let Some(after) = after {
                row_of[after] = Some(i);
            }
            placed.push(((i + 1, 0), Pair { before: Some(i), after, by }));
        }
        let mut anchor = 0;
        for (i, row) in row_of.iter().enumerate() {
            match row {
                Some(row) => anchor = row + 1,
                None => {
                    // What went stands before what came, as in a diff.
                    anchor += self.partner[anchor..].iter().take_while(|partner| partner.is_none()).count();
                    let new = Pair { before: None, after: Some(i), by: Match::Alone };
                    placed.push(((anchor, i + 1), new));
                }
            }
        }
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, pair)| pair).collect()
    }
}

/// The row of the page itself: the first document that is no redirect, else the first document.
fn page(waterfall: &Waterfall) -> Option<usize> {
    let documents = || {
        let rows = waterfall.rows.iter().enumerate();
        rows.filter(|(_, row)| row.resource == ResourceType::Document && !row.url.starts_with("data:"))
    };
    let arrived = |(_, row): &(usize, &Row)| !matches!(row.outcome, Outcome::Redirected { .. });
    documents().find(arrived).or_else(|| documents().next()).map(|(i, _)| i)
}

/// What has to be equal for a match.
fn key(row: &Row, by: Match, own_origin: Option<&str>) -> String {
    let url = row.url.split('#').next().unwrap_or_default();
    let origin = text::origin(url).unwrap_or_default();
    let (host, rest) =
        if own_origin == Some(origin) { ("", &url[origin.len()..]) } else { url.split_at(origin.len()) };
    let method = &row.method;
    let path = rest.split('?').next().unwrap_or_default();
    match by {
        Match::Page | Match::Alone => String::new(),
        Match::Url => format!("{method} {host}{rest}"),
        Match::Path => format!("{method} {host}{path}"),
        Match::Hash => format!("{method} {host}{}", without_hashes(path)),
        Match::Place => {
            let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
            let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
            format!("{method} {host}{folder} {} {extension} {}", row.resource.as_str(), row.hop)
        }
    }
}

/// The path with a star for each part that looks like a content hash, and for each version (`3.6.0`).
fn without_hashes(path: &str) -> String {
    let mut kept = String::new();
    let mut rest = path;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        let number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let after_number = kept.ends_with("#.") && number;
        if after_number {
            kept.truncate(kept.len() - 1); // `3.6` is one version
        } else if is_hash(word) {
            kept.push('*');
        } else if number && tail.starts_with('.') && tail[1..].starts_with(|c: char| c.is_ascii_digit()) {
            kept.push('#');
        } else {
            kept.push_str(word);
        }
        let mut chars = tail.chars();
        kept.extend(chars.next());
        rest = chars.as_str();
    }
    kept
}

/// Whether a word looks like a hash: hexadecimal digits, letters among them, or letters and digits well mixed; or a
/// long number (a time stamp).
fn is_hash(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.len() - digits;
    let hexadecimal = word.bytes().all(|b| b.is_ascii_hexdigit());
    let turns = word.as_bytes().windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
    let mixed_cases =
        word.bytes().any(|b| b.is_ascii_uppercase()) && word.bytes().any(|b| b.is_ascii_lowercase());
    (word.len() >= 6 && hexadecimal && digits > 0 && letters > 0)
        || (word.len() >= 8 && letters == 0)
        || (word.len() >= 8 && digits > 0 && letters > 0 && (turns >= 3 || (mixed_cases && turns >= 2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_versions_are_told_from_names() {
        let cases = [
            ("/js/app.3f2a91bc.js", "/js/app.*.js"),
            ("/js/app-BdX9k2Qz.js", "/js/app-*.js"),
            ("/img/photo.png", "/img/photo.png"),
            ("/img/image001.png", "/img/image001.png"),
            ("/img/facade.png", "/img/facade.png"),
            ("/t/1767225600123/x", "/t/*/x"),
            ("/lib/jquery-3.6.0.min.js", "/lib/jquery-#.min.js"),
            ("/lib/x-3.7.min.js", "/lib/x-#.min.js"),
            ("/page/12", "/page/12"),
            ("/ünï/3f2a91bc", "/ünï/*"),
            ("", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(without_hashes(path), expected);
        }
    }
}
