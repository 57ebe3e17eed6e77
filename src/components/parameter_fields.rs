//! Values for the parameters of a flow: a control for each, by its type, or all of them as JSON.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::json_field::json_field;
use crate::components::time::local_offset;
use crate::json;
use crate::model::{
    FieldError, InputKind, ParameterField, ParametersDraft, ParametersFor, RunField, Timestamp,
};
use crate::ui::button::{Button, Weight};
use crate::wall_clock::zone;

/// A default longer than this is not repeated beside the control.
const SHORT: usize = 80;

/// A control for each parameter.
#[component]
pub fn ParameterFields(
    /// What is typed.
    draft: RwSignal<ParametersDraft>,
    /// Whether to say where something is missing: not before a person has tried to go on.
    #[prop(into)]
    strict: Signal<bool>,
) -> impl IntoView {
    let is_json = Memo::new(move |_| draft.with(|draft| draft.json.is_some()));
    let names = Memo::new(move |_| {
        let names = |draft: &ParametersDraft| {
            draft
                .fields
                .iter()
                .map(|field| field.name.clone())
                .collect::<Vec<_>>()
        };
        draft.with(names)
    });
    let turn = move |()| {
        draft.update(|draft| {
            if draft.json.is_some() {
                draft.turn_to_fields();
            } else {
                draft.turn_to_json();
            }
        });
    };
    view! {
        <div class="parameters">
            {move || if is_json.get() {
                let error = Signal::derive(move || draft.with(|draft| draft.first_error().map(|(_, error)| error)));
                json_field(
                    RunField::Parameters.id(),
                    Signal::stored("All parameters as JSON".to_owned()),
                    12,
                    Signal::derive(move || draft.with(|draft| draft.json.clone().unwrap_or_default())),
                    Callback::new(move |text| draft.update(|draft| draft.json = Some(text))),
                    error,
                )
            } else {
                names
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(index, name)| row(draft, index, name, strict))
                    .collect_view()
                    .into_any()
            }}
            <div>
                <Button
                    label=Signal::derive(move || if is_json.get() { "Back to fields".to_owned() } else { "Edit as JSON".to_owned() })
                    weight=Weight::Quiet
                    on_click=Callback::new(turn)
                />
            </div>
        </div>
    }
}

/// One parameter: its name and type, its control, and what holds when nothing is given.
fn row(draft: RwSignal<ParametersDraft>, index: usize, name: String, strict: Signal<bool>) -> AnyView {
    let id = RunField::Parameter(index).id();
    let about = format!("{id}-about");
    let purpose = draft.with_untracked(|draft| draft.purpose);
    let with = move |f: fn(&ParameterField) -> String| {
        draft.with(|draft| draft.fields.get(index).map(f).unwrap_or_default())
    };
    let error = Signal::derive(move || {
        draft.with(|draft| {
            let field = draft.fields.get(index)?;
            let is_quiet = field.text.is_empty() && field.declared && !strict.get();
            if is_quiet { None } else { draft.error_of(field) }
        })
    });
    let kind = Memo::new(move |_| draft.with(|draft| draft.fields.get(index).map(|field| field.kind)));
    // What stands at the right: nothing, or how to take back what was given.
    let undo = Memo::new(move |_| {
        draft.with(|draft| match draft.fields.get(index) {
            Some(field) if !field.declared => "Remove",
            Some(field) if purpose == ParametersFor::Run && field.is_changed() => "Reset",
            Some(field) if purpose == ParametersFor::Defaults && field.given => "Clear",
            _ => "",
        })
    });
    let on_undo = Callback::new(move |()| {
        draft.update(|draft| match draft.fields.get_mut(index) {
            Some(field) if field.declared => field.reset(),
            Some(_) => {
                draft.fields.remove(index);
            }
            None => {}
        });
        // The button goes away, and the focus with it.
        focus(&RunField::Parameter(index).id());
    });
    let (label_id, for_control, control_id, control_about) =
        (format!("{id}-label"), id.clone(), id, about.clone());
    let labelled_by = label_id.clone();
    let (control_name, undo_name, type_name) = (name.clone(), name.clone(), format!("Type of {name}"));
    // Those say what is wrong themselves.
    let is_json = move || matches!(kind.get(), Some(InputKind::List | InputKind::Object));
    let is_one_control = move || !matches!(kind.get(), Some(InputKind::Boolean | InputKind::Null) | None);
    view! {
        <div class="parameter" data-changed=move || (!undo.get().is_empty()).then_some("true")>
            <div class="parameter__head">
                <label id=label_id class="parameter__name" for=move || is_one_control().then(|| for_control.clone())>
                    {name}
                </label>
                {move || {
                    let is_required = draft.with_untracked(|draft| {
                        draft.fields.get(index).is_some_and(|field| field.required && purpose == ParametersFor::Run)
                    });
                    is_required.then(|| view! { <span class="required">"required"</span> }).into_any()
                }}
                {type_select(draft, index, kind, type_name)}
            </div>
            <div class="parameter__body">
                {move || control(draft, index, kind.get(), &control_id, &labelled_by, &control_about, error, &control_name)}
                <span id=about class="parameter__about">
                    <span class="field__error">{move || error.get().filter(|_| !is_json()).map(|error| error.to_string())}</span>
                    <span class="field__hint">{move || with(hint)}</span>
                </span>
            </div>
            <div class="parameter__end">
                {move || {
                    let word = undo.get();
                    let mark = match word {
                        "Reset" => "changed",
                        "Clear" => "set",
                        "Remove" => "unknown",
                        _ => return ().into_any(),
                    };
                    view! {
                        <span class="parameter__mark">{mark}</span>
                        <Button label=word about=undo_name.clone() weight=Weight::Quiet on_click=on_undo/>
                    }
                    .into_any()
                }}
            </div>
        </div>
    }
    .into_any()
}

