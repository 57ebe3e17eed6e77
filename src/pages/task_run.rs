//! `/task-run/:id`: one run of a task: its state, what is around it, its children, its log and its history.

use std::sync::Arc;

use flowdeck_vocabulary::{StateType, TaskRunId};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::started_runs::started_runs;
use super::task::{child_in_words, crumbs, in_words, neighbors};
use super::task_run_actions::{Subject, task_run_actions};
use super::use_id;
use crate::components::artifacts::ArtifactListProps;
use crate::components::favicon::use_favicon;
use crate::components::mapped_runs::{ChildFilter, MappedRuns};
use crate::components::neighbors::{Neighbor, Neighbors};
use crate::components::state_badge::{StateBadge, state_word};
use crate::components::state_history::States;
use crate::components::task_bars::TaskBars;
use crate::components::time::{At, Elapsed};
use crate::format;
use crate::logs::{LogView, LogWriters};
use crate::model::{
    CardRun, LogOf, PastTaskRun, TaskHistory, TaskRun, TaskRunDetails, TaskRunScope, TaskRuns, Timestamp,
    card_run_of, card_runs,
};
use crate::pages::{WithId, use_log_filter, use_replace};
use crate::parts;
use crate::polled::Polled;
use crate::resources::{use_artifacts, use_log, use_task_history, use_task_run, use_task_runs_in};
use crate::routes::{FlowRunTab, OF_LOG, Route, keeping};
use crate::schematic::Neighborhood;
use crate::session::{Place, use_place};
use crate::ui::command::Command;
use crate::ui::live::live;
use crate::ui::loaded::Loaded;

/// One task run.
#[component]
pub fn TaskRunPage() -> impl IntoView {
    let id = use_id::<TaskRunId>();
    let run = use_task_run(move || id.get());
    let scope = Memo::new(move |_| run.value.with(|run| run.as_ref().map(scope_around)));
    let around = use_task_runs_in(
        move || scope.get(),
        move || {
            run.value
                .with(|run| run.as_ref().is_some_and(|run| run.flow_run_state.is_finished()))
        },
    );
    let card = Memo::new(move |_| {
        let id = run.value.with(|run| run.as_ref().map(|run| run.id))?;
        around.value.with(|runs| card_run_of(runs.as_ref()?, id))
    });
    let state = Memo::new(move |_| {
        let own = run.value.with(|run| run.as_ref().map(|run| run.state))?;
        Some(summed(own, card.get().as_ref()))
    });
    use_place(move || place(run.value.get(), state.get()));
    use_favicon(move || state.get());
    view! {
        <WithId id=id>
            <div class="page">
                <Loaded polled=run what="task run" let:shown>
                    <Picture run=shown around=around card=card refresh=run.refresh/>
                </Loaded>
            </div>
        </WithId>
    }
}

/// What is around a task run, and it itself: of a child's neighbors only those of the same number, and the parents.
fn scope_around(run: &TaskRunDetails) -> TaskRunScope {
    TaskRunScope {
        flow_run_id: run.flow_run_id,
        tasks: Some(run.task.around.tasks().iter().map(|task| task.id).collect()),
        indexes: (run.map_index >= 0).then(|| vec![-1, run.map_index]),
    }
}

/// The state that is shown: of a mapped one that of its children taken together, as soon as they are known.
fn summed(own: StateType, card: Option<&CardRun>) -> StateType {
    let card = card.filter(|_| own == StateType::Mapped);
    card.map_or(own, |card| card.state)
}

fn place(run: Option<TaskRunDetails>, state: Option<StateType>) -> Place {
    let Some(run) = run else {
        return Place {
            crumbs: Vec::new(),
            title: "Task run".to_owned(),
        };
    };
    let title = run.title();
    let mut crumbs = crumbs(&run.task);
    crumbs.push((
        run.flow_run_name.clone(),
        Some(Route::flow_run(run.flow_run_id).to_string()),
    ));
    crumbs.push((title.clone(), None));
    Place {
        crumbs,
        title: format!("{} · {title}", state_word(state.unwrap_or(run.state))),
    }
}

