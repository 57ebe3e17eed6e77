//! Flow runs as a short list of links, for the first page.

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;

use super::state_badge::StateBadge;
use super::time::{Ago, Elapsed};
use crate::model::{FlowRun, Timestamp};
use crate::routes::Route;
use crate::ui::each::Each;

/// What the number at the right of each line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// How long it has been running.
    Elapsed,
    /// How far its scheduled time is away.
    Scheduled,
}

/// A short list of flow runs; one sentence when there is none.
#[component]
pub fn FlowRunList(
    /// The runs in the order in which they are shown.
    #[prop(into)]
    runs: Signal<Vec<FlowRun>>,
    /// What the number at the right tells.
    tells: Tells,
    /// Those that take unusually long; they are marked.
    #[prop(optional, into)]
    stuck: Signal<Vec<FlowRunId>>,
    /// Said when there is none.
    empty: &'static str,
) -> impl IntoView {
    view! {
        <ul class="short-list">
            <Each of=move || runs.get() key=|run| (run.id, run.state, run.started_at) let:run>
                {
                    let ticks = !run.state.is_finished();
                    let (id, when) = (run.id, run.due_at());
                    let href = Route::flow_run(run.id).to_string();
                    let title = format!("{} / {} / {}", run.project_name, run.flow_name, run.name);
                    let (flow, name, state) = (run.flow_name.clone(), run.name.clone(), run.state);
                    view! {
                        <li>
                            <a class="short-list__line" href=href title=title>
                                <StateBadge state=state dense=true/>
                                <span class="short-list__name">{flow} " " <span class="short-list__detail">{name}</span></span>
                                {move || stuck.with(|stuck| stuck.contains(&id)).then(|| view! {
                                    <span class="short-list__mark" data-state="retrying" title="It has taken more than three times as long as usual, or an agent took it and it does not start">
                                        "stuck?"
                                    </span>
                                })}
                                <span class="short-list__number">
                                    {match tells {
                                        Tells::Scheduled => view! { <Ago time=when/> }.into_any(),
                                        Tells::Elapsed => view! {
                                            <Elapsed
                                                of=Callback::new(move |now: Timestamp| run.duration(now))
                                                ticks=ticks
                                            />
                                        }
                                        .into_any(),
                                    }}
                                </span>
                            </a>
                        </li>
                    }
                }
            </Each>
        </ul>
        {move || runs.with(Vec::is_empty).then(|| view! { <p class="short-list__empty">{empty}</p> })}
    }
}
