//! The parts of the run form beside the parameters: when, name, labels, and what is seldom needed.

use flowdeck_vocabulary::LOG_LEVELS;
use leptos::prelude::*;

use super::Typed;
use crate::components::json_field::json_field;
use crate::components::zone_field::ZoneField;
use crate::format;
use crate::model::{FieldError, RunDraft, RunField, RunInputs, wire_text};
use crate::polled::Polled;
use crate::routes::Route;
use crate::session::use_now;
use crate::ui::button::{Button, Weight};
use crate::ui::chips::Chips;
use crate::ui::icon::{Glyph, Icon};
use crate::wall_clock::{self, zone_offset};

/// Which run the form was filled from, or why it was not.
pub fn filled_from(typed: Typed, inputs: Polled<RunInputs>, start_over: Callback<()>) -> AnyView {
    let from = Memo::new(move |_| typed.with(|draft| draft.from.clone()).flatten());
    let failure = Memo::new(move |_| {
        inputs
            .failure
            .with(|failure| failure.as_ref().map(|failure| failure.message.clone()))
    });
    (move || match (from.get(), failure.get()) {
        (_, Some(failure)) => view! {
            <p class="notice" data-tone="warning" role="alert">
                <Glyph icon=Icon::Warning/>
                <span>"The form could not be filled from the earlier run. " {failure}</span>
            </p>
        }
        .into_any(),
        (Some((id, name)), None) => view! {
            <p class="notice notice--plain">
                <Glyph icon=Icon::Retry/>
                <span>
                    "Filled in from "
                    <a class="link link--main" href=Route::flow_run(id).to_string()>{name}</a>
                    ". Only what differs from the defaults is sent."
                </span>
                <Button label="Start from the defaults" weight=Weight::Quiet on_click=start_over/>
            </p>
        }
        .into_any(),
        (None, None) => ().into_any(),
    })
    .into_any()
}

