//! `siskin compare`.

use super::archive::read;
use crate::args::CompareArgs;
use crate::failure::Failure;
use crate::output;
use crate::report::TerminalStyle;
use crate::report::compare::{self, Verdict};
use crate::talk::Talk;

/// Runs `siskin compare`.
///
/// # Errors
/// [`Failure::Differs`] when the two differ, [`Failure::Archive`] when one of them cannot be read.
pub fn run(args: &CompareArgs, talk: &Talk) -> Result<(), Failure> {
    let style = TerminalStyle::detect(talk.color());
    let (text, verdict) = report(args, &style)?;
    output::print(&text)?;
    match verdict {
        Verdict::Same => Ok(()),
        Verdict::Differ => Err(Failure::Differs),
    }
}

fn report(args: &CompareArgs, style: &TerminalStyle) -> Result<(String, Verdict), Failure> {
    let (before, after) = (read(&args.before)?, read(&args.after)?);
    let comparison = compare::compare(&before, &after);
    let text = if args.json {
        compare::json::render(&comparison)
    } else {
        let names = [&args.before, &args.after].map(|path| path.display().to_string());
        compare::table::render(&comparison, names.each_ref().map(String::as_str), style)
    };
    Ok((text, comparison.verdict()))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::args::ColorChoice;

    fn scratch(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("siskin-compare-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    fn har(status: u16) -> String {
        format!(
            r#"{{"log":{{"version":"1.2","entries":[{{"startedDateTime":"2026-01-01T00:00:00.000Z","time":1,
            "request":{{"method":"GET","url":"http://h/"}},"response":{{"status":{status}}},
            "timings":{{"send":0,"wait":1,"receive":0}}}}]}}}}"#
        )
    }

    #[test]
    fn same_differs_and_trouble_are_told_apart() {
        let (one, same, other) = (scratch("1", &har(200)), scratch("2", &har(200)), scratch("3", &har(404)));
        let broken = scratch("4", "<html>");
        let style = TerminalStyle::detect(ColorChoice::Never);
        let run = |before: &Path, after: &Path, json| {
            let args = CompareArgs { before: before.to_owned(), after: after.to_owned(), json };
            report(&args, &style).map_err(|failure| failure.exit_code())
        };
        let (text, verdict) = run(&one, &same, false).unwrap();
        assert_eq!(verdict, Verdict::Same);
        assert!(text.contains("The loads do not differ (1 alike; times do not count)"), "{text}");
        let (text, verdict) = run(&one, &other, true).unwrap();
        assert_eq!(verdict, Verdict::Differ);
        assert!(text.contains("\"differs\": true"), "{text}");
        assert_eq!(run(&one, &broken, false), Err(2));
        assert_eq!(run(Path::new("/no/such.har"), &one, false), Err(2));
        for path in [one, same, other, broken] {
            std::fs::remove_file(path).unwrap();
        }
    }
}
