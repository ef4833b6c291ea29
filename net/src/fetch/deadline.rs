//! The time that a whole fetch may take, redirects and body included.

use std::pin::Pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::time::{Sleep, sleep};

use crate::error::{Error, ErrorKind};
use crate::story::Story;

/// When a fetch has to be over, if at all.
pub(super) struct Deadline {
    timer: Option<(Pin<Box<Sleep>>, Duration)>,
    story: Story,
}

impl Deadline {
    /// The deadline of a fetch that begins now.
    pub(super) fn of(limit: Option<Duration>, story: Story) -> Self {
        Self { timer: limit.map(|limit| (Box::pin(sleep(limit)), limit)), story }
    }

    /// Waits for `step`, but not beyond the deadline. The error's phase is the one that the fetch is in.
    ///
    /// Pinned already: a fetch is a large future, and each hand that it goes through would copy it.
    pub(super) async fn hold<T>(&mut self, step: Pin<&mut impl Future<Output = T>>) -> Result<T, Error> {
        let Some((timer, limit)) = &mut self.timer else { return Ok(step.await) };
        match select(step, timer.as_mut()).await {
            Either::Left((result, _)) => Ok(result),
            Either::Right(_) => {
                let message = format!("not over within {} s", limit.as_secs_f64());
                Err(Error::new(ErrorKind::Timeout, self.story.phase(), self.story.url().as_ref(), message))
            }
        }
    }
}
