//! One of a few: a row of radio buttons that look like one switch.

use leptos::prelude::*;

/// The row.
#[component]
pub fn Choice(
    /// What is chosen; also the name that holds the buttons together.
    label: &'static str,
    /// The words of each.
    words: &'static [&'static str],
    /// Which one is chosen.
    #[prop(into)]
    chosen: Signal<usize>,
    /// Chooses another.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let one = move |(place, words): (usize, &&'static str)| {
        let words = *words;
        view! {
            <label class="choice__one">
                <input
                    type="radio"
                    class="visually-hidden"
                    name=label
                    prop:checked=move || chosen.get() == place
                    on:change=move |_| on_choose.run(place)
                />
                <span class="choice__words">{words}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="choice">
            <legend class="choice__label">{label}</legend>
            <div class="choice__row">{words.iter().enumerate().map(one).collect_view()}</div>
        </fieldset>
    }
}
