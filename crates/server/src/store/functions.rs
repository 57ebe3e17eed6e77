//! SQL functions for reads that SQLite lacks: the ones that print rows as JSON, and the `jsonb` operators of Postgres.
//!
//! Postgres has all of them under other names (`json_agg`, `json_build_object`, `@>` …).
//! `json_row` and `json_rows` take a *shape* first: one line per value, its kind and then the text that stands before it
//! (see [`Kind`]). They append straight to one buffer, which is twice as quick as `json_object` inside
//! `json_group_array` (benches/nested_read.rs).

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{FromSqlError, ValueRef};
use rusqlite::{Connection, Error, Result};
use serde_json::Value as Json;

use crate::time;

/// How one value of a row is printed. The letter is the first of its line in a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text that may hold anything: quoted and escaped.
    Text,
    /// Text known to need no escaping (uuids, times): quoted.
    Plain,
    /// A number.
    Number,
    /// 0 or 1.
    Boolean,
    /// JSON already: as it is.
    Json,
    /// JSON that these functions have printed, and have taken the room for: as it is.
    Nested,
}

impl Kind {
    /// The letter in a shape.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Kind::Text => 't',
            Kind::Plain => 'p',
            Kind::Number => 'n',
            Kind::Boolean => 'b',
            Kind::Json => 'j',
            Kind::Nested => 'o',
        }
    }
}

/// The start of the message with which `json_rows` refuses to go on.
pub const TOO_MANY_ROWS: &str = "too many rows: ";

/// The message of a read that has no room left for what it prints.
pub const TOO_MANY_BYTES: &str = "too many bytes";

/// How many bytes a read may still print. One for each connection, shared by its functions and by who reads its rows.
#[derive(Debug)]
pub struct Room(AtomicUsize);

impl Default for Room {
    fn default() -> Room {
        Room(AtomicUsize::new(usize::MAX))
    }
}

impl Room {
    /// Allows this many bytes from now on.
    pub fn set(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    /// Takes the room for some bytes. A connection has one thread, so nobody comes between.
    fn take(&self, bytes: usize) -> std::result::Result<(), String> {
        let left = self.0.load(Ordering::Relaxed);
        self.set(left.saturating_sub(bytes));
        if bytes > left {
            return Err(TOO_MANY_BYTES.to_owned());
        }
        Ok(())
    }
}

/// Makes the functions known to a connection.
pub fn register(connection: &Connection, room: &Arc<Room>) -> Result<()> {
    let pure = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let of_rows = Arc::clone(room);
    connection.create_scalar_function("json_row", -1, pure, move |context| {
        let mut row = String::new();
        print_row(&mut row, shape(context)?, context, &of_rows)?;
        Ok(row)
    })?;
    connection.create_aggregate_function("json_rows", -1, pure, JsonRows(Arc::clone(room)))?;
    connection.create_aggregate_function("tally", 2, pure, Tally)?;
    connection.create_scalar_function("time_stretch", 3, pure, |context| {
        let Ok(time) = context.get_raw(0).as_str() else {
            return Ok(None);
        };
        let since: Arc<i64> = context.get_or_create_aux(1, |since| seconds(since.as_str()?))?;
        let width = context.get::<i64>(2)?.max(1);
        let time = seconds(time).map_err(|error| function_error(error.to_string()))?;
        Ok(Some(*since + (time - *since).div_euclid(width) * width))
    })?;
    connection.create_scalar_function("time_of_stretch", 1, pure, |context| {
        let seconds = context.get::<Option<i64>>(0)?;
        let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        Ok(time.map(time::format))
    })?;
    connection.create_scalar_function("jsonb_equals", 2, pure, |context| compare(context, |a, b| a == b))?;
    connection.create_scalar_function("jsonb_contains", 2, pure, |context| compare(context, contains))?;
    connection.create_scalar_function("jsonb_contained_in", 2, pure, |context| {
        compare(context, |part, whole| contains(whole, part))
    })?;
    connection.create_scalar_function("jsonb_has_keys_any", 2, pure, |context| {
        compare(context, |document, keys| {
            strings(keys).any(|key| has_key(document, key))
        })
    })?;
    connection.create_scalar_function("jsonb_has_keys_all", 2, pure, |context| {
        compare(context, |document, keys| {
            strings(keys).all(|key| has_key(document, key))
        })
    })
}

struct JsonRows(Arc<Room>);

struct Rows {
    text: String,
    count: i64,
}

impl Aggregate<Option<Rows>, String> for JsonRows {
    fn init(&self, _: &mut Context<'_>) -> Result<Option<Rows>> {
        Ok(None)
    }

