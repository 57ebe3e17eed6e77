//! What is wrong with a cron line, in words of ours: where that is plain without the library that evaluates it.

/// One of the fields of a line: its name, its smallest and its largest number, and the names that stand for numbers.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
    /// Letters and signs with a meaning of their own, which are left to the library.
    signs: &'static [char],
}

impl Field {
    const fn number(name: &'static str, least: u32, most: u32) -> Self {
        Self {
            name,
            least,
            most,
            names: &[],
            signs: &[],
        }
    }
}

/// In the order of the line. Seconds, which few write, come last.
const FIELDS: [Field; 6] = [
    Field::number("minute", 0, 59),
    Field::number("hour", 0, 23),
    Field {
        signs: &['L', 'W', '?'],
        ..Field::number("day", 1, 31)
    },
    Field {
        names: &[
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ],
        ..Field::number("month", 1, 12)
    },
    Field {
        names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
        signs: &['L', '#', '?', '+'],
        ..Field::number("weekday", 0, 7)
    },
    Field::number("second", 0, 59),
];

const SHORT_FORMS: [&str; 6] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@hourly"];

/// What is wrong with a cron line: the rest of a sentence that names what is written there and what would be right.
/// `None` is no promise: some of what can be written is only known to who evaluates it.
pub fn cron_problem(line: &str) -> Option<String> {
    let line = line.trim();
    if line.starts_with('@') {
        let is_known = SHORT_FORMS.iter().any(|form| form.eq_ignore_ascii_case(line));
        return (!is_known).then(|| format!("there is no {line}; there are {}", SHORT_FORMS.join(", ")));
    }
    let fields: Vec<&str> = line.split_whitespace().collect();
    if !(5..=6).contains(&fields.len()) {
        let count = match fields.len() {
            0 => "nothing is written".to_owned(),
            1 => "it has one field of five".to_owned(),
            count => format!("it has {count} fields, not five"),
        };
        return Some(format!("{count}: minute hour day month weekday, as 0 9 * * 1-5"));
    }
    FIELDS
        .iter()
        .zip(fields)
        .find_map(|(field, text)| text.split(',').find_map(|part| field.problem(part)))
}

impl Field {
    /// What is wrong with one of the parts that commas separate.
    fn problem(&self, part: &str) -> Option<String> {
        let Self {
            name, least, most, ..
        } = self;
        if part.to_ascii_uppercase().contains(self.signs) && !self.is_name(part) {
            return None;
        }
        let (range, step) = part.split_once('/').unwrap_or((part, "1"));
        let no_number = || {
            Some(format!(
                "the {name} '{part}' is no number from {least} to {most}, no range as {least}-{most}, and no *"
            ))
        };
        if step.parse().is_ok_and(|step: u32| step == 0) {
            return Some(format!("'{part}' has steps of 0; the smallest is 1"));
        }
        if range == "*" || range.is_empty() {
            return None;
        }
        let mut numbers = Vec::new();
        for text in range.split('-') {
            let Some(number) = self.read(text) else {
                return no_number();
            };
            if !(*least..=*most).contains(&number) {
                return Some(format!("the {name} {text} is not between {least} and {most}"));
            }
            numbers.push(number);
        }
        match numbers[..] {
            [from] if part.contains('/') => Some(format!(
                "'{part}' has steps but no range; write {from}-{most}/{step}"
            )),
            // Sunday is the end of a week, too.
            [from, to] if from > to && !(to == 0 && *most == 7) => {
                let (from, to) = range.split_once('-')?;
                Some(format!(
                    "the {name}s {range} run backwards; write {from}-{most},{least}-{to}"
                ))
            }
            _ => None,
        }
    }

    fn is_name(&self, text: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(text))
    }

    fn read(&self, text: &str) -> Option<u32> {
        let by_name = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        match by_name {
            Some(place) => Some(u32::try_from(place).ok()? + self.least),
            None => text.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        for (line, expected) in [
            ("0 25 * * *", "the hour 25 is not between 0 and 23"),
            ("0 9 * * 8", "the weekday 8 is not between 0 and 7"),
            ("0 9 0 * *", "the day 0 is not between 1 and 31"),
            ("0 9 * * 1-9", "the weekday 9 is not between 0 and 7"),
            (
                "0 9 * *",
                "it has 4 fields, not five: minute hour day month weekday, as 0 9 * * 1-5",
            ),
            (
                "",
                "nothing is written: minute hour day month weekday, as 0 9 * * 1-5",
            ),
            (
                "nine",
                "it has one field of five: minute hour day month weekday, as 0 9 * * 1-5",
            ),
            (
                "0 nine * * *",
                "the hour 'nine' is no number from 0 to 23, no range as 0-23, and no *",
            ),
            ("0 22-6 * * *", "the hours 22-6 run backwards; write 22-23,0-6"),
            ("0/15 * * * *", "'0/15' has steps but no range; write 0-59/15"),
            ("*/0 * * * *", "'*/0' has steps of 0; the smallest is 1"),
            (
                "@noon",
                "there is no @noon; there are @yearly, @annually, @monthly, @weekly, @daily, @hourly",
            ),
        ] {
            assert_eq!(cron_problem(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_can_be_written_is_not_objected_to() {
        for line in LINES {
            assert_eq!(cron_problem(line), None, "{line}");
        }
    }

    /// What is refused here is refused by the library, and what it takes is not refused here.
    #[cfg(feature = "native")]
    #[test]
    fn the_library_agrees() {
        use super::super::cron::Cron;

        for line in LINES {
            assert!(Cron::evaluated(line, true).is_ok(), "{line}");
        }
        for line in [
            "0 25 * * *",
            "0 9 * * 8",
            "0 9 0 * *",
            "0 9 * *",
            "0 22-6 * * *",
            "*/0 * * * *",
            "0/15 * * * *",
            "0 9 * * SAT-MON",
        ] {
            assert!(Cron::evaluated(line, true).is_err(), "{line}");
            assert!(cron_problem(line).is_some(), "{line}");
        }
    }

    const LINES: &[&str] = &[
        "* * * * *",
        "*/5 * * * *",
        "0 9 * * 1-5",
        "0 9 * * MON-FRI",
        "0 9 * * fri-sun",
        "0 9 * jan,jul *",
        "0 9 L * *",
        "0 9 15W * *",
        "0 9 LW * *",
        "0 9 ? * 5#2",
        "0 9 * * 5L",
        "0 9 * * FRI#L",
        "0 9 1 * +MON",
        "10-50/5 8-18 * * *",
        "0 9 * * 7",
        "0 9 * * * 30",
        " 0  9 * * * ",
        "@daily",
        "@Hourly",
    ];
}
