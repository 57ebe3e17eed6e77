//! A schedule in words, for the simple ones (others are named by their expression), and as something to edit.

use std::time::Duration;

use flowdeck_vocabulary::FlowGroupId;
use serde_json::{Map, Value, json};

use super::cron::cron_in_words;
use super::{Timestamp, offset_text, wire_text};
use crate::wall_clock::Hours;

/// What a flow's schedule says (contract 4.9), one sentence for each clock: `Every 15 min`, `Daily at 04:30,
/// Europe/Berlin`, with the hours counted like this.
#[must_use]
pub fn schedule_in_words(schedule: &Value, hours: Hours) -> Vec<String> {
    let clocks = schedule.get("clocks").and_then(Value::as_array).into_iter();
    clocks
        .flatten()
        .map(|clock| clock_in_words(clock, hours))
        .collect()
}

fn clock_in_words(clock: &Value, hours: Hours) -> String {
    let zone = clock
        .pointer("/start_date/tz")
        .and_then(Value::as_str)
        .filter(|zone| !zone.is_empty());
    let text = |key| clock.get(key).and_then(Value::as_str);
    if let Some(micros) = clock.get("interval").and_then(Value::as_f64) {
        let every = crate::format::duration(Duration::from_secs_f64((micros / 1e6).clamp(0.0, 1e12)));
        let nothing_more = [" 00 s", " 00 min", " 0 h"];
        return format!(
            "Every {}",
            nothing_more
                .iter()
                .find_map(|end| every.strip_suffix(end))
                .unwrap_or(&every)
        );
    }
    let Some(cron) = text("cron") else {
        let dates = clock.get("dates").and_then(Value::as_array).map_or(0, Vec::len);
        return if dates > 0 {
            format!("On {dates} dates")
        } else {
            "On a clock of its own".to_owned()
        };
    };
    let words = cron_in_words(cron, hours).unwrap_or_else(|| format!("Cron {cron}"));
    format!("{words}, {}", zone.unwrap_or("UTC"))
}

/// A time at which a schedule starts its flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextTime {
    /// When.
    pub at: Timestamp,
    /// How many minutes the schedule's clock is ahead of UTC then.
    offset: i32,
}

impl NextTime {
    /// `shown` is what the schedule's clock shows then, as if it were in UTC.
    #[must_use]
    pub fn new(at: Timestamp, shown: Timestamp) -> Self {
        let minutes = (shown.whole_seconds() - at.whole_seconds()).div_euclid(60);
        Self {
            at,
            offset: i32::try_from(minutes).unwrap_or(0),
        }
    }

    /// Each of these times on the schedule's clock. Where it is put forward or back among them it says how far it is
    /// from UTC: it may show the same twice.
    #[must_use]
    pub fn on_schedules_clock(times: &[Self], hours: Hours) -> Vec<String> {
        let changes = times.iter().any(|time| time.offset != times[0].offset);
        let words = |time: &Self| {
            let shown = hours.of_date(time.at, time.offset);
            match changes {
                true => format!("{shown} (UTC{})", offset_text(time.offset)),
                false => shown,
            }
        };
        times.iter().map(words).collect()
    }
}

/// The shortest interval that the API takes, in seconds.
pub const SHORTEST_INTERVAL: u64 = 60;

/// When a clock of a schedule starts runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beat {
    /// At the times a cron line names.
    Cron(String),
    /// Each so many seconds.
    Interval(u64),
}

/// A clock as the API lets one set it (contract 3.3).
#[derive(Debug, Clone, PartialEq)]
pub struct ClockDraft {
    /// When.
    pub beat: Beat,
    /// Values for the parameters of its runs.
    pub parameters: Map<String, Value>,
}

/// A schedule as the API lets one set it: clocks, and one time zone for all.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleDraft {
    /// Its clocks.
    pub clocks: Vec<ClockDraft>,
    /// The name of the time zone.
    pub zone: String,
}

