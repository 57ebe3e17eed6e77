//! A clock of a schedule as a form, with the next times it would name.

use leptos::html;
use leptos::prelude::*;
use serde_json::Map;

use super::next_times::NextTimes;
use crate::components::parameter_fields::{ParameterFields, focus, focus_first_error};
use crate::model::{ClockDraft, ClockFields, NextTime, ParametersDraft};
use crate::polled::{FailureKind, Polled};
use crate::resources::use_draft_preview;
use crate::ui::button::{Button, Weight};
use crate::wall_clock;

/// The form of a clock. What is written in it stays until it is saved or left.
#[component]
pub fn ClockForm(
    /// The clock that is edited; none is a new one.
    clock: Option<ClockDraft>,
    /// What is written.
    fields: RwSignal<ClockFields>,
    /// The parameters of its runs.
    parameters: RwSignal<ParametersDraft>,
    /// The clock that is edited is not in the schedule any more.
    is_gone: Signal<bool>,
    /// The server takes the start of a clock.
    keeps_starts: Signal<bool>,
    busy: RwSignal<bool>,
    /// Called with the clock and the time zone.
    on_save: Callback<(ClockDraft, String)>,
    on_cancel: Callback<()>,
) -> impl IntoView {
    let has_parameters = parameters.with_untracked(|parameters| !parameters.fields.is_empty());
    let start = NodeRef::<html::Input>::new();
    let is_new = clock.is_none();
    let before = StoredValue::new(clock);
    let written = move |parameters| {
        before.with_value(|before| {
            fields.with(|fields| fields.clock(before.as_ref(), keeps_starts.get(), parameters))
        })
    };
    let shape = Memo::new(move |_| (fields.with(|fields| fields.is_cron), keeps_starts.get()));
    let problem = Memo::new(move |_| written(Map::new()).err());
    let zone_problem = Memo::new(move |_| zone_problem(fields.with(|fields| fields.zone.trim().to_owned())));
    let next = use_draft_preview(Memo::new(move |_| {
        let is_zone = zone_problem.with(Option::is_none);
        let alone = |before: &Option<ClockDraft>| {
            fields.with(|fields| fields.alone(before.as_ref(), keeps_starts.get()))
        };
        before.with_value(alone).filter(|_| is_zone)
    }));
    let said = Said {
        of_beat: Signal::derive(move || problem.get().or_else(|| refusal(next, false))),
        of_zone: Signal::derive(move || zone_problem.get().or_else(|| refusal(next, true))),
    };
    let save = move |()| {
        // A date without its time of day is shown by the field, and is none to us.
        if start
            .get_untracked()
            .is_some_and(|start| !start.report_validity())
        {
            return;
        }
        let Ok(parameters) = parameters.with_untracked(ParametersDraft::to_send) else {
            return focus_first_error(parameters);
        };
        match untrack(|| written(parameters)) {
            Err(_) if fields.with_untracked(|fields| fields.is_cron) => focus("clock-cron"),
            Err(_) => focus("clock-number"),
            Ok(_) if zone_problem.with_untracked(Option::is_some) => focus("clock-zone"),
            Ok(clock) => on_save.run((
                clock,
                fields.with_untracked(|fields| fields.zone.trim().to_owned()),
            )),
        }
    };
    view! {
        <form
            class="panel clock-form"
            aria-label="Clock"
            on:submit=move |event| {
                event.prevent_default();
                save(());
            }
        >
            <fieldset class="field">
                <legend class="field__label">"Kind"</legend>
                <span class="clock-form__kinds">
                    {kind(fields, "At set times (cron)", true)} {kind(fields, "At an interval", false)}
                </span>
            </fieldset>
            {move || match shape.get() {
                (true, _) => cron(fields, said),
                (false, true) => view! { {interval(fields, said)} {counted_from(fields, start)} }.into_any(),
                (false, false) => interval(fields, said),
            }}
            <div class="field">
                <label class="field__label" for="clock-zone">"Time zone, for all clocks of the flow"</label>
                {text("clock-zone", said.of_zone, fields, |fields| &fields.zone, |fields| &mut fields.zone)}
                {error("clock-zone-error", said.of_zone)}
            </div>
            {has_parameters.then(|| view! {
                <div class="field" role="group" aria-label="Parameters of its runs">
                    <span class="field__label">"Parameters of its runs"</span>
                    <ParameterFields draft=parameters strict=true/>
                </div>
            })}
            {move || is_gone.get().then(|| view! {
                <p class="field__error" role="status">
                    "Somebody has changed or removed this clock. What you save is added beside the clocks that are there."
                </p>
            })}
            <div class="schedule__actions">
                <Button label="Save the clock" weight=Weight::Primary busy=busy on_click=Callback::new(save)/>
                <Button label=if is_new { "Cancel" } else { "Keep as is" } on_click=on_cancel/>
            </div>
            <NextTimes
                next=next
                is_written=Signal::derive(move || problem.with(Option::is_none))
                most=5
                without_refusals=true
            />
        </form>
    }
}

