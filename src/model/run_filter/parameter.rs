//! The value of a parameter in a filter: a number, true, false, null, a list or an object as JSON has them, or a text.

use serde_json::Value;

use super::quote::{quoted, quoted_value, unquoted};
use crate::json;

/// The value that is written like this behind `key`. Without quotes `5` is the number alone: to ask for the text as well
/// would take a server with many runs twice as long.
pub(super) fn read(key: &str, written: &str) -> Result<Value, String> {
    let as_json = serde_json::from_str(written).ok();
    if written.starts_with(['[', '{']) {
        let (noun, example) = if written.starts_with('[') {
            ("list", "[1,\"two words\"]")
        } else {
            ("object", "{\"a\":1}")
        };
        return match as_json {
            Some(value) => Ok(value),
            None => Err(format!(
                "{written} is no whole {noun}; write it as JSON without spaces, such as {key}:{example}, or put it in \
                 quotes if it is a text: {key}:{}.",
                quoted(&unquoted(written))
            )),
        };
    }
    Ok(match as_json {
        Some(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
        _ => Value::String(unquoted(written)),
    })
}

/// How a value that a person writes into a field of its own stands in a word. What is a list, an object or in quotes
/// already stays so; anything else that would be read otherwise gets quotes.
#[must_use]
pub fn parameter_value(typed: &str) -> String {
    match serde_json::from_str(typed) {
        Ok(value @ (Value::Array(_) | Value::Object(_))) => json::compact(&value),
        Ok(Value::String(text)) => quoted(&text),
        Ok(_) => typed.to_owned(),
        Err(_) if typed.starts_with(['[', '{']) => quoted(typed),
        Err(_) => quoted_value(typed),
    }
}

/// The same back: as short as it can be written into that field.
#[must_use]
pub fn parameter_words(written: &str) -> String {
    let plain = unquoted(written);
    if parameter_value(&plain) == written {
        plain
    } else {
        written.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_the_field_is_shown_in_it_again() {
        for (typed, written) in [
            ("5", "5"),
            ("-5", "-5"),
            ("\"5\"", "\"5\""),
            ("true", "true"),
            ("\"true\"", "\"true\""),
            ("monday", "monday"),
            ("brave lynx", "\"brave lynx\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""),
            ("C:\\new folder", "\"C:\\\\new folder\""),
            ("[1,\"a b\"]", "[1,\"a b\"]"),
            ("{", "\"{\""),
            ("\"\"", "\"\""),
            ("a,b", "\"a,b\""),
        ] {
            assert_eq!(parameter_value(typed), written, "{typed}");
            assert_eq!(parameter_words(written), typed);
            assert!(read("parameter.x", written).is_ok());
        }
        assert_eq!(parameter_value("[1, 2]"), "[1,2]");
    }
}
