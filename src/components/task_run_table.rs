//! The task runs of a flow run: filtered, sorted, mapped children below their parent, each changing in place.

use std::sync::Arc;

use flowdeck_vocabulary::{StateType, TaskId, TaskRunId};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::state_badge::{StateBadge, state_icon, state_word};
use super::time::{Clock, Elapsed};
use crate::format;
use crate::model::{
    StateCount, TaskRun, TaskRunKey, TaskRuns, TaskRunsView, Timestamp, count_states, listed, with_chosen,
};
use crate::routes::Route;
use crate::session::use_now;
use crate::ui::each::Each;
use crate::ui::icon::Glyph;
use crate::ui::only::Only;
use crate::ui::windowed::{RowTraits, Window, WindowedTable};

/// What the rows need.
#[derive(Clone, Copy)]
struct Table {
    runs: Signal<TaskRuns>,
    view: Memo<TaskRunsView>,
    on_view: Callback<TaskRunsView>,
    logs: Callback<TaskId, String>,
}

/// A table of task runs.
#[component]
pub fn TaskRunTable(
    /// All task runs, in order.
    #[prop(into)]
    task_runs: Signal<TaskRuns>,
    /// What is shown of them.
    view: Memo<TaskRunsView>,
    /// Called with another choice of the person.
    on_view: Callback<TaskRunsView>,
    /// Called with a task run to be opened.
    on_open: Callback<TaskRunId>,
    /// Where the log of a task in this run is.
    logs: Callback<TaskId, String>,
) -> impl IntoView {
    let table = Table {
        runs: task_runs,
        view,
        on_view,
        logs,
    };
    let now = use_now();
    let choice = Memo::new(move |_| TaskRunsView {
        task: None,
        ..view.get()
    });
    let shown = Memo::new(move |_| {
        Arc::new(task_runs.with(|runs| choice.with(|choice| listed(runs, choice, now.get_untracked()))))
    });
    let count = Memo::new(move |_| shown.with(|shown| shown.len()));
    view! {
        <div class="task-runs">
            {tools(table, count)}
            <Only when=move || count.with(|count| *count > 0) fallback=|| view! {
                <p class="nothing" role="status">"No task run is like that."</p>
            }>
                <WindowedTable
                    window=Window::new(count.into(), "--row")
                    label="Task runs"
                    role="treegrid"
                    class="task-run-table"
                    key=Callback::new(move |place: usize| {
                        shown.with(|shown| shown.get(place).map_or(0, |id| id.as_u128()))
                    })
                    row=Callback::new(move |key| row(table, TaskRunId::from_u128(key)))
                    traits=Callback::new(move |key| table.traits(TaskRunId::from_u128(key)))
                    on_click=Callback::new(move |(_, key)| table.select(TaskRunId::from_u128(key)))
                    on_key=Callback::new(move |(event, key): (KeyboardEvent, u128)| {
                        let id = TaskRunId::from_u128(key);
                        match event.key().as_str() {
                            "Enter" => on_open.run(id),
                            " " => table.select(id),
                            "ArrowRight" => table.unfold(id, true),
                            "ArrowLeft" => table.unfold(id, false),
                            _ => return,
                        }
                        event.prevent_default();
                    })
                >
                    {head(table, TaskRunKey::Name, "Task", "")}
                    {head(table, TaskRunKey::State, "State", "")}
                    {head(table, TaskRunKey::Start, "Started", "table__number table__wide")}
                    {head(table, TaskRunKey::Duration, "Duration", "table__number")}
                    {head(table, TaskRunKey::Retries, "Retries", "table__number table__wide")}
                    <th scope="col" class="table__wide">"Message"</th>
                    <th scope="col" class="table__wide">"Log"</th>
                </WindowedTable>
            </Only>
        </div>
    }
}

impl Table {
    fn get(self, id: TaskRunId) -> Option<Arc<TaskRun>> {
        self.runs.with(|runs| runs.get(id).cloned())
    }

    fn traits(self, id: TaskRunId) -> RowTraits {
        let Some(row) = self.get(id) else {
            return RowTraits::default();
        };
        let has_children = self.runs.with(|runs| !runs.children(&row).is_empty());
        self.view.with(|view| RowTraits {
            // Children below their parent are not marked beside it.
            is_selected: Some(view.task == Some(row.task_id) && (!row.is_child() || view.is_filtered())),
            level: if row.is_child() && !view.is_filtered() {
                2
            } else {
                1
            },
            is_open: (has_children && !view.is_filtered()).then(|| view.open.contains(&row.task_id)),
        })
    }

