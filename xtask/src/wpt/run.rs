//! Runs reftests side by side: each worker has a browser of its own, all load from one server.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use siskin_test_pages::server::{Script, Server};
use url::Url;

use super::compare::difference;
use super::manifest::{Relation, Test};
use crate::picture::{Photographer, Picture};

/// The picture that the suite's reftests are taken at.
const VIEWPORT: (u32, u32) = (800, 600);
/// References that a worker keeps at once: neighbours in the list share theirs.
const KEPT_REFERENCES: usize = 64;

/// What became of a test.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// The test.
    pub test: Test,
    /// Whether it passed.
    pub outcome: Outcome,
}

/// Pass, or fail and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every reference is as it should be.
    Pass,
    /// The first reason.
    Fail(String),
}

/// Runs the tests on `jobs` workers; the results come in the tests' order.
///
/// # Errors
/// When the server or a browser cannot be started.
pub fn run(wpt: &Path, tests: Vec<Test>, jobs: usize) -> anyhow::Result<Vec<TestResult>> {
    let server = Server::start(Script::folder(wpt)?)?;
    let base = Url::parse(&format!("{}/", server.origin()))?;
    let fonts = wpt.parent().map(|shared| shared.join("fonts")).filter(|f| f.is_dir());
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<HashMap<usize, Outcome>> = Mutex::default();
    thread::scope(|scope| -> anyhow::Result<()> {
        let workers: Vec<_> = (0..jobs.max(1))
            .map(|_| {
                scope.spawn(|| -> anyhow::Result<()> {
                    let mut worker =
                        Worker::new(Photographer::new(VIEWPORT, fonts.as_deref())?, base.clone());
                    while let Some((index, test)) = take(&next, &tests) {
                        let outcome = worker.run(test);
                        outcomes.lock().unwrap_or_else(PoisonError::into_inner).insert(index, outcome);
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|_| anyhow::bail!("a worker panicked")))
    })?;
    let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(tests
        .into_iter()
        .enumerate()
        .filter_map(|(index, test)| outcomes.remove(&index).map(|outcome| TestResult { test, outcome }))
        .collect())
}

fn take<'a>(next: &AtomicUsize, tests: &'a [Test]) -> Option<(usize, &'a Test)> {
    let index = next.fetch_add(1, Ordering::SeqCst);
    tests.get(index).map(|test| (index, test))
}

/// A browser and the references that it has at hand.
struct Worker {
    photographer: Photographer,
    base: Url,
    references: HashMap<Url, Result<Arc<Picture>, String>>,
    order: Vec<Url>,
}

impl Worker {
    fn new(photographer: Photographer, base: Url) -> Self {
        Self { photographer, base, references: HashMap::new(), order: Vec::new() }
    }

    fn run(&mut self, test: &Test) -> Outcome {
        match self.try_run(test) {
            Ok(()) => Outcome::Pass,
            Err(why) => Outcome::Fail(why),
        }
    }

    fn try_run(&mut self, test: &Test) -> Result<(), String> {
        let url = self.base.join(&test.path).map_err(|e| e.to_string())?;
        let picture = self.take_picture(&url)?;
        for reference in &test.refs {
            let reference_url = url.join(&reference.href).map_err(|e| e.to_string())?;
            let other = self.reference(&reference_url)?;
            let difference = difference(&picture.pixels, &other.pixels);
            let same = difference.within(&test.fuzz(&reference.href));
            match (reference.rel, same) {
                (Relation::Match, true) | (Relation::Mismatch, false) => {}
                (Relation::Match, false) => {
                    return Err(format!("{} pixels differ by up to {}", difference.pixels, difference.max));
                }
                (Relation::Mismatch, true) => {
                    return Err("is the same as a picture it must differ from".to_owned());
                }
            }
        }
        Ok(())
    }

    fn reference(&mut self, url: &Url) -> Result<Arc<Picture>, String> {
        if let Some(known) = self.references.get(url) {
            return known.clone();
        }
        let picture = self.take_picture(url);
        if self.order.len() >= KEPT_REFERENCES {
            self.references.remove(&self.order.remove(0));
        }
        self.order.push(url.clone());
        self.references.insert(url.clone(), picture.clone());
        picture
    }

    /// A panic is a failure of that test, told with its message, never the end of the run.
    fn take_picture(&self, url: &Url) -> Result<Arc<Picture>, String> {
        catch_unwind(AssertUnwindSafe(|| self.photographer.take(url)))
            .unwrap_or_else(|panic| Err(format!("panicked: {}", panic_message(panic.as_ref()))))
            .map(Arc::new)
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}
