//! Waiting for a condition instead of sleeping for a time.

use std::time::{Duration, Instant};

/// Long enough for a slow machine that does other things besides; a test that works never waits that long.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// Asks again and again until `probe` has an answer; after `patience` fails with `what` was waited for.
#[track_caller]
pub fn eventually<T>(what: &str, patience: Duration, mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(answer) = probe() {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "not within {} s: {what}",
            patience.as_secs()
        );
        std::thread::sleep(Duration::from_millis(25));
    }
}
