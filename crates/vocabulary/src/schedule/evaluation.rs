//! From a schedule to its next events: clocks, zones and summer time (contract 4.9).

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp, ZonedDateTime};
use serde_json::{Map, Value};

use super::cron::Cron;
use super::{Beat, Clock, LocalTime, Schedule};

/// Something due at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When.
    pub start_time: Timestamp,
    /// The zone of the clock it comes from.
    pub time_zone: TimeZone,
    /// Values for the parameters of the run.
    pub parameter_defaults: Map<String, Value>,
    /// The labels of the run; `None` leaves them to the flow.
    pub labels: Option<Vec<String>>,
}

impl Event {
    /// When, on the wall clocks of its zone.
    #[must_use]
    pub fn local_time(&self) -> DateTime {
        self.start_time
            .to_zoned_datetime(self.time_zone.clone())
            .datetime()
    }

    /// What makes two events the same. The zone does not: it says how the time is shown.
    fn is_same(&self, other: &Self) -> bool {
        (self.start_time, &self.parameter_defaults, &self.labels)
            == (other.start_time, &other.parameter_defaults, &other.labels)
    }
}

/// The schedule cannot be evaluated. One sentence that says which part of it and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleError(String);

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScheduleError {}

/// A clock without a start date counts from 2019-01-01 in UTC.
const EPOCH: DateTime = DateTime::constant(2019, 1, 1, 0, 0, 0, 0);
const DAY: i128 = 86_400_000_000;
/// No clock beats faster: who asks for that has most likely written seconds where microseconds are meant.
const SHORTEST_INTERVAL: i128 = 1_000_000;
/// Beyond the calendar's end, whatever the start.
const LONGEST_INTERVAL: i128 = DAY * 3_660_000;

impl Schedule {
    /// The next `count` events after `after`, or as many as there are. Events of several clocks are merged by
    /// time; one that equals its predecessor in time, parameters and labels is left out.
    pub fn next(&self, after: Timestamp, count: usize) -> Result<Vec<Event>, ScheduleError> {
        for (word, part) in [
            ("filters", &self.filters),
            ("filters", &self.or_filters),
            ("filters", &self.not_filters),
            ("adjustments", &self.adjustments),
        ] {
            if !part.is_empty() {
                return Err(ScheduleError(format!(
                    "Schedules with {word} are not supported yet. Without them the runs would come at wrong times, \
                     so none is created."
                )));
            }
        }
        let mut events = Vec::new();
        for clock in &self.clocks {
            let time_zone = clock.time_zone()?;
            // No clock can contribute more than `count` to the first `count` of all.
            events.extend(clock.times(after, count)?.into_iter().map(|start_time| Event {
                start_time,
                time_zone: time_zone.clone(),
                parameter_defaults: clock.parameter_defaults.clone(),
                labels: clock.labels.clone(),
            }));
        }
        events.sort_by_key(|event| event.start_time);
        events.dedup_by(|event, before| event.is_same(before));
        events.truncate(count);
        Ok(events)
    }
}

impl Clock {
    /// The zone of its start date, or UTC.
    fn time_zone(&self) -> Result<TimeZone, ScheduleError> {
        let start = self.start_date.as_ref();
        start.map_or(Ok(TimeZone::UTC), |start| time_zone(&start.tz))
    }

    /// The next `count` times after `after`.
    fn times(&self, after: Timestamp, count: usize) -> Result<Vec<Timestamp>, ScheduleError> {
        let start = self.start_date.as_ref().map(LocalTime::zoned).transpose()?;
        let end = self
            .end_date
            .as_ref()
            .map(|end| end.zoned().map(|z| z.timestamp()))
            .transpose()?;
        let mut times = match &self.beat {
            Beat::Interval { interval } => {
                let microseconds = interval.as_i128().or_else(|| {
                    // A fraction of a microsecond is below what any time here can express.
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "saturates, and the range is checked next"
                    )]
                    interval.as_f64().map(|n| n.round() as i128)
                });
                let microseconds = microseconds.filter(|n| *n > 0).ok_or_else(|| {
                    ScheduleError(format!(
                        "The interval {interval} of a clock is not a positive number of microseconds."
                    ))
                })?;
                if microseconds > LONGEST_INTERVAL {
                    return Err(ScheduleError(format!(
                        "The interval {interval} of a clock is too long. It is written in microseconds: the longest is \
                         {LONGEST_INTERVAL}, ten thousand years."
                    )));
                }
                if microseconds < SHORTEST_INTERVAL {
                    return Err(ScheduleError(format!(
                        "The interval {interval} of a clock is shorter than a second. It is written in microseconds: \
                         a minute is 60000000."
                    )));
                }
                interval_times(start, microseconds, after, count)?
            }
            Beat::Cron { cron, day_or } => {
                let cron = Cron::parse(cron, *day_or)
                    .map_err(|e| ScheduleError(format!("The cron line '{cron}' is not valid: {e}.")))?;
                cron_times(start, &cron, after, count)
            }
            Beat::Dates { .. } => return Err(not_supported("DatesClock")),
            Beat::RecurrenceRule { .. } => return Err(not_supported("RRuleClock")),
        };
        times.retain(|time| end.is_none_or(|end| *time <= end));
        Ok(times)
    }
}

