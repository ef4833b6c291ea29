//! The time that a whole fetch may take, redirects and body included.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::error::{Error, ErrorKind};
use crate::story::Story;

/// When a fetch has to be over, if at all.
pub(super) struct Deadline {
    end: Option<(Instant, Duration)>,
    story: Story,
}

impl Deadline {
    /// The deadline of a fetch that begins now.
    pub(super) fn of(limit: Option<Duration>, story: Story) -> Self {
        let end = limit.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
        Self { end, story }
    }

    /// Waits for `step`, but not beyond the deadline. The error's phase is the one that the fetch is in.
    pub(super) async fn hold<T>(&self, step: impl Future<Output = T>) -> Result<T, Error> {
        let Some((end, limit)) = self.end else { return Ok(step.await) };
        match timeout_at(end, step).await {
            Ok(result) => Ok(result),
            Err(_) => {
                let message = format!("not over within {} s", limit.as_secs_f64());
                Err(Error::new(ErrorKind::Timeout, self.story.phase(), self.story.url().as_ref(), message))
            }
        }
    }
}
