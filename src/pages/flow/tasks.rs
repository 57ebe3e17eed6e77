//! `/flow/:id?tab=tasks`: the tasks of this version.

use leptos::prelude::*;

use crate::format;
use crate::model::{Flow, Task, last_part_in_words};
use crate::resources::use_tasks;
use crate::ui::each::Each;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::only::Only;

/// The tasks, by name.
#[component]
pub fn Tasks(flow: Signal<Flow>) -> impl IntoView {
    let id = Memo::new(move |_| flow.with(|flow| flow.id));
    let tasks = use_tasks(move || Some(id.get()));
    view! {
        <Loaded polled=tasks what="list of tasks" let:tasks>
            <Only when=move || tasks.with(|tasks| !tasks.is_empty()) fallback=|| view! {
                <Empty icon=Icon::Flows title="No tasks are registered" text="Register the flow again to see them here."/>
            }>
                <div class="table-frame panel" tabindex="0">
                    <table class="table" aria-label="Tasks">
                        <thead>
                            <tr>
                                <th scope="col">"Task"</th>
                                <th scope="col" class="table__wide">"Kind"</th>
                                <th scope="col">"Trigger"</th>
                                <th scope="col" class="table__number">"Retries"</th>
                            </tr>
                        </thead>
                        <tbody>
                            <Each of=move || tasks.get() key=|task| task.id let:task>
                                <Row task=task/>
                            </Each>
                        </tbody>
                    </table>
                </div>
            </Only>
        </Loaded>
    }
}

#[component]
fn Row(task: Task) -> impl IntoView {
    let retries = match (task.max_retries, &task.retry_delay) {
        (0, _) => "–".to_owned(),
        (times, Some(delay)) => format!("{times} × after {}", format::delay(delay)),
        (times, None) => times.to_string(),
    };
    view! {
        <tr>
            <td class="table__fill">
                {task.name.clone()}
                {(task.slug != task.name).then(|| view! { " " <span class="nothing">{task.slug}</span> })}
                {task.mapped.then(|| view! { " " <span class="tag">"mapped"</span> })}
                {task.is_reference_task.then(|| view! { " " <span class="tag">"decides the run's state"</span> })}
            </td>
            <td class="table__wide" title=task.task_type.clone()>{last_part_in_words(&task.task_type)}</td>
            <td title=task.trigger.clone()>{last_part_in_words(&task.trigger)}</td>
            <td class="table__number">{retries}</td>
        </tr>
    }
}
