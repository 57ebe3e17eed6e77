//! Times in a filter: so long from now, or as a clock shows them.

use std::time::Duration;

use crate::model::Timestamp;

/// A time in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// So many seconds from now, negative in the past.
    FromNow(i64),
    /// A point in time as a clock shows it: that of the person unless it says which.
    OnClock {
        shown: Timestamp,
        is_utc: bool,
        is_day: bool,
    },
}

impl When {
    /// `-24h`, `+1h`, `now`, or what [`on_clock`] reads.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "now" {
            return Some(Self::FromNow(0));
        }
        if let Some(past) = text.strip_prefix('-') {
            return seconds(past).map(|seconds| Self::FromNow(-seconds));
        }
        match text.strip_prefix('+') {
            Some(future) => seconds(future).map(Self::FromNow),
            None => on_clock(text),
        }
    }

    /// Whether it is a whole day.
    pub(super) fn is_day(self) -> bool {
        matches!(self, Self::OnClock { is_day: true, .. })
    }

    /// Where it is over: a day at the next midnight of its clock, however long it was; a point in time at itself.
    pub(super) fn end(self) -> Self {
        match self {
            Self::OnClock {
                shown,
                is_utc,
                is_day: true,
            } => Self::OnClock {
                shown: shifted(shown, 86_400),
                is_utc,
                is_day: true,
            },
            _ => self,
        }
    }

    pub(super) fn at(self, now: Timestamp, offset: fn(Timestamp) -> i32) -> Timestamp {
        match self {
            Self::FromNow(seconds) => shifted(now, seconds),
            Self::OnClock {
                shown, is_utc: true, ..
            } => shown,
            Self::OnClock { shown, .. } => Timestamp::of_clock(shown, offset),
        }
    }
}

pub(super) fn shifted(time: Timestamp, seconds: i64) -> Timestamp {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        time.before(by)
    } else {
        time.after(by)
    }
}

/// `90`, `30s`, `10m`, `2h`, `1d` or `1w` in seconds.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (number, unit) = match text.char_indices().last()? {
        (_, digit) if digit.is_ascii_digit() => (text, 1),
        (at, 's') => (&text[..at], 1),
        (at, 'm') => (&text[..at], 60),
        (at, 'h') => (&text[..at], 3_600),
        (at, 'd') => (&text[..at], 86_400),
        (at, 'w') => (&text[..at], 604_800),
        _ => return None,
    };
    // `+5` is a number to Rust.
    let is_number = number.bytes().all(|digit| digit.is_ascii_digit());
    let number = number.parse::<u32>().ok().filter(|_| is_number)?;
    Some(i64::from(number) * unit)
}

/// `2026-11-24`, `2026-11-24T10:00` or `2026-11-24T10:00:00`, with `Z` in UTC.
fn on_clock(text: &str) -> Option<When> {
    let (shown, is_utc) = match text.strip_suffix('Z') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let rest = match shown.len() {
        10 => "T00:00:00Z",
        16 => ":00Z",
        19 => "Z",
        _ => return None,
    };
    Some(When::OnClock {
        is_day: shown.len() == 10,
        shown: Timestamp::parse(&format!("{shown}{rest}"))?,
        is_utc,
    })
}
