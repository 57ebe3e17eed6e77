//! Schedules: the times they name, and what can be changed.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::extensions::use_extensions;
use super::poll::{Cadence, poll};
use super::ticking::now;
use crate::api;
use crate::model::{NextTime, ScheduleDraft};
use crate::polled::Polled;
use crate::session::{Tone, use_toasts};
use crate::wall_clock::time_there;

/// What can be done with the schedule of a flow.
#[derive(Debug, Clone, PartialEq)]
pub enum ScheduleChange {
    /// Turns it on or off.
    Active(FlowId, bool),
    /// Gives all versions this one, `set_flow_group_schedule_input` of the API; whether the flow follows it.
    Save(Value, bool),
    /// Gives each version its own again.
    Reset(FlowGroupId),
}

/// The next ten times of a schedule, with what the clock shows in its zone; nothing where the server cannot tell.
pub fn use_schedule_preview(schedule: impl Fn() -> Option<Value> + 'static) -> Polled<Vec<NextTime>> {
    let extensions = use_extensions();
    poll(
        move || schedule().filter(|_| extensions.get().is_some_and(|known| known.schedule_preview)),
        |_| Cadence::Slow,
        |schedule, _| api::schedule::preview(schedule),
    )
}

/// The same for a schedule that is not saved yet.
pub fn use_draft_preview(draft: Memo<Option<ScheduleDraft>>) -> Polled<Vec<NextTime>> {
    let schedule = |draft: &ScheduleDraft| draft.to_schedule(time_there(&draft.zone, now()));
    use_schedule_preview(move || draft.with(|draft| draft.as_ref().map(schedule)))
}

/// Changes a schedule and says how that went; `after` is called when it went well.
pub fn use_change_schedule(busy: RwSignal<bool>, after: Callback<()>) -> Callback<ScheduleChange> {
    let toasts = use_toasts();
    Callback::new(move |change: ScheduleChange| {
        busy.set(true);
        spawn_local(async move {
            let (result, done) = match change {
                ScheduleChange::Active(flow, active) => (
                    api::schedule::set_active(flow, active).await,
                    if active {
                        "The schedule is on."
                    } else {
                        "The schedule is off; its runs to come are gone."
                    },
                ),
                ScheduleChange::Save(input, active) => (
                    api::schedule::save(input).await,
                    if active {
                        "The schedule was saved."
                    } else {
                        "The schedule was saved. It is switched off."
                    },
                ),
                ScheduleChange::Reset(group) => (
                    api::schedule::reset(group).await,
                    "Each version has the schedule it was registered with.",
                ),
            };
            busy.try_set(false);
            match result {
                Ok(()) => {
                    toasts.show(Tone::Good, done, None, None);
                    after.try_run(());
                }
                Err(error) => {
                    toasts.show(
                        Tone::Bad,
                        format!("The schedule stays as it was. {error}"),
                        None,
                        None,
                    );
                }
            }
        });
    })
}
