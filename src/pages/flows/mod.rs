//! `/flows` and `/project/:id`: all flows by project, or those of one; making, changing and deleting projects.

mod move_flow;

use flowdeck_vocabulary::ProjectId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use serde_json::json;

use crate::components::flow_line::{FlowLineActions, FlowLines};
use crate::format;
use crate::model::{FlowLine, FlowSort, FlowsView, Project, RunColumn, register_commands};
use crate::pages::project::ProjectDialogs;
use crate::pages::runs::RunHistoryViewProps;
use crate::pages::{NotFoundPage, use_tab};
use crate::parts;
use crate::resources::{ScheduleChange, use_change_schedule, use_flow_lines, use_quick_run};
use crate::routes::{ProjectTab, Route, Tab};
use crate::session::{Place, use_place};
use crate::ui::button::{Button, Weight};
use crate::ui::command::Command;
use crate::ui::each::Each;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::loaded::Loaded;
use crate::ui::switch::Switch;
use crate::ui::tabs::{TabLink, Tabs};
use crate::under_way::QuickRun;

/// How many flows the server lists at most.
const MOST: usize = 500;

/// The projects and their flows, as the server answers them.
type Lines = Signal<(Vec<Project>, Vec<FlowLine>)>;

/// The list of flows. `None` in the URL is all of them; what is no id is no place.
#[component]
pub fn FlowsPage() -> impl IntoView {
    let params = use_params_map();
    let wanted = Memo::new(move |_| match params.with(|params| params.get("id")) {
        None => Some(None),
        Some(id) => id.parse::<ProjectId>().ok().map(Some),
    });
    let query = use_query_map();
    let view = Memo::new(move |_| query.with(|query| FlowsView::read(|name| query.get(name))));
    let lines = use_flow_lines(move || Some((wanted.get()?, view.with(|view| view.archived))));
    let quick_run = use_quick_run(Callback::new(move |_| lines.refresh.run(())));
    let name = Memo::new(move |_| {
        wanted.get().flatten()?;
        lines.value.with(|lines| {
            lines
                .as_ref()
                .and_then(|(projects, _)| projects.first().map(|p| p.name.clone()))
        })
    });
    use_place(move || {
        let flows = "Flows".to_owned();
        match (wanted.get().flatten(), name.get()) {
            (None, _) => Place {
                crumbs: vec![(flows.clone(), None)],
                title: flows,
            },
            (Some(_), name) => {
                let name = name.unwrap_or_default();
                let crumbs = vec![(flows, Some(Route::Flows.to_string())), (name.clone(), None)];
                Place { crumbs, title: name }
            }
        }
    });
    let known = Memo::new(move |_| wanted.with(Option::is_some));
    let project = Memo::new(move |_| wanted.get().flatten());
    let dialogs = ProjectDialogs::new();
    let navigate = use_navigate();
    let go = Callback::new(move |url: String| navigate(&url, Default::default()));
    let after_delete = Callback::new(move |()| {
        if project.get_untracked().is_some() {
            go.run(Route::Flows.to_string());
        } else {
            lines.refresh.run(());
        }
    });
    live(move || {
        if !known.get() {
            return view! { <NotFoundPage/> }.into_any();
        }
        view! {
            <div class="page">
                <Loaded polled=lines what="list of flows" let:shown>
                    {by_project(shown, project, view, quick_run, dialogs, lines.refresh)}
                </Loaded>
                {dialogs.view(lines.refresh, after_delete)}
            </div>
        }
        .into_any()
    })
}

