//! A field with a list of options: keys and pointer, and what assistive technology must be told. The one listbox.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// What field and list share. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Combobox {
    /// The id of the list; those of its options begin with it.
    pub id: &'static str,
    /// How many options there are; the list is closed while there is none.
    pub count: Signal<usize>,
    /// The option that Enter takes.
    pub chosen: RwSignal<Option<usize>>,
    /// Takes an option: it was clicked, or Enter was pressed while it was chosen.
    pub on_pick: Callback<usize>,
    /// The field.
    pub field: NodeRef<html::Input>,
}

/// Which option an arrow key leads to; round the ends. `None` when the key is no such key or there is no option.
fn step(key: &str, at: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (key, at) {
        ("ArrowDown", Some(at)) if at < last => Some(at + 1),
        ("ArrowDown", _) => Some(0),
        ("ArrowUp", Some(at)) if at > 0 => Some((at - 1).min(last)),
        ("ArrowUp", _) => Some(last),
        _ => None,
    }
}

impl Combobox {
    /// With no option chosen at first.
    #[must_use]
    pub fn new(id: &'static str, count: Signal<usize>, on_pick: Callback<usize>) -> Self {
        Self {
            id,
            count,
            chosen: RwSignal::new(None),
            on_pick,
            field: NodeRef::new(),
        }
    }

    fn option_id(self, place: usize) -> String {
        format!("{}-{place}", self.id)
    }

    /// Deals with a key; whether it was one for the list.
    fn press(self, key: &str) -> bool {
        let count = self.count.get_untracked();
        let at = self.chosen.get_untracked().filter(|at| *at < count);
        if let Some(next) = step(key, at, count) {
            self.chosen.set(Some(next));
            self.reveal(next);
            return true;
        }
        match at {
            Some(at) if key == "Enter" => {
                self.on_pick.run(at);
                true
            }
            _ => false,
        }
    }

    /// Scrolls the list no further than needed to bring an option into sight.
    fn reveal(self, place: usize) {
        let element = |id: &str| document().get_element_by_id(id)?.dyn_into::<HtmlElement>().ok();
        if let (Some(list), Some(option)) = (element(self.id), element(&self.option_id(place))) {
            let (top, bottom) = (option.offset_top(), option.offset_top() + option.offset_height());
            let lowest = bottom - list.client_height();
            list.set_scroll_top(list.scroll_top().min(top).max(lowest));
        }
    }
}

/// The field.
#[component]
pub fn ComboField(
    /// What it shares with its list.
    combobox: Combobox,
    /// Its class.
    class: &'static str,
    /// What is to be written into it.
    label: &'static str,
    /// An example.
    #[prop(optional)]
    placeholder: &'static str,
    /// What is in it.
    text: RwSignal<String>,
    /// Somebody has written in it; `text` has it already.
    #[prop(into)]
    on_input: Callback<()>,
    /// A key that is not for the list.
    #[prop(optional)]
    on_key: Option<Callback<KeyboardEvent>>,
    /// It got (true) or lost (false) the focus.
    #[prop(optional)]
    on_focus: Option<Callback<bool>>,
    /// Whether what is in it is wrong.
    #[prop(optional, into)]
    is_wrong: Signal<bool>,
    /// The id of the words that say what is wrong.
    #[prop(optional)]
    described_by: Option<&'static str>,
) -> impl IntoView {
    let told = move |has_focus| {
        if let Some(on_focus) = on_focus {
            on_focus.run(has_focus);
        }
    };
    view! {
        <input
            class=class
            type="text"
            node_ref=combobox.field
            role="combobox"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=placeholder
            aria-label=label
            aria-autocomplete="list"
            aria-expanded=move || (combobox.count.get() > 0).to_string()
            aria-controls=combobox.id
            aria-activedescendant=move || {
                combobox.chosen.get().filter(|at| *at < combobox.count.get()).map(|at| combobox.option_id(at))
            }
            aria-invalid=move || is_wrong.get().then_some("true")
            aria-describedby=described_by
            prop:value=move || text.get()
            on:input=move |event| {
                text.set(event_target_value(&event));
                on_input.run(());
            }
            on:focus=move |_| told(true)
            on:blur=move |_| told(false)
            on:keydown=move |event: KeyboardEvent| {
                // A key that ends a composition is not one for the list.
                if event.is_composing() {
                    return;
                }
                if combobox.press(&event.key()) {
                    event.prevent_default();
                    event.stop_propagation();
                } else if let Some(on_key) = on_key {
                    on_key.run(event);
                }
            }
        />
    }
}

/// The list. It is not there while there is no option.
#[component]
pub fn ComboList(
    /// What it shares with its field.
    combobox: Combobox,
    /// A class of its own, in place of the look of a list that floats below its field; that of an option is this with
    /// `__option` after it.
    #[prop(optional)]
    class: Option<&'static str>,
    /// What is in it.
    label: &'static str,
    /// What an option shows; what is read for it is followed.
    option: Callback<usize, AnyView>,
    /// The words above an option with which a group begins.
    #[prop(optional)]
    heading: Option<Callback<usize, Option<&'static str>>>,
    /// Its style.
    #[prop(optional, into)]
    style: Signal<String>,
) -> impl IntoView {
    let floats = class.is_none();
    let class = class.unwrap_or("options");
    let one = move |place: usize| {
        let heading = heading.and_then(|heading| heading.run(place));
        view! {
            {heading.map(|words| view! { <li class=format!("{class}__heading") aria-hidden="true">{words}</li> })}
            <li
                id=combobox.option_id(place)
                class=format!("{class}__option")
                role="option"
                aria-selected=move || (combobox.chosen.get() == Some(place)).to_string()
                // The field keeps the focus.
                on:mousedown=move |event| event.prevent_default()
                on:click=move |_| combobox.on_pick.run(place)
            >
                {option.run(place)}
            </li>
        }
        .into_any()
    };
    view! {
        <ul
            id=combobox.id
            class=class
            class:floating=floats
            role="listbox"
            aria-label=label
            hidden=move || combobox.count.get() == 0
            style=move || style.get()
        >
            {move || (0..combobox.count.get()).map(one).collect_view().into_any()}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_and_other_keys_nowhere() {
        assert_eq!(step("ArrowDown", None, 3), Some(0));
        assert_eq!(step("ArrowDown", Some(0), 3), Some(1));
        assert_eq!(step("ArrowDown", Some(2), 3), Some(0));
        assert_eq!(step("ArrowUp", None, 3), Some(2));
        assert_eq!(step("ArrowUp", Some(0), 3), Some(2));
        assert_eq!(step("ArrowUp", Some(2), 3), Some(1));
        assert_eq!(step("ArrowUp", Some(9), 3), Some(2), "the list has shrunk");
        assert_eq!(step("ArrowDown", Some(9), 3), Some(0));
        assert_eq!(step("ArrowDown", None, 0), None);
        assert_eq!(step("Home", Some(1), 3), None, "Home is for the text");
    }
}
