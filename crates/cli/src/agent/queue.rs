//! What an agent may take: due flow runs with what it needs to know to start their processes.

use std::collections::BTreeMap;

use flowdeck_engine::client::{Client, ClientError};
use flowdeck_vocabulary::{EXECUTABLE_STORAGE, FlowRunId, State, StateType, TaskRunId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::rows::Rows;
use super::waiting::Waiting;

/// How long a process may keep silent before another agent may take over a run of its that is Running and
/// has due task runs. A process of Prefect's sends a heartbeat every 30 s (contract 1.2), one of ours every 10.
const SILENCE: SignedDuration = SignedDuration::from_secs(75);

/// A due flow run.
#[derive(Debug)]
pub struct Due {
    /// The flow run.
    pub flow_run_id: FlowRunId,
    /// Its name.
    pub name: String,
    /// The name of its flow.
    pub flow_name: String,
    /// The program that holds the flow.
    pub executable: Executable,
    /// Variables for the process, from the run's configuration.
    pub env: BTreeMap<String, String>,
    /// Where the process is to work, from the run's configuration.
    pub working_dir: Option<String>,
    state: State,
    task_runs: Vec<(TaskRunId, State)>,
}

/// A storage of type `Executable`: a program that holds flows, and how to call it.
#[derive(Debug, Clone, Deserialize)]
pub struct Executable {
    /// The program.
    pub path: String,
    /// What comes before `execute flow-run` on its command line.
    #[serde(default)]
    pub args: Vec<String>,
}

impl Executable {
    /// `None` for a storage of another type: flows this agent cannot start.
    pub fn of(storage: Option<Value>) -> Option<Self> {
        let storage = storage.filter(|storage| storage["type"] == EXECUTABLE_STORAGE)?;
        serde_json::from_value(storage).ok()
    }
}

#[derive(Deserialize)]
struct Row {
    id: FlowRunId,
    name: Option<String>,
    serialized_state: State,
    run_config: Option<Value>,
    heartbeat: Option<Timestamp>,
    flow: FlowRow,
    task_runs: Vec<TaskRunRow>,
}

#[derive(Deserialize)]
struct FlowRow {
    name: String,
    storage: Option<Value>,
}

#[derive(Deserialize)]
struct TaskRunRow {
    id: TaskRunId,
    serialized_state: State,
}

/// Reads what there is to know about these flow runs, and leaves out those that are not to be taken. The order stays:
/// those that wait longest come first.
///
/// A run that is Running may still have a process somewhere; one in `waiting` has none unless it has been heard of since.
/// A row that cannot be read is left out, too.
pub fn look_up(
    client: &Client,
    ids: &[FlowRunId],
    reader: &mut Rows,
    waiting: &mut Waiting,
    contact: &Contact,
    now: Timestamp,
) -> Result<Vec<Due>, ClientError> {
    let query = "query($ids: [uuid!], $now: timestamptz, $scheduled: [String!]) { \
        flow_run(where: {id: {_in: $ids}}) { \
            id name serialized_state run_config heartbeat flow { name storage } \
            task_runs(where: {state: {_in: $scheduled}, state_start_time: {_lte: $now}}) \
                { id serialized_state } } }";
    let scheduled: Vec<StateType> = StateType::ALL
        .into_iter()
        .filter(|state| state.is_scheduled())
        .collect();
    let variables = json!({"ids": ids, "now": crate::time::api_text(now), "scheduled": scheduled});
    let rows = reader.read(client.execute_as(query, variables, "flow_run")?);
    Ok(to_be_taken(ids, rows, waiting, contact, now))
}

fn to_be_taken(
    ids: &[FlowRunId],
    mut rows: Vec<Row>,
    waiting: &mut Waiting,
    contact: &Contact,
    now: Timestamp,
) -> Vec<Due> {
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    rows.into_iter()
        .filter(|row| row.is_to_be_taken(waiting, contact, now))
        .filter_map(Due::of)
        .collect()
}

impl Row {
    /// A run that waits is to be taken. One that is Running is, when it has due task runs and no process
    /// works on it: after a long wait for a retry, or when a person let a paused task go on (contract 4.8).
    fn is_to_be_taken(&self, waiting: &mut Waiting, contact: &Contact, now: Timestamp) -> bool {
        let silent = contact.is_long(now) && is_silent(self.heartbeat, now);
        match self.serialized_state.state_type {
            StateType::Running => {
                let unattended = waiting.is_unattended(self.id, self.heartbeat);
                !self.task_runs.is_empty() && (silent || unattended)
            }
            state => state.is_scheduled(),
        }
    }
}

/// Since when the server has answered this agent. While it was away no process could be heard, and after a laptop's
/// sleep none has spoken: before silence means anything they need as long as it takes to be called silent.
#[derive(Debug, Default)]
pub struct Contact {
    since: Option<Timestamp>,
    latest: Option<Timestamp>,
}

impl Contact {
    /// Between two rounds of an agent; one that took longer stood still, or waited for the server.
    const LONGEST_ROUND: SignedDuration = SignedDuration::from_secs(15);

    /// A round of the agent begins.
    pub fn round(&mut self, now: Timestamp) {
        if !self.is_unbroken(now) {
            self.since = Some(now);
        }
        self.latest = Some(now);
    }

    /// The server did not answer.
    pub fn lose(&mut self) {
        *self = Self::default();
    }

    fn is_unbroken(&self, now: Timestamp) -> bool {
        self.latest.is_some_and(|latest| {
            (SignedDuration::ZERO..=Self::LONGEST_ROUND).contains(&now.duration_since(latest))
        })
    }

    fn is_long(&self, now: Timestamp) -> bool {
        self.is_unbroken(now)
            && self
                .since
                .is_some_and(|since| now.duration_since(since) > SILENCE)
    }
}

/// Whether a run's process, if there is one, has said nothing for too long.
pub fn is_silent(heartbeat: Option<Timestamp>, now: Timestamp) -> bool {
    heartbeat.is_none_or(|heartbeat| now.duration_since(heartbeat) > SILENCE)
}

impl Due {
    /// `None` when the flow is stored in a way this agent does not know: it is left to one that does.
    fn of(row: Row) -> Option<Self> {
        let executable = Executable::of(row.flow.storage)?;
        let run_config = row.run_config.unwrap_or_default();
        let env = run_config["env"].as_object().into_iter().flatten();
        Some(Self {
            flow_run_id: row.id,
            name: row.name.unwrap_or_default(),
            flow_name: row.flow.name,
            executable,
            env: env
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
            working_dir: run_config["working_dir"].as_str().map(str::to_owned),
            state: row.serialized_state,
            task_runs: row
                .task_runs
                .into_iter()
                .map(|row| (row.id, row.serialized_state))
                .collect(),
        })
    }

    /// Says to the server that this agent takes the run. Refused with `State update failed` when another
    /// agent was quicker.
    pub fn submit(&self, client: &Client) -> Result<(), ClientError> {
        if self.state.state_type.is_scheduled() {
            client.set_flow_run_states(&[(self.flow_run_id, submitted(&self.state))])?;
        }
        let task_runs: Vec<_> = self
            .task_runs
            .iter()
            .map(|(id, state)| (*id, submitted(state)))
            .collect();
        if !task_runs.is_empty() {
            client.set_task_run_states(&task_runs)?;
        }
        Ok(())
    }
}

/// Submitted, wrapping the state before (contract 4.1).
fn submitted(state: &State) -> State {
    State::new(StateType::Submitted, "Submitted for execution").with("state", json!(state))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: StateType, heartbeat: &str, due_task_runs: usize) -> Row {
        let task_run = || TaskRunRow {
            id: TaskRunId::random(),
            serialized_state: State::new(StateType::Resume, ""),
        };
        Row {
            id: FlowRunId::random(),
            name: None,
            serialized_state: State::new(state, ""),
            run_config: None,
            heartbeat: heartbeat.parse().ok(),
            flow: FlowRow {
                name: "f".to_owned(),
                storage: None,
            },
            task_runs: (0..due_task_runs).map(|_| task_run()).collect(),
        }
    }

    #[test]
    fn a_running_run_is_taken_only_when_something_is_due_and_nobody_works_on_it() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let (lately, long_ago) = ("2026-11-23T11:59:40Z", "2026-11-23T11:58:00Z");
        let contact = contact("2026-11-23T11:58:00Z", "2026-11-23T12:00:00Z");
        let mut waiting = Waiting::default();
        let mut is_taken = |row: &Row| row.is_to_be_taken(&mut waiting, &contact, now);
        assert!(is_taken(&row(StateType::Scheduled, "", 0)));
        assert!(!is_taken(&row(StateType::Submitted, "", 1)));
        assert!(!is_taken(&row(StateType::Running, long_ago, 0)));
        assert!(is_taken(&row(StateType::Running, long_ago, 1)));
        assert!(!is_taken(&row(StateType::Running, lately, 1)));
    }

    /// This agent saw the end of the run's process in a long wait. Then another agent took it, whose process is in the
    /// middle of a short wait: what is due is that process's.
    #[test]
    fn a_run_that_has_been_heard_of_since_its_process_ended_is_somebody_elses() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let contact = contact("2026-11-23T11:58:00Z", "2026-11-23T12:00:00Z");
        let mut run = row(StateType::Running, "2026-11-23T11:59:40Z", 1);
        let mut waiting = Waiting::default();
        waiting.add(run.id, run.heartbeat);
        assert!(run.is_to_be_taken(&mut waiting, &contact, now), "nobody has it");
        run.heartbeat = "2026-11-23T11:59:55Z".parse().ok();
        assert!(
            !run.is_to_be_taken(&mut waiting, &contact, now),
            "it has a process"
        );
        assert!(!waiting.contains(run.id));
        waiting.add(run.id, None);
        assert!(!run.is_to_be_taken(&mut waiting, &contact, now), "its first beat");
    }

    /// An agent's rounds, each two seconds after the other.
    fn contact(from: &str, to: &str) -> Contact {
        let mut contact = Contact::default();
        rounds(&mut contact, from, to);
        contact
    }

    fn rounds(contact: &mut Contact, from: &str, to: &str) {
        let (mut now, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
        while now <= to {
            contact.round(now);
            now += SignedDuration::from_secs(2);
        }
    }

    /// The server was away for 80 s, or the laptop asleep for longer: the run's process could not be heard.
    #[test]
    fn silence_counts_only_while_the_agent_could_have_heard_something() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let run = row(StateType::Running, "2026-11-23T11:59:50Z", 1);
        let is_taken =
            |contact: &Contact, now: &str| run.is_to_be_taken(&mut Waiting::default(), contact, at(now));
        let before = || contact("2026-11-23T11:50:00Z", "2026-11-23T12:00:00Z");

        let mut contact = before();
        contact.lose();
        rounds(&mut contact, "2026-11-23T12:01:20Z", "2026-11-23T12:01:22Z");
        assert!(!is_taken(&contact, "2026-11-23T12:01:22Z"), "the server was away");

        let mut contact = before();
        assert!(
            !is_taken(&contact, "2026-11-23T12:01:20Z"),
            "its answer took that long"
        );
        rounds(&mut contact, "2026-11-23T12:01:20Z", "2026-11-23T12:02:34Z");
        assert!(!is_taken(&contact, "2026-11-23T12:02:34Z"), "the laptop slept");
        rounds(&mut contact, "2026-11-23T12:02:36Z", "2026-11-23T12:02:38Z");
        assert!(is_taken(&contact, "2026-11-23T12:02:38Z"), "the process is gone");
        rounds(&mut contact, "2026-11-23T11:02:38Z", "2026-11-23T11:02:38Z");
        assert!(
            !is_taken(&contact, "2026-11-23T11:02:38Z"),
            "the clock was put back"
        );
    }

    #[test]
    fn storage_and_run_config_say_how_to_start_the_process() {
        let mut row = row(StateType::Scheduled, "", 0);
        row.run_config =
            Some(json!({"type": "UniversalRun", "env": {"A": "1", "B": 2}, "working_dir": "/srv"}));
        row.flow.storage = Some(json!({"type": "Executable", "path": "/bin/flows", "args": ["-q"]}));
        let due = Due::of(row).unwrap();
        assert_eq!(due.env, BTreeMap::from([("A".to_owned(), "1".to_owned())]));
        assert_eq!(due.working_dir.as_deref(), Some("/srv"));
        assert_eq!(
            (due.executable.path, due.executable.args),
            ("/bin/flows".into(), vec!["-q".into()])
        );
    }

    /// An agent with one place takes the first that it can start, not the first.
    #[test]
    fn flows_of_another_storage_are_left_to_other_agents() {
        let stored = |storage: Value| {
            let mut row = row(StateType::Scheduled, "", 0);
            row.flow.storage = Some(storage);
            row
        };
        let local = || stored(json!({"type": "Local", "path": null}));
        let program = || stored(json!({"type": EXECUTABLE_STORAGE, "path": "/bin/flows"}));
        assert!(Due::of(local()).is_none());
        let rows = vec![program(), local(), program()];
        // The longest waiting is the last of the answer.
        let ids: Vec<_> = rows.iter().rev().map(|row| row.id).collect();
        let due = to_be_taken(
            &ids,
            rows,
            &mut Waiting::default(),
            &Contact::default(),
            Timestamp::UNIX_EPOCH,
        );
        let taken: Vec<_> = due.iter().map(|due| due.flow_run_id).collect();
        assert_eq!(taken, [ids[0], ids[2]]);
    }
}
