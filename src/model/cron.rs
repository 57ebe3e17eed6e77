//! A cron line in words, for the shapes that people write.

use crate::wall_clock::Hours;

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// One field of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    /// `*`.
    Every,
    /// `*/5`.
    Step(u32),
    /// `8-18`.
    Range(u32, u32),
    /// `1`, `1,15`.
    These(Vec<u32>),
}

impl Field {
    /// A field that has `whole` values, beginning with `first`. `None` for what is none of these: steps within ranges,
    /// ranges among others, `L`, `#`.
    fn read(text: &str, names: &[&str], first: u32, whole: u32) -> Option<Self> {
        let number = |text: &str| {
            let by_name = names.iter().position(|name| {
                name.get(..3)
                    .is_some_and(|short| short.eq_ignore_ascii_case(text))
            });
            match by_name {
                Some(place) => Some(u32::try_from(place).ok()? + first),
                None => text.parse().ok(),
            }
        };
        if text == "*" || text == "?" {
            return Some(Self::Every);
        }
        if let Some(step) = text.strip_prefix("*/") {
            // Each hour, day, month or year begins anew: what does not go into `whole` is not that far apart there.
            return match step.parse().ok().filter(|step| *step > 0)? {
                1 => Some(Self::Every),
                step if step == whole => Some(Self::These(vec![first])),
                step if whole.is_multiple_of(step) => Some(Self::Step(step)),
                _ => None,
            };
        }
        if let Some((from, to)) = text.split_once('-') {
            return Some(Self::Range(number(from)?, number(to)?));
        }
        let numbers: Option<Vec<u32>> = text.split(',').map(number).collect();
        numbers.map(Self::These)
    }
}

/// `Daily at 04:30`, `Every 2 hours on weekdays`, with the hours as the person counts them; `None` for a line that is
/// not one of the common shapes.
pub(super) fn cron_in_words(cron: &str, hours: Hours) -> Option<String> {
    let cron = match cron.trim() {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        line => line,
    };
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return None;
    };
    let minute = Field::read(minute, &[], 0, 60)?;
    let hour = Field::read(hour, &[], 0, 24)?;
    let days = days(
        &Field::read(day, &[], 1, 31)?,
        &Field::read(month, &MONTHS, 1, 12)?,
        &Field::read(weekday, &DAYS, 0, 7)?,
    )?;
    if let Some(times) = times(&minute, &hour, hours) {
        return Some(match days.as_str() {
            "" => format!("Daily at {times}"),
            days => format!("{} at {times}", capital(days)),
        });
    }
    let often = often(&minute, &hour, hours)?;
    Some(match days.as_str() {
        "" => capital(&often),
        days => format!("{} {days}", capital(&often)),
    })
}

/// `04:30`, `09:00 and 17:00`: when both fields name what they mean.
fn times(minute: &Field, hour: &Field, clock: Hours) -> Option<String> {
    let (Field::These(minutes), Field::These(hours)) = (minute, hour) else {
        return None;
    };
    let times = hours.iter().flat_map(|hour| {
        minutes
            .iter()
            .map(|minute| hour_and_minute(clock, *hour, *minute))
    });
    Some(listed(&times.collect::<Vec<_>>()))
}

/// `every 15 min`, `every hour at :30 from 08:00 to 18:00`.
fn often(minute: &Field, hour: &Field, clock: Hours) -> Option<String> {
    let within = match hour {
        Field::Range(from, to) => {
            let last = if let Field::These(minutes) = minute {
                *minutes.last()?
            } else {
                59
            };
            format!(
                " from {} to {}",
                hour_and_minute(clock, *from, 0),
                hour_and_minute(clock, *to, last)
            )
        }
        _ => String::new(),
    };
    let each = match (minute, hour) {
        (Field::Every, Field::Every | Field::Range(..)) => "every minute".to_owned(),
        (Field::Step(step), Field::Every | Field::Range(..)) => format!("every {step} min"),
        (Field::These(minutes), Field::Every | Field::Range(..) | Field::Step(_)) => {
            let each = match hour {
                Field::Step(step) => format!("every {step} hours"),
                _ => "every hour".to_owned(),
            };
            if minutes == &[0] {
                each
            } else {
                let minutes: Vec<String> = minutes.iter().map(|minute| format!(":{minute:02}")).collect();
                format!("{each} at {}", listed(&minutes))
            }
        }
        _ => return None,
    };
    Some(each + &within)
}

