//! `/flow/:id?tab=schedules`: when the flow runs by itself; on, off, and other clocks.

use leptos::prelude::*;
use serde_json::{Map, Value};

use crate::components::json::JsonLine;
use crate::components::parameter_fields::{ParameterFields, focus_first_error};
use crate::components::time::At;
use crate::model::{
    Beat, ClockDraft, Flow, NextTime, ParametersDraft, ParametersFor, SHORTEST_INTERVAL, ScheduleDraft,
    schedule_in_words,
};
use crate::polled::Polled;
use crate::resources::{ScheduleChange, use_change_schedule, use_draft_preview, use_schedule_preview};
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Confirm;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::wall_clock;

/// What is being edited: a new clock, or the one with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Editing {
    New,
    Clock(usize),
}

/// The schedule of a flow.
#[component]
pub fn Schedules(flow: Signal<Flow>, refresh: Callback<()>) -> impl IntoView {
    let schedule = Memo::new(move |_| flow.with(|flow| flow.schedule.clone()));
    let draft = Memo::new(move |_| match schedule.get() {
        Some(schedule) => ScheduleDraft::of(&schedule),
        None => Some(ScheduleDraft {
            clocks: Vec::new(),
            zone: wall_clock::zone(),
        }),
    });
    let active = Memo::new(move |_| flow.with(|flow| flow.is_schedule_active));
    let of_group = Memo::new(move |_| flow.with(|flow| flow.schedule_is_of_group));
    let has_clocks = Memo::new(move |_| schedule.with(|schedule| !clocks(schedule.as_ref()).is_empty()));
    let editing = RwSignal::new(None::<Editing>);
    let busy = RwSignal::new(false);
    let change = use_change_schedule(
        busy,
        Callback::new(move |()| {
            editing.set(None);
            refresh.run(());
        }),
    );
    let next = use_schedule_preview(move || schedule.get().filter(|_| has_clocks.get()));
    // A plain Prefect 1 server does not tell.
    let is_told = Memo::new(move |_| next.value.with(Option::is_some) || next.failure.with(Option::is_some));
    let asked_remove = RwSignal::new(None::<usize>);
    let asks_remove = RwSignal::new(false);
    let ask_remove = Callback::new(move |index: usize| {
        asked_remove.set(Some(index));
        asks_remove.set(true);
    });
    let asked_words = Signal::derive(move || {
        let clocks = schedule.with(|schedule| clocks(schedule.as_ref()));
        let (words, _) = asked_remove
            .get()
            .and_then(|index| clocks.into_iter().nth(index))?;
        Some(words)
    });
    let remove = Callback::new(move |()| {
        if let (Some(mut draft), Some(index)) = (draft.get_untracked(), asked_remove.get_untracked()) {
            draft.clocks.remove(index);
            change.run(ScheduleChange::Save(
                flow.with_untracked(|flow| flow.group_id),
                draft,
            ));
        }
    });
    let save = Callback::new(move |(clock, zone): (ClockDraft, String)| {
        let Some(mut draft) = draft.get_untracked() else {
            return;
        };
        draft.zone = zone;
        match editing.get_untracked() {
            Some(Editing::Clock(index)) => draft.clocks[index] = clock,
            _ => draft.clocks.push(clock),
        }
        change.run(ScheduleChange::Save(
            flow.with_untracked(|flow| flow.group_id),
            draft,
        ));
    });
    let asked_reset = RwSignal::new(false);
    let add = move || {
        let may_add = editing.get().is_none() && draft.with(Option::is_some);
        let begin = Callback::new(move |()| editing.set(Some(Editing::New)));
        may_add.then(|| view! { <Button label="Add a clock" on_click=begin/> }.into_any())
    };
    view! {
        <div class="schedule">
            <section class="section" aria-label="Clocks">
                <div class="section__head">
                    <h2 class="section__title">"Schedule"</h2>
                    <span class="section__note">{move || state_words(has_clocks.get(), active.get())}</span>
                    <div class="schedule__actions">
                        {move || has_clocks.get().then(|| view! {
                            <Button
                                label=Signal::derive(move || if active.get() { "Switch off".to_owned() } else { "Switch on".to_owned() })
                                busy=busy
                                on_click=Callback::new(move |()| {
                                    let id = flow.with_untracked(|flow| flow.id);
                                    change.run(ScheduleChange::Active(id, !active.get_untracked()));
                                })
                            />
                        })}
                        {move || of_group.get().then(|| view! {
                            <Button
                                label="Reset to registered"
                                weight=Weight::Quiet
                                busy=busy
                                on_click=Callback::new(move |()| asked_reset.set(true))
                            />
                        })}
                    </div>
                </div>
                {move || if has_clocks.get() {
                    let clocks = schedule.with(|schedule| clocks(schedule.as_ref()));
                    let can_edit = draft.with(Option::is_some);
                    view! {
                        <ul class="panel schedule__clocks">
                            {clocks
                                .into_iter()
                                .enumerate()
                                .map(|(index, clock)| clock_line(index, clock, can_edit, editing, ask_remove, busy))
                                .collect_view()}
                        </ul>
                    }
                    .into_any()
                } else if editing.with(Option::is_some) {
                    ().into_any()
                } else {
                    view! {
                        <Empty
                            icon=Icon::Clock
                            title="No schedule"
                            text="It runs only when somebody starts it. Add a clock to run it by itself."
                        >
                            {add}
                        </Empty>
                    }
                    .into_any()
                }}
                {move || if draft.with(Option::is_none) {
                    view! {
                        <p class="nothing">
                            "It has clocks or filters that only code can set. Change them where the flow is registered."
                        </p>
                    }
                    .into_any()
                } else if has_clocks.get() {
                    add().into_any()
                } else {
                    ().into_any()
                }}
                {move || {
                    let editing_now = editing.get()?;
                    let draft = draft.get()?;
                    let clock = match editing_now {
                        Editing::Clock(index) => draft.clocks.get(index).cloned(),
                        Editing::New => None,
                    };
                    let mut parameters = flow.with_untracked(|flow| {
                        ParametersDraft::new(ParametersFor::Defaults, &flow.parameters, &flow.default_parameters)
                    });
                    if let Some(clock) = &clock {
                        parameters.fill(&clock.parameters);
                    }
                    Some(view! {
                        <ClockForm
                            clock=clock
                            parameters=parameters
                            zone=draft.zone
                            on_save=save
                            on_cancel=Callback::new(move |()| editing.set(None))
                            busy=busy
                        />
                    })
                }}
            </section>
            // What is switched off has no next times.
            {move || (has_clocks.get() && active.get() && is_told.get()).then(|| view! {
                <section class="section" aria-label="Next times">
                    <h2 class="section__title">"Next times"</h2>
                    <NextTimes next=next/>
                </section>
            })}
        </div>
        <Confirm
            open=asks_remove
            title=Signal::derive(move || format!("Remove the clock \u{201c}{}\u{201d}?", asked_words.get().unwrap_or_default()))
            text="Its runs that have not started are taken away, too.".to_owned()
            yes="Remove it"
            no="Keep it"
            on_yes=remove
        />
        <Confirm
            open=asked_reset
            title="Reset the schedule?"
            text="Each version gets the schedule it was registered with. The clocks set here are lost, and the runs they made that have not started.".to_owned()
            yes="Reset it"
            no="Keep it"
            on_yes=Callback::new(move |()| {
                change.run(ScheduleChange::Reset(flow.with_untracked(|flow| flow.group_id)));
            })
        />
    }
}

