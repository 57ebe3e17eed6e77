//! The queries that are not tables: `hello`, `api`, `reference_data`, `get_task_run_info` and `mapped_children`
//! (contract 3.1), and our own `schedule_preview`.

use flowdeck_vocabulary::{Schedule, StateType, TaskRunId};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::context::Context;
use crate::error::Error;
use crate::mutations::task_run::info_json;
use crate::store::task_run;
use crate::time;

/// These queries in the schema language: `extend type Query` and their types.
pub const SDL: &str = include_str!("queries.graphql");

/// The version of the client library whose API is spoken here.
const CORE_VERSION: &str = "1.4.1";

/// Runs the query `field` with its coerced arguments. Answers the whole value (an object, a scalar or null);
/// the caller takes from it what was selected.
pub async fn execute(ctx: &Context, field: &str, args: Map<String, Json>) -> Result<Json, Error> {
    match field {
        "hello" => Ok("👋".into()),
        "api" => Ok(json!({
            "backend": "SERVER",
            "mode": "normal",
            "version": env!("CARGO_PKG_VERSION"),
            "core_version": CORE_VERSION,
            "release_timestamp": null,
        })),
        "reference_data" => Ok(json!({ "state_hierarchy": state_hierarchy(), "state_info": state_info() })),
        "schedule_preview" => schedule_preview(ctx.time.now(), &args),
        "get_task_run_info" => {
            let id = task_run_id(&args)?;
            let info = ctx.store.read(move |db| task_run::info(db, id)).await?;
            info.map(info_json)
                .ok_or_else(|| Error::client("Invalid task run ID"))
        }
        "mapped_children" => {
            let id = task_run_id(&args)?;
            let children = ctx
                .store
                .read(move |db| task_run::mapped_children(db, id))
                .await?;
            Ok(json!({
                "min_start_time": children.min_start_time,
                "max_end_time": children.max_end_time,
                "state_counts": children.state_counts,
            }))
        }
        _ => Err(Error::Internal(format!(
            "the schema has a query '{field}' that nobody wrote"
        ))),
    }
}

/// The first times of a schedule that need not be saved. Ours: the contract has no such query.
fn schedule_preview(now: Timestamp, args: &Map<String, Json>) -> Result<Json, Error> {
    const MOST: i64 = 100;
    let invalid = |why: String| Error::BadInput(format!("Invalid clock provided for schedule: {why}"));
    let given = args.get("schedule").cloned().unwrap_or_default();
    let schedule: Schedule = serde_json::from_value(given).map_err(|e| invalid(e.to_string()))?;
    let count = args.get("count").and_then(Json::as_i64).unwrap_or(10);
    let count = usize::try_from(count.clamp(0, MOST)).unwrap_or(0);
    let events = schedule.next(now, count).map_err(|e| invalid(e.to_string()))?;
    let rows = events.into_iter().map(|event| {
        json!({
            "start_time": time::format(event.start_time),
            "local_time": event.local_time().to_string(),
        })
    });
    Ok(rows.collect())
}

fn task_run_id(args: &Map<String, Json>) -> Result<TaskRunId, Error> {
    let given = args.get("task_run_id").and_then(Json::as_str).unwrap_or_default();
    given
        .parse()
        .map_err(|_| Error::BadInput(format!("Could not parse UUID: {given}")))
}

/// Each state with itself and all its kinds. Two of the names are no states of their own: `State` is above all
/// of them, `_MetaState` above those that wrap another.
fn state_hierarchy() -> Map<String, Json> {
    let names = |is_kind: &dyn Fn(StateType) -> bool| -> Vec<&str> {
        StateType::ALL
            .into_iter()
            .filter(|state| is_kind(*state))
            .map(StateType::name)
            .collect()
    };
    let mut all = vec!["State", "_MetaState"];
    all.extend(names(&|_| true));
    let mut meta = vec!["_MetaState"];
    meta.extend(names(&StateType::is_meta));
    let mut hierarchy = Map::new();
    hierarchy.insert("State".into(), json!(all));
    hierarchy.insert("_MetaState".into(), json!(meta));
    for parent in StateType::ALL {
        hierarchy.insert(parent.name().into(), json!(names(&|state| state.is_a(parent))));
    }
    hierarchy
}

fn state_info() -> Map<String, Json> {
    let info = |state: StateType| (state.name().to_owned(), json!({ "color": state.color() }));
    StateType::ALL.into_iter().map(info).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hierarchy_lists_each_state_with_its_kinds() {
        let hierarchy = state_hierarchy();
        assert_eq!(hierarchy.len(), 23);
        assert_eq!(
            hierarchy["Failed"],
            json!(["Failed", "TimedOut", "TriggerFailed", "ValidationFailed"])
        );
        assert_eq!(
            hierarchy["_MetaState"],
            json!(["_MetaState", "Submitted", "Queued", "ClientFailed"])
        );
        assert_eq!(hierarchy["State"].as_array().unwrap().len(), 23);
        assert_eq!(state_info()["Success"], json!({"color": "#28a745"}));
    }
}
