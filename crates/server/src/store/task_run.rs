//! Task runs: finding or creating the run of a task, names and heartbeats.

use flowdeck_vocabulary::{FlowRunId, TaskId, TaskRunId};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::state::create_task_run;
use super::{Db, Row};
use crate::error::Error;
use crate::time;

/// The current state of a task run.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRunInfo {
    /// Its id.
    pub id: String,
    /// How many states it has had.
    pub version: i64,
    /// The name of its state.
    pub state: Option<String>,
    /// Its state as it was sent.
    pub serialized_state: Json,
}

impl TaskRunInfo {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.text(0)?.to_owned(),
            version: row.integer(1)?,
            state: row.optional_text(2)?.map(str::to_owned),
            serialized_state: row.json(3)?,
        })
    }
}

/// The task run with this id.
pub fn info(db: &mut dyn Db, id: TaskRunId) -> Result<Option<TaskRunInfo>, Error> {
    const FIND: &str = "SELECT id, version, state, serialized_state FROM task_run WHERE id = ?1";
    db.query(FIND, &[id.into()])?
        .first()
        .map(TaskRunInfo::read)
        .transpose()
}

/// The run of a task in a flow run: map index -1 is the task itself, 0 and more are its mapped children.
pub fn find(
    db: &mut dyn Db,
    flow_run: FlowRunId,
    task: TaskId,
    map_index: i64,
) -> Result<Option<TaskRunInfo>, Error> {
    const FIND: &str = "SELECT id, version, state, serialized_state FROM task_run \
        WHERE flow_run_id = ?1 AND task_id = ?2 AND map_index = ?3";
    let rows = db.query(FIND, &[flow_run.into(), task.into(), map_index.into()])?;
    rows.first().map(TaskRunInfo::read).transpose()
}

/// As [`find`], creating it with the state Pending when there is none. `None` when there is no such flow run
/// or no such task.
pub fn find_or_create(
    db: &mut dyn Db,
    now: Timestamp,
    flow_run: FlowRunId,
    task: TaskId,
    map_index: i64,
) -> Result<Option<TaskRunInfo>, Error> {
    if let Some(found) = find(db, flow_run, task, map_index)? {
        return Ok(Some(found));
    }
    create_task_run(db, now, flow_run, task, map_index)?;
    find(db, flow_run, task, map_index)
}

/// Renames a task run. False when there is none.
pub fn set_name(db: &mut dyn Db, now: Timestamp, id: TaskRunId, name: &str) -> Result<bool, Error> {
    const RENAME: &str = "UPDATE task_run SET updated = ?2, name = ?3 WHERE id = ?1";
    Ok(db.execute(RENAME, &[id.into(), time::format(now).into(), name.into()])? > 0)
}

/// Notes that a task run is alive. Unknown ids are no error (contract 3.5).
pub fn beat(db: &mut dyn Db, now: Timestamp, id: TaskRunId) -> Result<(), Error> {
    let now = time::format(now);
    db.execute(
        "UPDATE task_run SET updated = ?2, heartbeat = ?2 WHERE id = ?1",
        &[id.into(), now.into()],
    )?;
    Ok(())
}

/// The mapped children of a task run, counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MappedChildren {
    /// When the first of them started.
    pub min_start_time: Option<String>,
    /// When the last of them ended.
    pub max_end_time: Option<String>,
    /// Each state with the number of children in it.
    pub state_counts: Map<String, Json>,
}

/// What the mapped children of a task run add up to: nothing when it is a child itself, or unknown.
pub fn mapped_children(db: &mut dyn Db, parent: TaskRunId) -> Result<MappedChildren, Error> {
    const COUNT: &str = "SELECT c.state, count(*), min(c.start_time), max(c.end_time) \
        FROM task_run p JOIN task_run c ON c.flow_run_id = p.flow_run_id AND c.task_id = p.task_id \
        WHERE p.id = ?1 AND p.map_index < 0 AND c.map_index >= 0 GROUP BY c.state ORDER BY c.state";
    let mut children = MappedChildren::default();
    for row in db.query(COUNT, &[parent.into()])? {
        let (start, end) = (row.optional_text(2)?, row.optional_text(3)?);
        if let Some(state) = row.optional_text(0)? {
            children
                .state_counts
                .insert(state.to_owned(), row.integer(1)?.into());
        }
        // Null is less than any time, so the smaller start is looked for among those there are.
        let start = [start, children.min_start_time.as_deref()]
            .into_iter()
            .flatten()
            .min();
        let end = [end, children.max_end_time.as_deref()]
            .into_iter()
            .flatten()
            .max();
        (children.min_start_time, children.max_end_time) = (start.map(str::to_owned), end.map(str::to_owned));
    }
    Ok(children)
}
