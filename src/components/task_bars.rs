//! The runs of a task over time: small bars, and in words what is usual.

use flowdeck_vocabulary::TaskRunId;
use leptos::prelude::*;

use super::run_bars::{Bar, bars};
use crate::format;
use crate::model::{PastTaskRun, TaskHistory};
use crate::routes::Route;
use crate::session::use_now;

/// So many bars there are at most.
const BARS: usize = 40;

/// The runs of a task; `here` is the one whose page this is.
#[component]
pub fn TaskBars(history: Signal<TaskHistory>, here: Option<TaskRunId>) -> impl IntoView {
    let now = use_now();
    let words = move || {
        history.with(|history| {
            let (all, failed) = history.failures();
            let failed = match (all, failed) {
                (0, _) => return "No run of it has ended yet.".to_owned(),
                (all, 0) => format!("None of {} failed", format::counted(all, "run")),
                (all, failed) => format!("{failed} of {} failed", format::counted(all, "run")),
            };
            match history.usual() {
                Some(usual) => format!("{failed}; it usually takes {}.", format::duration(usual)),
                None => format!("{failed}."),
            }
        })
    };
    view! {
        <div class="task-bars">
            {move || {
                let now = now.get_untracked();
                let bar = |run: &PastTaskRun| Bar {
                    href: Route::TaskRun(run.id).to_string(),
                    state: run.state,
                    duration: run.duration(now),
                    name: run.flow_run_name.clone(),
                    at: run.started_at.unwrap_or(run.created_at),
                    is_here: here == Some(run.id),
                };
                let shown = history.with(|history| {
                    let runs = history.runs();
                    runs[runs.len().saturating_sub(BARS)..].iter().map(bar).collect::<Vec<_>>()
                });
                let places = shown.len();
                bars(shown, places, now)
            }}
            <p class="section__note">{words}</p>
        </div>
    }
}
