//! The one place that knows the time: everything else asks a [`TimeSource`].

use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;

use crate::cancel::CancelToken;

/// Where the engine gets its time from. Tests use [`FakeTime`], so that a retry in an hour costs nothing.
pub trait TimeSource: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long to really wait until that time comes. Asked only when there is nothing else to do.
    fn wait_for(&self, until: Timestamp) -> Duration;

    /// Sleeps, unless the token is cancelled before the time is up; says whether it slept to the end.
    fn sleep(&self, duration: Duration, cancel: &CancelToken) -> bool;
}

/// The system's time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemTime;

impl TimeSource for SystemTime {
    #[expect(clippy::disallowed_methods, reason = "this is the engine's one TimeSource")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn wait_for(&self, until: Timestamp) -> Duration {
        Duration::try_from(until.duration_since(self.now())).unwrap_or(Duration::ZERO)
    }

    fn sleep(&self, duration: Duration, cancel: &CancelToken) -> bool {
        !cancel.wait(duration)
    }
}

/// A time that stands still until somebody waits for it; waiting moves it at once.
#[derive(Debug)]
pub struct FakeTime {
    now: Mutex<Timestamp>,
}

impl FakeTime {
    /// Stands at this time.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now: Mutex::new(now) }
    }

    fn move_to(&self, at_least: Timestamp) {
        let mut now = crate::lock(&self.now);
        *now = (*now).max(at_least);
    }

    /// Moves on by that much.
    pub fn advance(&self, by: Duration) {
        let now = self.now();
        self.move_to(now.checked_add(by).unwrap_or(Timestamp::MAX));
    }
}

impl TimeSource for FakeTime {
    fn now(&self) -> Timestamp {
        *crate::lock(&self.now)
    }

    fn wait_for(&self, until: Timestamp) -> Duration {
        self.move_to(until);
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration, cancel: &CancelToken) -> bool {
        self.advance(duration);
        !cancel.is_cancelled()
    }
}

/// A time as the API writes it: always six digits of a second, always `+00:00`.
#[must_use]
pub(crate) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_api_does() {
        let time: Timestamp = "2026-11-23T04:19:38.4418Z".parse().unwrap();
        assert_eq!(written(time), "2026-11-23T04:19:38.441800+00:00");
        assert_eq!(written(time).parse::<Timestamp>().unwrap(), time);
    }
}
