//! Following a flow run in the terminal: states and logs as they come, until the end.

use std::collections::{HashMap, HashSet};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use flowdeck_engine::client::{Client, patiently};
use flowdeck_vocabulary::{FlowRunId, StateType, shell};
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::lookup::{self, task_run_name, text};
use crate::show::ink::{Ink, harmless};
use crate::show::moment;
use crate::show::say;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(400);
/// How long to put up with a server that is away.
const PATIENCE: Duration = Duration::from_secs(120);
/// After this long without an agent taking the run, say what may be the matter.
const SUSPICIOUS: Duration = Duration::from_secs(5);
/// How far back each look for what is new reaches, counted from the newest row seen: rows of different
/// processes do not arrive in order.
const OVERLAP: Duration = Duration::from_secs(5);

const QUERY: &str = "query($id: uuid!, $states: timestamptz!, $logs: timestamptz!) { flow_run_by_pk(id: $id) { \
    name state state_message state_timestamp labels agent { labels } \
    task_runs(where: {state: {_neq: \"Pending\"}, updated: {_gte: $states}}) \
      { id updated name map_index state state_message state_timestamp task { name } } \
    logs(where: {created: {_gte: $logs}}, order_by: {timestamp: asc}) \
      { id created timestamp level name message } } }";

/// Prints what happens in the flow run until it ends. Exit code 0 when it ends well, otherwise 1.
pub fn follow(client: &Client, flow_run_id: FlowRunId) -> Outcome {
    let mut page = Page {
        ink: Ink::of_stdout(),
        states: HashMap::new(),
        logs: HashSet::new(),
    };
    let ever = "1970-01-01T00:00:00+00:00".to_owned();
    let (mut states, mut logs) = (ever.clone(), ever);
    let started = Instant::now();
    let mut warned = false;
    loop {
        let variables = json!({"id": flow_run_id, "states": states, "logs": logs});
        let mut data = patiently(Instant::now() + PATIENCE, &|| false, || {
            client.execute(QUERY, variables.clone())
        })?;
        let run = data["flow_run_by_pk"].take();
        if run.is_null() {
            return Err(Failure::new(format!(
                "Flow run {flow_run_id} is not there any more."
            )));
        }
        for line in page.news(&run) {
            say(line);
        }
        states = next_look(&run["task_runs"], "updated").unwrap_or(states);
        logs = next_look(&run["logs"], "created").unwrap_or(logs);
        let state = state_of(&run);
        if let Some(state) = state.filter(|state| state.is_finished()) {
            return Ok(if state.is_successful() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        if !warned && state == Some(StateType::Scheduled) && started.elapsed() > SUSPICIOUS {
            warned = true;
            say(waiting(&run));
        }
        thread::sleep(PAUSE);
    }
}

/// What may be the matter with a run nobody takes.
fn waiting(run: &Value) -> String {
    let labels: Vec<&str> = run["labels"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let flags: String = labels
        .iter()
        .map(|label| shell::option("--label", label))
        .collect();
    let said = format!(
        "No agent has taken this run yet. It needs one with the labels [{}]: flowdeck agent local start{flags}",
        labels.join(", ")
    );
    harmless(&said, false)
}

/// Where the next look for rows begins, by the time under this key; `None` when there were none.
fn next_look(rows: &Value, key: &str) -> Option<String> {
    let newest = rows
        .as_array()?
        .iter()
        .filter_map(|row| text(row, &[key]))
        .max()?;
    let newest: jiff::Timestamp = newest.parse().ok()?;
    Some(crate::time::api_text(newest.checked_sub(OVERLAP).ok()?))
}

/// What has been printed so far.
struct Page {
    ink: Ink,
    states: HashMap<String, String>,
    logs: HashSet<String>,
}

impl Page {
    /// Lines for what is new, oldest first; the end of the run is the last of them, whatever its time.
    fn news(&mut self, run: &Value) -> Vec<String> {
        let mut lines: Vec<(String, String)> = Vec::new();
        for task_run in run["task_runs"].as_array().into_iter().flatten() {
            let id = text(task_run, &["id"]).unwrap_or_default();
            if self.is_new_state(id, task_run) && is_told(task_run) {
                lines.push(self.state_line(&task_run_name(task_run), task_run));
            }
        }
        for log in run["logs"].as_array().into_iter().flatten() {
            if self
                .logs
                .insert(text(log, &["id"]).unwrap_or_default().to_owned())
            {
                lines.push(self.log_line(log));
            }
        }
        let mut end = None;
        if self.is_new_state("", run) {
            let name = format!("flow run {}", lookup::name(run));
            let line = self.state_line(&name, run);
            if state_of(run).is_some_and(StateType::is_finished) {
                end = Some(line);
            } else {
                lines.push(line);
            }
        }
        // Times of the API are written alike, so their order as text is the order of time.
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        lines.into_iter().chain(end).map(|(_, line)| line).collect()
    }

    fn is_new_state(&mut self, id: &str, row: &Value) -> bool {
        let state = text(row, &["state"]).unwrap_or_default();
        self.states.insert(id.to_owned(), state.to_owned()).as_deref() != Some(state)
    }

    fn state_line(&self, name: &str, row: &Value) -> (String, String) {
        let at = text(row, &["state_timestamp"]);
        let line = format!(
            "{}  {}  {name}: {}  {}",
            self.ink.faint(&moment::clock(at)),
            self.ink.bold("STATE   "),
            self.ink.state(text(row, &["state"]).unwrap_or("?")),
            harmless(text(row, &["state_message"]).unwrap_or_default(), false)
        );
        (at.unwrap_or_default().to_owned(), line)
    }

    fn log_line(&self, log: &Value) -> (String, String) {
        let at = text(log, &["timestamp"]);
        let line = format!(
            "{}  {}  {}: {}",
            self.ink.faint(&moment::clock(at)),
            self.ink.level(&format!(
                "{:<8}",
                harmless(text(log, &["level"]).unwrap_or("INFO"), false)
            )),
            harmless(text(log, &["name"]).unwrap_or_default(), false),
            harmless(text(log, &["message"]).unwrap_or_default(), true)
        );
        (at.unwrap_or_default().to_owned(), line)
    }
}

/// Of mapped children only what went wrong is told: there may be thousands.
fn is_told(task_run: &Value) -> bool {
    let failed = state_of(task_run).is_some_and(|state| state.is_failed() || state == StateType::Retrying);
    failed || task_run["map_index"].as_i64().unwrap_or(-1) < 0
}

fn state_of(row: &Value) -> Option<StateType> {
    text(row, &["state"])?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u8) -> String {
        format!("2026-11-23T12:00:{second:02}.000000+00:00")
    }

    fn run(state: &str, second: u8, task_runs: Value, logs: Value) -> Value {
        json!({"name": "otter", "state": state, "state_timestamp": at(second), "task_runs": task_runs, "logs": logs})
    }

    #[test]
    fn names_and_labels_neither_drive_the_terminal_nor_end_a_command() {
        let mut page = Page {
            ink: Ink::none(),
            states: HashMap::new(),
            logs: HashSet::new(),
        };
        let mut named = run("\x1b[31mOdd", 1, json!([]), json!([]));
        named["name"] = json!("otter\x1b[2J");
        let log = json!({"id": "l", "timestamp": at(2), "level": "\x1b[8m", "name": "l", "message": "m"});
        named["logs"] = json!([log]);
        let lines = page.news(&named);
        assert!(lines[0].contains("flow run otter·[2J: ·[31mOdd"), "{lines:?}");
        assert!(lines[1].contains("·[8m"), "{lines:?}");

        let said = waiting(&json!({"labels": ["gpu", "big one", "$(x)\x1b[2J"]}));
        let (_, command) = said.split_once("local start").unwrap();
        assert_eq!(command, " --label gpu --label 'big one' --label '$(x)·[2J'");
    }

    #[test]
    fn the_next_look_reaches_back_a_little() {
        let rows = json!([{"updated": at(40)}, {"updated": at(50)}, {"updated": at(45)}]);
        assert_eq!(next_look(&rows, "updated"), Some(at(45)));
        assert_eq!(next_look(&json!([]), "updated"), None);
    }

    #[test]
    fn states_and_logs_come_by_their_times_and_the_end_comes_last() {
        let mut page = Page {
            ink: Ink::none(),
            states: HashMap::new(),
            logs: HashSet::new(),
        };
        let task_run = |id: &str, index: i64, state: &str, second| {
            json!({"id": id, "name": null, "map_index": index, "state": state, "state_timestamp": at(second),
                   "task": {"name": "t"}})
        };
        let log = |id: &str, second| json!({"id": id, "timestamp": at(second), "level": "INFO", "name": "l", "message": id});
        let mut ends = |run: Value| -> String {
            let lines = page.news(&run);
            let ends = lines
                .iter()
                .map(|line| line.split_whitespace().last().unwrap_or_default());
            ends.collect::<Vec<_>>().join(" ")
        };
        let first = run(
            "Running",
            1,
            json!([task_run("a", -1, "Mapped", 3), task_run("b", 0, "Running", 3)]),
            json!([log("second", 2), log("fourth", 4)]),
        );
        assert_eq!(
            ends(first),
            "Running second Mapped fourth",
            "a child at work is not told"
        );
        let second = run(
            "Failed",
            5,
            json!([task_run("a", -1, "Mapped", 3), task_run("b", 0, "Failed", 5)]),
            json!([log("fourth", 4), log("late", 6)]),
        );
        assert_eq!(ends(second), "Failed late Failed");
    }
}