#[component]
fn Picture(
    run: Signal<TaskRunDetails>,
    around: Polled<TaskRuns>,
    card: Memo<Option<CardRun>>,
    refresh: Callback<()>,
) -> impl IntoView {
    let states = Memo::new(move |_| run.with(|run| run.states.clone()));
    let raw_state = Memo::new(move |_| run.with(|run| run.raw_state.clone()));
    let (own, has_children) = run.with_untracked(|run| (run.clone(), run.has_children()));
    let key = (own.task.flow_group_id, own.task.task.slug.clone());
    let (map_index, at) = (own.map_index, own.created_at);
    let history = use_task_history(move || Some((key.0, key.1.clone(), map_index, Some(at), has_children)));
    let log = parts::task_run_log();
    view! {
        <Head run=run around=around card=card history=history refresh=refresh/>
        <Around run=run around=around/>
        <div class="columns">
            <div class="columns__main">
                {has_children.then(|| view! { <Children run=run around=around/> })}
                <Left run=run/>
                {started_runs(own.id, move || run.with(|run| run.flow_run_state.is_finished()))}
                <section class="section">
                    <h2 class="section__title">"Log"</h2>
                    {log.show(move || TaskRunLogProps { run })}
                </section>
            </div>
            <div class="columns__side">
                <section class="section">
                    <div class="section__head">
                        <h2 class="section__title">"Over time"</h2>
                        <a class="section__more" href=Route::Task(own.task.task.id).to_string()>"All about the task"</a>
                    </div>
                    <Loaded polled=history what="runs of the task" let:history>
                        <TaskBars history=history here=Some(own.id)/>
                    </Loaded>
                </section>
                <Outcome run=run history=history/>
                <States states=states raw=raw_state/>
            </div>
        </div>
    }
}

/// What the task run writes.
#[component]
pub fn TaskRunLog(run: Signal<TaskRunDetails>) -> impl IntoView {
    let (id, flow_run) = run.with_untracked(|run| (run.id, run.flow_run_id));
    let of = LogOf {
        flow_run,
        task_run: Some(id),
    };
    let is_moving = Memo::new(move |_| run.with(|run| !run.flow_run_state.is_finished()));
    let started = Memo::new(move |_| run.with(|run| run.started_at));
    let (filter, on_filter, href) = use_log_filter(move || Route::TaskRun(id));
    let line = Signal::derive(move || filter.with(|filter| filter.line));
    let feed = use_log(move || Some(of), move || is_moving.get(), line);
    view! {
        <Loaded polled=feed.polled what="log" let:_>
            <LogView
                feed=feed
                of=Signal::stored(of)
                writers=Signal::stored(Arc::new(LogWriters::default()))
                started=started
                is_moving=is_moving
                filter=filter
                on_filter=on_filter
                href=href
            />
        </Loaded>
    }
}

