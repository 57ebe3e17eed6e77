//! A question that must be answered before anything else. The browser's own dialog: it keeps the focus inside,
//! closes on Escape and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use super::button::{Button, Weight};

/// Whether the dialog of this `close` is closed: the event comes a frame after the fact, and by then it may be open
/// again.
pub fn has_closed(event: &web_sys::Event) -> bool {
    let dialog = event_target::<web_sys::HtmlDialogElement>(event);
    !(dialog.is_connected() && dialog.open())
}

/// A dialog with anything in it, made anew each time it opens.
#[component]
pub fn Dialog(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// What is in it; the last of it is usually a row `dialog__actions`.
    children: ChildrenFn,
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
        <dialog
            node_ref=dialog
            class="dialog"
            aria-label=move || title.get()
            on:close=move |event| {
                if has_closed(&event) {
                    open.set(false);
                }
            }
            // The key closes this and nothing that is below it.
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                }
            }
        >
            {move || open.get().then(|| view! {
                <h2 class="dialog__title">{title.get_untracked()}</h2>
                {children()}
            })}
        </dialog>
    }
}

/// Asks before something that cannot be taken back.
#[component]
pub fn Confirm(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
    #[prop(into)]
    text: Signal<String>,
    /// The words on the button that does it.
    #[prop(into)]
    yes: Signal<String>,
    /// The words on the button that does not.
    #[prop(into)]
    no: Signal<String>,
    /// What it does.
    on_yes: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=title>
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
        </Dialog>
    }
}

/// Asks for one line of text.
#[component]
pub fn Ask(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// What the text is.
    #[prop(into)]
    label: String,
    /// The text as it is now.
    #[prop(into)]
    value: Signal<String>,
    /// The words on the button that takes it.
    #[prop(into)]
    yes: Signal<String>,
    /// Called with another text that is not empty.
    on_yes: Callback<String>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let take = move || {
        let text = field.get_untracked().map(|field| field.value().trim().to_owned());
        let text = text.filter(|text| !text.is_empty());
        open.set(false);
        if let Some(text) = text.filter(|text| *text != value.get_untracked()) {
            on_yes.run(text);
        }
    };
    view! {
        <Dialog open=open title=title>
            <form class="dialog__form" on:submit=move |event| {
                event.prevent_default();
                take();
            }>
                <label class="field">
                    <span class="field__label">{label.clone()}</span>
                    <input
                        class="field__text"
                        node_ref=field
                        required
                        autofocus
                        autocomplete="off"
                        spellcheck="false"
                        value=value.get_untracked()
                        on:focus=move |_| if let Some(field) = field.get_untracked() { field.select() }
                    />
                </label>
                <div class="dialog__actions">
                    <Button label="Keep as is" on_click=Callback::new(move |()| open.set(false))/>
                    <button type="submit" class="button" data-weight="primary">{move || yes.get()}</button>
                </div>
            </form>
        </Dialog>
    }
}
