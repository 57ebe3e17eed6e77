//! Prints the states and the log of a run as they come.

use std::io::Write;

use flowdeck_vocabulary::State;

use crate::log::LogLine;
use crate::recorder::{Artifact, KnownTaskRun, RecordError, Recorder, TaskRunKey};

/// The recorder of `run NAME`.
#[derive(Debug, Default)]
pub(super) struct ConsoleRecorder;

fn say(text: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

impl Recorder for ConsoleRecorder {
    fn begin(&self, task_run: &TaskRunKey) -> Result<KnownTaskRun, RecordError> {
        Ok(KnownTaskRun {
            id: task_run.to_string(),
            state: None,
        })
    }

    fn task_run_state(&self, task_run: &TaskRunKey, _id: &str, state: &State) -> Result<(), RecordError> {
        let message = state.message.as_deref().unwrap_or_default();
        say(format_args!(
            "{:<32} {:<14} {message}",
            task_run.to_string(),
            state.state_type.name()
        ));
        Ok(())
    }

    fn flow_run_state(&self, _state: &State) -> Result<(), RecordError> {
        Ok(())
    }

    fn log(&self, line: LogLine) {
        // The runners' own lines say what the states say.
        if !line.name.ends_with("Runner") {
            let task_run = line.task_run_id.unwrap_or_default();
            say(format_args!(
                "{task_run:<32} {:<14} {}",
                line.level.name(),
                line.message
            ));
        }
    }

    fn artifact(&self, task_run_id: &str, artifact: Artifact) -> Result<(), RecordError> {
        let data = artifact
            .data
            .get(&artifact.kind)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        say(format_args!("{task_run_id:<32} {:<14}\n{data}", artifact.kind));
        Ok(())
    }
}
