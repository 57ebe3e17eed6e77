//! Changes a person makes to a flow run or a task run: each is said to be done, or why it was not.

use flowdeck_vocabulary::{FlowRunId, Labels, StateType, TaskRunId};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

use crate::api::{self, ApiError};
use crate::model::{FlowRunAction, StateChange, TaskRunAction};
use crate::session::{Tone, use_toasts};
use crate::under_way::UnderWay;

/// What a person changes of a flow run.
#[derive(Debug, Clone)]
pub enum FlowRunChange {
    /// Stop it.
    Cancel,
    /// Run again where it failed.
    Restart,
    /// Do not wait for its time, if this is still its version.
    StartNow(i64),
    /// Let it go on that waits for a person, if this is still its version.
    Approve(i64),
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
    /// Let it go on that waits for a person, if this is still its version.
    Approve(i64),
    /// Put it into a state.
    SetState(StateChange),
    /// Call it something else.
    Rename(String),
}

impl FlowRunChange {
    fn action(&self) -> FlowRunAction {
        match self {
            Self::Cancel => FlowRunAction::Cancel,
            Self::Restart => FlowRunAction::Restart,
            Self::StartNow(_) => FlowRunAction::StartNow,
            Self::Approve(_) => FlowRunAction::Approve,
            Self::SetState(_) => FlowRunAction::SetState,
            Self::Rename(_) => FlowRunAction::Rename,
            Self::SetLabels(_) => FlowRunAction::EditLabels,
            Self::Delete => FlowRunAction::Delete,
        }
    }
}

impl TaskRunChange {
    fn action(&self) -> TaskRunAction {
        match self {
            Self::Restart(_) => TaskRunAction::Restart,
            Self::Approve(_) => TaskRunAction::Approve,
            Self::SetState(_) => TaskRunAction::SetState,
            Self::Rename(_) => TaskRunAction::Rename,
        }
    }
}

/// Changes a run of type `I`. Copying it copies handles.
pub struct RunChanger<I: 'static, C: 'static, A: 'static> {
    /// Takes the run, its name and the change; the same change of the same run is made once at a time.
    pub change: Callback<(I, String, C)>,
    /// The runs with what is being done with them.
    pub under_way: UnderWay<(I, A)>,
}

impl<I, C, A> Clone for RunChanger<I, C, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, C, A> Copy for RunChanger<I, C, A> {}

/// What came of a change, after the run's name; or what was not done, and why.
type Outcome = Result<String, (&'static str, ApiError)>;

/// Changes flow runs, says what came of it, and then calls `after` with what was done, or `None` when it was not.
pub fn use_flow_run_change(
    after: Callback<Option<FlowRunAction>>,
) -> RunChanger<FlowRunId, FlowRunChange, FlowRunAction> {
    use_run_change(after, FlowRunChange::action, |id, change| {
        change_flow_run(id, change).boxed_local()
    })
}

/// The same for task runs.
pub fn use_task_run_change(
    after: Callback<Option<TaskRunAction>>,
) -> RunChanger<TaskRunId, TaskRunChange, TaskRunAction> {
    use_run_change(after, TaskRunChange::action, |id, change| {
        change_task_run(id, change).boxed_local()
    })
}

/// Changes runs by `make`, once at a time what `action` says that a change is.
fn use_run_change<I, C, A>(
    after: Callback<Option<A>>,
    action: fn(&C) -> A,
    make: fn(I, C) -> LocalBoxFuture<'static, Outcome>,
) -> RunChanger<I, C, A>
where
    I: Copy + PartialEq + Send + Sync + 'static,
    A: Copy + PartialEq + Send + Sync + 'static,
{
    let toasts = use_toasts();
    let under_way = UnderWay::new();
    let change = Callback::new(move |(id, name, change): (I, String, C)| {
        let action = action(&change);
        if !under_way.begin((id, action)) {
            return;
        }
        spawn_local(async move {
            let outcome = make(id, change).await;
            under_way.end(&(id, action));
            let done = outcome.is_ok().then_some(action);
            let (tone, message) = match outcome {
                Ok(done) => (Tone::Good, format!("{name} {done}")),
                Err((not_done, error)) => (Tone::Bad, format!("{name} {not_done} {error}")),
            };
            toasts.show(tone, message, None, None);
            // Who asked may have left the page meanwhile.
            after.try_run(done);
        });
    });
    RunChanger { change, under_way }
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
        FlowRunChange::Cancel => {
            let words = |state| match state {
                StateType::Cancelled => Ok("is cancelled.".to_owned()),
                StateType::Cancelling => Ok("is cancelling: its process is asked to stop.".to_owned()),
                state => Err(ApiError::Refused(format!("It had ended before, as {state}."))),
            };
            let now = api::flow_run::cancel(id).await;
            (now.and_then(words), "was not cancelled.")
        }
        FlowRunChange::StartNow(seen) => {
            let now = state("Scheduled", "Started early by hand.");
            let done = api::flow_run::set_state(id, now, seen).await;
            (done.map(|()| "starts now.".to_owned()), "was not started.")
        }
        FlowRunChange::Approve(seen) => {
            let done = api::flow_run::set_state(id, state("Resume", "Approved."), seen).await;
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
        TaskRunChange::Approve(seen) => {
            let done = api::task_run::set_state(id, state("Resume", "Approved."), Some(seen)).await;
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
