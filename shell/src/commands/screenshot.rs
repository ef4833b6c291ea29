//! `siskin screenshot`.

use std::io::IsTerminal;
use std::path::Path;

use siskin_engine::load::Pictured;
use siskin_engine::page::{PageError, WaitUntil};
use siskin_render::display_list::Rgba;
use siskin_render::glyph::GlyphCache;
use siskin_render::output::{Format, encode};
use siskin_render::pipeline::{Area, LaidOut, lay_out};

use crate::args::{OnTimeout, ScreenshotArgs};
use crate::browser::{Browser, Listeners, report_faults};
use crate::config::LoadConfig;
use crate::failure::Failure;
use crate::output;
use crate::talk::Talk;

/// Runs `siskin screenshot`.
///
/// # Errors
/// [`Failure::Page`], [`Failure::Picture`], [`Failure::Output`]; but for a picture that was wanted in spite of a
/// timeout nothing has been written then.
pub fn run(args: &ScreenshotArgs, talk: &Talk) -> Result<(), Failure> {
    let mut config = LoadConfig::new(&args.page, &args.load, WaitUntil::Load)?;
    if args.full_page {
        config.extent.pictured = Pictured::WholePage;
    }
    let format = format(&args.output)?;
    output::check(&args.output)?;
    let mut browser = Browser::for_load(&config)?;
    let progress = talk.progress(&format!("loading {}", config.url));
    let mut visit = browser.visit(&config, &Listeners::default());
    let (mut loaded, late) = match visit.result {
        Ok(loaded) => (loaded, None),
        Err(error @ (PageError::Timeout { .. } | PageError::NeverThere { .. }))
            if args.on_timeout == OnTimeout::Shoot =>
        {
            match visit.page.stop() {
                Some(loaded) => (loaded, Some(error)),
                None => return Err(error.into()),
            }
        }
        Err(error) => return Err(error.into()),
    };
    visit.kept?;
    progress.set(format!("rendering {}", config.url));
    let area = if args.full_page { Area::FullPage } else { Area::Viewport };
    let page = match late {
        None => browser.lay_out(&mut visit.page, &mut loaded, &config),
        Some(_) => lay_out(&loaded.snapshot, browser.fonts()),
    };
    // A picture of the dark page around a broken image would look like success.
    if let Some(url) = loaded.image_document.clone().filter(|url| page.images.is_broken(url)) {
        return Err(PageError::BrokenImage { url }.into());
    }
    let bytes = picture(&page, area, format)?;
    drop(progress);
    output::write(&args.output, &bytes)?;
    report_faults(&loaded, &page.images, talk);
    late.map_or(Ok(()), |error| Err(error.into()))
}

fn picture(page: &LaidOut, area: Area, format: Format) -> Result<Vec<u8>, Failure> {
    let visible = page.device_rect(area);
    let list = page.display_list(visible);
    let pixmap = page
        .paint(&list, visible, Rgba::WHITE, &mut GlyphCache::new())
        .map_err(|error| Failure::Picture(error.to_string()))?;
    encode(&pixmap, format).map_err(|error| Failure::Picture(error.to_string()))
}

/// The format that the name asks for: PNG unless its extension says otherwise.
fn format(path: &Path) -> Result<Format, Failure> {
    if path.as_os_str() == "-" {
        if std::io::stdout().is_terminal() {
            return Err(Failure::Usage(
                "--output: a picture is not for a terminal: give a file or a pipe".to_owned(),
            ));
        }
        return Ok(Format::Png);
    }
    let Some(extension) = path.extension().filter(|_| !path.starts_with("/dev")) else {
        return Ok(Format::Png);
    };
    let extension = extension.to_string_lossy();
    Format::from_extension(&extension).ok_or_else(|| {
        Failure::Usage(format!("--output: .{extension} is no picture format here (png, jpg, webp)"))
    })
}
