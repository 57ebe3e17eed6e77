//! The clipboard.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// Puts a text into the clipboard; whether that was possible.
pub fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        // The promise is let go: a person who refuses knows it.
        let _ = navigator.clipboard().write_text(text);
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

/// The way browsers had before. Over plain HTTP from another host they have no other.
fn copy_by_selection(text: &str) -> Option<bool> {
    let document = document().dyn_into::<HtmlDocument>().ok()?;
    let focused = document.active_element()?.dyn_into::<HtmlElement>().ok()?;
    let field = document.create_element("textarea").ok()?;
    let field = field.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.set_value(text);
    field.set_class_name("visually-hidden");
    // Beside what has the focus: while a dialog is open, nothing outside it can be selected.
    let beside = focused.parent_element().unwrap_or_else(|| (*focused).clone());
    beside.append_child(&field).ok()?;
    field.select();
    let is_done = document.exec_command("copy");
    field.remove();
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // Never fails for what had the focus.
    let _ = focused.focus_with_options(&options);
    Some(is_done == Ok(true))
}
