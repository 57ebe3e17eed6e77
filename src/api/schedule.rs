//! Schedules: what the dashboard asks the server about them, and what it changes.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use graphql_client::GraphQLQuery;
use serde_json::{Value, json};

use super::row::Row;
use super::scalars::Uuid;
use super::{ApiError, ask, done, post};
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
    // On needs a schedule that is there still, off no more than the flow.
    let missing = format!(
        "{} with the id {flow_id}",
        if active { "schedule of the flow" } else { "flow" }
    );
    let data = if active {
        post::<SetScheduleActive>(set_schedule_active::Variables { flow_id })
    } else {
        post::<SetScheduleInactive>(set_schedule_inactive::Variables { flow_id })
    };
    done(&data.await?, ApiError::Missing(missing))
}

/// Gives all versions of a flow this schedule, `set_flow_group_schedule_input` of the API.
pub async fn save(input: Value) -> Result<(), ApiError> {
    let flow_group_id = Row(&input).text_or_empty("flow_group_id");
    let variables = json!({ "input": input });
    let data = ask(include_str!("set_schedule.graphql"), &variables).await?;
    done(&data, missing(&flow_group_id))
}

/// Gives each version of a flow the schedule it was registered with.
pub async fn reset(flow_group_id: FlowGroupId) -> Result<(), ApiError> {
    let flow_group_id = flow_group_id.to_string();
    let missing = missing(&flow_group_id);
    let variables = delete_flow_group_schedule::Variables { flow_group_id };
    done(&post::<DeleteFlowGroupSchedule>(variables).await?, missing)
}

fn missing(flow_group_id: &str) -> ApiError {
    ApiError::Missing(format!("flow group with the id {flow_group_id}"))
}

/// The next ten times of a schedule. Asks only servers that can tell.
pub async fn preview(schedule: Value) -> Result<Vec<NextTime>, ApiError> {
    let variables = json!({ "schedule": schedule });
    let data = ask(include_str!("schedule_preview.graphql"), &variables).await?;
    Row(&data).list("schedule_preview", |row| {
        Ok(NextTime::new(row.time("start_time")?, row.time("local_time")?))
    })
}
