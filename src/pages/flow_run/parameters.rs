//! `/flow-run/:id?tab=parameters`: what the run was given: parameters, context, run config, labels and ids.

use leptos::prelude::*;
use serde_json::Value;

use crate::components::json::Json;
use crate::components::labels::LabelList;
use crate::model::{FlowRunPicture, RunInputs};
use crate::resources::use_run_inputs;
use crate::ui::command::Command;
use crate::ui::loaded::Loaded;

/// The inputs.
#[component]
pub fn ParametersTab(picture: Signal<FlowRunPicture>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let flow_id = picture.with_untracked(|picture| picture.run.flow_id);
    let labels = Memo::new(move |_| picture.with(|picture| picture.run.labels.clone()));
    let inputs = use_run_inputs(move || Some(id.get()));
    view! {
        <Loaded polled=inputs what="parameters of the flow run" let:inputs>
            <div class="columns">
                <div class="columns__main">
                    {json("Parameters", inputs, |inputs| Value::Object(inputs.parameters.clone()))}
                    {json("Context", inputs, |inputs| inputs.context.clone())}
                    {json("Run config", inputs, |inputs| inputs.run_config.clone())}
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

fn json(title: &'static str, inputs: Signal<RunInputs>, of: fn(&RunInputs) -> Value) -> AnyView {
    let value = Memo::new(move |_| inputs.with(of));
    view! {
        <section class="section">
            <h2 class="section__title">{title}</h2>
            {move || view! { <Json value=value.get()/> }.into_any()}
        </section>
    }
    .into_any()
}
