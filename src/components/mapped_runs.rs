//! The children of a mapped task: any number of them, by state and by number.

use std::sync::Arc;

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::state_badge::{StateBadge, state_icon, state_word};
use super::time::{Clock, Elapsed};
use crate::format;
use crate::model::{
    StateCount, TaskRun, Timestamp, count_states, is_in_range, names_numbers, task_run_title,
};
use crate::routes::Route;
use crate::ui::icon::Glyph;
use crate::ui::windowed::{Window, WindowedTable};

/// Which children are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChildFilter {
    /// Only those in this state.
    pub state: Option<StateType>,
    /// Only those with these numbers: `7`, `10-19`, several with commas; empty for all.
    pub index: String,
}

/// The children of one mapped task, in the order of their numbers.
#[component]
pub fn MappedRuns(
    /// What the task is called.
    task: String,
    /// The children.
    children: Memo<Vec<Arc<TaskRun>>>,
    /// Which of them are shown.
    filter: Memo<ChildFilter>,
    /// Called with another choice of the person.
    on_filter: Callback<ChildFilter>,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let filter = filter.get();
        children.with(|children| {
            let is_shown = |child: &TaskRun| {
                filter.state.is_none_or(|state| state == child.state)
                    && is_in_range(child.map_index, &filter.index)
            };
            let places = children.iter().enumerate();
            places
                .filter(|(_, child)| is_shown(child))
                .map(|(place, _)| place)
                .collect::<Vec<usize>>()
        })
    });
    let task = StoredValue::new(task);
    let count = Memo::new(move |_| shown.with(Vec::len));
    let counts =
        Memo::new(move |_| children.with(|children| count_states(children.iter().map(|child| &**child))));
    // What cannot be understood stays in the field, is marked there, and changes nothing.
    let written = RwSignal::new(String::new());
    Effect::new(move |_| written.set(filter.get().index));
    let is_wrong = Memo::new(move |_| !written.with(|text| names_numbers(text)));
    let place_of = move |row: usize| shown.with(|shown| shown.get(row).copied().unwrap_or_default());
    view! {
        <div class="mapped-runs">
            <div class="mapped-runs__bar">
                {move || chips(counts.get(), filter.get(), on_filter)}
                <input
                    class="mapped-runs__index"
                    type="search"
                    placeholder="Index: 7, 10-19"
                    aria-label="Only the children with these numbers"
                    aria-invalid=move || is_wrong.get().then_some("true")
                    autocomplete="off"
                    prop:value=move || written.get()
                    on:input=move |event| {
                        let index = event_target_value(&event);
                        written.set(index.clone());
                        if !is_wrong.get_untracked() {
                            on_filter.run(ChildFilter { index, ..filter.get_untracked() });
                        }
                    }
                />
                <span class="section__note" role="status">
                    {move || if is_wrong.get() {
                        "Not understood; write 7, 10-19 or 90-.".to_owned()
                    } else {
                        format!("{} of {}", format::count(count.get()), format::count(children.with(Vec::len)))
                    }}
                </span>
            </div>
            <WindowedTable
                window=Window::new(count.into(), "--row")
                label="Mapped task runs"
                class="mapped-table"
                key=Callback::new(move |row| place_of(row) as u128)
                row=Callback::new(move |place| row(children, task, place))
            >
                <th scope="col" class="table__number">"Index"</th>
                <th scope="col">"Task run"</th>
                <th scope="col">"State"</th>
                <th scope="col" class="table__number table__wide">"Started"</th>
                <th scope="col" class="table__number">"Duration"</th>
                <th scope="col" class="table__wide">"Message"</th>
            </WindowedTable>
        </div>
    }
}

/// One for each state that occurs; a second press shows all again.
fn chips(counts: Vec<StateCount>, filter: ChildFilter, on_filter: Callback<ChildFilter>) -> AnyView {
    let chip = |found: StateCount| {
        let is_chosen = filter.state == Some(found.state);
        let next = ChildFilter {
            state: (!is_chosen).then_some(found.state),
            index: filter.index.clone(),
        };
        view! {
            <button
                type="button"
                class="schematic__chip"
                data-state=found.state.css_name()
                aria-pressed=is_chosen.to_string()
                on:click=move |_| on_filter.run(next.clone())
            >
                <Glyph icon=state_icon(found.state) size=14/>
                {state_word(found.state)}
                <span class="schematic__count">{format::count(found.count)}</span>
            </button>
        }
    };
    view! {
        <div class="schematic__legend" role="group" aria-label="Only children in one state">
            {counts.into_iter().map(chip).collect_view()}
        </div>
    }
    .into_any()
}

fn row(children: Memo<Vec<Arc<TaskRun>>>, task: StoredValue<String>, place: u128) -> AnyView {
    let place = usize::try_from(place).unwrap_or_default();
    let shown = Memo::new(move |_| children.with(|children| children.get(place).cloned()));
    (move || {
        shown
            .get()
            .map(|child| task.with_value(|task| cells(child, task)))
    })
    .into_any()
}

fn cells(child: Arc<TaskRun>, task: &str) -> AnyView {
    let (id, state, index, started_at) = (child.id, child.state, child.map_index, child.started_at);
    let ticks = state.is_running();
    let name = task_run_title(child.name.as_ref(), task, index);
    let message = child.message.clone().unwrap_or_default();
    view! {
        <td class="table__number">{index}</td>
        <td class="task-run-table__task">
            <a class="link link--main" href=Route::TaskRun(id).to_string()>{name}</a>
        </td>
        <td><StateBadge state=state/></td>
        <td class="table__number table__wide">{started_at.map(|at| view! { <Clock time=at/> })}</td>
        <td class="table__number">
            <Elapsed of=Callback::new(move |now: Timestamp| child.duration(now)) ticks=ticks/>
        </td>
        <td class="table__wide task-run-table__message" title=message.clone()>{message.clone()}</td>
    }
    .into_any()
}
