//! `/flows` and `/project/:id`: all flows by project, or those of one.

use flowdeck_vocabulary::ProjectId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::json;

use crate::components::flow_line::FlowLines;
use crate::format;
use crate::model::{FlowLine, Project, RunColumn};
use crate::pages::runs::RunHistoryView;
use crate::pages::{NotFoundPage, use_tab};
use crate::resources::{use_flow_lines, use_quick_run};
use crate::routes::{ProjectTab, Route, Tab};
use crate::session::{Place, use_place};
use crate::ui::command::Command;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::tabs::{TabLink, Tabs};

/// The list of flows. `None` in the URL is all of them; what is no id is no place.
#[component]
pub fn FlowsPage() -> impl IntoView {
    let params = use_params_map();
    let wanted = Memo::new(move |_| match params.with(|params| params.get("id")) {
        None => Some(None),
        Some(id) => id.parse::<ProjectId>().ok().map(Some),
    });
    let lines = use_flow_lines(move || wanted.get());
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
    move || {
        if !known.get() {
            return view! { <NotFoundPage/> }.into_any();
        }
        view! {
            <div class="page">
                <Loaded polled=lines what="list of flows" let:lines>
                    <ByProject lines=lines project=project on_quick_run=quick_run/>
                </Loaded>
            </div>
        }
        .into_any()
    }
}

#[component]
fn ByProject(
    lines: Signal<(Vec<Project>, Vec<FlowLine>)>,
    project: Memo<Option<ProjectId>>,
    on_quick_run: crate::components::flow_line::QuickRun,
) -> impl IntoView {
    let projects = Memo::new(move |_| lines.with(|(projects, _)| projects.clone()));
    let tab = use_tab::<ProjectTab>();
    let count = Memo::new(move |_| lines.with(|(projects, flows)| (projects.len(), flows.len())));
    view! {
        <div class="page__head">
            <div class="page__headline">
                <h1 class="page__title">
                    {move || match (projects.get().as_slice(), count.get()) {
                        ([only], (1, _)) => only.name.clone(),
                        _ => "Flows".to_owned(),
                    }}
                </h1>
                <p class="page__lead">
                    {move || {
                        let (projects, flows) = count.get();
                        format!("{} in {}", format::counted(flows, "flow"), format::counted(projects, "project"))
                    }}
                </p>
            </div>
        </div>
        {move || project.get().map(|id| tabs(id, tab))}
        {move || match project.get().filter(|_| tab.get() == ProjectTab::Runs) {
            Some(id) => view! {
                <RunHistoryView
                    of=Signal::derive(move || Some(json!({ "flow": { "project_id": { "_eq": id.to_string() } } })))
                    route=Signal::derive(move || Route::Project(id, ProjectTab::Runs))
                    without=&[RunColumn::Project]
                />
            }
            .into_any(),
            None => view! { <Flows projects=projects lines=lines on_quick_run=on_quick_run/> }.into_any(),
        }}
    }
}

fn tabs(project: ProjectId, tab: Memo<ProjectTab>) -> impl IntoView {
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
    view! { <Tabs label="Parts of the project" tabs=Signal::derive(links)/> }
}

/// The flows of each project.
#[component]
fn Flows(
    projects: Memo<Vec<Project>>,
    lines: Signal<(Vec<Project>, Vec<FlowLine>)>,
    on_quick_run: crate::components::flow_line::QuickRun,
) -> impl IntoView {
    view! {
        <For each=move || projects.get() key=|project| (project.id, project.name.clone()) let:project>
            {
                let id = project.id;
                let flows = Memo::new(move |_| {
                    lines.with(|(_, flows)| flows.iter().filter(|flow| flow.project_id == id).cloned().collect::<Vec<_>>())
                });
                let empty = Memo::new(move |_| flows.with(Vec::is_empty));
                let register = StoredValue::new(format!("cargo run -- register --project {}", project.name));
                view! {
                    <section class="section">
                        <div class="section__head">
                            <h2 class="section__title"><a class="link" href=Route::project(id).to_string()>{project.name}</a></h2>
                            <span class="section__note">{project.description}</span>
                        </div>
                        {move || if empty.get() {
                            view! {
                                <Empty icon=Icon::Flows title="No flows in this project" text="Register one from its folder:">
                                    <Command text=register.get_value()/>
                                </Empty>
                            }
                            .into_any()
                        } else {
                            view! { <FlowLines flows=flows on_quick_run=on_quick_run/> }.into_any()
                        }}
                    </section>
                }
            }
        </For>
        {move || projects.with(Vec::is_empty).then(|| view! {
            <Empty icon=Icon::Flows title="No projects yet" text="Flows live in projects. Make one:">
                <Command text="flowdeck create project my-project"/>
            </Empty>
        })}
    }
}
