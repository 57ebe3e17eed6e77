//! The selected task of a run: one selection for all tabs, with the same panel beside each.

use std::sync::Arc;

use flowdeck_vocabulary::{FlowId, TaskId, TaskRunId};
use leptos::prelude::*;

use crate::components::inspector::{Inspected, Inspector};
use crate::model::{CardRun, FlowRunPicture, TaskGraph, TaskRuns, card_runs};
use crate::pages::started_runs::started_runs;
use crate::pages::task_run_actions::{Subject, task_run_actions};
use crate::polled::Polled;
use crate::resources::use_task_graph;
use crate::routes::{FlowRunTab, Route};

/// What the tabs share of the selected task. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Selection {
    /// The tasks and edges, as soon as anybody wanted them.
    pub graph: Polled<TaskGraph>,
    /// The run of each task.
    pub cards: Memo<Arc<Vec<Option<CardRun>>>>,
    /// Ways to go and things to do for a task's run.
    pub doors: Callback<TaskRunId, AnyView>,
}

impl Selection {
    /// The edges are asked for once they are `wanted`, and then stay.
    pub fn new(
        picture: Polled<FlowRunPicture>,
        task_runs: Polled<TaskRuns>,
        wanted: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        let flow = Memo::new(move |_| {
            picture
                .value
                .with(|picture| picture.as_ref().map(|picture| picture.run.flow_id))
        });
        let wanted: Memo<Option<FlowId>> = Memo::new(move |before: Option<&Option<FlowId>>| {
            let flow = flow.get()?;
            let stays = before.is_some_and(|before| before.is_some());
            (stays || wanted()).then_some(flow)
        });
        let graph = use_task_graph(move || wanted.get());
        let cards = Memo::new(move |_| {
            let cards = task_runs.value.with(|runs| {
                let runs = runs.as_ref()?;
                graph
                    .value
                    .with(|graph| graph.as_ref().map(|graph| card_runs(graph, runs, None)))
            });
            Arc::new(cards.unwrap_or_default())
        });
        let refresh = Callback::new(move |()| {
            picture.refresh.run(());
            task_runs.refresh.run(());
        });
        let doors = Callback::new(move |id: TaskRunId| doors(picture, task_runs, id, refresh));
        Self { graph, cards, doors }
    }
}

/// The links and the actions for a task run.
fn doors(
    picture: Polled<FlowRunPicture>,
    task_runs: Polled<TaskRuns>,
    id: TaskRunId,
    refresh: Callback<()>,
) -> AnyView {
    let subject = Memo::new(move |before: Option<&Option<Subject>>| {
        let now = task_runs.value.with(|runs| {
            let runs = runs.as_ref()?;
            let run = runs.get(id)?;
            picture.value.with(|picture| {
                let flow_run = &picture.as_ref()?.run;
                Some(Subject {
                    id,
                    title: runs.title(run),
                    state: run.state,
                    version: run.version,
                    flow_run_id: flow_run.id,
                    flow_run_state: flow_run.state,
                })
            })
        });
        // While another run is on its way in, the last one stays.
        now.or_else(|| before.cloned().flatten())
    });
    let Some(first) = subject.get_untracked() else {
        return ().into_any();
    };
    let task = task_runs
        .value
        .with_untracked(|runs| runs.as_ref()?.get(id).map(|run| run.task_id));
    let log = Route::FlowRun(first.flow_run_id, FlowRunTab::Logs).with_task(task);
    let subject = Signal::derive(move || subject.get().unwrap_or_else(|| first.clone()));
    view! {
        <p class="inspector__doors">
            <a class="button" href=Route::TaskRun(id).to_string()>"Task run"</a>
            <a class="button" data-weight="quiet" href=log>"Its log"</a>
        </p>
        {task_run_actions(subject, refresh, false)}
        {started_runs(id, move || subject.with(|subject| subject.flow_run_state.is_finished()))}
    }
    .into_any()
}

/// A tab with the panel beside it while a task is selected. Escape ends the selection.
#[component]
pub fn WithInspector(
    selection: Selection,
    selected: Signal<Option<TaskId>>,
    on_select: Callback<Option<TaskId>>,
    children: Children,
) -> impl IntoView {
    let inspected = Inspected {
        graph: Signal::derive(move || selection.graph.value.get().unwrap_or_default()),
        cards: Some(selection.cards),
        selected,
        on_select,
        doors: Some(selection.doors),
    };
    view! {
        <div
            class="inspected"
            on:keydown=move |event| {
                let is_selected = selected.with_untracked(Option::is_some);
                if event.key() == "Escape" && is_selected && !event.default_prevented() {
                    on_select.run(None);
                }
            }
        >
            <div class="inspected__main">{children()}</div>
            <Inspector inspected=inspected/>
        </div>
    }
}
