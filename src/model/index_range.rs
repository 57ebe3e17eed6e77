//! Which children of a mapped task a person asks for: numbers and ranges of them, as text.

/// The ranges of numbers that a text names, each with its first and its last: `7`, `10-19`, `90-`, `-9`, several with
/// commas. `None` when it cannot be understood.
fn ranges(text: &str) -> Option<Vec<(i64, i64)>> {
    let range = |part: &str| {
        let number = |text: &str, open: i64| match text.trim() {
            "" => Some(open),
            // `+7` is a number to the standard library.
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        };
        match part.split_once('-') {
            Some((first, last)) => Some((number(first, 0)?, number(last, i64::MAX)?)),
            None => number(part, 0).map(|one| (one, one)),
        }
    };
    let parts = text.split(',').filter(|part| !part.trim().is_empty());
    parts.map(range).collect()
}

/// Whether [`is_in_range`] understands a text.
#[must_use]
pub fn names_numbers(text: &str) -> bool {
    ranges(text).is_some()
}

/// Whether a number is among those that a text names: `7`, `10-19`, `90-`, several with commas, or all when it names
/// none.
#[must_use]
pub fn is_in_range(index: i64, text: &str) -> bool {
    let ranges = ranges(text).unwrap_or_default();
    ranges.is_empty()
        || ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_named_one_by_one_or_as_a_range() {
        let shown = |text: &str| {
            (0..30)
                .filter(|index| is_in_range(*index, text))
                .collect::<Vec<i64>>()
        };
        assert_eq!(shown("7"), [7]);
        assert_eq!(shown("0"), [0], "the first child has the number 0");
        assert_eq!(shown("10-12"), [10, 11, 12]);
        assert_eq!(shown("28-"), [28, 29]);
        assert_eq!((shown("").len(), shown("x").len()), (30, 30));
        assert_eq!(shown("7,9, 28-"), [7, 9, 28, 29]);
        assert_eq!(shown("7,"), [7], "another one is about to be written");
        assert_eq!(shown("-1"), [0, 1]);
        for (text, is_understood) in [
            ("", true),
            ("7, 10-19,90-", true),
            ("1a", false),
            ("7;9", false),
            ("7 9", false),
            ("1-2-3", false),
            ("+7", false),
            ("99999999999999999999", false),
        ] {
            assert_eq!(names_numbers(text), is_understood, "{text}");
        }
    }
}
