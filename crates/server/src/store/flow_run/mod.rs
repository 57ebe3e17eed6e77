//! Flow runs: creating one with its task runs, finding those that are due, changing and deleting them.

use flowdeck_vocabulary::{FlowId, FlowRunId, Labels, StateType};
use jiff::Timestamp;

use super::state::{NewState, set_flow_run_state};
use super::{Db, Value};
use crate::error::Error;
use crate::time;

mod creation;
mod names;
mod queue;
mod restart;

pub use creation::{NewFlowRun, create, declared_parameters};
pub use queue::in_queue;
pub use restart::restart;

/// Cancels a flow run, or asks it to stop when it is running; a finished one stays as it is. Answers the name
/// of the state it is in then.
pub fn cancel(db: &mut dyn Db, now: Timestamp, id: FlowRunId) -> Result<&'static str, Error> {
    let found = db
        .query("SELECT state FROM flow_run WHERE id = ?1", &[id.into()])?
        .pop();
    let row = found.ok_or_else(|| Error::client(format!("Invalid flow run ID: {id}")))?;
    let current = row
        .optional_text(0)?
        .and_then(|name| name.parse::<StateType>().ok());
    let state = match current {
        Some(state) if state.is_finished() => return Ok(state.name()),
        Some(state) if state.is_running() => NewState::new(StateType::Cancelling, "Flow run is cancelling"),
        _ => NewState::new(StateType::Cancelled, "Flow run is cancelled"),
    };
    set_flow_run_state(db, now, id, &state, None)?;
    Ok(state.state_type.name())
}

/// Deletes a flow run with its task runs, states, logs and artifacts. False when there is none.
pub fn delete(db: &mut dyn Db, id: FlowRunId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM flow_run WHERE id = ?1", &[id.into()])? > 0)
}

/// A statement about the runs that a schedule made for the flow `?1` and that nobody has taken yet. One that was
/// restarted is Scheduled again, but has a history.
macro_rules! of_untaken {
    ($statement:literal) => {
        concat!(
            $statement,
            " FROM flow_run WHERE flow_id = ?1 AND auto_scheduled = 1 AND state = 'Scheduled' AND NOT EXISTS \
             (SELECT 1 FROM flow_run_state s WHERE s.flow_run_id = flow_run.id AND s.state <> 'Scheduled')",
        )
    };
}

/// Deletes the runs that a schedule made for a flow and that nobody has taken yet.
pub fn delete_auto_scheduled(db: &mut dyn Db, flow: FlowId) -> Result<(), Error> {
    db.execute(of_untaken!("DELETE"), &[flow.into()])?;
    Ok(())
}

/// The time of the last of the runs that a schedule made for a flow and that nobody has taken yet.
pub fn last_auto_scheduled(db: &mut dyn Db, flow: FlowId) -> Result<Option<Timestamp>, Error> {
    let last = db.query_text(of_untaken!("SELECT max(scheduled_start_time)"), &[flow.into()])?;
    Ok(last.and_then(|last| time::parse(&last)))
}

/// Renames a flow run. False when there is none.
pub fn set_name(db: &mut dyn Db, now: Timestamp, id: FlowRunId, name: &str) -> Result<bool, Error> {
    set(
        db,
        now,
        id,
        "UPDATE flow_run SET updated = ?2, name = ?3 WHERE id = ?1",
        name.into(),
    )
}

/// Replaces the labels of a flow run. False when there is none.
pub fn set_labels(db: &mut dyn Db, now: Timestamp, id: FlowRunId, labels: &Labels) -> Result<bool, Error> {
    let labels = Value::Text(serde_json::to_string(labels).map_err(Error::internal)?);
    set(
        db,
        now,
        id,
        "UPDATE flow_run SET updated = ?2, labels = ?3 WHERE id = ?1",
        labels,
    )
}

/// Notes that a flow run is alive. Unknown ids are no error (contract 3.5).
pub fn beat(db: &mut dyn Db, now: Timestamp, id: FlowRunId) -> Result<(), Error> {
    let now = time::format(now);
    db.execute(
        "UPDATE flow_run SET updated = ?2, heartbeat = ?2 WHERE id = ?1",
        &[id.into(), now.into()],
    )?;
    Ok(())
}

fn set(db: &mut dyn Db, now: Timestamp, id: FlowRunId, sql: &str, value: Value) -> Result<bool, Error> {
    Ok(db.execute(sql, &[id.into(), time::format(now).into(), value])? > 0)
}
