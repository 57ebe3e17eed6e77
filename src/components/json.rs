//! JSON as a tree that unfolds, with a button that copies it; what came from outside stays text.

use leptos::prelude::*;
use serde_json::Value;

use crate::format;
use crate::json;
use crate::ui::button::{Button, Weight};
use crate::ui::clipboard::copy;
use crate::ui::icon::Icon;

/// So many of one list or object are shown; a copy has them all.
const MOST: usize = 200;
/// Down to this depth it is unfolded from the start.
const OPEN: usize = 2;
/// Deeper than this it is text in one line.
const DEEPEST: usize = 24;

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
    let copied = RwSignal::new(false);
    let text = StoredValue::new(json::pretty(&value));
    view! {
        <div class="json">
            <div class="json__copy">
                <Button
                    label=Signal::derive(move || if copied.get() { "Copied" } else { "Copy JSON" }.to_owned())
                    icon=Icon::Copy
                    weight=Weight::Quiet
                    only_icon=true
                    on_click=Callback::new(move |()| copied.set(text.with_value(|text| copy(text))))
                />
                <span class="visually-hidden" role="status">{move || copied.get().then_some("Copied")}</span>
            </div>
            <div class="json__tree" tabindex="0" role="group" aria-label="JSON">
                {match &value {
                    Value::Object(_) | Value::Array(_) => view! { <ul>{members(&value, 1)}</ul> }.into_any(),
                    one => leaf(one),
                }}
            </div>
        </div>
    }
    .into_any()
}

/// A JSON value in a line of a table.
#[component]
pub fn JsonLine(value: Value) -> impl IntoView {
    view! { <code class="json-line">{json::compact(&value)}</code> }
}

/// The lines of a list or an object.
fn members(value: &Value, depth: usize) -> Vec<AnyView> {
    let (mut lines, count): (Vec<AnyView>, _) = match value {
        Value::Object(map) => (
            map.iter()
                .take(MOST)
                .map(|(key, value)| member(key.clone(), value, depth))
                .collect(),
            map.len(),
        ),
        Value::Array(list) => (
            list.iter()
                .take(MOST)
                .enumerate()
                .map(|(place, value)| member(place.to_string(), value, depth))
                .collect(),
            list.len(),
        ),
        _ => return Vec::new(),
    };
    if count > MOST {
        let more = format!(
            "and {} more: copy the JSON to see them",
            format::count(count - MOST)
        );
        lines.push(view! { <li class="json__size">{more}</li> }.into_any());
    }
    lines
}

fn member(key: String, value: &Value, depth: usize) -> AnyView {
    let size = match value {
        Value::Object(map) => map.len(),
        Value::Array(list) => list.len(),
        _ => 0,
    };
    if size == 0 || depth > DEEPEST {
        return view! { <li><span class="json__key">{key}</span> {leaf(value)}</li> }.into_any();
    }
    let noun = if value.is_array() { "item" } else { "field" };
    // What is folded is not in the page: a large value costs nothing until somebody looks.
    let (is_open, value) = (RwSignal::new(depth <= OPEN), StoredValue::new(value.clone()));
    view! {
        <li>
            <button
                type="button"
                class="json__fold"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                <span aria-hidden="true">{move || if is_open.get() { "▾" } else { "▸" }}</span>
                <span class="json__key">{key}</span>
                <span class="json__size">{format::counted(size, noun)}</span>
            </button>
            {move || is_open.get().then(|| view! { <ul>{value.with_value(|value| members(value, depth + 1))}</ul> }).into_any()}
        </li>
    }
    .into_any()
}

fn leaf(value: &Value) -> AnyView {
    let kind = match value {
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) | Value::Null => "word",
        _ => "more",
    };
    view! { <span class="json__value" data-kind=kind>{json::compact(value)}</span> }.into_any()
}
