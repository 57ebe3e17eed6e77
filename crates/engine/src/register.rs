//! Registering a flow: the server learns its tasks, edges, parameters and schedule, and where its program is.

use std::fmt;

use flowdeck_vocabulary::{FlowId, ProjectId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cache::hash_of;
use crate::client::{Client, ClientError};
use crate::flow::Flow;
use crate::serialize::Storage;

/// The largest flow sent in one call. The original server takes bodies of up to 5 MB (contract 1.3).
const LARGEST_CALL: usize = 2_000_000;
/// How many tasks or edges go in one call when a flow is sent in parts: as many as the Python client sends.
const PART: usize = 500;

/// How a flow is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registering {
    project: String,
    create_project: bool,
    labels: Vec<String>,
    storage: Option<Storage>,
}

/// What the server made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The flow's id.
    pub flow_id: FlowId,
    /// The flow's version; the same as before when nothing has changed.
    pub version: i64,
}

/// Why a flow could not be registered.
#[derive(Debug)]
pub enum RegisterError {
    /// There is no such project.
    NoProject(String),
    /// The system cannot say where this program lies.
    NoProgram(std::io::Error),
    /// The server said no, or nothing.
    Client(ClientError),
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProject(name) => {
                write!(
                    f,
                    "There is no project '{name}'. Create it with 'flowdeck create project {name}'."
                )
            }
            Self::NoProgram(error) => write!(f, "The system cannot say where this program lies: {error}"),
            Self::Client(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RegisterError {}

impl From<ClientError> for RegisterError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl Registering {
    /// In that project, which is created if it does not exist; for this program; with the labels every agent
    /// on this machine has.
    pub fn in_project(project: impl Into<String>) -> Self {
        let labels = vec![this_machine(), "rust".to_owned()];
        Self {
            project: project.into(),
            create_project: true,
            labels,
            storage: None,
        }
    }

    /// Only if the project exists.
    #[must_use]
    pub fn only_if_project_exists(mut self) -> Self {
        self.create_project = false;
        self
    }

    /// With these labels beside the flow's own, instead of this machine's.
    #[must_use]
    pub fn labels<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    /// For another program, or this one with arguments.
    #[must_use]
    pub fn storage(mut self, storage: Storage) -> Self {
        self.storage = Some(storage);
        self
    }
}

impl Flow {
    /// Registers the flow in a project, which is created if it does not exist. An agent on this machine will
    /// run it by starting this program with `execute flow-run`, so `main` has to call
    /// [`cli::main`](crate::cli::main).
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub fn register(&self, client: &Client, project: &str) -> Result<Registered, RegisterError> {
        self.register_with(client, &Registering::in_project(project))
    }

    /// Registers the flow. A flow that has not changed since keeps its version.
    ///
    /// # Errors
    /// When the server does not answer or refuses, or the project does not exist and is not to be created.
    pub fn register_with(&self, client: &Client, how: &Registering) -> Result<Registered, RegisterError> {
        let storage = match &how.storage {
            Some(storage) => storage.clone(),
            None => Storage::this_program().map_err(RegisterError::NoProgram)?,
        };
        let serialized = self.serialized(&storage, &how.labels);
        let key = hash_of(serialized.clone());
        let project = project(client, &how.project, how.create_project)?;
        let flow_id = match serialized.to_string().len() {
            small if small <= LARGEST_CALL => {
                client.create_flow(project, &serialized, self.description(), Some(&key))?
            }
            _ => create_in_parts(client, project, serialized, self.description(), &key)?,
        };
        Ok(Registered {
            flow_id,
            version: version(client, flow_id)?,
        })
    }
}

fn project(client: &Client, name: &str, create: bool) -> Result<ProjectId, RegisterError> {
    if let Some(id) = client.find_project(name)? {
        return Ok(id);
    }
    if !create {
        return Err(RegisterError::NoProject(name.to_owned()));
    }
    match client.create_project(name, None) {
        // Somebody was quicker.
        Err(error) if error.says("Uniqueness violation.") => client
            .find_project(name)?
            .ok_or_else(|| RegisterError::NoProject(name.to_owned())),
        settled => Ok(settled?),
    }
}

/// Creates a flow without its tasks and edges, then adds them some at a time (contract 4.5), and only then
/// lets its schedule run.
fn create_in_parts(
    client: &Client,
    project: ProjectId,
    mut flow: Value,
    description: Option<&str>,
    key: &str,
) -> Result<FlowId, ClientError> {
    #[derive(Deserialize)]
    struct Created {
        id: FlowId,
    }
    let (tasks, edges) = (flow["tasks"].take(), flow["edges"].take());
    flow["tasks"] = json!([]);
    flow["edges"] = json!([]);
    let has_schedule = !flow["schedule"].is_null();
    let mutate = |mutation: &str, answers: &str, input: Value| {
        let query =
            format!("mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ {answers} }} }}");
        client.execute(&query, json!({"input": input}))
    };
    let input = json!({
        "project_id": project, "serialized_flow": flow, "description": description, "idempotency_key": key,
        "set_schedule_active": false,
    });
    let query = "mutation($input: create_flow_input!) { create_flow(input: $input) { id } }";
    let Created { id } = client.execute_as(query, json!({"input": input}), "create_flow")?;
    for some in tasks.as_array().into_iter().flat_map(|tasks| tasks.chunks(PART)) {
        mutate(
            "register_tasks",
            "success",
            json!({"flow_id": id, "serialized_tasks": some}),
        )?;
    }
    for some in edges.as_array().into_iter().flat_map(|edges| edges.chunks(PART)) {
        mutate(
            "register_edges",
            "success",
            json!({"flow_id": id, "serialized_edges": some}),
        )?;
    }
    if has_schedule {
        mutate("set_schedule_active", "success", json!({"flow_id": id}))?;
    }
    Ok(id)
}

fn version(client: &Client, flow_id: FlowId) -> Result<i64, ClientError> {
    #[derive(Deserialize)]
    struct Row {
        version: i64,
    }
    let query = "query($id: uuid!) { flow_by_pk(id: $id) { version } }";
    let row: Option<Row> = client.execute_as(query, json!({"id": flow_id}), "flow_by_pk")?;
    Ok(row.map_or(1, |row| row.version))
}

/// The name of this machine, which is the label of its agents.
#[must_use]
pub fn this_machine() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TaskDefinition;
    use std::collections::HashMap;

    #[test]
    fn a_flow_serializes_the_same_each_time() {
        let flow = || {
            Flow::build("f", |flow| {
                let default: HashMap<String, u32> = (0..20).map(|n| (n.to_string(), n)).collect();
                flow.parameter::<HashMap<String, u32>>("map", default);
                flow.call::<()>(TaskDefinition::new("t", &[], |_| Ok(Value::Null)), vec![])
            })
        };
        let storage = Storage {
            path: "/bin/flows".to_owned(),
            args: vec![],
        };
        let serialized = |labels: &[&str]| {
            let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
            hash_of(flow().unwrap().serialized(&storage, &labels))
        };
        assert_eq!(serialized(&["a", "b"]), serialized(&["b", "a"]));
        assert_ne!(serialized(&["a"]), serialized(&["b"]));
    }
}
