//! Flows: registering versions, archiving, moving and deleting them, and turning their schedules on and off.

use flowdeck_vocabulary::{FlowId, ProjectId, StateType};
use jiff::Timestamp;

use super::state::{NewState, set_flow_run_state};
use super::{Db, flow_run};
use crate::error::Error;
use crate::time;

mod registration;
mod schedule;
mod serialized;

pub use registration::{NewFlow, register, register_edges, register_tasks};
pub(super) use schedule::deactivate_without_schedule;
pub use schedule::{activate_schedule, deactivate_schedule, flows_to_schedule, schedule_runs};

/// Archives a flow: the runs its schedule made and nobody has taken go, other runs that wait are cancelled. False when
/// there is no such flow.
pub fn archive(db: &mut dyn Db, now: Timestamp, id: FlowId) -> Result<bool, Error> {
    let archived = "UPDATE flow SET updated = ?2, archived = 1 WHERE id = ?1";
    if db.execute(archived, &[id.into(), time::format(now).into()])? == 0 {
        return Ok(false);
    }
    flow_run::delete_auto_scheduled(db, id)?;
    let cancelled = NewState::new(StateType::Cancelled, &format!("Flow {id} was archived."));
    let waiting = "SELECT id FROM flow_run WHERE flow_id = ?1 AND state = 'Scheduled'";
    for row in db.query(waiting, &[id.into()])? {
        set_flow_run_state(
            db,
            now,
            row.text(0)?.parse().map_err(Error::internal)?,
            &cancelled,
            None,
        )?;
    }
    Ok(true)
}

/// Deletes a flow with its runs; its group stays. False when there is none.
pub fn delete(db: &mut dyn Db, id: FlowId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM flow WHERE id = ?1", &[id.into()])? > 0)
}

/// Moves a flow to another project of the same tenant.
pub fn move_to(db: &mut dyn Db, now: Timestamp, id: FlowId, project: ProjectId) -> Result<(), Error> {
    const MOVE: &str = "UPDATE flow SET updated = ?2, project_id = ?3 WHERE id = ?1 \
        AND tenant_id = (SELECT tenant_id FROM project WHERE id = ?3)";
    match db.execute(MOVE, &[id.into(), time::format(now).into(), project.into()])? {
        0 => Err(Error::client("Invalid flow or project ID.")),
        _ => Ok(()),
    }
}
