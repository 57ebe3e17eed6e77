//! The selected task: its state and times, what it waits for and what waits for it.

use flowdeck_vocabulary::TaskRunId;
use leptos::prelude::*;

use super::card_run::CardRun;
use super::picture::Picture;
use crate::components::state_badge::{StateBadge, state_icon, state_word};
use crate::components::time::{Clock, Elapsed};
use crate::format;
use crate::model::{GraphTask, StateCount, Timestamp};
use crate::routes::Route;
use crate::ui::button::{Button, Weight};
use crate::ui::icon::{Glyph, Icon};

/// So many neighbors are named; the picture shows the rest.
const NEIGHBORS: usize = 12;

/// The panel, while a task is selected.
#[component]
pub(super) fn Panel(picture: Picture, logs: Option<Signal<String>>) -> impl IntoView {
    move || {
        let selected = picture.selected.get()?;
        let task = picture.task(selected)?;
        let run = Memo::new(move |_| picture.run(selected));
        let id = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.id)));
        let (heading, label) = (task.name.clone(), format!("Task {}", task.name));
        Some(view! {
            <aside class="schematic__panel" aria-label=label>
                <header class="schematic__panel-head">
                    <h2 class="schematic__panel-title" title=task.slug.clone()>{heading}</h2>
                    <Button
                        label="Close"
                        icon=Icon::Close
                        weight=Weight::Quiet
                        only_icon=true
                        on_click=Callback::new(move |()| picture.select(None))
                    />
                </header>
                {picture.style.of_run.then(|| view! { <RunFacts run=run/> })}
                {move || {
                    id.get().map(|id| view! {
                        <p class="schematic__doors">
                            <a class="button" href=Route::TaskRun(id).to_string()>"Task run and its log"</a>
                            {logs.map(|logs| view! { <a class="button" data-weight="quiet" href=logs>"All logs"</a> })}
                        </p>
                    })
                }}
                <TaskFacts task=task/>
                {move || {
                    let scene = picture.scene.get();
                    (selected < scene.tasks.len()).then(|| view! {
                        <Neighbors picture=picture title="Upstream" tasks=scene.upstream(selected).to_vec()/>
                        <Neighbors picture=picture title="Downstream" tasks=scene.downstream(selected).to_vec()/>
                    })
                }}
            </aside>
        })
    }
}

/// State, message and times.
#[component]
fn RunFacts(run: Memo<Option<CardRun>>) -> impl IntoView {
    let state = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.state)));
    let message =
        Memo::new(move |_| run.with(|run| run.as_ref().and_then(|run| run.first_line().map(str::to_owned))));
    let times = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| (run.started_at, run.ended_at))));
    let children =
        Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.children.clone()).unwrap_or_default()));
    let ticks = Memo::new(move |_| state.get().is_some_and(|state| state.is_running()));
    view! {
        <div class="schematic__facts">
            {move || match state.get() {
                Some(state) => view! { <StateBadge state=state/> }.into_any(),
                None => view! { <span class="schematic__none">"Not started"</span> }.into_any(),
            }}
            <Elapsed
                of=Callback::new(move |now: Timestamp| run.with(|run| run.as_ref().and_then(|run| run.duration(now))))
                ticks=ticks
            />
        </div>
        {move || message.get().map(|message| {
            let is_bad = state.get().is_some_and(|state| state.group() == flowdeck_vocabulary::StateGroup::Failed);
            view! { <p class="schematic__message" data-bad=is_bad.then_some("true")>{message}</p> }
        })}
        <dl class="schematic__times">
            {move || times.get().and_then(|times| times.0).map(|at| view! { <dt>"Started"</dt> <dd><Clock time=at/></dd> })}
            {move || times.get().and_then(|times| times.1).map(|at| view! { <dt>"Ended"</dt> <dd><Clock time=at/></dd> })}
        </dl>
        {move || {
            let children = children.get();
            let parent = run.with(|run| run.as_ref().map(|run| run.id));
            parent.filter(|_| !children.is_empty()).map(|parent| view! { <MappedRuns parent=parent children=children/> })
        }}
    }
}

/// How many mapped children are in each state, each a link to them.
#[component]
fn MappedRuns(parent: TaskRunId, children: Vec<StateCount>) -> impl IntoView {
    view! {
        <ul class="schematic__mapped" aria-label="Mapped task runs">
            {children
                .into_iter()
                .map(|found| view! {
                    <li data-state=found.state.css_name()>
                        <Glyph icon=state_icon(found.state) size=14/>
                        <a class="link" href=Route::TaskRun(parent).with_children(Some(found.state), "")>
                            {format!("{} {}", format::count(found.count), state_word(found.state).to_lowercase())}
                        </a>
                    </li>
                })
                .collect_view()}
        </ul>
    }
}

/// What the flow says of the task.
#[component]
fn TaskFacts(task: GraphTask) -> impl IntoView {
    let kind = match (task.is_parameter(), task.is_helper) {
        (true, _) => "Parameter".to_owned(),
        (false, true) => format!("{} (helper task)", task.kind()),
        (false, false) => task.kind().to_owned(),
    };
    let trigger = task
        .trigger
        .rsplit(['.', ':'])
        .next()
        .unwrap_or_default()
        .replace('_', " ");
    view! {
        <dl class="schematic__times">
            {(!kind.is_empty()).then(|| view! { <dt>"Kind"</dt> <dd>{kind}</dd> })}
            {(!trigger.is_empty()).then(|| view! { <dt>"Runs when"</dt> <dd>{trigger}</dd> })}
            {(task.max_retries > 0).then(|| view! { <dt>"Retries"</dt> <dd>{format!("up to {}", task.max_retries)}</dd> })}
            {task.mapped.then(|| view! { <dt>"Mapped"</dt> <dd>"once for each item of its input"</dd> })}
        </dl>
    }
}

/// The tasks right before or after, each a step to go there.
#[component]
fn Neighbors(picture: Picture, title: &'static str, tasks: Vec<usize>) -> impl IntoView {
    let more = tasks.len().saturating_sub(NEIGHBORS);
    let arrow = if title == "Upstream" { "↑ " } else { "↓ " };
    (!tasks.is_empty()).then(|| {
        view! {
            <section class="schematic__neighbors">
                <h3>{arrow} {title} " " <span class="schematic__count">{format::count(tasks.len())}</span></h3>
                <ul>
                    {tasks
                        .into_iter()
                        .take(NEIGHBORS)
                        .map(|task| view! { <li><Neighbor picture=picture task=task/></li> })
                        .collect_view()}
                </ul>
                {(more > 0).then(|| view! { <p class="schematic__none">{format!("and {} more", format::count(more))}</p> })}
            </section>
        }
    })
}

#[component]
fn Neighbor(picture: Picture, task: usize) -> impl IntoView {
    let state = Memo::new(move |_| picture.state(task));
    let name = untrack(|| picture.task(task)).map(|task| task.name);
    view! {
        <button type="button" class="schematic__neighbor" on:click=move |_| picture.select(Some(task))>
            {move || state.get().map(|state| view! {
                <span data-state=state.css_name() title=state_word(state)>
                    <Glyph icon=state_icon(state) size=14/>
                    <span class="visually-hidden">{state_word(state)}</span>
                </span>
            })}
            <span class="schematic__neighbor-name">{name}</span>
        </button>
    }
}
