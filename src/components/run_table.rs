//! The run history as a table: any number of rows, picked with checkboxes, sorted by their heads.

use std::collections::HashMap;
use std::time::Duration;

use flowdeck_vocabulary::{FlowGroupId, FlowRunId, StateType};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::labels::LabelList;
use super::state_badge::{StateBadge, group_state, state_icon};
use super::time::{Ago, started};
use crate::format;
use crate::model::{FlowRun, RunColumn, RunList, RunRow, RunSelection, RunSort, RunSortColumn, TaskCounts};
use crate::routes::Route;
use crate::session::use_now;
use crate::ui::icon::Glyph;
use crate::ui::windowed::{RowTraits, Window, WindowedTable};

/// What the table shows and where its clicks go. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct RunTableModel {
    /// The rows.
    pub list: Signal<RunList>,
    /// The columns, in their order.
    pub columns: Signal<Vec<RunColumn>>,
    /// The names that flows of more than one project have: with these the project is told.
    pub shared: Signal<Vec<String>>,
    /// The order.
    pub sort: Signal<RunSort>,
    /// What is picked.
    pub selection: RwSignal<RunSelection>,
    /// How long runs of each flow usually take.
    pub usual: RwSignal<HashMap<FlowGroupId, Duration>>,
    /// Whether the server sorts by a column.
    pub can_sort: Callback<RunSortColumn, bool>,
    /// Sorts by a column.
    pub on_sort: Callback<RunSortColumn>,
    /// Opens a run.
    pub on_open: Callback<FlowRunId>,
}

/// The table. `window` says which rows are seen.
#[component]
pub fn RunTable(table: RunTableModel, window: Window) -> impl IntoView {
    let RunTableModel {
        list,
        columns,
        selection,
        ..
    } = table;
    let on_key = move |(event, key): (KeyboardEvent, u128)| {
        let id = FlowRunId::from_u128(key);
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "Enter" => table.on_open.run(id),
            "x" | "X" | " " => toggle(table, id, event.shift_key()),
            "Escape" => selection.set(RunSelection::default()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <WindowedTable
            window=window
            label="Flow runs"
            class="run-table"
            key=Callback::new(move |place: usize| {
                list.with(|list| list.rows().get(place).map_or(0, |row| row.run.id.as_u128()))
            })
            row=Callback::new(move |key| cells(table, FlowRunId::from_u128(key)))
            traits=Callback::new(move |key| RowTraits {
                is_selected: Some(is_picked(table, FlowRunId::from_u128(key))),
                ..RowTraits::default()
            })
            on_key=Callback::new(on_key)
        >
            <th scope="col" class="run-table__pick">{move || head_pick(table)}</th>
            {move || columns.get().into_iter().map(|column| head(table, column)).collect_view()}
        </WindowedTable>
    }
}

fn order(table: RunTableModel) -> Vec<FlowRunId> {
    table
        .list
        .with_untracked(|list| list.rows().iter().map(|row| row.run.id).collect())
}

/// Whether a run can be picked; one that no longer matches is not among all that match.
fn can_pick(table: RunTableModel, id: FlowRunId) -> bool {
    !table.selection.with(RunSelection::is_all_matching) || !table.list.with(|list| list.is_outside(id))
}

fn is_picked(table: RunTableModel, id: FlowRunId) -> bool {
    can_pick(table, id) && table.selection.with(|selection| selection.contains(id))
}

fn toggle(table: RunTableModel, id: FlowRunId, range: bool) {
    if !untrack(|| can_pick(table, id)) {
        return;
    }
    let order = order(table);
    table
        .selection
        .update(|selection| selection.toggle(id, range, &order));
}

/// The checkbox over the column: all loaded runs, or none.
fn head_pick(table: RunTableModel) -> AnyView {
    let all = move || {
        table.list.with(|list| {
            table.selection.with(|selection| {
                !selection.is_empty() && list.rows().iter().all(|row| selection.contains(row.run.id))
            })
        })
    };
    view! {
        <label class="run-table__around">
            <input
                type="checkbox"
                class="run-table__check"
                aria-label="Select all loaded runs"
                prop:checked=all
                prop:indeterminate=move || !all() && !table.selection.with(RunSelection::is_empty)
                on:change=move |_| {
                    let order = order(table);
                    table.selection.update(|selection| selection.toggle_loaded(&order));
                }
            />
        </label>
    }
    .into_any()
}

fn head(table: RunTableModel, column: RunColumn) -> AnyView {
    let class = class_of(column);
    let Some(by) = column.sort().filter(|by| table.can_sort.run(*by)) else {
        return view! { <th scope="col" class=class>{column.word()}</th> }.into_any();
    };
    let direction = move || {
        let sort = table.sort.get();
        (sort.column == by).then_some(if sort.descending {
            "descending"
        } else {
            "ascending"
        })
    };
    view! {
        <th scope="col" class=class aria-sort=direction>
            <button type="button" class="run-table__sort" on:click=move |_| table.on_sort.run(by)>
                {column.word()}
                <span class="run-table__arrow" aria-hidden="true">
                    {move || direction().map(|direction| if direction == "descending" { "↓" } else { "↑" })}
                </span>
            </button>
        </th>
    }
    .into_any()
}

fn class_of(column: RunColumn) -> &'static str {
    match column {
        RunColumn::State => "run-table__state",
        RunColumn::Project => "run-table__project table__wide",
        RunColumn::Flow => "run-table__flow",
        RunColumn::Version => "run-table__version table__wide",
        RunColumn::Run => "run-table__run",
        RunColumn::Start => "run-table__time run-table__start table__number",
        RunColumn::End => "run-table__time table__number table__wide",
        RunColumn::Duration => "run-table__duration table__wide",
        RunColumn::Tasks => "run-table__tasks table__wide",
        RunColumn::Labels => "run-table__labels table__wide",
    }
}

