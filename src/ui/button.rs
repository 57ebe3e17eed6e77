//! Buttons: one look for each weight.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// The one action of the page.
    Primary,
    /// An action among others.
    #[default]
    Plain,
    /// An action that ends something.
    Danger,
    /// An icon in a row or a bar.
    Quiet,
}

impl Weight {
    fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Plain => "plain",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// A button. While `busy` it keeps its size, cannot be pressed again and says so.
#[component]
pub fn Button(
    /// The words; with `only_icon` they are for screen readers and the tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// The icon before the words.
    #[prop(optional, into)]
    icon: MaybeProp<Icon>,
    /// How much it asks for attention.
    #[prop(optional)]
    weight: Weight,
    /// Shows the icon alone.
    #[prop(optional)]
    only_icon: bool,
    /// More words for screen readers, where the label alone would not tell it from its neighbors.
    #[prop(optional, into)]
    about: MaybeProp<String>,
    /// The action is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it cannot be pressed now.
    #[prop(optional, into)]
    refused: MaybeProp<String>,
    /// What it does.
    #[prop(into)]
    on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            data-weight=weight.name()
            class:button--icon=only_icon
            aria-busy=move || busy.get().to_string()
            aria-disabled=move || (busy.get() || refused.get().is_some()).then_some("true")
            title=move || refused.get().or_else(|| only_icon.then(|| label.get()))
            on:click=move |event| {
                event.prevent_default();
                event.stop_propagation();
                if !busy.get_untracked() && refused.get_untracked().is_none() {
                    on_click.run(());
                }
            }
        >
            {move || icon.get().map(|icon| view! { <Glyph icon=icon/> })}
            <span class="button__label" class:visually-hidden=only_icon>{move || label.get()}</span>
            {move || about.get().map(|about| view! { <span class="visually-hidden">" " {about}</span> })}
        </button>
    }
}
