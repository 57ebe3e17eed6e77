//! `/flow-run/:id`: one run of a flow, live.

mod actions;
mod artifacts;
mod drag;
mod failures;
mod head;
mod history;
mod inspector;
mod logs;
mod parameters;
mod schematic;
mod strip;
mod task_runs;
mod timeline;

pub use artifacts::{ArtifactsTab, ArtifactsTabProps};
pub use history::{HistoryTab, HistoryTabProps};
pub use logs::{LogsTab, LogsTabProps};
pub use parameters::{ParametersTab, ParametersTabProps};
pub use timeline::{TimelineTab, TimelineTabProps};

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;

use self::inspector::Selection;
use super::{use_id, use_selected_task, use_tab};
use crate::components::favicon::use_favicon;
use crate::components::progress::Progress;
use crate::components::state_badge::state_word;
use crate::format;
use crate::model::{FlowRunPicture, TaskRuns, count_states};
use crate::pages::WithId;
use crate::parts;
use crate::polled::Polled;
use crate::resources::{use_flow_run, use_task_runs, use_usual_duration};
use crate::routes::{FlowRunTab, Route, Tab};
use crate::session::{Place, use_place};
use crate::ui::loaded::Loaded;
use crate::ui::tabs::{TabLink, Tabs};

/// One flow run.
#[component]
pub fn FlowRunPage() -> impl IntoView {
    let id = use_id::<FlowRunId>();
    let tab = use_tab::<FlowRunTab>();
    let run = use_flow_run(move || id.get());
    let task_runs = use_task_runs(move || id.get(), run);
    let group = Memo::new(move |_| {
        run.value
            .with(|picture| picture.as_ref().map(|picture| picture.flow_group_id))
    });
    let usual = use_usual_duration(move || group.get());
    let selected = use_selected_task();
    let selection = Selection::new(run, task_runs, move || {
        tab.get() == FlowRunTab::Schematic || selected.get().is_some()
    });
    use_place(move || place(run.value.get()));
    use_favicon(move || {
        run.value
            .with(|picture| picture.as_ref().map(|picture| picture.run.state))
    });

    view! {
        <WithId id=id>
            <div class="page">
                <Loaded polled=run what="flow run" let:picture>
                    <head::Head picture=picture run=run task_runs=task_runs usual=Signal::derive(move || usual.value.get().flatten())/>
                    <strip::Strip picture=picture task_runs=task_runs selected=selected/>
                    <failures::FailedTasks picture=picture task_runs=task_runs/>
                    <RunProgress task_runs=task_runs/>
                    <RunTabs picture=picture task_runs=task_runs tab=tab/>
                    {move || match tab.get() {
                        FlowRunTab::TaskRuns => view! {
                            <task_runs::TaskRunsTab picture=picture run=run task_runs=task_runs selection=selection/>
                        }
                        .into_any(),
                        FlowRunTab::Schematic => view! {
                            <schematic::SchematicTab picture=picture selection=selection/>
                        }
                        .into_any(),
                        FlowRunTab::Timeline => {
                            parts::timeline_tab().show(move || TimelineTabProps { picture, run, task_runs, selection })
                        }
                        FlowRunTab::Logs => parts::logs_tab().show(move || LogsTabProps { picture, task_runs }),
                        FlowRunTab::History => parts::history_tab().show(move || HistoryTabProps { picture, run }),
                        FlowRunTab::Parameters => {
                            parts::parameters_tab().show(move || ParametersTabProps { picture })
                        }
                        FlowRunTab::Artifacts => parts::artifacts_tab().show(move || ArtifactsTabProps { picture }),
                    }}
                </Loaded>
            </div>
        </WithId>
    }
}

fn place(picture: Option<FlowRunPicture>) -> Place {
    let Some(FlowRunPicture { run, .. }) = picture else {
        return Place {
            crumbs: Vec::new(),
            title: "Flow run".to_owned(),
        };
    };
    Place {
        crumbs: vec![
            (run.project_name, Some(Route::project(run.project_id).to_string())),
            (run.flow_name, Some(Route::flow(run.flow_id).to_string())),
            (run.name.clone(), None),
        ],
        title: format!("{} · {}", state_word(run.state), run.name),
    }
}

#[component]
fn RunProgress(task_runs: Polled<TaskRuns>) -> impl IntoView {
    let counts = Memo::new(move |_| {
        task_runs.value.with(|runs| {
            runs.as_ref()
                .map(|runs| count_states(runs.counted()))
                .unwrap_or_default()
        })
    });
    view! { <Progress counts=counts/> }
}

#[component]
fn RunTabs(
    picture: Signal<FlowRunPicture>,
    task_runs: Polled<TaskRuns>,
    tab: Memo<FlowRunTab>,
) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    // The selected task stays selected from tab to tab.
    let selected = use_selected_task();
    let count = Memo::new(move |_| {
        task_runs
            .value
            .with(|runs| runs.as_ref().map(|runs| runs.counted().count()))
    });
    let artifacts = Memo::new(move |_| picture.with(|picture| picture.artifacts));
    let tabs = move || {
        FlowRunTab::ALL
            .iter()
            .map(|shown| TabLink {
                label: match shown {
                    FlowRunTab::TaskRuns => "Task runs",
                    FlowRunTab::Schematic => "Schematic",
                    FlowRunTab::Timeline => "Timeline",
                    FlowRunTab::Logs => "Logs",
                    FlowRunTab::History => "History",
                    FlowRunTab::Parameters => "Parameters",
                    FlowRunTab::Artifacts => "Artifacts",
                },
                count: match shown {
                    FlowRunTab::TaskRuns => count.get(),
                    FlowRunTab::Artifacts => Some(artifacts.get()).filter(|count| *count > 0),
                    _ => None,
                }
                .map(format::count),
                href: Route::FlowRun(id.get(), *shown).with_task(selected.get()),
                current: *shown == tab.get(),
            })
            .collect::<Vec<_>>()
    };
    view! { <Tabs label="Parts of the run" tabs=Signal::derive(tabs)/> }
}
