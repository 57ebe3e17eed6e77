//! What the person's clock shows: the one place where a point in time becomes words. Zone and hours are settings; the
//! browser knows how far a zone is from UTC, so that no time zone database is in the module.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::model::{Timestamp, offset_text};

/// How the hours of a day are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hours {
    /// `14:02`
    #[default]
    TwentyFour,
    /// `2:02 PM`
    Twelve,
}

impl Hours {
    /// A time with this hour and what follows it: `09:30`, `9:30 AM`.
    pub fn with(self, hour: i64, rest: &str) -> String {
        match self {
            Self::TwentyFour => format!("{hour:02}{rest}"),
            Self::Twelve => {
                let half = if hour < 12 { "AM" } else { "PM" };
                format!("{}{rest} {half}", (hour + 11) % 12 + 1)
            }
        }
    }

    /// The time of day on a clock that is so many minutes ahead of UTC: `14:02:11`.
    fn of_day(self, time: Timestamp, offset: i32) -> String {
        let [.., hour, minute, second] = time.on_clock(offset);
        self.with(hour, &format!(":{minute:02}:{second:02}"))
    }

    /// The same with the date: `2026-11-23 14:02:11`.
    pub fn of_date(self, time: Timestamp, offset: i32) -> String {
        let [year, month, day, ..] = time.on_clock(offset);
        format!("{year:04}-{month:02}-{day:02} {}", self.of_day(time, offset))
    }
}

/// A clock on the wall somewhere.
pub struct WallClock {
    zone: String,
    hours: Hours,
    /// How many minutes it is ahead of UTC at a time.
    offset: Box<dyn Fn(Timestamp) -> i32>,
}

impl WallClock {
    /// A clock in a zone of this name, which is so many minutes ahead of UTC.
    pub fn new(zone: String, hours: Hours, offset: impl Fn(Timestamp) -> i32 + 'static) -> Self {
        Self {
            zone,
            hours,
            offset: Box::new(offset),
        }
    }

    /// The clock where the browser is.
    pub fn of_browser(hours: Hours) -> Self {
        Self::new(browser_zone(), hours, browser_offset)
    }

    /// The clock in a zone of the IANA's; `None` when the browser does not know it.
    pub fn of_zone(zone: &str, hours: Hours) -> Option<Self> {
        Some(Self::new(zone.to_owned(), hours, offsets_of(zone)?))
    }

    fn time_of_day(&self, time: Timestamp) -> String {
        self.hours.of_day(time, (self.offset)(time))
    }

    fn exact_time(&self, time: Timestamp) -> String {
        let [.., hour, minute, second] = time.on_clock((self.offset)(time));
        self.hours.with(
            hour,
            &format!(":{minute:02}:{second:02}.{:03}", time.millisecond()),
        )
    }

    fn short_time(&self, time: Timestamp, now: Timestamp) -> String {
        let [year, month, day, hour, minute, _] = time.on_clock((self.offset)(time));
        let today = now.on_clock((self.offset)(now));
        let clock = self.hours.with(hour, &format!(":{minute:02}"));
        let clock = match self.is_shown_twice(time) {
            true => format!("{clock} (UTC{})", offset_text((self.offset)(time))),
            false => clock,
        };
        match (today[0] == year, today[1..3] == [month, day]) {
            (true, true) => clock,
            (true, false) => format!("{} {day}, {clock}", month_name(month)),
            (false, _) => format!("{} {day}, {year}, {clock}", month_name(month)),
        }
    }

    /// Whether the clock shows the same at another time: in the hour to which it is put back.
    fn is_shown_twice(&self, time: Timestamp) -> bool {
        let offset = (self.offset)(time);
        let is_other = |near: Timestamp| {
            let other = (self.offset)(near);
            // What is shown now, on a clock as it goes before or after the change.
            other != offset && (self.offset)(time.ahead(offset - other)) == other
        };
        is_other(time.before(CHANGE)) || is_other(time.after(CHANGE))
    }

    fn full_time(&self, time: Timestamp) -> String {
        let offset = (self.offset)(time);
        let from_utc = match offset {
            0 => String::new(),
            _ => format!(" (UTC{})", offset_text(offset)),
        };
        format!("{} {}{from_utc}", self.date_and_time(time), self.zone)
    }