    /// Selects the task of a row, or none when it is selected already.
    fn select(self, id: TaskRunId) {
        let Some(row) = untrack(|| self.get(id)) else {
            return;
        };
        let mut view = self.view.get_untracked();
        view.task = Some(row.task_id).filter(|task| view.task != Some(*task));
        self.on_view.run(view);
    }

    /// Shows the children of a mapped task, or hides them.
    fn unfold(self, id: TaskRunId, open: bool) {
        let Some(row) = untrack(|| self.get(id)) else {
            return;
        };
        let mut view = self.view.get_untracked();
        view.open.retain(|task| *task != row.task_id);
        if open {
            view.open.push(row.task_id);
        }
        self.on_view.run(view);
    }
}

/// The text field and the states, each with how many there are.
fn tools(table: Table, count: Memo<usize>) -> AnyView {
    let chosen = Memo::new(move |_| table.view.with(|view| view.state));
    let counts = Memo::new(move |_| {
        let counts = table.runs.with(|runs| count_states(runs.counted()));
        with_chosen(counts, chosen.get())
    });
    let chip = move |state: StateType| {
        let found = move || {
            counts.with(|counts| {
                counts
                    .iter()
                    .find(|found| found.state == state)
                    .map_or(0, |found| found.count)
            })
        };
        view! {
            <button
                type="button"
                class="schematic__chip"
                data-state=state.css_name()
                aria-pressed=move || table.view.with(|view| view.state == Some(state)).to_string()
                on:click=move |_| {
                    let mut view = table.view.get_untracked();
                    view.state = Some(state).filter(|state| view.state != Some(*state));
                    table.on_view.run(view);
                }
            >
                <Glyph icon=state_icon(state) size=14/>
                {state_word(state)}
                <span class="schematic__count">{move || format::count(found())}</span>
            </button>
        }
    };
    let words = move || {
        let (all, is_complete) = table
            .runs
            .with(|runs| (runs.counted().count(), runs.is_complete()));
        if !is_complete {
            return format!("{} read, more are coming", format::counted(all, "task run"));
        }
        if table.view.with(TaskRunsView::is_filtered) {
            format!(
                "{} of {}",
                format::count(count.get()),
                format::counted(all, "task run")
            )
        } else {
            format::counted(all, "task run")
        }
    };
    view! {
        <div class="task-runs__tools">
            <input
                class="task-runs__text"
                type="search"
                placeholder="Find in names and messages"
                aria-label="Find task runs by name or message"
                spellcheck="false"
                autocomplete="off"
                prop:value=move || table.view.with(|view| view.text.clone())
                on:input=move |event| {
                    let mut view = table.view.get_untracked();
                    view.text = event_target_value(&event);
                    table.on_view.run(view);
                }
            />
            <div class="schematic__legend" role="group" aria-label="Only task runs in one state">
                <Each of=move || counts.get() key=|found| found.state let:found>{chip(found.state)}</Each>
            </div>
            <span class="task-runs__count" role="status">{words}</span>
        </div>
    }
    .into_any()
}

/// The head of a column that sorts.
fn head(table: Table, key: TaskRunKey, word: &'static str, class: &'static str) -> AnyView {
    let sorted = Memo::new(move |_| {
        let sort = table.view.with(|view| view.sort);
        sort.filter(|(by, _)| *by == key)
            .map(|(_, is_falling)| is_falling)
    });
    let aria = move || match sorted.get() {
        None => "none",
        Some(false) => "ascending",
        Some(true) => "descending",
    };
    let arrow = move || match sorted.get() {
        None => "",
        Some(false) => " ↑",
        Some(true) => " ↓",
    };
    view! {
        <th scope="col" class=class aria-sort=aria>
            <button
                type="button"
                class="task-runs__sort"
                on:click=move |_| table.on_view.run(table.view.with_untracked(|view| view.pressed(key)))
            >
                {word}
                <span aria-hidden="true">{arrow}</span>
            </button>
        </th>
    }
    .into_any()
}

/// What a row shows; equal as long as nothing of it has changed.
#[derive(Clone, PartialEq)]
struct Shown {
    row: Arc<TaskRun>,
    title: String,
    title_below_parent: String,
    message: Option<String>,
    children: Vec<StateCount>,
    start: Option<Timestamp>,
}

impl Shown {
    fn goes_on(&self) -> bool {
        self.row.state.is_running() || self.children.iter().any(|found| !found.state.is_finished())
    }
}

