//! Short words in a row, such as labels: a field adds one, a button on each takes it away.
//!
//! The list belongs to whoever shows it: `values` says what is in it, `on_change` gets the whole new list.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::ui::each::Each;

/// The list with what was typed added to it: each word between commas once, without the blanks around it.
#[must_use]
fn with_words(mut values: Vec<String>, typed: &str) -> Vec<String> {
    for word in typed.split([',', '\n']).map(str::trim) {
        if !word.is_empty() && !values.iter().any(|value| value == word) {
            values.push(word.to_owned());
        }
    }
    values
}

/// Words that can be added and taken away. Enter and a comma add what is typed, so does leaving the field; Backspace
/// in the empty field takes the last one away.
#[component]
pub fn Chips(
    /// What they are, above the field: `Labels`.
    #[prop(into)]
    label: String,
    /// One of them: `label`.
    noun: &'static str,
    /// What is in the list.
    #[prop(into)]
    values: Signal<Vec<String>>,
    /// Gets the new list.
    on_change: Callback<Vec<String>>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let said = RwSignal::new(String::new());
    let add = move || {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let before = values.get_untracked();
        let after = with_words(before.clone(), &field.value());
        if after.len() > before.len() {
            said.set(format!("{} added", after[before.len()..].join(", ")));
            on_change.run(after);
        }
        field.set_value("");
    };
    let remove = move |word: &str| {
        said.set(format!("{word} removed"));
        let mut left = values.get_untracked();
        left.retain(|value| value != word);
        on_change.run(left);
        if let Some(field) = field.get_untracked() {
            // The button that had the focus is gone. Fails only for a field that is not in the page.
            let _ = field.focus();
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let is_empty = field
            .get_untracked()
            .is_some_and(|field| field.value().is_empty());
        match event.key().as_str() {
            // Enter in an empty field is the form's; what is being composed is not typed yet.
            "Enter" if is_empty => {}
            "Enter" | "," if !event.is_composing() => {
                event.prevent_default();
                add();
            }
            "Backspace" if is_empty => {
                if let Some(last) = values.get_untracked().last() {
                    remove(last);
                }
            }
            _ => {}
        }
    };
    let label_of_group = label.clone();
    view! {
        <div class="field" role="group" aria-label=label_of_group>
            <span class="field__label" aria-hidden="true">{label}</span>
            <div class="chips">
                <ul class="chips__list">
                    <Each of=move || values.get() key=|word| word.clone() let:word>
                        <li class="chips__chip">
                            <span class="chips__word">{word.clone()}</span>
                            <button
                                type="button"
                                class="chips__remove"
                                aria-label=format!("Remove {word}")
                                title=format!("Remove {word}")
                                on:click=move |_| remove(&word)
                            >
                                <Glyph icon=Icon::Close size=12/>
                            </button>
                        </li>
                    </Each>
                </ul>
                <input
                    node_ref=field
                    class="chips__field"
                    type="text"
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    enterkeyhint="done"
                    aria-label=format!("Add a {noun}")
                    placeholder=format!("Add a {noun}")
                    on:keydown=on_key
                    on:blur=move |_| add()
                />
            </div>
            <span class="visually-hidden" role="status">{move || said.get()}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::with_words;

    #[test]
    fn what_is_typed_becomes_words_each_of_them_once() {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let old = list(&["prod"]);
        for (typed, expected) in [
            ("gpu", list(&["prod", "gpu"])),
            (" gpu , vm-2,", list(&["prod", "gpu", "vm-2"])),
            ("gpu\nvm-2", list(&["prod", "gpu", "vm-2"])),
            ("two words", list(&["prod", "two words"])),
            ("prod, prod", old.clone()),
            (" , ", old.clone()),
            ("", old.clone()),
        ] {
            assert_eq!(with_words(old.clone(), typed), expected, "{typed:?}");
        }
    }
}
