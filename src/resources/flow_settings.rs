//! Changing a flow: what is asked of the server, and what is said of how that went.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::Project;
use crate::polled::Polled;
use crate::session::{Tone, use_toasts};

/// What can be changed of a flow. Where a value may be missing, each version then has its own again.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowChange {
    /// The labels of all versions.
    Labels(FlowGroupId, Option<Vec<String>>),
    /// The description of all versions.
    Description(FlowGroupId, Option<String>),
    /// The run config of all versions.
    RunConfig(FlowGroupId, Option<Value>),
    /// The values that parameters have in runs of all versions, when none is given.
    Parameters(FlowGroupId, Map<String, Value>),
    /// Whether its runs report that they are alive.
    Heartbeat(FlowId, bool),
    /// Whether vanished runs are started again.
    Lazarus(FlowId, bool),
    /// The project of all versions.
    Move(FlowGroupId, Project),
    /// Puts a version away.
    Archive(FlowId),
    /// Puts all versions away.
    ArchiveAll(FlowGroupId),
    /// Deletes a version with its runs.
    Delete(FlowId),
    /// Deletes all versions with their runs.
    DeleteAll(FlowGroupId),
}

/// How many runs a version has and how many all versions have, while they are wanted.
pub fn use_run_totals(flow: impl Fn() -> Option<(FlowId, FlowGroupId)> + 'static) -> Polled<(usize, usize)> {
    poll(
        flow,
        |_| Cadence::Normal,
        |(flow, group), _| api::flow_settings::count_runs(flow, group),
    )
}

/// Changes a flow and says how that went. `done` is called when it went well; `refresh` in any case, for what takes
/// several steps may have been done in part.
pub fn use_change_flow(
    busy: RwSignal<bool>,
    done: Callback<()>,
    refresh: Callback<()>,
) -> Callback<FlowChange> {
    let toasts = use_toasts();
    Callback::new(move |change: FlowChange| {
        busy.set(true);
        spawn_local(async move {
            let result = make(change).await;
            busy.try_set(false);
            match result {
                Ok(words) => {
                    toasts.show(Tone::Good, words, None, None);
                    done.try_run(());
                }
                Err((not_done, error)) => {
                    toasts.show(Tone::Bad, format!("{not_done} {error}"), None, None);
                }
            }
            refresh.try_run(());
        });
    })
}

/// The words for what was done, or for what was not and why.
async fn make(change: FlowChange) -> Result<String, (&'static str, api::ApiError)> {
    use api::flow_settings as ask;
    let on_or_off = |on: bool| if on { "on" } else { "off" };
    let (result, done, not_done) = match change {
        FlowChange::Labels(group, labels) => {
            let done = match labels {
                Some(_) => "The labels are saved. Runs that are made from now on get them.",
                None => "Each version has the labels it was registered with.",
            };
            let result = ask::set_labels(group, labels).await;
            (result, done.to_owned(), "The labels stay as they were.")
        }
        FlowChange::Parameters(group, values) => (
            ask::set_parameters(group, values).await,
            "The defaults are saved. Runs that are made from now on get them.".to_owned(),
            "The defaults stay as they were.",
        ),
        FlowChange::Description(group, text) => {
            let done = match text {
                Some(_) => "The description is saved.",
                None => "Each version has the description it was registered with.",
            };
            let result = ask::set_description(group, text).await;
            (result, done.to_owned(), "The description stays as it was.")
        }
        FlowChange::RunConfig(group, config) => {
            let done = match config {
                Some(_) => "The run config is saved. Runs that are made from now on get it.",
                None => "Each version has the run config it was registered with.",
            };
            let result = ask::set_run_config(group, config.unwrap_or_default()).await;
            (result, done.to_owned(), "The run config stays as it was.")
        }
        FlowChange::Heartbeat(flow, on) => (
            ask::set_heartbeat(flow, on).await,
            format!("Heartbeats are {}.", on_or_off(on)),
            "Heartbeats stay as they were.",
        ),
        FlowChange::Lazarus(flow, on) => (
            ask::set_lazarus(flow, on).await,
            format!("Lazarus is {}.", on_or_off(on)),
            "Lazarus stays as it was.",
        ),
        FlowChange::Move(group, project) => (
            ask::move_to(group, project.id).await,
            format!("The flow is in {} now.", project.name),
            "Not all versions were moved.",
        ),
        FlowChange::Archive(flow) => (
            ask::archive(flow).await,
            "This version is archived; it starts no runs.".to_owned(),
            "The version was not archived.",
        ),
        FlowChange::ArchiveAll(group) => (
            ask::archive_all(group).await,
            "All versions are archived; the flow starts no runs.".to_owned(),
            "Not all versions were archived.",
        ),
        FlowChange::Delete(flow) => (
            ask::delete(flow).await,
            "The version is deleted.".to_owned(),
            "The version was not deleted.",
        ),
        FlowChange::DeleteAll(group) => (
            ask::delete_all(group).await,
            "The flow is deleted.".to_owned(),
            "The flow was not deleted.",
        ),
    };
    match result {
        Ok(()) => Ok(done),
        Err(error) => Err((not_done, error)),
    }
}
