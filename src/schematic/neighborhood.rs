//! A small still picture of a task between those right before and right after it, out of the parts of the large one.

use std::sync::Arc;

use flowdeck_vocabulary::TaskId;
use leptos::prelude::*;

use super::canvas::Lines;
use super::card::Card;
use super::gestures::{Gestures, arrow, focus};
use super::label::measured_letters;
use super::picture::Picture;
use super::scene::Look;
use crate::model::{Direction, SchematicView, TaskGraph, TaskRuns, card_runs};
use crate::ui::each::Each;

/// The picture shows so many before the task and so many after it; a list beside it has them all.
const MOST: usize = 5;

/// A task between its neighbors. A press on one of them leads there.
#[component]
pub fn Neighborhood(
    /// The task with its neighbors.
    #[prop(into)]
    around: Signal<TaskGraph>,
    /// The task.
    task: TaskId,
    /// The task runs of a run; left out for a flow as it is written.
    #[prop(optional)]
    runs: Option<Signal<Option<TaskRuns>>>,
    /// Of mapped tasks, the child that is meant; `None` for all of them.
    #[prop(optional_no_strip)]
    child: Option<i64>,
    /// Called with the neighbor that a person presses.
    on_select: Callback<TaskId>,
) -> impl IntoView {
    let graph = Memo::new(move |_| around.with(|around| around.nearest(task, MOST)));
    let cards = Memo::new(move |_| {
        let cards = runs.and_then(|runs| {
            runs.with(|runs| {
                runs.as_ref()
                    .map(|runs| graph.with(|graph| card_runs(graph, runs, child)))
            })
        });
        Arc::new(cards.unwrap_or_default())
    });
    let picture = Picture::new(
        graph.into(),
        cards,
        Look {
            of_run: runs.is_some(),
            letters: measured_letters(),
        },
        (RwSignal::new(Some(Direction::Right)), RwSignal::new(false)),
        Signal::derive(move || SchematicView {
            task: Some(task),
            ..SchematicView::default()
        }),
        Callback::new(move |pressed: SchematicView| {
            if let Some(pressed) = pressed.task.filter(|pressed| *pressed != task) {
                on_select.run(pressed);
            }
        }),
    );
    let gestures = Gestures::new(picture);
    // Arrow keys go from card to card, Enter follows one: here a selection leads to another page.
    let on_key = move |event: web_sys::KeyboardEvent| {
        let Some(focused) = picture.focused.get_untracked() else {
            return;
        };
        match event.key().as_str() {
            "Enter" | " " => picture.select(Some(focused)),
            key => {
                let next = arrow(key)
                    .and_then(|(step, ..)| picture.scene.with_untracked(|scene| scene.step(focused, step)));
                match next {
                    Some(next) => focus(next),
                    None => return,
                }
            }
        }
        event.prevent_default();
    };
    let extent = Memo::new(move |_| picture.scene.with(|scene| scene.extent()));
    view! {
        <svg
            class="neighborhood"
            role="group"
            aria-label="The task between those before and after it"
            width=move || extent.get().width
            height=move || extent.get().height
            viewBox=move || {
                let extent = extent.get();
                format!("-6 -6 {} {}", extent.width + 12.0, extent.height + 12.0)
            }
            on:keydown=on_key
        >
            <Lines picture=picture/>
            <Each of=move || (0..picture.scene.with(|scene| scene.tasks.len())).collect() key=|task| *task let:place>
                <Card picture=picture gestures=gestures task=place/>
            </Each>
        </svg>
    }
}