/// State, name, what it is a run of, and the ways to the runs before and after it.
#[component]
fn Head(
    run: Signal<TaskRunDetails>,
    around: Polled<TaskRuns>,
    card: Memo<Option<CardRun>>,
    history: Polled<TaskHistory>,
    refresh: Callback<()>,
) -> impl IntoView {
    let subject = Signal::derive(move || {
        run.with(|run| Subject {
            id: run.id,
            title: run.title(),
            state: run.state,
            version: run.version,
            flow_run_id: run.flow_run_id,
            flow_run_state: run.flow_run_state,
        })
    });
    let state = Memo::new(move |_| card.with(|card| summed(run.with(|run| run.state), card.as_ref())));
    // The badge is made anew when the children come: that is no change of the state.
    let is_summed = Memo::new(move |_| card.with(Option::is_some));
    let progress = Memo::new(move |_| card.with(|card| card.as_ref().and_then(progress_in_words)));
    let message = Memo::new(move |_| {
        run.with(|run| {
            // Of a mapped one its children tell, which are listed below.
            let own = run.message.as_ref().filter(|_| run.state != StateType::Mapped);
            own.filter(|text| !text.trim().is_empty()).cloned()
        })
    });
    let attempts = Memo::new(move |_| run.with(|run| (run.attempts(), run.task.task.max_retries)));
    let own = run.get_untracked();
    let parent = Memo::new(move |_| {
        let is_parent = |row: &&Arc<TaskRun>| row.task_id == own.task.task.id && row.map_index < 0;
        around
            .value
            .with(|runs| runs.as_ref()?.rows().iter().find(is_parent).map(|row| row.id))
            .filter(|parent| *parent != own.id)
    });
    let child = child_in_words(own.map_index);
    let (task, task_name, words) = (own.task.task.id, own.task.task.title.clone(), in_words(&own.task));
    let beside = Memo::new(move |_| {
        history.value.with(|history| {
            let (before, after) = history.as_ref()?.beside(own.id);
            Some((before.cloned(), after.cloned()))
        })
    });
    view! {
        <header class="run-head" data-state=move || state.get().css_name()>
            <div class="run-head__row">
                <div class="run-head__state">
                    {move || {
                        let _ = is_summed.get();
                        view! { <StateBadge state=state large=true/> }.into_any()
                    }}
                </div>
                <h1 class="run-head__name">{move || run.with(TaskRunDetails::title)}</h1>
                <p class="run-head__time">
                    {progress}
                    {move || {
                        let run = run.get();
                        let ticks = run.state.is_running();
                        // The time of a mapped one is that of its children, and theirs are below.
                        let is_shown = run.state != StateType::Mapped;
                        is_shown.then(|| view! { <Elapsed of=Callback::new(move |now: Timestamp| run.duration(now)) ticks=ticks/> })
                    }}
                    {move || match attempts.get() {
                        (0 | 1, 0) | (0, _) => None,
                        (attempt, retries) => {
                            let of = usize::try_from(retries).unwrap_or(0) + 1;
                            let words = if attempt > of {
                                format!(" · attempt {attempt}")
                            } else {
                                format!(" · attempt {attempt} of {of}")
                            };
                            Some(view! { <span class="run-head__usual">{words}</span> })
                        }
                    }}
                </p>
                <nav class="run-head__beside" aria-label="Runs of the same task">
                    {move || {
                        let (before, after) = beside.get().unwrap_or_default();
                        view! { {step("← Earlier run", before)} {step("Later run →", after)} }
                    }}
                </nav>
                {task_run_actions(subject, refresh, true)}
            </div>
            <p class="run-head__line">
                {child.map(|child| view! {
                    {format!("{child} of ")}
                    {move || match parent.get() {
                        Some(parent) => view! {
                            <a class="link link--main" href=Route::TaskRun(parent).to_string()>"all its mapped runs"</a>
                        }
                        .into_any(),
                        None => "a mapped task".into_any(),
                    }}
                    " · "
                })}
                "task " <a class="link link--main" href=Route::Task(task).to_string()>{task_name}</a>
                " in "
                <a class="link link--main" href=move || run.with(|run| Route::flow_run(run.flow_run_id).to_string())>
                    {move || run.with(|run| run.flow_run_name.clone())}
                </a>
                {(!words.is_empty()).then(|| format!(" · {words}"))}
            </p>
            {move || message.get().map(|message| view! { <p class="run-head__message">{message}</p> })}
        </header>
    }
}

/// How many mapped children are done, and how many of them failed: `4/4`, `3/4 · 1 failed`.
fn progress_in_words(card: &CardRun) -> Option<String> {
    let (done, all) = card.progress()?;
    let mut words = format!("{}/{}", format::count(done), format::count(all));
    if card.failed() > 0 {
        words += &format!(" · {} failed", format::count(card.failed()));
    }
    Some(words)
}

/// A link to the run before or after, with its state.
fn step(words: &'static str, run: Option<PastTaskRun>) -> Option<AnyView> {
    let run = run?;
    let title = format!("{}: {}", run.flow_run_name, state_word(run.state));
    Some(
        view! {
            <a class="button" data-weight="quiet" href=Route::TaskRun(run.id).to_string() title=title>{words}</a>
        }
        .into_any(),
    )
}

/// The tasks before and after it in this run, as a picture and as lists.
#[component]
fn Around(run: Signal<TaskRunDetails>, around: Polled<TaskRuns>) -> impl IntoView {
    let own = run.get_untracked();
    let (task, graph) = (own.task.task.id, own.task.around.clone());
    let child = (own.map_index >= 0).then_some(own.map_index);
    let cards = Memo::new({
        let graph = graph.clone();
        move |_| {
            around
                .value
                .with(|runs| runs.as_ref().map(|runs| card_runs(&graph, runs, child)))
                .unwrap_or_default()
        }
    });
    let side = |upstream| {
        let graph = graph.clone();
        Memo::new(move |_| {
            cards.with(|cards| {
                neighbors(&graph, task, upstream, |place| {
                    let card = cards.get(place).and_then(Option::as_ref);
                    Neighbor {
                        name: graph.tasks()[place].title.clone(),
                        href: card.map(|card| Route::TaskRun(card.id).to_string()),
                        state: card.map(|card| card.state),
                        inputs: String::new(),
                    }
                })
            })
        })
    };
    let (upstream, downstream) = (side(true), side(false));
    let navigate = use_navigate();
    let on_select = {
        let graph = graph.clone();
        Callback::new(move |pressed| {
            let place = graph.place(pressed).unwrap_or(usize::MAX);
            let id = cards.with_untracked(|cards| Some(cards.get(place)?.as_ref()?.id));
            if let Some(id) = id {
                navigate(&Route::TaskRun(id).to_string(), Default::default());
            }
        })
    };
    let schematic = Route::FlowRun(own.flow_run_id, FlowRunTab::Schematic).with_task(Some(task));
    view! {
        <section class="section">
            <div class="section__head">
                <h2 class="section__title">"Upstream and downstream"</h2>
                <a class="section__more" href=schematic>"In the whole schematic"</a>
            </div>
            <div class="around panel">
                <Neighborhood
                    around=Signal::stored(graph)
                    task=task
                    runs=around.value.into()
                    child=child
                    on_select=on_select
                />
                <Neighbors upstream=upstream.into() downstream=downstream.into()/>
            </div>
        </section>
    }
}

