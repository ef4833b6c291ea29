//! HAR 1.2 as structs. Each keeps the fields that it does not know (`extra`), so that reading and writing a file of
//! another tool loses nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lenient;

/// Fields that the format does not name; those of tools begin with `_`.
pub type Extra = BTreeMap<String, Value>;

/// A file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Har {
    /// All there is.
    pub log: Log,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The record of one or more page loads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// `1.2`.
    #[serde(default = "version_1_1")]
    pub version: String,
    /// The program that wrote the file.
    #[serde(default)]
    pub creator: Creator,
    /// The browser that loaded the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<Creator>,
    /// The pages.
    #[serde(default)]
    pub pages: Vec<Page>,
    /// The requests.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Name and version of a program.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Creator {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The version.
    #[serde(default)]
    pub version: String,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// ISO 8601.
    #[serde(default)]
    pub started_date_time: String,
    /// What entries' `pageref` names.
    #[serde(default)]
    pub id: String,
    /// The title.
    #[serde(default)]
    pub title: String,
    /// The milestones.
    #[serde(default)]
    pub page_timings: PageTimings,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Milestones in ms from the page's start; -1 when they were not reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageTimings {
    /// `DOMContentLoaded`.
    #[serde(default = "lenient::missing", deserialize_with = "lenient::float")]
    pub on_content_load: f64,
    /// `load`.
    #[serde(default = "lenient::missing", deserialize_with = "lenient::float")]
    pub on_load: f64,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A request and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The page's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pageref: Option<String>,
    /// ISO 8601.
    #[serde(default)]
    pub started_date_time: String,
    /// ms; the sum of the timings that are not -1, without `ssl`.
    #[serde(default = "lenient::missing", deserialize_with = "lenient::float")]
    pub time: f64,
    /// The request.
    pub request: Request,
    /// The response.
    pub response: Response,
    /// What caches held before and after: not told here.
    #[serde(default)]
    pub cache: Extra,
    /// The phases.
    pub timings: Timings,
    /// The peer's address without port.
    #[serde(default, rename = "serverIPAddress", skip_serializing_if = "Option::is_none")]
    pub server_ip_address: Option<String>,
    /// Names the connection.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::text")]
    pub connection: Option<String>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The method.
    #[serde(default)]
    pub method: String,
    /// The URL without fragment.
    #[serde(default)]
    pub url: String,
    /// The protocol.
    #[serde(default)]
    pub http_version: String,
    /// The cookies.
    #[serde(default)]
    pub cookies: Vec<Value>,
    /// The headers.
    #[serde(default)]
    pub headers: Vec<NameValue>,
    /// The query, decoded.
    #[serde(default)]
    pub query_string: Vec<NameValue>,
    /// Bytes of the head; -1 unknown.
    #[serde(default = "lenient::unknown", deserialize_with = "lenient::integer")]
    pub headers_size: i64,
    /// Bytes of the body; -1 unknown.
    #[serde(default = "lenient::unknown", deserialize_with = "lenient::integer")]
    pub body_size: i64,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The status; 0 when none came.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub status: i64,
    /// The reason phrase.
    #[serde(default)]
    pub status_text: String,
    /// The protocol.
    #[serde(default)]
    pub http_version: String,
    /// The cookies that were set.
    #[serde(default)]
    pub cookies: Vec<Value>,
    /// The headers.
    #[serde(default)]
    pub headers: Vec<NameValue>,
    /// The body.
    #[serde(default)]
    pub content: Content,
    /// The `Location` header's value, or nothing.
    #[serde(default, rename = "redirectURL")]
    pub redirect_url: String,
    /// Bytes of the head; -1 unknown.
    #[serde(default = "lenient::unknown", deserialize_with = "lenient::integer")]
    pub headers_size: i64,
    /// Bytes of the body over the wire; 0 from a cache, -1 unknown.
    #[serde(default = "lenient::unknown", deserialize_with = "lenient::integer")]
    pub body_size: i64,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A response's body.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Bytes after decoding.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub size: i64,
    /// Bytes saved by the content coding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<i64>,
    /// The media type with its parameters.
    #[serde(default)]
    pub mime_type: String,
    /// Unknown fields, and `text` and `encoding`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A header, or a piece of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameValue {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The value.
    #[serde(default)]
    pub value: String,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The phases in ms; -1 where a phase does not apply. `ssl` lies inside `connect`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// Waiting for the scheduler or for a connection.
    #[serde(default = "lenient::missing", deserialize_with = "lenient::float")]
    pub blocked: f64,
    /// Looking up the host name.
    #[serde(default = "lenient::missing", deserialize_with = "lenient::float")]
    pub dns: f64,
    /// Opening the connection, TLS included.
    #[serde(default = "lenient::missing", deserialize_with = "lenient::float")]
    pub connect: f64,
    /// The TLS handshake.
    #[serde(default = "lenient::missing", deserialize_with = "lenient::float")]
    pub ssl: f64,
    /// Sending; never -1.
    #[serde(default, deserialize_with = "lenient::float")]
    pub send: f64,
    /// Waiting for the response; never -1.
    #[serde(default, deserialize_with = "lenient::float")]
    pub wait: f64,
    /// Receiving; never -1.
    #[serde(default, deserialize_with = "lenient::float")]
    pub receive: f64,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Default for PageTimings {
    fn default() -> Self {
        Self { on_content_load: lenient::missing(), on_load: lenient::missing(), extra: Extra::new() }
    }
}

impl Timings {
    /// The sum that an entry's `time` has to be.
    pub fn sum(&self) -> f64 {
        let parts = [self.blocked, self.dns, self.connect, self.send, self.wait, self.receive];
        parts.into_iter().filter(|part| *part > 0.0).sum()
    }
}

/// "If not available, default to 1.1", says the format.
fn version_1_1() -> String {
    "1.1".to_owned()
}
