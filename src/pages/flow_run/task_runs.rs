//! `/flow-run/:id`: the task runs as a table; what is shown of them is in the URL.

use flowdeck_vocabulary::TaskRunId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::inspector::{Selection, WithInspector};
use crate::components::task_run_table::TaskRunTable;
use crate::model::{FlowRunPicture, TaskRuns, TaskRunsView};
use crate::pages::started_runs::runs_started_in;
use crate::pages::use_replace;
use crate::polled::Polled;
use crate::routes::{FlowRunTab, Route, task_runs_view};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::only::Only;

/// The table.
#[component]
pub fn TaskRunsTab(
    picture: Signal<FlowRunPicture>,
    run: Polled<FlowRunPicture>,
    task_runs: Polled<TaskRuns>,
    selection: Selection,
) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let query = use_query_map();
    let view = Memo::new(move |_| query.with(|query| task_runs_view(|name| query.get(name))));
    let replace = use_replace();
    let open = use_navigate();
    let on_view = Callback::new(move |view: TaskRunsView| {
        replace.run(Route::flow_run(id.get_untracked()).with_task_runs(&view));
    });
    let on_open = Callback::new(move |task_run: TaskRunId| {
        open(&Route::TaskRun(task_run).to_string(), NavigateOptions::default());
    });
    let selected = Signal::derive(move || view.with(|view| view.task));
    let on_select = Callback::new(move |task| {
        on_view.run(TaskRunsView {
            task,
            ..view.get_untracked()
        });
    });
    view! {
        <WithInspector selection=selection selected=selected on_select=on_select>
        {runs_started_in(run, task_runs)}
        <Loaded polled=task_runs what="list of task runs" let:task_runs>
            <Only when=move || task_runs.with(|runs| !runs.rows().is_empty()) fallback=|| view! {
                <Empty icon=Icon::Flows title="This flow has no tasks" text="A run of it ends as soon as it starts."/>
            }>
                <TaskRunTable
                    task_runs=task_runs
                    view=view
                    on_view=on_view
                    on_open=on_open
                    logs=Callback::new(move |task| Route::FlowRun(id.get_untracked(), FlowRunTab::Logs).with_task(Some(task)))
                />
            </Only>
        </Loaded>
        </WithInspector>
    }
}
