//! Flow runs: what the dashboard asks the server about them, and what it asks it to do.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use flowdeck_vocabulary::{
    FlowGroupId, FlowId, FlowRunId, Labels, RestartEdge, RestartTaskRun, StateType, TaskRunId,
    task_runs_to_reset,
};
use graphql_client::GraphQLQuery;
use serde_json::{Value, json};

use super::row::Row;
use super::scalars::{Jsonb, Timestamptz, Uuid};
use super::{ApiError, ask, ask_for, done, extensions, fragments, mutate, post};
use crate::format::state_word;
use crate::model::{
    FlowRun, FlowRunPicture, FlowRunStates, ParentTaskRun, RunInputs, StartedQuestion, StartedRuns,
    StateChange, Timestamp, idempotency_keys, starting_task_run, usual_duration, wire_text,
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
struct GetFlowRunStates;

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
struct GetParentTaskRun;

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
struct CancelFlowRun;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow_run.graphql",
    normalization = "rust"
)]
struct DeleteFlowRun;

fn missing(flow_run_id: FlowRunId) -> ApiError {
    ApiError::Missing(format!("flow run with the id {flow_run_id}"))
}

/// One flow run with what its page's head shows.
pub async fn by_id(flow_run_id: FlowRunId) -> Result<FlowRunPicture, ApiError> {
    let data = post::<GetFlowRun>(get_flow_run::Variables {
        id: flow_run_id.to_string(),
    })
    .await?;
    let row = flow_run_of(&data, flow_run_id)?;
    Ok(FlowRunPicture {
        flow_group_id: row.row("flow")?.id("flow_group_id")?,
        agent_name: row.some_row("agent").map(|agent| agent.text_or_empty("name")),
        version: row.whole("version").unwrap_or(0),
        artifacts: Row(&data).aggregate_count("task_run_artifact_aggregate"),
        started_by: row
            .some_text("idempotency_key")
            .and_then(|key| starting_task_run(&key)),
        run: fragments::flow_run(row)?,
    })
}

/// The task run with this id, as the one that started a flow run; `None` when there is none.
pub async fn parent(task_run_id: TaskRunId) -> Result<Option<ParentTaskRun>, ApiError> {
    let data = post::<GetParentTaskRun>(get_parent_task_run::Variables {
        id: task_run_id.to_string(),
    })
    .await?;
    let Some(row) = Row(&data).some_row("task_run_by_pk") else {
        return Ok(None);
    };
    let flow_run = row.row("flow_run")?;
    Ok(Some(ParentTaskRun {
        id: row.id("id")?,
        title: fragments::task_run_title(row)?,
        flow_run_id: flow_run.id("id")?,
        flow_run_name: flow_run.text("name")?,
    }))
}

/// The states a flow run has been in, newest first. At most 200.
pub async fn states(flow_run_id: FlowRunId) -> Result<FlowRunStates, ApiError> {
    let variables = get_flow_run_states::Variables {
        id: flow_run_id.to_string(),
    };
    let data = post::<GetFlowRunStates>(variables).await?;
    let row = flow_run_of(&data, flow_run_id)?;
    Ok(FlowRunStates {
        version: row.whole("version").unwrap_or(0),
        raw_state: row.json("serialized_state"),
        states: row.list("states", fragments::state_entry)?,
    })
}

/// The latest flow runs, newest first: in these states (`None` is all), of this flow group (`None` is all),
/// scheduled for no later than `before` (`None` is any time), started by this task run (`None` is by anybody). At most
/// 100.
pub async fn list(
    states: Option<Vec<StateType>>,
    flow_group_id: Option<FlowGroupId>,
    before: Option<Timestamp>,
    started_by: Option<TaskRunId>,
) -> Result<Vec<FlowRun>, ApiError> {
    let keys = started_by.map(idempotency_keys);
    let (key_from, key_below) = keys.unzip();
    let variables = get_flow_runs::Variables {
        states: states.map(|states| states.into_iter().map(|state| state.name().to_owned()).collect()),
        flow_group_id: flow_group_id.map(|id| id.to_string()),
        before: before.map(wire_text),
        key_from,
        key_below,
    };
    let data = post::<GetFlowRuns>(variables).await?;
    Row(&data).list("flow_run", fragments::flow_run)
}