/// What is wrong with what is written, each said at its field.
#[derive(Clone, Copy)]
struct Said {
    /// With the cron line or the interval.
    of_beat: Signal<Option<String>>,
    /// With the time zone.
    of_zone: Signal<Option<String>>,
}

fn zone_problem(zone: String) -> Option<String> {
    (!wall_clock::is_zone(&zone)).then(|| match zone.as_str() {
        "" => "Write a time zone, such as Europe/Berlin.".to_owned(),
        _ => format!("There is no time zone {zone}. They are named as Europe/Berlin is."),
    })
}

/// What the server objects to in the clock that is written: of its time zone, or of the rest.
fn refusal(next: Polled<Vec<NextTime>>, of_zone: bool) -> Option<String> {
    let failure = next
        .failure
        .get()
        .filter(|failure| failure.kind == FailureKind::Refused)?;
    let words = failure.message;
    let words = words
        .strip_prefix("Invalid clock provided for schedule: ")
        .unwrap_or(&words);
    (words.starts_with("There is no time zone") == of_zone).then(|| words.to_owned())
}

/// The place where it is said.
fn error(id: &'static str, said: Signal<Option<String>>) -> AnyView {
    view! { <span id=id class="field__error" role="alert">{move || said.get()}</span> }.into_any()
}

/// One of the two kinds of clock.
fn kind(fields: RwSignal<ClockFields>, label: &'static str, of_cron: bool) -> AnyView {
    view! {
        <label class="field__choice">
            <input
                type="radio"
                name="clock-kind"
                prop:checked=move || fields.with(|fields| fields.is_cron) == of_cron
                on:change=move |_| fields.update(|fields| fields.is_cron = of_cron)
            />
            {label}
        </label>
    }
    .into_any()
}

/// A field for one of the texts; what is wrong with it is said at the id with `-error` after it.
fn text(
    id: &'static str,
    said: Signal<Option<String>>,
    fields: RwSignal<ClockFields>,
    read: fn(&ClockFields) -> &String,
    write: fn(&mut ClockFields) -> &mut String,
) -> AnyView {
    view! {
        <input
            id=id
            class="field__text"
            type="text"
            spellcheck="false"
            autocomplete="off"
            aria-describedby=format!("{id}-error")
            aria-invalid=move || said.with(Option::is_some).to_string()
            prop:value=move || fields.with(|fields| read(fields).clone())
            on:input=move |event| fields.update(|fields| *write(fields) = event_target_value(&event))
        />
    }
    .into_any()
}

fn cron(fields: RwSignal<ClockFields>, said: Said) -> AnyView {
    let words = move || match said.of_beat.get() {
        Some(_) => None,
        None => fields.with(|fields| fields.in_words(wall_clock::hours())),
    };
    view! {
        <div class="field">
            <label class="field__label" for="clock-cron">"Cron"</label>
            {text("clock-cron", said.of_beat, fields, |fields| &fields.cron, |fields| &mut fields.cron)}
            <span class="clock-form__said">
                <span role="status">{words}</span>
                {error("clock-cron-error", said.of_beat)}
            </span>
            <span class="field__hint">"minute hour day month weekday, as 0 9 * * 1-5"</span>
        </div>
    }
    .into_any()
}

fn interval(fields: RwSignal<ClockFields>, said: Said) -> AnyView {
    view! {
        <div class="field">
            <label class="field__label" for="clock-number">"Every"</label>
            <span class="field__row">
                <input
                    id="clock-number"
                    class="field__text field__text--number"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-describedby="clock-number-error"
                    aria-invalid=move || said.of_beat.with(Option::is_some).to_string()
                    prop:value=move || fields.with(|fields| fields.number.clone())
                    on:input=move |event| fields.update(|fields| fields.number = event_target_value(&event))
                />
                <select
                    class="field__text"
                    aria-label="Unit"
                    on:change=move |event| {
                        let unit = event_target_value(&event).parse().unwrap_or(0);
                        fields.update(|fields| fields.unit = unit);
                    }
                >
                    {ClockFields::UNITS
                        .iter()
                        .enumerate()
                        .map(|(index, (name, _))| view! {
                            <option value=index.to_string() selected=move || fields.with(|fields| fields.unit) == index>
                                {*name}
                            </option>
                        })
                        .collect_view()}
                </select>
            </span>
            {error("clock-number-error", said.of_beat)}
        </div>
    }
    .into_any()
}

/// What an interval counts from, where the server takes it.
fn counted_from(fields: RwSignal<ClockFields>, field: NodeRef<html::Input>) -> AnyView {
    view! {
        <label class="field">
            <span class="field__label">"Counted from"</span>
            <input
                node_ref=field
                class="field__text"
                type="datetime-local"
                step="1"
                prop:value=move || fields.with(|fields| fields.start.clone())
                on:input=move |event| fields.update(|fields| fields.start = event_target_value(&event))
            />
            <span class="field__hint">
                "In the time zone below: for each day at 03:00, any day at that time. Empty is the moment of saving."
            </span>
        </label>
    }
    .into_any()
}
