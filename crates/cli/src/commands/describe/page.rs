//! The pieces a description is put together from: heading, facts, sections.

use serde_json::Value;

use crate::lookup::text;
use crate::show::ink::{Ink, harmless};
use crate::show::say;
use crate::show::table::Table;

/// How many task runs a description shows.
pub const SHOWN: usize = 40;

pub fn heading(noun: &str, name: &str) {
    say(Ink::of_stdout().bold(&format!("{noun} {}", harmless(name, false))));
}

pub fn fact(name: &str, value: &str) {
    say(format!("{name:<12}{}", harmless(value, false)));
}

pub fn description(row: &Value) {
    if let Some(words) = text(row, &["description"]).filter(|words| !words.trim().is_empty()) {
        say(format!("\n{}", harmless(words.trim(), true)));
    }
}

/// A table under its name. `count` is how many rows there are, which may be more than the table shows.
pub fn section(name: &str, count: usize, table: &Table) {
    let shown = table.len();
    let more = if count > shown {
        format!(", the first {shown} of {count}")
    } else {
        String::new()
    };
    if shown > 0 {
        say(format!(
            "\n{}{more}\n{}",
            Ink::of_stdout().bold(name),
            table.render(Ink::of_stdout()).trim_end()
        ));
    }
}

pub fn one_line(row: &Value, key: &str) -> String {
    harmless(text(row, &[key]).unwrap_or_default(), false)
}

pub fn list<'a>(row: &'a Value, key: &str) -> &'a [Value] {
    row[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

pub fn joined(labels: &Value) -> String {
    let labels: Vec<&str> = labels
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if labels.is_empty() {
        "none".to_owned()
    } else {
        labels.join(", ")
    }
}
