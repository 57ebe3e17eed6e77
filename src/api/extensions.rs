//! Asks what the server can do beyond the API of Prefect 1.

use std::cell::Cell;

use serde_json::{Value, json};

use super::row::Row;
use super::{ApiError, ask};
use crate::model::Extensions;

thread_local! {
    static KNOWN: Cell<Option<Extensions>> = const { Cell::new(None) };
}

/// Asked for once in a page's life.
pub async fn extensions() -> Result<Extensions, ApiError> {
    if let Some(known) = KNOWN.get() {
        return Ok(known);
    }
    let data = ask(include_str!("extensions.graphql"), &json!({})).await?;
    let data = Row(&data);
    let schema = data.row("__schema")?;
    let (queries, mutations) = (schema.row("queryType")?, schema.row("mutationType")?);
    let flow_run = data.row("flow_run")?;
    let interval_clock = data.some_row("interval_clock_input");
    let known = Extensions::found(|on, field| {
        let mut fields = match on {
            "Query" => queries.rows("fields"),
            "Mutation" => mutations.rows("fields"),
            "flow_run" => flow_run.rows("fields"),
            _ => match interval_clock {
                Some(row) => row.rows("inputFields"),
                None => return false,
            },
        };
        fields.any(|row| row.0.get("name").and_then(Value::as_str) == Some(field))
    });
    KNOWN.set(Some(known));
    Ok(known)
}
