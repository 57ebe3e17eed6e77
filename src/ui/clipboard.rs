//! The clipboard, where the browser lets pages use it.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// Puts a text into the clipboard. Answers whether there is one: over plain HTTP from another host there is none.
pub fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    let is_there = clipboard.is_ok_and(|clipboard| clipboard.is_object());
    if is_there {
        // The promise is let go: a person who refuses knows it.
        let _ = navigator.clipboard().write_text(text);
    }
    is_there
}
