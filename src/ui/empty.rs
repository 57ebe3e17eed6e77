//! A place with nothing in it: says why, and what to do.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A place with nothing in it. The children are the door out: a command, a link, a button.
#[component]
pub fn Empty(
    /// The picture.
    icon: Icon,
    /// What is so, in a few words.
    #[prop(into)]
    title: String,
    /// Why, or what to do.
    #[prop(into, optional)]
    text: String,
    /// The way out.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty__icon"><Glyph icon=icon size=24/></span>
            <h2 class="empty__title">{title}</h2>
            {(!text.is_empty()).then(|| view! { <p class="empty__text">{text}</p> })}
            {children.map(|children| view! { <div class="empty__door">{children()}</div> })}
        </div>
    }
}
