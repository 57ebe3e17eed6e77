//! A flow as one line: its name, its last runs, its last state, when it runs next, and Quick Run.

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;

use super::run_bars::RunBars;
use super::state_badge::StateBadge;
use super::time::Ago;
use crate::model::FlowLine;
use crate::routes::Route;
use crate::ui::button::{Button, Weight};
use crate::ui::icon::Icon;

/// What Quick Run needs to know: the flow, its name, and the required parameters without a value.
pub type QuickRun = Callback<(FlowId, String, Vec<String>)>;

/// Flows, one line each.
#[component]
pub fn FlowLines(
    /// The flows in the order in which they are shown.
    #[prop(into)]
    flows: Signal<Vec<FlowLine>>,
    /// Starts one.
    on_quick_run: QuickRun,
) -> impl IntoView {
    view! {
        <ul class="flow-lines panel">
            <For each=move || flows.get() key=|flow| flow.id let:flow>
                {
                    let id = flow.id;
                    // The line stays, with its focus, while what is in it changes.
                    let flow = Memo::new(move |last: Option<&FlowLine>| {
                        let now = flows.with(|flows| flows.iter().find(|line| line.id == id).cloned());
                        now.or_else(|| last.cloned()).unwrap_or_else(|| flow.clone())
                    });
                    view! { <Line flow=flow.into() on_quick_run=on_quick_run/> }
                }
            </For>
        </ul>
    }
}

#[component]
fn Line(flow: Signal<FlowLine>, on_quick_run: QuickRun) -> impl IntoView {
    let name = Memo::new(move |_| flow.with(|flow| flow.name.clone()));
    let runs = Memo::new(move |_| flow.with(|flow| flow.runs.clone()));
    let last = move || {
        runs.with(|runs| {
            runs.last()
                .map(|run| (run.state, run.ended_at.or(run.started_at)))
        })
    };
    let next = Memo::new(move |_| flow.with(|flow| (flow.is_schedule_active, flow.next_at)));
    let start = move |()| {
        let flow = flow.get_untracked();
        let missing = flow.missing_parameters();
        on_quick_run.run((flow.id, flow.name, missing));
    };
    view! {
        <li class="flow-line">
            <a class="flow-line__name" href=move || flow.with(|flow| Route::flow(flow.id).to_string())>
                {name}
            </a>
            <div class="flow-line__bars">{move || view! { <RunBars runs=runs.get()/> }}</div>
            <span class="flow-line__last">
                {move || match last() {
                    Some((state, at)) => view! {
                        <StateBadge state=state/>
                        {at.map(|at| view! { <span class="flow-line__when"><Ago time=at/></span> })}
                    }
                    .into_any(),
                    None => view! { <span class="nothing">"never run"</span> }.into_any(),
                }}
            </span>
            <span class="flow-line__rate" title="Finished runs among these that ended well">
                {move || flow.with(FlowLine::success_rate).map(|rate| format!("{rate} % ok"))}
            </span>
            <span class="flow-line__next">
                {move || match next.get() {
                    (_, Some(at)) => view! { "next " <Ago time=at/> }.into_any(),
                    (true, None) => "schedule on".into_any(),
                    (false, None) => "".into_any(),
                }}
            </span>
            <span class="flow-line__action">
                <Button
                    label="Quick Run"
                    about=name
                    icon=Icon::Play
                    weight=Weight::Quiet
                    on_click=Callback::new(start)
                />
            </span>
        </li>
    }
}
