//! `/flow-run/:id?tab=schematic`: the tasks of the run as a live picture.

use leptos::prelude::*;

use crate::model::{FlowRunPicture, TaskRuns};
use crate::pages::use_selected_task;
use crate::polled::Polled;
use crate::resources::use_task_graph;
use crate::routes::{FlowRunTab, Route};
use crate::schematic::Schematic;
use crate::ui::loaded::Loaded;

/// The schematic with the states of the run's tasks.
#[component]
pub fn SchematicTab(picture: Signal<FlowRunPicture>, task_runs: Polled<TaskRuns>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let flow_id = Memo::new(move |_| picture.with(|picture| picture.run.flow_id));
    let graph = use_task_graph(move || Some(flow_id.get()));
    let (selected, on_select) = use_selected_task(move || Route::FlowRun(id.get(), FlowRunTab::Schematic));
    view! {
        <Loaded polled=graph what="schematic" let:graph>
            <Schematic
                graph=graph
                runs=task_runs.value.into()
                selected=selected
                on_select=on_select
                logs=Signal::derive(move || Route::FlowRun(id.get(), FlowRunTab::Logs).to_string())
                table="The tab Task runs has the same as a table."
            />
        </Loaded>
    }
}
