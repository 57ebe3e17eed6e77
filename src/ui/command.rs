//! A command to type, or another text in one piece, with a button that copies it.

use leptos::prelude::*;

use super::button::{Button, Weight};
use super::clipboard::copy;
use super::icon::Icon;
use crate::session::use_command;

/// A command to type in a terminal.
#[component]
pub fn Command(
    /// The whole line; a command gets the address of the API here, where it needs one.
    #[prop(into)]
    text: String,
    /// What it is.
    #[prop(default = "command")]
    what: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let line = if what == "command" {
        use_command(text)
    } else {
        Signal::stored(text)
    };
    let on_click = move |()| {
        // Where it is refused, the line can still be selected by hand.
        copied.set(line.with_untracked(|line| copy(line)));
    };
    view! {
        <div class="command" data-what=what>
            <code class="command__text" tabindex="0">{move || line.get()}</code>
            <Button
                label=Signal::derive(move || if copied.get() { "Copied".to_owned() } else { format!("Copy {what}") })
                icon=Icon::Copy
                weight=Weight::Quiet
                only_icon=true
                on_click=Callback::new(on_click)
            />
            <span class="visually-hidden" role="status">{move || copied.get().then_some("Copied")}</span>
        </div>
    }
}
