//! Flow runs: what the dashboard asks the server about them, and what it asks it to do.

use flowdeck_vocabulary::{FlowGroupId, FlowId, FlowRunId, StateType};
use graphql_client::GraphQLQuery;
use serde_json::Value;

use super::scalars::{Json, Jsonb, Timestamptz, Uuid, id, some_time, state, time};
use super::{ApiError, fragments, post};
use crate::model::{
    FlowRun, FlowRunDetails, FlowRunPicture, StateEntry, Timestamp, usual_duration, wire_text,
};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct GetFlowRun;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct GetFlowRunDetails;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct GetFlowRunInputs;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct GetFlowRuns;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct GetSuccessfulRuns;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct CreateFlowRun;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct CancelFlowRun;

fragments::flow_run_row!(get_flow_runs);

fn missing(flow_run_id: FlowRunId) -> ApiError {
    ApiError::Missing(format!("flow run with the id {flow_run_id}"))
}

/// One flow run with what its page's head shows.
pub async fn by_id(flow_run_id: FlowRunId) -> Result<FlowRunPicture, ApiError> {
    let data = post::<GetFlowRun>(get_flow_run::Variables {
        id: flow_run_id.to_string(),
    })
    .await?;
    let row = data.flow_run_by_pk.ok_or_else(|| missing(flow_run_id))?;
    Ok(FlowRunPicture {
        flow_group_id: id(&row.flow.flow_group_id)?,
        agent_name: row.agent.map(|agent| agent.name.unwrap_or_default()),
        changed_at: some_time(row.state_timestamp.as_ref())?,
        starts_at: some_time(row.state_start_time.as_ref())?,
        run: fragments::flow_run!(row),
    })
}

/// What stays the same of a flow run, and the history of its states, newest first. At most 200 states.
pub async fn details(flow_run_id: FlowRunId) -> Result<FlowRunDetails, ApiError> {
    let variables = get_flow_run_details::Variables {
        id: flow_run_id.to_string(),
    };
    let data = post::<GetFlowRunDetails>(variables).await?;
    let row = data.flow_run_by_pk.ok_or_else(|| missing(flow_run_id))?;
    Ok(FlowRunDetails {
        parameters: row.parameters.unwrap_or_default(),
        context: row.context.unwrap_or_default(),
        run_config: row.run_config.unwrap_or_default(),
        raw_state: row.serialized_state.unwrap_or_default(),
        states: row
            .states
            .into_iter()
            .map(|entry| {
                Ok(StateEntry {
                    id: entry.id,
                    state: state(Some(&entry.state)),
                    message: entry.message,
                    at: time(&entry.timestamp)?,
                })
            })
            .collect::<Result<_, ApiError>>()?,
    })
}

/// The latest flow runs, newest first: in these states (`None` is all), of this flow group (`None` is all),
/// scheduled for no later than `before` (`None` is any time). At most 100.
pub async fn list(
    states: Option<Vec<StateType>>,
    flow_group_id: Option<FlowGroupId>,
    before: Option<Timestamp>,
) -> Result<Vec<FlowRun>, ApiError> {
    let variables = get_flow_runs::Variables {
        states: states.map(|states| states.into_iter().map(|state| state.name().to_owned()).collect()),
        flow_group_id: flow_group_id.map(|id| id.to_string()),
        before: before.map(wire_text),
    };
    let data = post::<GetFlowRuns>(variables).await?;
    data.flow_run.into_iter().map(FlowRun::try_from).collect()
}

/// How long a run of this flow usually takes, by its last 20 successful ones; `None` when there are too few.
pub async fn usual(flow_group_id: FlowGroupId) -> Result<Option<std::time::Duration>, ApiError> {
    let variables = get_successful_runs::Variables {
        flow_group_id: flow_group_id.to_string(),
    };
    let data = post::<GetSuccessfulRuns>(variables).await?;
    let mut durations = Vec::new();
    for run in data.flow_run {
        if let (Some(start), Some(end)) = (
            some_time(run.start_time.as_ref())?,
            some_time(run.end_time.as_ref())?,
        ) {
            durations.push(end.since(start));
        }
    }
    Ok(usual_duration(durations))
}

/// Starts a run of this flow now. Without `parameters` the flow's own defaults hold.
pub async fn create(flow_id: FlowId, parameters: Option<Value>) -> Result<FlowRunId, ApiError> {
    let variables = create_flow_run::Variables {
        flow_id: flow_id.to_string(),
        parameters,
    };
    let data = post::<CreateFlowRun>(variables).await?;
    let created = data.create_flow_run.and_then(|payload| payload.id);
    id(&created.ok_or_else(|| ApiError::Malformed("there is no id of the new flow run in it".to_owned()))?)
}

/// Starts a run with the same flow version and parameters as this one.
pub async fn run_again(flow_run_id: FlowRunId) -> Result<FlowRunId, ApiError> {
    let variables = get_flow_run_inputs::Variables {
        id: flow_run_id.to_string(),
    };
    let data = post::<GetFlowRunInputs>(variables).await?;
    let inputs = data.flow_run_by_pk.ok_or_else(|| missing(flow_run_id))?;
    create(id(&inputs.flow_id)?, inputs.parameters).await
}

/// Asks for a flow run to be cancelled; answers the state it is in then.
pub async fn cancel(flow_run_id: FlowRunId) -> Result<StateType, ApiError> {
    let variables = cancel_flow_run::Variables {
        flow_run_id: flow_run_id.to_string(),
    };
    let data = post::<CancelFlowRun>(variables).await?;
    Ok(state(
        data.cancel_flow_run.and_then(|payload| payload.state).as_ref(),
    ))
}