/// What the flow says of it, and what holds when nothing is given.
fn hint(field: &ParameterField) -> String {
    let mut words: Vec<String> = field.hint.iter().cloned().collect();
    let text = field.base.as_ref().map(json::compact).unwrap_or_default();
    let is_short = !text.is_empty() && text.len() <= SHORT;
    match (field.is_changed(), is_short, field.base_is_of_group) {
        (true, true, true) => words.push(format!("{text} is set for all versions")),
        (true, true, false) => words.push(format!("the default is {text}")),
        (_, _, true) => words.push("as set for all versions".to_owned()),
        _ => {}
    }
    words.join(" · ")
}

/// Puts the focus on the control with this id, if there is one.
pub fn focus(id: &str) {
    let control = document().get_element_by_id(id);
    if let Some(control) = control.and_then(|control| control.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for a control that is not in the page.
        let _ = control.focus();
    }
}

/// Puts the focus on the first control with something wrong in it.
pub fn focus_first_error(draft: RwSignal<ParametersDraft>) {
    if let Some((index, _)) = draft.with_untracked(ParametersDraft::first_error) {
        focus(&index.map_or(RunField::Parameters, RunField::Parameter).id());
    }
}

/// How it is typed in; a choice where there is one.
fn type_select(
    draft: RwSignal<ParametersDraft>,
    index: usize,
    kind: Memo<Option<InputKind>>,
    name: String,
) -> AnyView {
    let mut kinds = draft.with_untracked(|draft| {
        draft
            .fields
            .get(index)
            .map(|field| field.kinds.clone())
            .unwrap_or_default()
    });
    if let Some(shown) = kind.get_untracked().filter(|kind| !kinds.contains(kind)) {
        kinds.push(shown);
    }
    if let [only] = kinds.as_slice() {
        return view! { <span class="parameter__type">{only.word()}</span> }.into_any();
    }
    let on_change = move |event| {
        if let Some(kind) = InputKind::named(&event_target_value(&event)) {
            draft.update(|draft| {
                if let Some(field) = draft.fields.get_mut(index) {
                    (field.kind, field.given) = (kind, true);
                }
            });
        }
    };
    let options = kinds
        .into_iter()
        .map(|offered| view! { <option value=offered.word() selected=move || kind.get() == Some(offered)>{offered.word()}</option> })
        .collect_view();
    view! {
        <select class="parameter__type" aria-label=name prop:value=move || kind.get().map_or("", InputKind::word) on:change=on_change>
            {options}
        </select>
    }
    .into_any()
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call; a struct would only name them twice"
)]
fn control(
    draft: RwSignal<ParametersDraft>,
    index: usize,
    kind: Option<InputKind>,
    id: &str,
    labelled_by: &str,
    about: &str,
    error: Signal<Option<FieldError>>,
    name: &str,
) -> AnyView {
    let text = Signal::derive(move || {
        draft.with(|draft| {
            draft
                .fields
                .get(index)
                .map(|field| field.text.clone())
                .unwrap_or_default()
        })
    });
    let on_input = Callback::new(move |text: String| {
        draft.update(|draft| {
            if let Some(field) = draft.fields.get_mut(index) {
                (field.text, field.given) = (text, true);
            }
        });
    });
    let invalid = move || error.with(Option::is_some).to_string();
    let (id, about) = (id.to_owned(), about.to_owned());
    let has_lines = text.with_untracked(|text| text.contains('\n'));
    match kind {
        None => ().into_any(),
        Some(InputKind::Null) => {
            view! { <span class="nothing parameter__null">"null, no value"</span> }.into_any()
        }
        Some(InputKind::Boolean) => {
            let choice = |word: &'static str, id: String, about: String, name: String| {
                view! {
                    <label class="field__choice">
                        <input
                            type="radio"
                            id=id
                            name=name
                            aria-describedby=about
                            prop:checked=move || text.with(|text| text == word)
                            on:change=move |_| on_input.run(word.to_owned())
                        />
                        {word}
                    </label>
                }
            };
            view! {
                <div class="field__row" role="radiogroup" aria-labelledby=labelled_by.to_owned()>
                    {choice("true", id.clone(), about.clone(), id.clone())}
                    {choice("false", format!("{id}-false"), about, id)}
                </div>
            }
            .into_any()
        }
        Some(InputKind::Choice) => {
            let choices = draft.with_untracked(|draft| {
                draft
                    .fields
                    .get(index)
                    .map(|field| field.choices.clone())
                    .unwrap_or_default()
            });
            let options = choices
                .into_iter()
                .map(|value| {
                    let text_of = json::compact(&value);
                    let words = value.as_str().map_or_else(|| text_of.clone(), str::to_owned);
                    let own = text_of.clone();
                    view! { <option value=text_of selected=move || text.with(|text| *text == own)>{words}</option> }
                })
                .collect_view();
            view! {
                <select
                    id=id
                    class="field__text"
                    aria-invalid=invalid
                    aria-describedby=about
                    on:change=move |event| on_input.run(event_target_value(&event))
                >
                    <option value="" selected=move || text.with(String::is_empty)>"choose…"</option>
                    {options}
                </select>
            }
            .into_any()
        }
        Some(InputKind::List | InputKind::Object) => {
            json_field(id, Signal::stored(name.to_owned()), 3, text, on_input, error)
        }
        Some(InputKind::Text | InputKind::Auto) if has_lines => view! {
            <textarea
                id=id
                class="field__text"
                rows="4"
                spellcheck="false"
                aria-invalid=invalid
                aria-describedby=about
                prop:value=move || text.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            ></textarea>
        }
        .into_any(),
        Some(kind) => {
            let mode = match kind {
                InputKind::Integer => "numeric",
                InputKind::Number => "decimal",
                _ => "text",
            };
            let hint = match kind {
                InputKind::DateTime => "2026-11-26T14:00:00+01:00",
                InputKind::Auto => "JSON or text",
                _ => "",
            };
            let field = view! {
                <input
                    id=id
                    class="field__text"
                    class:field__text--number=matches!(kind, InputKind::Integer | InputKind::Number)
                    type="text"
                    inputmode=mode
                    spellcheck="false"
                    autocomplete="off"
                    placeholder=hint
                    aria-invalid=invalid
                    aria-describedby=about
                    prop:value=move || text.get()
                    on:input=move |event| on_input.run(event_target_value(&event))
                />
            };
            if kind == InputKind::DateTime {
                view! { <div class="field__row parameter__time">{field} {time_picker(text, on_input, name)}</div> }
                    .into_any()
            } else {
                field.into_any()
            }
        }
    }
}

/// Picks the time on the person's clock; what is sent is the text beside it, with that clock's distance from UTC.
fn time_picker(text: Signal<String>, on_input: Callback<String>, name: &str) -> AnyView {
    let shown = move || text.with(|text| Timestamp::parse(text));
    view! {
        <input
            type="datetime-local"
            step="1"
            class="field__text"
            aria-label=format!("{name}, picked on your clock, {}", zone())
            title=format!("By your clock, {}", zone())
            prop:value=move || shown().map(|time| time.field_text(local_offset(time))).unwrap_or_default()
            on:change=move |event| {
                let picked = Timestamp::from_field(&event_target_value(&event), local_offset);
                on_input.run(picked.map(|time| time.zoned_text(local_offset(time))).unwrap_or_default());
            }
        />
    }
    .into_any()
}