    /// Arguments: the most rows, the shape, the values.
    fn step(&self, context: &mut Context<'_>, rows: &mut Option<Rows>) -> Result<()> {
        let rows = rows.get_or_insert_with(|| Rows {
            text: String::from("["),
            count: 0,
        });
        let most = context
            .get_raw(0)
            .as_i64()
            .map_err(|e| function_error(e.to_string()))?;
        if rows.count == most {
            return Err(function_error(format!("{TOO_MANY_ROWS}{most}")));
        }
        if rows.count > 0 {
            rows.text.push(',');
        }
        rows.count += 1;
        let shape = text(context.get_raw(1))?;
        let values = (2..context.len()).map(|index| context.get_raw(index));
        print_object(&mut rows.text, shape, values, &self.0).map_err(function_error)
    }

    fn finalize(&self, _: &mut Context<'_>, rows: Option<Option<Rows>>) -> Result<String> {
        Ok(rows.flatten().map_or_else(
            || String::from("[]"),
            |mut rows| {
                rows.text.push(']');
                rows.text
            },
        ))
    }
}

/// `tally(state, stretch)`: how many rows there are of each pair, as JSON `[[state, stretch, count], …]`.
struct Tally;

/// Each state with the counts of its stretches. The states are few, so a list is quicker than a map.
type Counts = Vec<(Option<String>, HashMap<Option<i64>, i64>)>;

impl Aggregate<Counts, String> for Tally {
    fn init(&self, _: &mut Context<'_>) -> Result<Counts> {
        Ok(Counts::new())
    }

    fn step(&self, context: &mut Context<'_>, counts: &mut Counts) -> Result<()> {
        let state = context.get_raw(0).as_str().ok();
        let stretch = context.get::<Option<i64>>(1)?;
        let index = match counts.iter().position(|(known, _)| known.as_deref() == state) {
            Some(index) => index,
            None => {
                counts.push((state.map(str::to_owned), HashMap::new()));
                counts.len() - 1
            }
        };
        *counts[index].1.entry(stretch).or_insert(0) += 1;
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, counts: Option<Counts>) -> Result<String> {
        let mut rows: Vec<_> = counts
            .iter()
            .flatten()
            .flat_map(|(state, stretches)| {
                stretches
                    .iter()
                    .map(move |(stretch, count)| (state, *stretch, *count))
            })
            .collect();
        rows.sort_unstable();
        serde_json::to_string(&rows).map_err(|e| function_error(e.to_string()))
    }
}

fn shape<'a>(context: &'a Context<'_>) -> Result<&'a str> {
    text(context.get_raw(0))
}

fn print_row(out: &mut String, shape: &str, context: &Context<'_>, room: &Room) -> Result<()> {
    let values = (1..context.len()).map(|index| context.get_raw(index));
    print_object(out, shape, values, room).map_err(function_error)
}

/// Appends one object. The last line of a shape is what closes it.
///
/// # Errors
/// There is no room for it. A value is a blob or no UTF-8, which the data model rules out.
pub fn print_object<'a>(
    out: &mut String,
    shape: &str,
    values: impl Iterator<Item = ValueRef<'a>>,
    room: &Room,
) -> std::result::Result<(), String> {
    let (start, mut nested) = (out.len(), 0);
    let mut lines = shape.split('\n');
    for value in values {
        let (kind, before) = lines
            .next()
            .unwrap_or_default()
            .split_at_checked(1)
            .unwrap_or_default();
        out.push_str(before);
        match (value, kind) {
            (ValueRef::Null, _) => out.push_str("null"),
            (ValueRef::Integer(number), "b") => out.push_str(if number == 0 { "false" } else { "true" }),
            (ValueRef::Integer(number), _) => push_integer(out, number),
            (ValueRef::Real(number), _) => out.push_str(&Json::from(number).to_string()),
            (ValueRef::Text(bytes), "t") => push_escaped(out, utf8(bytes)?),
            (ValueRef::Text(bytes), "p") => {
                out.push('"');
                out.push_str(utf8(bytes)?);
                out.push('"');
            }
            (ValueRef::Text(bytes), kind) => {
                if kind == "o" {
                    nested += bytes.len();
                }
                out.push_str(utf8(bytes)?);
            }
            (ValueRef::Blob(_), _) => return Err("a blob cannot be printed as JSON".into()),
        }
    }
    out.push_str(lines.next().unwrap_or_default());
    room.take(out.len() - start - nested)
}

