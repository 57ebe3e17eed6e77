//! JSON as text. The browser's module has no other writer of it: serde_json's brings a table of 10 kB for numbers with
//! a fraction, and is compiled anew for each type that is written.

use std::fmt::Write as _;

use serde_json::Value;

/// In one line, without spaces.
#[must_use]
pub fn compact(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, None);
    text
}

/// Indented by two spaces, an entry in a line.
#[must_use]
pub fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, Some(0));
    text
}

/// `depth`: how deep the value lies in others; `None` for one line.
fn write(text: &mut String, value: &Value, depth: Option<usize>) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(yes) => text.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => write_number(text, number),
        Value::String(words) => write_string(text, words),
        Value::Array(list) if list.is_empty() => text.push_str("[]"),
        Value::Object(map) if map.is_empty() => text.push_str("{}"),
        Value::Array(list) => {
            text.push('[');
            for (index, value) in list.iter().enumerate() {
                begin_entry(text, index, depth);
                write(text, value, depth.map(|depth| depth + 1));
            }
            begin_line(text, depth);
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                begin_entry(text, index, depth);
                write_string(text, key);
                text.push_str(if depth.is_some() { ": " } else { ":" });
                write(text, value, depth.map(|depth| depth + 1));
            }
            begin_line(text, depth);
            text.push('}');
        }
    }
}

fn begin_entry(text: &mut String, index: usize, depth: Option<usize>) {
    if index > 0 {
        text.push(',');
    }
    begin_line(text, depth.map(|depth| depth + 1));
}

fn begin_line(text: &mut String, depth: Option<usize>) {
    if let Some(depth) = depth {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    }
}

fn write_number(text: &mut String, number: &serde_json::Number) {
    // Writing into a `String` never fails.
    let _ = if let Some(number) = number.as_i64() {
        write!(text, "{number}")
    } else if let Some(number) = number.as_u64() {
        write!(text, "{number}")
    } else {
        // `Debug` writes 1.0 and 1e300, which is JSON and stays a fraction; `Display` would write 1.
        write!(text, "{:?}", number.as_f64().unwrap_or_default())
    };
}

fn write_string(text: &mut String, words: &str) {
    text.push('"');
    for letter in words.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\0'..='\u{1f}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn it_writes_what_serde_json_writes() {
        let all_letters: String = (0..=0x2100).filter_map(char::from_u32).collect();
        for value in [
            json!(null),
            json!([true, false, 0, -1, i64::MIN, u64::MAX]),
            json!([0.0, -0.0, 1.0, 0.1, -2.5e-9, 123_456_789.125]),
            json!({ "empty": {}, "none": [], "a \"b\"": { "c": [1, [2, { "d": "\u{1f600}" }]] } }),
            json!(all_letters),
        ] {
            let compact = super::compact(&value);
            assert_eq!(compact, value.to_string());
            assert_eq!(
                super::pretty(&value),
                serde_json::to_string_pretty(&value).unwrap()
            );
            assert_eq!(serde_json::from_str::<Value>(&compact).unwrap(), value);
        }
        // Where serde_json writes 1.5e+300: the same number.
        assert_eq!(super::compact(&json!(1.5e300)), "1.5e300");
    }
}