/// `on weekdays`, `on day 1 of the month`, `on January 1`; empty for every day. A line that names days both of the
/// month and of the week means either: too much for a few words.
fn days(day: &Field, month: &Field, weekday: &Field) -> Option<String> {
    let name = |names: &'static [&'static str], number: u32, first: u32| {
        names
            .get(usize::try_from(number.checked_sub(first)?).ok()?)
            .copied()
    };
    let months = match month {
        Field::Every => String::new(),
        Field::These(months) => {
            let names: Option<Vec<&str>> = months.iter().map(|month| name(&MONTHS, *month, 1)).collect();
            listed(&names?)
        }
        _ => return None,
    };
    match (day, weekday) {
        (Field::Every, Field::Every) if months.is_empty() => Some(String::new()),
        (Field::Every, Field::Every) => Some(format!("daily in {months}")),
        (Field::Every, weekday) => {
            let of_week = match weekday {
                Field::Range(1, 5) => "on weekdays".to_owned(),
                Field::Range(from, to) => {
                    format!("{} to {}", name(&DAYS, from % 7, 0)?, name(&DAYS, to % 7, 0)?)
                }
                Field::These(days) => {
                    let days = days
                        .iter()
                        .map(|day| Some(format!("{}s", name(&DAYS, day % 7, 0)?)));
                    listed(&days.collect::<Option<Vec<_>>>()?)
                }
                _ => return None,
            };
            Some(if months.is_empty() {
                of_week
            } else {
                format!("{of_week} in {months}")
            })
        }
        (Field::These(days), Field::Every) => {
            let numbers: Vec<String> = days.iter().map(u32::to_string).collect();
            Some(match (days.as_slice(), months.is_empty()) {
                ([_], true) => format!("on day {} of the month", listed(&numbers)),
                (_, true) => format!("on days {} of the month", listed(&numbers)),
                ([_], false) => format!("on {months} {}", listed(&numbers)),
                (_, false) => format!("on days {} of {months}", listed(&numbers)),
            })
        }
        _ => None,
    }
}

fn hour_and_minute(clock: Hours, hour: u32, minute: u32) -> String {
    clock.with(hour.into(), &format!(":{minute:02}"))
}

/// `a, b and c`.
fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let mut text = String::new();
    for (place, word) in words.iter().enumerate() {
        text += match place {
            0 => "",
            _ if place + 1 == words.len() => " and ",
            _ => ", ",
        };
        text += word.as_ref();
    }
    text
}

pub(super) fn capital(words: &str) -> String {
    let (first, rest) = words.split_at(words.len().min(1));
    first.to_ascii_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_said_in_words() {
        for (cron, expected) in [
            ("* * * * *", "Every minute"),
            ("*/5 * * * *", "Every 5 min"),
            ("0 * * * *", "Every hour"),
            ("15,45 * * * *", "Every hour at :15 and :45"),
            ("0 */6 * * *", "Every 6 hours"),
            ("0 */24 * * *", "Daily at 00:00"),
            ("*/60 */1 * * *", "Every hour"),
            ("0 9 */1 * *", "Daily at 09:00"),
            ("30 */2 * * 1-5", "Every 2 hours at :30 on weekdays"),
            ("*/10 8-18 * * *", "Every 10 min from 08:00 to 18:59"),
            ("0 8-18 * * MON-FRI", "Every hour from 08:00 to 18:00 on weekdays"),
            ("30 4 * * *", "Daily at 04:30"),
            ("0 9,17 * * *", "Daily at 09:00 and 17:00"),
            ("0 9 * * 1-5", "On weekdays at 09:00"),
            ("0 9 * * 0", "Sundays at 09:00"),
            ("0 9 * * 1,3,fri", "Mondays, Wednesdays and Fridays at 09:00"),
            ("0 9 * * 5-7", "Friday to Sunday at 09:00"),
            ("15 2 1 * *", "On day 1 of the month at 02:15"),
            ("0 3 1,15 * *", "On days 1 and 15 of the month at 03:00"),
            ("0 0 1 1 *", "On January 1 at 00:00"),
            ("0 0 1 1,jul *", "On January and July 1 at 00:00"),
            ("0 7 * 12 *", "Daily in December at 07:00"),
            ("@daily", "Daily at 00:00"),
        ] {
            assert_eq!(
                cron_in_words(cron, Hours::TwentyFour).as_deref(),
                Some(expected),
                "{cron}"
            );
        }
        let twelve = cron_in_words("30 0,16 * * *", Hours::Twelve);
        assert_eq!(twelve.as_deref(), Some("Daily at 12:30 AM and 4:30 PM"));
    }

    #[test]
    fn what_words_would_get_wrong_is_left_to_the_line() {
        for cron in [
            "0 9 1 * 1",
            "0 9 L * *",
            "0 9 * * 5#2",
            "0-30/5 * * * *",
            "0 0 0 * * *",
            "0 9 * 13 *",
            "*/5 */2 * * *",
            // These begin anew at midnight and at the full hour.
            "0 */5 * * *",
            "0 */7 * * *",
            "*/45 * * * *",
            "*/0 * * * *",
            "",
        ] {
            assert_eq!(cron_in_words(cron, Hours::TwentyFour), None, "{cron}");
        }
    }
}