    fn date_and_time(&self, time: Timestamp) -> String {
        self.hours.of_date(time, (self.offset)(time))
    }
}

/// By no more than this is a clock put forward or back.
const CHANGE: Duration = Duration::from_hours(2);

thread_local! {
    static CURRENT: RefCell<Option<WallClock>> = const { RefCell::new(None) };
}

/// Shows another clock from now on; what is on screen already is for its page to draw anew.
pub fn set_wall_clock(clock: WallClock) {
    CURRENT.set(Some(clock));
}

fn with<T>(read: impl FnOnce(&WallClock) -> T) -> T {
    CURRENT
        .with_borrow_mut(|clock| read(clock.get_or_insert_with(|| WallClock::of_browser(Hours::default()))))
}

/// How many minutes the person's clock was or will be ahead of UTC at that time.
pub fn local_offset(time: Timestamp) -> i32 {
    with(|clock| (clock.offset)(time))
}

/// How the hours are counted.
pub fn hours() -> Hours {
    with(|clock| clock.hours)
}

/// The name of the zone whose time is shown, such as `Europe/Berlin`.
pub fn zone() -> String {
    with(|clock| clock.zone.clone())
}

/// The time of day, `14:02:11`.
pub fn time_of_day(time: Timestamp) -> String {
    with(|clock| clock.time_of_day(time))
}

/// The time of day to the millisecond, `14:02:11.042`.
pub fn exact_time(time: Timestamp) -> String {
    with(|clock| clock.exact_time(time))
}

/// The time of day to the minute, with the date when it is not that of `now`: `14:02`, `Nov 22, 14:02`. Where the clock
/// shows it twice, which of the two it is: `Oct 25, 02:30 (UTC+01:00)`.
pub fn short_time(time: Timestamp, now: Timestamp) -> String {
    with(|clock| clock.short_time(time, now))
}

/// The date and the time of day, `2026-11-23 14:02:11`.
pub fn date_and_time(time: Timestamp) -> String {
    with(|clock| clock.date_and_time(time))
}

/// Everything: `2026-11-23 14:02:11 Europe/Berlin (UTC+01:00)`.
pub fn full_time(time: Timestamp) -> String {
    with(|clock| clock.full_time(time))
}

fn month_name(month: i64) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    usize::try_from(month - 1)
        .ok()
        .and_then(|index| NAMES.get(index).copied())
        .unwrap_or("")
}

fn browser_offset(time: Timestamp) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a zone's offset is a few hundred minutes"
    )]
    let minutes = js_sys::Date::new(&time.millis().into()).get_timezone_offset() as i32;
    -minutes
}

/// A part of the browser's `Intl`.
fn intl(name: &str) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::get(&intl, &name.into()).ok()?.dyn_into().ok()
}

/// A formatter of times with these options; `None` when the browser refuses them.
fn formatter(locale: &JsValue, options: &[(&str, &str)]) -> Option<JsValue> {
    let of = Object::new();
    for (name, value) in options {
        Reflect::set(&of, &(*name).into(), &(*value).into()).ok()?;
    }
    let arguments = Array::of2(locale, &of);
    Reflect::construct(&intl("DateTimeFormat")?, &arguments).ok()
}

fn resolved(formatter: &JsValue, option: &str) -> Option<JsValue> {
    let resolve: Function = Reflect::get(formatter, &"resolvedOptions".into())
        .ok()?
        .dyn_into()
        .ok()?;
    Reflect::get(&resolve.call0(formatter).ok()?, &option.into()).ok()
}

/// The name of the browser's time zone, UTC where it does not tell.
pub fn browser_zone() -> String {
    let zone = formatter(&JsValue::UNDEFINED, &[])
        .and_then(|formatter| resolved(&formatter, "timeZone")?.as_string());
    zone.unwrap_or_else(|| "UTC".to_owned())
}

/// How the browser's language counts the hours.
pub fn browser_hours() -> Hours {
    let is_twelve = formatter(&JsValue::UNDEFINED, &[("hour", "numeric")])
        .and_then(|formatter| resolved(&formatter, "hour12")?.as_bool());
    if is_twelve == Some(true) {
        Hours::Twelve
    } else {
        Hours::TwentyFour
    }
}

