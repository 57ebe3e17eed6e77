//! From what people type (names, ids) to the rows they mean, or a sentence that says what there is instead.

use std::collections::BTreeSet;

use flowdeck_engine::client::Client;
use flowdeck_vocabulary::{FlowId, FlowRunId, StateType};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::show::ink::harmless;

/// How many names an error message offers.
const OFFERED: usize = 10;

/// Reads rows of one table: `selection` of those that match `condition`, in the order given.
pub fn rows(
    client: &Client,
    table: &str,
    condition: Value,
    order: Value,
    limit: Option<u32>,
    selection: &str,
) -> Result<Vec<Value>, Failure> {
    let query = format!(
        "query($where: {table}_bool_exp, $order: [{table}_order_by!], $limit: Int) \
         {{ rows: {table}(where: $where, order_by: $order, limit: $limit) {selection} }}"
    );
    let variables = json!({"where": condition, "order": order, "limit": limit});
    match client.execute(&query, variables)?["rows"].take() {
        Value::Array(rows) => Ok(rows),
        _ => Ok(Vec::new()),
    }
}

/// The text under this path of keys, or nothing.
pub fn text<'a>(row: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(row, |value, key| value.get(key))?.as_str()
}

/// The text under this path of keys as a table shows it.
pub fn cell(row: &Value, path: &[&str]) -> String {
    text(row, path).unwrap_or("-").to_owned()
}

/// The name of a row, to be printed as part of a sentence.
pub fn name(row: &Value) -> String {
    harmless(text(row, &["name"]).unwrap_or("?"), false)
}

/// The last word of a task's trigger: `all_successful` of `prefect.triggers.all_successful`.
pub fn trigger_name(task: &Value) -> String {
    let trigger = text(task, &["trigger"]).and_then(|trigger| trigger.rsplit('.').next());
    trigger.unwrap_or("-").to_owned()
}

/// The current version of the flow of this name or id. With the same name in several projects, `project`
/// has to say which.
pub fn flow(client: &Client, name: &str, project: Option<&str>, selection: &str) -> Result<Value, Failure> {
    let mut condition = match name.parse::<FlowId>() {
        Ok(id) => json!({"id": {"_eq": id}}),
        Err(_) => json!({"name": {"_eq": name}, "archived": {"_eq": false}}),
    };
    if let Some(project) = project {
        condition["project"] = json!({"name": {"_eq": project}});
    }
    let selection = format!(
        "{{ id name version project {{ name }} {} }}",
        selection.trim_matches(['{', '}'])
    );
    let mut found = rows(
        client,
        "flow",
        condition,
        json!([{"version": "desc"}]),
        None,
        &selection,
    )?;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => {
            let condition = json!({"archived": {"_eq": false}});
            let there = rows(
                client,
                "flow",
                condition,
                json!([{"name": "asc"}]),
                None,
                "{ name project { name } }",
            )?;
            let names = offer(there.iter().map(|flow| {
                format!(
                    "{} (project {})",
                    text(flow, &["name"]).unwrap_or("?"),
                    project_of(flow)
                )
            }));
            let place = project
                .map(|project| format!(" in project '{project}'"))
                .unwrap_or_default();
            Err(Failure::new(format!("There is no flow '{name}'{place}. {names}")))
        }
        _ => Err(ambiguous(name, &found)),
    }
}

/// What to say which of several flows of one name is meant by: its project, or its id where one project has them all.
fn ambiguous(name: &str, found: &[Value]) -> Failure {
    let projects: BTreeSet<&str> = found.iter().map(project_of).collect();
    if projects.len() == 1 {
        let ids = offer(found.iter().map(|flow| {
            let id = text(flow, &["id"]).unwrap_or("?");
            format!("{id} (version {})", flow["version"])
        }));
        let project = project_of(&found[0]);
        return Failure::new(format!(
            "Project '{project}' has several flows '{name}'. Say which one by its id. {ids}"
        ));
    }
    let projects = offer(projects.into_iter().map(str::to_owned));
    Failure::new(format!(
        "Several projects have a flow '{name}'. Say which one with --project. {projects}"
    ))
}

