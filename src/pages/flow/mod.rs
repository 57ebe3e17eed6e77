//! `/flow/:id`: one flow; overview, runs and tasks.

mod clock_form;
mod next_times;
mod overview;
mod parameter_defaults;
mod run;
mod schedule_editor;
mod schedules;
mod schematic;
mod settings;
mod tasks;
mod versions;

pub use run::{Run, RunProps};
pub use schedules::{Schedules, SchedulesProps};
pub use settings::{Settings, SettingsProps};
pub use versions::{Versions, VersionsProps};

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde_json::json;

use super::{use_id, use_selected_task, use_tab};
use crate::components::state_badge::state_word;
use crate::components::time::{Ago, next_start};
use crate::model::{Flow, FlowRun, RunColumn, missing_in_words, schedule_in_words};
use crate::pages::WithId;
use crate::pages::runs::RunHistoryViewProps;
use crate::parts;
use crate::resources::{FlowRunFilter, use_flow, use_flow_runs, use_quick_run};
use crate::routes::{FlowTab, Route, Tab};
use crate::session::{Place, use_place};
use crate::ui::button::{Button, Weight};
use crate::ui::empty::Empty;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::live;
use crate::ui::loaded::Loaded;
use crate::ui::only::Only;
use crate::ui::page_action::use_page_action;
use crate::ui::tabs::{TabLink, Tabs};
use crate::under_way::QuickRun;
use crate::{format, wall_clock};

/// One flow.
#[component]
pub fn FlowPage() -> impl IntoView {
    let id = use_id::<FlowId>();
    let tab = use_tab::<FlowTab>();
    // The links of Prefect's dashboard name a flow group and the number of a version.
    let query = use_query_map();
    let number = Memo::new(move |_| {
        query
            .with(|query| query.get("version"))
            .and_then(|number| number.parse().ok())
    });
    let flow = use_flow(move || Some((id.get()?, number.get())));
    let group = Memo::new(move |_| flow.value.with(|flow| flow.as_ref().map(|flow| flow.group_id)));
    let runs = use_flow_runs(move || {
        group.get().map(|group| FlowRunFilter {
            states: None,
            flow_group_id: Some(group),
            due_only: true,
        })
    });
    use_place(move || {
        let flow = flow.value.get();
        let crumbs = flow.as_ref().map_or_else(Vec::new, |flow| {
            vec![
                (
                    flow.project_name.clone(),
                    Some(Route::project(flow.project_id).to_string()),
                ),
                (flow.name.clone(), None),
            ]
        });
        Place {
            crumbs,
            title: flow.map_or_else(|| "Flow".to_owned(), |flow| flow.name),
        }
    });
    let typed = run::Typed::new();
    let clock = schedule_editor::Typed::new();
    let started = RwSignal::new(0);
    let quick_run = use_quick_run(Callback::new(move |_| {
        runs.refresh.run(());
        started.update(|count| *count += 1);
    }));
    let refresh = flow.refresh;

    view! {
        <WithId id=id>
            <div class="page">
                <Loaded polled=flow what="flow" let:flow>
                    <Head flow=flow runs=runs.value quick_run=quick_run tab=tab/>
                    <FlowTabs flow=flow tab=tab/>
                    {move || match tab.get() {
                        FlowTab::Overview => view! {
                            <overview::Overview flow=flow runs=runs/>
                        }
                        .into_any(),
                        FlowTab::Schematic => view! { <schematic::SchematicTab flow=flow/> }.into_any(),
                        FlowTab::Runs => parts::run_history().show(move || RunHistoryViewProps {
                            of: Signal::derive(move || {
                                let group = group.get()?.to_string();
                                Some(json!({ "flow": { "flow_group_id": { "_eq": group } } }))
                            }),
                            route: Signal::derive(move || Route::Flow(flow.with(|flow| flow.id), FlowTab::Runs)),
                            started: started.into(),
                            without: &[RunColumn::Project, RunColumn::Flow],
                        }),
                        FlowTab::Tasks => view! { <tasks::Tasks flow=flow/> }.into_any(),
                        FlowTab::Schedules => parts::schedules().show(move || SchedulesProps { flow, typed: clock, refresh }),
                        FlowTab::Versions => parts::versions().show(move || VersionsProps { flow }),
                        FlowTab::Run => parts::run_form().show(move || RunProps { flow, typed }),
                        FlowTab::Settings => parts::flow_settings().show(move || SettingsProps { flow, refresh }),
                    }}
                </Loaded>
            </div>
        </WithId>
    }
}

