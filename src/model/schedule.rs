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

const MICROS_OF_DAY: f64 = 86_400_000_000.0;

fn text_at<'a>(clock: &'a Value, place: &str) -> Option<&'a str> {
    clock.pointer(place).and_then(Value::as_str)
}

fn clock_in_words(clock: &Value, hours: Hours) -> String {
    let zone = text_at(clock, "/start_date/tz").filter(|zone| !zone.is_empty());
    if let Some(micros) = clock.get("interval").and_then(Value::as_f64) {
        let every = interval_in_words(Duration::from_secs_f64((micros / 1e6).clamp(0.0, 1e12)));
        // Whole days are counted on the clock there: the hour stays the same.
        let start = text_at(clock, "/start_date/dt")
            .and_then(Timestamp::parse)
            .filter(|_| micros > 0.0 && micros % MICROS_OF_DAY == 0.0);
        return match start {
            Some(start) => {
                let [.., hour, minute, _] = start.on_clock(0);
                let time = hours.with(hour, &format!(":{minute:02}"));
                format!("Every {every} at {time}, {}", zone.unwrap_or("UTC"))
            }
            None => format!("Every {every}"),
        };
    }
    let Some(cron) = text_at(clock, "/cron") else {
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

/// All of an interval: `1 d 1 min`, where a duration is said in its two largest units.
fn interval_in_words(interval: Duration) -> String {
    let mut rest = interval.as_millis();
    let units = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "min"),
        (1_000, "s"),
        (1, "ms"),
    ];
    let mut words = Vec::new();
    for (size, unit) in units {
        if rest >= size {
            words.push(format!("{} {unit}", rest / size));
        }
        rest %= size;
    }
    if words.is_empty() {
        words.push("0 s".to_owned());
    }
    words.join(" ")
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

    /// Whether a clock that is so many minutes ahead of UTC then shows the same.
    #[must_use]
    pub fn is_same_on(&self, offset: i32) -> bool {
        self.offset == offset
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

/// When a clock of a schedule starts runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beat {
    /// At the times a cron line names.
    Cron {
        /// The line.
        line: String,
        /// Where it names days of the month and of the week: whether one of the two is enough.
        day_or: bool,
    },
    /// Each so many seconds.
    Interval(u64),
}

/// A clock that can be edited.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockDraft {
    /// When.
    pub beat: Beat,
    /// What an interval counts from, or before which a cron line starts nothing, on the schedule's clock:
    /// `2026-01-01T03:00:00`. `None` is the moment of saving.
    pub start: Option<String>,
    /// Values for the parameters of its runs.
    pub parameters: Map<String, Value>,
}

impl ClockDraft {
    /// Whether a person sees the same clock. The start of a cron line is not shown, and a server may write another one
    /// whenever something else of the schedule is saved.
    fn is_same(&self, other: &Self) -> bool {
        let is_cron = matches!(self.beat, Beat::Cron { .. });
        self.beat == other.beat
            && self.parameters == other.parameters
            && (is_cron || self.start == other.start)
    }
}

/// A schedule that can be edited: clocks, and one time zone for all.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleDraft {
    /// Its clocks.
    pub clocks: Vec<ClockDraft>,
    /// The name of the time zone.
    pub zone: String,
}

/// What a person does to one clock of a schedule. A clock is known by what it says, not by its place: while it is edited,
/// others may come and go.
#[derive(Debug, Clone, PartialEq)]
pub enum ClockChange {
    /// A new one, and the time zone of the schedule.
    Add(ClockDraft, String),
    /// Another one in the place of the first, and the time zone of the schedule.
    Replace(ClockDraft, ClockDraft, String),
    /// Takes it away.
    Remove(ClockDraft),
}

