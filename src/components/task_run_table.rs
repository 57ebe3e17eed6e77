//! The task runs of a flow run: each task, its mapped children below it, changing in place.

use std::sync::Arc;

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::state_badge::StateBadge;
use super::time::{Clock, Elapsed};
use crate::model::{TaskRun, TaskRuns, Timestamp};
use crate::routes::Route;
use crate::ui::windowed::{Window, WindowedTable};

/// A table of task runs.
#[component]
pub fn TaskRunTable(
    /// All task runs, in order.
    #[prop(into)]
    task_runs: Signal<TaskRuns>,
) -> impl IntoView {
    let count = Memo::new(move |_| task_runs.with(|runs| runs.rows().len()));
    view! {
        <WindowedTable
            window=Window::new(count.into(), "--row")
            label="Task runs"
            class="task-run-table"
            key=Callback::new(|place| place as u128)
            row=Callback::new(move |place| cells(task_runs, place))
        >
            <th scope="col">"Task"</th>
            <th scope="col">"State"</th>
            <th scope="col" class="table__number table__wide">"Started"</th>
            <th scope="col" class="table__number">"Duration"</th>
            <th scope="col" class="table__wide">"Message"</th>
        </WindowedTable>
    }
}

fn cells(task_runs: Signal<TaskRuns>, place: u128) -> AnyView {
    let place = usize::try_from(place).unwrap_or_default();
    let shown = Memo::new(move |_| {
        task_runs.with(|runs| {
            runs.rows()
                .get(place)
                .map(|row| (Arc::clone(row), runs.title(row)))
        })
    });
    (move || shown.get().map(|(row, title)| one(row, title))).into_any()
}

fn one(row: Arc<TaskRun>, title: String) -> AnyView {
    let ticks = row.state.is_running();
    let href = Route::TaskRun(row.id).to_string();
    let message = row.message.clone().unwrap_or_default();
    let quiet = row.state == StateType::Pending;
    let (state, child, started_at) = (row.state, row.is_child(), row.started_at);
    view! {
        <td
            class="task-run-table__task"
            data-child=child.then_some("true")
            data-quiet=quiet.then_some("true")
        >
            <a class="link link--main" href=href>{title}</a>
        </td>
            <td><StateBadge state=state/></td>
            <td class="table__number table__wide">{started_at.map(|at| view! { <Clock time=at/> })}</td>
            <td class="table__number">
                <Elapsed of=Callback::new(move |now: Timestamp| row.duration(now)) ticks=ticks/>
            </td>
            <td class="table__wide task-run-table__message" title=message.clone()>{message.clone()}</td>
    }
    .into_any()
}