fn by_project(
    lines: Lines,
    project: Memo<Option<ProjectId>>,
    view: Memo<FlowsView>,
    quick_run: QuickRun,
    dialogs: ProjectDialogs,
    refresh: Callback<()>,
) -> AnyView {
    let tab = use_tab::<ProjectTab>();
    let count = Memo::new(move |_| lines.with(|(projects, flows)| (projects.len(), flows.len())));
    // The project whose page this is.
    let only = move || {
        lines
            .with(|(projects, _)| projects.first().cloned())
            .filter(|_| project.get().is_some())
    };
    view! {
        <div class="page__head">
            <div class="page__headline">
                <h1 class="page__title">{move || only().map_or_else(|| "Flows".to_owned(), |project| project.name)}</h1>
                <p class="page__lead">
                    {move || {
                        let (projects, flows) = count.get();
                        let flows = format::counted(flows, "flow");
                        match only() {
                            None => format!("{flows} in {}", format::counted(projects, "project")),
                            Some(project) => match project.description {
                                None => flows,
                                Some(description) => format!("{description} · {flows}"),
                            },
                        }
                    }}
                </p>
            </div>
            <div class="page__actions">
                {move || match only() {
                    None => view! {
                        <Button label="New project" on_click=Callback::new(move |()| dialogs.create())/>
                    }
                    .into_any(),
                    Some(project) => project_actions(&project, dialogs, Weight::Plain),
                }}
            </div>
        </div>
        {move || project.get().map(|id| tabs(id, tab)).into_any()}
        {move || match project.get().filter(|_| tab.get() == ProjectTab::Runs) {
            Some(id) => parts::run_history().show(move || {
                RunHistoryViewProps::builder()
                    .of(Signal::derive(move || Some(json!({ "flow": { "project_id": { "_eq": id.to_string() } } }))))
                    .route(Signal::derive(move || Route::Project(id, ProjectTab::Runs)))
                    .without(&[RunColumn::Project])
                    .build()
            }),
            None => flows(lines, project, view, quick_run, dialogs, refresh),
        }}
    }
    .into_any()
}

/// What can be done with a project.
fn project_actions(project: &Project, dialogs: ProjectDialogs, weight: Weight) -> AnyView {
    let (edited, deleted) = (project.clone(), project.clone());
    view! {
        <Button
            label="Edit"
            about=format!("the project {}", project.name)
            weight=weight
            on_click=Callback::new(move |()| dialogs.edit(edited.clone()))
        />
        <Button
            label="Delete"
            about=format!("the project {}", project.name)
            weight=weight
            on_click=Callback::new(move |()| dialogs.delete(deleted.clone()))
        />
    }
    .into_any()
}

fn tabs(project: ProjectId, tab: Memo<ProjectTab>) -> AnyView {
    let links = move || {
        ProjectTab::ALL
            .iter()
            .map(|shown| TabLink {
                label: match shown {
                    ProjectTab::Flows => "Flows",
                    ProjectTab::Runs => "Runs",
                },
                count: None,
                href: Route::Project(project, *shown).to_string(),
                current: *shown == tab.get(),
            })
            .collect::<Vec<_>>()
    };
    view! { <Tabs label="Parts of the project" tabs=Signal::derive(links)/> }.into_any()
}

/// The field that finds flows, their order, and whether archived ones are shown.
fn tools(view: Memo<FlowsView>, set: Callback<FlowsView>) -> AnyView {
    let change = move |edit: &dyn Fn(&mut FlowsView)| {
        let mut changed = view.get_untracked();
        edit(&mut changed);
        set.run(changed);
    };
    view! {
        <div class="flows-tools">
            <input
                class="field__text field__text--plain flows-tools__text"
                type="search"
                aria-label="Find flows by name"
                placeholder="Find flows by name"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || view.with(|view| view.text.clone())
                on:input=move |event| change(&|view| view.text = event_target_value(&event))
            />
            <label class="select">
                <span class="section__note">"Sort by "</span>
                <select on:change=move |event| {
                    let name = event_target_value(&event);
                    change(&|view| {
                        let sorts = FlowSort::ALL.into_iter();
                        view.sort = sorts.into_iter().find(|sort| sort.name() == name).unwrap_or_default();
                    });
                }>
                    {FlowSort::ALL
                        .into_iter()
                        .map(|sort| view! {
                            <option value=sort.name() selected=move || view.with(|view| view.sort == sort)>{sort.words()}</option>
                        })
                        .collect_view()}
                </select>
            </label>
            <Switch
                label="Show archived"
                on=Signal::derive(move || view.with(|view| view.archived))
                on_change=Callback::new(move |on| change(&|view| view.archived = on))
            />
        </div>
    }
    .into_any()
}

