//! The operations a client needs, typed: one method for each mutation or look-up of the contract it uses.

use flowdeck_vocabulary::{
    AgentId, ArtifactId, FlowId, FlowRunId, Labels, ProjectId, State, TaskId, TaskRunId, TenantId,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Client, ClientError};

/// What `create_flow_run` is told (contract 3.5). Absent fields take the flow's own settings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewFlowRun {
    /// The flow to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<FlowId>,
    /// Values for the flow's parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Map<String, Value>>,
    /// Which agents may take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Labels>,
    /// What its tasks find in the run's context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Map<String, Value>>,
    /// How an agent starts it; the flow's own otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_config: Option<Value>,
    /// Its name; two words at random otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_run_name: Option<String>,
    /// When it may start, ISO-8601; now otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_start_time: Option<String>,
    /// With the same key a flow has one run, however often it is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// What `register_agent` is told (contract 3.6).
#[derive(Debug, Clone, Serialize)]
pub struct AgentRegistration {
    /// The kind of agent, for example `FlowdeckAgent`.
    #[serde(rename = "type")]
    pub agent_type: String,
    /// Its name, for people.
    pub name: String,
    /// Which flow runs it may take.
    pub labels: Labels,
}

/// How much a log entry matters (contract 3.6, enum `log_level`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// For whoever looks for an error in the program.
    Debug,
    /// What happens.
    Info,
    /// Worth a look.
    Warning,
    /// Something failed.
    Error,
    /// Nothing goes on.
    Critical,
}

/// One entry for `write_run_logs` (contract 3.6).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogEntry {
    /// The flow run it belongs to.
    pub flow_run_id: FlowRunId,
    /// The task run it belongs to, if it does to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_run_id: Option<TaskRunId>,
    /// When, ISO-8601; the server's now otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// The logger, for example `flowdeck.code-census`.
    pub name: String,
    /// How much it matters.
    pub level: LogLevel,
    /// The words.
    pub message: String,
}

/// The answer of `get_or_create_task_run_info` (contract 3.5).
#[derive(Debug, Clone, Deserialize)]
pub struct TaskRunInfo {
    /// The task run.
    pub id: TaskRunId,
    /// How many states it has had; for one just made Prefect answers 0, Flowdeck 1.
    pub version: i64,
    /// Its state, with all keys the server keeps.
    pub serialized_state: State,
}

#[derive(Deserialize)]
struct IdOf<T> {
    id: T,
}

impl Client {
    /// [`execute`](Client::execute), and the root field `field` of the answer as the type wanted. `null`
    /// reads as `None` of an `Option`.
    ///
    /// # Errors
    /// [`ClientError::Malformed`] when the field does not have that form.
    pub fn execute_as<T: DeserializeOwned>(
        &self,
        query: &str,
        variables: Value,
        field: &str,
    ) -> Result<T, ClientError> {
        self.field(self.execute(query, variables)?, field)
    }

    /// Whether an API answers at all (`query { hello }`).
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn hello(&self) -> Result<(), ClientError> {
        self.execute("query { hello }", Value::Null).map(|_| ())
    }

    /// The one tenant there is; the first by slug where a server has several.
    ///
    /// # Errors
    /// [`ClientError::Api`] when the server has none, with the remedy.
    pub fn tenant_id(&self) -> Result<TenantId, ClientError> {
        let data = self.execute(
            "query { tenant(order_by: {slug: asc}, limit: 1) { id } }",
            Value::Null,
        )?;
        let tenants: Vec<IdOf<TenantId>> = self.field(data, "tenant")?;
        tenants.first().map(|tenant| tenant.id).ok_or_else(|| {
            ClientError::Api(vec![
                "The server has no tenant yet. Create one with 'prefect server create-tenant --name default'."
                    .to_owned(),
            ])
        })
    }

