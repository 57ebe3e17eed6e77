//! Flow runs as a short list of links, for the first page.

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;

use super::state_badge::StateBadge;
use super::time::{Ago, Elapsed, Until};
use crate::model::{FlowRun, Timestamp};
use crate::routes::Route;
use crate::ui::each::{Each, item};

/// What the number at the right of each line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// How long it has been running.
    Elapsed,
    /// How far its scheduled time is away.
    Scheduled,
    /// The same of what is to come: what is due is about to start and not late.
    Upcoming,
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
    /// The names that flows of more than one project have: with these the project is told.
    #[prop(optional, into)]
    shared: Signal<Vec<String>>,
    /// Said when there is none.
    empty: &'static str,
) -> impl IntoView {
    view! {
        <ul class="short-list">
            <Each of=move || runs.get() key=|run| run.id let:run>
                {
                    let id = run.id;
                    let href = Route::flow_run(id).to_string();
                    // The line stays, with its focus, while what is in it changes.
                    let run = item(runs, run, |one, other| one.id == other.id);
                    let text = move |of: fn(&FlowRun) -> String| Memo::new(move |_| run.with(of));
                    let title = text(|run| format!("{} / {} / {}", run.project_name, run.flow_name, run.name));
                    let (flow, name) = (text(|run| run.flow_name.clone()), text(|run| run.name.clone()));
                    let project = move || run.with(|run| {
                        shared.with(|shared| shared.contains(&run.flow_name)).then(|| view! {
                            <span class="short-list__detail">{run.project_name.clone()} " · "</span>
                        })
                    });
                    let state = Memo::new(move |_| run.with(|run| run.state));
                    view! {
                        <li>
                            <a class="short-list__line" href=href title=title>
                                <StateBadge state=state dense=true/>
                                <span class="short-list__name">{flow} " " {project} <span class="short-list__detail">{name}</span></span>
                                {move || stuck.with(|stuck| stuck.contains(&id)).then(|| view! {
                                    <span class="short-list__mark" data-state="retrying" title="It has taken more than three times as long as usual, or an agent took it and it does not start">
                                        "stuck?"
                                    </span>
                                })}
                                <span class="short-list__number">
                                    {match tells {
                                        Tells::Scheduled | Tells::Upcoming => {
                                            let due = Memo::new(move |_| run.with(FlowRun::due_at));
                                            (move || match tells {
                                                Tells::Upcoming => view! { <Until time=due.get()/> }.into_any(),
                                                _ => view! { <Ago time=due.get()/> }.into_any(),
                                            })
                                            .into_any()
                                        }
                                        Tells::Elapsed => view! {
                                            <Elapsed
                                                of=Callback::new(move |now: Timestamp| run.with(|run| run.duration(now)))
                                                ticks=Signal::derive(move || !state.get().is_finished())
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
