//! What a person may do with a flow run or a task run, and in which state: one table for buttons, menus and tests.

use flowdeck_vocabulary::StateType;
use serde_json::{Value, json};

use super::{FlowRun, Timestamp};
use crate::format::state_word;

/// Where an action is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// As a button of its own: what the state calls for.
    Button,
    /// In the menu with all that is wanted less often.
    Menu,
}

/// What may be done with a flow run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowRunAction {
    /// Let it go on that waits for a person.
    Approve,
    /// Do not wait for its time.
    StartNow,
    /// Run again where it failed.
    Restart,
    /// Stop it.
    Cancel,
    /// Start another run with the same inputs.
    RunAgain,
    /// Start another one from the run form, which begins with the same values.
    RunAgainWithChanges,
    /// Say by hand how it stands.
    SetState,
    /// Call it something else.
    Rename,
    /// Say which agents may take it.
    EditLabels,
    /// Its address, for somebody else.
    CopyLink,
    /// Its id, for a command.
    CopyId,
    /// Delete it with all that belongs to it.
    Delete,
}

impl FlowRunAction {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 12] = [
        Self::Approve,
        Self::StartNow,
        Self::Restart,
        Self::Cancel,
        Self::RunAgain,
        Self::RunAgainWithChanges,
        Self::SetState,
        Self::Rename,
        Self::EditLabels,
        Self::CopyLink,
        Self::CopyId,
        Self::Delete,
    ];

    /// The words; `…` says that something is asked first.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Approve => "Approve",
            Self::StartNow => "Start now",
            Self::Restart => "Restart from failed",
            Self::Cancel => "Cancel",
            Self::RunAgain => "Run again",
            Self::RunAgainWithChanges => "Run again with changes…",
            Self::SetState => "Set state…",
            Self::Rename => "Rename…",
            Self::EditLabels => "Edit labels…",
            Self::CopyLink => "Copy link",
            Self::CopyId => "Copy id",
            Self::Delete => "Delete…",
        }
    }

    /// Where it is offered for this run, of whose task runs some failed or none; `None` when it makes no sense now.
    #[must_use]
    pub fn offer(self, run: &FlowRun, has_failed_tasks: bool, now: Timestamp) -> Option<Offer> {
        let is_over = run.state.is_finished();
        let button = |offered: bool| offered.then_some(Offer::Button);
        match self {
            Self::Approve => button(run.state == StateType::Paused),
            Self::StartNow => button(run.can_start_now(now)),
            Self::Restart => button(run.can_restart(has_failed_tasks)),
            Self::Cancel => button(run.can_cancel()),
            Self::RunAgain => Some(if is_over { Offer::Button } else { Offer::Menu }),
            Self::RunAgainWithChanges => Some(Offer::Menu),
            Self::Delete => (is_over || run.can_start_now(now)).then_some(Offer::Menu),
            Self::SetState | Self::Rename | Self::EditLabels | Self::CopyLink | Self::CopyId => {
                Some(Offer::Menu)
            }
        }
    }
}

/// What may be done with a task run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskRunAction {
    /// Let it go on that waits for a person.
    Approve,
    /// Run it again, and all that comes after it.
    Restart,
    /// Say by hand how it stands.
    SetState,
    /// Call it something else.
    Rename,
    /// Its address, for somebody else.
    CopyLink,
    /// Its id, for a command.
    CopyId,
}

impl TaskRunAction {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Approve,
        Self::Restart,
        Self::SetState,
        Self::Rename,
        Self::CopyLink,
        Self::CopyId,
    ];

    /// The words; `…` says that something is asked first.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Approve => "Approve",
            Self::Restart => "Restart from here",
            Self::SetState => "Set state…",
            Self::Rename => "Rename…",
            Self::CopyLink => "Copy link",
            Self::CopyId => "Copy id",
        }
    }

    /// Where it is offered for a task run in this state, of a flow run in that one. A flow run is restarted only
    /// after its end: its process would go on beside the new one.
    #[must_use]
    pub fn offer(self, state: StateType, flow_run: StateType) -> Option<Offer> {
        let button = |offered: bool| offered.then_some(Offer::Button);
        match self {
            Self::Approve => button(state == StateType::Paused),
            Self::Restart => button(flow_run.is_finished()),
            Self::SetState | Self::Rename | Self::CopyLink | Self::CopyId => Some(Offer::Menu),
        }
    }
}

