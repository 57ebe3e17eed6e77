//! Cron lines, read as Prefect 1 reads them and matched on the wall clock.

use std::cmp::Ordering;

use croner::errors::CronError;
use croner::parser::{CronParser, Year};
use croner::time::{CivilDate, CivilDateTime, CivilTime, CronDateTime, Resolution, Weekday};
use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::cron_line::cron_problem;

/// A cron line.
pub(super) struct Cron {
    pattern: croner::Cron,
}

impl Cron {
    /// Reads a line. `day_or`: of a day of the month and a day of the week either is enough. An error is the rest of a
    /// sentence.
    pub(super) fn parse(line: &str, day_or: bool) -> Result<Self, String> {
        if let Some(problem) = cron_problem(line) {
            return Err(problem);
        }
        // What the library says names its own parts and no remedy.
        Self::evaluated(line, day_or)
            .map_err(|_| "it cannot be read; write minute hour day month weekday, as 0 9 * * 1-5".to_owned())
    }

    /// The same with the words of the library.
    pub(super) fn evaluated(line: &str, day_or: bool) -> Result<Self, CronError> {
        let mut fields: Vec<&str> = line.split_whitespace().collect();
        if fields.len() == 6 {
            // Prefect's library takes seconds as the last field, ours as the first.
            fields.rotate_right(1);
        }
        let parser = CronParser::builder()
            .year(Year::Disallowed)
            .dom_and_dow(!day_or)
            .build();
        parser.parse(&fields.join(" ")).map(|pattern| Self { pattern })
    }

    /// The first time on the wall clock after `after`; `None` when there is none, as for the 30th of February.
    pub(super) fn next(&self, after: DateTime) -> Option<DateTime> {
        self.pattern
            .find_next_occurrence(&WallClock(after), false)
            .ok()
            .map(|found| found.0)
    }
}

/// A time on the wall clock. Zones are dealt with afterwards, so to the cron library every time exists once.
#[derive(Clone)]
struct WallClock(DateTime);

impl CronDateTime for WallClock {
    fn to_civil(&self) -> CivilDateTime {
        let number = |n: i8| u32::try_from(n).unwrap_or(0);
        CivilDateTime::new(
            CivilDate::from_parts_unchecked(
                self.0.year().into(),
                number(self.0.month()),
                number(self.0.day()),
            ),
            CivilTime::from_parts_unchecked(
                number(self.0.hour()),
                number(self.0.minute()),
                number(self.0.second()),
            ),
        )
    }

    fn civil_weekday(&self) -> Weekday {
        Weekday::from_days_from_sunday(u32::try_from(self.0.weekday().to_sunday_zero_offset()).unwrap_or(0))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let year = i16::try_from(civil.year()).map_err(|_| CronError::InvalidDate)?;
        let number = |n: u32| i8::try_from(n).map_err(|_| CronError::InvalidDate);
        let time = DateTime::new(
            year,
            number(civil.month())?,
            number(civil.day())?,
            number(civil.hour())?,
            number(civil.minute())?,
            number(civil.second())?,
            0,
        );
        time.map(|time| Resolution::Single(Self(time)))
            .map_err(|_| CronError::InvalidDate)
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        self.0
            .checked_add(SignedDuration::from_secs(seconds))
            .ok()
            .map(Self)
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
