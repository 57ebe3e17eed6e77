//! Durations, how long ago, and numbers as people read them. What a clock shows is for `wall_clock.rs`.

use std::time::Duration;

use flowdeck_vocabulary::StateType;

use crate::model::Timestamp;

/// A duration in its two largest units: `840 ms`, `1.2 s`, `4 min 10 s`, `2 h 05 min`, `3 d 4 h`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..=9 => format!("{}.{} s", seconds, duration.subsec_millis() / 100),
        10..=59 => format!("{seconds} s"),
        60..=3599 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        3600..=86_399 => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// A delay as the API writes it (`00:01:30`) in words, without fractions of a second; as it is when it is written in
/// another way.
pub fn delay(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or(text);
    let parts: Option<Vec<u64>> = whole.split(':').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([0, 0, seconds]) => format!("{seconds} s"),
        Some([hours, minutes, seconds]) => {
            duration(Duration::from_secs(hours * 3600 + minutes * 60 + seconds))
        }
        _ => text.to_owned(),
    }
}

/// A duration that ticks: whole seconds, so that nothing flickers below them.
pub fn ticking(elapsed: Duration) -> String {
    if elapsed.as_secs() < 10 {
        format!("{} s", elapsed.as_secs())
    } else {
        duration(elapsed)
    }
}

/// A duration in its largest unit only: `now`, `12 s`, `5 min`, `3 h`, `2 d`.
pub fn roughly(duration: Duration) -> String {
    match duration.as_secs() {
        0 => "now".to_owned(),
        s @ 1..=59 => format!("{s} s"),
        s @ 60..=3599 => format!("{} min", s / 60),
        s @ 3600..=86_399 => format!("{} h", s / 3600),
        s => format!("{} d", s / 86_400),
    }
}

/// How far `time` is from `now`: `12 min ago`, `in 3 h 05 min`, `now`. From an hour on, what is to come is told in its
/// two largest units: somebody waits for it.
pub fn relative(time: Timestamp, now: Timestamp) -> String {
    let (past, left) = (now.since(time), time.since(now));
    match (past.as_secs(), left.as_secs()) {
        (0, 0) => roughly(past),
        (0, ..3_600) => format!("in {}", roughly(left)),
        (0, _) => format!("in {}", duration(left)),
        _ => format!("{} ago", roughly(past)),
    }
}

/// How far what is to come is from `now`: `in 12 min`, and `due now` once its time has come.
pub fn until(time: Timestamp, now: Timestamp) -> String {
    if time > now {
        relative(time, now)
    } else {
        "due now".to_owned()
    }
}

/// A number, or with a plus that it is at least so many: `100+`.
pub fn at_least(number: usize, is_more: bool) -> String {
    let more = if is_more { "+" } else { "" };
    format!("{}{more}", count(number))
}

/// A duration as a stopwatch shows it: `02:11.042`, `1:02:11.042`.
pub fn stopwatch(duration: Duration) -> String {
    let (seconds, millis) = (duration.as_secs(), duration.subsec_millis());
    let (minutes, rest) = (seconds / 60, seconds % 60);
    if minutes < 60 {
        format!("{minutes:02}:{rest:02}.{millis:03}")
    } else {
        format!("{}:{:02}:{rest:02}.{millis:03}", minutes / 60, minutes % 60)
    }
}

/// A number with a comma for each thousand: `1,204`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number for a narrow column, never more than five letters: `9,999`, `12.3k`, `100k`, `1.2M`. What is cut off says
/// less than that.
pub fn short_count(number: usize) -> String {
    let scaled = |unit: usize, letter: char| {
        let (whole, tenth) = (number / unit, number % unit * 10 / unit);
        if whole < 100 && tenth > 0 {
            format!("{whole}.{tenth}{letter}")
        } else {
            format!("{}{letter}", count(whole))
        }
    };
    match number {
        0..10_000 => count(number),
        10_000..1_000_000 => scaled(1_000, 'k'),
        _ => scaled(1_000_000, 'M'),
    }
}

/// The word for a state on screen: `Timed out` for `TimedOut`.
pub fn state_word(state: StateType) -> String {
    let mut word = String::new();
    for letter in state.name().chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push(' ');
            word.push(letter.to_ascii_lowercase());
        } else {
            word.push(letter);
        }
    }
    word
}

/// A number with its noun: `1 flow`, `1,204 flows`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn delays() {
        assert_eq!(delay("00:00:01"), "1 s");
        assert_eq!(delay("00:01:30.000000"), "1 min 30 s");
        assert_eq!(delay("02:00:00"), "2 h 00 min");
        assert_eq!(delay("1 day, 0:00:00"), "1 day, 0:00:00");
    }

    #[test]
    fn what_is_to_come_is_never_ago() {
        let until = |time| super::until(at(time), at("2026-11-23T14:00:00Z"));
        assert_eq!(until("2026-11-23T14:12:00Z"), "in 12 min");
        assert_eq!(until("2026-11-23T14:00:00Z"), "due now");
        assert_eq!(until("2026-11-23T13:59:58Z"), "due now");
    }

    #[test]
    fn a_number_that_may_be_too_small_says_so() {
        assert_eq!(at_least(1_000, false), "1,000");
        assert_eq!(at_least(1_000, true), "1,000+");
    }

    #[test]
    fn counts_for_narrow_columns() {
        for (number, expected) in [
            (0, "0"),
            (1_863, "1,863"),
            (9_999, "9,999"),
            (10_000, "10k"),
            (12_399, "12.3k"),
            (100_900, "100k"),
            (999_999, "999k"),
            (1_250_000, "1.2M"),
        ] {
            assert_eq!(short_count(number), expected);
        }
    }

    #[test]
    fn durations() {
        for (millis, expected) in [
            (0, "0 ms"),
            (840, "840 ms"),
            (1_250, "1.2 s"),
            (59_999, "59 s"),
            (250_000, "4 min 10 s"),
            (7_500_000, "2 h 05 min"),
            (273_600_000, "3 d 4 h"),
        ] {
            assert_eq!(duration(Duration::from_millis(millis)), expected);
        }
        assert_eq!(stopwatch(Duration::from_millis(131_042)), "02:11.042");
        assert_eq!(stopwatch(Duration::from_millis(3_731_042)), "1:02:11.042");
        assert_eq!(ticking(Duration::from_millis(1_250)), "1 s");
        assert_eq!(ticking(Duration::from_millis(61_250)), "1 min 01 s");
    }

    #[test]
    fn relative_times() {
        let now = at("2026-11-23T14:02:11Z");
        for (time, expected) in [
            ("2026-11-23T14:02:11.9Z", "now"),
            ("2026-11-23T14:02:01Z", "10 s ago"),
            ("2026-11-23T13:00:00Z", "1 h ago"),
            ("2026-11-23T14:05:30Z", "in 3 min"),
            ("2026-11-23T16:01:11Z", "in 1 h 59 min"),
            ("2026-11-25T13:02:11Z", "in 1 d 23 h"),
            ("2026-11-20T14:00:00Z", "3 d ago"),
        ] {
            assert_eq!(relative(at(time), now), expected, "{time}");
        }
    }

    #[test]
    fn numbers() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_204, "1,204"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), expected);
        }
        assert_eq!(counted(1, "flow"), "1 flow");
        assert_eq!(counted(1_204, "flow"), "1,204 flows");
    }

    #[test]
    fn words_of_states_are_spaced() {
        assert_eq!(state_word(StateType::TimedOut), "Timed out");
        assert_eq!(state_word(StateType::Success), "Success");
    }
}
