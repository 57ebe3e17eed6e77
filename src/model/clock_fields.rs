//! What is written in the form of a clock, and the clock that it makes.

use flowdeck_vocabulary::cron_problem;
use serde_json::{Map, Value};

use super::cron::{capital, cron_in_words};
use super::{Beat, ClockDraft, ScheduleDraft};
use crate::format;
use crate::wall_clock::Hours;

/// The shortest interval that the API takes, in seconds.
const SHORTEST_INTERVAL: u64 = 60;
/// The longest: it is an `Int` of GraphQL.
const LONGEST_INTERVAL: u64 = 2_147_483_647;

/// What is written in the form of a clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockFields {
    /// A cron line, not an interval.
    pub is_cron: bool,
    /// The cron line.
    pub cron: String,
    /// How many units the interval has.
    pub number: String,
    /// Which of [`Self::UNITS`] it is counted in.
    pub unit: usize,
    /// What the interval counts from, as fields for date and time hold it; empty for the moment of saving.
    pub start: String,
    /// The name of the time zone.
    pub zone: String,
}

impl ClockFields {
    /// The units of an interval, in seconds.
    pub const UNITS: [(&str, u64); 4] = [
        ("seconds", 1),
        ("minutes", 60),
        ("hours", 3_600),
        ("days", 86_400),
    ];

    /// For a clock, or for a new one.
    #[must_use]
    pub fn new(clock: Option<&ClockDraft>, zone: String) -> Self {
        let (cron, seconds) = match clock.map(|clock| &clock.beat) {
            Some(Beat::Cron { line, .. }) => (Some(line.as_str()), 3_600),
            Some(Beat::Interval(seconds)) => (None, *seconds),
            None => (Some("0 9 * * *"), 3_600),
        };
        let unit = Self::UNITS
            .iter()
            .rposition(|(_, unit)| seconds % unit == 0)
            .unwrap_or(0);
        let start = clock
            .filter(|_| cron.is_none())
            .and_then(|clock| clock.start.as_deref());
        Self {
            is_cron: cron.is_some(),
            cron: cron.unwrap_or("0 9 * * *").to_owned(),
            number: (seconds / Self::UNITS[unit].1).max(1).to_string(),
            unit,
            start: start.map(in_field).unwrap_or_default().to_owned(),
            zone,
        }
    }

    /// The clock that is written here, or what is wrong with it. What the form does not show stays as it is in
    /// `before`; `keeps_starts`: the start is one of its fields.
    ///
    /// # Errors
    /// A sentence about the cron line or the interval, when it is known to be wrong.
    pub fn clock(
        &self,
        before: Option<&ClockDraft>,
        keeps_starts: bool,
        parameters: Map<String, Value>,
    ) -> Result<ClockDraft, String> {
        let start_before = before.and_then(|clock| clock.start.as_deref());
        let beat_before = before.map(|clock| &clock.beat);
        let (beat, start) = if self.is_cron {
            let line = self.cron.trim().to_owned();
            if let Some(problem) = cron_problem(&line) {
                return Err(format!("{}.", capital(&problem)));
            }
            match beat_before {
                Some(Beat::Cron { day_or, .. }) => (
                    Beat::Cron {
                        line,
                        day_or: *day_or,
                    },
                    start_before.map(str::to_owned),
                ),
                _ => (Beat::Cron { line, day_or: true }, None),
            }
        } else {
            let seconds = self.seconds()?;
            let beat = Beat::Interval(seconds);
            let start = if keeps_starts {
                self.start(start_before)
            } else {
                // Another interval begins anew in any case.
                start_before
                    .filter(|_| beat_before == Some(&beat))
                    .map(str::to_owned)
            };
            (beat, start)
        };
        Ok(ClockDraft {
            beat,
            start,
            parameters,
        })
    }

    fn seconds(&self) -> Result<u64, String> {
        let (name, unit) = Self::UNITS[self.unit];
        let number = self.number.trim();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("Write a whole number, such as 15.".to_owned());
        }
        // More digits than fit are too many in any case.
        let seconds = number.parse().unwrap_or(u64::MAX).saturating_mul(unit);
        if seconds < SHORTEST_INTERVAL {
            return Err("An interval takes at least one minute.".to_owned());
        }
        if seconds > LONGEST_INTERVAL {
            let most = usize::try_from(LONGEST_INTERVAL / unit).unwrap_or(usize::MAX);
            return Err(format!(
                "An interval takes at most {} {name}.",
                format::count(most)
            ));
        }
        Ok(seconds)
    }

    /// The cron line in words, where there are any: `On weekdays at 09:00`.
    #[must_use]
    pub fn in_words(&self, hours: Hours) -> Option<String> {
        cron_in_words(&self.cron, hours).filter(|_| self.is_cron)
    }

    /// The start in the field. What the field does not show of the one before, fractions of a second, stays.
    fn start(&self, before: Option<&str>) -> Option<String> {
        // Browsers leave out seconds that are zero.
        let start = match self.start.len() {
            0 => return None,
            16 => format!("{}:00", self.start),
            _ => self.start.clone(),
        };
        let same = before
            .filter(|before| in_field(before) == start)
            .map(str::to_owned);
        same.or(Some(start))
    }

    /// A schedule of this clock alone.
    #[must_use]
    pub fn alone(&self, before: Option<&ClockDraft>, keeps_starts: bool) -> Option<ScheduleDraft> {
        Some(ScheduleDraft {
            clocks: vec![self.clock(before, keeps_starts, Map::new()).ok()?],
            zone: self.zone.trim().to_owned(),
        })
    }
}