/// The children of a mapped task. Which of them are shown is in the URL.
#[component]
fn Children(run: Signal<TaskRunDetails>, around: Polled<TaskRuns>) -> impl IntoView {
    let (id, task, title) = run.with_untracked(|run| (run.id, run.task.task.id, run.task.task.title.clone()));
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|query| ChildFilter {
            state: query
                .get("state")
                .and_then(|name| StateType::ALL.into_iter().find(|state| state.css_name() == name)),
            index: query.get("index").unwrap_or_default(),
        })
    });
    let replace = use_replace();
    let on_filter = Callback::new(move |filter: ChildFilter| {
        let url = Route::TaskRun(id).with_children(filter.state, &filter.index);
        replace.run(query.with_untracked(|query| keeping(url, &OF_LOG, |name| query.get(name))));
    });
    view! {
        <section class="section">
            <h2 class="section__title">"Mapped runs"</h2>
            <Loaded polled=around what="mapped task runs" let:runs>
                {
                    let children = Memo::new(move |_| {
                        let is_child = |row: &&Arc<TaskRun>| row.task_id == task && row.is_child();
                        runs.with(|runs| {
                            runs.rows().iter().filter(is_child).cloned().collect::<Vec<_>>()
                        })
                    });
                    view! { <MappedRuns task=title.clone() children=children filter=filter on_filter=on_filter/> }
                }
            </Loaded>
        </section>
    }
}

/// The artifacts that it left.
#[component]
fn Left(run: Signal<TaskRunDetails>) -> impl IntoView {
    let of = run.with_untracked(|run| (run.flow_run_id, Some(run.id)));
    let is_over = move || run.with(|run| run.flow_run_state.is_finished());
    let artifacts = use_artifacts(move || Some(of), is_over);
    live(move || {
        let artifacts = artifacts.value.get().unwrap_or_default();
        (!artifacts.list().is_empty())
            .then(|| {
                let artifacts = Signal::stored(artifacts);
                view! {
                    <section class="section">
                        <h2 class="section__title">"Artifacts"</h2>
                        {parts::artifact_list().show(move || ArtifactListProps { artifacts, names_task_run: false })}
                    </section>
                }
            })
            .into_any()
    })
}

/// Where the result is, and for how long and from where it is cached.
#[component]
fn Outcome(run: Signal<TaskRunDetails>, history: Polled<TaskHistory>) -> impl IntoView {
    let result = Memo::new(move |_| {
        run.with(|run| {
            let location = PastTaskRun::location_in(&run.result);
            let kind = run.result.get("type").and_then(|kind| kind.as_str());
            (location, kind.unwrap_or_default().to_owned(), run.cached_until())
        })
    });
    let id = run.with_untracked(|run| run.id);
    let origin = Memo::new(move |_| {
        let location = result.get().0?;
        history
            .value
            .with(|history| history.as_ref()?.origin(id, &location).cloned())
    });
    view! {
        <section class="section">
            <h2 class="section__title">"Result"</h2>
            {move || match result.get() {
                (Some(location), kind, _) => view! {
                    <p class="section__note">{kind}</p>
                    <Command text=location what="location"/>
                }
                .into_any(),
                _ => view! { <p class="section__note">"It left no result that was written down."</p> }.into_any(),
            }}
            {move || origin.get().map(|origin| view! {
                <p class="section__note">
                    "Taken from the cache: the result of "
                    <a class="link link--main" href=Route::TaskRun(origin.id).to_string()>{origin.flow_run_name}</a>
                </p>
            })}
            {move || result.get().2.map(|until| view! {
                <p class="section__note">"Later runs with the same inputs may take it until " <At time=until/></p>
            })}
        </section>
    }
}
