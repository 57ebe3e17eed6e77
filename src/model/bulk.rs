//! One action on many flow runs, and how far it is.

use flowdeck_vocabulary::{FlowRunId, StateType};

use super::StateChange;
use crate::format::state_word;

/// What is done with each of many flow runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkAction {
    /// Asks it to stop.
    Cancel,
    /// Runs it again where it failed.
    Restart,
    /// Starts another one like it.
    RunAgain,
    /// Deletes it with all that belongs to it.
    Delete,
}

impl BulkAction {
    /// The word on the button.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cancel => "Cancel",
            Self::Restart => "Restart from failed",
            Self::RunAgain => "Run again",
            Self::Delete => "Delete",
        }
    }

    /// What is done with `runs`, a number of them: `Restart 4 runs from failed`.
    #[must_use]
    pub fn words_with(self, runs: &str) -> String {
        match self {
            Self::Cancel | Self::Delete => format!("{} {runs}", self.word()),
            Self::Restart => format!("Restart {runs} from failed"),
            Self::RunAgain => format!("Run {runs} again"),
        }
    }

    /// What was done with those that went well.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Cancel => "cancelled",
            Self::Restart => "restarted",
            Self::RunAgain => "started again",
            Self::Delete => "deleted",
        }
    }

    /// Whether there is anything to do with a run in this state, of whose task runs some failed or none.
    #[must_use]
    pub fn applies_to(self, state: StateType, has_failed_tasks: bool) -> bool {
        match self {
            Self::Cancel => !state.is_finished() && state != StateType::Cancelling,
            Self::Restart => {
                state.is_failed()
                    || state == StateType::Cancelled
                    || (state.is_finished() && has_failed_tasks)
            }
            Self::RunAgain | Self::Delete => true,
        }
    }

    /// Why it is for none of the runs that are meant.
    #[must_use]
    pub fn refusal(self) -> &'static str {
        match self {
            Self::Cancel => "All of them have ended or are being cancelled.",
            Self::Restart => "None of them has ended with anything that failed or was cancelled.",
            Self::RunAgain | Self::Delete => "No such run is left.",
        }
    }

    /// What will happen, before it is confirmed.
    #[must_use]
    pub fn consequence(self) -> &'static str {
        match self {
            Self::Cancel => "Their processes are asked to stop. What has ended already stays as it is.",
            Self::Restart => {
                "In each, what failed or was cancelled begins again with all that depends on it; the rest keeps its results."
            }
            Self::RunAgain => {
                "For each a new run starts now, with the same version of the flow and the same parameters."
            }
            Self::Delete => "Their task runs, states and logs go with them. This cannot be taken back.",
        }
    }
}

/// What is asked about many flow runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkAsked {
    /// Whether to do this with them.
    Action(BulkAction),
    /// Which state they are to be put into.
    State,
}

impl BulkAsked {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 5] = [
        Self::Action(BulkAction::Cancel),
        Self::Action(BulkAction::Restart),
        Self::Action(BulkAction::RunAgain),
        Self::State,
        Self::Action(BulkAction::Delete),
    ];

    /// Whether there is anything to do with a run in this state, of whose task runs some failed or none.
    #[must_use]
    pub fn applies_to(self, state: StateType, has_failed_tasks: bool) -> bool {
        match self {
            Self::Action(action) => action.applies_to(state, has_failed_tasks),
            Self::State => true,
        }
    }

    /// Why it is for none of the runs that are meant.
    #[must_use]
    pub fn refusal(self) -> &'static str {
        match self {
            Self::Action(action) => action.refusal(),
            Self::State => "No such run is left.",
        }
    }

    /// The word on the button; `…` says that there is something to be filled in.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Action(action) => action.word(),
            Self::State => "Set state…",
        }
    }
}

/// What is done with each of many flow runs, as it was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum BulkDeed {
    /// This.
    Action(BulkAction),
    /// It is put into a state.
    SetState(StateChange),
}

