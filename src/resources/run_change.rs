//! Changes a person makes to a flow run or a task run: each is said to be done, or why it was not.

use flowdeck_vocabulary::{FlowRunId, Labels, TaskRunId};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

use crate::api::{self, ApiError};
use crate::model::StateChange;
use crate::session::{Tone, use_toasts};

/// What a person changes of a flow run.
#[derive(Debug, Clone)]
pub enum FlowRunChange {
    /// Run again where it failed.
    Restart,
    /// Do not wait for its time.
    StartNow,
    /// Let it go on that waits for a person.
    Approve,
    /// Put it into a state.
    SetState(StateChange),
    /// Call it something else.
    Rename(String),
    /// Let other agents take it.
    SetLabels(Labels),
    /// Delete it.
    Delete,
}

/// What a person changes of a task run.
#[derive(Debug, Clone)]
pub enum TaskRunChange {
    /// Run this ended flow run again from the task run on.
    Restart(FlowRunId),
    /// Let it go on that waits for a person.
    Approve,
    /// Put it into a state.
    SetState(StateChange),
    /// Call it something else.
    Rename(String),
}

/// What came of a change, after the run's name; or what was not done, and why.
type Outcome = Result<String, (&'static str, ApiError)>;

/// Changes a flow run of this name, says what came of it, and then calls `after` with whether it was done.
pub fn use_flow_run_change(after: Callback<bool>) -> Callback<(FlowRunId, String, FlowRunChange)> {
    let report = use_report(after);
    Callback::new(move |(id, name, change)| report.run((name, change_flow_run(id, change).boxed_local())))
}

/// The same for a task run.
pub fn use_task_run_change(after: Callback<bool>) -> Callback<(TaskRunId, String, TaskRunChange)> {
    let report = use_report(after);
    Callback::new(move |(id, name, change)| report.run((name, change_task_run(id, change).boxed_local())))
}

/// Waits for what comes of a change of something with a name, and says it.
fn use_report(after: Callback<bool>) -> Callback<(String, LocalBoxFuture<'static, Outcome>)> {
    let toasts = use_toasts();
    Callback::new(
        move |(name, outcome): (String, LocalBoxFuture<'static, Outcome>)| {
            spawn_local(async move {
                let outcome = outcome.await;
                let is_done = outcome.is_ok();
                let (tone, message) = match outcome {
                    Ok(done) => (Tone::Good, format!("{name} {done}")),
                    Err((not_done, error)) => (Tone::Bad, format!("{name} {not_done} {error}")),
                };
                toasts.show(tone, message, None, None);
                // Who asked may have left the page meanwhile.
                after.try_run(is_done);
            });
        },
    )
}

fn state(name: &str, message: &str) -> Value {
    json!({ "type": name, "message": message })
}

fn restarted(count: usize) -> String {
    match count {
        1 => "is restarted: 1 task run begins again.".to_owned(),
        count => format!("is restarted: {count} task runs begin again."),
    }
}

async fn change_flow_run(id: FlowRunId, change: FlowRunChange) -> Outcome {
    let (done, not_done) = match change {
        FlowRunChange::Restart => {
            let count = api::flow_run::restart(id, None).await;
            (count.map(restarted), "was not restarted.")
        }
        FlowRunChange::StartNow => {
            let done = api::flow_run::set_state(id, state("Scheduled", "Started early by hand.")).await;
            (done.map(|()| "starts now.".to_owned()), "was not started.")
        }
        FlowRunChange::Approve => {
            let done = api::flow_run::set_state(id, state("Resume", "Approved.")).await;
            (
                done.map(|()| "is approved and goes on.".to_owned()),
                "was not approved.",
            )
        }
        FlowRunChange::SetState(change) => {
            let set = api::flow_run::change_state(id, &change).await;
            let words = |count| match count {
                0 => format!("is set to {}.", change.state),
                1 => format!("and one of its task runs are set to {}.", change.state),
                count => format!("and {count} of its task runs are set to {}.", change.state),
            };
            (set.map(words), "keeps its state.")
        }
        FlowRunChange::Rename(to) => {
            let done = api::flow_run::rename(id, &to).await;
            (done.map(|()| format!("is called {to} now.")), "keeps its name.")
        }
        FlowRunChange::SetLabels(labels) => {
            let done = api::flow_run::set_labels(id, &labels).await;
            (
                done.map(|()| "has other labels now.".to_owned()),
                "keeps its labels.",
            )
        }
        FlowRunChange::Delete => {
            let done = api::flow_run::delete(id).await;
            (done.map(|()| "is deleted.".to_owned()), "was not deleted.")
        }
    };
    done.map_err(|error| (not_done, error))
}

async fn change_task_run(id: TaskRunId, change: TaskRunChange) -> Outcome {
    let (done, not_done) = match change {
        TaskRunChange::Restart(flow_run) => {
            let count = api::flow_run::restart(flow_run, Some(id)).await;
            (count.map(restarted), "was not restarted.")
        }
        TaskRunChange::Approve => {
            let done = api::task_run::set_state(id, state("Resume", "Approved."), None).await;
            (
                done.map(|()| "is approved and goes on.".to_owned()),
                "was not approved.",
            )
        }
        TaskRunChange::SetState(change) => {
            let done = api::task_run::change_state(id, &change).await;
            (
                done.map(|()| format!("is set to {}.", change.state)),
                "keeps its state.",
            )
        }
        TaskRunChange::Rename(to) => {
            let done = api::task_run::rename(id, &to).await;
            (done.map(|()| format!("is called {to} now.")), "keeps its name.")
        }
    };
    done.map_err(|error| (not_done, error))
}
