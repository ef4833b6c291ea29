//! Runs of one script: <https://www.unicode.org/reports/tr24/#Common>.

use std::ops::Range;

use unicode_script::{Script, UnicodeScript};

/// Brackets that wait for their partner; further ones take the script of what stands before them.
const MAX_OPEN_BRACKETS: usize = 32;

/// A stretch of text in one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScriptRun {
    /// Byte offsets.
    pub(crate) range: Range<usize>,
    /// The script; `Common` where nothing tells.
    pub(crate) script: Script,
}

/// Splits text by script. Characters common to many scripts join what stands before them (at the start: what
/// follows), a closing bracket the script of its partner.
pub(crate) fn runs(text: &str) -> Vec<ScriptRun> {
    let mut runs: Vec<ScriptRun> = Vec::new();
    let mut current = Script::Common;
    let mut start = 0;
    let mut open: Vec<(char, Script)> = Vec::new();
    for (offset, c) in text.char_indices() {
        let script = if c.is_ascii_alphabetic() { Script::Latin } else { resolve(c, current, &mut open) };
        if script == current || script == Script::Common {
            continue;
        }
        if current == Script::Common {
            for bracket in open.iter_mut().filter(|bracket| bracket.1 == Script::Common) {
                bracket.1 = script;
            }
        } else {
            runs.push(ScriptRun { range: start..offset, script: current });
            start = offset;
        }
        current = script;
    }
    if start < text.len() {
        runs.push(ScriptRun { range: start..text.len(), script: current });
    }
    runs
}

/// The script of a character after text in `current`; `Common` to stay with it.
fn resolve(c: char, current: Script, open: &mut Vec<(char, Script)>) -> Script {
    let script = c.script();
    match script {
        Script::Common => {
            if let Some(closing) = closing_bracket(c) {
                if open.len() < MAX_OPEN_BRACKETS {
                    open.push((closing, current));
                }
                return Script::Common;
            }
            if let Some(at) = open.iter().rposition(|(closing, _)| *closing == c) {
                let script = open[at].1;
                open.truncate(at);
                return script;
            }
            // Used by few scripts: one of those, unless it is used by the current one.
            let extension = c.script_extension();
            if extension.is_common() || extension.contains_script(current) {
                return Script::Common;
            }
            extension.iter().next().unwrap_or(Script::Common)
        }
        Script::Inherited | Script::Unknown => Script::Common,
        _ if current != Script::Common && c.script_extension().contains_script(current) => Script::Common,
        // Japanese mixes three scripts in a word; fonts shape them alike.
        Script::Hiragana | Script::Katakana if matches!(current, Script::Hiragana | Script::Katakana) => {
            Script::Common
        }
        _ => script,
    }
}

fn closing_bracket(c: char) -> Option<char> {
    Some(match c {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '«' => '»',
        '‘' => '’',
        '“' => '”',
        '‹' => '›',
        '〈' => '〉',
        '《' => '》',
        '「' => '」',
        '『' => '』',
        '【' => '】',
        '（' => '）',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_characters_join_their_neighbours() {
        let cases: &[(&str, &[(&str, Script)])] = &[
            ("", &[]),
            ("12 34", &[("12 34", Script::Common)]),
            ("abc 12.", &[("abc 12.", Script::Latin)]),
            ("(12) abc", &[("(12) abc", Script::Latin)]),
            ("abc дом 1", &[("abc ", Script::Latin), ("дом 1", Script::Cyrillic)]),
            ("abc (дом) x", &[("abc (", Script::Latin), ("дом", Script::Cyrillic), (") x", Script::Latin)]),
            ("e\u{301}a", &[("e\u{301}a", Script::Latin)]),
            ("漢字かな", &[("漢字", Script::Han), ("かな", Script::Hiragana)]),
            ("שלום, hi", &[("שלום, ", Script::Hebrew), ("hi", Script::Latin)]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = runs(text).into_iter().map(|run| (&text[run.range], run.script)).collect();
            assert_eq!(&found, expected, "{text}");
        }
    }
}
