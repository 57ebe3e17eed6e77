//! Registering a flow: its version, its group, its tasks and edges, and the end of the versions before it
//! (contract 4.5). All in one transaction: a flow that cannot be registered whole leaves nothing behind.

use std::collections::{HashMap, HashSet};

use flowdeck_vocabulary::{FlowGroupId, FlowId, ProjectId, TaskId};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::super::{Db, Value, flow_group};
use super::serialized::{SerializedEdge, SerializedFlow, SerializedTask, read};
use crate::error::Error;
use crate::time;

/// What is registered.
#[derive(Debug, Clone)]
pub struct NewFlow {
    /// The flow's JSON; unknown keys are kept.
    pub serialized_flow: Json,
    /// Where it goes.
    pub project_id: ProjectId,
    /// The name of its group. Without one: the group of the newest flow of that name in the project.
    pub version_group_id: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// When the group's latest registration had the same key, its flow is answered.
    pub idempotency_key: Option<String>,
}

/// Registers a flow and archives the other versions. Answers its id and whether it is new.
pub fn register(db: &mut dyn Db, now: Timestamp, new: NewFlow) -> Result<(FlowId, bool), Error> {
    let flow: SerializedFlow = read("flow", &new.serialized_flow)?;
    let tenant = db
        .query_text(
            "SELECT tenant_id FROM project WHERE id = ?1",
            &[new.project_id.into()],
        )?
        .ok_or_else(|| Error::client("Invalid project."))?;
    let version_group_id = match &new.version_group_id {
        Some(given) => given.clone(),
        None => group_of_namesake(db, new.project_id, &flow.name)?
            .unwrap_or_else(|| FlowGroupId::random().to_string()),
    };
    let key = new.idempotency_key.as_deref();
    let group = match flow_group::find(db, &tenant, &version_group_id)? {
        Some(group) => {
            if key.is_some()
                && group.idempotency_key.as_deref() == key
                && let Some(id) = newest_unarchived(db, &group.id)?
            {
                return Ok((id, false));
            }
            let id = group.id.clone();
            flow_group::note_key(db, now, group, key)?;
            id
        }
        None => flow_group::create(db, now, &tenant, &version_group_id, key)?,
    };
    let others = db.query(
        "SELECT id FROM flow WHERE flow_group_id = ?1 AND archived = 0",
        &[group.as_str().into()],
    )?;
    let id = insert(db, now, &new, &flow, &tenant, &group, &version_group_id)?;
    insert_tasks(db, now, id, Some(&tenant), &flow.tasks)?;
    insert_edges(db, now, id, Some(&tenant), &flow.edges)?;
    for row in others {
        super::archive(db, now, row.text(0)?.parse().map_err(Error::internal)?)?;
    }
    Ok((id, true))
}

/// Adds tasks to a flow; slugs it has already are left alone. The flow's JSON learns of them, too.
pub fn register_tasks(db: &mut dyn Db, now: Timestamp, flow: FlowId, tasks: &[Json]) -> Result<(), Error> {
    const STORE: &str = "UPDATE flow SET updated = ?2, serialized_flow = ?3 WHERE id = ?1";
    let (tenant, mut serialized) = tenant_and_json(db, flow)?;
    insert_tasks(db, now, flow, tenant.as_deref(), tasks)?;
    let Some(object) = serialized.as_object_mut() else {
        return Ok(());
    };
    let list = object.entry("tasks").or_insert_with(|| json!([]));
    if !list.is_array() {
        *list = json!([]);
    }
    if let Some(list) = list.as_array_mut() {
        let known: HashSet<String> = list.iter().filter_map(slug).collect();
        list.extend(
            tasks
                .iter()
                .filter(|task| slug(task).is_some_and(|s| !known.contains(&s)))
                .cloned(),
        );
    }
    db.execute(
        STORE,
        &[flow.into(), time::format(now).into(), (&serialized).into()],
    )?;
    Ok(())
}

/// Adds edges to a flow; pairs it has already are left alone.
pub fn register_edges(db: &mut dyn Db, now: Timestamp, flow: FlowId, edges: &[Json]) -> Result<(), Error> {
    let (tenant, _) = tenant_and_json(db, flow)?;
    insert_edges(db, now, flow, tenant.as_deref(), edges)
}

fn slug(task: &Json) -> Option<String> {
    task.get("slug").and_then(Json::as_str).map(str::to_owned)
}

fn tenant_and_json(db: &mut dyn Db, flow: FlowId) -> Result<(Option<String>, Json), Error> {
    let row = db
        .query(
            "SELECT tenant_id, serialized_flow FROM flow WHERE id = ?1",
            &[flow.into()],
        )?
        .pop();
    let row = row.ok_or_else(|| Error::client("Invalid flow ID."))?;
    Ok((row.optional_text(0)?.map(str::to_owned), row.json(1)?))
}

