//! Comparisons of made-up loads: who is paired with whom, what counts, and how it is shown.

use std::time::{Duration, SystemTime};

use siskin_net::Timestamp;

use super::super::row::{CacheUse, Outcome, ResourceType, Reuse, Row, RowPhase};
use super::super::style::{Charset, Color, TerminalStyle};
use super::super::terminal::tests::{page, plain_row, row};
use super::*;

/// A load of these URLs in this order; the first is the page.
fn load(urls: &[&str]) -> Waterfall {
    let one = |(i, url): (usize, &&str)| {
        let kind =
            match url.split(['?', '#']).next().unwrap().rsplit_once('.').map(|(_, extension)| extension) {
                _ if i == 0 => ResourceType::Document,
                Some("js") => ResourceType::Script,
                Some("css") => ResourceType::Stylesheet,
                _ => ResourceType::Image,
            };
        let reuse = if i == 0 { Reuse::New } else { Reuse::Reused };
        row(url, kind, (1, reuse), i as u64, &[(RowPhase::Wait, i as u64 + 5)])
    };
    let rows: Vec<Row> = urls.iter().enumerate().map(one).collect();
    let end = rows.iter().map(|row| row.end).max().unwrap_or_default();
    Waterfall {
        origin: SystemTime::UNIX_EPOCH,
        start: Timestamp::ZERO,
        end,
        rows,
        milestones: Vec::new(),
        connections: Vec::new(),
    }
}

/// `before>after match`, in order; `-` where there is no partner.
fn pairs(before: &[&str], after: &[&str]) -> Vec<String> {
    let (before, after) = (load(before), load(after));
    let comparison = compare(&before, &after);
    let mut seen = [vec![0; before.rows.len()], vec![0; after.rows.len()]];
    let shown = comparison.requests.iter().map(|request| {
        let side = |index: Option<usize>, seen: &mut Vec<i32>| {
            if let Some(index) = index {
                seen[index] += 1;
            }
            index.map_or("-".to_owned(), |index| index.to_string())
        };
        let [first, second] = &mut seen;
        let (a, b) = (side(request.pair.before, first), side(request.pair.after, second));
        format!("{a}>{b} {:?}", request.pair.by)
    });
    let shown = shown.collect();
    assert!(seen.iter().flatten().all(|times| *times == 1), "each row stands in one pair: {seen:?}");
    shown
}

#[test]
fn equal_loads_are_paired_by_url() {
    let urls = ["http://h/", "http://h/a.css", "http://cdn/x.js"];
    assert_eq!(pairs(&urls, &urls), ["0>0 Page", "1>1 Url", "2>2 Url"]);
    assert_eq!(pairs(&[], &[]), [""; 0]);
}

#[test]
fn the_pages_own_origin_may_move() {
    let before = ["http://127.0.0.1:8080/", "http://127.0.0.1:8080/a.css", "http://cdn/x.js"];
    let after = ["https://h/", "https://h/a.css", "http://cdn/x.js"];
    assert_eq!(pairs(&before, &after), ["0>0 Page", "1>1 Url", "2>2 Url"]);
    // Another host's same path is not the same request.
    let moved = ["https://h/", "https://h/a.css", "http://other/x.js"];
    assert_eq!(pairs(&before, &moved), ["0>0 Page", "1>1 Url", "2>- Alone", "->2 Alone"]);
}

#[test]
fn cache_busters_hashes_and_versions_do_not_part_a_pair() {
    let before = [
        "http://h/",
        "http://h/a.css?v=1",
        "http://h/app.3f2a91bc.js",
        "http://h/j-3.6.0.js",
        "http://h/x#a",
    ];
    let after = [
        "http://h/",
        "http://h/a.css?v=2",
        "http://h/app.77fe01aa.js",
        "http://h/j-3.7.1.js",
        "http://h/x#b",
    ];
    assert_eq!(pairs(&before, &after), ["0>0 Page", "1>1 Path", "2>2 Hash", "3>3 Hash", "4>4 Url"]);
}

