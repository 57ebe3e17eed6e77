//! `/flow-run/:id?tab=artifacts`: what the tasks of the run left for people to read.

use leptos::prelude::*;

use crate::components::artifacts::ArtifactList;
use crate::model::FlowRunPicture;
use crate::polled::Polled;
use crate::resources::{is_moving, use_artifacts};
use crate::ui::loaded::Loaded;

/// The artifacts.
#[component]
pub fn ArtifactsTab(picture: Signal<FlowRunPicture>, run: Polled<FlowRunPicture>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let is_over = move || {
        run.value
            .with(|picture| picture.as_ref().is_some_and(|picture| !is_moving(picture)))
    };
    let artifacts = use_artifacts(move || Some((id.get(), None)), is_over);
    view! {
        <h2 class="visually-hidden">"Artifacts"</h2>
        <Loaded polled=artifacts what="artifacts" let:artifacts>
            <ArtifactList artifacts=artifacts names_task_run=true/>
        </Loaded>
    }
}