fn cells(table: RunTableModel, id: FlowRunId) -> AnyView {
    // A row may be taken out of the list just before its cells are: they keep what was last known.
    let row = Memo::new(move |last: Option<&Option<RunRow>>| {
        table
            .list
            .with(|list| list.row(id).cloned())
            .or_else(|| last.cloned().flatten())
    });
    let name =
        Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.run.name.clone()).unwrap_or_default()));
    view! {
        <td class="run-table__pick">
            <label class="run-table__around">
                <input
                    type="checkbox"
                    class="run-table__check"
                    tabindex="-1"
                    aria-label=move || format!("Select {}", name.get())
                    prop:checked=move || is_picked(table, id)
                    disabled=move || !can_pick(table, id)
                    on:click=move |event| toggle(table, id, event.shift_key())
                />
            </label>
        </td>
        {move || {
            table
                .columns
                .get()
                .into_iter()
                .map(|column| view! { <td class=class_of(column)>{cell(table, column, row)}</td> })
                .collect_view()
        }}
    }
    .into_any()
}

/// What a column shows of a run; each part changes by itself.
fn cell(table: RunTableModel, column: RunColumn, row: Memo<Option<RunRow>>) -> AnyView {
    fn part<T: PartialEq + Clone + Send + Sync + 'static>(
        row: Memo<Option<RunRow>>,
        of: fn(&RunRow) -> T,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| row.with(|row| row.as_ref().map(of)))
    }
    let text = |of: fn(&RunRow) -> String| part(row, of);
    match column {
        RunColumn::State => {
            let state = part(row, |row| row.run.state);
            let state = Signal::derive(move || state.get().unwrap_or(StateType::Pending));
            view! { <StateBadge state=state/> }.into_any()
        }
        RunColumn::Project => {
            let name = text(|row| row.run.project_name.clone());
            let href = text(|row| Route::project(row.run.project_id).to_string());
            view! { <a class="link" tabindex="-1" href=href>{name}</a> }.into_any()
        }
        RunColumn::Flow => {
            let name = text(|row| row.run.flow_name.clone());
            let href = text(|row| Route::flow(row.run.flow_id).to_string());
            let project = project_of(table, row);
            view! {
                <a class="link" tabindex="-1" href=href title=move || format!("{}{}", name.get().unwrap_or_default(), project.get())>
                    {name}
                    <span class="run-table__whose">{project}</span>
                </a>
            }
            .into_any()
        }
        RunColumn::Version => text(|row| format!("v{}", row.run.flow_version)).into_any(),
        RunColumn::Run => {
            let name = text(|row| row.run.name.clone());
            let href = text(|row| Route::flow_run(row.run.id).to_string());
            let flow = text(|row| row.run.flow_name.clone());
            let id = row.with_untracked(|row| row.as_ref().map(|row| row.run.id));
            let is_outside =
                Memo::new(move |_| id.is_some_and(|id| table.list.with(|list| list.is_outside(id))));
            view! {
                <a class="link link--main" tabindex="-1" href=href title=name>{name}</a>
                {move || is_outside.get().then(|| view! {
                    <span class="run-table__outside" title="It no longer matches the filter, and goes when the list is loaded again.">
                        "no match"
                    </span>
                })}
                // Where the flow has no column of its own: on a phone.
                {table.columns.with_untracked(|columns| columns.contains(&RunColumn::Flow))
                    .then(|| view! { <span class="run-table__of">{flow} {project_of(table, row)}</span> })}
            }
            .into_any()
        }
        RunColumn::Start => {
            let start = part(row, |row| row.run.start());
            (move || start.get().map(started)).into_any()
        }
        RunColumn::End => {
            let at = part(row, |row| row.run.end());
            (move || at.get().flatten().map(|at| view! { <Ago time=at/> })).into_any()
        }
        RunColumn::Duration => duration(table, row),
        RunColumn::Tasks => {
            let counts = part(row, |row| row.tasks);
            (move || counts.get().map(tasks)).into_any()
        }
        RunColumn::Labels => {
            let labels = part(row, |row| row.run.labels.clone());
            (move || {
                labels
                    .get()
                    .filter(|labels| !labels.is_empty())
                    .map(|labels| view! { <LabelList labels=labels/> })
            })
            .into_any()
        }
    }
}