fn push_integer(out: &mut String, number: i64) {
    use std::fmt::Write as _;
    let _ = write!(out, "{number}");
}

/// Appends a JSON string.
fn push_escaped(out: &mut String, text: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Json::from(text).to_string());
    }
}

fn text<'a>(value: ValueRef<'a>) -> Result<&'a str> {
    value.as_str().map_err(|e| function_error(e.to_string()))
}

fn utf8(bytes: &[u8]) -> std::result::Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| error.to_string())
}

fn function_error(message: String) -> Error {
    Error::UserFunctionError(message.into())
}

/// Whole seconds since 1970 of a time as it is stored.
fn seconds(stored: &str) -> std::result::Result<i64, FromSqlError> {
    time::parse(stored)
        .map(Timestamp::as_second)
        .ok_or_else(|| FromSqlError::Other(format!("'{stored}' is no time").into()))
}

/// The second argument of a comparison, which is the same for all rows, with what was found out about the first:
/// thousands of rows share a few documents.
struct Comparison {
    argument: Json,
    known: Mutex<HashMap<String, bool>>,
}

/// How many documents are kept in mind, and how long they may be.
const MOST_KNOWN: usize = 1_000;
const LONGEST_KNOWN: usize = 500;

/// A comparison of two JSON documents; null when the first is null.
fn compare(context: &Context<'_>, holds: fn(&Json, &Json) -> bool) -> Result<Option<bool>> {
    let comparison = context.get_or_create_aux(1, |json| -> std::result::Result<_, FromSqlError> {
        let argument = serde_json::from_str(json.as_str()?).map_err(|e| FromSqlError::Other(Box::new(e)))?;
        Ok(Comparison {
            argument,
            known: Mutex::default(),
        })
    })?;
    let document = match context.get_raw(0) {
        ValueRef::Null => return Ok(None),
        document => text(document)?,
    };
    let mut known = comparison.known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(document) {
        return Ok(Some(*found));
    }
    let parsed: Json = serde_json::from_str(document).map_err(|e| function_error(e.to_string()))?;
    let found = holds(&parsed, &comparison.argument);
    if known.len() < MOST_KNOWN && document.len() <= LONGEST_KNOWN {
        known.insert(document.to_owned(), found);
    }
    Ok(Some(found))
}

/// Postgres' `@>`: objects contain objects key by key, arrays contain arrays element by element, and an array
/// contains a scalar that is one of its elements.
fn contains(whole: &Json, part: &Json) -> bool {
    match (whole, part) {
        (Json::Object(whole), Json::Object(part)) => part
            .iter()
            .all(|(key, value)| whole.get(key).is_some_and(|found| nested_contains(found, value))),
        (Json::Array(whole), Json::Array(part)) => part
            .iter()
            .all(|value| whole.iter().any(|found| nested_contains(found, value))),
        // Not even one that is the same: only a scalar needs no array around it.
        (Json::Array(_), Json::Object(_)) => false,
        (Json::Array(whole), scalar) => whole.contains(scalar),
        (whole, part) => whole == part,
    }
}

/// Inside a document an array no longer contains a bare scalar.
fn nested_contains(whole: &Json, part: &Json) -> bool {
    match (whole, part) {
        (Json::Array(_), Json::Array(_)) | (Json::Object(_), Json::Object(_)) => contains(whole, part),
        (whole, part) => whole == part,
    }
}

/// Postgres' `?`: a key of an object, a string in an array, or the string itself.
fn has_key(document: &Json, key: &str) -> bool {
    match document {
        Json::Object(map) => map.contains_key(key),
        Json::Array(list) => list.iter().any(|item| item == key),
        Json::String(text) => text == key,
        _ => false,
    }
}

