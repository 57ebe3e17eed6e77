//! Times in a filter: so long from now, or as a clock shows them.

use std::ops::Range;
use std::time::Duration;

use crate::model::{Timestamp, days_in_month};

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

/// Why a text is no time, where more can be said than that it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeError {
    /// A number without a unit: it could be hours as well as days.
    NoUnit(String),
    /// Longer ago, or longer until then, than there are dates for.
    TooFar,
    /// A date that no calendar has.
    NoDay(String),
    /// A time that no clock shows.
    NoTimeOfDay(String),
    /// It looks like none.
    Other,
}

impl TimeError {
    /// The same in words, with the remedy, for a word of the filter.
    pub(super) fn words(self, key: &str, value: &str) -> String {
        match self {
            Self::NoUnit(text) => format!("{text} has no unit; write {text}h for hours, or s, m, d or w."),
            Self::TooFar => {
                format!("{value} is more than a hundred years away; write a date, such as {key}:>2026-11-24.")
            }
            Self::NoDay(day) => no_day(&day),
            Self::NoTimeOfDay(time) => {
                format!("There is no {time}: hours go from 00 to 23, minutes and seconds from 00 to 59.")
            }
            Self::Other => format!(
                "{key}:{value} is no time; write {key}:>-24h, {key}:<2026-11-24T10:00, {key}:2026-11-24 or \
                 {key}:2026-11-24..2026-11-26."
            ),
        }
    }
}

fn no_day(day: &str) -> String {
    let number = |range: Range<usize>| day.get(range).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    match (number(5..7), number(8..10)) {
        (1..=12, 0) => format!("There is no {day}: the days of a month begin with 01."),
        (month @ 1..=12, _) => {
            let days = days_in_month(number(0..4), month);
            format!("There is no {day}: that month has {days} days.")
        }
        _ => format!("There is no {day}: months go from 01 to 12, and stand before the day."),
    }
}

/// A hundred years: beyond, years have more digits, or fewer, than the API's texts.
pub(super) const FARTHEST: i64 = 100 * 366 * 86_400;

impl When {
    /// `-24h`, `+1h`, `now`, or what [`on_clock`] reads.
    pub(super) fn parse(text: &str) -> Result<Self, TimeError> {
        if text == "now" {
            return Ok(Self::FromNow(0));
        }
        let sign = match text.chars().next() {
            Some('-') => -1,
            Some('+') => 1,
            _ => return on_clock(text),
        };
        let long = &text[1..];
        match seconds(long) {
            // Unlike how long a run took, how long ago it was is seldom meant in seconds.
            _ if !long.is_empty() && long.bytes().all(|digit| digit.is_ascii_digit()) => {
                Err(TimeError::NoUnit(text.to_owned()))
            }
            Some(seconds) if seconds > FARTHEST => Err(TimeError::TooFar),
            Some(seconds) => Ok(Self::FromNow(sign * seconds)),
            None => Err(TimeError::Other),
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
fn on_clock(text: &str) -> Result<When, TimeError> {
    let (shown, is_utc) = match text.strip_suffix('Z') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (rest, shape) = match shown.len() {
        10 => ("T00:00:00Z", "0000-00-00"),
        16 => (":00Z", "0000-00-00T00:00"),
        19 => ("Z", "0000-00-00T00:00:00"),
        _ => return Err(TimeError::Other),
    };
    let digits_as_zeros = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
    if !shown.chars().map(digits_as_zeros).eq(shape.chars()) {
        return Err(TimeError::Other);
    }
    let day = &shown[..10];
    match Timestamp::parse(&format!("{shown}{rest}")) {
        Some(time) => Ok(When::OnClock {
            is_day: shown.len() == 10,
            shown: time,
            is_utc,
        }),
        None if Timestamp::parse(&format!("{day}T00:00:00Z")).is_none() => {
            Err(TimeError::NoDay(day.to_owned()))
        }
        None => Err(TimeError::NoTimeOfDay(shown[11..].to_owned())),
    }
}