/// ` · project` after a flow's name that others have, too: the name is what one looks for.
fn project_of(table: RunTableModel, row: Memo<Option<RunRow>>) -> Memo<String> {
    Memo::new(move |_| {
        row.with(|row| {
            let run = row.as_ref().map(|row| &row.run);
            let run = run.filter(|run| table.shared.with(|shared| shared.contains(&run.flow_name)));
            run.map_or_else(String::new, |run| format!(" · {}", run.project_name))
        })
    })
}

/// The duration in words, and as a bar whose middle is what is usual for the flow.
fn duration(table: RunTableModel, row: Memo<Option<RunRow>>) -> AnyView {
    let now = use_now();
    let took = Memo::new(move |_| {
        let ticks = |run: &FlowRun| run.started_at.is_some() && !run.state.is_finished();
        let now = if row.with(|row| row.as_ref().is_some_and(|row| ticks(&row.run))) {
            now.get()
        } else {
            now.get_untracked()
        };
        row.with(|row| {
            row.as_ref()
                .and_then(|row| row.run.duration(now).map(|took| (took, ticks(&row.run))))
        })
    });
    let usual = Memo::new(move |_| {
        let flow = row.with(|row| row.as_ref().map(|row| row.flow_group_id))?;
        table.usual.with(|usual| usual.get(&flow).copied())
    });
    let words = move || match took.get() {
        None => "–".to_owned(),
        Some((took, true)) => format::ticking(took),
        Some((took, false)) => format::duration(took),
    };
    let share = move || {
        took.get()
            .zip(usual.get())
            .map(|((took, _), usual)| bar_share(took, usual))
    };
    view! {
        <span
            class="run-duration"
            title=move || usual.get().map(|usual| format!("usually {}", format::duration(usual)))
        >
            <span class="run-duration__track" aria-hidden="true" data-known=move || share().map(|_| "true")>
                <span
                    class="run-duration__bar"
                    data-over=move || share().filter(|share| *share > 60).map(|_| "true")
                    style=move || format!("--share:{}%", share().unwrap_or(0))
                ></span>
            </span>
            <span class="run-duration__words">{words}</span>
        </span>
    }
    .into_any()
}

/// How long the bar is in percent of its track, whose middle is the usual duration and whose end twice that.
fn bar_share(took: Duration, usual: Duration) -> usize {
    let (took, usual) = (took.as_millis(), usual.as_millis().max(1));
    usize::try_from(took * 50 / usual).unwrap_or(100).clamp(2, 100)
}

fn tasks(counts: TaskCounts) -> AnyView {
    let words: Vec<String> = counts
        .groups()
        .map(|(group, count)| format!("{} {}", format::count(count), group.name().to_ascii_lowercase()))
        .collect();
    let words = words.join(", ");
    view! {
        <span class="run-tasks" title=words.clone()>
            <span class="visually-hidden">{words.clone()}</span>
            {counts
                .groups()
                .map(|(group, count)| {
                    let state = group_state(group);
                    view! {
                        <span class="run-tasks__group" aria-hidden="true" data-state=state.css_name()>
                            <Glyph icon=state_icon(state) size=12/>
                            {format::short_count(count)}
                        </span>
                    }
                })
                .collect_view()}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_bar_is_the_usual_duration() {
        let seconds = Duration::from_secs;
        assert_eq!(bar_share(seconds(60), seconds(60)), 50);
        assert_eq!(bar_share(seconds(90), seconds(60)), 75);
        assert_eq!(bar_share(seconds(6_000), seconds(60)), 100);
        assert_eq!(
            bar_share(seconds(0), seconds(60)),
            2,
            "never too short to be seen"
        );
        assert_eq!(bar_share(seconds(5), Duration::ZERO), 100);
    }
}