/// The day or the time, with its label.
fn text_field(
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    read: fn(&RunDraft) -> &String,
    write: fn(&mut RunDraft) -> &mut String,
    typed: Typed,
) -> AnyView {
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            <input
                id=id
                class="field__text"
                type=kind
                aria-describedby="run-when"
                prop:value=move || typed.with(|draft| read(draft).clone()).unwrap_or_default()
                on:input=move |event| typed.edit(|draft| *write(draft) = event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

/// Now, or later at a time on the clock of a zone.
pub fn when(typed: Typed, strict: Signal<bool>, error: Signal<Option<FieldError>>) -> AnyView {
    let now = use_now();
    let later = Memo::new(move |_| typed.with(|draft| draft.later).unwrap_or(false));
    let set_later = move |later: bool| {
        typed.edit(|draft| {
            draft.later = later;
            if later && draft.date.is_empty() {
                draft.suggest_time(now.get_untracked(), zone_offset);
            }
        });
    };
    let choice = move |label: &'static str, is_later: bool| {
        view! {
            <label class="field__choice">
                <input
                    type="radio"
                    name="run-when"
                    prop:checked=move || later.get() == is_later
                    on:change=move |_| set_later(is_later)
                />
                {label}
            </label>
        }
    };
    let words = move || {
        let now = now.get();
        match typed.with(|draft| draft.start(now, zone_offset)) {
            Some(Ok(Some(start))) => {
                let utc = wire_text(start).get(..19).unwrap_or_default().replace('T', " ");
                format!(
                    "{} · {utc} UTC · {} on your clock",
                    format::relative(start, now),
                    wall_clock::short_time(start, now)
                )
            }
            Some(Err(error))
                if strict.get() || !typed.with(|draft| draft.date.is_empty()).unwrap_or(true) =>
            {
                error.to_string()
            }
            _ => String::new(),
        }
    };
    view! {
        <div class="section" role="radiogroup" aria-labelledby="run-when-title">
            <h2 class="section__title" id="run-when-title">"When"</h2>
            <div class="run-form__when">
                <div class="field__row">{choice("Now", false)} {choice("Later", true)}</div>
                {move || later.get().then(|| view! {
                    <div class="run-form__time">
                        {text_field("run-date", "Day", "date", |draft| &draft.date, |draft| &mut draft.date, typed)}
                        {text_field("run-time", "Time", "time", |draft| &draft.time, |draft| &mut draft.time, typed)}
                        <div class="field">
                            <span class="field__label" aria-hidden="true">"Time zone"</span>
                            <ZoneField
                                label="Time zone"
                                zone=Signal::derive(move || typed.with(|draft| draft.zone.clone()).unwrap_or_default())
                                on_choose=Callback::new(move |zone| typed.edit(|draft| draft.zone = zone))
                            />
                        </div>
                    </div>
                    <p id="run-when" class="field__hint" class:field__error=move || error.with(Option::is_some)>{words}</p>
                }).into_any()}
            </div>
        </div>
    }
    .into_any()
}

/// The run's name, and which agents may take it.
pub fn name_and_labels(typed: Typed) -> AnyView {
    let labels = Memo::new(move |_| {
        let labels = |draft: &RunDraft| draft.labels.iter().map(str::to_owned).collect::<Vec<_>>();
        typed.with(labels).unwrap_or_default()
    });
    let changed = Memo::new(move |_| typed.with(RunDraft::labels_are_changed).unwrap_or(false));
    view! {
        <section class="section">
            <h2 class="section__title">"Name and labels"</h2>
            <div class="run-form__pair">
                <label class="field">
                    <span class="field__label">"Run name"</span>
                    <input
                        id="run-name"
                        class="field__text"
                        type="text"
                        autocomplete="off"
                        placeholder="two random words"
                        prop:value=move || typed.with(|draft| draft.run_name.clone()).unwrap_or_default()
                        on:input=move |event| typed.edit(|draft| draft.run_name = event_target_value(&event))
                    />
                </label>
                <div class="field">
                    <Chips
                        label="Labels: only an agent that has all of them takes the run"
                        noun="label"
                        values=labels
                        on_change=Callback::new(move |labels: Vec<String>| {
                            typed.edit(|draft| draft.labels = labels.into_iter().collect());
                        })
                    />
                    {move || changed.get().then(|| view! {
                        <Button
                            label="Reset"
                            about="the labels"
                            weight=Weight::Quiet
                            on_click=Callback::new(move |()| typed.edit(RunDraft::reset_labels))
                        />
                    }).into_any()}
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Log level, context and run config: folded, because most runs need none of them.
pub fn advanced(
    typed: Typed,
    open: RwSignal<bool>,
    context_error: Signal<Option<FieldError>>,
    config_error: Signal<Option<FieldError>>,
) -> AnyView {
    let level = Memo::new(move |_| typed.with(|draft| draft.log_level.clone()).unwrap_or_default());
    let field =
        move |id: RunField, label: &'static str, hint: &'static str, rows: u32, text, on_input, error| {
            view! {
                <div class="field">
                    <span class="field__label">{label}</span>
                    {json_field(id.id(), Signal::stored(label.to_owned()), rows, text, on_input, error)}
                    <span class="field__hint">{hint}</span>
                </div>
            }
        };
    view! {
        <details class="fold panel" prop:open=move || open.get() on:toggle=move |event| open.set(is_open(&event))>
            <summary>"Advanced" <span class="section__note">"log level, context, run config"</span></summary>
            <div class="run-form__advanced">
                <label class="field">
                    <span class="field__label">"Log level"</span>
                    <select
                        class="field__text"
                        prop:value=move || level.get()
                        on:change=move |event| typed.edit(|draft| draft.log_level = event_target_value(&event))
                    >
                        <option value="">"as the agent has it"</option>
                        {LOG_LEVELS
                            .iter()
                            .map(|name| view! {
                                <option value=*name selected=move || level.get() == *name>{name.to_ascii_lowercase()}</option>
                            })
                            .collect_view()}
                    </select>
                </label>
                {field(
                    RunField::Context,
                    "Context, as JSON",
                    "What tasks find in the run's context.",
                    3,
                    Signal::derive(move || typed.with(|draft| draft.context.clone()).unwrap_or_default()),
                    Callback::new(move |text| typed.edit(|draft| draft.context = text)),
                    context_error,
                )}
                {field(
                    RunField::RunConfig,
                    "Run config, as JSON",
                    "How an agent starts the run. Sent only when it is changed; labels and log level above go before those in it.",
                    8,
                    Signal::derive(move || typed.with(|draft| draft.run_config.clone()).unwrap_or_default()),
                    Callback::new(move |text| typed.edit(|draft| draft.run_config = text)),
                    config_error,
                )}
            </div>
        </details>
    }
    .into_any()
}

fn is_open(event: &web_sys::Event) -> bool {
    event_target::<web_sys::HtmlDetailsElement>(event).open()
}

/// What a part of the form is called.
pub fn name_of(field: RunField, typed: Typed) -> String {
    match field {
        RunField::Parameter(index) => typed
            .parameters
            .with_untracked(|draft| draft.fields.get(index).map(|field| field.name.clone()))
            .unwrap_or_default(),
        RunField::Parameters => "parameters".to_owned(),
        RunField::When => "when".to_owned(),
        RunField::Context => "context".to_owned(),
        RunField::RunConfig => "run config".to_owned(),
    }
}

/// What is not right yet, one line each.
pub fn errors(errors: &[(RunField, FieldError)], typed: Typed) -> AnyView {
    let lines = errors.iter().map(|(field, error)| {
        let name = name_of(*field, typed);
        view! { <li class="field__error"><strong>{name}</strong> ": " {error.to_string()}</li> }
    });
    view! { <ul class="run-form__errors">{lines.collect_view()}</ul> }.into_any()
}
