//! The only place that asks the system for the time, and the format in which times are stored.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp, fmt::strtime};

/// Where the server gets the time from. Injected, so that tests and loops need not wait.
pub trait TimeSource: Send + Sync + 'static {
    /// The time, in whole microseconds and later than every answer before. Taken inside a write transaction,
    /// it grows in the order of commits: that makes the column `updated` a cursor for "what changed since".
    fn now(&self) -> Timestamp;

    /// Says up to when times have been given out already, by the server before this one.
    fn go_on_after(&self, _latest: Timestamp) {}
}

/// How far the system's time may be behind the last answer, in microseconds, and answers still grow: a clock that is
/// set right by a little. Farther behind, the last answer was wrong, and to stay with it would be wrong for as long.
const FARTHEST_BEHIND: i64 = 5_000_000;

/// The system's time.
#[derive(Debug, Default)]
pub struct SystemTime {
    latest: AtomicI64,
}

impl TimeSource for SystemTime {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the one time source")]
        let system = Timestamp::now().as_microsecond();
        let next = |latest: i64| {
            if is_wrong(latest, system) {
                system
            } else {
                system.max(latest + 1)
            }
        };
        let before = self
            .latest
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |latest| Some(next(latest)));
        let latest = before.unwrap_or_else(|latest| latest);
        if is_wrong(latest, system) {
            tracing::warn!(
                "the system's clock says {}, and the last change was at {}: one of them is wrong; the clock is followed",
                timestamp(system),
                timestamp(latest)
            );
        }
        timestamp(next(latest))
    }

    fn go_on_after(&self, latest: Timestamp) {
        self.latest.fetch_max(latest.as_microsecond(), Ordering::Relaxed);
    }
}

/// Whether the last answer cannot have been right, by what the system says now.
fn is_wrong(latest: i64, system: i64) -> bool {
    latest - system > FARTHEST_BEHIND
}

/// A time that stands still until a test moves it. Each reading is one microsecond after the one before.
#[derive(Debug)]
pub struct ManualTime {
    microseconds: Mutex<i64>,
}

impl ManualTime {
    /// Starts at `start`.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        Self {
            microseconds: Mutex::new(start.as_microsecond()),
        }
    }

    /// Moves the time on.
    pub fn advance(&self, by: SignedDuration) {
        *self.lock() += i64::try_from(by.as_micros()).unwrap_or(i64::MAX / 2);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, i64> {
        self.microseconds
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl TimeSource for ManualTime {
    fn now(&self) -> Timestamp {
        let mut microseconds = self.lock();
        *microseconds += 1;
        timestamp(*microseconds)
    }
}

fn timestamp(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MAX)
}

/// The text in which a time is stored and answered: `2026-11-23T04:19:38.441849+00:00`. Always six digits and
/// always UTC, so that the order of the texts is the order of the times.
#[must_use]
pub fn format(time: Timestamp) -> String {
    strtime::format("%Y-%m-%dT%H:%M:%S.%6f+00:00", time).unwrap_or_else(|_| time.to_string())
}

/// Reads a time as clients write it: ISO-8601 with an offset or `Z`; without one it is UTC (contract 1.5).
/// A date alone is its midnight.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    jiff::tz::Offset::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_one_fixed_width() {
        for (given, stored) in [
            (
                "2026-11-23T04:19:38.441849+00:00",
                "2026-11-23T04:19:38.441849+00:00",
            ),
            ("2026-11-23T04:19:38Z", "2026-11-23T04:19:38.000000+00:00"),
            ("2026-11-23T05:19:38.5+01:00", "2026-11-23T04:19:38.500000+00:00"),
            ("2026-11-23T04:15:36.066721", "2026-11-23T04:15:36.066721+00:00"),
            ("2026-11-23 04:15:36", "2026-11-23T04:15:36.000000+00:00"),
            ("2026-11-23", "2026-11-23T00:00:00.000000+00:00"),
        ] {
            assert_eq!(format(parse(given).unwrap()), stored, "{given}");
        }
        assert_eq!(parse("tomorrow"), None);
    }

    #[test]
    fn no_two_readings_of_the_system_time_are_equal() {
        let time = SystemTime::default();
        let readings: Vec<_> = (0..1000).map(|_| time.now()).collect();
        assert!(readings.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_system_time_goes_on_after_what_was_given_out() {
        let time = SystemTime::default();
        let ahead = time.now() + SignedDuration::from_secs(2);
        time.go_on_after(ahead);
        assert!(time.now() > ahead);
        assert!(time.now() > ahead);
    }

    #[test]
    fn one_wrong_reading_is_not_kept() {
        let time = SystemTime::default();
        let right = time.now();
        let wrong = right + SignedDuration::from_hours(1);
        time.go_on_after(wrong);
        let next = time.now();
        assert!(next > right && next < wrong, "{next}");
    }

    #[test]
    fn manual_time_moves_only_when_told() {
        let time = ManualTime::starting_at(parse("2026-01-01T00:00:00Z").unwrap());
        assert_eq!(format(time.now()), "2026-01-01T00:00:00.000001+00:00");
        time.advance(SignedDuration::from_secs(60));
        assert_eq!(format(time.now()), "2026-01-01T00:01:00.000002+00:00");
    }
}
