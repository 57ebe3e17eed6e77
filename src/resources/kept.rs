//! What is kept in the browser, by key. A private window may refuse: then a choice holds until the page is left.

use leptos::prelude::window;
use web_sys::Storage;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What is kept under this key; empty when nothing is.
pub fn kept(key: &str) -> String {
    let text = storage().and_then(|storage| storage.get_item(key).ok().flatten());
    text.unwrap_or_default()
}

/// Keeps a text under this key; an empty one is as good as none.
pub fn keep(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = if text.is_empty() {
            storage.remove_item(key)
        } else {
            storage.set_item(key, text)
        };
    }
}