impl BulkDeed {
    /// What was done with those that went well.
    #[must_use]
    pub fn done(&self) -> String {
        match self {
            Self::Action(action) => action.done().to_owned(),
            Self::SetState(change) => format!("set to {}", state_word(change.state)),
        }
    }
}

/// A run with which it did not go well.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkFailure {
    /// The run.
    pub id: FlowRunId,
    /// What it is called, where the server still knows it.
    pub name: Option<String>,
    /// What went wrong.
    pub why: String,
}

/// The runs with which it did not go well for the same reason.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkReason {
    /// What went wrong.
    pub why: String,
    /// With how many.
    pub count: usize,
    /// The first of them.
    pub named: Vec<BulkFailure>,
}

/// How far an action on many flow runs is.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkProgress {
    /// What is done.
    pub deed: BulkDeed,
    /// How many runs it is for.
    pub total: usize,
    /// For how many it has ended, well or not.
    pub done: usize,
    /// Those for which it did not go well, and why.
    pub failures: Vec<BulkFailure>,
    /// What it is doing.
    pub phase: BulkPhase,
}

/// What an action on many flow runs is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkPhase {
    /// It is at work.
    AtWork,
    /// It has ended.
    Ended,
    /// A person has stopped it.
    Stopped,
}

impl BulkProgress {
    /// Whether there is still something to stop.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.phase == BulkPhase::AtWork
    }

    /// Why it did not go well, each reason once, in the order in which they came up; of all reasons together no more
    /// than `most` runs are named.
    #[must_use]
    pub fn reasons(&self, most: usize) -> Vec<BulkReason> {
        let mut reasons: Vec<BulkReason> = Vec::new();
        for (place, failure) in self.failures.iter().enumerate() {
            let named = (place < most).then(|| failure.clone());
            if let Some(known) = reasons.iter_mut().find(|known| known.why == failure.why) {
                known.count += 1;
                known.named.extend(named);
            } else if let Some(named) = named {
                reasons.push(BulkReason {
                    why: failure.why.clone(),
                    count: 1,
                    named: vec![named],
                });
            }
        }
        reasons
    }

    /// How many went well.
    #[must_use]
    pub fn succeeded(&self) -> usize {
        self.done - self.failures.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::run_list::tests::id;

    #[test]
    fn an_action_is_for_those_runs_that_it_changes() {
        let applies = |action: BulkAction, state| action.applies_to(state, false);
        assert!(applies(BulkAction::Cancel, StateType::Running));
        assert!(applies(BulkAction::Cancel, StateType::Scheduled));
        assert!(!applies(BulkAction::Cancel, StateType::Failed));
        assert!(!applies(BulkAction::Cancel, StateType::Cancelling));
        assert!(applies(BulkAction::Restart, StateType::Failed));
        assert!(applies(BulkAction::Restart, StateType::Cancelled));
        assert!(!applies(BulkAction::Restart, StateType::Success));
        assert!(BulkAction::Restart.applies_to(StateType::Success, true));
        assert!(!BulkAction::Restart.applies_to(StateType::Running, true));
        assert!(applies(BulkAction::Delete, StateType::Success));
    }

    #[test]
    fn each_reason_is_said_once_with_its_runs() {
        let failure = |number, why: &str| BulkFailure {
            id: id(number),
            name: None,
            why: why.to_owned(),
        };
        let progress = BulkProgress {
            deed: BulkDeed::Action(BulkAction::Cancel),
            total: 4,
            done: 4,
            failures: vec![
                failure(0, "It had ended."),
                failure(1, "Why not."),
                failure(2, "It had ended."),
                failure(3, "It had ended."),
            ],
            phase: BulkPhase::Ended,
        };
        let reasons = progress.reasons(3);
        let brief: Vec<_> = reasons
            .iter()
            .map(|reason| (reason.why.as_str(), reason.count, reason.named.len()))
            .collect();
        assert_eq!(brief, [("It had ended.", 3, 2), ("Why not.", 1, 1)]);
    }
}