fn not_supported(clock: &str) -> ScheduleError {
    ScheduleError(format!("Schedules with a {clock} are not supported yet."))
}

/// The start, one interval on, two intervals on … Whole days are added in the local calendar, so that a daily
/// run keeps its hour when summer time begins; the rest is elapsed time.
fn interval_times(
    start: Option<ZonedDateTime>,
    interval: i128,
    after: Timestamp,
    count: usize,
) -> Result<Vec<Timestamp>, ScheduleError> {
    let start = match start {
        Some(start) => start,
        None => zoned(EPOCH, TimeZone::UTC)?,
    };
    let start_of_day = |day: i128| -> Option<i128> {
        let days = Span::new().try_days(i64::try_from(day).ok()?).ok()?;
        let time = start.checked_add(days).ok()?.timestamp();
        Some(time.as_microsecond().into())
    };
    let after = i128::from(after.as_microsecond());
    let elapsed = after - i128::from(start.timestamp().as_microsecond());
    // The clocks of a zone can have been changed by a day since the start: begin that early, and leap.
    let mut n = ((elapsed - DAY) / interval - 1).max(0);
    let mut times = Vec::new();
    while times.len() < count {
        let total = interval * n;
        let (day, rest) = (total / DAY, total % DAY);
        let Some(time) = start_of_day(day).map(|start| start + rest) else {
            break;
        };
        if time > after {
            let Some(time) = i64::try_from(time)
                .ok()
                .and_then(|time| Timestamp::from_microsecond(time).ok())
            else {
                break;
            };
            times.push(time);
            n += 1;
        } else {
            // All of the same day that lie before are passed over at once; each day is seen once at most.
            let to_after = (after - time) / interval + 1;
            let to_next_day = (DAY - rest - 1) / interval + 1;
            n += to_after.min(to_next_day);
        }
    }
    Ok(times)
}

/// The times of the wall clock that fit, in the zone of the start. A local time that comes twice (the end of
/// summer time) counts the first time; one that does not come (its beginning) counts as the moment after.
fn cron_times(start: Option<ZonedDateTime>, cron: &Cron, after: Timestamp, count: usize) -> Vec<Timestamp> {
    let zone = start
        .as_ref()
        .map_or(TimeZone::UTC, |start| start.time_zone().clone());
    // A start that is itself a time of the clock counts.
    let earliest = start.and_then(|start| start.timestamp().checked_sub(SignedDuration::from_micros(1)).ok());
    let after = earliest.map_or(after, |earliest| earliest.max(after));
    let mut latest = after;
    let mut times = Vec::new();
    // Two hours early, for the hour that comes twice; what is not after `after` is passed over.
    let early = after.checked_sub(SignedDuration::from_hours(2)).unwrap_or(after);
    let mut wall_clock = early.to_zoned_datetime(zone.clone()).datetime();
    while times.len() < count {
        let Some(next) = cron.next(wall_clock) else { break };
        let Ok(instant) = zone.to_timestamp(next) else {
            break;
        };
        if instant > latest {
            times.push(instant);
            latest = instant;
        }
        wall_clock = next;
    }
    times
}

impl LocalTime {
    fn zoned(&self) -> Result<ZonedDateTime, ScheduleError> {
        let time: DateTime = self
            .dt
            .parse()
            .map_err(|e| ScheduleError(format!("The date '{}' of a clock is not valid: {e}.", self.dt)))?;
        zoned(time, time_zone(&self.tz)?)
    }
}

fn zoned(time: DateTime, zone: TimeZone) -> Result<ZonedDateTime, ScheduleError> {
    time.to_zoned_datetime(zone)
        .map_err(|e| ScheduleError(format!("The date '{time}' of a clock is not valid: {e}.")))
}

