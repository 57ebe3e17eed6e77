//! Log lines as they were written, growing at the end.

use std::collections::HashMap;

use flowdeck_vocabulary::TaskRunId;
use leptos::html;
use leptos::prelude::*;

use super::time::Clock;
use crate::model::LogTail;
use crate::routes::Route;
use crate::ui::button::Button;

/// This close to the end, in pixels, counts as being there.
const NEAR: i32 = 40;

/// Log lines. Follows the end while one is there; stops when one scrolls up, and says what has come since.
#[component]
pub fn LogView(
    /// The lines.
    #[prop(into)]
    tail: Signal<LogTail>,
    /// What the task runs are called; empty where the lines are of one task run.
    #[prop(into)]
    task_names: Signal<HashMap<TaskRunId, String>>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let following = RwSignal::new(true);
    let seen = RwSignal::new(0_usize);
    let count = Memo::new(move |_| tail.with(|tail| tail.lines().len()));
    let to_end = move || {
        if let Some(frame) = frame.get_untracked() {
            frame.set_scroll_top(frame.scroll_height());
        }
    };
    Effect::new(move |_| {
        let count = count.get();
        frame.track();
        if following.get() {
            seen.set(count);
            // The new lines are in the page one frame later.
            request_animation_frame(to_end);
        }
    });
    let on_scroll = move |_| {
        if let Some(frame) = frame.get_untracked() {
            let rest = frame.scroll_height() - frame.scroll_top() - frame.client_height();
            let at_end = rest <= NEAR;
            if at_end != following.get_untracked() {
                following.set(at_end);
            }
        }
    };
    let fresh = move || count.get().saturating_sub(seen.get());
    view! {
        <div class="log-view panel">
            <div class="log-view__lines" node_ref=frame on:scroll=on_scroll tabindex="0" role="log" aria-label="Log" aria-live="off">
                {move || tail.with(|tail| tail.cut).then(|| view! {
                    <p class="log-view__cut">"Older lines are not shown."</p>
                })}
                <For each=move || tail.get().lines().to_vec() key=|line| line.id.clone() let:line>
                    {
                        let task = line.task_run_id;
                        let logger = line.logger.clone();
                        view! {
                            <div class="log-line" data-level=line.level.name()>
                                <span class="log-line__time"><Clock time=line.at/></span>
                                <span class="log-line__level">{line.level.name()}</span>
                                <span class="log-line__source" title=line.logger.clone()>
                                    {move || {
                                        task.and_then(|task| {
                                            let name = task_names.with(|names| names.get(&task).cloned())?;
                                            let href = Route::TaskRun(task).to_string();
                                            Some(view! { <a class="link" href=href>{name}</a> }.into_any())
                                        })
                                        .unwrap_or_else(|| logger.clone().into_any())
                                    }}
                                </span>
                                <span class="log-line__message">{line.message.clone()}</span>
                            </div>
                        }
                    }
                </For>
                {move || (count.get() == 0).then(|| view! { <p class="log-view__cut">"Nothing has been written yet."</p> })}
            </div>
            {move || {
                (!following.get()).then(|| {
                    let label = Signal::derive(move || match fresh() {
                        0 => "Follow the end".to_owned(),
                        new => format!("{new} new ↓"),
                    });
                    view! {
                        <div class="log-view__follow">
                            <Button label=label on_click=Callback::new(move |()| { following.set(true); to_end(); })/>
                        </div>
                    }
                })
            }}
        </div>
    }
}
