//! `/flow-run/:id?tab=logs`: what the run writes, as it writes.

use std::sync::Arc;

use leptos::prelude::*;

use crate::logs::{LogView, LogWriters};
use crate::model::{FlowRunPicture, LogOf, TaskRuns};
use crate::pages::use_log_filter;
use crate::polled::Polled;
use crate::resources::{is_moving, use_log};
use crate::routes::{FlowRunTab, Route};
use crate::session::use_now;
use crate::ui::loaded::Loaded;

/// The log.
#[component]
pub fn LogsTab(picture: Signal<FlowRunPicture>, task_runs: Polled<TaskRuns>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let of = Memo::new(move |_| LogOf {
        flow_run: id.get(),
        task_run: None,
    });
    let now = use_now();
    let moving = Memo::new(move |_| picture.with(|picture| is_moving(picture, now.get())));
    let started = Memo::new(move |_| picture.with(|picture| picture.run.started_at));
    let writers = Memo::new(move |_| {
        let writers = task_runs.value.with(|runs| runs.as_ref().map(LogWriters::new));
        Arc::new(writers.unwrap_or_default())
    });
    let (filter, on_filter, href) = use_log_filter(move || Route::FlowRun(id.get(), FlowRunTab::Logs));
    let line = Signal::derive(move || filter.with(|filter| filter.line));
    let feed = use_log(move || Some(of.get()), move || moving.get(), line);
    view! {
        <Loaded polled=feed.polled what="log" let:_>
            <LogView
                feed=feed
                of=of
                writers=writers
                started=started
                is_moving=moving
                filter=filter
                on_filter=on_filter
                href=href
            />
        </Loaded>
    }
}