impl ScheduleDraft {
    /// What there is to edit of a flow's schedule. `None` when it has something that the API cannot set, which saving
    /// would lose: other kinds of clock, filters, several zones, an end, or labels of a clock.
    #[must_use]
    pub fn of(schedule: &Value) -> Option<Self> {
        let is_empty = |key: &str| {
            let list = schedule.get(key).and_then(Value::as_array);
            list.is_none_or(Vec::is_empty)
        };
        if !["filters", "or_filters", "not_filters", "adjustments"]
            .iter()
            .all(|key| is_empty(key))
        {
            return None;
        }
        let mut zone = None;
        let mut clocks = Vec::new();
        for clock in schedule.get("clocks")?.as_array()? {
            let missing = |key: &str| clock.get(key).is_none_or(Value::is_null);
            let own_zone = clock
                .pointer("/start_date/tz")
                .and_then(Value::as_str)
                .unwrap_or("UTC");
            if !missing("end_date") || !missing("labels") || *zone.get_or_insert(own_zone) != own_zone {
                return None;
            }
            let beat = match (
                clock.get("cron").and_then(Value::as_str),
                clock.get("interval").and_then(Value::as_f64),
            ) {
                (Some(cron), _) => Beat::Cron(cron.to_owned()),
                (None, Some(micros)) => {
                    let interval = Duration::try_from_secs_f64(micros / 1e6).ok()?;
                    // The API takes whole seconds.
                    if interval.subsec_nanos() != 0 {
                        return None;
                    }
                    Beat::Interval(interval.as_secs())
                }
                (None, None) => return None,
            };
            let parameters = clock.get("parameter_defaults").and_then(Value::as_object);
            clocks.push(ClockDraft {
                beat,
                parameters: parameters.cloned().unwrap_or_default(),
            });
        }
        Some(Self {
            clocks,
            zone: zone.unwrap_or("UTC").to_owned(),
        })
    }

    /// `set_flow_group_schedule_input` of the API.
    #[must_use]
    pub fn to_input(&self, group: FlowGroupId) -> Value {
        let (mut crons, mut intervals) = (Vec::new(), Vec::new());
        for clock in &self.clocks {
            let parameters = &clock.parameters;
            match &clock.beat {
                Beat::Cron(cron) => crons.push(json!({ "cron": cron, "parameter_defaults": parameters })),
                Beat::Interval(seconds) => {
                    intervals.push(json!({ "interval": seconds, "parameter_defaults": parameters }));
                }
            }
        }
        json!({
            "flow_group_id": group.to_string(),
            "cron_clocks": crons,
            "interval_clocks": intervals,
            "timezone": self.zone,
        })
    }

