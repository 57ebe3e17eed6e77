//! `/flow-run/:id?tab=artifacts`: what the tasks of the run left for people to read.

use leptos::prelude::*;

use crate::components::artifacts::ArtifactList;
use crate::model::FlowRunPicture;
use crate::resources::{is_moving, use_artifacts};
use crate::session::use_now;
use crate::ui::loaded::Loaded;

/// The artifacts.
#[component]
pub fn ArtifactsTab(picture: Signal<FlowRunPicture>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let now = use_now();
    let is_over = Memo::new(move |_| picture.with(|picture| !is_moving(picture, now.get())));
    let artifacts = use_artifacts(move || Some((id.get(), None)), move || is_over.get());
    view! {
        <h2 class="visually-hidden">"Artifacts"</h2>
        <Loaded polled=artifacts what="artifacts" let:artifacts>
            <ArtifactList artifacts=artifacts names_task_run=true/>
        </Loaded>
    }
}
