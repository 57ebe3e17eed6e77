//! The values that parameters have in all runs of all versions, when none is given: to look at and to change.

use flowdeck_vocabulary::FlowGroupId;
use leptos::prelude::*;
use serde_json::Value;

use crate::components::parameter_fields::{ParameterFields, focus_first_error};
use crate::model::{Flow, ParametersDraft, ParametersFor};
use crate::resources::{FlowChange, use_change_flow};
use crate::ui::button::{Button, Weight};

/// The form. `refresh` is called when something was saved.
#[component]
pub fn ParameterDefaults(flow: Signal<Flow>, refresh: Callback<()>) -> impl IntoView {
    let saved = move |flow: &Flow| {
        let mut draft = ParametersDraft::new(ParametersFor::Defaults, &flow.parameters, &Value::Null);
        if let Value::Object(values) = &flow.default_parameters {
            draft.fill(values);
        }
        draft
    };
    let draft = RwSignal::new(flow.with_untracked(saved));
    // When the server has other values, what is typed and not saved stays over them; of another flow it begins anew.
    let of_server =
        Memo::new(move |_| flow.with(|flow| (flow.group_id, flow.id, flow.default_parameters.clone())));
    Effect::new(move |before: Option<(FlowGroupId, ParametersDraft)>| {
        let (group, ..) = of_server.get();
        let now = flow.with_untracked(saved);
        match before {
            Some((known, before)) if known == group => {
                draft.update(|draft| *draft = draft.over(&before, now.clone()));
            }
            Some(_) => draft.set(now.clone()),
            None => {}
        }
        (group, now)
    });
    let changed = Memo::new(move |_| draft.with(|draft| flow.with(|flow| !draft.gives_same(&saved(flow)))));
    let unknown = Memo::new(move |_| draft.with(|draft| draft.fields.iter().any(|field| !field.declared)));
    let busy = RwSignal::new(false);
    let change = use_change_flow(busy, Callback::new(|()| {}), refresh);
    let on_save = Callback::new(move |()| match draft.with_untracked(ParametersDraft::to_send) {
        Ok(values) => change.run(FlowChange::Parameters(
            flow.with_untracked(|flow| flow.group_id),
            values,
        )),
        Err(_) => focus_first_error(draft),
    });
    view! {
        <form class="parameter-defaults" aria-label="Parameter defaults" on:submit=|event| event.prevent_default()>
            {move || unknown.get().then(|| view! {
                <p class="field__error" role="status">
                    "There are values for parameters that this version does not have. Runs of Python flows fail with them."
                </p>
            }).into_any()}
            <ParameterFields draft=draft strict=true/>
            {move || changed.get().then(|| view! {
                <div class="setting__actions">
                    <Button label="Save the defaults" weight=Weight::Primary busy=busy on_click=on_save/>
                    <Button
                        label="Keep as is"
                        on_click=Callback::new(move |()| draft.set(flow.with_untracked(saved)))
                    />
                </div>
            }).into_any()}
        </form>
    }
}
