//! `/task/:id`: one task of a version of a flow: what it is, what is around it, and how its runs went.

use flowdeck_vocabulary::TaskId;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::use_id;
use crate::components::markdown::MarkdownProps;
use crate::components::neighbors::{Neighbor, Neighbors};
use crate::components::state_badge::StateBadge;
use crate::components::task_bars::TaskBars;
use crate::components::time::{Ago, Elapsed};
use crate::format;
use crate::model::{PastTaskRun, TaskDetails, TaskGraph, TaskHistory, Timestamp, last_part_in_words};
use crate::pages::WithId;
use crate::parts;
use crate::resources::{use_task, use_task_history};
use crate::routes::{FlowTab, Route};
use crate::schematic::Neighborhood;
use crate::session::{Place, use_place};
use crate::ui::each::Each;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::only::Only;

/// One task.
#[component]
pub fn TaskPage() -> impl IntoView {
    let id = use_id::<TaskId>();
    let task = use_task(move || id.get());
    use_place(move || place(task.value.get()));
    view! {
        <WithId id=id>
            <div class="page">
                <Loaded polled=task what="task" let:task>
                    <Picture task=task.get_untracked()/>
                </Loaded>
            </div>
        </WithId>
    }
}

fn place(task: Option<TaskDetails>) -> Place {
    let Some(task) = task else {
        return Place {
            crumbs: Vec::new(),
            title: "Task".to_owned(),
        };
    };
    let mut crumbs = crumbs(&task);
    crumbs.push((task.task.title.clone(), None));
    Place {
        crumbs,
        title: task.task.title,
    }
}

/// The way to a task: its project and its flow.
pub(super) fn crumbs(task: &TaskDetails) -> Vec<(String, Option<String>)> {
    vec![
        (
            task.project_name.clone(),
            Some(Route::project(task.project_id).to_string()),
        ),
        (
            task.flow_name.clone(),
            Some(Route::flow(task.flow_id).to_string()),
        ),
    ]
}

/// The tasks before and after one, as they are in the flow. `link` says where each leads and how its run is.
pub(super) fn neighbors(
    around: &TaskGraph,
    task: TaskId,
    upstream: bool,
    link: impl Fn(usize) -> Neighbor,
) -> Vec<Neighbor> {
    let Some(own) = around.place(task) else {
        return Vec::new();
    };
    let mut found: Vec<(usize, Neighbor)> = Vec::new();
    for edge in around.edges() {
        let (near, far) = if upstream {
            (edge.downstream, edge.upstream)
        } else {
            (edge.upstream, edge.downstream)
        };
        if near != own {
            continue;
        }
        let at = found
            .iter()
            .position(|(place, _)| *place == far)
            .unwrap_or_else(|| {
                found.push((far, link(far)));
                found.len() - 1
            });
        let inputs = &mut found[at].1.inputs;
        if let Some(key) = edge.key.as_ref().filter(|key| !key.is_empty()) {
            if !inputs.is_empty() {
                inputs.push_str(", ");
            }
            inputs.push_str(key);
            if edge.mapped {
                inputs.push_str(", one for each item");
            }
        }
    }
    found.into_iter().map(|(_, neighbor)| neighbor).collect()
}

/// What a task is, in a line: `runs when all successful · up to 2 retries after 10 s · mapped`.
pub(super) fn in_words(task: &TaskDetails) -> String {
    let of = &task.task;
    let trigger = last_part_in_words(&of.trigger);
    let mut words = Vec::new();
    if !trigger.is_empty() {
        words.push(format!("runs when {trigger}"));
    }
    if of.max_retries > 0 {
        let times = if of.max_retries == 1 { "retry" } else { "retries" };
        let delay = task
            .retry_delay
            .as_ref()
            .map(|delay| format!(" after {}", format::delay(delay)));
        words.push(format!(
            "up to {} {times}{}",
            of.max_retries,
            delay.unwrap_or_default()
        ));
    }
    if of.mapped {
        words.push("once for each item of its input".to_owned());
    }
    words.join(" · ")
}

