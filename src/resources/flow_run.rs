//! Flow runs: what keeps them fresh, and what starts and cancels them.

use std::time::Duration;

use flowdeck_vocabulary::{FlowGroupId, FlowId, FlowRunId, StateType, TaskRunId};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

use super::poll::{Cadence, once, poll, wake};
use super::ticking::now;
use crate::api;
use crate::model::{
    FlowRun, FlowRunPicture, FlowRunStates, ParentTaskRun, RunInputs, StartedRuns, TaskRuns, Timestamp,
    missing_in_words, run_command, why_waiting,
};
use crate::polled::Polled;
use crate::routes::{FlowTab, Route};
use crate::session::{Toasts, Tone, use_toasts};
use crate::under_way::{QuickRun, UnderWay};

/// Logs and last task states may arrive a little after the run's own end, so it stays live for this long.
const AFTERGLOW: Duration = Duration::from_secs(15);

/// A run that starts within this time is watched as closely as one that runs.
const SOON: Duration = Duration::from_secs(30);

/// How often to look at anything that belongs to this run.
pub(super) fn cadence(picture: &FlowRunPicture) -> Cadence {
    cadence_at(picture, now())
}

fn cadence_at(picture: &FlowRunPicture, now: Timestamp) -> Cadence {
    let run = &picture.run;
    if run.state.is_finished() {
        let ended = run.ended_at.or(run.changed_at);
        let fresh = ended.is_some_and(|ended| now.since(ended) < AFTERGLOW);
        return if fresh { Cadence::Live } else { Cadence::Slow };
    }
    let waits = run.state.is_scheduled() && run.due_at().since(now) > SOON;
    if waits { Cadence::Normal } else { Cadence::Live }
}

/// Whether anything of this run is still to be expected. It ends with time alone: nothing of the picture changes then.
pub fn is_moving(picture: &FlowRunPicture, now: Timestamp) -> bool {
    cadence_at(picture, now) == Cadence::Live
}

/// The same when only a run's picture that may not be there yet is at hand.
pub(super) fn cadence_of(run: Polled<FlowRunPicture>) -> Cadence {
    run.value
        .with_untracked(|picture| picture.as_ref().map_or(Cadence::Live, cadence))
}

/// Changes with each state of a run.
pub(super) fn version_of(run: Polled<FlowRunPicture>) -> Memo<Option<i64>> {
    Memo::new(move |_| run.value.with(|run| run.as_ref().map(|run| run.version)))
}

/// One flow run. It changes quickly until it finishes, then hardly ever.
pub fn use_flow_run(id: impl Fn() -> Option<FlowRunId> + 'static) -> Polled<FlowRunPicture> {
    poll(id, cadence, |id, _| api::flow_run::by_id(id))
}

/// The states a flow run has been in, while `id` is some. They are asked for again only when `run` says that there is
/// another, and then at once.
pub fn use_flow_run_states(
    id: impl Fn() -> Option<FlowRunId> + 'static,
    run: Polled<FlowRunPicture>,
) -> Polled<FlowRunStates> {
    let newest = version_of(run);
    let states = poll(
        id,
        move |_| cadence_of(run),
        move |id, known: Option<FlowRunStates>| {
            let is_newest = |known: &FlowRunStates| newest.get_untracked() == Some(known.version);
            let known = known.filter(is_newest);
            async move {
                match known {
                    Some(known) => Ok(known),
                    None => api::flow_run::states(id).await,
                }
            }
        },
    );
    wake(states.refresh, move || _ = newest.get());
    states
}

/// What a list of flow runs is of.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRunFilter {
    /// Only these states; `None` is all.
    pub states: Option<Vec<StateType>>,
    /// Only runs of this flow group; `None` is all.
    pub flow_group_id: Option<FlowGroupId>,
    /// Leaves out what is to start later.
    pub due_only: bool,
}

impl FlowRunFilter {
    /// A list has at most so many; as many mean that there may be more.
    pub const MOST: usize = 100;
}

