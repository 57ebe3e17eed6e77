//! Writing logs (contract 3.6).

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use serde::Deserialize;
use serde_json::Value as Json;

use super::scalars::{self, Moment};
use super::success;
use crate::context::Context;
use crate::error::Error;
use crate::store::log;

#[derive(Deserialize)]
pub(super) struct WriteRunLogs {
    logs: Vec<WriteRunLog>,
}

#[derive(Deserialize)]
struct WriteRunLog {
    flow_run_id: FlowRunId,
    task_run_id: Option<TaskRunId>,
    timestamp: Option<Moment>,
    message: Option<String>,
    name: Option<String>,
    level: Option<String>,
    #[serde(default, deserialize_with = "scalars::optional_json")]
    info: Option<Json>,
}

pub(super) async fn write(ctx: &Context, input: WriteRunLogs) -> Result<Json, Error> {
    let logs = input.logs.into_iter().map(|line| log::NewLog {
        flow_run_id: line.flow_run_id,
        task_run_id: line.task_run_id,
        timestamp: line.timestamp.map(|moment| moment.0),
        name: line.name,
        level: line.level.unwrap_or_else(|| "INFO".to_owned()),
        message: line.message,
        info: line.info,
    });
    let logs: Vec<_> = logs.collect();
    ctx.write(move |db, now| log::write(db, now, &logs)).await?;
    Ok(success(true))
}
