//! The toasts in the corner.

use leptos::prelude::*;

use crate::session::{Tone, use_toasts};
use crate::ui::button::{Button, Weight};
use crate::ui::command::Command;
use crate::ui::each::Each;
use crate::ui::icon::{Glyph, Icon};

/// All toasts. The region is in the page from the start, so that screen readers say what comes into it.
#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <section class="toasts" role="status" aria-live="polite" aria-label="Messages">
            <Each of=move || toasts.list.get() key=|toast| toast.id let:toast>
                <div class="toast" data-tone=tone_name(toast.tone)>
                    <span class="toast__icon"><Glyph icon=tone_icon(toast.tone)/></span>
                    <div class="toast__body">
                        <p>{toast.message}</p>
                        {toast.command.map(|command| view! { <Command text=command/> })}
                        {toast.link.map(|(words, href)| {
                            let id = toast.id;
                            view! { <a class="link" href=href on:click=move |_| toasts.close(id)>{words}</a> }
                        })}
                    </div>
                    <Button
                        label="Close message"
                        icon=Icon::Close
                        weight=Weight::Quiet
                        only_icon=true
                        on_click=Callback::new({
                            let id = toast.id;
                            move |()| toasts.close(id)
                        })
                    />
                </div>
            </Each>
        </section>
    }
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
    }
}

fn tone_icon(tone: Tone) -> Icon {
    match tone {
        Tone::Good => Icon::Check,
        Tone::Warning => Icon::Warning,
        Tone::Bad => Icon::Cross,
    }
}