/// The latest flow runs; quick while one of them moves.
pub fn use_flow_runs(filter: impl Fn() -> Option<FlowRunFilter> + 'static) -> Polled<Vec<FlowRun>> {
    poll(
        filter,
        |runs: &Vec<FlowRun>| {
            if any_moves(runs) {
                Cadence::Live
            } else {
                Cadence::Normal
            }
        },
        |filter, _| {
            let before = filter.due_only.then(now);
            api::flow_run::list(filter.states, filter.flow_group_id, before, None)
        },
    )
}

fn any_moves(runs: &[FlowRun]) -> bool {
    runs.iter().any(|run| {
        run.state.is_running() || run.state.is_meta() || (run.state.is_scheduled() && run.due_at() <= now())
    })
}

/// The flow runs that a task run has started; seldom once `is_over`, which is reactive, and none of them moves.
pub fn use_started_runs(by: TaskRunId, is_over: impl Fn() -> bool + Copy + 'static) -> Polled<Vec<FlowRun>> {
    let started = poll(
        move || Some(by),
        move |runs: &Vec<FlowRun>| match (any_moves(runs), is_over()) {
            (true, _) => Cadence::Live,
            (false, false) => Cadence::Normal,
            (false, true) => Cadence::Slow,
        },
        |by, _| api::flow_run::list(None, None, None, Some(by)),
    );
    wake(started.refresh, move || _ = is_over());
    started
}

/// The flow runs that the task runs of a flow run have started: asked about as soon as all of these are known.
pub fn use_runs_started_in(run: Polled<FlowRunPicture>, task_runs: Polled<TaskRuns>) -> Polled<StartedRuns> {
    let are_known = move || {
        task_runs
            .value
            .with(|runs| runs.as_ref().is_some_and(TaskRuns::is_complete))
    };
    let id = Memo::new(move |_| run.value.with(|run| run.as_ref().map(|run| run.run.id)));
    poll(
        move || id.get().filter(|_| are_known()),
        move |started: &StartedRuns| match (started.has_more(), any_moves(started.runs())) {
            (true, _) => Cadence::AtOnce,
            (_, true) => Cadence::Live,
            _ if cadence_of(run) == Cadence::Live => Cadence::Normal,
            _ => Cadence::Slow,
        },
        move |_, before: Option<StartedRuns>| {
            let before = before.unwrap_or_default();
            let asked = task_runs
                .value
                .with_untracked(|runs| before.question(runs.as_ref()?));
            async move {
                match asked {
                    Some(asked) => api::flow_run::started(before, asked).await,
                    None => Ok(before),
                }
            }
        },
    )
}

/// The task run that started a flow run, by what its idempotency key says.
pub fn use_parent_task_run(id: impl Fn() -> Option<TaskRunId> + 'static) -> Polled<Option<ParentTaskRun>> {
    poll(id, |_| Cadence::Slow, |id, _| api::flow_run::parent(id))
}

/// How long a run of this flow usually takes.
pub fn use_usual_duration(flow: impl Fn() -> Option<FlowGroupId> + 'static) -> Polled<Option<Duration>> {
    poll(
        flow,
        |_| Cadence::Slow,
        |id, _| async move {
            let usual = api::flow_run::usual_durations(vec![id]).await?;
            Ok(usual.get(&id).copied())
        },
    )
}

