//! `/flow/:id?tab=schedules`: when the flow runs by itself; on, off, and other clocks.

use leptos::prelude::*;
use serde_json::Value;

use super::next_times::NextTimes;
use super::schedule_editor::{Editing, Editor, Question, Typed};
use crate::components::json::JsonLine;
use crate::model::{ClockChange, ClockDraft, Flow, schedule_in_words};
use crate::resources::{ScheduleChange, use_schedule_preview};
use crate::ui::button::{Button, Weight};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::wall_clock;

/// The schedule of a flow.
#[component]
pub fn Schedules(flow: Signal<Flow>, typed: Typed, refresh: Callback<()>) -> impl IntoView {
    let schedule = Memo::new(move |_| flow.with(|flow| flow.schedule.clone()));
    let active = Memo::new(move |_| flow.with(|flow| flow.is_schedule_active));
    let has_clocks = Memo::new(move |_| schedule.with(|schedule| !clocks(schedule.as_ref()).is_empty()));
    let next = use_schedule_preview(move || schedule.get().filter(|_| has_clocks.get()));
    // A plain Prefect 1 server does not tell.
    let is_told = Memo::new(move |_| next.value.with(Option::is_some) || next.failure.with(Option::is_some));
    let editor = Editor::new(flow, typed, refresh);
    let (draft, editing) = (editor.draft, editor.editing);
    let add = move || {
        let may_add = editing.get().is_none() && draft.with(Option::is_some);
        let begin = Callback::new(move |()| editor.edit(Editing::New));
        may_add.then(|| view! { <Button label="Add a clock" on_click=begin/> }.into_any())
    };
    view! {
        <div class="schedule">
            <section class="section" aria-label="Clocks">
                <div class="section__head">
                    <h2 class="section__title">"Schedule"</h2>
                    <span class="section__note">{move || state_words(has_clocks.get(), active.get())}</span>
                    {actions(flow, has_clocks, active, editor)}
                </div>
                {move || if has_clocks.get() {
                    let clocks = schedule.with(|schedule| clocks(schedule.as_ref()));
                    let drafts = draft.get().map(|draft| draft.clocks).unwrap_or_default();
                    // What cannot be edited has none.
                    let drafts = drafts.into_iter().map(Some).chain(std::iter::repeat(None));
                    view! {
                        <ul class="panel schedule__clocks">
                            {clocks
                                .into_iter()
                                .zip(drafts)
                                .map(|((words, parameters), draft)| clock_line(words, parameters, draft, editor))
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
                {editor.form()}
            </section>
            // What is switched off has no next times.
            {move || (has_clocks.get() && active.get() && is_told.get()).then(|| view! {
                <section class="section" aria-label="Next times">
                    <h2 class="section__title">"Next times"</h2>
                    <NextTimes next=next/>
                </section>
            })}
        </div>
        {editor.question()}
    }
}

/// On or off, and back to what was registered.
fn actions(flow: Signal<Flow>, has_clocks: Memo<bool>, active: Memo<bool>, editor: Editor) -> AnyView {
    let of_group = Memo::new(move |_| flow.with(|flow| flow.schedule_is_of_group));
    let label = move || if active.get() { "Switch off" } else { "Switch on" }.to_owned();
    view! {
        <div class="schedule__actions">
            {move || has_clocks.get().then(|| view! {
                <Button
                    label=Signal::derive(label)
                    busy=editor.busy
                    on_click=Callback::new(move |()| {
                        let id = flow.with_untracked(|flow| flow.id);
                        editor.change.run(ScheduleChange::Active(id, !active.get_untracked()));
                    })
                />
            })}
            {move || of_group.get().then(|| view! {
                <Button
                    label="Reset to registered"
                    weight=Weight::Quiet
                    busy=editor.busy
                    on_click=Callback::new(move |()| editor.ask(Question::Reset))
                />
            })}
        </div>
    }
    .into_any()
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

/// A clock, and what can be done with it where it can be edited.
fn clock_line(words: String, parameters: Value, draft: Option<ClockDraft>, editor: Editor) -> AnyView {
    let has_parameters = parameters.as_object().is_some_and(|map| !map.is_empty());
    let about = words.clone();
    view! {
        <li class="schedule__clock">
            <span class="schedule__words">{words}</span>
            {has_parameters.then(|| view! { <span class="schedule__parameters">"with " <JsonLine value=parameters/></span> })}
            {draft.map(|clock| {
                let edited = clock.clone();
                let edit = Callback::new(move |()| editor.edit(Editing::Clock(edited.clone())));
                let words = about.clone();
                let remove = Callback::new(move |()| {
                    editor.ask(Question::Change(Box::new(ClockChange::Remove(clock.clone())), words.clone()));
                });
                view! {
                    <span class="schedule__actions">
                        <Button label="Edit" about=about.clone() weight=Weight::Quiet on_click=edit/>
                        <Button label="Remove" about=about weight=Weight::Quiet busy=editor.busy on_click=remove/>
                    </span>
                }
            })}
        </li>
    }
    .into_any()
}
