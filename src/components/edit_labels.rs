//! The dialog that changes labels: each is taken away by its button, new ones are typed.

use flowdeck_vocabulary::Labels;
use leptos::prelude::*;

use crate::ui::button::Button;
use crate::ui::chips::Chips;
use crate::ui::dialog::Dialog;

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
    let set = move || {
        open.set(false);
        let chosen: Labels = labels.get_untracked().into_iter().collect();
        if chosen != before {
            on_set.run(chosen);
        }
    };
    view! {
        <form class="dialog__form" on:submit=move |event| {
            event.prevent_default();
            set();
        }>
            <p class="dialog__text">
                "An agent takes the run only if it has all of them. A run without labels goes to an agent without labels."
            </p>
            <Chips
                label="Labels"
                noun="label"
                values=labels
                on_change=Callback::new(move |changed| labels.set(changed))
            />
            <div class="dialog__actions">
                <Button label="Keep as is" on_click=Callback::new(move |()| open.set(false))/>
                <button type="submit" class="button" data-weight="primary">"Set labels"</button>
            </div>
        </form>
    }
    .into_any()
}
