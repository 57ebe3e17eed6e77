//! The mutations: input struct → store transaction → payload, one file per noun. No SQL in here.

use std::fmt::Display;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::error::Error;
use crate::store::Db;
use crate::store::state::NewState;

mod agent;
mod artifact;
mod flow;
mod flow_group;
mod flow_run;
mod log;
mod project;
mod saved_view;
mod scalars;
pub(crate) mod task_run;
mod tenant;

#[cfg(test)]
mod tests;

/// The mutations in the schema language: `type Mutation`, their inputs, payloads, scalars and enums.
pub const SDL: &str = include_str!("mutations.graphql");

/// Runs the mutation `field`. `input` is its coerced argument `input`, or null. Answers the whole payload
/// object; the caller takes from it what was selected.
pub async fn execute(ctx: &Context, field: &str, input: Json) -> Result<Json, Error> {
    let input = Input { field, json: input };
    match field {
        "create_tenant" => tenant::create(ctx, input.read()?).await,

        "create_project" => project::create(ctx, input.read()?).await,
        "delete_project" => project::delete(ctx, input.read()?).await,
        "set_project_name" => project::set_name(ctx, input.read()?).await,
        "set_project_description" => project::set_description(ctx, input.read()?).await,

        "create_flow" => flow::create(ctx, input.read()?).await,
        "create_flow_from_compressed_string" => flow::create_from_compressed_string(ctx, input.read()?).await,
        "register_tasks" => flow::register_tasks(ctx, input.read()?).await,
        "register_edges" => flow::register_edges(ctx, input.read()?).await,
        "delete_flow" => flow::delete(ctx, input.read()?).await,
        "archive_flow" => flow::archive(ctx, input.read()?).await,
        "update_flow_project" => flow::update_project(ctx, input.read()?).await,
        "enable_flow_heartbeat" => flow::set_heartbeat(ctx, input.read()?, true).await,
        "disable_flow_heartbeat" => flow::set_heartbeat(ctx, input.read()?, false).await,
        "enable_flow_lazarus_process" => flow::set_lazarus(ctx, input.read()?, true).await,
        "disable_flow_lazarus_process" => flow::set_lazarus(ctx, input.read()?, false).await,
        "set_schedule_active" => flow::set_schedule_active(ctx, input.read()?).await,
        "set_schedule_inactive" => flow::set_schedule_inactive(ctx, input.read()?).await,

        "delete_flow_group" => flow_group::delete(ctx, input.read()?).await,
        "set_flow_group_default_parameters" => flow_group::set_default_parameters(ctx, input.read()?).await,
        "set_flow_group_labels" => flow_group::set_labels(ctx, input.read()?).await,
        "set_flow_group_description" => flow_group::set_description(ctx, input.read()?).await,
        "set_flow_group_run_config" => flow_group::set_run_config(ctx, input.read()?).await,
        "set_flow_group_schedule" => flow_group::set_schedule(ctx, input.read()?).await,
        "delete_flow_group_schedule" => flow_group::delete_schedule(ctx, input.read()?).await,

        "create_flow_run" => flow_run::create(ctx, input.read()?).await,
        "cancel_flow_run" => flow_run::cancel(ctx, input.read()?).await,
        "restart_flow_run" => flow_run::restart(ctx, input.read()?).await,
        "delete_flow_run" => flow_run::delete(ctx, input.read()?).await,
        "set_flow_run_name" => flow_run::set_name(ctx, input.read()?).await,
        "set_flow_run_labels" => flow_run::set_labels(ctx, input.read()?).await,
        "set_flow_run_states" => flow_run::set_states(ctx, input.read()?).await,
        "update_flow_run_heartbeat" => flow_run::update_heartbeat(ctx, input.read()?).await,
        "get_runs_in_queue" => flow_run::get_in_queue(ctx, input.read()?).await,

        "get_or_create_task_run" => task_run::get_or_create(ctx, input.read()?).await,
        "get_or_create_task_run_info" => task_run::get_or_create_info(ctx, input.read()?).await,
        "set_task_run_name" => task_run::set_name(ctx, input.read()?).await,
        "set_task_run_states" => task_run::set_states(ctx, input.read()?).await,
        "update_task_run_heartbeat" => task_run::update_heartbeat(ctx, input.read()?).await,

        "create_task_run_artifact" => artifact::create(ctx, input.read()?).await,
        "update_task_run_artifact" => artifact::update(ctx, input.read()?).await,
        "delete_task_run_artifact" => artifact::delete(ctx, input.read()?).await,

        "create_saved_view" => saved_view::create(ctx, input.read()?).await,
        "update_saved_view" => saved_view::update(ctx, input.read()?).await,
        "delete_saved_view" => saved_view::delete(ctx, input.read()?).await,

        "write_run_logs" => log::write(ctx, input.read()?).await,

        "register_agent" => agent::register(ctx, input.read()?).await,
        "delete_agent" => agent::delete(ctx, input.read()?).await,
        "create_agent_config" => agent::create_config(ctx, input.read()?).await,
        "update_agent_config" => agent::update_config(ctx, input.read()?).await,
        "delete_agent_config" => agent::delete_config(ctx, input.read()?).await,

        _ => Err(Error::Internal(format!(
            "the schema has a mutation '{field}' that nobody wrote"
        ))),
    }
}

/// The argument of a mutation before it is read.
struct Input<'a> {
    field: &'a str,
    json: Json,
}

impl Input<'_> {
    fn read<T: DeserializeOwned>(self) -> Result<T, Error> {
        serde_json::from_value(self.json)
            .map_err(|e| Error::BadInput(format!("The input of {} does not fit: {e}.", self.field)))
    }
}

/// The payload of what has made or changed one thing.
fn id(id: impl Display) -> Json {
    json!({ "id": id.to_string() })
}

/// The payload of what was done or had nothing to be done to.
fn success(success: bool) -> Json {
    json!({ "success": success, "error": null })
}

/// The name of a run is not empty.
fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Error::client("Invalid name"));
    }
    Ok(())
}

/// Gives runs their states with `set`, and answers the payload. One transaction for the whole list: all states are set
/// or, with an error, none. The original may leave some behind, of which a client that reads the error cannot know.
async fn set_states<Id: Copy + Display + Send + 'static>(
    ctx: &Context,
    states: impl Iterator<Item = (Id, Json)>,
    set: impl Fn(&mut dyn Db, Timestamp, Id, &NewState) -> Result<(), Error> + Send + 'static,
) -> Result<Json, Error> {
    let states = states.map(|(id, state)| Ok((id, NewState::parse(state)?)));
    let states: Vec<_> = states.collect::<Result<_, Error>>()?;
    let stored =
        |(id, _): &(Id, NewState)| json!({"id": id.to_string(), "status": "SUCCESS", "message": null});
    let answer: Vec<_> = states.iter().map(stored).collect();
    ctx.write(move |db, now| states.iter().try_for_each(|(id, state)| set(db, now, *id, state)))
        .await?;
    Ok(json!({ "states": answer }))
}
