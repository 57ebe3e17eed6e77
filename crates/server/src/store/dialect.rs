//! What differs between SQLite and Postgres: the functions Postgres has and SQLite is taught here.

use std::sync::Arc;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

use super::functions::Room;

/// Adds to a connection:
/// - `gen_random_uuid()`: as in Postgres, in lower case with hyphens;
/// - `matches_like(text, pattern)` and `matches_ilike(text, pattern)`: what `LIKE` and `ILIKE` are in
///   Postgres, with `%`, `_` and `\`. SQLite's own `LIKE` ignores case, and only that of ASCII letters;
/// - what reads need besides: see [`super::functions`].
pub(super) fn teach(connection: &Connection, room: &Arc<Room>) -> Result<()> {
    let pure = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("gen_random_uuid", 0, FunctionFlags::SQLITE_UTF8, |_| {
        Ok(flowdeck_vocabulary::TaskRunId::random().to_string())
    })?;
    connection.create_scalar_function("matches_like", 2, pure, |context| {
        Ok(both_texts(context.get_raw(0), context.get_raw(1)).map(|(text, pattern)| like(text, pattern)))
    })?;
    connection.create_scalar_function("matches_ilike", 2, pure, |context| {
        let (ValueRef::Text(_), ValueRef::Text(_)) = (context.get_raw(0), context.get_raw(1)) else {
            return Ok(None);
        };
        let pattern = context.get_or_create_aux(1, |pattern| pattern.as_str().map(Pattern::new))?;
        Ok(Some(pattern.fits(context.get_raw(0).as_str()?)))
    })?;
    super::functions::register(connection, room)
}

/// Null in, null out, as with every operator of SQL.
fn both_texts<'a>(text: ValueRef<'a>, pattern: ValueRef<'a>) -> Option<(&'a str, &'a str)> {
    Some((text.as_str().ok()?, pattern.as_str().ok()?))
}

/// A pattern of `ILIKE`, read once for all rows.
struct Pattern {
    lower: String,
    /// What stands between two `%` when there is nothing else: by far the most frequent kind.
    needle: Option<String>,
}

impl Pattern {
    fn new(pattern: &str) -> Pattern {
        let lower = pattern.to_lowercase();
        let needle = lower
            .strip_prefix('%')
            .and_then(|rest| rest.strip_suffix('%'))
            .filter(|inner| inner.is_ascii() && !inner.contains(['%', '_', '\\']))
            .map(str::to_owned);
        Pattern { lower, needle }
    }

    fn fits(&self, text: &str) -> bool {
        match &self.needle {
            Some(needle) if needle.is_empty() => true,
            Some(needle) if text.is_ascii() => text
                .as_bytes()
                .windows(needle.len())
                .any(|part| part.eq_ignore_ascii_case(needle.as_bytes())),
            _ => like(&text.to_lowercase(), &self.lower),
        }
    }
}

/// Whether `text` fits `pattern`: `%` stands for any characters, `_` for one, `\` takes the next literally.
/// Goes back only to the last `%`, so it is never slower than the product of the lengths.
fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    let (mut t, mut p) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        let escaped = pattern.get(p) == Some(&'\\') && p + 1 < pattern.len();
        match pattern.get(p + usize::from(escaped)) {
            Some('%') if !escaped => {
                retry = Some((t, p + 1));
                p += 1;
            }
            Some(&c) if (c == '_' && !escaped) || c == text[t] => {
                t += 1;
                p += 1 + usize::from(escaped);
            }
            _ => {
                let Some((from, after)) = retry else { return false };
                retry = Some((from + 1, after));
                (t, p) = (from + 1, after);
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_fits_as_in_postgres() {
        for (text, pattern, expected) in [
            ("nightly-etl", "night%", true),
            ("nightly-etl", "%etl", true),
            ("nightly-etl", "%ly%l", true),
            ("nightly-etl", "n_ghtly%", true),
            ("nightly-etl", "Night%", false),
            ("nightly-etl", "etl", false),
            ("100%", r"100\%", true),
            ("1000", r"100\%", false),
            ("", "", true),
            ("", "%", true),
            ("a", "", false),
            ("aab", "%ab", true),
            ("Ü", "_", true),
        ] {
            assert_eq!(like(text, pattern), expected, "{text} LIKE {pattern}");
        }
    }

    #[test]
    fn case_does_not_matter_to_ilike() {
        for (text, pattern, expected) in [
            ("Nightly-ETL", "%etl%", true),
            ("Nightly-ETL", "%TLY-e%", true),
            ("Nightly-ETL", "%etl", true),
            ("Nightly-ETL", "%etx%", false),
            ("", "%etl%", false),
            ("x", "%%", true),
            ("ÜBUNG", "%übung%", true),
            ("a_b", r"%a\_b%", true),
            ("axb", r"%a\_b%", false),
            ("\u{212A}elvin", "%kelvin%", true),
        ] {
            assert_eq!(
                Pattern::new(pattern).fits(text),
                expected,
                "{text} ILIKE {pattern}"
            );
        }
    }

    #[test]
    fn connections_know_the_functions() {
        let connection = Connection::open_in_memory().unwrap();
        teach(&connection, &Arc::default()).unwrap();
        let answers: (u32, bool, bool, Option<bool>) = connection
            .query_row(
                "SELECT length(gen_random_uuid()), matches_ilike('ÄRGER', '%rger'), \
                 matches_like('ÄRGER', '%rger'), matches_like(NULL, '%')",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .unwrap();
        assert_eq!(answers, (36, true, false, None));
    }
}
