//! Registering the bundled flows: all of them once, and later those that are still there.

use flowdeck_engine::Flow;
use flowdeck_engine::client::Client;
use serde_json::{Value, json};
use tracing::info;

use crate::failure::Failure;
use crate::{flows, lookup};

/// Registers the bundled flows at a server that has no project yet. At one that has, only the bundled flows
/// still registered are brought up to date (the program may have moved or changed): what somebody has
/// deleted stays deleted.
pub fn register_at_start(client: &Client) -> Result<(), Failure> {
    let projects: Vec<Value> =
        client.execute_as("query { project(limit: 1) { id } }", Value::Null, "project")?;
    if projects.is_empty() {
        let registered = register_all(client)?;
        info!(
            "{} flows are registered; run one with 'flowdeck run --name simple-map --watch'",
            registered.len()
        );
        return Ok(());
    }
    for (project, flow) in all()? {
        if is_registered(client, project, flow.name())? {
            register(client, project, &flow)?;
        }
    }
    Ok(())
}

/// Registers all bundled flows, those deleted before, too. Answers a line for each.
pub fn register_all(client: &Client) -> Result<Vec<String>, Failure> {
    for (project, description) in flows::PROJECTS {
        match client.create_project(project, Some(description)) {
            Err(error) if !error.says("Uniqueness violation") => return Err(error.into()),
            _ => {}
        }
    }
    all()?
        .into_iter()
        .map(|(project, flow)| register(client, project, &flow))
        .collect()
}

fn all() -> Result<Vec<(&'static str, Flow)>, Failure> {
    flows::all().map_err(|error| Failure::new(error.to_string()))
}

fn register(client: &Client, project: &str, flow: &Flow) -> Result<String, Failure> {
    let registered = flow
        .register(client, project)
        .map_err(|error| Failure::new(error.to_string()))?;
    Ok(format!(
        "'{}' in project '{project}', version {} ({})",
        flow.name(),
        registered.version,
        registered.flow_id
    ))
}

fn is_registered(client: &Client, project: &str, name: &str) -> Result<bool, Failure> {
    let condition =
        json!({"name": {"_eq": name}, "project": {"name": {"_eq": project}}, "archived": {"_eq": false}});
    Ok(!lookup::rows(client, "flow", condition, json!([]), Some(1), "{ id }")?.is_empty())
}
