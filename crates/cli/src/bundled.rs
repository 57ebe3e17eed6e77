//! Registering the bundled flows: all of them once, and later those that are still there.

use std::fs;
use std::path::PathBuf;

use flowdeck_engine::Flow;
use flowdeck_engine::client::Client;
use flowdeck_vocabulary::TenantId;
use serde_json::{Value, json};
use tracing::info;

use crate::data_dir::DataDir;
use crate::failure::Failure;
use crate::{flows, lookup};

/// Registers the bundled flows at a server that has none yet, once: what somebody deletes stays deleted, and at later
/// starts only the bundled flows still registered are brought up to date (the program may have moved or changed).
/// A start that was cut off is made up for at the next.
pub fn register_at_start(client: &Client, data: &DataDir) -> Result<(), Failure> {
    let note = Note {
        path: data.bundled_flows(),
        tenant_id: client.tenant_id()?,
    };
    let is_first = match note.read() {
        Some(progress) => progress == BEGUN,
        // Nothing is noted of a database that is new, or older than the notes.
        None => {
            let projects: Vec<Value> =
                client.execute_as("query { project(limit: 1) { id } }", Value::Null, "project")?;
            projects.is_empty()
        }
    };
    if is_first {
        note.write(BEGUN)?;
        let registered = register_all(client)?;
        info!(
            "{} flows are registered; run one with 'flowdeck run --name simple-map --watch'",
            registered.len()
        );
        return note.write(REGISTERED);
    }
    note.write(REGISTERED)?;
    for (project, flow) in all()? {
        if is_registered(client, project, flow.name())? {
            register(client, project, &flow)?;
        }
    }
    Ok(())
}

/// How far the first registration has come.
const BEGUN: &str = "begun";
const REGISTERED: &str = "registered";

/// What the data folder says about the database whose tenant this is: each database has a tenant with an id of its own.
struct Note {
    path: PathBuf,
    tenant_id: TenantId,
}

impl Note {
    fn read(&self) -> Option<String> {
        let text = fs::read_to_string(&self.path).ok()?;
        let (tenant_id, progress) = text.trim().split_once(' ')?;
        (tenant_id == self.tenant_id.to_string()).then(|| progress.to_owned())
    }

    fn write(&self, progress: &str) -> Result<(), Failure> {
        fs::write(&self.path, format!("{} {progress}\n", self.tenant_id))
            .map_err(|error| Failure::new(format!("{} cannot be written ({error}).", self.path.display())))
    }
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
