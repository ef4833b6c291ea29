//! The suite's data: tests, their requests, what is expected.

use std::path::Path;

use serde_json::Value;

/// How much a test says: the suite's `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Required,
    Optimal,
    /// A question without a right answer.
    Check,
}

pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) depends_on: Vec<String>,
    pub(crate) is_for_browsers: bool,
    pub(crate) requests: Vec<Step>,
}

/// One request of a test, as the suite writes it.
#[derive(Clone)]
pub(crate) struct Step(pub(crate) Value);

impl Step {
    pub(crate) fn has(&self, member: &str) -> bool {
        self.0.get(member).is_some()
    }

    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.as_str()
    }

    pub(crate) fn flag(&self, member: &str) -> bool {
        self.0.get(member).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn list(&self, member: &str) -> &[Value] {
        self.0.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Whether a failure of this check means that the test could not be set up.
    pub(crate) fn is_setup(&self, member: &str) -> bool {
        self.flag("setup") || self.list("setup_tests").iter().any(|name| name == member)
    }
}

pub(crate) fn read(file: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(file).unwrap();
    let suites: Vec<Value> = serde_json::from_str(&text).unwrap();
    suites.iter().flat_map(|suite| suite["tests"].as_array().unwrap()).map(case).collect()
}

fn case(test: &Value) -> Case {
    let flag = |name: &str| test.get(name).and_then(Value::as_bool).unwrap_or(false);
    let texts = |name: &str| -> Vec<String> {
        let list = test.get(name).and_then(Value::as_array);
        list.map_or(Vec::new(), |list| list.iter().map(|text| text.as_str().unwrap().to_owned()).collect())
    };
    Case {
        id: test["id"].as_str().unwrap().to_owned(),
        name: test["name"].as_str().unwrap().to_owned(),
        kind: match test.get("kind").and_then(Value::as_str) {
            None | Some("required") => Kind::Required,
            Some("optimal") => Kind::Optimal,
            Some("check") => Kind::Check,
            Some(other) => panic!("an unknown kind: {other}"),
        },
        depends_on: texts("depends_on"),
        is_for_browsers: !flag("browser_skip") && !flag("cdn_only"),
        requests: test["requests"].as_array().unwrap().iter().cloned().map(Step).collect(),
    }
}
