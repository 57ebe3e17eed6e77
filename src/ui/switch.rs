//! Something that is on or off, and is so at once when it is pressed.

use leptos::prelude::*;

/// A switch with its words beside it. While `busy` it cannot be pressed again.
#[component]
pub fn Switch(
    /// What is on or off.
    #[prop(into)]
    label: Signal<String>,
    /// Shows the switch alone; the words are for screen readers and the tooltip.
    #[prop(optional)]
    only_switch: bool,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// The change is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Gets what it shall be.
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="switch"
            role="switch"
            aria-checked=move || on.get().to_string()
            aria-disabled=move || busy.get().then_some("true")
            title=move || only_switch.then(|| label.get())
            on:click=move |_| {
                if !busy.get_untracked() {
                    on_change.run(!on.get_untracked());
                }
            }
        >
            <span class="switch__track" aria-hidden="true"></span>
            <span class="switch__label" class:visually-hidden=only_switch>{move || label.get()}</span>
        </button>
    }
}
