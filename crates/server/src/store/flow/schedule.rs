//! Schedules of flows: turning them on and off, and creating the runs that are due next (contract 3.3 and 4.9).

use flowdeck_vocabulary::{Event, FlowGroupId, FlowId, Schedule, missing_parameters};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::super::flow_run::{self, NewFlowRun, declared_parameters};
use super::super::{Db, Row};
use crate::error::Error;
use crate::time;

/// Runs created ahead for each flow.
const RUNS_AHEAD: usize = 10;

/// What is known about a flow's schedule.
struct Scheduled {
    own: Json,
    group: Json,
    declared: Json,
    group_parameters: Json,
}

fn find(db: &mut dyn Db, id: FlowId) -> Result<Option<Scheduled>, Error> {
    const FIND: &str = "SELECT f.schedule, g.schedule, f.parameters, g.default_parameters \
        FROM flow f JOIN flow_group g ON g.id = f.flow_group_id WHERE f.id = ?1";
    let read = |row: &Row| -> Result<Scheduled, Error> {
        Ok(Scheduled {
            own: row.json(0)?,
            group: row.json(1)?,
            declared: row.json(2)?,
            group_parameters: row.json(3)?,
        })
    };
    db.query(FIND, &[id.into()])?.first().map(read).transpose()
}

/// Turns the schedule of a flow on. False when there is no such flow or nothing that could be a schedule. One that
/// cannot be evaluated is refused and stays off: the flag would say that runs come, and none ever would.
/// The next runs are a matter of [`schedule_runs`].
pub fn activate_schedule(db: &mut dyn Db, now: Timestamp, id: FlowId) -> Result<bool, Error> {
    let Some(flow) = find(db, id)? else {
        return Ok(false);
    };
    if flow.own.is_null() && flow.group.is_null() {
        return Ok(false);
    }
    flow.check_required_parameters()?;
    flow.next(now, 1)
        .map_err(|why| Error::client(format!("The schedule is not turned on: {why}")))?;
    set_active(db, now, id, true)
}

/// Turns the schedule of a flow off and deletes the runs it made that nobody has taken. False when there is no
/// such flow.
pub fn deactivate_schedule(db: &mut dyn Db, now: Timestamp, id: FlowId) -> Result<bool, Error> {
    let found = set_active(db, now, id, false)?;
    flow_run::delete_auto_scheduled(db, id)?;
    Ok(found)
}

fn set_active(db: &mut dyn Db, now: Timestamp, id: FlowId, active: bool) -> Result<bool, Error> {
    const SET: &str = "UPDATE flow SET updated = ?2, is_schedule_active = ?3 WHERE id = ?1";
    Ok(db.execute(SET, &[id.into(), time::format(now).into(), active.into()])? > 0)
}

impl Scheduled {
    /// Every clock of the flow's own schedule has to cover the required parameters. The group's schedule is
    /// not looked at: it comes later than the flow, from people who see the error when the runs are created.
    fn check_required_parameters(&self) -> Result<(), Error> {
        let declared = declared_parameters(&self.declared);
        let defaults = self.group_parameters.as_object().cloned().unwrap_or_default();
        let clocks = self
            .own
            .get("clocks")
            .and_then(Json::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        for clock in clocks {
            let mut given: Map<String, Json> = defaults.clone();
            given.extend(
                clock
                    .get("parameter_defaults")
                    .and_then(Json::as_object)
                    .cloned()
                    .unwrap_or_default(),
            );
            if missing_parameters(&declared, &given).next().is_some() {
                return Err(Error::client(
                    "Can not schedule a flow that has required parameters.",
                ));
            }
        }
        Ok(())
    }

    /// The next events of the schedule that counts: the group's, or else the flow's own. An error is a sentence.
    fn next(self, now: Timestamp, count: usize) -> Result<Vec<Event>, String> {
        let schedule = if self.group.is_null() {
            self.own
        } else {
            self.group
        };
        let schedule: Schedule =
            serde_json::from_value(schedule).map_err(|e| format!("The schedule cannot be read: {e}."))?;
        schedule.next(now, count).map_err(|e| e.to_string())
    }
}

/// Turns off those of a group that have no schedule to follow: neither their own nor the group's.
pub(in crate::store) fn deactivate_without_schedule(
    db: &mut dyn Db,
    now: Timestamp,
    group: FlowGroupId,
) -> Result<(), Error> {
    const SET: &str = "UPDATE flow SET updated = ?2, is_schedule_active = 0 WHERE flow_group_id = ?1 \
        AND is_schedule_active = 1 AND coalesce(schedule, 'null') = 'null' AND NOT EXISTS \
        (SELECT 1 FROM flow_group g WHERE g.id = ?1 AND coalesce(g.schedule, 'null') <> 'null')";
    db.execute(SET, &[group.into(), time::format(now).into()])?;
    Ok(())
}

/// All flows whose schedules are on, or those of one group. The flag of one without a schedule means nothing.
pub fn flows_to_schedule(db: &mut dyn Db, of: Option<FlowGroupId>) -> Result<Vec<FlowId>, Error> {
    const FIND: &str = "SELECT f.id FROM flow f JOIN flow_group g ON g.id = f.flow_group_id \
        WHERE f.is_schedule_active = 1 AND f.archived = 0 AND (?1 IS NULL OR g.id = ?1) \
        AND (coalesce(f.schedule, 'null') <> 'null' OR coalesce(g.schedule, 'null') <> 'null') ORDER BY f.id";
    db.query(FIND, &[of.into()])?
        .iter()
        .map(|row| row.text(0)?.parse().map_err(Error::internal))
        .collect()
}

/// Creates the next runs of a flow whose schedule is on; those that exist already are left alone, so that any
/// number of calls comes to the same.
pub fn schedule_runs(db: &mut dyn Db, now: Timestamp, id: FlowId) -> Result<(), Error> {
    const ACTIVE: &str = "SELECT id FROM flow WHERE id = ?1 AND is_schedule_active = 1 AND archived = 0";
    if db.query_text(ACTIVE, &[id.into()])?.is_none() {
        return Ok(());
    }
    let Some(flow) = find(db, id)? else { return Ok(()) };
    let events = flow.next(now, RUNS_AHEAD).map_err(Error::client)?;
    // The contract looks at runs in any state. Those that were cancelled ahead of their time would keep a schedule
    // that was changed since silent until then; the key of each keeps it from coming back.
    let latest = flow_run::last_auto_scheduled(db, id)?.unwrap_or(now);
    for event in events {
        let special = !event.parameter_defaults.is_empty() || event.labels.is_some();
        if !special && event.start_time <= latest {
            continue;
        }
        let idempotency_key = Some(key(&event, special));
        let run = NewFlowRun {
            flow_id: Some(id),
            parameters: event.parameter_defaults,
            labels: event.labels.map(|labels| labels.into_iter().collect()),
            scheduled_start_time: Some(event.start_time),
            idempotency_key,
            auto_scheduled: true,
            ..NewFlowRun::default()
        };
        flow_run::create(db, now, run)?;
    }
    Ok(())
}

/// What makes two events of a schedule the same run.
fn key(event: &Event, special: bool) -> String {
    let time = time::format(event.start_time);
    if !special {
        return format!("auto-scheduled:{time}");
    }
    let parameters = Json::Object(event.parameter_defaults.clone()).to_string();
    let labels = Json::from(event.labels.clone()).to_string();
    let hash = Sha256::digest(format!("{parameters}\n{labels}"));
    let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("auto-scheduled:{time}:{hash}")
}
