//! The selected task, the same beside schematic, timeline and table: its state and times, what went wrong, what it
//! waits for and what waits for it.

use std::sync::Arc;

use flowdeck_vocabulary::{StateGroup, TaskId, TaskRunId};
use leptos::prelude::*;

use super::state_badge::{StateBadge, state_icon, state_word};
use super::time::{Clock, Elapsed};
use crate::format;
use crate::model::{CardRun, GraphTask, StateCount, TaskGraph, Timestamp, last_part_in_words};
use crate::routes::Route;
use crate::ui::button::{Button, Weight};
use crate::ui::focus::rescue_focus;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::live;

/// So many neighbors are named; the picture shows the rest.
const NEIGHBORS: usize = 12;

/// What is inspected. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Inspected {
    /// The tasks and edges.
    pub graph: Signal<TaskGraph>,
    /// The run of each task of the graph; `None` for a flow as it is written.
    pub cards: Option<Memo<Arc<Vec<Option<CardRun>>>>>,
    /// The selected task.
    pub selected: Signal<Option<TaskId>>,
    /// Asks for another selection, or for none.
    pub on_select: Callback<Option<TaskId>>,
    /// Ways to go and things to do for a task's run.
    pub doors: Option<Callback<TaskRunId, AnyView>>,
}

impl Inspected {
    /// The run of the task at a place of the graph.
    fn run(self, place: usize) -> Option<CardRun> {
        self.cards?.with(|cards| cards.get(place).cloned().flatten())
    }
}

/// The panel, while a task is selected.
#[component]
pub fn Inspector(inspected: Inspected) -> impl IntoView {
    let Inspected {
        graph,
        selected,
        on_select,
        ..
    } = inspected;
    let place = Memo::new(move |_| selected.get().and_then(|id| graph.with(|graph| graph.place(id))));
    live(move || {
        let panel = place.get().and_then(|place| {
            let task = graph.with(|graph| graph.tasks().get(place).cloned())?;
            Some((place, task))
        });
        panel
            .map(|(place, task)| panel_of(inspected, place, task, on_select))
            .into_any()
    })
}

fn panel_of(
    inspected: Inspected,
    place: usize,
    task: GraphTask,
    on_select: Callback<Option<TaskId>>,
) -> AnyView {
    let (heading, label) = (task.title.clone(), format!("Task {}", task.title));
    let run = Memo::new(move |_| inspected.run(place));
    let id = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.id)));
    let doors = move || {
        let doors = inspected.doors?;
        id.get().map(|id| doors.run(id))
    };
    let sides = inspected
        .graph
        .with_untracked(|graph| [graph.around(place, true), graph.around(place, false)]);
    let [upstream, downstream] = sides;
    view! {
        <aside class="inspector" aria-label=label>
            <header class="inspector__head">
                <h2 class="inspector__title" title=task.slug.clone()>{heading}</h2>
                <Button
                    label="Close"
                    icon=Icon::Close
                    weight=Weight::Quiet
                    only_icon=true
                    on_click=Callback::new(move |()| {
                        on_select.run(None);
                        rescue_focus(":is(.schematic, .timeline, .task-run-table) [tabindex='0'], .timeline");
                    })
                />
            </header>
            {inspected.cards.is_some().then(|| run_facts(run))}
            {move || doors().into_any()}
            {task_facts(&task)}
            {neighbors(inspected, "↑ ", "Upstream", upstream)}
            {neighbors(inspected, "↓ ", "Downstream", downstream)}
        </aside>
    }
    .into_any()
}

/// State, message, attempts and times.
fn run_facts(run: Memo<Option<CardRun>>) -> AnyView {
    let read = move |of: fn(&CardRun) -> Option<Timestamp>| run.with(|run| run.as_ref().and_then(of));
    let state = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.state)));
    let badge = move || match state.get() {
        Some(state) => view! { <StateBadge state=state/> }.into_any(),
        None => view! { <span class="inspector__none">"Not started"</span> }.into_any(),
    };
    let message = move || {
        let message = run.with(|run| run.as_ref().and_then(|run| run.first_line().map(str::to_owned)));
        let is_bad = state
            .get()
            .is_some_and(|state| state.group() == StateGroup::Failed);
        message
            .map(|message| view! { <p class="inspector__message" data-bad=is_bad.then_some("true")>{message}</p> })
            .into_any()
    };
    let attempts = move || {
        let attempts = run.with(|run| run.as_ref().map_or(0, |run| run.attempts));
        (attempts > 1)
            .then(|| view! { <dt>"Attempt"</dt> <dd>{format::count(attempts)}</dd> })
            .into_any()
    };
    let time = move |word: &'static str, of: fn(&CardRun) -> Option<Timestamp>| {
        move || {
            read(of)
                .map(|at| view! { <dt>{word}</dt> <dd><Clock time=at/></dd> })
                .into_any()
        }
    };
    let children = move || {
        let found = run.with(|run| run.as_ref().map(|run| (run.id, run.children.clone())));
        found
            .filter(|(_, children)| !children.is_empty())
            .map(|(parent, children)| mapped_runs(parent, children))
            .into_any()
    };
    view! {
        <div class="inspector__facts">
            {badge}
            <Elapsed
                of=Callback::new(move |now: Timestamp| run.with(|run| run.as_ref().and_then(|run| run.duration(now))))
                ticks=Signal::derive(move || state.get().is_some_and(|state| state.is_running()))
            />
        </div>
        {message}
        <dl class="inspector__times">
            {attempts}
            {time("Started", |run| run.started_at)}
            {time("Ended", |run| run.ended_at)}
        </dl>
        {children}
    }
    .into_any()
}