/// The flow run of this id or name; the newest one where several bear the name.
pub fn flow_run(client: &Client, name: &str, selection: &str) -> Result<Value, Failure> {
    let condition = match name.parse::<FlowRunId>() {
        Ok(id) => json!({"id": {"_eq": id}}),
        Err(_) => json!({"name": {"_eq": name}}),
    };
    let found = rows(
        client,
        "flow_run",
        condition,
        json!([{"created": "desc"}]),
        Some(1),
        selection,
    )?;
    found.into_iter().next().ok_or_else(|| {
        Failure::new(format!(
            "There is no flow run '{name}'. 'flowdeck get flow-runs' lists the latest."
        ))
    })
}

/// The id of a row the API has answered.
pub fn id<T: std::str::FromStr>(row: &Value) -> Result<T, Failure> {
    text(row, &["id"]).and_then(|id| id.parse().ok()).ok_or_else(|| {
        Failure::new("The API answered a row without an id; check that --api names a Flowdeck server.")
    })
}

/// The name of a flow's project.
pub fn project_of(flow: &Value) -> &str {
    text(flow, &["project", "name"]).unwrap_or("?")
}

/// When a run ended; `None` while it has not. Some ends (Skipped, TriggerFailed) set no end time by the
/// contract (2.2), and then it is the time of the state.
pub fn ended(row: &Value) -> Option<&str> {
    let state: Option<StateType> = text(row, &["state"]).and_then(|state| state.parse().ok());
    text(row, &["end_time"]).or_else(|| {
        let finished = state.is_some_and(|state| state.is_finished() && state != StateType::Mapped);
        text(row, &["state_timestamp"]).filter(|_| finished)
    })
}

/// `add_one`, or `add_one[2]` for a mapped child.
pub fn task_run_name(task_run: &Value) -> String {
    if let Some(name) = text(task_run, &["name"]).filter(|name| !name.is_empty()) {
        return harmless(name, false);
    }
    let name = harmless(text(task_run, &["task", "name"]).unwrap_or("?"), false);
    match task_run["map_index"].as_i64() {
        Some(index) if index >= 0 => format!("{name}[{index}]"),
        _ => name,
    }
}

/// A sentence that says what there is.
pub fn offer(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.len() {
        0 => "There are none yet.".to_owned(),
        n if n > OFFERED => format!("There are {}, … ({n} in all).", names[..OFFERED].join(", ")),
        _ => format!("There are: {}.", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_bounded() {
        assert_eq!(offer(std::iter::empty()), "There are none yet.");
        assert_eq!(
            offer(["a", "b"].into_iter().map(String::from)),
            "There are: a, b."
        );
        let many = offer((0..30).map(|n| n.to_string()));
        assert!(many.ends_with("8, 9, … (30 in all)."), "{many}");
    }

    #[test]
    fn which_flow_is_meant_is_said_by_what_tells_them_apart() {
        let flow = |id: u8, version: u8, project: &str| json!({"id": id.to_string(), "version": version, "project": {"name": project}});
        assert_eq!(
            ambiguous("etl", &[flow(7, 1, "b"), flow(8, 3, "a"), flow(9, 2, "a")]).to_string(),
            "Several projects have a flow 'etl'. Say which one with --project. There are: a, b."
        );
        assert_eq!(
            ambiguous("etl", &[flow(8, 3, "a"), flow(9, 2, "a")]).to_string(),
            "Project 'a' has several flows 'etl'. Say which one by its id. There are: 8 (version 3), 9 (version 2)."
        );
    }

    #[test]
    fn an_end_without_an_end_time_is_the_time_of_the_state() {
        let row = |state: &str, end: Value| json!({"state": state, "state_timestamp": "s", "end_time": end});
        assert_eq!(ended(&row("Success", json!("e"))), Some("e"));
        assert_eq!(ended(&row("Skipped", Value::Null)), Some("s"));
        assert_eq!(ended(&row("Running", Value::Null)), None);
        assert_eq!(ended(&row("Mapped", Value::Null)), None);
    }
}
