//! `/flow-run/:id?tab=schematic`: the tasks of the run as a live picture.

use leptos::prelude::*;

use super::inspector::Selection;
use crate::model::FlowRunPicture;
use crate::pages::use_schematic_view;
use crate::parts;
use crate::routes::{FlowRunTab, Route};
use crate::schematic::SchematicProps;
use crate::ui::loaded::Loaded;

/// The schematic with the states of the run's tasks.
#[component]
pub fn SchematicTab(picture: Signal<FlowRunPicture>, selection: Selection) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let (view, on_view) = use_schematic_view(move || Route::FlowRun(id.get(), FlowRunTab::Schematic));
    let schematic = parts::schematic();
    view! {
        <Loaded polled=selection.graph what="schematic" let:graph>
            {schematic.show(move || {
                SchematicProps::builder()
                    .graph(graph)
                    .cards(selection.cards)
                    .view(view)
                    .on_view(on_view)
                    .doors(selection.doors)
                    .table("The tab Task runs has the same as a table.")
                    .build()
            })}
        </Loaded>
    }
}