#[test]
fn the_sure_pairs_are_made_first() {
    // The same path with another query must not take the partner of the exact URL.
    let before = ["http://h/", "http://h/i?n=1", "http://h/i?n=2"];
    let after = ["http://h/", "http://h/i?n=2", "http://h/i?n=3"];
    assert_eq!(pairs(&before, &after), ["0>0 Page", "1>2 Path", "2>1 Url"]);
}

#[test]
fn duplicates_are_paired_in_order() {
    let before = ["http://h/", "http://h/a.png", "http://h/a.png"];
    let after = ["http://h/", "http://h/a.png", "http://h/a.png", "http://h/a.png"];
    assert_eq!(pairs(&before, &after), ["0>0 Page", "1>1 Url", "2>2 Url", "->3 Alone"]);
    assert_eq!(pairs(&after, &before), ["0>0 Page", "1>1 Url", "2>2 Url", "3>- Alone"]);
}

#[test]
fn what_stands_in_the_same_place_is_a_pair_and_what_does_not_is_not() {
    let before = ["http://h/", "http://h/img/cat.png", "http://h/css/a.css", "http://h/b.js"];
    let after = ["http://h/", "http://h/img/dog.png", "http://h/js/a.js", "http://h/b.js"];
    assert_eq!(pairs(&before, &after), ["0>0 Page", "1>1 Place", "2>- Alone", "->2 Alone", "3>3 Url"]);
}

#[test]
fn what_is_new_stands_where_it_came() {
    let before = ["http://h/", "http://h/a.css", "http://h/b.js"];
    let after = ["http://h/", "http://h/new/x.png", "http://h/a.css", "http://h/new/y.png", "http://h/b.js"];
    assert_eq!(pairs(&before, &after), ["0>0 Page", "->1 Alone", "1>2 Url", "->3 Alone", "2>4 Url"]);
}

#[test]
fn noise_is_noted_and_structure_decides() {
    type Edit = fn(&mut Row);
    let cases: [(&str, Edit, Standing); 12] = [
        ("time", |row| row.end = row.end + Duration::from_secs(9), Standing::Same),
        ("query", |row| row.url.push_str("?x"), Standing::Noted),
        ("reuse", |row| row.connection.as_mut().unwrap().reuse = Reuse::New, Standing::Noted),
        ("address", |row| row.connection.as_mut().unwrap().remote = None, Standing::Noted),
        ("status", |row| row.response.as_mut().unwrap().status = 404, Standing::Changed),
        ("outcome", |row| row.outcome = Outcome::Canceled, Standing::Changed),
        ("size", |row| row.sizes.encoded += 1, Standing::Changed),
        ("decoded", |row| row.sizes.decoded += 1, Standing::Changed),
        (
            "protocol",
            |row| row.connection.as_mut().unwrap().protocol = "HTTP/2".to_owned(),
            Standing::Changed,
        ),
        ("cache", |row| row.cache = CacheUse::Hit, Standing::Changed),
        ("priority", |row| row.priority = None, Standing::Changed),
        ("type", |row| row.response.as_mut().unwrap().headers.clear(), Standing::Changed),
    ];
    let before = load(&["http://h/", "http://h/a.css"]);
    for (what, edit, expected) in cases {
        let mut after = before.clone();
        edit(&mut after.rows[1]);
        let comparison = compare(&before, &after);
        assert_eq!(comparison.requests[1].standing(), expected, "{what}");
        let differs = if expected == Standing::Changed { Verdict::Differ } else { Verdict::Same };
        assert_eq!(comparison.verdict(), differs, "{what}");
    }
    let mut after = before.clone();
    after.rows.pop();
    assert_eq!(compare(&before, &after).verdict(), Verdict::Differ);
    assert_eq!(compare(&after, &before).count(Standing::Added), 1);
    let swapped = load(&["http://h/", "http://h/b.js", "http://h/a.css"]);
    let straight = load(&["http://h/", "http://h/a.css", "http://h/b.js"]);
    let comparison = compare(&straight, &swapped);
    assert_eq!((comparison.reordered, comparison.verdict()), (1, Verdict::Same));
}