#[component]
fn Picture(task: TaskDetails) -> impl IntoView {
    let navigate = use_navigate();
    let on_select = Callback::new(move |id| navigate(&Route::Task(id).to_string(), Default::default()));
    let (id, mapped) = (task.task.id, task.task.mapped);
    let key = (task.flow_group_id, task.task.slug.clone());
    let history = use_task_history(move || Some((key.0, key.1.clone(), -1, None, mapped)));
    let around = task.around.clone();
    let side = |upstream| {
        let link = |place: usize| Neighbor {
            name: around.tasks()[place].title.clone(),
            href: Some(Route::Task(around.tasks()[place].id).to_string()),
            state: None,
            inputs: String::new(),
        };
        Signal::stored(neighbors(&around, id, upstream, link))
    };
    let (upstream, downstream) = (side(true), side(false));
    let schematic = Route::Flow(task.flow_id, FlowTab::Schematic).with_task(Some(id));
    let words = in_words(&task);
    let own = &task.task;
    view! {
        <div class="page__head">
            <div class="page__headline">
                <h1 class="page__title">{own.title.clone()}</h1>
                <p class="page__lead">
                    {format!("{} of ", own.kind())}
                    <a class="link link--main" href=Route::flow(task.flow_id).to_string()>{task.flow_name.clone()}</a>
                    {format!(" v{}", task.flow_version)}
                    {(!words.is_empty()).then(|| format!(" · {words}"))}
                </p>
            </div>
        </div>
        {task.description.clone().map(|text| parts::markdown().show(move || MarkdownProps { text: text.clone() }))}
        <section class="section">
            <div class="section__head">
                <h2 class="section__title">"Upstream and downstream"</h2>
                <a class="section__more" href=schematic>"In the whole schematic"</a>
            </div>
            <div class="around panel">
                <Neighborhood around=Signal::stored(around) task=id on_select=on_select/>
                <Neighbors upstream=upstream downstream=downstream/>
            </div>
        </section>
        <section class="section">
            <h2 class="section__title">"Runs"</h2>
            <Loaded polled=history what="runs of the task" let:history>
                <Runs history=history/>
            </Loaded>
        </section>
        <dl class="facts">
            <dt>"Slug"</dt> <dd><code>{own.slug.clone()}</code></dd>
            {task.cache_key.clone().map(|key| view! { <dt>"Cache key"</dt> <dd><code>{key}</code></dd> })}
            <dt>"Task id"</dt> <dd><code class="id">{id.to_string()}</code></dd>
        </dl>
    }
}

#[component]
fn Runs(history: Signal<TaskHistory>) -> impl IntoView {
    let newest = move || history.with(|history| history.runs().iter().rev().cloned().collect::<Vec<_>>());
    view! {
        <Only when=move || history.with(|history| !history.runs().is_empty()) fallback=|| view! {
            <Empty icon=Icon::Runs title="It has never run" text="It runs with its flow."/>
        }>
            <TaskBars history=history here=None/>
            <div class="table-frame panel" tabindex="0">
                <table class="table" aria-label="Runs of the task, newest first">
                    <thead>
                        <tr>
                            <th scope="col">"State"</th>
                            <th scope="col">"Flow run"</th>
                            <th scope="col" class="table__number">"Started"</th>
                            <th scope="col" class="table__number">"Duration"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <Each of=newest key=|run| (run.id, run.state, run.ended_at) let:run>{row(run)}</Each>
                    </tbody>
                </table>
            </div>
        </Only>
    }
}

fn row(run: PastTaskRun) -> AnyView {
    let (state, at) = (run.state, run.started_at.unwrap_or(run.created_at));
    view! {
        <tr>
            <td><StateBadge state=state/></td>
            <td class="table__fill">
                <a class="link link--main" href=Route::TaskRun(run.id).to_string()>{run.flow_run_name.clone()}</a>
            </td>
            <td class="table__number"><Ago time=at/></td>
            <td class="table__number">
                <Elapsed of=Callback::new(move |now: Timestamp| run.duration(now)) ticks=state.is_running()/>
            </td>
        </tr>
    }
    .into_any()
}

/// `child 3`, or nothing.
pub(super) fn child_in_words(map_index: i64) -> Option<String> {
    let index = usize::try_from(map_index).ok()?;
    Some(format!("child {}", format::count(index)))
}
