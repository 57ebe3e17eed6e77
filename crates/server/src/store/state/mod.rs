//! The only place where the state of a flow run or a task run changes: history row, mirrored columns, version,
//! start and end time, all in the caller's transaction (contract 2.2, 4.2 and 4.3).

use std::sync::LazyLock;

use flowdeck_vocabulary::{AgentId, FlowRunId, StateType, TaskRunId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::{Db, Row, Value};
use crate::error::Error;
use crate::time;

mod creation;
mod new_state;

pub use creation::{create_task_run, create_task_runs};
pub use new_state::NewState;
use new_state::has_entries;

/// How long a submission keeps other agents off a flow run (contract 4.2).
const SUBMISSION_LOCK: SignedDuration = SignedDuration::from_secs(30);

/// Puts a flow run into a state. `Cancelled` also cancels its unfinished task runs: the clients leave that to
/// the server. `agent` is who asks; a submission notes it.
pub fn set_flow_run_state(
    db: &mut dyn Db,
    now: Timestamp,
    id: FlowRunId,
    state: &NewState,
    agent: Option<AgentId>,
) -> Result<(), Error> {
    const FIND: &str = "SELECT version, state, start_time, end_time, tenant_id FROM flow_run WHERE id = ?1";
    let Some(row) = db.query(FIND, &[id.into()])?.pop() else {
        return Err(Error::client(format!("State update failed for flow run ID {id}")));
    };
    let current = Current::read(&row)?;
    match state.state_type {
        StateType::Submitted => {
            refuse_revival(&current, StateType::is_finished)?;
            refuse_second_submission(db, now, &FLOW_RUN, id.into(), &current)?;
        }
        StateType::Running => refuse_revival(&current, |state| state == StateType::Cancelled)?,
        StateType::Cancelled => cancel_task_runs(db, now, id, state)?,
        _ => {}
    }
    let alive = state.state_type.is_running() || state.state_type == StateType::Submitted;
    let agent = agent.filter(|_| state.state_type == StateType::Submitted);
    record(
        db,
        &FLOW_RUN,
        now,
        &id.to_string(),
        &current,
        state.clone(),
        alive,
    )?;
    if let Some(agent) = agent {
        const NOTE_AGENT: &str =
            "UPDATE flow_run SET agent_id = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM agent WHERE id = ?2)";
        db.execute(NOTE_AGENT, &[id.into(), agent.into()])?;
    }
    Ok(())
}

/// Puts a task run into a state. A task may run only while its flow run does, which is what stops the tasks of
/// a cancelled run. A submission is guarded as a flow run's is: of a run that goes on after a long wait only the task
/// runs are submitted, and two agents would start two processes for it. Cached inputs are carried over from the state
/// before. A task that is expanded into fewer children than it had in an earlier attempt leaves none of them waiting.
pub fn set_task_run_state(
    db: &mut dyn Db,
    now: Timestamp,
    id: TaskRunId,
    state: &NewState,
) -> Result<(), Error> {
    const FIND: &str = "SELECT t.version, t.state, t.start_time, t.end_time, t.tenant_id, t.serialized_state, \
        t.flow_run_id, f.state FROM task_run t JOIN flow_run f ON f.id = t.flow_run_id WHERE t.id = ?1";
    let failed = format!("State update failed for task run ID {id}");
    let Some(row) = db.query(FIND, &[id.into()])?.pop() else {
        return Err(Error::client(failed));
    };
    if state.state_type.is_running() && row.optional_text(7)? != Some(StateType::Running.name()) {
        return Err(Error::client(format!(
            "{failed}: provided a running state but associated flow run {} is not in a running state.",
            row.text(6)?,
        )));
    }
    let current = Current::read(&row)?;
    if state.state_type == StateType::Submitted {
        refuse_revival(&current, StateType::is_finished)?;
        refuse_second_submission(db, now, &TASK_RUN, id.into(), &current)?;
    }
    if state.state_type == StateType::Mapped {
        skip_surplus_children(db, now, id, state)?;
    }
    let state = carrying_cached_inputs(state, &row, 5)?;
    let alive = state.state_type == StateType::Running;
    record(db, &TASK_RUN, now, &id.to_string(), &current, state, alive)
}

/// The new state with the cached inputs of the old one, if it brings none itself.
fn carrying_cached_inputs(state: &NewState, row: &Row, column: usize) -> Result<NewState, Error> {
    let mut state = state.clone();
    if !state.has_cached_inputs() {
        let mut before = row.json(column)?;
        let inputs = before.get_mut("cached_inputs").map(Json::take);
        if has_entries(inputs.as_ref()) {
            state.insert("cached_inputs", inputs.unwrap_or_default());
        }
    }
    Ok(state)
}

/// An agent or a process that has learned of a run before it ended does not bring it back to life: what a person has
/// cancelled would run after all. A restart goes by way of Scheduled, and is not refused. The contract lets every
/// change pass; its clients take these words as it says, an agent leaves the run alone and a process ends.
fn refuse_revival(current: &Current, is_over: impl Fn(StateType) -> bool) -> Result<(), Error> {
    match current.state_type().filter(|state| is_over(*state)) {
        None => Ok(()),
        Some(state) => Err(Error::client(format!(
            "State update failed: this run has ended, it is {state}. Schedule it again to have it run again."
        ))),
    }
}

/// The guard against two agents that take the same run: a compare-and-set within the transaction. A run that
/// has been scheduled again since its last submission is free, and so is one whose submission is old: its
/// agent may have died.
fn refuse_second_submission(
    db: &mut dyn Db,
    now: Timestamp,
    statements: &Statements,
    id: Value,
    current: &Current,
) -> Result<(), Error> {
    if current.state_type().is_none_or(StateType::is_scheduled) {
        return Ok(());
    }
    let since = time::format(now - SUBMISSION_LOCK);
    if db
        .query(statements.recently_submitted, &[id, since.into()])?
        .is_empty()
    {
        return Ok(());
    }
    Err(Error::client(
        "State update failed: this run has already been submitted.",
    ))
}

fn cancel_task_runs(
    db: &mut dyn Db,
    now: Timestamp,
    flow_run: FlowRunId,
    state: &NewState,
) -> Result<(), Error> {
    static UNFINISHED: LazyLock<String> = LazyLock::new(|| unfinished("t.flow_run_id = ?1"));
    end_task_runs(db, now, &UNFINISHED, &[flow_run.into()], state)
}

/// Children beyond the number a mapped task says it has: they are of an attempt over a longer list, a restart has reset
/// them, and nobody will ever run them. Skipped, not cancelled: another restart would take them up again otherwise.
fn skip_surplus_children(
    db: &mut dyn Db,
    now: Timestamp,
    parent: TaskRunId,
    mapped: &NewState,
) -> Result<(), Error> {
    static SURPLUS: LazyLock<String> = LazyLock::new(|| {
        unfinished(
            "t.flow_run_id = (SELECT flow_run_id FROM task_run WHERE id = ?1) \
             AND t.task_id = (SELECT task_id FROM task_run WHERE id = ?1) AND t.map_index >= ?2",
        )
    });
    let Some(count) = mapped.map_states() else {
        return Ok(());
    };
    let words = format!(
        "Not needed: the task is mapped over {count} elements now, and this is of an earlier attempt."
    );
    let skipped = NewState::new(StateType::Skipped, &words);
    end_task_runs(db, now, &SURPLUS, &[parent.into(), count.into()], &skipped)
}

/// The task runs of which `condition` holds and which have not ended.
fn unfinished(condition: &str) -> String {
    let finished = state_names(StateType::is_finished);
    format!(
        "SELECT t.version, t.state, t.start_time, t.end_time, t.tenant_id, t.serialized_state, t.id \
         FROM task_run t WHERE {condition} AND (t.state IS NULL OR t.state NOT IN ({finished}))",
    )
}

/// The names of the states of which `holds` is true, as a list for SQL.
pub(super) fn state_names(holds: fn(StateType) -> bool) -> String {
    let states = StateType::ALL.into_iter().filter(|state| holds(*state));
    let names: Vec<_> = states.map(|state| format!("'{}'", state.name())).collect();
    names.join(", ")
}

fn end_task_runs(
    db: &mut dyn Db,
    now: Timestamp,
    unfinished: &str,
    params: &[Value],
    state: &NewState,
) -> Result<(), Error> {
    for row in db.query(unfinished, params)? {
        let state = carrying_cached_inputs(state, &row, 5)?;
        record(
            db,
            &TASK_RUN,
            now,
            row.text(6)?,
            &Current::read(&row)?,
            state,
            false,
        )?;
    }
    Ok(())
}

/// What a run is like before its state changes: the first five columns of the statements above.
struct Current {
    version: i64,
    state: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
    tenant_id: Option<String>,
}

impl Current {
    fn read(row: &Row) -> Result<Self, Error> {
        let text = |index| row.optional_text(index).map(|text| text.map(str::to_owned));
        Ok(Self {
            version: row.integer(0)?,
            state: text(1)?,
            start_time: text(2)?,
            end_time: text(3)?,
            tenant_id: text(4)?,
        })
    }

    fn state_type(&self) -> Option<StateType> {
        self.state.as_deref()?.parse().ok()
    }
}

/// The statements of a state change; the tables of flow runs and task runs differ only by name.
struct Statements {
    history: &'static str,
    mirror: &'static str,
    recently_submitted: &'static str,
}

macro_rules! statements {
    ($run:literal) => {
        Statements {
            history: concat!(
                "INSERT INTO ",
                $run,
                "_state (id, created, updated, tenant_id, ",
                $run,
                "_id, timestamp, ",
                "state, message, result, start_time, serialized_state, version) ",
                "VALUES (gen_random_uuid(), ?2, ?2, ?3, ?1, ?2, ?4, ?5, ?6, ?7, ?8, ?9)",
            ),
            mirror: concat!(
                "UPDATE ",
                $run,
                " SET updated = ?2, state_timestamp = ?2, state = ?3, state_message = ?4, ",
                "state_result = ?5, state_start_time = ?6, serialized_state = ?7, version = ?8, ",
                "start_time = ?9, end_time = ?10, heartbeat = coalesce(?11, heartbeat) WHERE id = ?1",
            ),
            recently_submitted: concat!(
                "SELECT 1 FROM ",
                $run,
                "_state WHERE ",
                $run,
                "_id = ?1 AND timestamp > ?2 AND state = 'Submitted' LIMIT 1",
            ),
        }
    };
}

const FLOW_RUN: Statements = statements!("flow_run");
const TASK_RUN: Statements = statements!("task_run");

/// Writes the history row and lets the run take it over. The version is always one more than the run's, so
/// the rule of the contract for older versions (they change nothing) has nothing to decide here.
fn record(
    db: &mut dyn Db,
    statements: &Statements,
    now: Timestamp,
    id: &str,
    current: &Current,
    state: NewState,
    alive: bool,
) -> Result<(), Error> {
    let state = state.with_time_to_wait_for(now);
    let now = time::format(now);
    let version = current.version + 1;
    let (start_time, end_time) = if state.begins_anew {
        (None, None)
    } else {
        times(current, state.state_type, &now)
    };
    let result = state.result().map(Value::from);
    let result = result.unwrap_or(Value::Null);
    let name = state.state_type.name();
    db.execute(
        statements.history,
        &[
            id.into(),
            now.as_str().into(),
            current.tenant_id.as_deref().into(),
            name.into(),
            state.message().into(),
            result.clone(),
            state.start_time.as_deref().into(),
            state.text.as_str().into(),
            version.into(),
        ],
    )?;
    db.execute(
        statements.mirror,
        &[
            id.into(),
            now.as_str().into(),
            name.into(),
            state.message().into(),
            result,
            state.start_time.as_deref().into(),
            state.text.as_str().into(),
            version.into(),
            start_time.into(),
            end_time.into(),
            alive.then_some(now.as_str()).into(),
        ],
    )?;
    Ok(())
}

/// Start and end time of a run after it has entered a state: the first `Running` and the last of the ends that
/// count (contract 2.2).
fn times<'a>(current: &'a Current, entered: StateType, now: &'a str) -> (Option<&'a str>, Option<&'a str>) {
    let (start, end) = (current.start_time.as_deref(), current.end_time.as_deref());
    let start = if entered == StateType::Running {
        Some(start.map_or(now, |start| start.min(now)))
    } else {
        start
    };
    let end = if entered.sets_end_time() {
        Some(end.map_or(now, |end| end.max(now)))
    } else {
        end
    };
    (start, end)
}
