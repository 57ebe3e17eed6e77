//! The task runs of a flow run: each task, its mapped children below it, changing in place.

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::state_badge::StateBadge;
use super::time::{Clock, Elapsed};
use crate::format;
use crate::model::{TaskRun, TaskRuns, Timestamp};
use crate::routes::Route;

/// So many rows are shown at first; more wait behind a button, because a browser slows down with very many.
const PAGE: usize = 500;

/// A table of task runs.
#[component]
pub fn TaskRunTable(
    /// All task runs, in order.
    #[prop(into)]
    task_runs: Signal<TaskRuns>,
) -> impl IntoView {
    let shown = RwSignal::new(PAGE);
    let total = move || task_runs.with(|runs| runs.rows().len());
    let rows =
        move || task_runs.with(|runs| runs.rows().iter().take(shown.get()).cloned().collect::<Vec<_>>());
    view! {
        <div class="table-frame panel">
            <table class="table task-run-table" aria-label="Task runs">
                <thead>
                    <tr>
                        <th scope="col">"Task"</th>
                        <th scope="col">"State"</th>
                        <th scope="col" class="table__number table__wide">"Started"</th>
                        <th scope="col" class="table__number">"Duration"</th>
                        <th scope="col" class="table__wide">"Message"</th>
                    </tr>
                </thead>
                <tbody>
                    // A row is built anew when the server says that it changed, and left alone otherwise.
                    <For each=rows key=|row| (row.id, row.updated_at) let:row>
                        <Row title=task_runs.with_untracked(|runs| runs.title(&row)) row=row/>
                    </For>
                </tbody>
            </table>
            {move || {
                (total() > shown.get())
                    .then(|| {
                        let rest = format::count(total() - shown.get());
                        view! {
                            <button type="button" class="table__more" on:click=move |_| shown.update(|n| *n += PAGE)>
                                {format!("{rest} more task runs")}
                            </button>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Row(title: String, row: TaskRun) -> impl IntoView {
    let ticks = row.state.is_running();
    let href = Route::TaskRun(row.id).to_string();
    let message = row.message.clone().unwrap_or_default();
    let quiet = row.state == StateType::Pending;
    let (state, child, started_at) = (row.state, row.is_child(), row.started_at);
    view! {
        <tr class="task-run-table__row" data-child=child.then_some("true") data-quiet=quiet.then_some("true")>
            <td class="table__fill task-run-table__task">
                <a class="link link--main" href=href>{title}</a>
            </td>
            <td><StateBadge state=state/></td>
            <td class="table__number table__wide">{started_at.map(|at| view! { <Clock time=at/> })}</td>
            <td class="table__number">
                <Elapsed of=Callback::new(move |now: Timestamp| row.duration(now)) ticks=ticks/>
            </td>
            <td class="table__wide task-run-table__message" title=message.clone()>{message.clone()}</td>
        </tr>
    }
}
