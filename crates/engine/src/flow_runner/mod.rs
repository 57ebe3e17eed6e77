//! A flow run: walks the graph, hands task runs to threads as they become ready, decides the final state.
//!
//! One thread (the caller's) owns what is known of the run and decides; the others only work. They talk over
//! two channels, jobs out and ends back, so there is nothing to lock and the order of decisions is the order
//! of the ends.

mod final_state;
mod options;
mod pool;
mod progress;
mod result;
mod walk;

pub use options::RunOptions;
pub use result::{FlowRunResult, TaskRunResult, ValueError};

use flowdeck_vocabulary::{State, StateType};

use crate::error::FlowError;
use crate::flow::Flow;
use crate::log::Level;
use crate::recorder::RecordError;
use crate::states;
use crate::task_runner::call_handlers;
use walk::{Stopped, Walk};

impl Flow {
    /// Runs the flow in this process, without a server, with its parameters' defaults.
    ///
    /// # Errors
    /// When a required parameter has no value. Whatever happens inside of tasks is part of the result.
    pub fn run(&self) -> Result<FlowRunResult, FlowError> {
        self.run_with(RunOptions::new())
    }

    /// Runs the flow in this process.
    ///
    /// # Errors
    /// When the parameters do not fit, or the recorder gives up.
    pub fn run_with(&self, options: RunOptions) -> Result<FlowRunResult, FlowError> {
        let parameters = self.check_parameters(&options.parameters)?;
        let environment = options.environment(parameters);
        let recorder = &environment.recorder;
        let log = |level, message: String| environment.log("flowdeck.FlowRunner", level, None, message);
        let lost = |error: RecordError| FlowError::Recorder {
            flow: self.name().to_owned(),
            reason: error.to_string(),
        };

        log(Level::Info, format!("Beginning flow run for '{}'", self.name()));
        let mut state = states::without_result(StateType::Pending, "Flow run created.");
        let running = states::without_result(StateType::Running, "Running flow.");
        if self
            .enter_state(&mut state, running, recorder.as_ref())
            .map_err(lost)?
            == Entered::Refused
        {
            // Cancelled while this process started, or gone: nothing is to run.
            environment.cancel.cancel();
        }

        let mut walk = Walk::new(self, environment.clone(), &options);
        let stopped = walk.run();
        let last = match &stopped {
            Stopped::Lost(error) => return Err(lost(error.clone())),
            Stopped::Cancelled => states::cancelled(environment.cancel.reason()),
            Stopped::Finished => final_state::final_state(&self.plan, walk.progress(), &state),
        };
        log(
            if last.state_type.is_failed() {
                Level::Error
            } else {
                Level::Info
            },
            format!(
                "Flow run {}: {}",
                last.state_type.name().to_uppercase(),
                last.message.as_deref().unwrap_or_default()
            ),
        );
        if last != state {
            self.enter_state(&mut state, last, recorder.as_ref())
                .map_err(lost)?;
        }
        Ok(walk.into_result(state))
    }

    fn enter_state(
        &self,
        state: &mut State,
        new: State,
        recorder: &dyn crate::Recorder,
    ) -> Result<Entered, RecordError> {
        call_handlers(&self.plan.handlers, state, &new);
        *state = new;
        match recorder.flow_run_state(state) {
            Ok(()) => Ok(Entered::Taken),
            Err(RecordError::Refused(_)) => Ok(Entered::Refused),
            Err(lost) => Err(lost),
        }
    }
}

/// What the recorder said to a state of the flow run.
#[derive(PartialEq, Eq)]
enum Entered {
    Taken,
    /// Somebody else has ended the run.
    Refused,
}
