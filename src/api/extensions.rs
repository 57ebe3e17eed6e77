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
    let has = |row: Row<'_>, field: &str| {
        let mut fields = row.rows("fields");
        fields.any(|row| row.0.get("name").and_then(Value::as_str) == Some(field))
    };
    let queries = data.row("__schema")?.row("queryType")?;
    let known = Extensions {
        run_counts: has(queries, "flow_run_count"),
        schedule_preview: has(queries, "schedule_preview"),
        restart: has(data.row("__schema")?.row("mutationType")?, "restart_flow_run"),
        saved_views: has(queries, "saved_view"),
        run_durations: has(data.row("__type")?, "duration_seconds"),
    };
    KNOWN.set(Some(known));
    Ok(known)
}
