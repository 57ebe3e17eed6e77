//! The flow runs that a task run has started: on its page, and in the panel beside its flow run.

use flowdeck_vocabulary::TaskRunId;
use leptos::prelude::*;

use crate::components::flow_run_list::{FlowRunList, Tells};
use crate::resources::use_started_runs;
use crate::ui::only::Only;

/// The list with its heading; nothing while there is none. `is_over` says whether the task run's flow run has ended.
pub fn started_runs(by: TaskRunId, is_over: impl Fn() -> bool + 'static) -> AnyView {
    let runs = use_started_runs(by, is_over);
    let runs = Signal::derive(move || runs.value.get().unwrap_or_default());
    view! {
        <Only when=move || runs.with(|runs| !runs.is_empty())>
            <section class="section">
                <h2 class="section__title">"Flow runs it started"</h2>
                <FlowRunList runs=runs tells=Tells::Elapsed empty=""/>
            </section>
        </Only>
    }
    .into_any()
}
