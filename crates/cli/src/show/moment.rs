//! Points in time and durations as people say them: `3m ago`, `1.2s`.

use jiff::{SignedDuration, Timestamp};

/// How long ago an API time was, or in how long it will be; `-` when there is none.
pub fn ago(text: Option<&str>, now: Timestamp) -> String {
    let Some(at) = parse(text) else {
        return "-".to_owned();
    };
    let passed = now.duration_since(at);
    if passed.is_negative() {
        format!("in {}", coarse(passed.abs()))
    } else if passed.as_secs() < 1 {
        "now".to_owned()
    } else {
        format!("{} ago", coarse(passed))
    }
}

/// From `start` to `end`, or to now when there is no end yet; `-` before the start.
pub fn lasting(start: Option<&str>, end: Option<&str>, now: Timestamp) -> String {
    let Some(start) = parse(start) else {
        return "-".to_owned();
    };
    let passed = parse(end).unwrap_or(now).duration_since(start);
    let seconds = passed.as_secs_f64().max(0.0);
    if seconds < 60.0 {
        format!("{seconds:.1}s")
    } else {
        coarse(passed)
    }
}

/// The clock time of an API time, in the machine's zone: `14:03:59`.
pub fn clock(text: Option<&str>) -> String {
    match parse(text) {
        Some(at) => at
            .to_zoned_datetime(jiff::tz::TimeZone::system())
            .strftime("%H:%M:%S")
            .to_string(),
        None => "--:--:--".to_owned(),
    }
}

fn parse(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// The two largest units of a duration.
fn coarse(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    if days > 0 {
        format!("{days}d {hours}h")
    } else if hours > 0 {
        format!("{hours}h {minutes}m")
    } else if minutes > 0 {
        format!("{minutes}m {}s", seconds % 60)
    } else {
        format!("{seconds}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_said_as_people_say_them() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        for (text, said) in [
            (None, "-"),
            (Some("2026-11-23T12:00:00.000000+00:00"), "now"),
            (Some("2026-11-23T11:59:18.5+00:00"), "41s ago"),
            (Some("2026-11-23T10:57:00+00:00"), "1h 3m ago"),
            (Some("2026-11-25T13:00:00+00:00"), "in 2d 1h"),
        ] {
            assert_eq!(ago(text, now), said);
        }
    }

    #[test]
    fn a_run_that_has_not_ended_lasts_until_now() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(lasting(None, None, now), "-");
        assert_eq!(lasting(Some("2026-11-23T11:59:58.800Z"), None, now), "1.2s");
        assert_eq!(
            lasting(Some("2026-11-23T11:00:00Z"), Some("2026-11-23T11:02:05Z"), now),
            "2m 5s"
        );
    }
}
