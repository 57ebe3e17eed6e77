//! Logs: what the dashboard asks the server about them.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Timestamptz, Uuid};
use super::{ApiError, post};
use crate::model::{LogLevel, LogLine, Timestamp, wire_text};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/log.graphql",
    normalization = "rust"
)]
struct GetLatestLogs;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/log.graphql",
    normalization = "rust"
)]
struct GetArrivedLogs;

/// `fragment LogRow` → [`LogLine`].
fn line(row: Row<'_>) -> Result<LogLine, ApiError> {
    Ok(LogLine {
        id: row.text("id")?,
        at: row.time("timestamp")?,
        arrived_at: row.time("created")?,
        level: LogLevel::named(row.some_text("level").as_deref()),
        logger: row.text_or_empty("name"),
        message: row.text_or_empty("message"),
        task_run_id: row.some_id("task_run_id")?,
    })
}

/// The newest 1,000 lines of a flow run, or of one of its task runs, oldest first.
pub async fn latest(
    flow_run_id: FlowRunId,
    task_run_id: Option<TaskRunId>,
) -> Result<Vec<LogLine>, ApiError> {
    let variables = get_latest_logs::Variables {
        flow_run_id: flow_run_id.to_string(),
        task_run_id: task_run_id.map(|id| id.to_string()),
    };
    let data = post::<GetLatestLogs>(variables).await?;
    Row(&data).rows("log").rev().map(line).collect()
}

/// The lines that arrived at or after `since`, in the order of their arrival. At most 5,000.
pub async fn arrived_since(
    flow_run_id: FlowRunId,
    task_run_id: Option<TaskRunId>,
    since: Timestamp,
) -> Result<Vec<LogLine>, ApiError> {
    let variables = get_arrived_logs::Variables {
        flow_run_id: flow_run_id.to_string(),
        task_run_id: task_run_id.map(|id| id.to_string()),
        since: wire_text(since),
    };
    let data = post::<GetArrivedLogs>(variables).await?;
    Row(&data).list("log", line)
}
