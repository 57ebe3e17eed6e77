//! Triggers: whether the states upstream allow a task to run.

use flowdeck_vocabulary::{State, StateType};
use serde_json::{Value, json};

/// What has to be true of the states upstream for a task to run.
///
/// A mapped task upstream counts with the states of its children, not with its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trigger {
    /// All succeeded. Skipped, Cached and Mapped are successes.
    #[default]
    AllSuccessful,
    /// All failed.
    AllFailed,
    /// At least one succeeded.
    AnySuccessful,
    /// At least one failed.
    AnyFailed,
    /// All ended, however they did.
    AllFinished,
    /// All succeeded, and not by all having been skipped.
    NotAllSkipped,
    /// A person says go: the task run is Paused until it is resumed.
    ManualOnly,
    /// At least this many succeeded.
    SomeSuccessful(usize),
    /// At least this many failed.
    SomeFailed(usize),
}

/// [`Trigger::AllSuccessful`], the default.
#[must_use]
pub fn all_successful() -> Trigger {
    Trigger::AllSuccessful
}

/// [`Trigger::AllFailed`].
#[must_use]
pub fn all_failed() -> Trigger {
    Trigger::AllFailed
}

/// [`Trigger::AnySuccessful`].
#[must_use]
pub fn any_successful() -> Trigger {
    Trigger::AnySuccessful
}

/// [`Trigger::AnyFailed`].
#[must_use]
pub fn any_failed() -> Trigger {
    Trigger::AnyFailed
}

/// [`Trigger::AllFinished`].
#[must_use]
pub fn all_finished() -> Trigger {
    Trigger::AllFinished
}

/// [`Trigger::AllFinished`] under its other name.
#[must_use]
pub fn always_run() -> Trigger {
    Trigger::AllFinished
}

/// [`Trigger::NotAllSkipped`].
#[must_use]
pub fn not_all_skipped() -> Trigger {
    Trigger::NotAllSkipped
}

/// [`Trigger::ManualOnly`].
#[must_use]
pub fn manual_only() -> Trigger {
    Trigger::ManualOnly
}

/// [`Trigger::SomeSuccessful`]: at least this many.
#[must_use]
pub fn some_successful(at_least: usize) -> Trigger {
    Trigger::SomeSuccessful(at_least)
}

/// [`Trigger::SomeFailed`]: at least this many.
#[must_use]
pub fn some_failed(at_least: usize) -> Trigger {
    Trigger::SomeFailed(at_least)
}

/// What a trigger says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The task may run.
    Run,
    /// It must not: it ends as TriggerFailed with this message.
    Fail(String),
    /// It need not: it ends as Skipped with this message.
    Skip(String),
    /// It waits, Paused with this message, until a person resumes it.
    Pause(String),
}

