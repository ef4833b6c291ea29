//! `siskin dump`.

use std::path::Path;

use serde::Serialize;
use siskin_engine::page::WaitUntil;
use siskin_render::pipeline::{Area, LaidOut, lay_out};
use siskin_render::{boxes, display_list};

use crate::args::{DumpArgs, Stage};
use crate::browser::{Browser, Listeners};
use crate::config::LoadConfig;
use crate::dump;
use crate::failure::Failure;
use crate::output;
use crate::talk::Talk;

/// Runs `siskin dump`.
///
/// # Errors
/// [`Failure::Page`], [`Failure::Output`].
pub fn run(args: &DumpArgs, talk: &Talk) -> Result<(), Failure> {
    let config = LoadConfig::new(&args.page, &args.load, WaitUntil::Load)?;
    let path = args.output.as_deref().unwrap_or_else(|| Path::new("-"));
    output::check(path)?;
    let mut browser = Browser::for_load(&config)?;
    let snapshot = browser.load(&config, &Listeners::default(), talk)?.snapshot;
    let laid_out = || lay_out(&snapshot, browser.fonts());
    let text = match args.stage {
        Stage::Dom => snapshot.document.dump(snapshot.document.root()),
        Stage::Style => {
            let styles = dump::styles(&snapshot, &laid_out().fragments);
            if args.json { json(&styles)? } else { dump::style::as_text(&styles) }
        }
        Stage::Boxes => {
            let LaidOut { images, .. } = laid_out();
            let tree = boxes::build(&snapshot, &|url| images.natural_size(url));
            siskin_render::dump::boxes(&tree, &snapshot.document)
        }
        Stage::Fragments => siskin_render::dump::fragments(&laid_out().fragments, &snapshot.document),
        Stage::DisplayList => {
            let page = laid_out();
            display_list::dump::dump(&page.display_list(page.device_rect(Area::FullPage)))
        }
        Stage::Rects => {
            let geometry = dump::geometry(&snapshot, &laid_out().fragments);
            if args.json { json(&geometry)? } else { dump::geometry::as_text(&geometry) }
        }
    };
    output::write(path, text.as_bytes())
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    let mut text =
        serde_json::to_string(value).map_err(|error| Failure::Internal(format!("json: {error}")))?;
    text.push('\n');
    Ok(text)
}
