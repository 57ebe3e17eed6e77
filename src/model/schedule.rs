//! A schedule in words, for the simple ones; others are named by their expression.

use std::time::Duration;

use serde_json::Value;

/// What a flow's schedule says (contract 4.9), one sentence for each clock: `Every 15 min`, `Daily at 04:30,
/// Europe/Berlin`.
#[must_use]
pub fn schedule_in_words(schedule: &Value) -> Vec<String> {
    let clocks = schedule.get("clocks").and_then(Value::as_array);
    clocks.into_iter().flatten().map(clock_in_words).collect()
}

fn clock_in_words(clock: &Value) -> String {
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
    let words = cron_in_words(cron).unwrap_or_else(|| format!("Cron {cron}"));
    format!("{words}, {}", zone.unwrap_or("UTC"))
}

/// The common shapes of a cron expression; `None` for any other.
fn cron_in_words(cron: &str) -> Option<String> {
    const DAYS: [&str; 7] = [
        "Sundays",
        "Mondays",
        "Tuesdays",
        "Wednesdays",
        "Thursdays",
        "Fridays",
        "Saturdays",
    ];
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return None;
    };
    let at = || {
        Some(format!(
            "{:02}:{:02}",
            hour.parse::<u8>().ok()?,
            minute.parse::<u8>().ok()?
        ))
    };
    match (*minute, *hour, *day, *month, *weekday) {
        ("*", "*", "*", "*", "*") => Some("Every minute".to_owned()),
        (every, "*", "*", "*", "*") if every.starts_with("*/") => {
            Some(format!("Every {} min", every.get(2..)?.parse::<u8>().ok()?))
        }
        ("0", "*", "*", "*", "*") => Some("Every hour".to_owned()),
        (minute, "*", "*", "*", "*") => Some(format!("Every hour at :{:02}", minute.parse::<u8>().ok()?)),
        (_, _, "*", "*", "*") => Some(format!("Daily at {}", at()?)),
        (_, _, "*", "*", "1-5" | "MON-FRI" | "mon-fri") => Some(format!("On weekdays at {}", at()?)),
        (_, _, "*", "*", weekday) => {
            let day = weekday.parse::<usize>().ok().and_then(|day| DAYS.get(day % 7))?;
            Some(format!("{day} at {}", at()?))
        }
        (_, _, day, "*", "*") => Some(format!(
            "On day {} of the month at {}",
            day.parse::<u8>().ok()?,
            at()?
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
            (json!({"cron": "0 9 * * 1-5"}), "On weekdays at 09:00, UTC"),
            (json!({"cron": "0 9 * * 0"}), "Sundays at 09:00, UTC"),
            (
                json!({"cron": "15 2 1 * *"}),
                "On day 1 of the month at 02:15, UTC",
            ),
            (json!({"cron": "0 0 1 1 *"}), "Cron 0 0 1 1 *, UTC"),
            (json!({"type": "DatesClock", "dates": [{}, {}]}), "On 2 dates"),
        ] {
            assert_eq!(schedule_in_words(&json!({"clocks": [clock]})), [expected]);
        }
        assert!(schedule_in_words(&Value::Null).is_empty());
    }
}
