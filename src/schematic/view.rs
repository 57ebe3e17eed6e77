//! The schematic as a whole: bar, drawing, panel.

use std::sync::Arc;

use flowdeck_vocabulary::TaskId;
use leptos::prelude::*;

use super::bar::Bar;
use super::canvas::Canvas;
use super::card_run::card_runs;
use super::label::measured_letters;
use super::panel::Panel;
use super::picture::Picture;
use super::scene::Look;
use crate::model::{TaskGraph, TaskRuns};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;

/// A flow's tasks with their dependencies; with the task runs of a run, live. States change in place: nothing
/// moves while one looks.
#[component]
pub fn Schematic(
    /// The tasks and edges.
    #[prop(into)]
    graph: Signal<TaskGraph>,
    /// The task runs; left out for a flow as it is written. `None` inside while they are not known yet.
    #[prop(optional)]
    runs: Option<Signal<Option<TaskRuns>>>,
    /// The selected task.
    #[prop(into)]
    selected: Signal<Option<TaskId>>,
    /// Called with the task that a person selects, or `None`.
    on_select: Callback<Option<TaskId>>,
    /// Where the logs of the run are.
    #[prop(optional)]
    logs: Option<Signal<String>>,
    /// Where the same is a table, for screen readers: `The tab Task runs has the same as a table.`
    #[prop(into)]
    table: String,
) -> impl IntoView {
    let cards = Memo::new(move |_| {
        let cards = runs.and_then(|runs| {
            runs.with(|runs| {
                runs.as_ref()
                    .map(|runs| graph.with(|graph| card_runs(graph, runs, None)))
            })
        });
        Arc::new(cards.unwrap_or_default())
    });
    let picture = Picture::new(
        graph,
        cards,
        Look {
            of_run: runs.is_some(),
            letters: measured_letters(),
        },
        selected,
        on_select,
    );
    let is_empty = Memo::new(move |_| graph.with(|graph| graph.tasks().is_empty()));
    view! {
        <Show
            when=move || !is_empty.get()
            fallback=|| view! {
                <Empty icon=Icon::Flows title="This flow has no tasks" text="A run of it ends as soon as it starts."/>
            }
        >
            <section class="schematic panel" data-of-run=runs.is_some().then_some("true") aria-label="Schematic">
                <Bar picture=picture/>
                <div class="schematic__body">
                    <Canvas picture=picture table=table.clone()/>
                    <Panel picture=picture logs=logs/>
                </div>
            </section>
        </Show>
    }
}
