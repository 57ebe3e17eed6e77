//! `/flow-run/:id?tab=parameters`: what the run was given: parameters, context, run config, labels and ids.

use leptos::prelude::*;
use serde_json::Value;

use crate::components::json::Json;
use crate::components::labels::LabelList;
use crate::model::{FlowRunDetails, FlowRunPicture};
use crate::polled::Polled;
use crate::resources::use_flow_run_details;
use crate::ui::command::Command;
use crate::ui::loaded::Loaded;

/// The inputs.
#[component]
pub fn ParametersTab(picture: Signal<FlowRunPicture>, run: Polled<FlowRunPicture>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let flow_id = picture.with_untracked(|picture| picture.run.flow_id);
    let labels = Memo::new(move |_| picture.with(|picture| picture.run.labels.clone()));
    let details = use_flow_run_details(move || Some(id.get()), run);
    view! {
        <Loaded polled=details what="parameters of the flow run" let:details>
            <div class="columns">
                <div class="columns__main">
                    {json("Parameters", details, |details| &details.parameters)}
                    {json("Context", details, |details| &details.context)}
                    {json("Run config", details, |details| &details.run_config)}
                </div>
                <div class="columns__side">
                    <section class="section">
                        <h2 class="section__title">"Labels"</h2>
                        {move || view! { <LabelList labels=labels.get()/> }.into_any()}
                    </section>
                    <section class="section">
                        <h2 class="section__title">"Ids"</h2>
                        <p class="section__note">"Flow run"</p>
                        {move || view! { <Command text=id.get().to_string() what="id"/> }.into_any()}
                        <p class="section__note">"This version of the flow"</p>
                        <Command text=flow_id.to_string() what="id"/>
                    </section>
                </div>
            </div>
        </Loaded>
    }
}

fn json(title: &'static str, details: Signal<FlowRunDetails>, of: fn(&FlowRunDetails) -> &Value) -> AnyView {
    let value = Memo::new(move |_| details.with(|details| of(details).clone()));
    view! {
        <section class="section">
            <h2 class="section__title">{title}</h2>
            {move || view! { <Json value=value.get()/> }.into_any()}
        </section>
    }
    .into_any()
}