fn row(table: Table, id: TaskRunId) -> AnyView {
    // A row may be taken out of the list just before its cells are: they keep what was last known.
    let shown = Memo::new(move |last: Option<&Option<Shown>>| {
        let Some(row) = table.get(id) else {
            return last.cloned().flatten();
        };
        table.runs.with(|runs| {
            let children = runs.children(&row);
            Some(Shown {
                title: runs.title(&row),
                title_below_parent: runs.title_below_parent(&row),
                message: runs.message(&row).cloned(),
                children: count_states(children.iter().map(|child| &**child)),
                start: runs.start(&row),
                row,
            })
        })
    });
    cells(table, id, shown)
}

/// The cells of a row. They are made once and each part changes by itself: what is made anew with every poll leaves
/// its subscription to all that lives longer behind (reactive_graph forgets none of those that are gone).
fn cells(table: Table, id: TaskRunId, shown: Memo<Option<Shown>>) -> AnyView {
    fn part<T: Clone + Default + PartialEq + Send + Sync + 'static>(
        shown: Memo<Option<Shown>>,
        of: fn(&Shown) -> T,
    ) -> Memo<T> {
        Memo::new(move |_| shown.with(|shown| shown.as_ref().map(of).unwrap_or_default()))
    }
    let Some(Shown { row, .. }) = shown.get_untracked() else {
        return ().into_any();
    };
    let (task, is_child) = (row.task_id, row.is_child());
    let title = part(shown, |shown| shown.title.clone());
    let message = part(shown, |shown| shown.message.clone().unwrap_or_default());
    let retries = part(shown, |shown| shown.row.retries.len());
    let start = part(shown, |shown| shown.start);
    let goes_on = part(shown, Shown::goes_on);
    let has_children = part(shown, |shown| !shown.children.is_empty());
    let state = Memo::new(move |_| {
        let state = |shown: &Shown| shown.row.state;
        shown.with(|shown| shown.as_ref().map_or(StateType::Pending, state))
    });
    let is_indented = Memo::new(move |_| is_child && !table.view.with(TaskRunsView::is_filtered));
    let short = part(shown, |shown| shown.title_below_parent.clone());
    let words = move || {
        if is_indented.get() {
            short.get()
        } else {
            title.get()
        }
    };
    let span = Callback::new(move |now: Timestamp| {
        shown.track();
        table.runs.with_untracked(|runs| runs.span(runs.get(id)?, now))
    });
    view! {
        <td
            class="task-run-table__task"
            title=move || title.get()
            data-child=move || is_indented.get().then_some("true")
            data-quiet=move || (state.get() == StateType::Pending).then_some("true")
        >
            {move || has_children.get().then(|| twist(table, id, task, title))}
            <a class="link link--main" href=Route::TaskRun(id).to_string()>{words}</a>
        </td>
        <td>
            {move || if has_children.get() {
                let children = part(shown, |shown| shown.children.clone());
                view! { {move || mapped(children.get())} }.into_any()
            } else {
                view! { <StateBadge state=state/> }.into_any()
            }}
        </td>
        <td class="table__number table__wide">{move || start.get().map(|at| view! { <Clock time=at/> })}</td>
        <td class="table__number"><Elapsed of=span ticks=goes_on/></td>
        <td class="table__number table__wide">
            {move || Some(retries.get()).filter(|retries| *retries > 0).map(format::count)}
        </td>
        <td class="table__wide task-run-table__message" title=move || message.get()>{move || message.get()}</td>
        <td class="table__wide"><a class="link" href=table.logs.run(task)>"Log"</a></td>
    }
    .into_any()
}

/// The button that shows the children, or hides them.
fn twist(table: Table, id: TaskRunId, task: TaskId, title: Memo<String>) -> AnyView {
    let is_open = Memo::new(move |_| table.view.with(|view| view.open.contains(&task)));
    view! {
        <button
            type="button"
            class="task-runs__twist"
            tabindex="-1"
            aria-label=move || format!("Children of {}", title.get())
            aria-expanded=move || is_open.get().to_string()
            on:click=move |_| table.unfold(id, !is_open.get_untracked())
        >
            {move || if is_open.get() { "▾" } else { "▸" }}
        </button>
    }
    .into_any()
}

/// The states of a mapped task's children.
fn mapped(children: Vec<StateCount>) -> AnyView {
    let count = |found: StateCount| {
        let words = format!("{} {}", format::count(found.count), state_word(found.state));
        view! {
            <span class="task-runs__part" data-state=found.state.css_name() title=words>
                <Glyph icon=state_icon(found.state) size=14/>
                {format::short_count(found.count)}
                <span class="visually-hidden">" "{state_word(found.state)}</span>
            </span>
        }
    };
    view! { <span class="task-runs__parts">{children.into_iter().map(count).collect_view()}</span> }
        .into_any()
}