/// What is run: a flow run or a task run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// A run of a flow.
    Flow,
    /// A run of a task.
    Task,
}

impl RunKind {
    /// The states a person may give it that is in `now`, with what each of them leads to.
    #[must_use]
    pub fn settable(self, now: StateType) -> Vec<(StateType, &'static str)> {
        let states = self.states().iter();
        states
            .filter(|(state, _)| makes_sense(now, *state))
            .copied()
            .collect()
    }

    /// All states a person may give one, with what each of them leads to.
    #[must_use]
    pub fn states(self) -> &'static [(StateType, &'static str)] {
        match self {
            Self::Flow => &[
                (
                    StateType::Success,
                    "It counts as done. Its process, if there is one, is not stopped.",
                ),
                (
                    StateType::Failed,
                    "It counts as failed and can be restarted from there.",
                ),
                (
                    StateType::Cancelled,
                    "Its task runs that have not finished end as Cancelled, too.",
                ),
                (
                    StateType::Scheduled,
                    "It is due now: an agent takes it and goes on where it stood.",
                ),
            ],
            Self::Task => &[
                (
                    StateType::Success,
                    "Tasks that wait for it go on, without a result of it.",
                ),
                (
                    StateType::Skipped,
                    "Tasks that wait for it are skipped, too, unless they say otherwise.",
                ),
                (StateType::Failed, "Tasks that wait for it do not run."),
                (StateType::Cancelled, "Tasks that wait for it do not run."),
                (
                    StateType::Pending,
                    "It runs when its flow run comes to it, for example after a restart.",
                ),
            ],
        }
    }
}

/// Whether there is a point in putting a run that is in `now` into a state. One at work is not scheduled: a second
/// process would run beside the first.
fn makes_sense(now: StateType, state: StateType) -> bool {
    state != now && !(state == StateType::Scheduled && now.is_running())
}

/// A state given by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateChange {
    /// The state.
    pub state: StateType,
    /// Why, in the person's words; may be empty.
    pub reason: String,
    /// Of a flow run: whether its task runs that have not finished get it, too.
    pub with_task_runs: bool,
    /// Which change of the run the person saw last: if there was another since, nothing is set. `None` when many were
    /// chosen, whatever their states.
    pub seen_version: Option<i64>,
}

impl StateChange {
    /// Why a run that is in `now` must not get the state.
    #[must_use]
    pub fn refusal(&self, now: StateType) -> Option<String> {
        let is_refused = self.state != now && !makes_sense(now, self.state);
        let word = state_word(now);
        is_refused.then(|| format!("It is {word}: a second process would run beside the first."))
    }

    /// The state as the API takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let reason = self.reason.trim();
        let message = if reason.is_empty() { "Set by hand." } else { reason };
        json!({ "type": self.state.name(), "message": message })
    }
}

#[cfg(test)]
mod tests {
    use super::super::flow_run::tests::{at, run};
    use super::*;

    /// The buttons, then what the menu has beside what it always has.
    fn offered(
        state: StateType,
        has_failed_tasks: bool,
        now: &str,
    ) -> (Vec<&'static str>, Vec<&'static str>) {
        let run = run(state);
        let all = |place| {
            let actions = FlowRunAction::ALL.into_iter();
            let found = actions.filter(|action| action.offer(&run, has_failed_tasks, at(now)) == Some(place));
            found.map(FlowRunAction::words).collect::<Vec<_>>()
        };
        let mut menu = all(Offer::Menu);
        menu.retain(|words| {
            ![
                "Run again with changes…",
                "Set state…",
                "Rename…",
                "Edit labels…",
                "Copy link",
                "Copy id",
            ]
            .contains(words)
        });
        (all(Offer::Button), menu)
    }

