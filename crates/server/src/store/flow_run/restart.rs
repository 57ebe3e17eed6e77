//! Restarting: what failed and all that follows from it begins again; everything else keeps its result.

use flowdeck_vocabulary::{FlowRunId, RestartEdge, RestartTaskRun, StateType, TaskRunId, task_runs_to_reset};
use jiff::Timestamp;

use super::super::log::{self, NewLog};
use super::super::state::{NewState, set_flow_run_state, set_task_run_state};
use super::super::{Db, Row};
use crate::error::Error;

/// Schedules an ended flow run again and resets its failed and cancelled task runs with all downstream of them,
/// or, given `from`, that task run with all downstream. Answers how many were reset.
pub fn restart(
    db: &mut dyn Db,
    now: Timestamp,
    id: FlowRunId,
    from: Option<TaskRunId>,
) -> Result<usize, Error> {
    let found = db
        .query(
            "SELECT state, flow_id, COALESCE(name, id) FROM flow_run WHERE id = ?1",
            &[id.into()],
        )?
        .pop();
    let row = found.ok_or_else(|| Error::client(format!("Invalid flow run ID: {id}")))?;
    let (state, name) = (state(&row, 0)?, row.text(2)?);
    if !state.is_finished() {
        return Err(Error::client(format!(
            "Flow run {name} is {state}: cancel it, or wait for its end, before it is restarted."
        )));
    }
    let runs = task_runs(db, id)?;
    let first: Vec<TaskRunId> = match from {
        Some(from) if runs.iter().any(|run| run.id == from) => vec![from],
        Some(from) => {
            return Err(Error::client(format!(
                "Invalid task run ID: flow run {name} has no task run {from}."
            )));
        }
        None => runs
            .iter()
            .filter(|run| run.has_failed())
            .map(|run| run.id)
            .collect(),
    };
    if first.is_empty() && state.is_successful() {
        return Err(Error::client(format!(
            "Nothing failed in flow run {name}. Start a new run, or restart it from one of its task runs."
        )));
    }
    let reset = task_runs_to_reset(&runs, &edges(db, row.text(1)?)?, first);
    let pending = NewState::new(StateType::Pending, "Reset by a restart of the flow run.").beginning_anew();
    for task_run in &reset {
        set_task_run_state(db, now, *task_run, &pending)?;
    }
    let words = match reset.len() {
        1 => "Restarted: 1 task run begins again.".to_owned(),
        count => format!("Restarted: {count} task runs begin again."),
    };
    let scheduled = NewState::new(StateType::Scheduled, &words)
        .starting_at(now)
        .beginning_anew();
    set_flow_run_state(db, now, id, &scheduled, None)?;
    let line = NewLog {
        flow_run_id: id,
        task_run_id: None,
        timestamp: None,
        name: Some("flowdeck.server".to_owned()),
        level: "INFO".to_owned(),
        message: Some(words),
        info: None,
    };
    log::write(db, now, &[line])?;
    Ok(reset.len())
}

fn task_runs(db: &mut dyn Db, flow_run: FlowRunId) -> Result<Vec<RestartTaskRun>, Error> {
    const FIND: &str = "SELECT id, task_id, map_index, state FROM task_run WHERE flow_run_id = ?1";
    let rows = db.query(FIND, &[flow_run.into()])?;
    rows.iter()
        .map(|row| {
            Ok(RestartTaskRun {
                id: row.text(0)?.parse().map_err(Error::internal)?,
                task_id: row.text(1)?.parse().map_err(Error::internal)?,
                map_index: row.integer(2)?,
                state: state(row, 3)?,
            })
        })
        .collect()
}

fn edges(db: &mut dyn Db, flow: &str) -> Result<Vec<RestartEdge>, Error> {
    const FIND: &str = "SELECT upstream_task_id, downstream_task_id, mapped FROM edge WHERE flow_id = ?1";
    let rows = db.query(FIND, &[flow.into()])?;
    rows.iter()
        .map(|row| {
            Ok(RestartEdge {
                upstream: row.text(0)?.parse().map_err(Error::internal)?,
                downstream: row.text(1)?.parse().map_err(Error::internal)?,
                mapped: row.boolean(2)?,
            })
        })
        .collect()
}

/// The state of a run; one that has none yet is Pending.
fn state(row: &Row, column: usize) -> Result<StateType, Error> {
    let name = row.optional_text(column)?;
    Ok(name
        .and_then(|name| name.parse().ok())
        .unwrap_or(StateType::Pending))
}
