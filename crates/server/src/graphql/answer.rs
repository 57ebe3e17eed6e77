//! Puts the answers of the root fields together. Each was printed with what stands before it, so that the first text,
//! which may be megabytes long, becomes the answer without being copied.

use super::errors::{BAD_USER_INPUT, GraphqlError};
use super::project::{push_json, push_key};
use super::selection::Selected;

/// The answer of a root field: JSON text that begins with its [`opening`], or what went wrong.
pub type FieldResult = Result<String, GraphqlError>;

/// What stands before the value of the root field `index`.
pub fn opening(index: usize, key: &str) -> String {
    let mut text = String::from(if index == 0 { "{\"data\":{" } else { "," });
    push_key(&mut text, key);
    text
}

/// `{"data": …, "errors": …}`. If nothing but bad input came of it, the request itself was at fault.
pub fn print(roots: &[Selected<'_>], results: Vec<FieldResult>) -> Result<String, Vec<GraphqlError>> {
    let is_bad_input =
        |result: &FieldResult| matches!(result, Err(error) if error.extensions.code == BAD_USER_INPUT);
    if !results.is_empty() && results.iter().all(is_bad_input) {
        return Err(results.into_iter().filter_map(Result::err).collect());
    }
    let mut answer = String::new();
    let mut errors = Vec::new();
    let mut is_null = false;
    for ((index, root), result) in roots.iter().enumerate().zip(results) {
        let text = result.unwrap_or_else(|error| {
            errors.push(error);
            // A field that cannot be null takes its parent with it: here, all of `data`.
            is_null |= root.field.definition.ty.is_non_null();
            opening(index, root.key) + "null"
        });
        if index == 0 {
            answer = text;
        } else {
            answer.push_str(&text);
        }
    }
    if is_null {
        answer = String::from("{\"data\":null");
    } else if answer.is_empty() {
        answer = String::from("{\"data\":{}");
    } else {
        answer.push('}');
    }
    if !errors.is_empty() {
        answer.push_str(",\"errors\":");
        push_json(&mut answer, &serde_json::to_value(&errors).unwrap_or_default());
    }
    answer.push('}');
    Ok(answer)
}
