//! When a call began and how long it has been going on.

use std::time::{Duration, Instant, SystemTime};

/// A start in wall time, and a duration that a step of the wall clock cannot turn negative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    wall: SystemTime,
    monotonic: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { wall: SystemTime::now(), monotonic: Instant::now() }
    }

    pub(crate) fn started_at(&self) -> SystemTime {
        self.wall
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.monotonic.elapsed()
    }
}
