//! The birth of task runs: each is Pending, and has that as its first row of history (contract 2.2).

use flowdeck_vocabulary::{FlowRunId, TaskId};
use jiff::Timestamp;

use super::{Db, Value};
use crate::error::Error;
use crate::time;

const MESSAGE: &str = "Task run created";
/// The first state, to the letter.
const PENDING: &str = r#"{"type":"Pending","message":"Task run created"}"#;

/// Two statements, however many tasks: the task runs of flow run `?1` with the map index `?3` for some tasks, and
/// their states.
macro_rules! statements {
    ($tasks:literal, $task_runs:literal) => {
        [
            concat!(
                "INSERT INTO task_run (id, created, updated, tenant_id, flow_run_id, task_id, map_index, cache_key, \
                 version, state, state_timestamp, state_message, serialized_state) \
                 SELECT gen_random_uuid(), ?2, ?2, f.tenant_id, f.id, t.id, ?3, t.cache_key, 1, 'Pending', ?2, ?4, ?5 \
                 FROM flow_run f, task t WHERE f.id = ?1 AND ",
                $tasks,
            ),
            concat!(
                "INSERT INTO task_run_state (id, created, updated, tenant_id, task_run_id, timestamp, state, message, \
                 serialized_state, version) \
                 SELECT gen_random_uuid(), ?2, ?2, tenant_id, id, ?2, 'Pending', ?4, ?5, 1 \
                 FROM task_run WHERE flow_run_id = ?1 AND map_index = ?3",
                $task_runs,
            ),
        ]
    };
}

const ALL: [&str; 2] = statements!("t.flow_id = f.flow_id", "");
const ONE: [&str; 2] = statements!("t.id = ?6", " AND task_id = ?6");

/// Creates a task run for each task of the flow of a new flow run.
pub fn create_task_runs(db: &mut dyn Db, now: Timestamp, flow_run: FlowRunId) -> Result<(), Error> {
    create(db, now, &ALL, flow_run, -1, None)
}

/// Creates a task run that is not there yet; nothing where there is no such flow run or no such task.
pub fn create_task_run(
    db: &mut dyn Db,
    now: Timestamp,
    flow_run: FlowRunId,
    task: TaskId,
    map_index: i64,
) -> Result<(), Error> {
    create(db, now, &ONE, flow_run, map_index, Some(task))
}

fn create(
    db: &mut dyn Db,
    now: Timestamp,
    statements: &[&str],
    flow_run: FlowRunId,
    map_index: i64,
    task: Option<TaskId>,
) -> Result<(), Error> {
    let now = time::format(now);
    let mut params: Vec<Value> = vec![
        flow_run.into(),
        now.into(),
        map_index.into(),
        MESSAGE.into(),
        PENDING.into(),
    ];
    params.extend(task.map(Value::from));
    for sql in statements {
        db.execute(sql, &params)?;
    }
    Ok(())
}