/// How many mapped children are in each state, each a link to them.
fn mapped_runs(parent: TaskRunId, children: Vec<StateCount>) -> AnyView {
    let link = |found: StateCount| {
        let words = format!(
            "{} {}",
            format::count(found.count),
            state_word(found.state).to_ascii_lowercase()
        );
        view! {
            <li data-state=found.state.css_name()>
                <Glyph icon=state_icon(found.state) size=14/>
                <a class="link" href=Route::TaskRun(parent).with_children(Some(found.state), "")>{words}</a>
            </li>
        }
    };
    view! {
        <ul class="inspector__mapped" aria-label="Mapped task runs">{children.into_iter().map(link).collect_view()}</ul>
    }
    .into_any()
}

/// What the flow says of the task.
fn task_facts(task: &GraphTask) -> AnyView {
    let kind = match (task.is_parameter(), task.is_helper) {
        (true, _) => "Parameter".to_owned(),
        (false, true) => format!("{} (helper task)", task.kind()),
        (false, false) => task.kind().to_owned(),
    };
    let trigger = last_part_in_words(&task.trigger);
    let retries = if task.max_retries > 0 {
        format!("up to {}", task.max_retries)
    } else {
        String::new()
    };
    let mapped = if task.mapped {
        "once for each item of its input"
    } else {
        ""
    };
    let facts = [
        ("Kind", kind),
        ("Runs when", trigger),
        ("Retries", retries),
        ("Mapped", mapped.to_owned()),
    ];
    let facts = facts.into_iter().filter(|(_, words)| !words.is_empty());
    view! {
        <dl class="inspector__times">
            {facts.map(|(word, words)| view! { <dt>{word}</dt> <dd>{words}</dd> }).collect_view()}
        </dl>
    }
    .into_any()
}

/// The tasks right before or after, each a step to go there.
fn neighbors(inspected: Inspected, arrow: &'static str, title: &'static str, tasks: Vec<usize>) -> AnyView {
    if tasks.is_empty() {
        return ().into_any();
    }
    let (count, more) = (tasks.len(), tasks.len().saturating_sub(NEIGHBORS));
    view! {
        <section class="inspector__neighbors">
            <h3>{arrow} {title} " " <span class="inspector__count">{format::count(count)}</span></h3>
            <ul>
                {tasks
                    .into_iter()
                    .take(NEIGHBORS)
                    .map(|place| view! { <li>{neighbor(inspected, place)}</li> })
                    .collect_view()}
            </ul>
            {(more > 0).then(|| view! { <p class="inspector__none">{format!("and {} more", format::count(more))}</p> })}
        </section>
    }
    .into_any()
}

fn neighbor(inspected: Inspected, place: usize) -> AnyView {
    let state = Memo::new(move |_| inspected.run(place).map(|run| run.state));
    let task = inspected
        .graph
        .with_untracked(|graph| graph.tasks().get(place).map(|task| (task.id, task.title.clone())));
    let Some((id, name)) = task else {
        return ().into_any();
    };
    let icon = move || {
        state
            .get()
            .map(|state| {
                view! {
                    <span data-state=state.css_name() title=state_word(state)>
                        <Glyph icon=state_icon(state) size=14/>
                        <span class="visually-hidden">{state_word(state)}</span>
                    </span>
                }
            })
            .into_any()
    };
    view! {
        <button type="button" class="inspector__neighbor" on:click=move |_| inspected.on_select.run(Some(id))>
            {icon}
            <span class="inspector__neighbor-name">{name}</span>
        </button>
    }
    .into_any()
}
