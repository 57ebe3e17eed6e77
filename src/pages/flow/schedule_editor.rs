//! What a person is doing to a schedule: the clock in the form, the question before something is lost, and saving.

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;

use super::clock_form::ClockForm;
use crate::model::{
    ClockChange, ClockDraft, ClockFields, Flow, ParametersDraft, ParametersFor, ScheduleDraft, Timestamp,
};
use crate::resources::{ScheduleChange, use_change_schedule, use_extensions};
use crate::session::{Toasts, Tone, use_now, use_toasts};
use crate::ui::dialog::Confirm;
use crate::wall_clock;

/// What is in the form: a new clock, or this one as it was when editing began.
#[derive(Debug, Clone, PartialEq)]
pub enum Editing {
    New,
    Clock(ClockDraft),
}

/// What is asked before something is lost.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// A change of a clock. The words are those of the clock.
    Change(Box<ClockChange>, String),
    /// Each version gets its own schedule again.
    Reset,
}

/// What is typed into the form. It belongs to the page, so that a look at another tab loses nothing.
#[derive(Clone, Copy)]
pub struct Typed {
    /// Whose schedule it is for.
    flow: StoredValue<Option<FlowId>>,
    /// What is in the form.
    editing: RwSignal<Option<Editing>>,
    fields: RwSignal<ClockFields>,
    parameters: RwSignal<ParametersDraft>,
}

impl Typed {
    /// Nothing so far.
    pub fn new() -> Self {
        let parameters = ParametersDraft::new(ParametersFor::Defaults, &[], &serde_json::Value::Null);
        Self {
            flow: StoredValue::new(None),
            editing: RwSignal::new(None),
            fields: RwSignal::new(ClockFields::default()),
            parameters: RwSignal::new(parameters),
        }
    }

    /// What was typed for this flow before stays.
    fn open(self, flow: FlowId) {
        if self.flow.get_value() != Some(flow) {
            self.flow.set_value(Some(flow));
            self.editing.set(None);
        }
    }
}

/// What is being done to the schedule of a flow.
#[derive(Clone, Copy)]
pub struct Editor {
    flow: Signal<Flow>,
    typed: Typed,
    /// The schedule, where it can be edited.
    pub draft: Memo<Option<ScheduleDraft>>,
    /// What is in the form.
    pub editing: RwSignal<Option<Editing>>,
    /// A change is under way.
    pub busy: RwSignal<bool>,
    /// Makes a change.
    pub change: Callback<ScheduleChange>,
    keeps_starts: Signal<bool>,
    asked: RwSignal<Option<Question>>,
    asks: RwSignal<bool>,
    toasts: Toasts,
    now: ReadSignal<Timestamp>,
}

impl Editor {
    /// Goes on with what is typed. `refresh` is called when something was saved.
    pub fn new(flow: Signal<Flow>, typed: Typed, refresh: Callback<()>) -> Self {
        typed.open(flow.with_untracked(|flow| flow.id));
        let editing = typed.editing;
        let busy = RwSignal::new(false);
        let saved = Callback::new(move |()| {
            editing.set(None);
            refresh.run(());
        });
        let extensions = use_extensions();
        Self {
            flow,
            typed,
            draft: Memo::new(move |_| {
                flow.with(|flow| match &flow.schedule {
                    Some(schedule) => ScheduleDraft::of(schedule),
                    None => Some(ScheduleDraft {
                        clocks: Vec::new(),
                        zone: wall_clock::zone(),
                    }),
                })
            }),
            editing,
            busy,
            change: use_change_schedule(busy, saved),
            keeps_starts: Signal::derive(move || extensions.get().is_some_and(|known| known.clock_starts)),
            asked: RwSignal::new(None),
            asks: RwSignal::new(false),
            toasts: use_toasts(),
            now: use_now(),
        }
    }

    /// Opens the form. What is typed in it stays when it is open for the same.
    pub fn edit(self, what: Editing) {
        if self.editing.with_untracked(|now| now.as_ref() == Some(&what)) {
            return;
        }
        let Some(zone) = self
            .draft
            .with_untracked(|draft| Some(draft.as_ref()?.zone.clone()))
        else {
            return;
        };
        let mut parameters = self.flow.with_untracked(|flow| {
            ParametersDraft::new(
                ParametersFor::Defaults,
                &flow.parameters,
                &flow.default_parameters,
            )
        });
        let clock = match &what {
            Editing::Clock(clock) => Some(clock),
            Editing::New => None,
        };
        if let Some(clock) = clock {
            parameters.fill(&clock.parameters);
        }
        self.typed.fields.set(ClockFields::new(clock, zone));
        self.typed.parameters.set(parameters);
        self.editing.set(Some(what));
    }

    /// Asks.
    pub fn ask(self, question: Question) {
        self.asked.set(Some(question));
        self.asks.set(true);
    }

