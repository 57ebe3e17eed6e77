//! Which flow runs an agent may start: the queue is a question, nothing is taken out of it (contract 4.6).

use std::sync::LazyLock;

use flowdeck_vocabulary::{
    AgentId, EXECUTABLE_AGENT, EXECUTABLE_STORAGE, FlowRunId, Labels, StateType, TenantId,
};
use jiff::Timestamp;

use super::super::state::state_names;
use super::super::{Db, Row, Value};
use crate::error::Error;
use crate::time;

/// Flow runs answered at most.
const ANSWERED: usize = 25;

/// Due flow runs whose labels are looked at. The original looks at 75, so that 75 runs no agent can take hide
/// all behind them; this many takes a few milliseconds and is out of reach in practice.
const EXAMINED: usize = 10_000;

/// The flow runs of a tenant that are due before `before` and that an agent with `labels` may take, those that
/// wait longest first: scheduled ones, and running ones with a task run whose time has come (a long retry, or
/// a pause that was lifted). Both in one order, or many of the one kind would hide the other.
///
/// An agent that is known is answered only what it can start: our own agents the flows that are programs, those of
/// the Python client the others. Late runs that an agent leaves alone would hide all behind them, and the Python
/// client's agents leave nothing alone: they set what they cannot start to Failed.
pub fn in_queue(
    db: &mut dyn Db,
    tenant: TenantId,
    before: Timestamp,
    labels: &Labels,
    agent: Option<AgentId>,
) -> Result<Vec<FlowRunId>, Error> {
    static DUE: LazyLock<String> = LazyLock::new(|| {
        let scheduled = state_names(StateType::is_scheduled);
        let storage = format!(
            "(?3 IS NULL OR ?3 = coalesce((SELECT json_extract(storage, '$.type') = '{EXECUTABLE_STORAGE}' \
             FROM flow WHERE flow.id = f.flow_id), 0))"
        );
        format!(
            "SELECT id, labels FROM (SELECT * FROM (SELECT id, labels, state_start_time AS since FROM flow_run f \
             WHERE tenant_id = ?1 AND state_start_time <= ?2 AND state IN ({scheduled}) AND {storage} \
             ORDER BY since, id LIMIT {EXAMINED}) \
             UNION ALL \
             SELECT f.id, f.labels, min(t.state_start_time) FROM task_run t \
             JOIN flow_run f ON f.id = t.flow_run_id WHERE f.tenant_id = ?1 AND f.state = 'Running' \
             AND t.state_start_time <= ?2 AND t.state IN ({scheduled}) AND {storage} GROUP BY f.id) \
             ORDER BY since, id LIMIT {EXAMINED}",
        )
    });
    let storage = match agent {
        None => None,
        Some(agent) => starts_executables(db, agent)?,
    };
    let params = [
        tenant.into(),
        time::format(before).into(),
        storage.map_or(Value::Null, Value::from),
    ];
    let mut due = Vec::new();
    for row in db.query(&DUE, &params)? {
        if labels_of(&row)?.may_run_on(labels) {
            due.push(row.text(0)?.parse().map_err(Error::internal)?);
        }
        if due.len() == ANSWERED {
            break;
        }
    }
    Ok(due)
}

/// Whether an agent starts programs; `None` when it is not known (any more).
fn starts_executables(db: &mut dyn Db, agent: AgentId) -> Result<Option<bool>, Error> {
    let found = db.query("SELECT type FROM agent WHERE id = ?1", &[agent.into()])?;
    let Some(row) = found.first() else {
        return Ok(None);
    };
    Ok(row.optional_text(0)?.map(|kind| kind == EXECUTABLE_AGENT))
}

fn labels_of(row: &Row) -> Result<Labels, Error> {
    serde_json::from_str(row.text(1)?).map_err(Error::internal)
}
