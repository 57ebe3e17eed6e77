//! How filters are written, by examples that go into the field when they are clicked.

use leptos::prelude::*;

use crate::model::FILTER_HELP;
use crate::ui::dropdown::Dropdown;

/// The list of examples behind a question mark.
#[component]
pub fn FilterHelp(
    /// Takes an example.
    on_pick: Callback<&'static str>,
) -> impl IntoView {
    let one = move |(example, meaning): (&'static str, &'static str)| {
        view! {
            <li class="filter-help__line">
                <button type="button" class="filter-help__example" on:click=move |_| on_pick.run(example)>{example}</button>
                <span class="filter-help__meaning">{meaning}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <Dropdown label="?" about="How filters are written">
            <div class="filter-help">
                <p class="filter-help__lead">
                    "A run must match all words. Click an example to put it into the field."
                </p>
                <ul>{FILTER_HELP.map(one).into_iter().collect_view()}</ul>
            </div>
        </Dropdown>
    }
}
