//! `/flow-run/:id?tab=logs`: what the run writes, as it writes.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::components::log_view::LogView;
use crate::model::{FlowRunPicture, TaskRuns};
use crate::polled::Polled;
use crate::resources::{is_moving, use_log_tail};
use crate::ui::loaded::Loaded;

/// The log.
#[component]
pub fn LogsTab(picture: Signal<FlowRunPicture>, task_runs: Polled<TaskRuns>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let tail = use_log_tail(
        move || Some((id.get(), None)),
        move || picture.with_untracked(is_moving),
    );
    let names = Memo::new(move |_| {
        task_runs.value.with(|runs| {
            let Some(runs) = runs else { return HashMap::new() };
            runs.rows().iter().map(|row| (row.id, runs.title(row))).collect()
        })
    });
    view! {
        <Loaded polled=tail what="log" let:tail>
            <LogView tail=tail task_names=names/>
        </Loaded>
    }
}