/// Each clock in words, with the values it gives parameters.
fn clocks(schedule: Option<&Value>) -> Vec<(String, Value)> {
    let Some(schedule) = schedule else {
        return Vec::new();
    };
    let parameters = schedule
        .get("clocks")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|clock| clock.get("parameter_defaults").cloned().unwrap_or_default());
    schedule_in_words(schedule, wall_clock::hours())
        .into_iter()
        .zip(parameters)
        .collect()
}

fn state_words(has_clocks: bool, active: bool) -> &'static str {
    match (has_clocks, active) {
        (false, _) => "",
        (true, true) => "on",
        (true, false) => "switched off",
    }
}

fn clock_line(
    index: usize,
    (words, parameters): (String, Value),
    can_edit: bool,
    editing: RwSignal<Option<Editing>>,
    remove: Callback<usize>,
    busy: RwSignal<bool>,
) -> AnyView {
    let has_parameters = parameters.as_object().is_some_and(|map| !map.is_empty());
    let about = words.clone();
    view! {
        <li class="schedule__clock">
            <span class="schedule__words">{words}</span>
            {has_parameters.then(|| view! { <span class="schedule__parameters">"with " <JsonLine value=parameters/></span> })}
            {can_edit.then(|| view! {
                <span class="schedule__actions">
                    <Button
                        label="Edit"
                        about=about.clone()
                        weight=Weight::Quiet
                        on_click=Callback::new(move |()| editing.set(Some(Editing::Clock(index))))
                    />
                    <Button
                        label="Remove"
                        about=about
                        weight=Weight::Quiet
                        busy=busy
                        on_click=Callback::new(move |()| remove.run(index))
                    />
                </span>
            })}
        </li>
    }
    .into_any()
}