    /// The schedule as flows carry it (contract 4.9), beginning at `now`.
    #[must_use]
    pub fn to_schedule(&self, now: Timestamp) -> Value {
        let clock = |clock: &ClockDraft| match &clock.beat {
            // Before any start date in this zone: only the zone matters to cron.
            Beat::Cron(cron) => json!({
                "type": "CronClock", "cron": cron, "start_date": { "dt": "2019-01-01T00:00:00", "tz": self.zone },
            }),
            Beat::Interval(seconds) => json!({
                "type": "IntervalClock",
                "interval": seconds.saturating_mul(1_000_000),
                "start_date": { "dt": wire_text(now).get(..19).unwrap_or_default(), "tz": "UTC" },
            }),
        };
        json!({ "clocks": self.clocks.iter().map(clock).collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_api_can_set_is_read_and_written_without_loss() {
        let schedule = json!({ "clocks": [
            { "type": "CronClock", "cron": "0 9 * * *", "start_date": { "dt": "2026-01-01T00:00:00", "tz": "Europe/Berlin" },
              "parameter_defaults": { "n": 1 }, "labels": null, "end_date": null },
            { "type": "IntervalClock", "interval": 900_000_000.0, "start_date": { "dt": "2026-01-01T00:00:00", "tz": "Europe/Berlin" } },
        ], "filters": [] });
        let draft = ScheduleDraft::of(&schedule).unwrap();
        assert_eq!(draft.clocks[1].beat, Beat::Interval(900));
        let group: FlowGroupId = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap();
        assert_eq!(
            draft.to_input(group),
            json!({
                "flow_group_id": group.to_string(),
                "cron_clocks": [{ "cron": "0 9 * * *", "parameter_defaults": { "n": 1 } }],
                "interval_clocks": [{ "interval": 900, "parameter_defaults": {} }],
                "timezone": "Europe/Berlin",
            })
        );
        let now = Timestamp::parse("2026-11-24T12:00:00Z").unwrap();
        let previewed = draft.to_schedule(now);
        assert_eq!(previewed["clocks"][0]["start_date"]["tz"], "Europe/Berlin");
        assert_eq!(previewed["clocks"][1]["start_date"]["dt"], "2026-11-24T12:00:00");
    }

    #[test]
    fn a_schedules_clock_tells_apart_what_it_shows_twice_and_counts_hours_as_the_person_does() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        // Berlin, in the night in which its clocks are put back.
        let first = NextTime::new(at("2026-10-25T00:30:00Z"), at("2026-10-25T02:30:00"));
        let second = NextTime::new(at("2026-10-25T01:30:00Z"), at("2026-10-25T02:30:00"));
        assert_eq!(
            NextTime::on_schedules_clock(&[first, second], Hours::TwentyFour),
            [
                "2026-10-25 02:30:00 (UTC+02:00)",
                "2026-10-25 02:30:00 (UTC+01:00)"
            ]
        );
        let afternoon = NextTime::new(at("2026-11-25T13:30:00Z"), at("2026-11-25T14:30:00"));
        assert_eq!(
            NextTime::on_schedules_clock(&[afternoon], Hours::Twelve),
            ["2026-11-25 2:30:00 PM"]
        );
        assert!(NextTime::on_schedules_clock(&[], Hours::Twelve).is_empty());
    }

    #[test]
    fn what_saving_would_lose_is_not_edited() {
        for schedule in [
            json!({ "clocks": [{ "type": "DatesClock", "dates": [{}] }] }),
            json!({ "clocks": [{ "cron": "0 9 * * *", "labels": ["gpu"] }] }),
            json!({ "clocks": [{ "cron": "0 9 * * *", "end_date": { "dt": "2027-01-01T00:00:00" } }] }),
            json!({ "clocks": [{ "cron": "0 9 * * *" }], "filters": [{ "fn": "is_weekday" }] }),
            json!({ "clocks": [{ "cron": "0 9 * * *" }, { "cron": "0 9 * * *", "start_date": { "tz": "Asia/Tokyo" } }] }),
            json!({}),
        ] {
            assert_eq!(ScheduleDraft::of(&schedule), None, "{schedule}");
        }
    }

    #[test]
    fn simple_clocks_are_said_in_words() {
        for (clock, expected) in [
            (
                json!({"type": "IntervalClock", "interval": 900_000_000}),
                "Every 15 min",
            ),
            (
                json!({"cron": "30 4 * * *", "start_date": {"tz": "Europe/Berlin"}}),
                "Daily at 04:30, Europe/Berlin",
            ),
            (json!({"cron": "*/5 * * * *"}), "Every 5 min, UTC"),
            (json!({"cron": "0 9 1 * 1"}), "Cron 0 9 1 * 1, UTC"),
            (json!({"type": "DatesClock", "dates": [{}, {}]}), "On 2 dates"),
        ] {
            assert_eq!(
                schedule_in_words(&json!({"clocks": [clock]}), Hours::TwentyFour),
                [expected]
            );
        }
        assert!(schedule_in_words(&Value::Null, Hours::TwentyFour).is_empty());
    }
}
