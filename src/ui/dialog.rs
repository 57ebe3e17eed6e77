//! A question that must be answered before anything else. The browser's own dialog: it keeps the focus inside,
//! closes on Escape and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use super::button::{Button, Weight};

/// Asks before something that cannot be taken back.
#[component]
pub fn Confirm(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: String,
    /// What will happen.
    #[prop(into)]
    text: Signal<String>,
    /// The words on the button that does it.
    #[prop(into)]
    yes: String,
    /// The words on the button that does not.
    #[prop(into)]
    no: String,
    /// What it does.
    on_yes: Callback<()>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            if !open.get() {
                dialog.close();
            } else if !dialog.open() {
                // Fails only if it is open already or not in the page, and then there is nothing to do.
                let _ = dialog.show_modal();
            }
        }
    });
    view! {
        <dialog node_ref=dialog class="dialog" aria-labelledby="dialog-title" on:close=move |_| open.set(false)>
            <h2 id="dialog-title" class="dialog__title">{title}</h2>
            <p class="dialog__text">{move || text.get()}</p>
            <div class="dialog__actions">
                <Button label=no on_click=Callback::new(move |()| open.set(false))/>
                <Button
                    label=yes
                    weight=Weight::Danger
                    on_click=Callback::new(move |()| {
                        open.set(false);
                        on_yes.run(());
                    })
                />
            </div>
        </dialog>
    }
}
