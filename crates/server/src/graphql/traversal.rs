//! The two functions that walk the edges of a flow (contract 2.4).

use serde_json::Value as Json;

use super::catalogue::{self, Direction, FUNCTIONS, Function, Table};
use super::errors::GraphqlError;
use super::rows::Arguments;
use super::statement::Statement;
use super::values;

/// How deep a traversal goes at most (section 2.4).
const DEEPEST_WALK: i64 = 50;

/// The function a root field stands for, with or without `_aggregate`, and the shape of its rows.
pub fn function(name: &str) -> Option<(&'static Function, &'static Table)> {
    let function = FUNCTIONS.iter().find(|function| {
        name == function.name
            || name
                .strip_suffix("_aggregate")
                .is_some_and(|stem| stem == function.name)
    })?;
    Some((function, catalogue::table(function.table)?))
}

/// The rows of a traversal: breadth first over the edges, each task once with its largest depth.
pub fn walk(
    statement: &mut Statement,
    function: &Function,
    arguments: &Arguments,
) -> Result<String, GraphqlError> {
    let args = arguments
        .get("args")
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    let start = args
        .get("start_task_ids")
        .filter(|ids| !ids.is_null())
        .map_or(Ok(Vec::new()), values::uuids)?;
    let limit = args
        .get("depth_limit")
        .and_then(Json::as_i64)
        .unwrap_or(DEEPEST_WALK)
        .min(DEEPEST_WALK);
    let start = statement.bind(Json::from(start).to_string());
    let limit = statement.bind(limit);
    let (from, to) = match function.direction {
        Direction::Downstream => ("upstream_task_id", "downstream_task_id"),
        Direction::Upstream => ("downstream_task_id", "upstream_task_id"),
    };
    Ok(format!(
        "(WITH RECURSIVE walk(task_id, depth) AS (SELECT value, 0 FROM json_each({start}) UNION \
         SELECT edge.\"{to}\", walk.depth + 1 FROM walk JOIN edge ON edge.\"{from}\" = walk.task_id \
         WHERE walk.depth < {limit}) \
         SELECT task.tenant_id, walk.task_id, max(walk.depth) AS depth FROM walk \
         JOIN task ON task.id = walk.task_id GROUP BY walk.task_id, task.tenant_id)"
    ))
}
