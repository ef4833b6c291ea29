//! The rules of HAR 1.2, as a check that runs on the JSON itself: independent of the structs that wrote it.

use serde_json::Value;

/// The rules that a file breaks, each in words with its place; empty for a file that keeps them.
///
/// Beyond the format's text: pages and entries in the order of their starts ("preferred" there), page references
/// that lead somewhere, and no number below -1.
pub fn violations(har: &Value) -> Vec<String> {
    let mut found = Violations(Vec::new());
    let log = &har["log"];
    found.text(log, "log", &["version"]);
    found.text(&log["creator"], "log.creator", &["name", "version"]);
    if log["version"] != "1.2" {
        found.add("log.version", "is not 1.2");
    }
    let mut ids = Vec::new();
    for (i, page) in found.list(&log["pages"], "log.pages").iter().enumerate() {
        let place = format!("pages[{i}]");
        found.text(page, &place, &["startedDateTime", "id", "title"]);
        found.date(&page["startedDateTime"], &place);
        for name in ["onContentLoad", "onLoad"] {
            found.time_or_missing(&page["pageTimings"][name], &format!("{place}.pageTimings.{name}"));
        }
        ids.push(page["id"].clone());
    }
    let entries = found.list(&log["entries"], "log.entries");
    for (i, entry) in entries.iter().enumerate() {
        found.entry(entry, &format!("entries[{i}]"), &ids);
    }
    // Dates of one form sort as texts.
    if !entries.is_sorted_by_key(|entry| entry["startedDateTime"].as_str().unwrap_or_default()) {
        found.add("entries", "are not in the order of their starts");
    }
    found.0
}

struct Violations(Vec<String>);

impl Violations {
    fn add(&mut self, place: &str, what: &str) {
        self.0.push(format!("{place}: {what}"));
    }

    fn list<'a>(&mut self, value: &'a Value, place: &str) -> &'a [Value] {
        match value.as_array() {
            Some(list) => list,
            None => {
                self.add(place, "is no list");
                &[]
            }
        }
    }

    fn text(&mut self, object: &Value, place: &str, names: &[&str]) {
        for name in names {
            if !object[*name].is_string() {
                self.add(place, &format!("{name} is no text"));
            }
        }
    }

    /// `YYYY-MM-DDThh:mm:ss.sTZD`
    fn date(&mut self, value: &Value, place: &str) {
        let text = value.as_str().unwrap_or_default();
        let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        if shape != "0000-00-00T00:00:00.000Z" || super::date::parse(text).is_none() {
            self.add(place, &format!("{text:?} is no date with milliseconds"));
        }
    }

    fn time(&mut self, value: &Value, place: &str) -> f64 {
        match value.as_f64() {
            Some(number) if number >= 0.0 => number,
            _ => {
                self.add(place, "is no time");
                0.0
            }
        }
    }

    /// A time, or -1; what counts for a sum is returned.
    fn time_or_missing(&mut self, value: &Value, place: &str) -> f64 {
        if value.as_f64() == Some(-1.0) { 0.0 } else { self.time(value, place) }
    }

    fn size(&mut self, value: &Value, place: &str) {
        if value.as_i64().is_none_or(|number| number < -1) {
            self.add(place, "is no size");
        }
    }

    fn entry(&mut self, entry: &Value, place: &str, pages: &[Value]) {
        if !pages.contains(&entry["pageref"]) {
            self.add(place, "pageref leads to no page");
        }
        self.date(&entry["startedDateTime"], place);
        let time = self.time(&entry["time"], &format!("{place}.time"));
        let timings = &entry["timings"];
        let mut sum = 0.0;
        for name in ["send", "wait", "receive"] {
            sum += self.time(&timings[name], &format!("{place}.timings.{name}"));
        }
        for name in ["blocked", "dns", "connect"] {
            sum += self.time_or_missing(&timings[name], &format!("{place}.timings.{name}"));
        }
        if (sum - time).abs() > 0.001 {
            self.add(place, &format!("time is {time} but its timings are {sum}"));
        }
        let ssl = self.time_or_missing(&timings["ssl"], &format!("{place}.timings.ssl"));
        if ssl > timings["connect"].as_f64().unwrap_or(-1.0).max(0.0) + 0.001 {
            self.add(place, "ssl is longer than connect, in which it lies");
        }
        if !entry["cache"].is_object() {
            self.add(place, "cache is no object");
        }
        for name in ["connection", "serverIPAddress"] {
            if !entry[name].is_null() && entry[name].as_str().is_none_or(str::is_empty) {
                self.add(place, &format!("{name} is no text"));
            }
        }
        self.message(&entry["request"], &format!("{place}.request"), &["method", "url", "httpVersion"]);
        let request = &entry["request"];
        self.names(&request["queryString"], &format!("{place}.request.queryString"));
        if request["url"].as_str().is_some_and(|url| url.contains('#')) {
            self.add(place, "the URL has a fragment");
        }
        self.message(
            &entry["response"],
            &format!("{place}.response"),
            &["statusText", "httpVersion", "redirectURL"],
        );
        let response = &entry["response"];
        if response["status"].as_u64().is_none_or(|status| status > 999) {
            self.add(place, "status is no status");
        }
        if response["content"]["size"].as_u64().is_none() {
            self.add(place, "content.size is no size");
        }
        self.text(&response["content"], &format!("{place}.response.content"), &["mimeType"]);
    }

    /// What requests and responses have both.
    fn message(&mut self, message: &Value, place: &str, texts: &[&str]) {
        self.text(message, place, texts);
        self.names(&message["headers"], &format!("{place}.headers"));
        self.names(&message["cookies"], &format!("{place}.cookies"));
        for name in ["headersSize", "bodySize"] {
            self.size(&message[name], &format!("{place}.{name}"));
        }
    }

    fn names(&mut self, value: &Value, place: &str) {
        for item in self.list(value, place).to_vec() {
            self.text(&item, place, &["name", "value"]);
        }
    }
}
