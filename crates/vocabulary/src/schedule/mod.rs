//! Schedules: when a flow runs by itself. The JSON form is Prefect 1's (contract 4.9); evaluating it needs a
//! calendar and sits behind the feature `native`.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

#[cfg(feature = "native")]
mod cron;
mod cron_line;
#[cfg(feature = "native")]
mod evaluation;

pub use cron_line::cron_problem;
#[cfg(feature = "native")]
pub use evaluation::{Event, ScheduleError};

/// One or more clocks whose events are merged. Filters and adjustments are kept but not evaluated yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Where the events come from.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// All of these have to let an event pass.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub filters: Vec<Value>,
    /// One of these has to let it pass.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub or_filters: Vec<Value>,
    /// None of these may let it pass.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub not_filters: Vec<Value>,
    /// These move it.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub adjustments: Vec<Value>,
}

/// A source of events, with what its runs are given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// When.
    #[serde(flatten)]
    pub beat: Beat,
    /// No event before then. Its time zone is the clock's.
    #[serde(default)]
    pub start_date: Option<LocalTime>,
    /// No event after then.
    #[serde(default)]
    pub end_date: Option<LocalTime>,
    /// Values for the parameters of its runs.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub parameter_defaults: Map<String, Value>,
    /// The labels of its runs; `None` leaves them to the flow.
    #[serde(default)]
    pub labels: Option<Vec<String>>,
}

/// The kinds of clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Beat {
    /// Again and again. Counts from the start date, or from the beginning of 2019 (UTC) without one.
    #[serde(rename = "IntervalClock")]
    Interval {
        /// Microseconds, whole or with a fraction.
        interval: serde_json::Number,
    },
    /// At the times a cron line names, in the zone of the start date, or in UTC.
    #[serde(rename = "CronClock")]
    Cron {
        /// Minute, hour, day of month, month, day of week; optionally, as the last, second.
        cron: String,
        /// When both days are given: either is enough (true, the default) or both have to fit.
        #[serde(default = "yes")]
        day_or: bool,
    },
    /// On given dates. Not evaluated yet.
    #[serde(rename = "DatesClock")]
    Dates {
        /// The dates.
        #[serde(default)]
        dates: Value,
    },
    /// By a recurrence rule of iCalendar. Not evaluated yet.
    #[serde(rename = "RRuleClock")]
    RecurrenceRule {
        /// The rule.
        #[serde(default)]
        rrule_obj: Value,
    },
}

/// A time on the clock of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// `2026-01-01T00:00:00`, without a zone.
    pub dt: String,
    /// The zone: `Europe/Berlin`.
    #[serde(default = "utc")]
    pub tz: String,
}

fn yes() -> bool {
    true
}

fn utc() -> String {
    "UTC".to_owned()
}

fn null_as_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(d: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_python_clients_json_is_read() {
        let schedule: Schedule = serde_json::from_value(json!({
            "clocks": [
                {
                    "type": "IntervalClock", "interval": 3_600_000_000.0, "start_date": null, "end_date": null,
                    "parameter_defaults": {}, "labels": null, "__version__": "1.4.1",
                },
                {
                    "type": "CronClock", "cron": "0 9 * * 1-5", "day_or": true, "end_date": null,
                    "start_date": {"dt": "2026-01-01T00:00:00", "tz": "Europe/Berlin"},
                    "parameter_defaults": {"n": 1}, "labels": ["gpu"], "__version__": "1.4.1",
                },
            ],
            "filters": [], "or_filters": [], "not_filters": [], "adjustments": [], "__version__": "1.4.1",
        }))
        .unwrap();
        assert!(
            matches!(&schedule.clocks[0].beat, Beat::Interval { interval } if interval.as_f64() == Some(3.6e9))
        );
        assert_eq!(
            schedule.clocks[1].labels.as_deref(),
            Some(&["gpu".to_owned()][..])
        );
        assert_eq!(
            schedule.clocks[1].start_date.as_ref().unwrap().tz,
            "Europe/Berlin"
        );
    }

    #[test]
    fn the_small_form_of_flow_groups_is_read() {
        let schedule: Schedule = serde_json::from_value(json!({
            "type": "Schedule",
            "clocks": [{"type": "CronClock", "cron": "* * * * *"}, {"type": "IntervalClock", "interval": 60_000_000}],
        }))
        .unwrap();
        assert_eq!(schedule.clocks.len(), 2);
        assert!(schedule.clocks[0].parameter_defaults.is_empty());
    }
}
