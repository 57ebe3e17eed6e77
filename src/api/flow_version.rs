//! The versions of a flow, and what is registered of each.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use serde_json::{Map, Value, json};

use super::row::Row;
use super::{ApiError, ask_for, fragments};
use crate::model::{FlowContents, FlowVersion, FlowVersionLine, schedule_in_words};
use crate::wall_clock::Hours;

const DOCUMENT: &str = include_str!("flow_version.graphql");

/// The versions of a flow, newest first; at most 100.
pub async fn all(group: FlowGroupId) -> Result<Vec<FlowVersionLine>, ApiError> {
    let data = ask_for(DOCUMENT, "GetFlowVersions", &json!({ "id": group })).await?;
    Row(&data).list("flow", |row| {
        let mut runs = row.list("flow_runs", fragments::run_bar)?;
        runs.reverse();
        Ok(FlowVersionLine {
            version: FlowVersion {
                id: row.id("id")?,
                version: row.whole("version").unwrap_or(1),
                archived: row.flag("archived"),
            },
            created_at: row.time("created")?,
            core_version: row.some_text("core_version"),
            task_count: row.aggregate_count("tasks_aggregate"),
            run_count: row.aggregate_count("flow_runs_aggregate"),
            runs,
        })
    })
}

/// What is registered of two versions, the older one first.
pub async fn contents(one: FlowId, other: FlowId) -> Result<(FlowContents, FlowContents), ApiError> {
    let data = ask_for(DOCUMENT, "GetFlowContents", &json!({ "ids": [one, other] })).await?;
    let mut found = Row(&data).rows("flow").map(contents_of);
    match (found.next(), found.next()) {
        (Some(older), Some(newer)) => Ok((older, newer)),
        _ => Err(ApiError::Missing(format!("version with the id {one} or {other}"))),
    }
}

fn contents_of(row: Row<'_>) -> FlowContents {
    let mut contents = FlowContents {
        version: row.whole("version").unwrap_or(1),
        parameters: row.rows("parameters").filter_map(parameter).collect(),
        schedule: schedule(&row.json("schedule")),
        storage: object(row.json("storage")),
        run_config: object(
            row.some_json("run_config")
                .unwrap_or_else(|| row.json("environment")),
        ),
        ..FlowContents::default()
    };
    for (name, field) in [("library", "core_version"), ("description", "description")] {
        contents
            .other
            .extend(row.some_json(field).map(|value| (name.to_owned(), value)));
    }
    let mut slugs = Map::new();
    // A no is left out: of a task that was added, only what is special is said.
    let yes = |of: Row<'_>, name: &str| of.flag(name).then_some(true);
    for task in row.rows("tasks") {
        let slug = task.text_or_empty("slug");
        contents.tasks.insert(
            slug.clone(),
            json!({
                "name": task.json("name"),
                "type": task.json("type"),
                "trigger": task.json("trigger"),
                "retries": task.whole("max_retries").filter(|retries| *retries > 0),
                "retry delay": task.json("retry_delay"),
                "cache key": task.json("cache_key"),
                "tags": task.json("tags"),
                "decides the run's state": yes(task, "is_reference_task"),
            }),
        );
        slugs.insert(task.text_or_empty("id"), slug.into());
    }
    for edge in row.rows("edges") {
        let end = |name: &str| {
            let slug = slugs.get(&edge.text_or_empty(name));
            slug.and_then(Value::as_str).unwrap_or("?")
        };
        let name = format!("{} → {}", end("upstream_task_id"), end("downstream_task_id"));
        let edge = json!({ "input": edge.json("key"), "mapped": yes(edge, "mapped") });
        contents.edges.insert(name, edge);
    }
    contents
}

/// A declaration without its name, which is the key, and without what all declarations say alike.
fn parameter(row: Row<'_>) -> Option<(String, Value)> {
    let mut declaration = row.0.as_object()?.clone();
    let name = declaration.remove("name")?.as_str()?.to_owned();
    for key in ["__version__", "type", "outputs", "slug"] {
        declaration.remove(key);
    }
    Some((name, Value::Object(declaration)))
}

/// The clocks by their words, and what else a schedule has.
fn schedule(schedule: &Value) -> Map<String, Value> {
    let mut parts = object(schedule.clone());
    parts.remove("__version__");
    parts.remove("type");
    let clocks = parts.remove("clocks");
    let clocks = clocks.as_ref().and_then(Value::as_array).into_iter().flatten();
    for (mut words, clock) in schedule_in_words(schedule, Hours::TwentyFour)
        .into_iter()
        .zip(clocks)
    {
        while parts.contains_key(&words) {
            words.push_str(", again");
        }
        let mut clock = object(clock.clone());
        clock.remove("__version__");
        parts.insert(words, Value::Object(clock));
    }
    parts.retain(|_, part| part.as_array().is_none_or(|list| !list.is_empty()));
    parts
}

/// What is in an object but the version of its format.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(mut map) => {
            map.remove("__version__");
            map
        }
        _ => Map::new(),
    }
}