/// The zones that the browser knows, UTC first.
pub fn zones() -> Vec<String> {
    let mut zones = vec!["UTC".to_owned()];
    let named =
        intl("supportedValuesOf").and_then(|list| list.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok());
    if let Some(named) = named.filter(Array::is_array) {
        let named = Array::from(&named);
        zones.extend(
            named
                .iter()
                .filter_map(|zone| zone.as_string())
                .filter(|zone| zone != "UTC"),
        );
    }
    zones
}

/// Whether the browser knows a zone of this name, by whichever of its names.
pub fn is_zone(name: &str) -> bool {
    !name.is_empty() && formatter(&"en-US".into(), &[("timeZone", name)]).is_some()
}

/// How many minutes the clock in a zone is ahead of UTC at that time; `None` when the browser does not know the zone.
pub fn zone_offset(zone: &str, time: Timestamp) -> Option<i32> {
    Some(offsets_of(zone)?(time))
}

/// What the clock in a zone shows at that time, as if it were in UTC; the time in UTC where the browser does not know
/// the zone.
pub fn time_there(zone: &str, time: Timestamp) -> Timestamp {
    time.ahead(zone_offset(zone, time).unwrap_or(0))
}

/// How far a zone is ahead of UTC, by time; `None` when the browser does not know the zone.
fn offsets_of(zone: &str) -> Option<impl Fn(Timestamp) -> i32 + 'static> {
    let formatter = formatter(
        &"en-US".into(),
        &[("timeZone", zone), ("timeZoneName", "longOffset")],
    )?;
    let format: Function = Reflect::get(&formatter, &"format".into()).ok()?.dyn_into().ok()?;
    Some(by_quarter(move |time| {
        let words = format.call1(&JsValue::UNDEFINED, &time.millis().into());
        words
            .ok()
            .and_then(|words| offset_in(&words.as_string()?))
            .unwrap_or(0)
    }))
}

/// Asks once for each quarter of an hour: no clock is put forward or back within one, and what is drawn together
/// mostly happened together.
fn by_quarter(offset: impl Fn(Timestamp) -> i32) -> impl Fn(Timestamp) -> i32 {
    let last = Cell::new(None);
    move |time| {
        let quarter = time.whole_seconds().div_euclid(900);
        match last.get() {
            Some((known, offset)) if known == quarter => offset,
            _ => {
                let offset = offset(time);
                last.set(Some((quarter, offset)));
                offset
            }
        }
    }
}

