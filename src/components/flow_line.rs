//! A flow as one line: its name, its last runs, its last state, when it runs next, and Quick Run.

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;

use super::run_bars::RunBars;
use super::state_badge::StateBadge;
use super::time::{Ago, next_start};
use crate::model::FlowLine;
use crate::routes::Route;
use crate::ui::button::{Button, Weight};
use crate::ui::each::{Each, item};
use crate::ui::icon::Icon;
use crate::ui::only::Only;
use crate::ui::switch::Switch;
use crate::under_way::QuickRun;

/// What else can be done on a line.
#[derive(Clone, Copy)]
pub struct FlowLineActions {
    /// Turns its schedule on or off.
    pub on_schedule: Callback<(FlowId, bool)>,
    /// Asks where it shall go.
    pub on_move: Callback<FlowLine>,
    /// Something is being changed.
    pub busy: RwSignal<bool>,
}

/// Flows, one line each.
#[component]
pub fn FlowLines(
    /// The flows in the order in which they are shown.
    #[prop(into)]
    flows: Signal<Vec<FlowLine>>,
    /// Starts one.
    quick_run: QuickRun,
    /// What else can be done, where flows are managed.
    #[prop(optional_no_strip)]
    actions: Option<FlowLineActions>,
) -> impl IntoView {
    view! {
        <ul class="flow-lines panel" class:flow-lines--managed=actions.is_some()>
            <Each of=move || flows.get() key=|line| line.flow.id let:flow>
                {
                    // The line stays, with its focus, while what is in it changes.
                    let flow = item(flows, flow, |one, other| one.flow.id == other.flow.id);
                    view! { <Line flow=flow.into() quick_run=quick_run actions=actions/> }
                }
            </Each>
        </ul>
    }
}

#[component]
fn Line(flow: Signal<FlowLine>, quick_run: QuickRun, actions: Option<FlowLineActions>) -> impl IntoView {
    let name = Memo::new(move |_| flow.with(|line| line.flow.name.clone()));
    let runs = Memo::new(move |_| flow.with(|line| line.flow.runs.clone()));
    let last = move || {
        runs.with(|runs| {
            runs.last()
                .map(|run| (run.state, run.ended_at.or(run.started_at)))
        })
    };
    let next = Memo::new(move |_| flow.with(|flow| (flow.runs_by_itself(), flow.next_at)));
    let start = move |()| {
        let line = flow.get_untracked();
        let missing = line.missing_parameters();
        quick_run.start.run((line.flow.id, line.flow.name, missing));
    };
    view! {
        <li class="flow-line">
            <a class="flow-line__name" href=move || flow.with(|line| Route::flow(line.flow.id).to_string())>
                {name}
                {move || flow.with(|flow| flow.archived).then(|| view! { " " <span class="tag">"archived"</span> }).into_any()}
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
                {move || flow.with(|line| line.flow.success_rate()).map(|rate| format!("{rate} % ok"))}
            </span>
            <span class="flow-line__next">
                {move || match next.get() {
                    (_, Some(at)) => next_start(at),
                    (true, None) => "schedule on".into_any(),
                    (false, None) => "".into_any(),
                }}
            </span>
            {actions.map(|actions| managed(flow, name, actions))}
            <span class="flow-line__action">
                <Only when=move || !flow.with(|flow| flow.archived)>
                    <Button
                        label="Quick Run"
                        about=name
                        icon=Icon::Play
                        weight=Weight::Quiet
                        busy=Signal::derive(move || quick_run.under_way.has(&flow.with(|line| line.flow.id)))
                        on_click=Callback::new(start)
                    />
                </Only>
            </span>
        </li>
    }
}

/// The switch of its schedule, and the way to another project.
fn managed(flow: Signal<FlowLine>, name: Memo<String>, actions: FlowLineActions) -> AnyView {
    let has_switch = move || flow.with(|flow| flow.has_clocks && !flow.archived);
    view! {
        <span class="flow-line__switch">
            {move || has_switch().then(|| view! {
                <Switch
                    label=Signal::derive(move || format!("Schedule of {}", name.get()))
                    only_switch=true
                    on=Signal::derive(move || flow.with(|flow| flow.is_schedule_active))
                    busy=actions.busy
                    on_change=Callback::new(move |on| actions.on_schedule.run((flow.with_untracked(|line| line.flow.id), on)))
                />
            }).into_any()}
        </span>
        <span class="flow-line__move">
            <Button
                label="Move"
                about=name
                weight=Weight::Quiet
                on_click=Callback::new(move |()| actions.on_move.run(flow.get_untracked()))
            />
        </span>
    }
    .into_any()
}