/// The flow runs that the task runs of a flow run have started, with the answer to this question.
pub async fn started(before: StartedRuns, asked: StartedQuestion) -> Result<StartedRuns, ApiError> {
    let known: Vec<String> = asked.known.iter().map(ToString::to_string).collect();
    let variables = json!({ "keys": asked.keys, "known": known });
    let data = ask_for(include_str!("flow_run.graphql"), "GetStartedRuns", &variables).await?;
    let runs = |name| Row(&data).list(name, fragments::flow_run);
    Ok(before.with(asked, runs("started")?, runs("known")?))
}

/// How long runs of these flows usually take, by the last 20 successful ones of each version; a flow with too few is
/// left out.
pub async fn usual_durations(
    flow_group_ids: Vec<FlowGroupId>,
) -> Result<HashMap<FlowGroupId, Duration>, ApiError> {
    let variables = get_successful_runs::Variables {
        flow_group_ids: flow_group_ids.iter().map(ToString::to_string).collect(),
    };
    let data = post::<GetSuccessfulRuns>(variables).await?;
    let mut usual = HashMap::new();
    for group in Row(&data).rows("flow_group") {
        let mut durations = Vec::new();
        for run in group.rows("flows").flat_map(|flow| flow.rows("flow_runs")) {
            if let (Some(start), Some(end)) = (run.some_time("start_time")?, run.some_time("end_time")?) {
                durations.push(end.since(start));
            }
        }
        if let Some(duration) = usual_duration(durations) {
            usual.insert(group.id("id")?, duration);
        }
    }
    Ok(usual)
}

/// Creates a flow run from `create_flow_run_input` of the API. What is left out of it is as the flow has it.
pub async fn create(input: Value) -> Result<FlowRunId, ApiError> {
    let data = mutate("create_flow_run", "id", input).await?;
    Row(&data).row("create_flow_run")?.id("id")
}

/// Starts a run of the same flow version with the same inputs as this one.
pub async fn run_again(flow_run_id: FlowRunId) -> Result<FlowRunId, ApiError> {
    let data = inputs_row(flow_run_id).await?;
    let row = Row(&data);
    let flow_id: FlowId = row.id("flow_id")?;
    let mut input = json!({ "flow_id": flow_id });
    for name in ["parameters", "context", "labels", "run_config"] {
        let value = row.json(name);
        if !value.is_null() {
            input[name] = value.clone();
        }
    }
    create(input).await
}

/// What a run was given.
pub async fn inputs(flow_run_id: FlowRunId) -> Result<RunInputs, ApiError> {
    let data = inputs_row(flow_run_id).await?;
    let row = Row(&data);
    Ok(RunInputs {
        name: row.text_or_empty("name"),
        parameters: row.json("parameters").as_object().cloned().unwrap_or_default(),
        context: row.json("context"),
        labels: row.labels("labels"),
        run_config: row.json("run_config"),
    })
}

async fn inputs_row(flow_run_id: FlowRunId) -> Result<Value, ApiError> {
    let variables = get_flow_run_inputs::Variables {
        id: flow_run_id.to_string(),
    };
    let mut data = post::<GetFlowRunInputs>(variables).await?;
    let row = data.get_mut("flow_run_by_pk").map(Value::take);
    row.filter(Value::is_object).ok_or_else(|| missing(flow_run_id))
}

/// Asks for a flow run to be cancelled; answers the state it is in then.
pub async fn cancel(flow_run_id: FlowRunId) -> Result<StateType, ApiError> {
    let variables = cancel_flow_run::Variables {
        flow_run_id: flow_run_id.to_string(),
    };
    let data = post::<CancelFlowRun>(variables).await?;
    Ok(Row(&data).row("cancel_flow_run")?.state("state"))
}