#[test]
fn small_changes_of_times_are_not_marked() {
    let ms = Duration::from_millis;
    let cases = [
        (0, 9, false),
        (0, 10, true),
        (100, 110, false),
        (100, 125, true),
        (125, 100, true),
        (500, 590, false),
    ];
    for (before, after, marked) in cases {
        assert_eq!(difference::is_marked(ms(before), ms(after)), marked, "{before} {after}");
    }
}

/// The page of the terminal's tests, and the same with a failing sheet, a new font and a slower picture.
fn two_loads() -> (Waterfall, Waterfall) {
    let before = page();
    let mut after = page();
    after.rows[1].response.as_mut().unwrap().status = 404;
    after.rows[1].sizes.encoded = 120;
    after.rows[4] = plain_row("http://h/local.woff2");
    after.rows[4].start = Timestamp::from_millis(62);
    after.rows[4].end = Timestamp::from_millis(66);
    after.rows[4].resource = ResourceType::Font;
    after.rows[3].segments[1].end = Timestamp::from_millis(100);
    after.rows[3].segments[2].start = Timestamp::from_millis(100);
    after.rows[3].segments[2].end = Timestamp::from_millis(120);
    after.rows[3].end = Timestamp::from_millis(120);
    after.end = Timestamp::from_millis(120);
    (before, after)
}

#[test]
fn the_table_shows_both_beside_each_other() {
    let (before, after) = two_loads();
    let comparison = compare(&before, &after);
    let style = TerminalStyle { width: 80, color: Color::Plain, charset: Charset::Ascii };
    let shown = table::render(&comparison, ["a.har", "b.har"], &style);
    let expected = [
        "A  a.har",
        "B  b.har",
        "",
        "  URL                          A  st   size   time B  st   size   time    change",
        "  /                            | 200  1.2kB 40.0ms | 200  1.2kB 40.0ms       ±0",
        "~ /a.css                       | 200  1.2kB 17.0ms | 404   120B 17.0ms       ±0",
        "      status 200 -> 404, size 1234B (1.2kB) -> 120B",
        "  /old.png?v=1                 | 302  1.2kB 12.0ms | 302  1.2kB 12.0ms       ±0",
        "  cdn.h/new.png                | 200  1.2kB 32.0ms | 200  1.2kB 62.0ms  +30.0ms!",
        "      wait 12.0ms -> 42.0ms",
        "- gone.h/f.woff2               | ERR     0B  4.0ms |",
        "+ /local.woff2                 |                   |         0B  4.0ms",
    ];
    assert_eq!(shown.lines().take(12).collect::<Vec<_>>(), expected, "\n{shown}");
    for width in [60, 80, 130, 200] {
        for color in [Color::Plain, Color::Ansi] {
            let shown = table::render(&comparison, ["a", "b"], &TerminalStyle { width, color, ..style });
            assert!(
                color == Color::Ansi || shown.lines().all(|line| text_width(line) <= width.max(80)),
                "{width}:\n{shown}"
            );
        }
    }
}

fn text_width(line: &str) -> usize {
    super::super::text::width(line)
}

#[test]
fn the_json_says_what_the_table_shows() {
    let (before, after) = two_loads();
    let value: serde_json::Value = serde_json::from_str(&json::render(&compare(&before, &after))).unwrap();
    assert_eq!((&value["differs"], &value["added"], &value["removed"]), (&true.into(), &1.into(), &1.into()));
    let sheet = &value["requests"][1];
    assert_eq!(sheet["standing"], "changed");
    assert_eq!(sheet["changes"][0]["what"], "status");
    assert_eq!(value["requests"][3]["phases_ms"]["wait"]["marked"], true);
}
