//! The command palette (Ctrl or ⌘ and K), the keys that work everywhere, and the list of all keys (`?`).

mod entries;
mod keys;
mod search;

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::ui::chord::Chord;
use crate::ui::combobox::{ComboField, Combobox};
use crate::ui::dialog::has_closed;
use crate::ui::icon::{Glyph, Icon};
use entries::places;
pub use keys::Keys;
pub use search::Search;

/// Whether the list of keys is open: context, because it comes as a part of its own.
#[derive(Clone, Copy)]
struct KeysOpened(RwSignal<bool>);

/// What the search and its field share: context, because the search comes as a part of its own. The field is there
/// before it, so that what is written and entered in the meantime is not lost.
#[derive(Clone, Copy)]
struct Field {
    dialog: NodeRef<html::Dialog>,
    text: RwSignal<String>,
    combobox: Combobox,
    /// How many there are to choose from.
    count: RwSignal<usize>,
    /// Takes one of them.
    on_pick: RwSignal<Option<Callback<usize>>>,
    /// Whether Enter was pressed before there was anything to take.
    entered: RwSignal<bool>,
}

impl Field {
    fn new() -> Self {
        let count = RwSignal::new(0);
        let on_pick = RwSignal::new(None::<Callback<usize>>);
        let pick = Callback::new(move |place| {
            if let Some(on_pick) = on_pick.get_untracked() {
                on_pick.run(place);
            }
        });
        Self {
            dialog: NodeRef::new(),
            text: RwSignal::new(String::new()),
            combobox: Combobox::new("palette-list", count.into(), pick),
            count,
            on_pick,
            entered: RwSignal::new(false),
        }
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }
}

/// Shows what opens over a page; what it is given is called when its part does not come.
pub type OverPage = fn(Callback<()>) -> AnyView;

/// Whether the key goes into a field, or there is a question to be answered first.
fn is_taken(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_typing = target.is_some_and(|element| {
        matches!(
            element.matches(
                "input:not([type=checkbox], [type=radio]), textarea, select, dialog *, [contenteditable]"
            ),
            Ok(true)
        )
    });
    is_typing || event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented()
}

/// What finds the search fields of pages.
const SEARCH: &str = "main input[type=search], main [role=search] input";

/// The search field of the page that a key goes into.
fn search_field(event: &KeyboardEvent) -> Option<HtmlInputElement> {
    let field = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    (field.matches(SEARCH) == Ok(true)).then_some(field)
}

fn is_dialog_open() -> bool {
    matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

/// Leads to the first search field of the page that is in sight; whether there is one.
fn focus_search() -> bool {
    let fields = document().get_elements_by_tag_name("input");
    let field = (0..fields.length())
        .filter_map(|place| fields.item(place)?.dyn_into::<HtmlInputElement>().ok())
        .find(|field| {
            let element: &HtmlElement = field;
            field.matches(SEARCH) == Ok(true) && element.offset_parent().is_some()
        });
    field.is_some_and(|field| {
        field.select();
        field.focus().is_ok()
    })
}

/// The button in the bar, the keys, and the dialogs that they open.
#[component]
pub fn Palette(
    /// Shows [`Search`]; what it is given is called when that does not come.
    search: OverPage,
    /// Shows [`Keys`], likewise.
    keys: OverPage,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let keys_open = RwSignal::new(false);
    provide_context(KeysOpened(keys_open));
    let chord = Chord::new();
    let navigate = use_navigate();
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            if !is_dialog_open() {
                is_open.set(true);
            }
            return;
        }
        if let (Some(field), "Escape", false) =
            (search_field(&event), key.as_str(), event.default_prevented())
        {
            // Out of the field, so that the keys of the page are at hand again. Never fails for what has the focus.
            let _ = field.blur();
            return;
        }
        if is_taken(&event) || is_dialog_open() {
            return;
        }
        let had_g = chord.press(&event);
        let place = places()
            .into_iter()
            .find(|(.., letter)| had_g && key.chars().eq([*letter]));
        match (key.as_str(), place) {
            (_, Some((_, _, route, _))) => navigate(&route.to_string(), NavigateOptions::default()),
            ("?", _) => keys_open.set(true),
            ("/", _) => {
                if !focus_search() {
                    is_open.set(true);
                }
            }
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
    view! {
        <button
            type="button"
            class="palette-button"
            aria-label="Go to or do… Ctrl K"
            aria-haspopup="dialog"
            on:click=move |_| is_open.set(true)
        >
            <Glyph icon=Icon::Search/>
            <span class="palette-button__words">"Go to or do…"</span>
            <kbd class="palette-button__key">"Ctrl K"</kbd>
        </button>
        {move || is_open.get().then(|| view! { <SearchDialog is_open=is_open search=search/> })}
        {move || keys_open.get().then(|| keys(Callback::new(move |()| keys_open.set(false))))}
    }
}

/// The dialog in which anything is found and done: its field, and below it the search as soon as that is there.
#[component]
fn SearchDialog(is_open: RwSignal<bool>, search: OverPage) -> impl IntoView {
    let field = Field::new();
    provide_context(field);
    show(field.dialog);
    view! {
        <dialog
            node_ref=field.dialog
            class="dialog palette"
            aria-label="Go anywhere, do anything here"
            on:close=move |event| {
                if has_closed(&event) {
                    is_open.set(false);
                }
            }
            // A press beside it: the backdrop belongs to the dialog itself.
            on:click=move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
                if let Some(dialog) = target {
                    dialog.close();
                }
            }
        >
            <ComboField
                combobox=field.combobox
                class="palette__text"
                label="Name or id"
                placeholder="What to do here, or the name or id of anything"
                text=field.text
                on_input=Callback::new(move |()| field.entered.set(false))
                on_key=Callback::new(move |event: KeyboardEvent| {
                    if event.key() == "Enter" && field.count.get_untracked() == 0 {
                        field.entered.set(true);
                    }
                })
            />
            {search(Callback::new(move |()| field.close()))}
        </dialog>
    }
}

/// Opens the browser's own dialog when it is in the page.
fn show(dialog: NodeRef<html::Dialog>) {
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get().filter(|dialog| !dialog.open()) {
            // Fails only if it has left the page.
            let _ = dialog.show_modal();
        }
    });
}
