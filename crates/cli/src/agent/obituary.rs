//! Obituaries: what the server is told about a flow run whose process has ended.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use flowdeck_engine::client::{Client, ClientError, LogEntry, LogLevel};
use flowdeck_vocabulary::{FlowRunId, State, StateType, TaskRunId};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use tracing::{info, warn};

use super::charge::{Charge, Ending};

/// How many of the last lines of its output are sent along.
const LAST_LINES: usize = 20;
/// How many bytes of the output's end are read for them.
const LAST_BYTES: u64 = 16 * 1024;
/// How many task runs get their state in one call.
const BATCH: usize = 200;

#[derive(Deserialize)]
struct Row {
    name: Option<String>,
    state: StateType,
    heartbeat: Option<Timestamp>,
    task_runs: Vec<TaskRunRow>,
}

#[derive(Deserialize)]
struct TaskRunRow {
    id: TaskRunId,
    state: StateType,
}

/// How a flow run stands after its process has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aftermath {
    /// Nothing is left to do.
    Settled,
    /// It waits for a time or a person, and then needs a process again. With its last heartbeat.
    Waits(Option<Timestamp>),
}

/// Brings a flow run to an end whose process has ended without doing so, and says why. A run that is
/// finished, deleted, rescheduled, or waiting for its next attempt is left as it is.
pub fn report(client: &Client, charge: &mut Charge) -> Result<Aftermath, ClientError> {
    let note = charge.note().clone();
    let Some(ending) = charge.ending().cloned() else {
        return Ok(Aftermath::Settled);
    };
    let Some(run) = look_up(client, note.flow_run_id)? else {
        return Ok(Aftermath::Settled);
    };
    let name = run.name.clone().unwrap_or_default();
    if run.state.is_finished() || run.state.is_scheduled() {
        info!("flow run '{name}' is over: {}", run.state);
        remove_if_empty(&note.log);
        return Ok(Aftermath::Settled);
    }
    if run.state == StateType::Cancelling {
        cancel(client, note.flow_run_id)?;
        return Ok(Aftermath::Settled);
    }
    if ending == Ending::Forgotten {
        if run.state != StateType::Submitted {
            // Its process started after all, and nobody noted which it is. It speaks for itself.
            return Ok(Aftermath::Settled);
        }
        let words = "Scheduled again: the agent ended before it could start the process.";
        let state = State::new(StateType::Scheduled, words)
            .with("start_time", crate::time::api_text(crate::time::now()));
        client.set_flow_run_states(&[(note.flow_run_id, state)])?;
        return Ok(Aftermath::Settled);
    }
    if ending.may_be_a_pause() && run.is_waiting() {
        info!("flow run '{name}' waits for a time or a person; its process has ended");
        return Ok(Aftermath::Waits(run.heartbeat));
    }
    let words = ending.words(note.process.map(|process| process.pid));
    if !charge.is_told() {
        warn!("flow run '{name}': {words}");
        tell(client, note.flow_run_id, &words, &last_lines(&note.log))?;
        charge.told();
    }
    fail(client, note.flow_run_id, &run, &words)?;
    Ok(Aftermath::Settled)
}

/// Brings a flow run to the end it was asked to come to, for it has no process that could.
pub fn cancel(client: &Client, id: FlowRunId) -> Result<(), ClientError> {
    let state = State::new(StateType::Cancelled, "Cancelled: its process has ended.");
    client.set_flow_run_states(&[(id, state)])
}

/// Writes one log entry for a flow run.
pub fn log(client: &Client, id: FlowRunId, level: LogLevel, message: String) -> Result<(), ClientError> {
    client.write_logs(&[LogEntry {
        flow_run_id: id,
        task_run_id: None,
        timestamp: Some(crate::time::api_text(crate::time::now())),
        name: "flowdeck.agent".to_owned(),
        level,
        message,
    }])
}

fn look_up(client: &Client, id: FlowRunId) -> Result<Option<Row>, ClientError> {
    let query = "query($id: uuid!, $finished: [String!]) { flow_run_by_pk(id: $id) { name state heartbeat \
        task_runs(where: {state: {_nin: $finished}}) { id state } } }";
    let finished: Vec<StateType> = StateType::ALL
        .into_iter()
        .filter(|state| state.is_finished())
        .collect();
    client.execute_as(query, json!({"id": id, "finished": finished}), "flow_run_by_pk")
}

/// Says in the run's log how its process ended.
fn tell(client: &Client, id: FlowRunId, words: &str, output: &str) -> Result<(), ClientError> {
    log(client, id, LogLevel::Error, words.to_owned())?;
    if !output.is_empty() {
        log(
            client,
            id,
            LogLevel::Error,
            format!("The last words of the process:\n{output}"),
        )?;
    }
    Ok(())
}

/// Task runs first: while the flow run is not finished, nobody takes the picture for the final one.
fn fail(client: &Client, id: FlowRunId, run: &Row, words: &str) -> Result<(), ClientError> {
    let states: Vec<_> = run
        .task_runs
        .iter()
        .map(|task_run| {
            let state = match task_run.state {
                StateType::Pending => State::new(StateType::Failed, format!("Never started. {words}")),
                _ => State::new(StateType::Failed, words),
            };
            (task_run.id, state)
        })
        .collect();
    for batch in states.chunks(BATCH) {
        client.set_task_run_states(batch)?;
    }
    client.set_flow_run_states(&[(id, State::new(StateType::Failed, words))])
}