/// The group name of the newest flow with this name in the project; archived flows count.
fn group_of_namesake(db: &mut dyn Db, project: ProjectId, name: &str) -> Result<Option<String>, Error> {
    const FIND: &str = "SELECT version_group_id FROM flow WHERE project_id = ?1 AND name = ?2 \
        AND version_group_id IS NOT NULL ORDER BY created DESC LIMIT 1";
    db.query_text(FIND, &[project.into(), name.into()])
}

fn newest_unarchived(db: &mut dyn Db, group: &str) -> Result<Option<FlowId>, Error> {
    const FIND: &str =
        "SELECT id FROM flow WHERE flow_group_id = ?1 AND archived = 0 ORDER BY version DESC LIMIT 1";
    db.query_text(FIND, &[group.into()])?
        .map(|id| id.parse().map_err(Error::internal))
        .transpose()
}

fn insert(
    db: &mut dyn Db,
    now: Timestamp,
    new: &NewFlow,
    flow: &SerializedFlow,
    tenant: &str,
    group: &str,
    version_group_id: &str,
) -> Result<FlowId, Error> {
    const INSERT: &str = "INSERT INTO flow (id, created, updated, tenant_id, project_id, flow_group_id, version, \
        version_group_id, name, description, environment, run_config, storage, parameters, core_version, \
        serialized_flow, schedule) VALUES (?1, ?2, ?2, ?3, ?4, ?5, \
        (SELECT coalesce(max(version), 0) + 1 FROM flow WHERE flow_group_id = ?5), \
        ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    let id = FlowId::random();
    let json = |value: &Json| Value::from(Some(value).filter(|value| !value.is_null()));
    let parameters = if flow.parameters.is_null() {
        Value::from("[]")
    } else {
        json(&flow.parameters)
    };
    db.execute(
        INSERT,
        &[
            id.into(),
            time::format(now).into(),
            tenant.into(),
            new.project_id.into(),
            group.into(),
            version_group_id.into(),
            flow.name.as_str().into(),
            new.description.as_deref().into(),
            json(&flow.environment),
            json(&flow.run_config),
            json(&flow.storage),
            parameters,
            flow.core_version.as_deref().into(),
            (&new.serialized_flow).into(),
            json(&flow.schedule),
        ],
    )?;
    Ok(id)
}

fn insert_tasks(
    db: &mut dyn Db,
    now: Timestamp,
    flow: FlowId,
    tenant: Option<&str>,
    tasks: &[Json],
) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO task (id, created, updated, tenant_id, flow_id, name, slug, type, \
        max_retries, retry_delay, \"trigger\", auto_generated, cache_key, tags) \
        VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (flow_id, slug) DO NOTHING";
    let now = time::format(now);
    for json in tasks {
        let task: SerializedTask = read("task", json)?;
        let id = match &task.id {
            Some(given) => given
                .parse()
                .map_err(|e| Error::client(format!("Invalid task: {e}.")))?,
            None => TaskId::random(),
        };
        db.execute(
            INSERT,
            &[
                id.into(),
                now.as_str().into(),
                tenant.into(),
                flow.into(),
                task.name.as_deref().into(),
                task.slug.as_str().into(),
                task.task_type.as_deref().into(),
                task.max_retries.into(),
                task.retry_delay().into(),
                task.trigger().into(),
                task.auto_generated.into(),
                task.cache_key.as_deref().into(),
                Value::Text(Json::from(task.tags.unwrap_or_default()).to_string()),
            ],
        )?;
    }
    Ok(())
}

fn insert_edges(
    db: &mut dyn Db,
    now: Timestamp,
    flow: FlowId,
    tenant: Option<&str>,
    edges: &[Json],
) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO edge (id, created, updated, tenant_id, flow_id, upstream_task_id, \
        downstream_task_id, key, mapped) VALUES (gen_random_uuid(), ?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7) \
        ON CONFLICT (flow_id, downstream_task_id, upstream_task_id) DO NOTHING";
    if edges.is_empty() {
        return Ok(());
    }
    let mut ids = HashMap::new();
    for row in db.query(
        "SELECT slug, id FROM task WHERE flow_id = ?1 AND slug IS NOT NULL",
        &[flow.into()],
    )? {
        ids.insert(row.text(0)?.to_owned(), row.text(1)?.to_owned());
    }
    let now = time::format(now);
    for json in edges {
        let edge: SerializedEdge = read("edge", json)?;
        let find = |slug: &str| {
            ids.get(slug).map(String::as_str).ok_or_else(|| {
                Error::client(format!(
                    "Some edges reference tasks that do not exist within this flow: '{slug}'."
                ))
            })
        };
        db.execute(
            INSERT,
            &[
                now.as_str().into(),
                tenant.into(),
                flow.into(),
                find(edge.upstream_task.slug())?.into(),
                find(edge.downstream_task.slug())?.into(),
                edge.key.as_deref().into(),
                edge.mapped.into(),
            ],
        )?;
    }
    Ok(())
}