impl ScheduleDraft {
    /// What there is to edit of a flow's schedule. `None` when it has something that no server's API can set, which
    /// saving would lose: other kinds of clock, filters, several zones, an end, or labels of a clock.
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
            let own_zone = text_at(clock, "/start_date/tz").unwrap_or("UTC");
            if !missing("end_date") || !missing("labels") || *zone.get_or_insert(own_zone) != own_zone {
                return None;
            }
            let start = text_at(clock, "/start_date/dt");
            let (beat, start) = match (
                text_at(clock, "/cron"),
                clock.get("interval").and_then(Value::as_f64),
            ) {
                (Some(cron), _) => {
                    let day_or = clock.get("day_or").and_then(Value::as_bool).unwrap_or(true);
                    let line = cron.to_owned();
                    (Beat::Cron { line, day_or }, start)
                }
                (None, Some(micros)) => {
                    let interval = Duration::try_from_secs_f64(micros / 1e6).ok()?;
                    // The API takes whole seconds.
                    if interval.subsec_nanos() != 0 {
                        return None;
                    }
                    (Beat::Interval(interval.as_secs()), start.or(Some(EPOCH)))
                }
                (None, None) => return None,
            };
            let parameters = clock.get("parameter_defaults").and_then(Value::as_object);
            clocks.push(ClockDraft {
                beat,
                start: start.map(str::to_owned),
                parameters: parameters.cloned().unwrap_or_default(),
            });
        }
        Some(Self {
            clocks,
            zone: zone.unwrap_or("UTC").to_owned(),
        })
    }

    /// Which of its clocks this is. `None` when it is not there (any more).
    #[must_use]
    pub fn place(&self, clock: &ClockDraft) -> Option<usize> {
        self.clocks.iter().position(|other| other.is_same(clock))
    }

    /// With this change. `None` when the clock that it is about is not there (any more).
    #[must_use]
    pub fn changed(mut self, change: ClockChange) -> Option<Self> {
        match change {
            ClockChange::Add(clock, zone) => {
                self.clocks.push(clock);
                self.zone = zone;
            }
            ClockChange::Replace(before, clock, zone) => {
                let place = self.place(&before)?;
                self.clocks[place] = clock;
                self.zone = zone;
            }
            ClockChange::Remove(clock) => {
                let place = self.place(&clock)?;
                self.clocks.remove(place);
            }
        }
        Some(self)
    }

    /// What the API of Prefect 1 cannot save of it, a sentence for each clock: there, every clock begins at the moment of
    /// saving, and one of the days of a cron line is enough. `now` is what the schedule's clock shows, as if it were in
    /// UTC.
    #[must_use]
    pub fn losses(&self, now: Timestamp, hours: Hours) -> Vec<String> {
        let of_clock = |clock: &ClockDraft| {
            let words = clock_in_words(&self.clock_json(clock, now), hours);
            let start = clock.start.as_deref();
            match &clock.beat {
                Beat::Interval(_) => start.map(|_| {
                    format!("The clock \u{201c}{words}\u{201d} would begin anew at the moment of saving.")
                }),
                Beat::Cron { line, day_or } => {
                    let start = start.and_then(Timestamp::parse).filter(|start| *start > now);
                    let begins = start.map(|start| {
                        let start = hours.of_date(start, 0);
                        format!("The clock \u{201c}{words}\u{201d} would begin at once, not on {start}.")
                    });
                    let joins = (!day_or && names_both_days(line)).then(|| {
                        format!(
                            "The clock \u{201c}{words}\u{201d} would start runs on days of which only one fits, that of the \
                             month or that of the week."
                        )
                    });
                    let both = [begins, joins].into_iter().flatten().collect::<Vec<_>>();
                    (!both.is_empty()).then(|| both.join(" "))
                }
            }
        };
        self.clocks.iter().filter_map(of_clock).collect()
    }

    /// `set_flow_group_schedule_input` of the API; with what it lacks in Prefect 1 (see [`Self::losses`]) where the
    /// server takes it.
    #[must_use]
    pub fn to_input(&self, group: FlowGroupId, keeps_starts: bool) -> Value {
        let (mut crons, mut intervals) = (Vec::new(), Vec::new());
        for clock in &self.clocks {
            let parameters = &clock.parameters;
            let (list, mut input) = match &clock.beat {
                Beat::Cron { line, .. } => (
                    &mut crons,
                    json!({ "cron": line, "parameter_defaults": parameters }),
                ),
                Beat::Interval(seconds) => (
                    &mut intervals,
                    json!({ "interval": seconds, "parameter_defaults": parameters }),
                ),
            };
            if keeps_starts {
                if let Some(start) = &clock.start {
                    input["start_date"] = json!(start);
                }
                if let Beat::Cron { day_or: false, .. } = clock.beat {
                    input["day_or"] = json!(false);
                }
            }
            list.push(input);
        }
        json!({
            "flow_group_id": group.to_string(),
            "cron_clocks": crons,
            "interval_clocks": intervals,
            "timezone": self.zone,
        })
    }

    /// The schedule as flows carry it (contract 4.9), saved when the clocks of its zone show `there`, as if that were UTC.
    #[must_use]
    pub fn to_schedule(&self, there: Timestamp) -> Value {
        let clocks = self.clocks.iter().map(|clock| self.clock_json(clock, there));
        json!({ "clocks": clocks.collect::<Vec<_>>() })
    }

    fn clock_json(&self, clock: &ClockDraft, there: Timestamp) -> Value {
        let start = match (&clock.start, &clock.beat) {
            (Some(start), _) => json!({ "dt": start, "tz": self.zone }),
            // Before any time that is asked for: only the zone matters to it.
            (None, Beat::Cron { .. }) => json!({ "dt": EPOCH, "tz": self.zone }),
            (None, Beat::Interval(_)) => {
                json!({ "dt": wire_text(there).get(..19).unwrap_or_default(), "tz": self.zone })
            }
        };
        match &clock.beat {
            Beat::Cron { line, day_or } => {
                json!({ "type": "CronClock", "cron": line, "day_or": day_or, "start_date": start })
            }
            Beat::Interval(seconds) => json!({
                "type": "IntervalClock", "interval": seconds.saturating_mul(1_000_000), "start_date": start,
            }),
        }
    }
}

