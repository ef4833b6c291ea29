//! Time as a value: timestamps since a session's start, and the clocks that make them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// A point in time as the distance from the clock's origin (the start of the session).
///
/// Plain data: it can be stored, compared, subtracted and put into tests. Microsecond precision is
/// what a waterfall shows; nanoseconds are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub Duration);

impl Timestamp {
    /// The clock's origin.
    pub const ZERO: Self = Self(Duration::ZERO);

    /// The timestamp `ms` milliseconds after the origin.
    pub const fn from_millis(ms: u64) -> Self {
        Self(Duration::from_millis(ms))
    }

    /// Milliseconds since the origin, with fraction.
    pub fn as_millis_f64(self) -> f64 {
        self.0.as_secs_f64() * 1e3
    }

    /// The time from `earlier` to this, zero when `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

/// Where `now` comes from. Everything that depends on time takes a [`Timestamp`] or one of these.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Monotonic time since this clock's origin.
    fn now(&self) -> Timestamp;
    /// The wall-clock time that this clock's origin had: `startedDateTime`, cookie expiry and cache ages need it.
    fn origin(&self) -> SystemTime;
}

/// The clock of a running program.
#[derive(Debug, Clone)]
pub struct MonotonicClock {
    start: Instant,
    origin: SystemTime,
}

impl MonotonicClock {
    /// A clock whose origin is now.
    pub fn new() -> Self {
        Self { start: Instant::now(), origin: SystemTime::now() }
    }
}

impl Default for MonotonicClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for MonotonicClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.start.elapsed())
    }
    fn origin(&self) -> SystemTime {
        self.origin
    }
}

/// A clock that stands still until it is told to move: tests run on it.
#[derive(Debug, Default)]
pub struct VirtualClock {
    nanos: AtomicU64,
}

impl VirtualClock {
    /// Moves time forward.
    pub fn advance(&self, by: Duration) {
        let nanos = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp(Duration::from_nanos(self.nanos.load(Ordering::SeqCst)))
    }
    /// 2026-01-01T00:00:00Z, so that wall-clock output of tests is the same every day.
    fn origin(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
    }
}
