//! The list of all keys.

use leptos::html;
use leptos::prelude::*;

use super::{KeysOpened, show};
use crate::ui::button::Button;
use crate::ui::dialog::has_closed;

/// The keys of the dashboard: where, and which does what.
const KEYS: [(&str, &[(&str, &str)]); 6] = [
    (
        "Everywhere",
        &[
            ("Ctrl K, ⌘ K", "go anywhere, do anything here"),
            ("/", "the page's search, else the same"),
            ("g, then h r f a", "home, runs, flows, agents"),
            ("g, then x s", "failed runs, settings"),
            ("Esc", "close, leave"),
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
            ("← → in the chart", "a time; with Shift, up to it"),
        ],
    ),
    (
        "Tables",
        &[
            ("↑ ↓ Home End", "row by row, first, last"),
            ("PgUp, PgDn", "a page up, down"),
            ("Enter", "open the row"),
        ],
    ),
    (
        "Schematic",
        &[
            ("+ − 0", "zoom in, zoom out, fit"),
            ("Enter, arrows", "to a task, along its edges"),
            ("/", "search for a task"),
        ],
    ),
    (
        "Timeline",
        &[("+ − 0", "zoom in, zoom out, fit"), ("← →", "earlier, later")],
    ),
    (
        "Logs",
        &[
            ("/", "search"),
            ("n, N", "next match, the one before"),
            ("g g, G", "start, end"),
            ("f, w", "follow, wrap"),
        ],
    ),
];

/// The list of all keys.
#[component]
pub fn Keys() -> impl IntoView {
    let is_open = expect_context::<KeysOpened>().0;
    let dialog = NodeRef::<html::Dialog>::new();
    show(dialog);
    let close = move |()| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let line = |(key, what): &(&'static str, &'static str)| {
        let (key, what) = (*key, *what);
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div> }.into_any()
    };
    view! {
        <dialog
            node_ref=dialog
            class="dialog keys"
            aria-labelledby="keys-title"
            on:close=move |event| {
                if has_closed(&event) {
                    is_open.set(false);
                }
            }
        >
            <h2 id="keys-title" class="dialog__title">"Keys"</h2>
            <div class="keys__groups">
                {KEYS
                    .iter()
                    .map(|(place, keys)| view! {
                        <section>
                            <h3 class="keys__place">{*place}</h3>
                            <dl class="keys__list">{keys.iter().map(line).collect_view()}</dl>
                        </section>
                    })
                    .collect_view()}
            </div>
            <div class="dialog__actions"><Button label="Close" on_click=Callback::new(close)/></div>
        </dialog>
    }
}
