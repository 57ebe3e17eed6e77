//! Points in time as the server tells them: microseconds since 1970, UTC.

use std::time::Duration;

/// A point in time, exact to the microsecond as the API is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Before anything a server can tell.
    pub const EARLIEST: Self = Self(0);

    /// From JavaScript's milliseconds since 1970.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "microseconds of any year fit")]
    pub fn from_millis(millis: f64) -> Self {
        Self((millis * 1000.0) as i64)
    }

    /// From the API's text, such as `2026-11-23T04:19:38.441849+00:00`. `None` when it is no such text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // `+5` is a number to Rust.
        let number = |from: usize, to: usize| {
            let digits = text.get(from..to)?;
            let are_digits = digits.bytes().all(|digit| digit.is_ascii_digit());
            digits.parse::<i64>().ok().filter(|_| are_digits)
        };
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let is_day = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        if !is_day || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let rest = text.get(19..)?;
        let (fraction, zone) = match rest.strip_prefix('.') {
            Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())),
            None => ("", rest),
        };
        let micros = format!("{fraction:0<6}").get(..6)?.parse::<i64>().ok()?;
        let offset_minutes = match zone {
            "" | "Z" => 0,
            _ => {
                let sign = if zone.starts_with('-') { -1 } else { 1 };
                let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
                let hours: i64 = digits.get(..2)?.parse().ok()?;
                sign * (hours * 60 + digits.get(2..4).map_or(Ok(0), str::parse).ok()?)
            }
        };
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        Some(Self((seconds - offset_minutes * 60) * 1_000_000 + micros))
    }

    /// JavaScript's milliseconds since 1970.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact until the year 287396")]
    pub fn millis(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Which millisecond of its second it is.
    #[must_use]
    pub fn millisecond(self) -> i64 {
        self.0.rem_euclid(1_000_000) / 1000
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// How long after `earlier`; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This long before.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(self.0 - i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
    }

    /// This long after.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(by))
    }

    /// Whole seconds since 1970, as a clock without fractions shows it.
    #[must_use]
    pub fn whole_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// What a clock that is `offset_minutes` ahead of UTC shows at this time, as if it were in UTC.
    #[must_use]
    pub fn ahead(self, offset_minutes: i32) -> Self {
        Self(self.0.saturating_add(i64::from(offset_minutes) * 60_000_000))
    }

    /// The last multiple of `width` before it, on a clock that is `offset_minutes` ahead of UTC.
    #[must_use]
    pub fn floor(self, width: Duration, offset_minutes: i32) -> Self {
        let width = i64::try_from(width.as_micros()).unwrap_or(i64::MAX).max(1);
        let offset = i64::from(offset_minutes) * 60_000_000;
        Self(self.0 - (self.0 + offset).rem_euclid(width))
    }

    /// Year, month, day, hour, minute and second on a clock that is `offset_minutes` ahead of UTC.
    #[must_use]
    pub fn on_clock(self, offset_minutes: i32) -> [i64; 6] {
        let seconds = self.whole_seconds() + i64::from(offset_minutes) * 60;
        let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        [year, month, day, time / 3600, time / 60 % 60, time % 60]
    }

    /// The time at which a clock shows what `shown` is in UTC; `offset` answers how many minutes it is ahead of UTC at a
    /// time. Of two such times it is one of them.
    #[must_use]
    pub fn of_clock(shown: Self, offset: impl Fn(Self) -> i32) -> Self {
        let back = |minutes: i32| Self(shown.0.saturating_sub(i64::from(minutes) * 60_000_000));
        // The offset at the very time is not known before the time is; on the night of a change it is another.
        back(offset(back(offset(shown))))
    }

    /// What a clock that is `offset_minutes` ahead of UTC shows, as fields for date and time take it:
    /// `2026-11-24T10:00:07`.
    #[must_use]
    pub fn field_text(self, offset_minutes: i32) -> String {
        let [year, month, day, hour, minute, second] = self.on_clock(offset_minutes);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }

    /// The same with how far that clock is from UTC: `2026-11-24T10:00:07+01:00`.
    #[must_use]
    pub fn zoned_text(self, offset_minutes: i32) -> String {
        self.field_text(offset_minutes) + &offset_text(offset_minutes)
    }

    /// From what a field for date and time holds, with or without seconds, on a clock of this offset. `None` when it
    /// holds nothing.
    #[must_use]
    pub fn from_field(text: &str, offset: impl Fn(Self) -> i32) -> Option<Self> {
        let rest = if text.len() == 16 { ":00" } else { "" };
        Some(Self::of_clock(Self::parse(&format!("{text}{rest}"))?, offset))
    }
}