/// The flows of each project.
fn flows(
    lines: Lines,
    project: Memo<Option<ProjectId>>,
    view: Memo<FlowsView>,
    quick_run: QuickRun,
    dialogs: ProjectDialogs,
    refresh: Callback<()>,
) -> AnyView {
    let navigate = use_navigate();
    // In the same place of the history, so that *back* leaves the page.
    let set = Callback::new(move |view: FlowsView| {
        let route = project.get_untracked().map_or(Route::Flows, Route::project);
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&route.with_flows_view(&view), options);
    });
    let busy = RwSignal::new(false);
    let change_schedule = use_change_schedule(busy, refresh);
    let moved = RwSignal::new(None::<FlowLine>);
    let actions = FlowLineActions {
        on_schedule: Callback::new(move |(flow, on)| change_schedule.run(ScheduleChange::Active(flow, on))),
        on_move: Callback::new(move |flow| moved.set(Some(flow))),
        busy,
    };
    let shown = Memo::new(move |_| lines.with(|(_, flows)| view.with(|view| view.shown(flows))));
    let is_searched = move || view.with(|view| !view.text.trim().is_empty());
    let projects = Memo::new(move |_| {
        let mut projects = lines.with(|(projects, _)| projects.clone());
        if is_searched() {
            projects.retain(|project| {
                shown.with(|flows| flows.iter().any(|line| line.flow.project_id == project.id))
            });
        }
        projects
    });
    let section = move |of: Project| {
        let id = of.id;
        let flows = Memo::new(move |_| {
            shown.with(|flows| {
                flows
                    .iter()
                    .filter(|line| line.flow.project_id == id)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        });
        let empty = Memo::new(move |_| flows.with(Vec::is_empty));
        let name = of.name.clone();
        let is_listed = project.with_untracked(Option::is_none);
        let head = is_listed.then(|| {
            view! {
                <div class="section__head">
                    <h2 class="section__title"><a class="link" href=Route::project(id).to_string()>{of.name.clone()}</a></h2>
                    <span class="section__note">{of.description.clone()}</span>
                    <span class="flows__actions">{project_actions(&of, dialogs, Weight::Quiet)}</span>
                </div>
            }
        });
        view! {
            <section class="section" aria-label=of.name.clone()>
                {head}
                {move || if empty.get() && is_listed {
                    let href = Route::project(id).to_string();
                    view! { <p class="nothing">"No flows so far. " <a class="link" href=href>"How to register one"</a></p> }.into_any()
                } else if empty.get() {
                    no_flows(&name)
                } else {
                    view! { <FlowLines flows=flows quick_run=quick_run actions=Some(actions)/> }.into_any()
                }}
            </section>
        }
    };
    view! {
        {tools(view, set)}
        <Each of=move || projects.get() key=|project| (project.id, project.name.clone(), project.description.clone()) let:of>
            {section(of)}
        </Each>
        {move || {
            let text = view.with(|view| view.text.trim().to_owned());
            match (projects.with(Vec::is_empty), is_searched()) {
                (false, _) => ().into_any(),
                (true, true) => view! {
                    <Empty icon=Icon::Search title="No such flow" text=format!("No flow has “{text}” in its name.")>
                        <Button
                            label="Show all flows"
                            on_click=Callback::new(move |()| set.run(FlowsView { text: String::new(), ..view.get_untracked() }))
                        />
                    </Empty>
                }
                .into_any(),
                (true, false) => view! {
                    <Empty icon=Icon::Flows title="No projects yet" text="Flows live in projects. Make one here, or with:">
                        <Button label="New project" weight=Weight::Primary on_click=Callback::new(move |()| dialogs.create())/>
                        <Command text="flowdeck create project my-project"/>
                    </Empty>
                }
                .into_any(),
            }
        }}
        {move || (lines.with(|(_, flows)| flows.len()) == MOST).then(|| view! {
            <p class="nothing">{format!("Only {MOST} flows are listed. Others are found by the search at the top.")}</p>
        }).into_any()}
        {move_flow::dialog(moved, refresh)}
    }
    .into_any()
}

/// How a flow comes into a project.
fn no_flows(project: &str) -> AnyView {
    let [rust, python] = register_commands(project);
    view! {
        <Empty icon=Icon::Flows title="No flows in this project" text="Register one from the folder it is in.">
            <ul class="flows__register">
                <li><span class="nothing">"A Rust program"</span> <Command text=rust/></li>
                <li><span class="nothing">"A Python file, with Prefect 1"</span> <Command text=python/></li>
            </ul>
        </Empty>
    }
    .into_any()
}
