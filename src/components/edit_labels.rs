//! The dialog that changes labels: each is taken away by its button, new ones are typed.

use flowdeck_vocabulary::Labels;
use leptos::html;
use leptos::prelude::*;

use crate::ui::button::Button;
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Glyph, Icon};

/// The dialog.
#[component]
pub fn EditLabels(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// Whose labels they are.
    #[prop(into)]
    name: Signal<String>,
    /// The labels as they are.
    #[prop(into)]
    labels: Signal<Labels>,
    /// Called with other ones.
    on_set: Callback<Labels>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Labels of {}", name.get()))>
            {form(open, labels.get_untracked(), on_set)}
        </Dialog>
    }
}

fn form(open: RwSignal<bool>, before: Labels, on_set: Callback<Labels>) -> AnyView {
    let labels = RwSignal::new(before.iter().map(str::to_owned).collect::<Vec<String>>());
    let field = NodeRef::<html::Input>::new();
    let add = move || {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let typed = field.value();
        field.set_value("");
        labels.update(|labels| {
            for label in typed.split(',').map(str::trim).filter(|label| !label.is_empty()) {
                if labels.iter().all(|known| known != label) {
                    labels.push(label.to_owned());
                }
            }
        });
    };
    let set = move || {
        add();
        open.set(false);
        let chosen: Labels = labels.get_untracked().into_iter().collect();
        if chosen != before {
            on_set.run(chosen);
        }
    };
    let tag = move |label: String| {
        let words = format!("Remove {label}");
        let gone = label.clone();
        view! {
            <li class="labels__label labels__label--edited">
                {label}
                <button
                    type="button"
                    class="labels__remove"
                    aria-label=words
                    on:click=move |_| labels.update(|labels| labels.retain(|label| *label != gone))
                >
                    <Glyph icon=Icon::Close size=12/>
                </button>
            </li>
        }
    };
    view! {
        <form class="dialog__form" on:submit=move |event| {
            event.prevent_default();
            set();
        }>
            <p class="dialog__text">"An agent takes the run only if it has all of them."</p>
            <ul class="labels" aria-label="Labels">
                <For each=move || labels.get() key=|label| label.clone() let:label>{tag(label)}</For>
            </ul>
            {move || labels.with(Vec::is_empty).then(|| view! {
                <p class="labels__none">"No labels: any agent without labels takes it."</p>
            })}
            <label class="field">
                <span class="field__label">"Add labels, separated by commas"</span>
                <span class="field__row">
                    <input
                        class="field__text"
                        node_ref=field
                        autofocus
                        autocomplete="off"
                        spellcheck="false"
                        // Enter takes what is typed; with nothing typed it is done.
                        on:keydown=move |event| {
                            let is_typed = field.get_untracked().is_some_and(|field| !field.value().trim().is_empty());
                            if event.key() == "Enter" && is_typed {
                                event.prevent_default();
                                add();
                            }
                        }
                    />
                    <Button label="Add" on_click=Callback::new(move |()| add())/>
                </span>
            </label>
            <div class="dialog__actions">
                <Button label="Leave them" on_click=Callback::new(move |()| open.set(false))/>
                <button type="submit" class="button" data-weight="primary">"Set labels"</button>
            </div>
        </form>
    }
    .into_any()
}