fn strings(keys: &Json) -> impl Iterator<Item = &str> {
    keys.as_array().into_iter().flatten().filter_map(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(sql: &str) -> Option<String> {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection, &Arc::default()).unwrap();
        connection
            .query_row(&format!("SELECT CAST(({sql}) AS TEXT)"), [], |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn rows_are_printed_by_their_shape() {
        let shape = "'p{\"id\":\nt,\"name\":\nb,\"ok\":\nj,\"data\":\nn,\"n\":\n}'";
        assert_eq!(
            ask(&format!(
                "json_row({shape}, 'u', 'a\"b' || char(10), 1, '{{\"x\":[1]}}', 2.5)"
            ))
            .unwrap(),
            r#"{"id":"u","name":"a\"b\n","ok":true,"data":{"x":[1]},"n":2.5}"#
        );
        assert_eq!(
            ask("SELECT json_rows(9, 'n{\"a\":\n}', value) FROM json_each('[1,null,3]')").unwrap(),
            r#"[{"a":1},{"a":null},{"a":3}]"#
        );
        assert_eq!(
            ask("SELECT json_rows(9, 'n{\"a\":\n}', value) FROM json_each('[]')").unwrap(),
            "[]"
        );
    }

    #[test]
    fn too_many_rows_are_refused() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection, &Arc::default()).unwrap();
        let sql = "SELECT json_rows(1, 'n{\"a\":\n}', value) FROM json_each('[1,2]')";
        let error = connection
            .query_row(sql, [], |row| row.get::<_, String>(0))
            .unwrap_err();
        assert!(error.to_string().contains("too many rows: 1"), "{error}");
    }

    #[test]
    fn what_is_printed_takes_room_once() {
        let connection = Connection::open_in_memory().unwrap();
        let room = Arc::new(Room::default());
        register(&connection, &room).unwrap();
        // Three times {"a":1}, once inside {"b":[…]}: 21 bytes and 6.
        let rows = "(SELECT json_rows(9, 'n{\"a\":\n}', value) FROM json_each('[1,1,1]'))";
        let sql = format!("SELECT json_row('o{{\"b\":\n}}', {rows})");
        let print = || connection.query_row(&sql, [], |row| row.get::<_, String>(0));
        room.set(27);
        assert_eq!(print().unwrap(), r#"{"b":[{"a":1},{"a":1},{"a":1}]}"#);
        room.set(26);
        assert!(print().unwrap_err().to_string().contains(TOO_MANY_BYTES));
        room.set(20);
        assert!(print().unwrap_err().to_string().contains(TOO_MANY_BYTES));
    }

    #[test]
    fn a_time_falls_into_the_stretch_that_begins_before_it() {
        let stretch = |time: &str| {
            ask(&format!(
                "time_of_stretch(time_stretch({time}, '2026-01-01T00:30:00.000000+00:00', 3600))"
            ))
        };
        for (time, expected) in [
            (
                "'2026-01-01T00:30:00.000000+00:00'",
                "2026-01-01T00:30:00.000000+00:00",
            ),
            (
                "'2026-01-01T01:29:59.999999+00:00'",
                "2026-01-01T00:30:00.000000+00:00",
            ),
            (
                "'2026-01-02T01:30:00.000000+00:00'",
                "2026-01-02T01:30:00.000000+00:00",
            ),
            (
                "'2026-01-01T00:29:59.000000+00:00'",
                "2025-12-31T23:30:00.000000+00:00",
            ),
        ] {
            assert_eq!(stretch(time).as_deref(), Some(expected), "{time}");
        }
        assert_eq!(stretch("NULL"), None);
    }

    #[test]
    fn json_containment_is_that_of_postgres() {
        for (whole, part, expected) in [
            (r#"["a","b"]"#, r#"["b"]"#, true),
            (r#"["a","b"]"#, r#""b""#, true),
            (r#"["a"]"#, r#"["a","a"]"#, true),
            (r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"c":2}}"#, true),
            (r#"{"a":[1,2]}"#, r#"{"a":1}"#, false),
            (r#"{"a":1}"#, r#"{"a":2}"#, false),
            (r#"[{"a":1}]"#, r#"{"a":1}"#, false),
            ("1", "1", true),
        ] {
            let found = ask(&format!("jsonb_contains('{whole}', '{part}')")).unwrap();
            assert_eq!(found == "1", expected, "{whole} @> {part}");
        }
        assert_eq!(ask("jsonb_contains(NULL, '1')"), None);
        assert_eq!(
            ask(r#"jsonb_equals('{"a":1,"b":2}', '{"b":2,"a":1}')"#).unwrap(),
            "1"
        );
        assert_eq!(
            ask(r#"jsonb_has_keys_any('["x","y"]', '["z","y"]')"#).unwrap(),
            "1"
        );
        assert_eq!(ask(r#"jsonb_has_keys_all('{"x":1}', '["x","y"]')"#).unwrap(), "0");
    }
}