    /// The clock in the form is not in the schedule any more.
    fn is_gone(self) -> bool {
        let is_there = |clock: &ClockDraft| {
            let has = |draft: &ScheduleDraft| draft.place(clock).is_some();
            self.draft.with(|draft| draft.as_ref().is_some_and(has))
        };
        self.editing
            .with(|editing| matches!(editing, Some(Editing::Clock(clock)) if !is_there(clock)))
    }

    /// What the server cannot save of the schedule with this change.
    fn losses(self, change: &ClockChange) -> Vec<String> {
        let changed = self.draft.get().and_then(|draft| draft.changed(change.clone()));
        match changed.filter(|_| !self.keeps_starts.get()) {
            Some(draft) => {
                let there = wall_clock::time_there(&draft.zone, self.now.get_untracked());
                draft.losses(there, wall_clock::hours())
            }
            None => Vec::new(),
        }
    }

    /// Saves what is in the form; asks before, when something would be lost with it.
    fn save(self, clock: ClockDraft, zone: String) {
        let change = match self.editing.get_untracked() {
            Some(Editing::Clock(before)) if !untrack(|| self.is_gone()) => {
                ClockChange::Replace(before, clock, zone)
            }
            _ => ClockChange::Add(clock, zone),
        };
        if untrack(|| self.losses(&change)).is_empty() {
            self.make(change);
        } else {
            self.ask(Question::Change(Box::new(change), String::new()));
        }
    }

    fn make(self, change: ClockChange) {
        let changed = self.draft.get_untracked().and_then(|draft| draft.changed(change));
        if let Some(draft) = changed {
            let group = self.flow.with_untracked(|flow| flow.group_id);
            let input = draft.to_input(group, self.keeps_starts.get_untracked());
            // One without clocks is neither on nor off.
            let is_on = draft.clocks.is_empty() || self.flow.with_untracked(|flow| flow.is_schedule_active);
            self.change.run(ScheduleChange::Save(input, is_on));
        } else {
            let words = "Somebody has changed the schedule meanwhile. Nothing was saved; look at it again.";
            self.toasts.show(Tone::Warning, words, None, None);
        }
    }

    /// The form, built once for what is edited: what is typed in it stays when the server has another schedule.
    pub fn form(self) -> AnyView {
        let form = move || {
            let clock = match self.editing.get()? {
                Editing::Clock(clock) => Some(clock),
                Editing::New => None,
            };
            Some(view! {
                <ClockForm
                    clock=clock
                    fields=self.typed.fields
                    parameters=self.typed.parameters
                    is_gone=Signal::derive(move || self.is_gone())
                    keeps_starts=self.keeps_starts
                    busy=self.busy
                    on_save=Callback::new(move |(clock, zone)| self.save(clock, zone))
                    on_cancel=Callback::new(move |()| self.editing.set(None))
                />
            })
        };
        form.into_any()
    }

    /// The dialog that asks.
    pub fn question(self) -> AnyView {
        let is_removal = |change: &ClockChange| matches!(change, ClockChange::Remove(_));
        let title = move || match self.asked.get() {
            Some(Question::Change(change, words)) if is_removal(&change) => {
                format!("Remove the clock \u{201c}{words}\u{201d}?")
            }
            Some(Question::Change(..)) => "Save the schedule?".to_owned(),
            Some(Question::Reset) => "Reset the schedule?".to_owned(),
            None => String::new(),
        };
        let text = move || match self.asked.get() {
            Some(Question::Change(change, _)) => {
                let mut sentences = self.losses(&change);
                if !sentences.is_empty() {
                    sentences.insert(0, "This server cannot keep all of the schedule.".to_owned());
                }
                if is_removal(&change) {
                    sentences.insert(
                        0,
                        "Its runs that have not started are taken away, too.".to_owned(),
                    );
                }
                sentences.join(" ")
            }
            Some(Question::Reset) => {
                "Each version gets the schedule it was registered with. The clocks set here are \
                lost, and the runs they made that have not started."
                    .to_owned()
            }
            None => String::new(),
        };
        let answers = move || match self.asked.get() {
            Some(Question::Change(change, _)) if is_removal(&change) => ("Remove it", "Keep it"),
            Some(Question::Change(..)) => ("Save it", "Keep it as it is"),
            _ => ("Reset it", "Keep it"),
        };
        let on_yes = move |()| match self.asked.get_untracked() {
            Some(Question::Change(change, _)) => self.make(*change),
            Some(Question::Reset) => {
                let group = self.flow.with_untracked(|flow| flow.group_id);
                self.change.run(ScheduleChange::Reset(group));
            }
            None => {}
        };
        view! {
            <Confirm
                open=self.asks
                title=Signal::derive(title)
                text=Signal::derive(text)
                yes=Signal::derive(move || answers().0.to_owned())
                no=Signal::derive(move || answers().1.to_owned())
                on_yes=Callback::new(on_yes)
            />
        }
        .into_any()
    }
}
