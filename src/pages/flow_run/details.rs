//! `/flow-run/:id?tab=details`: the history of states, parameters, context and settings.

use leptos::prelude::*;

use crate::components::json::Json;
use crate::components::labels::LabelList;
use crate::components::state_history::States;
use crate::model::FlowRunPicture;
use crate::polled::Polled;
use crate::resources::use_flow_run_details;
use crate::ui::loaded::Loaded;

/// The details.
#[component]
pub fn DetailsTab(picture: Signal<FlowRunPicture>, run: Polled<FlowRunPicture>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let labels = Memo::new(move |_| picture.with(|picture| picture.run.labels.clone()));
    let details = use_flow_run_details(move || Some(id.get()), run);
    view! {
        <Loaded polled=details what="details of the flow run" let:details>
            {
                let states = Memo::new(move |_| details.with(|details| details.states.clone()));
                let parameters = Memo::new(move |_| details.with(|details| details.parameters.clone()));
                let context = Memo::new(move |_| details.with(|details| details.context.clone()));
                let run_config = Memo::new(move |_| details.with(|details| details.run_config.clone()));
                let raw_state = Memo::new(move |_| details.with(|details| details.raw_state.clone()));
                view! {
                    <div class="columns">
                        <div class="columns__main">
                            <States states=states raw=raw_state/>
                        </div>
                        <div class="columns__side">
                            <section class="section">
                                <h2 class="section__title">"Parameters"</h2>
                                {move || view! { <Json value=parameters.get()/> }}
                            </section>
                            <section class="section">
                                <h2 class="section__title">"Labels"</h2>
                                {move || view! { <LabelList labels=labels.get()/> }}
                            </section>
                            <section class="section">
                                <h2 class="section__title">"Context"</h2>
                                {move || view! { <Json value=context.get()/> }}
                            </section>
                            <section class="section">
                                <h2 class="section__title">"Run config"</h2>
                                {move || view! { <Json value=run_config.get()/> }}
                            </section>
                            <section class="section">
                                <h2 class="section__title">"Flow run id"</h2>
                                <code class="id">{move || id.get().to_string()}</code>
                            </section>
                        </div>
                    </div>
                }
            }
        </Loaded>
    }
}
