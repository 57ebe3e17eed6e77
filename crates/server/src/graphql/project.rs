//! A whole payload → what was selected of it, under the keys it was asked for.

use serde_json::Value as Json;

use super::errors::GraphqlError;
use super::selection::{Collector, Selected};

/// Appends the answer of `selected`, whose whole value is `value`.
pub fn project<'a>(
    out: &mut String,
    collector: &mut Collector<'a>,
    selected: &Selected<'a>,
    value: &Json,
) -> Result<(), GraphqlError> {
    match value {
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                project(out, collector, selected, item)?;
            }
            out.push(']');
        }
        Json::Object(object) if selected.sets.iter().any(|set| !set.is_empty()) => {
            out.push('{');
            for (index, field) in collector.collect(&selected.sets)?.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_key(out, field.key);
                match field.field.name.as_str() {
                    "__typename" => push_json(
                        out,
                        &Json::from(selected.field.definition.ty.inner_named_type().as_str()),
                    ),
                    name => project(out, collector, field, object.get(name).unwrap_or(&Json::Null))?,
                }
            }
            out.push('}');
        }
        other => push_json(out, other),
    }
    Ok(())
}

/// Appends a key of an object. Keys are GraphQL names, with nothing to escape.
pub fn push_key(out: &mut String, key: &str) {
    out.push('"');
    out.push_str(key);
    out.push_str("\":");
}

/// Appends a JSON value.
pub fn push_json(out: &mut String, value: &Json) {
    use std::fmt::Write as _;
    let _ = write!(out, "{value}");
}