/// The API's text for a point in time: fixed width, UTC, microseconds.
#[must_use]
pub fn wire_text(time: Timestamp) -> String {
    let micros = time.0.rem_euclid(1_000_000);
    format!("{}.{micros:06}+00:00", time.field_text(0))
}

/// How far a clock is from UTC: `+01:00`.
#[must_use]
pub fn offset_text(offset_minutes: i32) -> String {
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset_minutes.abs() / 60, offset_minutes.abs() % 60);
    format!("{sign}{hours:02}:{minutes:02}")
}

// Howard Hinnant's public-domain calendar algorithms: days since 1970-01-01 and back, by eras of 400 years.

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// How many days a month has.
#[must_use]
pub fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    days_from_civil(next_year, next_month, 1) - days_from_civil(year, month, 1)
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_apis_text_reads_back_as_it_was_written() {
        for text in [
            "2026-11-23T04:19:38.441849+00:00",
            "1970-01-01T00:00:00.000000+00:00",
            "2024-02-29T23:59:59.999999+00:00",
            "1969-12-31T23:59:59.000001+00:00",
            "2000-03-01T12:00:00.500000+00:00",
        ] {
            assert_eq!(wire_text(Timestamp::parse(text).unwrap()), text);
        }
    }

    #[test]
    fn other_spellings_are_understood() {
        let expected = Timestamp::parse("2026-11-23T04:19:38.500000+00:00");
        assert!(expected.is_some());
        for text in [
            "2026-11-23T04:19:38.5Z",
            "2026-11-23 04:19:38.5",
            "2026-11-23T06:49:38.5+02:30",
            "2026-11-22T23:19:38.5-05:00",
        ] {
            assert_eq!(Timestamp::parse(text), expected, "{text}");
        }
        for text in [
            "",
            "soon",
            "2026-11-23",
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-11-00T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T00:60:00Z",
            "2026-11-23T00:00:99Z",
            "2026-11-23T+1:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_clock_elsewhere_shows_its_own_day() {
        let time = Timestamp::parse("2026-12-31T23:30:00Z").unwrap();
        assert_eq!(time.on_clock(60), [2027, 1, 1, 0, 30, 0]);
        assert_eq!(time.field_text(60), "2027-01-01T00:30:00");
        assert_eq!(time.zoned_text(-210), "2026-12-31T20:00:00-03:30");
        assert_eq!(Timestamp::parse(&time.zoned_text(345)), Some(time));
    }

    #[test]
    fn a_field_is_read_on_the_persons_clock() {
        // One hour ahead of UTC in winter, two from 2026-03-29T01:00Z on.
        let change = Timestamp::parse("2026-03-29T01:00:00Z").unwrap();
        let offset = |time: Timestamp| if time < change { 60 } else { 120 };
        for (text, expected) in [
            ("2026-03-29T01:59:59", Some("2026-03-29T00:59:59Z")),
            ("2026-03-29T03:00", Some("2026-03-29T01:00:00Z")),
            ("2026-07-01T12:00", Some("2026-07-01T10:00:00Z")),
            ("", None),
            ("2026-07-01", None),
        ] {
            let found = Timestamp::from_field(text, offset);
            assert_eq!(found, expected.and_then(Timestamp::parse), "{text}");
            if let Some(time) = found {
                assert!(time.field_text(offset(time)).starts_with(text), "{text}");
            }
        }
    }
}