/// The times on the person's clock and on the schedule's.
#[component]
fn NextTimes(next: Polled<Vec<NextTime>>) -> impl IntoView {
    live(move || {
        if let Some(failure) = next.failure.get() {
            return view! { <p class="field__error" role="alert">{failure.message}</p> }.into_any();
        }
        let Some(times) = next.value.get() else {
            return ().into_any();
        };
        if times.is_empty() {
            return view! { <p class="nothing">"There is no time left at which it would start."</p> }
                .into_any();
        }
        let there = NextTime::on_schedules_clock(&times, wall_clock::hours());
        view! {
            <div class="table-frame panel" tabindex="0">
                <table class="table" aria-label="Next times">
                    <thead>
                        <tr>
                            <th scope="col">"On your clock"</th>
                            <th scope="col">"On the schedule's clock"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {times
                            .into_iter()
                            .zip(there)
                            .map(|(time, there)| view! {
                                <tr><td><At time=time.at/></td><td class="table__fill">{there}</td></tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

/// The units of an interval, in seconds.
const UNITS: [(&str, u64); 4] = [
    ("seconds", 1),
    ("minutes", 60),
    ("hours", 3_600),
    ("days", 86_400),
];

/// A clock as a form, with the next times it would name.
#[component]
fn ClockForm(
    clock: Option<ClockDraft>,
    parameters: ParametersDraft,
    zone: String,
    on_save: Callback<(ClockDraft, String)>,
    on_cancel: Callback<()>,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let (cron, seconds) = match clock.as_ref().map(|clock| &clock.beat) {
        Some(Beat::Cron(cron)) => (Some(cron.clone()), 3_600),
        Some(Beat::Interval(seconds)) => (None, *seconds),
        None => (Some("0 9 * * *".to_owned()), 3_600),
    };
    let unit = UNITS
        .iter()
        .rposition(|(_, unit)| seconds % unit == 0)
        .unwrap_or(0);
    let is_cron = RwSignal::new(cron.is_some());
    let cron = RwSignal::new(cron.unwrap_or_else(|| "0 9 * * *".to_owned()));
    let unit = RwSignal::new(unit);
    let number = RwSignal::new((seconds / UNITS[unit.get_untracked()].1).max(1).to_string());
    let zone = RwSignal::new(zone);
    let has_parameters = !parameters.fields.is_empty();
    let parameters = RwSignal::new(parameters);
    let beat = Memo::new(move |_| {
        if is_cron.get() {
            return Ok(Beat::Cron(cron.get().trim().to_owned()));
        }
        let count: u64 = number
            .with(|number| number.trim().parse())
            .map_err(|_| "Write a whole number.")?;
        let seconds = count.saturating_mul(UNITS[unit.get()].1);
        if seconds < SHORTEST_INTERVAL {
            return Err("An interval takes at least one minute.");
        }
        Ok(Beat::Interval(seconds))
    });
    let draft = Memo::new(move |_| {
        Some(ScheduleDraft {
            clocks: vec![ClockDraft {
                beat: beat.get().ok()?,
                parameters: Map::new(),
            }],
            zone: zone.get().trim().to_owned(),
        })
    });
    let next = use_draft_preview(draft);
    let save = move |()| {
        let Ok(beat) = beat.get_untracked() else { return };
        match parameters.with_untracked(ParametersDraft::to_send) {
            Ok(parameters) => on_save.run((
                ClockDraft { beat, parameters },
                zone.get_untracked().trim().to_owned(),
            )),
            Err(_) => focus_first_error(parameters),
        }
    };
    let kind = move |label: &'static str, of_cron: bool| {
        view! {
            <label class="field__choice">
                <input
                    type="radio"
                    name="clock-kind"
                    prop:checked=move || is_cron.get() == of_cron
                    on:change=move |_| is_cron.set(of_cron)
                />
                {label}
            </label>
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
                {kind("At set times (cron)", true)} {kind("At an interval", false)}
            </fieldset>
            {move || if is_cron.get() {
                view! {
                    <label class="field">
                        <span class="field__label">"Cron"</span>
                        <input
                            class="field__text"
                            type="text"
                            spellcheck="false"
                            prop:value=move || cron.get()
                            on:input=move |event| cron.set(event_target_value(&event))
                        />
                        <span class="field__hint">"minute hour day month weekday, as 0 9 * * 1-5"</span>
                    </label>
                }
                .into_any()
            } else {
                view! {
                    <div class="field">
                        <label class="field__label" for="clock-number">"Every"</label>
                        <span class="field__row">
                            <input
                                id="clock-number"
                                class="field__text field__text--number"
                                type="text"
                                inputmode="numeric"
                                prop:value=move || number.get()
                                on:input=move |event| number.set(event_target_value(&event))
                            />
                            <select
                                class="field__text"
                                aria-label="Unit"
                                on:change=move |event| unit.set(event_target_value(&event).parse().unwrap_or(0))
                            >
                                {UNITS
                                    .iter()
                                    .enumerate()
                                    .map(|(index, (name, _))| view! {
                                        <option value=index.to_string() selected=move || unit.get() == index>{*name}</option>
                                    })
                                    .collect_view()}
                            </select>
                        </span>
                    </div>
                }
                .into_any()
            }}
            <label class="field">
                <span class="field__label">"Time zone, for all clocks of the flow"</span>
                <input
                    class="field__text"
                    type="text"
                    spellcheck="false"
                    prop:value=move || zone.get()
                    on:input=move |event| zone.set(event_target_value(&event))
                />
            </label>
            {has_parameters.then(|| view! {
                <div class="field" role="group" aria-label="Parameters of its runs">
                    <span class="field__label">"Parameters of its runs"</span>
                    <ParameterFields draft=parameters strict=true/>
                </div>
            })}
            {move || beat.get().err().map(|error| view! { <p class="field__error" role="alert">{error}</p> })}
            <NextTimes next=next/>
            <div class="schedule__actions">
                <Button label="Save the clock" weight=Weight::Primary busy=busy on_click=Callback::new(save)/>
                <Button label="Keep as is" on_click=on_cancel/>
            </div>
        </form>
    }
}
