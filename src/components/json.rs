//! JSON as text, indented; what came from outside stays text.

use leptos::prelude::*;
use serde_json::Value;

/// A JSON value in a block, or a dash when there is nothing in it.
#[component]
pub fn Json(value: Value) -> impl IntoView {
    let nothing = match &value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    if nothing {
        return view! { <span class="nothing">"none"</span> }.into_any();
    }
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    view! { <pre class="json" tabindex="0">{text}</pre> }.into_any()
}

/// A JSON value in a line of a table.
#[component]
pub fn JsonLine(value: Value) -> impl IntoView {
    view! { <code class="json-line">{value.to_string()}</code> }
}