/// Deletes a flow run with its task runs, states and logs; one that is gone already is as good as deleted.
pub async fn delete(flow_run_id: FlowRunId) -> Result<(), ApiError> {
    let variables = delete_flow_run::Variables {
        flow_run_id: flow_run_id.to_string(),
    };
    post::<DeleteFlowRun>(variables).await.map(|_| ())
}

/// Puts a flow run into a state, given as its JSON, if `seen_version` is still its version.
pub async fn set_state(flow_run_id: FlowRunId, state: Value, seen_version: i64) -> Result<(), ApiError> {
    let data = with_version(flow_run_id, false).await?;
    let run = flow_run_of(&data, flow_run_id)?;
    refuse_if_moved_on(run, Some(seen_version))?;
    let state = json!({ "flow_run_id": flow_run_id, "version": seen_version, "state": state });
    set_states(Vec::new(), state).await
}

/// Where a flow run stands, and if that is wanted its task runs that have not finished: there may be thousands.
async fn with_version(flow_run_id: FlowRunId, with_task_runs: bool) -> Result<Value, ApiError> {
    let left_out = |state: &StateType| !with_task_runs || state.is_finished();
    let left_out = StateType::ALL.into_iter().filter(left_out);
    let variables = json!({
        "id": flow_run_id,
        "left_out": left_out.map(StateType::name).collect::<Vec<_>>(),
    });
    ask(include_str!("flow_run_version.graphql"), &variables).await
}

fn flow_run_of(data: &Value, id: FlowRunId) -> Result<Row<'_>, ApiError> {
    Row(data).some_row("flow_run_by_pk").ok_or_else(|| missing(id))
}

/// Puts a flow run into a state by hand, and if that is wanted its unfinished task runs, too; answers how many task
/// runs that were. Nothing is set when the run has moved on since the person looked, or when it is in that state already.
pub async fn change_state(flow_run_id: FlowRunId, change: &StateChange) -> Result<usize, ApiError> {
    let data = with_version(flow_run_id, change.with_task_runs).await?;
    let run = flow_run_of(&data, flow_run_id)?;
    refuse_if_moved_on(run, change.seen_version)?;
    let now = run.state("state");
    if now == change.state {
        return Ok(0);
    }
    if let Some(why) = change.refusal(now) {
        return Err(ApiError::Refused(why));
    }
    let (version, state) = (run.whole("version"), change.to_json());
    let mut task_runs = Vec::new();
    for row in run.rows("task_runs") {
        let (id, at): (TaskRunId, _) = (row.id("id")?, row.whole("version"));
        task_runs
            .push(json!({ "task_run_id": id, "version": at, "flow_run_version": version, "state": state }));
    }
    let count = task_runs.len();
    set_states(
        task_runs,
        json!({ "flow_run_id": flow_run_id, "version": version, "state": state }),
    )
    .await?;
    Ok(count)
}

/// Says so when a run has been in another state since a person saw this version of it, if they saw one. A server of
/// Prefect 1 does not compare versions itself.
pub(super) fn refuse_if_moved_on(run: Row<'_>, seen_version: Option<i64>) -> Result<(), ApiError> {
    if seen_version.is_none_or(|seen| run.whole("version") == Some(seen)) {
        return Ok(());
    }
    Err(ApiError::Refused(format!(
        "It has moved on meanwhile and is {} now: look again first.",
        state_word(run.state("state"))
    )))
}

/// What a flow run is called, with its flow; `None` when it is no longer there.
pub async fn name(flow_run_id: FlowRunId) -> Result<Option<String>, ApiError> {
    let data = ask(
        include_str!("flow_run_name.graphql"),
        &json!({ "id": flow_run_id }),
    )
    .await?;
    let Some(run) = Row(&data).some_row("flow_run_by_pk") else {
        return Ok(None);
    };
    let flow = run.row("flow")?.text("name")?;
    Ok(Some(format!("{flow} / {}", run.text_or_empty("name"))))
}

