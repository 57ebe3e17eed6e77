//! The flow runs that a task run has started: on its page, and in the panel beside its flow run.

use flowdeck_vocabulary::TaskRunId;
use leptos::prelude::*;

use crate::components::flow_run_list::{FlowRunList, Tells};
use crate::resources::{FlowRunFilter, use_flow_runs};
use crate::ui::only::Only;

/// The list with its heading; nothing while there is none.
pub fn started_runs(by: TaskRunId) -> AnyView {
    let runs = use_flow_runs(move || {
        Some(FlowRunFilter {
            started_by: Some(by),
            ..FlowRunFilter::default()
        })
    });
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
