//! Logs: what the dashboard asks the server about them.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use graphql_client::GraphQLQuery;

use super::scalars::{Timestamptz, Uuid, id, time};
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

macro_rules! log_row {
    ($($module:ident),*) => {$(
        impl TryFrom<$module::LogRow> for LogLine {
            type Error = ApiError;

            fn try_from(row: $module::LogRow) -> Result<Self, ApiError> {
                Ok(Self {
                    at: time(&row.timestamp)?,
                    arrived_at: time(&row.created)?,
                    level: LogLevel::named(row.level.as_deref()),
                    logger: row.name.unwrap_or_default(),
                    message: row.message.unwrap_or_default(),
                    task_run_id: row.task_run_id.as_deref().map(id).transpose()?,
                    id: row.id,
                })
            }
        }
    )*};
}

log_row!(get_latest_logs, get_arrived_logs);

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
    data.log.into_iter().rev().map(LogLine::try_from).collect()
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
    data.log.into_iter().map(LogLine::try_from).collect()
}
