//! `/flow/:id?tab=schematic`: the tasks of this version and how they depend on one another.

use leptos::prelude::*;

use crate::model::Flow;
use crate::pages::use_schematic_view;
use crate::parts;
use crate::resources::use_task_graph;
use crate::routes::{FlowTab, Route};
use crate::schematic::SchematicProps;
use crate::ui::loaded::Loaded;

/// The schematic of the flow as it is written.
#[component]
pub fn SchematicTab(flow: Signal<Flow>) -> impl IntoView {
    let id = Memo::new(move |_| flow.with(|flow| flow.id));
    let graph = use_task_graph(move || Some(id.get()));
    let (view, on_view) = use_schematic_view(move || Route::Flow(id.get(), FlowTab::Schematic));
    let schematic = parts::schematic();
    view! {
        <Loaded polled=graph what="schematic" let:graph>
            {schematic.show(move || {
                SchematicProps::builder()
                    .graph(graph)
                    .view(view)
                    .on_view(on_view)
                    .table("The tab Tasks lists the tasks as a table.")
                    .build()
            })}
        </Loaded>
    }
}
