//! The whole run as one thin picture under its head; a press leads to that time in the timeline.

use flowdeck_vocabulary::TaskId;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::state_badge::group_state;
use crate::model::{FlowRunPicture, Part, STRIP_COLUMNS, Span, TaskRuns, TimelineView, Timestamp, strip};
use crate::pages::use_tab;
use crate::polled::Polled;
use crate::routes::{FlowRunTab, Route};
use crate::session::use_now;

/// The strip.
#[component]
pub fn Strip(
    picture: Signal<FlowRunPicture>,
    task_runs: Polled<TaskRuns>,
    selected: Memo<Option<TaskId>>,
) -> impl IntoView {
    let clock = use_now();
    let frame = NodeRef::<html::A>::new();
    let timeline = move || {
        let id = picture.with_untracked(|picture| picture.run.id);
        Route::FlowRun(id, FlowRunTab::Timeline)
    };
    // From the run's start to its end, or to now: then it moves on with the clock.
    let span = move || {
        let run = picture.with(|picture| picture.run.clone());
        let ended = run.end();
        let to = ended.unwrap_or_else(|| {
            if run.state.is_finished() {
                clock.get_untracked()
            } else {
                clock.get()
            }
        });
        let from = run.started_at.unwrap_or(run.scheduled_at).millis();
        let least = if ended.is_some() { Span::SHORTEST } else { 1_000.0 };
        Span {
            from,
            to: to.millis().max(from + least),
        }
    };
    let paths = move || {
        let span = span();
        let outlines = task_runs
            .value
            .with(|runs| runs.as_ref().map(|runs| strip(runs, span, span.to)));
        let path = |(group, path)| {
            view! { <path class="strip__part" data-state=group_state(group).css_name() d=path/> }
        };
        outlines
            .unwrap_or_default()
            .into_iter()
            .map(path)
            .collect_view()
            .into_any()
    };
    let navigate = use_navigate();
    let tab = use_tab::<FlowRunTab>();
    let on_click = move |event: web_sys::MouseEvent| {
        // With a key held it opens elsewhere, as any link.
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.shift_key() && event.client_x() > 0;
        if let Some(frame) = frame.get_untracked().filter(|_| is_plain) {
            event.prevent_default();
            let bounds = frame.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
            let span = untrack(span);
            let at = Timestamp::from_millis(span.from + span.length() * share.clamp(0.0, 1.0));
            let shown = TimelineView {
                task: selected.get_untracked(),
                part: Some(Part::Around(at)),
            };
            // On the timeline it is one more look at it, which *back* does not go through.
            let options = NavigateOptions {
                replace: tab.get_untracked() == FlowRunTab::Timeline,
                ..Default::default()
            };
            navigate(&timeline().with_timeline(&shown), options);
        }
    };
    view! {
        <a
            class="strip"
            node_ref=frame
            href=move || timeline().with_task(selected.get())
            title="Task runs at work over time. A press opens the timeline there."
            on:click=on_click
        >
            <span class="visually-hidden">"The run over time: open the timeline"</span>
            <svg viewBox=format!("0 0 {STRIP_COLUMNS} 100") preserveAspectRatio="none" aria-hidden="true">{paths}</svg>
        </a>
    }
}
