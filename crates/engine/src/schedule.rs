//! Schedules: when a registered flow runs by itself.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// When a registered flow runs by itself: one or more clocks.
///
/// ```
/// use std::time::Duration;
/// use flowdeck_engine::Schedule;
///
/// let hourly = Schedule::every(Duration::from_secs(3600));
/// let weekdays_at_nine = Schedule::cron("0 9 * * 1-5").in_time_zone("Europe/Berlin");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    clocks: Vec<Clock>,
}

#[derive(Debug, Clone, PartialEq)]
struct Clock {
    beat: Beat,
    start: Option<Timestamp>,
    time_zone: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Beat {
    Interval(Duration),
    Cron(String),
}

impl Schedule {
    /// Again and again, this long after the start before.
    #[must_use]
    pub fn every(interval: Duration) -> Self {
        Self::of(Beat::Interval(interval))
    }

    /// At the times a cron line says (five fields: minute, hour, day, month, weekday; a sixth is the second), in UTC unless
    /// [`in_time_zone`](Self::in_time_zone) says otherwise.
    #[must_use]
    pub fn cron(line: impl Into<String>) -> Self {
        Self::of(Beat::Cron(line.into()))
    }

    fn of(beat: Beat) -> Self {
        Self {
            clocks: vec![Clock {
                beat,
                start: None,
                time_zone: None,
            }],
        }
    }

    /// The last clock counts from this time on.
    #[must_use]
    pub fn starting_at(mut self, start: Timestamp) -> Self {
        if let Some(clock) = self.clocks.last_mut() {
            clock.start = Some(start);
        }
        self
    }

    /// The last clock goes by the wall clocks of this zone, named as in `Europe/Berlin`.
    #[must_use]
    pub fn in_time_zone(mut self, name: impl Into<String>) -> Self {
        if let Some(clock) = self.clocks.last_mut() {
            clock.time_zone = Some(name.into());
        }
        self
    }

    /// These clocks as well.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.clocks.extend(other.clocks);
        self
    }

    /// Says what the server could not evaluate.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.clocks.iter().try_for_each(Clock::check)
    }

    /// The JSON of contract 4.9.
    pub(crate) fn serialized(&self) -> Value {
        let clocks: Vec<Value> = self.clocks.iter().map(Clock::serialized).collect();
        json!({
            "clocks": clocks, "filters": [], "or_filters": [], "not_filters": [], "adjustments": [],
            "__version__": crate::API_VERSION,
        })
    }
}

impl Clock {
    fn check(&self) -> Result<(), String> {
        if let Beat::Interval(interval) = &self.beat
            && interval.as_secs() < 60
        {
            return Err(format!(
                "an interval of {interval:?} is too short: at least 60 s."
            ));
        }
        if let Some(name) = &self.time_zone {
            TimeZone::get(name).map_err(|_| {
                format!("there is no time zone '{name}'. Time zones are named as in 'Europe/Berlin'.")
            })?;
        }
        self.evaluate().map_err(|why| match &self.beat {
            Beat::Interval(_) => why,
            Beat::Cron(line) => {
                let why = why.split_once(" is not valid: ").map_or(&*why, |(_, why)| why);
                let why = why.trim_end_matches('.');
                format!("'{line}' is not a cron line ({why}). Example: '0 9 * * 1-5', weekdays at nine.")
            }
        })
    }

    /// Does with the clock what the server will do: there are several ways to read a cron line.
    fn evaluate(&self) -> Result<(), String> {
        let schedule = json!({ "clocks": [self.serialized()] });
        let schedule: flowdeck_vocabulary::Schedule =
            serde_json::from_value(schedule).map_err(|error| error.to_string())?;
        // What can be evaluated at one time can at any.
        let next = schedule.next(Timestamp::UNIX_EPOCH, 1);
        next.map(drop).map_err(|error| error.to_string())
    }

    fn serialized(&self) -> Value {
        let zone = self.time_zone.as_deref().unwrap_or("UTC");
        // A cron clock takes its zone from its start date (contract 4.9), so a zone alone needs one, long ago.
        let start = self.start.or_else(|| {
            self.time_zone
                .as_ref()
                .and_then(|_| "2019-01-01T00:00:00Z".parse().ok())
        });
        let start_date = start.map(|start| {
            let local = start
                .to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
                .datetime();
            json!({"dt": local.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "tz": zone})
        });
        let mut clock = match &self.beat {
            Beat::Interval(interval) => {
                let microseconds = u64::try_from(interval.as_micros()).unwrap_or(u64::MAX);
                json!({"type": "IntervalClock", "interval": microseconds})
            }
            Beat::Cron(line) => json!({"type": "CronClock", "cron": line, "day_or": true}),
        };
        clock["start_date"] = start_date.unwrap_or_default();
        clock["end_date"] = Value::Null;
        clock["parameter_defaults"] = json!({});
        clock["labels"] = Value::Null;
        clock["__version__"] = json!(crate::API_VERSION);
        clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_written_as_the_contract_says() {
        let schedule = Schedule::every(Duration::from_secs(3600))
            .and(Schedule::cron("0 9 * * 1-5").in_time_zone("Europe/Berlin"));
        assert_eq!(schedule.check(), Ok(()));
        let json = schedule.serialized();
        assert_eq!(json["clocks"][0]["interval"], 3_600_000_000_u64);
        assert_eq!(json["clocks"][0]["start_date"], Value::Null);
        assert_eq!(json["clocks"][1]["cron"], "0 9 * * 1-5");
        assert_eq!(
            json["clocks"][1]["start_date"],
            json!({"dt": "2019-01-01T01:00:00", "tz": "Europe/Berlin"})
        );
    }

    #[test]
    fn what_cannot_be_evaluated_is_refused() {
        let message = |schedule: Schedule| schedule.check().unwrap_err();
        assert!(message(Schedule::cron("every day")).starts_with("'every day' is not a cron line"));
        assert!(
            message(Schedule::every(Duration::from_secs(5))).starts_with("an interval of 5s is too short")
        );
        // The server has no years; the seconds it reads last, not first.
        for line in ["0 0 9 * * 1-5 2027", "0 9 * * 1-5 2027", "45 30 9 * * 1-5"] {
            let message = message(Schedule::cron(line));
            assert!(
                message.starts_with(&format!("'{line}' is not a cron line (")),
                "{message}"
            );
        }
        assert_eq!(Schedule::cron("30 9 * * 1-5 15").check(), Ok(()));
        assert!(message(Schedule::cron("0 9 * * *").in_time_zone("Mars")).contains("no time zone 'Mars'"));
    }
}