#[component]
fn NoRuns() -> impl IntoView {
    view! { <Empty icon=Icon::Runs title="It has never run" text="Quick Run starts it now."/> }
}

#[component]
fn Head(
    flow: Signal<Flow>,
    runs: RwSignal<Option<Vec<FlowRun>>>,
    quick_run: QuickRun,
    tab: Memo<FlowTab>,
) -> impl IntoView {
    let name = Memo::new(move |_| flow.with(|flow| flow.name.clone()));
    let missing = Memo::new(move |_| flow.with(Flow::missing_parameters));
    let start = move |()| {
        let flow = flow.get_untracked();
        quick_run
            .start
            .run((flow.id, flow.name.clone(), flow.missing_parameters()));
    };
    let start = Callback::new(start);
    use_page_action(
        "Quick Run",
        Icon::Play,
        move || flow.with(|flow| !flow.archived),
        start,
    );
    view! {
        <div class="page__head">
            <div class="page__headline">
                <h1 class="page__title">{name}</h1>
                <p class="page__lead page__lead--facts"><Answer runs=runs/> {schedule_words(flow)}</p>
            </div>
            <div class="page__actions">
                <VersionSelector flow=flow/>
                <Only when=move || !flow.with(|flow| flow.archived)>
                    <Button
                        label="Quick Run"
                        icon=Icon::Play
                        weight=Weight::Primary
                        busy=Signal::derive(move || quick_run.under_way.has(&flow.with(|flow| flow.id)))
                        on_click=start
                    />
                </Only>
            </div>
        </div>
        {move || flow.with(|flow| flow.archived).then(|| {
            let newest = flow.with(|flow| flow.newer().cloned());
            view! {
                <p class="notice" data-tone="warning">
                    <Glyph icon=Icon::Warning/>
                    <span>
                        "This version is archived; it starts no runs. "
                        {newest.map(|newest| view! {
                            <a class="link link--main" href=Route::flow(newest.id).to_string()>
                                {format!("Go to version {}", newest.version)}
                            </a>
                        })}
                    </span>
                </p>
            }
        })}
        {move || (!missing.with(Vec::is_empty) && tab.get() != FlowTab::Run).then(|| {
            let names = missing.get();
            let command = crate::model::run_command(&name.get(), &names);
            let form = Route::Flow(flow.with_untracked(|flow| flow.id), FlowTab::Run).to_string();
            view! {
                <div class="notice" data-tone="warning">
                    <Glyph icon=Icon::Warning/>
                    <span>
                        {format!("Quick Run cannot start this flow: {}. ", missing_in_words(&names))}
                        <a class="link link--main" href=form>"Fill in the form"</a>
                    </span>
                    <crate::ui::command::Command text=command/>
                </div>
            }
        })}
    }
}

/// The clocks of a flow's schedule in words.
fn clocks_in_words(flow: &Flow) -> Vec<String> {
    let words = |schedule| schedule_in_words(schedule, wall_clock::hours());
    flow.schedule.as_ref().map(words).unwrap_or_default()
}