/// An interval without a start counts from here, in UTC.
const EPOCH: &str = "2019-01-01T00:00:00";

/// Whether a cron line names days of the month and days of the week.
fn names_both_days(line: &str) -> bool {
    let names = |field: usize| {
        let field = line.split_whitespace().nth(field);
        field.is_some_and(|field| !["*", "?"].contains(&field))
    };
    names(2) && names(4)
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
        assert_eq!(draft.clocks[1].start.as_deref(), Some("2026-01-01T00:00:00"));
        let group: FlowGroupId = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap();
        assert_eq!(
            draft.to_input(group, false),
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
        assert_eq!(previewed["clocks"][1]["start_date"]["dt"], "2026-01-01T00:00:00");
        let begun = ScheduleDraft::of(&previewed).map(|begun| begun.clocks[1].start.clone());
        assert_eq!(begun, Some(draft.clocks[1].start.clone()));
        // Without a start it begins now, on the clock of its zone.
        let mut now_on = draft;
        now_on.clocks[1].start = None;
        assert_eq!(
            now_on.to_schedule(now.ahead(60))["clocks"][1]["start_date"],
            json!({ "dt": "2026-11-24T13:00:00", "tz": "Europe/Berlin" })
        );
    }

    /// A nightly run, a cron line for both days that begins next year, and one that has nothing to lose.
    fn with_starts() -> ScheduleDraft {
        let start = |dt: &str| json!({ "dt": dt, "tz": "Europe/Berlin" });
        ScheduleDraft::of(&json!({ "clocks": [
            { "interval": 86_400_000_000_u64, "start_date": start("2025-06-01T03:00:00.25") },
            { "cron": "0 9 1 * 1", "day_or": false, "start_date": start("2027-01-01T00:00:00") },
            { "cron": "0 9 * * 1", "day_or": false, "start_date": start("2026-11-24T14:00:00") },
        ] }))
        .unwrap()
    }

    #[test]
    fn what_a_server_cannot_save_is_named_and_what_it_can_is_sent() {
        let draft = with_starts();
        // 14:30 in Berlin.
        let now = Timestamp::parse("2026-11-24T14:30:00").unwrap();
        assert_eq!(
            draft.losses(now, Hours::TwentyFour),
            [
                "The clock \u{201c}Every 1 d at 03:00, Europe/Berlin\u{201d} would begin anew at the moment of saving.",
                "The clock \u{201c}Cron 0 9 1 * 1, Europe/Berlin\u{201d} would begin at once, not on 2027-01-01 00:00:00. \
                 The clock \u{201c}Cron 0 9 1 * 1, Europe/Berlin\u{201d} would start runs on days of which only one fits, \
                 that of the month or that of the week.",
            ]
        );
        let group: FlowGroupId = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap();
        let kept = draft.to_input(group, true);
        assert_eq!(
            kept["cron_clocks"],
            json!([
                { "cron": "0 9 1 * 1", "day_or": false, "start_date": "2027-01-01T00:00:00", "parameter_defaults": {} },
                { "cron": "0 9 * * 1", "day_or": false, "start_date": "2026-11-24T14:00:00", "parameter_defaults": {} },
            ])
        );
        assert_eq!(kept["interval_clocks"][0]["start_date"], "2025-06-01T03:00:00.25");
        let plain = draft.to_input(group, false);
        assert_eq!(
            plain["interval_clocks"],
            json!([{ "interval": 86_400, "parameter_defaults": {} }])
        );
        // What is new begins when it is saved, and loses nothing.
        let mut new = draft.clone();
        new.clocks = vec![ClockDraft {
            start: None,
            ..draft.clocks[0].clone()
        }];
        assert_eq!(new.losses(now, Hours::TwentyFour), Vec::<String>::new());
        let input = new.to_input(group, true);
        assert_eq!(input["interval_clocks"][0].get("start_date"), None);
        assert_eq!(
            new.to_schedule(now)["clocks"][0]["start_date"]["dt"],
            "2026-11-24T14:30:00"
        );
    }

    #[test]
    fn an_interval_without_a_start_has_one_to_lose() {
        let draft =
            ScheduleDraft::of(&json!({ "clocks": [{ "interval": 3_600_000_000_u64, "start_date": null }] }));
        assert_eq!(
            draft.unwrap().clocks[0].start.as_deref(),
            Some("2019-01-01T00:00:00")
        );
    }

    #[test]
    fn a_clock_is_changed_where_it_is_and_one_that_is_gone_changes_nothing() {
        let draft = with_starts();
        let [first, second, third] = draft.clocks.clone().try_into().unwrap();
        let new = ClockDraft {
            beat: Beat::Interval(900),
            start: None,
            parameters: Map::new(),
        };
        let changed = |change| {
            draft
                .clone()
                .changed(change)
                .map(|draft| (draft.clocks, draft.zone))
        };
        let (berlin, tokyo) = ("Europe/Berlin".to_owned(), "Asia/Tokyo".to_owned());
        assert_eq!(
            changed(ClockChange::Replace(second.clone(), new.clone(), tokyo.clone())),
            Some((vec![first.clone(), new.clone(), third.clone()], tokyo.clone()))
        );
        assert_eq!(
            changed(ClockChange::Remove(first.clone())),
            Some((vec![second.clone(), third.clone()], berlin.clone()))
        );
        assert_eq!(
            changed(ClockChange::Add(new.clone(), berlin.clone())),
            Some((vec![first.clone(), second, third, new.clone()], berlin))
        );
        assert_eq!(changed(ClockChange::Replace(new.clone(), first, tokyo)), None);
        assert_eq!(changed(ClockChange::Remove(new)), None);
        // Saved by somebody else, on a server that lets all clocks begin anew.
        let mut anew = draft.clone();
        for clock in &mut anew.clocks {
            clock.start = Some("2026-11-24T14:37:00".to_owned());
        }
        assert_eq!(anew.place(&draft.clocks[1]), Some(1));
        assert_eq!(
            anew.place(&draft.clocks[0]),
            None,
            "it starts runs at another time"
        );
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
    fn an_interval_keeps_its_remainder() {
        for (seconds, expected) in [
            (3_601, "Every 1 h 1 s"),
            (86_460, "Every 1 d 1 min"),
            (5_400, "Every 1 h 30 min"),
            (90, "Every 1 min 30 s"),
            (5, "Every 5 s"),
            (0, "Every 0 s"),
        ] {
            let schedule = json!({ "clocks": [{ "interval": seconds * 1_000_000_u64 }] });
            assert_eq!(schedule_in_words(&schedule, Hours::TwentyFour), [expected]);
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
            (
                json!({"interval": 172_800_000_000_u64, "start_date": {"dt": "2026-01-01T03:05:00", "tz": "Asia/Tokyo"}}),
                "Every 2 d at 03:05, Asia/Tokyo",
            ),
            (
                json!({"interval": 90_000_000_000_u64, "start_date": {"dt": "2026-01-01T03:05:00"}}),
                "Every 1 d 1 h",
            ),
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