impl Row {
    /// Whether nothing is under way and something waits for a time or a person: what a process leaves behind
    /// that ends because the wait is long (contract 4.8).
    fn is_waiting(&self) -> bool {
        let at_work = |row: &TaskRunRow| row.state.is_running() || row.state.is_meta();
        self.state == StateType::Running
            && self.task_runs.iter().any(|row| row.state.is_scheduled())
            && !self.task_runs.iter().any(at_work)
    }
}

impl Ending {
    /// Whether a process may end like this without anything having gone wrong.
    fn may_be_a_pause(&self) -> bool {
        match self {
            Self::Status(status) => status.success(),
            Self::Unseen => true,
            Self::NotStarted(_) | Self::Forgotten => false,
        }
    }

    /// What happened, for a person.
    fn words(&self, pid: Option<u32>) -> String {
        let process = pid
            .map(|pid| format!("The process of this flow run (PID {pid})"))
            .unwrap_or_default();
        match self {
            Self::NotStarted(words) => words.clone(),
            Self::Forgotten => "The agent ended before it could start the process.".to_owned(),
            Self::Unseen => {
                format!(
                    "{process} is gone: it ended before the run was finished, while no agent was watching."
                )
            }
            Self::Status(status) => match (status.signal(), status.code()) {
                (Some(signal), _) => {
                    format!(
                        "{process} was ended by {} before the run was finished.",
                        signal_name(signal)
                    )
                }
                (None, Some(code)) => {
                    format!("{process} ended with exit code {code} before the run was finished.")
                }
                (None, None) => format!("{process} ended before the run was finished."),
            },
        }
    }
}

fn signal_name(signal: i32) -> String {
    match signal {
        1 => "signal 1 (SIGHUP)".to_owned(),
        2 => "signal 2 (SIGINT)".to_owned(),
        6 => "signal 6 (SIGABRT)".to_owned(),
        9 => "signal 9 (SIGKILL: by hand, or because memory ran out)".to_owned(),
        11 => "signal 11 (SIGSEGV)".to_owned(),
        15 => "signal 15 (SIGTERM)".to_owned(),
        _ => format!("signal {signal}"),
    }
}

/// The last lines of what a process has printed.
fn last_lines(log: &Path) -> String {
    // A file that cannot be read is as good as an empty one.
    let end = end_of(log).unwrap_or_default();
    let end = String::from_utf8_lossy(&end);
    let lines: Vec<&str> = end.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

/// The last bytes of a file that may be larger than memory.
fn end_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LAST_BYTES)))?;
    let mut end = Vec::new();
    file.take(LAST_BYTES).read_to_end(&mut end)?;
    Ok(end)
}

/// A run that ended well and printed nothing needs no file.
fn remove_if_empty(log: &Path) {
    if fs::metadata(log).is_ok_and(|metadata| metadata.len() == 0) {
        // Left behind it does no harm.
        let _ = fs::remove_file(log);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::ExitStatus;

    #[test]
    fn the_words_say_what_happened() {
        for (status, words) in [
            (
                9,
                "was ended by signal 9 (SIGKILL: by hand, or because memory ran out)",
            ),
            (101 << 8, "ended with exit code 101"),
        ] {
            let ending = Ending::Status(ExitStatus::from_raw(status));
            assert_eq!(
                ending.words(Some(7)),
                format!("The process of this flow run (PID 7) {words} before the run was finished.")
            );
        }
    }

    #[test]
    fn a_long_wait_is_no_failure_unless_the_process_was_killed() {
        let row = |state| TaskRunRow {
            id: TaskRunId::random(),
            state,
        };
        let run = |states: &[StateType]| Row {
            name: None,
            state: StateType::Running,
            heartbeat: None,
            task_runs: states.iter().copied().map(row).collect(),
        };
        assert!(run(&[StateType::Retrying, StateType::Pending]).is_waiting());
        assert!(!run(&[StateType::Retrying, StateType::Running]).is_waiting());
        assert!(!run(&[StateType::Pending]).is_waiting());
        assert!(Ending::Unseen.may_be_a_pause());
        assert!(Ending::Status(ExitStatus::from_raw(0)).may_be_a_pause());
        assert!(!Ending::Status(ExitStatus::from_raw(9)).may_be_a_pause());
    }

    #[test]
    fn only_the_end_of_the_output_is_sent() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text: String = (0..100).map(|n| format!("line {n}\n")).collect();
        fs::write(file.path(), text).unwrap();
        let last = last_lines(file.path());
        assert!(
            last.starts_with("line 80\n") && last.ends_with("line 99"),
            "{last}"
        );
        assert_eq!(last_lines(Path::new("/nowhere")), "");
        fs::write(file.path(), "x".repeat(100_000)).unwrap();
        assert_eq!(last_lines(file.path()).len(), 16 * 1024, "of one endless line");
    }
}