/// Whether it runs by itself, and when next; nothing of a flow without clocks.
fn schedule_words(flow: Signal<Flow>) -> AnyView {
    let schedule = Memo::new(move |_| {
        flow.with(|flow| {
            let clocks = clocks_in_words(flow);
            (clocks.join("; "), flow.is_schedule_active && !flow.archived)
        })
    });
    let next = Memo::new(move |_| flow.with(|flow| flow.next_at));
    let words = move || {
        let (clocks, is_on) = schedule.get();
        if clocks.is_empty() {
            return ().into_any();
        }
        let href = Route::Flow(flow.with_untracked(|flow| flow.id), FlowTab::Schedules).to_string();
        let state = if is_on { "Schedule on: " } else { "Schedule off: " };
        let next = next.get().filter(|_| is_on);
        view! {
            " · " {state} <a class="link" href=href>{clocks}</a>
            {next.map(|time| view! { ", " <span class="nowrap">{next_start(time)}</span> })}
        }
        .into_any()
    };
    words.into_any()
}

/// How it does, by its latest run.
#[component]
fn Answer(runs: RwSignal<Option<Vec<FlowRun>>>) -> impl IntoView {
    let latest = Memo::new(move |_| {
        runs.with(|runs| {
            let first = |runs: &Vec<FlowRun>| {
                let run = runs.first()?;
                let at = run.end().or(run.started_at).unwrap_or(run.scheduled_at);
                Some((run.id, run.name.clone(), run.state, at))
            };
            runs.as_ref().map(first)
        })
    });
    live(move || match latest.get() {
        // Not known yet. The line keeps its place.
        None => view! { "\u{a0}" }.into_any(),
        Some(None) => view! { "Never run so far." }.into_any(),
        Some(Some((id, name, state, at))) => {
            let words = state_word(state).to_ascii_lowercase();
            view! {
                "Last run "
                <a class="link link--main" href=Route::flow_run(id).to_string()>{name}</a>
                {format!(": {words}, ")}
                <Ago time=at/>
            }
            .into_any()
        }
    })
}

/// Which version is shown. A plain select: one key press away, and right on every phone.
#[component]
fn VersionSelector(flow: Signal<Flow>) -> impl IntoView {
    let navigate = use_navigate();
    let versions = Memo::new(move |_| flow.with(|flow| (flow.id, flow.versions.clone())));
    let on_change = move |event| {
        if let Ok(id) = event_target_value(&event).parse::<FlowId>() {
            navigate(&Route::flow(id).to_string(), Default::default());
        }
    };
    view! {
        <label class="select">
            <span class="visually-hidden">"Version"</span>
            <select on:change=on_change>
                {move || {
                    let (shown, versions) = versions.get();
                    let newest = versions.first().map(|version| version.id);
                    versions
                        .into_iter()
                        .map(|version| {
                            let suffix = match (newest == Some(version.id), version.archived) {
                                (_, true) => " (archived)",
                                (true, _) => " (latest)",
                                _ => "",
                            };
                            view! {
                                <option value=version.id.to_string() selected=version.id == shown>
                                    {format!("Version {}{suffix}", version.version)}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </label>
    }
}

#[component]
fn FlowTabs(flow: Signal<Flow>, tab: Memo<FlowTab>) -> impl IntoView {
    let selected = use_selected_task();
    let tabs = move || {
        let (id, tasks) = flow.with(|flow| (flow.id, flow.task_count));
        FlowTab::ALL
            .iter()
            .map(|shown| TabLink {
                label: match shown {
                    FlowTab::Overview => "Overview",
                    FlowTab::Schematic => "Schematic",
                    FlowTab::Runs => "Runs",
                    FlowTab::Tasks => "Tasks",
                    FlowTab::Schedules => "Schedule",
                    FlowTab::Versions => "Versions",
                    FlowTab::Run => "Run",
                    FlowTab::Settings => "Settings",
                },
                count: (*shown == FlowTab::Tasks).then(|| format::count(tasks)),
                href: Route::Flow(id, *shown).with_task(selected.get()),
                current: *shown == tab.get(),
            })
            .collect::<Vec<_>>()
    };
    view! { <Tabs label="Parts of the flow" tabs=Signal::derive(tabs)/> }
}