/// The minutes in `11/25/2026, GMT+05:30`.
fn offset_in(words: &str) -> Option<i32> {
    let (_, offset) = words.rsplit_once("GMT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let sign = match offset.chars().next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let mut parts = offset.trim_start_matches(['+', '-', '−']).split(':');
    let hours: i32 = parts.next()?.parse().ok()?;
    let minutes: i32 = parts.next().map_or(Ok(0), str::parse).ok()?;
    Some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// Berlin in 2026: the clocks are put back on October 25 at 01:00 UTC.
    fn berlin(hours: Hours) -> WallClock {
        let winter = at("2026-10-25T01:00:00Z");
        WallClock::new("Europe/Berlin".to_owned(), hours, move |time| {
            if time < winter { 120 } else { 60 }
        })
    }

    #[test]
    fn a_time_is_shown_as_the_clock_there_showed_it_then() {
        let clock = berlin(Hours::TwentyFour);
        let now = at("2026-11-23T14:02:11.0426Z");
        assert_eq!(clock.time_of_day(now), "15:02:11");
        assert_eq!(clock.exact_time(now), "15:02:11.042");
        assert_eq!(clock.short_time(now, now), "15:02");
        assert_eq!(
            clock.short_time(at("2026-11-22T23:30:00Z"), now),
            "00:30",
            "it is the same day there"
        );
        assert_eq!(
            clock.short_time(at("2026-10-24T22:30:00Z"), now),
            "Oct 25, 00:30",
            "in summer time"
        );
        assert_eq!(clock.short_time(at("2025-12-31T23:30:00Z"), now), "Jan 1, 01:30");
        assert_eq!(
            clock.short_time(at("2025-12-31T21:30:00Z"), now),
            "Dec 31, 2025, 23:30"
        );
        assert_eq!(
            clock.full_time(now),
            "2026-11-23 15:02:11 Europe/Berlin (UTC+01:00)"
        );
        // The hour that is there twice.
        assert_eq!(
            clock.full_time(at("2026-10-25T00:30:00Z")),
            "2026-10-25 02:30:00 Europe/Berlin (UTC+02:00)"
        );
        assert_eq!(
            clock.full_time(at("2026-10-25T01:30:00Z")),
            "2026-10-25 02:30:00 Europe/Berlin (UTC+01:00)"
        );
    }

    #[test]
    fn the_hour_that_is_there_twice_says_which_one_it_is() {
        let now = at("2026-11-23T14:00:00Z");
        let summer = |time| time < at("2026-10-25T01:00:00Z") && time >= at("2026-03-29T01:00:00Z");
        let clock = WallClock::new("Europe/Berlin".to_owned(), Hours::Twelve, move |time| {
            if summer(time) { 120 } else { 60 }
        });
        for (time, shown) in [
            ("2026-10-24T23:59:00Z", "Oct 25, 1:59 AM"),
            ("2026-10-25T00:00:00Z", "Oct 25, 2:00 AM (UTC+02:00)"),
            ("2026-10-25T00:59:00Z", "Oct 25, 2:59 AM (UTC+02:00)"),
            ("2026-10-25T01:00:00Z", "Oct 25, 2:00 AM (UTC+01:00)"),
            ("2026-10-25T01:59:00Z", "Oct 25, 2:59 AM (UTC+01:00)"),
            ("2026-10-25T02:00:00Z", "Oct 25, 3:00 AM"),
            // The hour that is skipped makes nothing ambiguous.
            ("2026-03-29T00:59:00Z", "Mar 29, 1:59 AM"),
            ("2026-03-29T01:00:00Z", "Mar 29, 3:00 AM"),
        ] {
            assert_eq!(clock.short_time(at(time), now), shown, "{time}");
        }
    }

    #[test]
    fn the_hours_of_a_day_may_be_counted_twice_to_twelve() {
        let clock = WallClock::new("UTC".to_owned(), Hours::Twelve, |_| 0);
        for (time, shown) in [
            ("2026-11-23T00:05:09Z", "12:05:09 AM"),
            ("2026-11-23T09:05:09Z", "9:05:09 AM"),
            ("2026-11-23T12:05:09Z", "12:05:09 PM"),
            ("2026-11-23T23:05:09Z", "11:05:09 PM"),
        ] {
            assert_eq!(clock.time_of_day(at(time)), shown);
        }
        let time = at("2026-11-23T23:05:09.5Z");
        assert_eq!(clock.exact_time(time), "11:05:09.500 PM");
        assert_eq!(clock.short_time(time, time), "11:05 PM");
        assert_eq!(clock.full_time(time), "2026-11-23 11:05:09 PM UTC");
    }

    #[test]
    fn zones_may_be_behind_utc_and_off_the_hour() {
        let clock = WallClock::new("America/St_Johns".to_owned(), Hours::TwentyFour, |_| -210);
        assert_eq!(
            clock.full_time(at("2026-11-23T02:02:11Z")),
            "2026-11-22 22:32:11 America/St_Johns (UTC-03:30)"
        );
    }

    #[test]
    fn the_browsers_words_for_an_offset_are_understood() {
        for (words, minutes) in [
            ("11/25/2026, GMT", Some(0)),
            ("11/25/2026, GMT+01:00", Some(60)),
            ("11/25/2026, GMT-03:30", Some(-210)),
            ("11/25/2026, GMT−9", Some(-540)),
            ("1/1/1880, GMT+00:53:28", Some(53)),
            ("11/25/2026, CET", None),
            ("11/25/2026, GMTx", None),
        ] {
            assert_eq!(offset_in(words), minutes, "{words}");
        }
    }

    #[test]
    fn the_browser_is_asked_once_for_times_that_lie_together() {
        let asked = Rc::new(Cell::new(0));
        let count = Rc::clone(&asked);
        let offset = by_quarter(move |_| {
            count.set(count.get() + 1);
            60
        });
        for second in 0..900 {
            assert_eq!(offset(Timestamp::from_millis(f64::from(second) * 1000.0)), 60);
        }
        assert_eq!(asked.get(), 1);
        assert_eq!(offset(at("2026-11-23T14:02:11Z")), 60);
        assert_eq!(asked.get(), 2);
    }
}
