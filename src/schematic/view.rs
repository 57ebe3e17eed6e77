//! The schematic as a whole: bar, drawing, and the inspector over it.

use std::sync::Arc;

use flowdeck_vocabulary::TaskRunId;
use leptos::prelude::*;

use super::bar::Bar;
use super::canvas::Canvas;
use super::label::measured_letters;
use super::picture::Picture;
use super::scene::Look;
use crate::components::inspector::{Inspected, Inspector};
use crate::model::{CardRun, SchematicView, TaskGraph};
use crate::resources::use_schematic_look;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::only::Only;

/// A flow's tasks with their dependencies; with the task runs of a run, live. States change in place: nothing
/// moves while one looks.
#[component]
pub fn Schematic(
    /// The tasks and edges.
    #[prop(into)]
    graph: Signal<TaskGraph>,
    /// The run of each task; left out for a flow as it is written.
    #[prop(optional)]
    cards: Option<Memo<Arc<Vec<Option<CardRun>>>>>,
    /// What is shown of them.
    view: Memo<SchematicView>,
    /// Called with another choice of the person.
    on_view: Callback<SchematicView>,
    /// Ways to go and things to do for a task's run.
    #[prop(optional)]
    doors: Option<Callback<TaskRunId, AnyView>>,
    /// Where the same is a table, for screen readers: `The tab Task runs has the same as a table.`
    #[prop(into)]
    table: String,
) -> impl IntoView {
    let selected = Signal::derive(move || view.with(|view| view.task));
    let inspected = Inspected {
        graph,
        cards,
        selected,
        on_select: Callback::new(move |task| {
            on_view.run(SchematicView {
                task,
                ..view.get_untracked()
            });
        }),
        doors,
    };
    // A link to a helper task shows it.
    let selects_helper = graph.with_untracked(|graph| {
        let place = selected.get_untracked().and_then(|id| graph.place(id));
        place.is_some_and(|place| graph.tasks()[place].is_helper)
    });
    let (direction, hides_helpers) = use_schematic_look(selects_helper);
    let picture = Picture::new(
        graph,
        cards.unwrap_or_else(|| Memo::new(|_| Arc::default())),
        Look {
            of_run: cards.is_some(),
            letters: measured_letters(),
        },
        (direction, hides_helpers),
        view.into(),
        on_view,
    );
    let is_empty = Memo::new(move |_| graph.with(|graph| graph.tasks().is_empty()));
    view! {
        <Only
            when=move || !is_empty.get()
            fallback=|| view! {
                <Empty icon=Icon::Flows title="This flow has no tasks" text="A run of it ends as soon as it starts."/>
            }
        >
            <section class="schematic panel" data-of-run=cards.is_some().then_some("true") aria-label="Schematic">
                <Bar picture=picture/>
                <div class="schematic__body">
                    <Canvas picture=picture table=table.clone()/>
                    <Inspector inspected=inspected/>
                </div>
            </section>
        </Only>
    }
}