/// A zone by its name, or an offset such as `+01:00`.
fn time_zone(name: &str) -> Result<TimeZone, ScheduleError> {
    if let Ok(zone) = TimeZone::get(name) {
        return Ok(zone);
    }
    let offset = name.strip_prefix(['+', '-']).and_then(|digits| {
        let (hours, minutes) = digits.split_once(':')?;
        let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
        if hours > 25 || minutes > 59 {
            return None;
        }
        let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
        Offset::from_seconds(if name.starts_with('-') { -seconds } else { seconds }).ok()
    });
    offset
        .map(TimeZone::fixed)
        .ok_or_else(|| ScheduleError(format!("There is no time zone '{name}'.")))
}

fn two_digits(text: &str) -> Option<u8> {
    let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schedule(clocks: Value) -> Schedule {
        serde_json::from_value(json!({ "clocks": clocks })).unwrap()
    }

    /// The next times of a clock after a time, in UTC and without the seconds.
    fn times(clock: Value, after: &str, count: usize) -> Vec<String> {
        let events = schedule(json!([clock]))
            .next(after.parse().unwrap(), count)
            .unwrap();
        events
            .iter()
            .map(|event| event.start_time.to_string().replace(":00Z", ""))
            .collect()
    }

    fn interval(seconds: i64) -> Value {
        json!({"type": "IntervalClock", "interval": seconds * 1_000_000})
    }

    fn with_start(mut clock: Value, start: &str, zone: &str) -> Value {
        clock["start_date"] = json!({"dt": start, "tz": zone});
        clock
    }

    fn cron(line: &str) -> Value {
        json!({"type": "CronClock", "cron": line})
    }

    #[test]
    fn a_zone_may_be_an_offset_of_two_digits_each() {
        for (name, seconds) in [
            ("+05:30", 19_800),
            ("-08:00", -28_800),
            ("+00:00", 0),
            ("+25:59", 93_540),
        ] {
            let offset = time_zone(name).unwrap().to_offset(Timestamp::UNIX_EPOCH);
            assert_eq!(offset.seconds(), seconds, "{name}");
        }
        for name in [
            "+1193047:00",
            "+00:35791395",
            "+-5:00",
            "++5:00",
            "+5:00",
            "+01:99",
            "+01:60",
            "+26:00",
            "+01:0",
            "+01",
            "01:00",
            "+",
        ] {
            let message = time_zone(name).unwrap_err().to_string();
            assert_eq!(message, format!("There is no time zone '{name}'."));
        }
    }

    #[test]
    fn an_interval_without_a_start_counts_from_2019() {
        assert_eq!(
            times(interval(3600), "2026-11-23T12:00:00Z", 2),
            ["2026-11-23T13:00", "2026-11-23T14:00"]
        );
        assert_eq!(
            times(interval(7 * 86_400), "2019-01-01T00:00:00Z", 1),
            ["2019-01-08T00:00"]
        );
        // Strictly after, to the microsecond.
        assert_eq!(
            times(interval(3600), "2026-11-23T11:59:59.999999Z", 1),
            ["2026-11-23T12:00"]
        );
    }

    #[test]
    fn an_interval_may_be_written_with_a_fraction() {
        let clock = json!({"type": "IntervalClock", "interval": 3_600_000_000.0});
        assert_eq!(times(clock, "2026-11-23T12:30:00Z", 1), ["2026-11-23T13:00"]);
    }

    /// Somebody meant seconds. From 1970 to 2026 these are 10^9 steps and more, if they are taken one by one.
    #[test]
    fn an_interval_below_a_second_is_refused_at_once() {
        for interval in [1, 60, 999_999] {
            let clock = json!({"type": "IntervalClock", "interval": interval});
            let clock = with_start(clock, "1970-01-01T00:00:00", "Europe/Berlin");
            let error = schedule(json!([clock])).next("2026-11-23T12:00:00Z".parse().unwrap(), 10);
            let message = error.unwrap_err().to_string();
            assert!(message.contains("shorter than a second"), "{interval}: {message}");
        }
    }

    #[test]
    fn the_first_of_many_events_is_found_by_arithmetic() {
        let start = zoned(
            "1900-01-01T00:00:00".parse().unwrap(),
            time_zone("Europe/Berlin").unwrap(),
        )
        .unwrap();
        // With a microsecond, even the day of the margin would be 10^11 steps.
        for interval in [1_i128, 1_000_000, 7_000_003, DAY - 1, DAY, DAY + 1, 30 * DAY] {
            for after in [
                "2026-03-29T00:59:59.5Z",
                "2026-10-25T01:30:00Z",
                "2026-11-23T12:00:00Z",
            ] {
                let after: Timestamp = after.parse().unwrap();
                let found = interval_times(Some(start.clone()), interval, after, 3).unwrap();
                let wait = i128::from(found[0].as_microsecond() - after.as_microsecond());
                assert!(
                    0 < wait && wait <= interval + DAY / 24,
                    "{interval} {after} {found:?}"
                );
                assert!(found.is_sorted(), "{interval} {after} {found:?}");
            }
        }
    }

    #[test]
    fn an_interval_starts_with_its_start() {
        let clock = with_start(interval(3600), "2027-01-01T00:30:00", "UTC");
        assert_eq!(
            times(clock, "2026-11-23T12:00:00Z", 2),
            ["2027-01-01T00:30", "2027-01-01T01:30"]
        );
    }

    /// Summer time in Berlin begins on 2026-03-29 at 02:00 and ends on 2026-10-25 at 03:00.
    #[test]
    fn whole_days_keep_the_local_hour_and_hours_elapse() {
        for (clock, after, expected) in [
            (
                with_start(interval(86_400), "2026-03-27T09:00:00", "Europe/Berlin"),
                "2026-03-27T12:00:00Z",
                ["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"],
            ),
            (
                with_start(interval(86_400), "2026-10-23T09:00:00", "Europe/Berlin"),
                "2026-10-23T12:00:00Z",
                ["2026-10-24T07:00", "2026-10-25T08:00", "2026-10-26T08:00"],
            ),
            (
                with_start(interval(3600), "2026-03-29T00:00:00", "Europe/Berlin"),
                "2026-03-28T23:30:00Z",
                ["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00"],
            ),
            (
                with_start(interval(12 * 3600), "2026-03-28T12:00:00", "Europe/Berlin"),
                "2026-03-28T12:00:00Z",
                ["2026-03-28T23:00", "2026-03-29T10:00", "2026-03-29T22:00"],
            ),
        ] {
            assert_eq!(times(clock.clone(), after, 3), expected, "{clock}");
        }
    }

    #[test]
    fn cron_runs_in_utc_or_in_the_zone_of_its_start() {
        assert_eq!(
            times(cron("0 9 * * *"), "2026-11-23T12:00:00Z", 1),
            ["2026-11-24T09:00"]
        );
        let berlin = with_start(cron("0 9 * * *"), "2026-01-01T00:00:00", "Europe/Berlin");
        assert_eq!(
            times(berlin, "2026-03-28T00:00:00Z", 3),
            ["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"],
        );
    }

    #[test]
    fn a_start_that_is_a_tick_counts() {
        let clock = with_start(cron("0 9 * * *"), "2027-01-01T09:00:00", "UTC");
        assert_eq!(
            times(clock, "2026-11-23T12:00:00Z", 2),
            ["2027-01-01T09:00", "2027-01-02T09:00"]
        );
    }

    #[test]
    fn local_times_that_come_twice_count_once() {
        let clock = || with_start(cron("*/30 * * * *"), "2026-01-01T00:00:00", "Europe/Berlin");
        // 02:00 and 02:30 come twice, at 00:00Z, 00:30Z and again at 01:00Z, 01:30Z.
        let expected = [
            "2026-10-25T00:00",
            "2026-10-25T00:30",
            "2026-10-25T02:00",
            "2026-10-25T02:30",
        ];
        assert_eq!(times(clock(), "2026-10-24T23:59:00Z", 4), expected);
        assert_eq!(times(clock(), "2026-10-25T00:45:00Z", 2), expected[2..]);
        assert_eq!(times(clock(), "2026-10-25T01:15:00Z", 2), expected[2..]);
    }

    #[test]
    fn local_times_that_do_not_come_count_as_the_moment_after() {
        let clock = with_start(cron("30 2 * * *"), "2026-01-01T00:00:00", "Europe/Berlin");
        assert_eq!(
            times(clock, "2026-03-28T12:00:00Z", 2),
            ["2026-03-29T01:30", "2026-03-30T00:30"]
        );
        let clock = with_start(cron("*/30 * * * *"), "2026-01-01T00:00:00", "Europe/Berlin");
        assert_eq!(
            times(clock, "2026-03-29T00:15:00Z", 4),
            [
                "2026-03-29T00:30",
                "2026-03-29T01:00",
                "2026-03-29T01:30",
                "2026-03-29T02:00"
            ],
        );
    }

    #[test]
    fn days_of_month_and_week_are_joined_as_told() {
        let either = cron("0 0 13 * 5");
        assert_eq!(
            times(either, "2026-11-07T00:00:00Z", 2),
            ["2026-11-13T00:00", "2026-11-20T00:00"]
        );
        let mut both = cron("0 0 13 * 5");
        both["day_or"] = json!(false);
        assert_eq!(
            times(both, "2026-11-07T00:00:00Z", 2),
            ["2026-11-13T00:00", "2027-08-13T00:00"]
        );
    }

    #[test]
    fn a_sixth_field_is_the_second() {
        let times = times(cron("* * * * * 15"), "2026-11-23T12:00:00Z", 2);
        assert_eq!(times, ["2026-11-23T12:00:15Z", "2026-11-23T12:01:15Z"]);
    }

    #[test]
    fn clocks_end_and_may_have_no_events_at_all() {
        let mut clock = interval(3600);
        clock["end_date"] = json!({"dt": "2026-11-23T14:00:00", "tz": "UTC"});
        assert_eq!(
            times(clock, "2026-11-23T12:00:00Z", 10),
            ["2026-11-23T13:00", "2026-11-23T14:00"]
        );
        assert_eq!(
            times(cron("0 0 30 2 *"), "2026-11-23T12:00:00Z", 10),
            Vec::<String>::new()
        );
    }

    #[test]
    fn clocks_are_merged_and_equal_neighbours_left_out() {
        let mut labelled = interval(7200);
        labelled["labels"] = json!(["gpu"]);
        let schedule = schedule(json!([interval(3600), interval(7200), labelled]));
        let events = schedule.next("2026-11-23T12:30:00Z".parse().unwrap(), 4).unwrap();
        let seen: Vec<_> = events
            .iter()
            .map(|e| (e.start_time.to_string(), e.labels.is_some()))
            .collect();
        let at = |hour: u8, labelled: bool| (format!("2026-11-23T{hour}:00:00Z"), labelled);
        assert_eq!(seen, [at(13, false), at(14, false), at(14, true), at(15, false)]);
    }

    #[test]
    fn events_know_the_zone_of_their_clock() {
        let nine = |zone: &str| with_start(cron("0 9 * * *"), "2026-01-01T00:00:00", zone);
        let utc = with_start(cron("30 8 * * *"), "2026-01-01T00:00:00", "UTC");
        // Nine in Berlin is nine at +01:00: one event.
        let clocks = json!([
            nine("America/New_York"),
            nine("+01:00"),
            nine("Europe/Berlin"),
            utc
        ]);
        let events = schedule(clocks)
            .next("2026-11-23T00:00:00Z".parse().unwrap(), 3)
            .unwrap();
        let seen: Vec<_> = events
            .iter()
            .map(|e| (e.start_time.to_string(), e.local_time().to_string()))
            .collect();
        let at = |time: &str, local: &str| (format!("2026-11-23T{time}Z"), format!("2026-11-23T{local}"));
        assert_eq!(
            seen,
            [
                at("08:00:00", "09:00:00"),
                at("08:30:00", "08:30:00"),
                at("14:00:00", "09:00:00")
            ]
        );
    }

    #[test]
    fn what_is_not_supported_or_not_valid_is_refused_in_words() {
        let weekdays = json!({"fn": "prefect.schedules.filters.is_weekday", "kwargs": {}});
        for (schedule, part) in [
            (
                json!({"clocks": [], "filters": [weekdays]}),
                "with filters are not supported yet",
            ),
            (
                json!({"clocks": [], "adjustments": [weekdays]}),
                "with adjustments are not supported yet",
            ),
            (
                json!({"clocks": [{"type": "DatesClock", "dates": []}]}),
                "DatesClock",
            ),
            (
                json!({"clocks": [{"type": "RRuleClock", "rrule_obj": {}}]}),
                "RRuleClock",
            ),
            (json!({"clocks": [interval(0)]}), "interval 0"),
            (
                json!({"clocks": [{"type": "IntervalClock", "interval": 60}]}),
                "interval 60 of a clock is shorter than a second. It is written in microseconds",
            ),
            (json!({"clocks": [cron("61 * * * *")]}), "'61 * * * *'"),
            (json!({"clocks": [cron("hello")]}), "'hello'"),
            (
                json!({"clocks": [with_start(interval(60), "2026-01-01T00:00:00", "Mars/Base")]}),
                "'Mars/Base'",
            ),
            (
                json!({"clocks": [with_start(interval(60), "soon", "UTC")]}),
                "'soon'",
            ),
        ] {
            let read: Schedule = serde_json::from_value(schedule.clone()).unwrap();
            let message = read.next(Timestamp::UNIX_EPOCH, 1).unwrap_err().to_string();
            assert!(message.contains(part), "{schedule}: {message}");
        }
    }
}