    /// The project of this name, if there is one.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn find_project(&self, name: &str) -> Result<Option<ProjectId>, ClientError> {
        let query = "query($name: String!) { project(where: {name: {_eq: $name}}, limit: 1) { id } }";
        let projects: Vec<IdOf<ProjectId>> =
            self.field(self.execute(query, json!({"name": name}))?, "project")?;
        Ok(projects.first().map(|project| project.id))
    }

    /// Creates a project.
    ///
    /// # Errors
    /// [`ClientError::Api`] with `Uniqueness violation.` when there is one of this name.
    pub fn create_project(&self, name: &str, description: Option<&str>) -> Result<ProjectId, ClientError> {
        let input = json!({"tenant_id": self.tenant_id()?, "name": name, "description": description});
        self.mutate_id("create_project", input)
    }

    /// Registers a flow, complete with its tasks and edges, as the next version of the flow of its name in
    /// this project. The same `idempotency_key` as last time leaves the version that is there.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn create_flow(
        &self,
        project_id: ProjectId,
        serialized_flow: &Value,
        description: Option<&str>,
        idempotency_key: Option<&str>,
    ) -> Result<FlowId, ClientError> {
        let input = json!({
            "project_id": project_id,
            "serialized_flow": serialized_flow,
            "description": description,
            "idempotency_key": idempotency_key,
            "set_schedule_active": true,
        });
        self.mutate_id("create_flow", input)
    }

    /// Creates a flow run, due now unless it says otherwise.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn create_flow_run(&self, flow_run: &NewFlowRun) -> Result<FlowRunId, ClientError> {
        self.mutate_id("create_flow_run", json!(flow_run))
    }

    /// Sets states of flow runs, in this order.
    ///
    /// # Errors
    /// [`ClientError::Api`] with `State update failed` when one of them was refused.
    pub fn set_flow_run_states(&self, states: &[(FlowRunId, State)]) -> Result<(), ClientError> {
        let states: Vec<Value> = states
            .iter()
            .map(|(id, state)| json!({"flow_run_id": id, "state": state}))
            .collect();
        let query = "mutation($input: set_flow_run_states_input!) \
                     { set_flow_run_states(input: $input) { states { id status message } } }";
        self.execute(query, json!({"input": {"states": states}}))
            .map(|_| ())
    }

    /// Sets states of task runs, in this order.
    ///
    /// # Errors
    /// [`ClientError::Api`] with `State update failed` when one of them was refused.
    pub fn set_task_run_states(&self, states: &[(TaskRunId, State)]) -> Result<(), ClientError> {
        let states: Vec<Value> = states
            .iter()
            .map(|(id, state)| json!({"task_run_id": id, "state": state}))
            .collect();
        let query = "mutation($input: set_task_run_states_input!) \
                     { set_task_run_states(input: $input) { states { id status message } } }";
        self.execute(query, json!({"input": {"states": states}}))
            .map(|_| ())
    }

    /// The task run of this task (or of its mapped child at `map_index`), made if it is not there yet.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn task_run_info(
        &self,
        flow_run_id: FlowRunId,
        task_id: TaskId,
        map_index: Option<u64>,
    ) -> Result<TaskRunInfo, ClientError> {
        let query = "mutation($input: get_or_create_task_run_info_input!) \
                     { get_or_create_task_run_info(input: $input) { id version serialized_state } }";
        let input = json!({"flow_run_id": flow_run_id, "task_id": task_id, "map_index": map_index});
        self.field(
            self.execute(query, json!({"input": input}))?,
            "get_or_create_task_run_info",
        )
    }

    /// Says that a flow run is still being worked on.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn heartbeat(&self, flow_run_id: FlowRunId) -> Result<(), ClientError> {
        self.mutate_success("update_flow_run_heartbeat", json!({"flow_run_id": flow_run_id}))
    }

    /// Stores log entries. One bad entry refuses the call.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn write_logs(&self, logs: &[LogEntry]) -> Result<(), ClientError> {
        self.mutate_success("write_run_logs", json!({"logs": logs}))
    }

    /// Asks a flow run to stop, and returns the name of its state afterwards: `Cancelling` while a process
    /// has to notice, `Cancelled` when there was none, or the end it had already come to.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn cancel_flow_run(&self, flow_run_id: FlowRunId) -> Result<String, ClientError> {
        let query = "mutation($input: cancel_flow_run_input!) { cancel_flow_run(input: $input) { state } }";
        let data = self.execute(query, json!({"input": {"flow_run_id": flow_run_id}}))?;
        self.field(data["cancel_flow_run"].clone(), "state")
    }

    /// Gives a task run a name of its own, seen beside the task's.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn set_task_run_name(&self, task_run_id: TaskRunId, name: &str) -> Result<(), ClientError> {
        self.mutate_success(
            "set_task_run_name",
            json!({"task_run_id": task_run_id, "name": name}),
        )
    }

    /// Attaches something to a task run for people to look at: kind `markdown` with `{"markdown": …}`, or
    /// kind `link` with `{"link": …}` (contract 3.6).
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn create_artifact(
        &self,
        task_run_id: TaskRunId,
        kind: &str,
        data: Value,
    ) -> Result<ArtifactId, ClientError> {
        let input = json!({"task_run_id": task_run_id, "kind": kind, "data": data});
        self.mutate_id("create_task_run_artifact", input)
    }

    /// Makes an agent known to the server, or finds it again: equal name, type, version and labels are the
    /// same agent.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn register_agent(&self, agent: &AgentRegistration) -> Result<AgentId, ClientError> {
        let mut input = json!(agent);
        input["tenant_id"] = json!(self.tenant_id()?);
        self.mutate_id("register_agent", input)
    }

    /// The flow runs that are due at `before` (ISO-8601) and that an agent with these labels may take. A
    /// look: nothing is taken yet. The agent this client names is marked as alive.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn runs_in_queue(
        &self,
        tenant_id: TenantId,
        labels: &Labels,
        before: &str,
    ) -> Result<Vec<FlowRunId>, ClientError> {
        let query = "mutation($input: get_runs_in_queue_input!) \
                     { get_runs_in_queue(input: $input) { flow_run_ids } }";
        let input = json!({"tenant_id": tenant_id, "labels": labels, "before": before});
        let data = self.execute(query, json!({"input": input}))?;
        self.field(data["get_runs_in_queue"].clone(), "flow_run_ids")
    }

    /// Runs a mutation whose payload is `{id}`.
    fn mutate_id<T: DeserializeOwned>(&self, mutation: &str, input: Value) -> Result<T, ClientError> {
        let query = format!("mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ id }} }}");
        let data = self.execute(&query, json!({"input": input}))?;
        self.field::<IdOf<T>>(data, mutation).map(|payload| payload.id)
    }

    /// Runs a mutation whose payload is `{success}`. An answer of false says that there was nothing to do: no such task
    /// run to name. Heartbeats and log lines are never answered so (contract 3.5, 3.6).
    fn mutate_success(&self, mutation: &str, input: Value) -> Result<(), ClientError> {
        let query =
            format!("mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ success }} }}");
        self.execute(&query, json!({"input": input})).map(|_| ())
    }

    /// One field of an answer, as the type wanted.
    pub(super) fn field<T: DeserializeOwned>(&self, mut data: Value, name: &str) -> Result<T, ClientError> {
        let value = data.get_mut(name).map(Value::take).unwrap_or_default();
        serde_json::from_value(value).map_err(|error| self.malformed(format!("field '{name}': {error}")))
    }
}