/// A start as fields for date and time take it: to the second.
fn in_field(start: &str) -> &str {
    start.get(..19).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(seconds: u64, start: Option<&str>) -> ClockDraft {
        ClockDraft {
            beat: Beat::Interval(seconds),
            start: start.map(str::to_owned),
            parameters: Map::new(),
        }
    }

    fn written(fields: &ClockFields, before: Option<&ClockDraft>, keeps: bool) -> Result<ClockDraft, String> {
        fields.clock(before, keeps, Map::new())
    }

    #[test]
    fn what_is_not_changed_stays() {
        let cron = ClockDraft {
            beat: Beat::Cron {
                line: "0 9 1 * 1".to_owned(),
                day_or: false,
            },
            start: Some("2027-01-01T00:00:00".to_owned()),
            parameters: Map::new(),
        };
        for clock in [
            cron,
            interval(90, Some("2026-11-28T14:37:12.123456789")),
            interval(7_200, None),
        ] {
            for keeps in [false, true] {
                let fields = ClockFields::new(Some(&clock), "UTC".to_owned());
                assert_eq!(written(&fields, Some(&clock), keeps), Ok(clock.clone()));
            }
        }
    }

    #[test]
    fn an_interval_is_written_in_its_largest_unit_and_not_shorter_than_a_minute() {
        for (seconds, number, unit) in [(90, "90", 0), (900, "15", 1), (7_200, "2", 2), (172_800, "2", 3)] {
            let fields = ClockFields::new(Some(&interval(seconds, None)), "UTC".to_owned());
            assert_eq!((fields.number.as_str(), fields.unit), (number, unit));
        }
        let mut fields = ClockFields::new(Some(&interval(90, None)), "UTC".to_owned());
        fields.number = "59".to_owned();
        assert!(written(&fields, None, true).is_err_and(|why| why.contains("one minute")));
        fields.number = "soon".to_owned();
        assert!(written(&fields, None, true).is_err_and(|why| why.contains("whole number")));
    }

    #[test]
    fn what_is_known_to_be_wrong_is_named_with_what_would_be_right() {
        let mut fields = ClockFields::new(None, "UTC".to_owned());
        let problem = |fields: &ClockFields| written(fields, None, true).unwrap_err();
        fields.cron = "0 25 * * *".to_owned();
        assert_eq!(problem(&fields), "The hour 25 is not between 0 and 23.");
        assert_eq!(fields.alone(None, true), None, "nobody is asked about it");
        fields.is_cron = false;
        for (number, unit, expected) in [
            ("99999999999", 2, "An interval takes at most 596,523 hours."),
            (
                "99999999999999999999999",
                3,
                "An interval takes at most 24,855 days.",
            ),
            ("-5", 1, "Write a whole number, such as 15."),
            ("0", 1, "An interval takes at least one minute."),
        ] {
            fields.number = number.to_owned();
            fields.unit = unit;
            assert_eq!(problem(&fields), expected);
        }
    }

    #[test]
    fn a_cron_line_is_said_in_words() {
        let mut fields = ClockFields::new(None, "UTC".to_owned());
        fields.cron = "0 9 * * 1-5".to_owned();
        assert_eq!(
            fields.in_words(Hours::TwentyFour).as_deref(),
            Some("On weekdays at 09:00")
        );
        fields.is_cron = false;
        assert_eq!(fields.in_words(Hours::TwentyFour), None);
    }

    #[test]
    fn a_start_is_set_taken_away_and_lost_with_its_interval() {
        let before = interval(86_400, Some("2026-01-01T03:00:00.5"));
        let mut fields = ClockFields::new(Some(&before), "UTC".to_owned());
        assert_eq!(fields.start, "2026-01-01T03:00:00");
        let start = |fields: &ClockFields, keeps| written(fields, Some(&before), keeps).unwrap().start;
        fields.start = "2026-02-01T04:00".to_owned();
        assert_eq!(start(&fields, true).as_deref(), Some("2026-02-01T04:00:00"));
        fields.start = String::new();
        assert_eq!(start(&fields, true), None);
        // A server that keeps no start is not told of one, and another interval has none to lose.
        assert_eq!(start(&fields, false), before.start);
        fields.number = "2".to_owned();
        assert_eq!(start(&fields, false), None);
        // Another kind of clock, too, begins anew.
        fields.is_cron = true;
        assert_eq!(start(&fields, true), None);
    }
}
