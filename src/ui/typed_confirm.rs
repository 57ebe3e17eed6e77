//! A question before something that takes much with it: a word must be typed first.

use leptos::prelude::*;

use super::button::{Button, Weight};
use super::dialog::Dialog;

/// Asks, and wants a word typed when there is one. It stays open; whoever does it closes it.
#[component]
pub fn TypedConfirm(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
    #[prop(into)]
    text: Signal<String>,
    /// What must be typed; `None` is nothing.
    #[prop(into)]
    word: Signal<Option<String>>,
    /// The words on the button that does it.
    #[prop(into)]
    yes: Signal<String>,
    /// It is under way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Why it could not be done.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What it does.
    on_yes: Callback<()>,
    /// What else could be done, between the text and the word.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Dialog open=open title=title>
            {
                let typed = RwSignal::new(String::new());
                let differs = RwSignal::new(false);
                let ask = Callback::new(move |()| {
                    let is_typed = word.with_untracked(|word| {
                        word.as_ref().is_none_or(|word| *word == typed.get_untracked().trim())
                    });
                    differs.set(!is_typed);
                    if is_typed {
                        on_yes.run(());
                    }
                });
                view! {
                    <p class="dialog__text">{move || text.get()}</p>
                    {children.with_value(|children| children())}
                    <form
                        class="dialog__form"
                        on:submit=move |event| {
                            event.prevent_default();
                            ask.run(());
                        }
                    >
                        {move || word.get().map(|word| view! {
                            <label class="field">
                                <span class="field__label">"Type " <strong>{word}</strong> " to confirm"</span>
                                <input
                                    class="field__text"
                                    autocomplete="off"
                                    autocapitalize="off"
                                    spellcheck="false"
                                    aria-invalid=move || differs.get().to_string()
                                    on:input=move |event| {
                                        differs.set(false);
                                        typed.set(event_target_value(&event));
                                    }
                                />
                            </label>
                        }).into_any()}
                        <p class="field__error" role="alert">
                            {move || if differs.get() {
                                Some("What is typed is not the name.".to_owned())
                            } else {
                                problem.get()
                            }}
                        </p>
                        <div class="dialog__actions">
                            <Button label="Keep it" on_click=Callback::new(move |()| open.set(false))/>
                            <Button label=yes weight=Weight::Danger busy=busy on_click=ask/>
                        </div>
                    </form>
                }
            }
        </Dialog>
    }
}