/// Calls a flow run something else.
pub async fn rename(flow_run_id: FlowRunId, name: &str) -> Result<(), ApiError> {
    let input = json!({ "flow_run_id": flow_run_id, "name": name });
    let data = mutate("set_flow_run_name", "success", input).await?;
    done(&data, missing(flow_run_id))
}

/// Gives a flow run other labels.
pub async fn set_labels(flow_run_id: FlowRunId, labels: &Labels) -> Result<(), ApiError> {
    let labels: Vec<&str> = labels.iter().collect();
    let input = json!({ "flow_run_id": flow_run_id, "labels": labels });
    let data = mutate("set_flow_run_labels", "success", input).await?;
    done(&data, missing(flow_run_id))
}

/// Runs an ended flow run again where it failed, or from one of its task runs on; answers how many task runs
/// begin again.
pub async fn restart(flow_run_id: FlowRunId, from: Option<TaskRunId>) -> Result<usize, ApiError> {
    if !extensions().await?.restart {
        return restart_by_states(flow_run_id, from).await;
    }
    let input = json!({ "flow_run_id": flow_run_id, "task_run_id": from });
    let data = mutate("restart_flow_run", "task_runs", input).await?;
    Ok(Row(&data).row("restart_flow_run")?.count("task_runs"))
}

/// The same on a server that has no such mutation: task runs first, so that no agent takes the flow run before
/// they are reset.
async fn restart_by_states(flow_run_id: FlowRunId, from: Option<TaskRunId>) -> Result<usize, ApiError> {
    let variables = json!({ "id": flow_run_id });
    let data = ask(include_str!("flow_run_restart.graphql"), &variables).await?;
    let run = flow_run_of(&data, flow_run_id)?;
    let state = run.state("state");
    if !state.is_finished() {
        return Err(ApiError::Refused(format!(
            "It is {state}: cancel it, or wait for its end."
        )));
    }
    let task_runs = run.list("task_runs", |row| {
        Ok(RestartTaskRun {
            id: row.id("id")?,
            task_id: row.id("task_id")?,
            map_index: row.whole("map_index").unwrap_or(-1),
            state: row.state("state"),
        })
    })?;
    let edges = run.row("flow")?.list("edges", |row| {
        Ok(RestartEdge {
            upstream: row.id("upstream_task_id")?,
            downstream: row.id("downstream_task_id")?,
            mapped: row.flag("mapped"),
        })
    })?;
    let failed = task_runs.iter().filter(|run| from.is_none() && run.has_failed());
    let first = failed.map(|run| run.id).chain(from);
    let reset: HashSet<TaskRunId> = task_runs_to_reset(&task_runs, &edges, first)
        .into_iter()
        .collect();
    if reset.is_empty() && state.is_successful() {
        return Err(ApiError::Refused("Nothing in it failed.".to_owned()));
    }
    let pending = json!({ "type": "Pending", "message": "Reset by a restart of the flow run." });
    let flow_run_version = run.whole("version");
    let mut states = Vec::new();
    for row in run.rows("task_runs") {
        let id: TaskRunId = row.id("id")?;
        if reset.contains(&id) {
            states.push(json!({
                "task_run_id": id,
                "version": row.whole("version"),
                "flow_run_version": flow_run_version,
                "state": pending,
            }));
        }
    }
    let scheduled = json!({ "type": "Scheduled", "message": "Restarted." });
    let flow_run = json!({ "flow_run_id": flow_run_id, "version": flow_run_version, "state": scheduled });
    set_states(states, flow_run).await?;
    Ok(reset.len())
}

/// Sets the states of task runs, then that of their flow run.
async fn set_states(task_runs: Vec<Value>, flow_run: Value) -> Result<(), ApiError> {
    let variables = json!({ "task_runs": task_runs, "flow_runs": [flow_run] });
    ask(include_str!("set_states.graphql"), &variables)
        .await
        .map(|_| ())
}
