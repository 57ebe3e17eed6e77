//! Labels as small tags.

use flowdeck_vocabulary::Labels;
use leptos::prelude::*;

/// Labels in a row; says so when there are none.
#[component]
pub fn LabelList(labels: Labels) -> impl IntoView {
    if labels.is_empty() {
        return view! { <span class="labels__none">"no labels"</span> }.into_any();
    }
    let all: Vec<&str> = labels.iter().collect();
    view! {
        <ul class="labels" aria-label="Labels" title=all.join(", ")>
            {labels.iter().map(|label| view! { <li class="labels__label">{label.to_owned()}</li> }).collect_view()}
        </ul>
    }
    .into_any()
}
