//! A field for JSON: what is wrong with it stands below, with its line and column, and a button that goes there.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::model::FieldError;
use crate::ui::button::{Button, Weight};

/// The text area with this id, and below it what is wrong.
pub fn json_field(
    id: String,
    label: Signal<String>,
    rows: u32,
    text: Signal<String>,
    on_input: Callback<String>,
    error: Signal<Option<FieldError>>,
) -> AnyView {
    let about = format!("{id}-error");
    let described_by = about.clone();
    let area_id = id.clone();
    let go = Callback::new(move |()| {
        let area = document().get_element_by_id(&area_id);
        let area = area.and_then(|area| area.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
        let place = error.with_untracked(|error| {
            let offset = error.as_ref()?.offset_in(&text.get_untracked());
            u32::try_from(offset).ok()
        });
        if let (Some(area), Some(place)) = (area, place) {
            // Both fail only for an area that is not in the page.
            let _ = area.focus();
            let _ = area.set_selection_range(place, place.saturating_add(1));
        }
    });
    let has_place =
        Memo::new(move |_| error.with(|error| error.as_ref().is_some_and(|error| error.at.is_some())));
    view! {
        <textarea
            id=id
            class="field__text field__text--json"
            rows=rows
            spellcheck="false"
            autocomplete="off"
            aria-label=move || label.get()
            aria-invalid=move || error.with(Option::is_some).to_string()
            aria-describedby=described_by
            prop:value=move || text.get()
            on:input=move |event| on_input.run(event_target_value(&event))
        ></textarea>
        <div class="field__row field__row--error">
            <span id=about class="field__error">{move || error.get().map(|error| error.to_string())}</span>
            {move || has_place.get().then(|| view! {
                <Button label="Go there" weight=Weight::Quiet on_click=go/>
            }).into_any()}
        </div>
    }
    .into_any()
}
