//! When a failed task run is tried again: pure arithmetic.

use std::time::Duration;

use jiff::Timestamp;

/// When attempt `run_count` (counted from 1) has failed: the time of the next one, or `None` when no retry
/// is left.
#[must_use]
pub fn next_attempt(run_count: u32, retries: u32, delay: Duration, now: Timestamp) -> Option<Timestamp> {
    if run_count > retries {
        return None;
    }
    // A delay beyond the end of time is as good as none that ever comes.
    Some(now.checked_add(delay).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_with_two_retries_is_tried_three_times() {
        let now = Timestamp::UNIX_EPOCH;
        let later = "1970-01-01T00:00:10Z".parse().unwrap();
        let delay = Duration::from_secs(10);
        let attempts: Vec<_> = (1..=3).map(|count| next_attempt(count, 2, delay, now)).collect();
        assert_eq!(attempts, [Some(later), Some(later), None]);
        assert_eq!(next_attempt(1, 0, delay, now), None);
    }
}
