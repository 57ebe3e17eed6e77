//! Schedules: what the dashboard asks the server about them, and what it changes.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use graphql_client::GraphQLQuery;
use serde_json::{Value, json};

use super::row::Row;
use super::scalars::Uuid;
use super::{ApiError, ask, post};
use crate::model::NextTime;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/schedule.graphql",
    normalization = "rust"
)]
struct SetScheduleActive;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/schedule.graphql",
    normalization = "rust"
)]
struct SetScheduleInactive;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/schedule.graphql",
    normalization = "rust"
)]
struct DeleteFlowGroupSchedule;

/// Turns the schedule of a flow on or off; off deletes the runs it has made that have not started.
pub async fn set_active(flow_id: FlowId, active: bool) -> Result<(), ApiError> {
    let flow_id = flow_id.to_string();
    let done = if active {
        post::<SetScheduleActive>(set_schedule_active::Variables { flow_id })
    } else {
        post::<SetScheduleInactive>(set_schedule_inactive::Variables { flow_id })
    };
    done.await.map(|_| ())
}

/// Gives all versions of a flow this schedule, `set_flow_group_schedule_input` of the API.
pub async fn save(input: Value) -> Result<(), ApiError> {
    let variables = json!({ "input": input });
    ask(include_str!("set_schedule.graphql"), &variables)
        .await
        .map(|_| ())
}

/// Gives each version of a flow the schedule it was registered with.
pub async fn reset(flow_group_id: FlowGroupId) -> Result<(), ApiError> {
    let variables = delete_flow_group_schedule::Variables {
        flow_group_id: flow_group_id.to_string(),
    };
    post::<DeleteFlowGroupSchedule>(variables).await.map(|_| ())
}

/// The next ten times of a schedule. Asks only servers that can tell.
pub async fn preview(schedule: Value) -> Result<Vec<NextTime>, ApiError> {
    let variables = json!({ "schedule": schedule });
    let data = ask(include_str!("schedule_preview.graphql"), &variables).await?;
    Row(&data).list("schedule_preview", |row| {
        Ok(NextTime::new(row.time("start_time")?, row.time("local_time")?))
    })
}
