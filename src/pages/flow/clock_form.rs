//! A clock of a schedule as a form, with the next times it would name.

use leptos::html;
use leptos::prelude::*;
use serde_json::Map;

use super::next_times::NextTimes;
use crate::components::parameter_fields::{ParameterFields, focus_first_error};
use crate::model::{ClockDraft, ClockFields, ParametersDraft};
use crate::resources::use_draft_preview;
use crate::ui::button::{Button, Weight};

/// The form of a clock. What is written in it stays until it is saved or left.
#[component]
pub fn ClockForm(
    /// The clock that is edited; none is a new one.
    clock: Option<ClockDraft>,
    /// The parameters of its runs.
    parameters: ParametersDraft,
    /// The schedule's time zone.
    zone: String,
    /// The clock that is edited is not in the schedule any more.
    is_gone: Signal<bool>,
    /// The server takes the start of a clock.
    keeps_starts: Signal<bool>,
    busy: RwSignal<bool>,
    /// Called with the clock and the time zone.
    on_save: Callback<(ClockDraft, String)>,
    on_cancel: Callback<()>,
) -> impl IntoView {
    let fields = RwSignal::new(ClockFields::new(clock.as_ref(), zone));
    let has_parameters = !parameters.fields.is_empty();
    let parameters = RwSignal::new(parameters);
    let start = NodeRef::<html::Input>::new();
    let before = StoredValue::new(clock);
    let written = move |parameters| {
        before.with_value(|before| {
            fields.with(|fields| fields.clock(before.as_ref(), keeps_starts.get(), parameters))
        })
    };
    let shape = Memo::new(move |_| (fields.with(|fields| fields.is_cron), keeps_starts.get()));
    let problem = Memo::new(move |_| written(Map::new()).err());
    let next = use_draft_preview(Memo::new(move |_| {
        before.with_value(|before| fields.with(|fields| fields.alone(before.as_ref(), keeps_starts.get())))
    }));
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
        if let Ok(clock) = untrack(|| written(parameters)) {
            on_save.run((
                clock,
                fields.with_untracked(|fields| fields.zone.trim().to_owned()),
            ));
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
                {kind(fields, "At set times (cron)", true)} {kind(fields, "At an interval", false)}
            </fieldset>
            {move || match shape.get() {
                (true, _) => cron(fields),
                (false, true) => view! { {interval(fields)} {counted_from(fields, start)} }.into_any(),
                (false, false) => interval(fields),
            }}
            <label class="field">
                <span class="field__label">"Time zone, for all clocks of the flow"</span>
                {text(fields, |fields| &fields.zone, |fields| &mut fields.zone)}
            </label>
            {has_parameters.then(|| view! {
                <div class="field" role="group" aria-label="Parameters of its runs">
                    <span class="field__label">"Parameters of its runs"</span>
                    <ParameterFields draft=parameters strict=true/>
                </div>
            })}
            {move || problem.get().map(|error| view! { <p class="field__error" role="alert">{error}</p> })}
            {move || is_gone.get().then(|| view! {
                <p class="field__error" role="status">
                    "Somebody has changed or removed this clock. What you save is added beside the clocks that are there."
                </p>
            })}
            <NextTimes next=next is_written=Signal::derive(move || problem.with(Option::is_none))/>
            <div class="schedule__actions">
                <Button label="Save the clock" weight=Weight::Primary busy=busy on_click=Callback::new(save)/>
                <Button label="Keep as is" on_click=on_cancel/>
            </div>
        </form>
    }
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

/// A field for one of the texts.
fn text(
    fields: RwSignal<ClockFields>,
    read: fn(&ClockFields) -> &String,
    write: fn(&mut ClockFields) -> &mut String,
) -> AnyView {
    view! {
        <input
            class="field__text"
            type="text"
            spellcheck="false"
            prop:value=move || fields.with(|fields| read(fields).clone())
            on:input=move |event| fields.update(|fields| *write(fields) = event_target_value(&event))
        />
    }
    .into_any()
}

fn cron(fields: RwSignal<ClockFields>) -> AnyView {
    view! {
        <label class="field">
            <span class="field__label">"Cron"</span>
            {text(fields, |fields| &fields.cron, |fields| &mut fields.cron)}
            <span class="field__hint">"minute hour day month weekday, as 0 9 * * 1-5"</span>
        </label>
    }
    .into_any()
}

fn interval(fields: RwSignal<ClockFields>) -> AnyView {
    view! {
        <div class="field">
            <label class="field__label" for="clock-number">"Every"</label>
            <span class="field__row">
                <input
                    id="clock-number"
                    class="field__text field__text--number"
                    type="text"
                    inputmode="numeric"
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
