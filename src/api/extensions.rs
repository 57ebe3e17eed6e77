//! What the server can do beyond the API of Prefect 1; controls for what it cannot are not shown.

use std::cell::Cell;

use serde_json::{Value, json};

use super::row::Row;
use super::{ApiError, ask};

/// What the server can do beyond the API of Prefect 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extensions {
    /// Counts of flow runs by state and over time: `flow_run_count`.
    pub run_counts: bool,
    /// How long a flow run took, to filter and sort by: `flow_run.duration_seconds`.
    pub run_durations: bool,
}

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
    let has = |row: Row<'_>, field: &str| {
        let mut fields = row.rows("fields");
        fields.any(|row| row.0.get("name").and_then(Value::as_str) == Some(field))
    };
    let known = Extensions {
        run_counts: has(data.row("__schema")?.row("queryType")?, "flow_run_count"),
        run_durations: has(data.row("__type")?, "duration_seconds"),
    };
    KNOWN.set(Some(known));
    Ok(known)
}