    #[test]
    fn each_state_of_a_flow_run_has_its_actions() {
        use StateType as S;
        let (early, due) = ("2026-11-23T13:00:00Z", "2026-11-23T15:00:00Z");
        /// State, whether task runs failed, the time, the buttons, and the menu.
        type Line = (
            S,
            bool,
            &'static str,
            &'static [&'static str],
            &'static [&'static str],
        );
        let table: [Line; 13] = [
            (
                S::Scheduled,
                false,
                early,
                &["Start now", "Cancel"],
                &["Run again", "Delete…"],
            ),
            (S::Scheduled, false, due, &["Cancel"], &["Run again"]),
            (S::Paused, false, due, &["Approve", "Cancel"], &["Run again"]),
            (S::Submitted, false, due, &["Cancel"], &["Run again"]),
            (S::Running, false, due, &["Cancel"], &["Run again"]),
            (S::Running, true, due, &["Cancel"], &["Run again"]),
            (S::Cancelling, false, due, &[], &["Run again"]),
            (S::Success, false, due, &["Run again"], &["Delete…"]),
            (
                S::Success,
                true,
                due,
                &["Restart from failed", "Run again"],
                &["Delete…"],
            ),
            (
                S::Failed,
                true,
                due,
                &["Restart from failed", "Run again"],
                &["Delete…"],
            ),
            (
                S::TimedOut,
                false,
                due,
                &["Restart from failed", "Run again"],
                &["Delete…"],
            ),
            (
                S::Cancelled,
                false,
                due,
                &["Restart from failed", "Run again"],
                &["Delete…"],
            ),
            (S::Skipped, false, due, &["Run again"], &["Delete…"]),
        ];
        for (state, has_failed, now, buttons, menu) in table {
            let found = offered(state, has_failed, now);
            assert_eq!(
                found,
                (buttons.to_vec(), menu.to_vec()),
                "{state} {has_failed} {now}"
            );
        }
    }

    #[test]
    fn each_state_of_a_task_run_has_its_actions() {
        use StateType as S;
        let buttons = |state, flow_run| {
            let actions = TaskRunAction::ALL.into_iter();
            let found = actions.filter(|action| action.offer(state, flow_run) == Some(Offer::Button));
            found.map(TaskRunAction::words).collect::<Vec<_>>()
        };
        assert_eq!(buttons(S::Paused, S::Running), ["Approve"]);
        assert_eq!(buttons(S::Failed, S::Running), [""; 0]);
        assert_eq!(buttons(S::Failed, S::Failed), ["Restart from here"]);
        assert_eq!(buttons(S::Success, S::Success), ["Restart from here"]);
    }

    #[test]
    fn a_state_it_is_in_is_not_offered_and_no_second_process_is_started() {
        for kind in [RunKind::Flow, RunKind::Task] {
            for now in StateType::ALL {
                let states: Vec<StateType> = kind.settable(now).into_iter().map(|(state, _)| state).collect();
                assert!(!states.contains(&now), "{now}");
                assert!(states.len() >= 3, "{now}: {states:?}");
                if now.is_running() {
                    assert!(!states.contains(&StateType::Scheduled), "{now}");
                }
            }
        }
    }

    #[test]
    fn of_many_runs_those_at_work_are_not_started_a_second_time() {
        let change = StateChange {
            state: StateType::Scheduled,
            reason: String::new(),
            with_task_runs: false,
            seen_version: None,
        };
        for (now, why) in [
            (StateType::Failed, None),
            (StateType::Scheduled, None),
            (
                StateType::Running,
                Some("It is Running: a second process would run beside the first."),
            ),
        ] {
            assert_eq!(change.refusal(now).as_deref(), why);
        }
    }

    #[test]
    fn a_state_without_a_reason_says_that_a_person_set_it() {
        let mut change = StateChange {
            state: StateType::Failed,
            reason: "  ".to_owned(),
            with_task_runs: false,
            seen_version: Some(3),
        };
        assert_eq!(
            change.to_json(),
            json!({ "type": "Failed", "message": "Set by hand." })
        );
        change.reason = " the source was wrong ".to_owned();
        assert_eq!(change.to_json()["message"], "the source was wrong");
    }
}