impl Trigger {
    /// The name in Prefect's words, which are also the words of the messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AllSuccessful => "all_successful",
            Self::AllFailed => "all_failed",
            Self::AnySuccessful => "any_successful",
            Self::AnyFailed => "any_failed",
            Self::AllFinished => "all_finished",
            Self::NotAllSkipped => "not_all_skipped",
            Self::ManualOnly => "manual_only",
            Self::SomeSuccessful(_) => "some_successful",
            Self::SomeFailed(_) => "some_failed",
        }
    }

    /// How a registered task says it (transcript 2.3): `{"fn": "prefect.triggers.…", "kwargs": {…}}`.
    #[must_use]
    pub fn serialized(self) -> Value {
        let kwargs = match self {
            Self::SomeSuccessful(at_least) | Self::SomeFailed(at_least) => json!({"at_least": at_least}),
            _ => json!({}),
        };
        json!({"fn": format!("prefect.triggers.{}", self.name()), "kwargs": kwargs})
    }

    /// Decides from the states upstream, mapped ones already replaced by their children.
    #[must_use]
    pub fn verdict(self, upstream: &[&State]) -> Verdict {
        let count = |is: fn(StateType) -> bool| upstream.iter().filter(|state| is(state.state_type)).count();
        let successful = count(StateType::is_successful);
        let failed = count(StateType::is_failed);
        let all = upstream.len();
        let or_fail = |runs: bool, because: &str| match runs {
            true => Verdict::Run,
            false => Verdict::Fail(format!("Trigger was \"{}\" but {because}.", self.name())),
        };
        match self {
            Self::ManualOnly => Verdict::Pause("Trigger function is \"manual_only\"".to_owned()),
            // A task with nothing upstream has nothing to wait for.
            _ if all == 0 => Verdict::Run,
            Self::AllSuccessful => or_fail(successful == all, "some of the upstream tasks failed"),
            Self::AllFailed => or_fail(failed == all, "some of the upstream tasks succeeded"),
            Self::AnySuccessful => or_fail(successful > 0, "none of the upstream tasks succeeded"),
            Self::AnyFailed => or_fail(failed > 0, "none of the upstream tasks failed"),
            Self::AllFinished => or_fail(
                count(StateType::is_finished) == all,
                "some of the upstream tasks have not finished",
            ),
            Self::NotAllSkipped if count(|state| state == StateType::Skipped) == all => {
                Verdict::Skip("All upstream tasks were skipped.".to_owned())
            }
            Self::NotAllSkipped => or_fail(successful == all, "some of the upstream tasks failed"),
            Self::SomeSuccessful(at_least) => or_fail(
                successful >= at_least,
                &format!("only {successful} of the upstream tasks succeeded, not {at_least}"),
            ),
            Self::SomeFailed(at_least) => or_fail(
                failed >= at_least,
                &format!("only {failed} of the upstream tasks failed, not {at_least}"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `S`uccess, s`k`ipped, `F`ailed, `T`riggerFailed, `C`ancelled.
    fn states(letters: &str) -> Vec<State> {
        let state = |letter| match letter {
            'S' => StateType::Success,
            'k' => StateType::Skipped,
            'F' => StateType::Failed,
            'T' => StateType::TriggerFailed,
            'C' => StateType::Cancelled,
            other => panic!("no state for {other}"),
        };
        letters
            .chars()
            .map(|letter| State::new(state(letter), ""))
            .collect()
    }

    #[test]
    fn verdicts() {
        let table = [
            (
                all_successful(),
                "SS:run Sk:run SF:fail ST:fail SC:fail FF:fail :run",
            ),
            (all_failed(), "SS:fail SF:fail FT:run :run"),
            (any_successful(), "SF:run FF:fail Fk:run :run"),
            (any_failed(), "SS:fail SF:run ST:run SC:fail :run"),
            (all_finished(), "SS:run SF:run FC:run kk:run :run"),
            (not_all_skipped(), "Sk:run kk:skip Fk:fail SS:run :run"),
            (manual_only(), "SS:pause FF:pause :pause"),
            (some_successful(2), "SSF:run SFF:fail :run"),
            (some_failed(2), "SFF:run SSF:fail"),
        ];
        for (trigger, cases) in table {
            for case in cases.split(' ') {
                let (upstream, expected) = case.split_once(':').unwrap();
                let upstream = states(upstream);
                let upstream: Vec<&State> = upstream.iter().collect();
                let actual = match trigger.verdict(&upstream) {
                    Verdict::Run => "run",
                    Verdict::Fail(_) => "fail",
                    Verdict::Skip(_) => "skip",
                    Verdict::Pause(_) => "pause",
                };
                assert_eq!(actual, expected, "{} of {case}", trigger.name());
            }
        }
    }

    #[test]
    fn a_failed_trigger_says_which_and_why() {
        let upstream = states("SF");
        let upstream: Vec<&State> = upstream.iter().collect();
        assert_eq!(
            Trigger::AllSuccessful.verdict(&upstream),
            Verdict::Fail("Trigger was \"all_successful\" but some of the upstream tasks failed.".to_owned())
        );
    }
}