/// Tells how starting a run went, and after a while why nobody takes it.
fn watch_start(
    toasts: Toasts,
    flow_name: String,
    started: Result<FlowRunId, api::ApiError>,
    after: Callback<FlowRunId>,
) {
    let id = match started {
        Ok(id) => id,
        Err(error) => {
            toasts.show(
                Tone::Bad,
                format!("{flow_name} was not started. {error}"),
                None,
                None,
            );
            return;
        }
    };
    let url = Route::flow_run(id).to_string();
    let link = || Some(("Open the run".to_owned(), url.clone()));
    let starting = toasts.show(Tone::Good, format!("{flow_name} is starting."), link(), None);
    after.try_run(id);
    spawn_local(async move {
        let link = || Some(("Open the run".to_owned(), url.clone()));
        for _ in 0..3 {
            TimeoutFuture::new(3_000).await;
            // The run's own page says the same by the same rule; this is for those who stay where they are.
            if window().location().pathname().is_ok_and(|path| path == url) {
                return;
            }
            let Ok(picture) = api::flow_run::by_id(id).await else {
                continue;
            };
            if picture.run.wants_explanation(now()) {
                let Ok(agents) = api::agents().await else { continue };
                let why = why_waiting(&picture.run.labels, &agents, picture.run.due_at(), now());
                if why.command.is_some() {
                    let message = format!("{flow_name} has not started. {}", why.reason);
                    toasts.close(starting);
                    toasts.show(Tone::Warning, message, link(), why.command);
                    return;
                }
            } else if picture.run.started_at.is_some() {
                return;
            }
        }
    });
}

/// Starts a run of a flow at a click. A flow whose required parameters have no value is not started: the toast
/// names them.
pub fn use_quick_run(after: Callback<FlowRunId>) -> QuickRun {
    let toasts = use_toasts();
    let under_way = UnderWay::new();
    let start = Callback::new(
        move |(flow_id, flow_name, missing): (FlowId, String, Vec<String>)| {
            if !missing.is_empty() {
                toasts.show(
                    Tone::Warning,
                    format!("{flow_name} was not started: {}.", missing_in_words(&missing)),
                    Some((
                        "Fill in the form".to_owned(),
                        Route::Flow(flow_id, FlowTab::Run).to_string(),
                    )),
                    Some(run_command(&flow_name, &missing)),
                );
                return;
            }
            if !under_way.begin(flow_id) {
                return;
            }
            spawn_local(async move {
                let started = api::flow_run::create(json!({ "flow_id": flow_id })).await;
                under_way.end(&flow_id);
                watch_start(toasts, flow_name, started, after);
            });
        },
    );
    QuickRun { start, under_way }
}

/// Starts a run of the flow of this name from `create_flow_run_input`; `after` gets the new one. An error goes
/// beside the form it came from.
pub fn use_start_run(
    busy: RwSignal<bool>,
    error: RwSignal<Option<String>>,
    after: Callback<FlowRunId>,
) -> Callback<(String, Value)> {
    let toasts = use_toasts();
    Callback::new(move |(flow_name, input): (String, Value)| {
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let started = api::flow_run::create(input).await;
            busy.try_set(false);
            match started {
                Ok(id) => watch_start(toasts, flow_name, Ok(id), after),
                Err(why) => toasts.refuse(error, format!("{flow_name} was not started. {why}")),
            }
        });
    })
}

/// What the run was given, while `id` is some. It is asked for once.
pub fn use_run_inputs(id: impl Fn() -> Option<FlowRunId> + 'static) -> Polled<RunInputs> {
    once(id, api::flow_run::inputs)
}

/// Starts runs with the inputs of others. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct RunAgain {
    /// Takes the run that gives the inputs, and its flow's name.
    pub start: Callback<(FlowRunId, String)>,
    /// The runs after which another is being started.
    pub under_way: UnderWay<FlowRunId>,
}

/// Starts a run of the same flow version with the same inputs as another; `after` gets the new one.
pub fn use_run_again(after: Callback<FlowRunId>) -> RunAgain {
    let toasts = use_toasts();
    let under_way = UnderWay::new();
    let start = Callback::new(move |(id, flow_name)| {
        if !under_way.begin(id) {
            return;
        }
        spawn_local(async move {
            let started = api::flow_run::run_again(id).await;
            under_way.end(&id);
            watch_start(toasts, flow_name, started, after);
        });
    });
    RunAgain { start, under_way }
}
