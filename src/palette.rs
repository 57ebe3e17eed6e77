//! The command palette (Ctrl or ⌘ and K), the keys that work everywhere, and the list of all keys (`?`).

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use crate::components::state_badge::StateBadge;
use crate::model::{Found, FoundKind};
use crate::resources::use_search;
use crate::routes::Route;
use crate::ui::button::{Button, Weight};
use crate::ui::icon::{Glyph, Icon};

/// The pages one can always go to: word, icon, route, and the key after `g`.
fn places() -> [(&'static str, Icon, Route, char); 5] {
    [
        ("Home", Icon::Home, Route::Home, 'h'),
        ("Runs", Icon::Runs, Route::Runs(None), 'r'),
        (
            "Failed runs",
            Icon::Cross,
            Route::Runs(Some("state:failed".to_owned())),
            'x',
        ),
        ("Flows", Icon::Flows, Route::Flows, 'f'),
        ("Agents", Icon::Agents, Route::Agents, 'a'),
    ]
}

/// The keys of the dashboard: where, and which does what.
const KEYS: [(&str, &[(&str, &str)]); 5] = [
    (
        "Everywhere",
        &[
            ("Ctrl K, ⌘ K", "go to anything by name or id"),
            ("g h, g r, g f, g a", "home, runs, flows, agents"),
            ("g x", "failed runs"),
            ("?", "this list"),
        ],
    ),
    (
        "Run history",
        &[
            ("/", "write a filter"),
            ("↑ ↓, Enter", "choose a run, open it"),
            ("x, Shift x", "pick a run, all up to it"),
            ("Esc", "pick none"),
        ],
    ),
    (
        "Schematic",
        &[
            ("+ − 0", "closer, farther, all of it"),
            ("Enter, arrows", "to a task, along its edges"),
            ("/", "search for a task"),
        ],
    ),
    (
        "Tables",
        &[
            ("↑ ↓ Home End", "row by row, first, last"),
            ("Enter", "open the row"),
        ],
    ),
    (
        "Logs",
        &[
            ("/", "search"),
            ("n, N", "next match, the one before"),
            ("g, G", "start, end"),
            ("f, w", "follow, wrap"),
        ],
    ),
];

/// One line of the palette.
#[derive(Clone, PartialEq)]
struct Entry {
    found: Option<FoundKind>,
    icon: Icon,
    name: String,
    detail: String,
    href: String,
}

fn place_entries(text: &str) -> impl Iterator<Item = Entry> {
    let text = text.to_lowercase();
    places()
        .into_iter()
        .filter(move |(word, ..)| word.to_lowercase().contains(&text))
        .map(|(word, icon, route, _)| Entry {
            found: None,
            icon,
            name: word.to_owned(),
            detail: String::new(),
            href: route.to_string(),
        })
}

fn found_entry(found: Found) -> Entry {
    let (icon, word, route) = match found.kind {
        FoundKind::Project(id) => (Icon::Flows, "project", Route::project(id)),
        FoundKind::Flow(id) => (Icon::Flows, "flow", Route::flow(id)),
        FoundKind::FlowRun(id, _) => (Icon::Runs, "run", Route::flow_run(id)),
        FoundKind::TaskRun(id, _) => (Icon::Runs, "task run", Route::TaskRun(id)),
    };
    let detail = match found.detail.as_str() {
        "" => word.to_owned(),
        of => format!("{word} · {of}"),
    };
    Entry {
        found: Some(found.kind),
        icon,
        name: found.name,
        detail,
        href: route.to_string(),
    }
}

/// Whether the key goes into a field.
fn is_typing(event: &KeyboardEvent) -> bool {
    event.target().is_some_and(|target| {
        target.dyn_ref::<web_sys::Element>().is_some_and(|element| {
            element
                .matches("input, textarea, select, dialog *")
                .unwrap_or(false)
        })
    })
}

/// The button in the bar, and the two dialogs.
#[component]
pub fn Palette() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let keys_open = RwSignal::new(false);
    let after_g = StoredValue::new(false);
    let navigate = use_navigate();
    let go = Callback::new(move |href: String| {
        is_open.set(false);
        navigate(&href, NavigateOptions::default());
    });
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            keys_open.set(false);
            is_open.set(true);
            return;
        }
        if is_typing(&event)
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.default_prevented()
        {
            return;
        }
        let had_g = after_g.get_value();
        after_g.set_value(!had_g && key == "g");
        if key == "?" {
            keys_open.set(true);
        } else if had_g {
            let place = places()
                .into_iter()
                .find(|(.., letter)| key.chars().eq([*letter]));
            if let Some((_, _, route, _)) = place {
                go.run(route.to_string());
            }
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        <Button
            label="Go to anything (Ctrl K)"
            icon=Icon::Search
            weight=Weight::Quiet
            only_icon=true
            on_click=Callback::new(move |()| is_open.set(true))
        />
        {move || is_open.get().then(|| view! { <Search is_open=is_open go=go/> })}
        {move || keys_open.get().then(|| view! { <Keys is_open=keys_open/> })}
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

#[component]
fn Search(is_open: RwSignal<bool>, go: Callback<String>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    show(dialog);
    let text = RwSignal::new(String::new());
    let wanted = Memo::new(move |_| text.with(|text| text.trim().to_owned()));
    let found = use_search(wanted);
    let entries = Memo::new(move |_| {
        let mut entries: Vec<Entry> = wanted.with(|text| place_entries(text).collect());
        entries.extend(found.get().into_iter().map(found_entry));
        entries
    });
    let chosen = RwSignal::new(0_usize);
    Effect::new(move |_| {
        wanted.track();
        chosen.set(0);
    });
    let on_key = move |event: KeyboardEvent| {
        let count = entries.with_untracked(Vec::len);
        let at = chosen.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => chosen.set((at + 1) % count.max(1)),
            "ArrowUp" => chosen.set((at + count.max(1) - 1) % count.max(1)),
            "Enter" => {
                let href = entries.with_untracked(|entries| entries.get(at).map(|entry| entry.href.clone()));
                if let Some(href) = href {
                    go.run(href);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <dialog node_ref=dialog class="dialog palette" aria-label="Go to anything" on:close=move |_| is_open.set(false)>
            <input
                class="palette__text"
                type="text"
                role="combobox"
                aria-label="Name or id"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-autocomplete="list"
                aria-activedescendant=move || format!("palette-{}", chosen.get())
                placeholder="A page, or the name or id of a flow, a run, a project"
                autocomplete="off"
                spellcheck="false"
                autofocus
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=on_key
            />
            <ul id="palette-list" class="palette__list" role="listbox" aria-label="Found">
                {move || {
                    entries
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, entry)| option(index, entry, chosen, go))
                        .collect_view()
                }}
            </ul>
            {move || entries.with(Vec::is_empty).then(|| view! {
                <p class="palette__none" role="status">"Nothing has that name or id."</p>
            })}
        </dialog>
    }
}

fn option(index: usize, entry: Entry, chosen: RwSignal<usize>, go: Callback<String>) -> AnyView {
    let href = entry.href.clone();
    let state = match entry.found {
        Some(FoundKind::FlowRun(_, state) | FoundKind::TaskRun(_, state)) => Some(state),
        _ => None,
    };
    view! {
        <li
            id=format!("palette-{index}")
            class="palette__option"
            role="option"
            aria-selected=move || (chosen.get() == index).to_string()
            on:pointermove=move |_| chosen.set(index)
            on:click=move |_| go.run(href.clone())
        >
            {match state {
                Some(state) => view! { <StateBadge state=state dense=true/> }.into_any(),
                None => view! { <Glyph icon=entry.icon/> }.into_any(),
            }}
            <span class="palette__name">{entry.name}</span>
            <span class="palette__detail">{entry.detail}</span>
        </li>
    }
    .into_any()
}

#[component]
fn Keys(is_open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    show(dialog);
    let close = move |()| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog node_ref=dialog class="dialog keys" aria-labelledby="keys-title" on:close=move |_| is_open.set(false)>
            <h2 id="keys-title" class="dialog__title">"Keys"</h2>
            <div class="keys__groups">
                {KEYS
                    .iter()
                    .map(|(place, keys)| view! {
                        <section>
                            <h3 class="keys__place">{*place}</h3>
                            <dl class="keys__list">
                                {keys
                                    .iter()
                                    .map(|(key, what)| view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*what}</dd></div> })
                                    .collect_view()}
                            </dl>
                        </section>
                    })
                    .collect_view()}
            </div>
            <div class="dialog__actions"><Button label="Close" on_click=Callback::new(close)/></div>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_a_part_of_their_words() {
        let names = |text: &str| place_entries(text).map(|entry| entry.name).collect::<Vec<_>>();
        assert_eq!(names("run"), ["Runs", "Failed runs"]);
        assert_eq!(names("").len(), 5);
        assert!(names("no such page").is_empty());
    }

    #[test]
    fn each_page_has_its_own_key() {
        let mut letters: Vec<char> = places().into_iter().map(|(.., letter)| letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), places().len());
    }
}
