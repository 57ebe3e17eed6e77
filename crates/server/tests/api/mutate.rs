//! Words for tests that change things: mutations, and flows and runs to change.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;

/// The selection that shows a whole payload.
fn selection(field: &str) -> &'static str {
    match field {
        "cancel_flow_run" => "state",
        "restart_flow_run" => "id task_runs",
        "get_runs_in_queue" => "flow_run_ids",
        "set_flow_run_states" | "set_task_run_states" => "states { id status message }",
        "get_or_create_task_run_info" => "id version state serialized_state",
        _ if field.starts_with("create_")
            || [
                "set_project_name",
                "set_project_description",
                "update_flow_project",
                "update_saved_view",
                "register_agent",
            ]
            .contains(&field)
            || field == "get_or_create_task_run" =>
        {
            "id"
        }
        _ => "success",
    }
}

/// A mutation whose only argument is a variable.
pub fn document(field: &str) -> String {
    format!(
        "mutation($input: {field}_input!) {{ {field}(input: $input) {{ {} }} }}",
        selection(field)
    )
}

impl TestServer {
    /// Runs a mutation that must succeed and answers its payload.
    pub fn mutate(&self, field: &str, input: Json) -> Json {
        self.data(&document(field), json!({ "input": input }))[field].take()
    }

    /// The same with headers.
    pub fn mutate_with(&self, headers: &[(&str, &str)], field: &str, input: Json) -> Json {
        let body = json!({ "query": document(field), "variables": { "input": input } }).to_string();
        let mut answer = self
            .post_to(&format!("http://{}/", self.api), headers, body)
            .json();
        assert!(answer.get("errors").is_none(), "{field}: {answer}");
        answer["data"][field].take()
    }

    /// Runs a mutation that answers an id.
    pub fn create(&self, field: &str, input: Json) -> String {
        self.mutate(field, input)["id"].as_str().unwrap().to_owned()
    }

    /// Runs a mutation that answers whether it had something to do.
    pub fn succeeds(&self, field: &str, input: Json) -> bool {
        self.mutate(field, input)["success"].as_bool().unwrap()
    }

    /// Runs a mutation that must be refused in the way of the contract: HTTP 200, null and a message.
    pub fn refused(&self, field: &str, input: Json) -> String {
        let reply =
            self.post(json!({ "query": document(field), "variables": { "input": input } }).to_string());
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["data"]),
            (200, &json!({ field: null })),
            "{body}"
        );
        assert_eq!(
            body["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR",
            "{body}"
        );
        assert_eq!(body["errors"][0]["path"], json!([field]), "{body}");
        body["errors"][0]["message"].as_str().unwrap().to_owned()
    }

    pub fn tenant(&self) -> String {
        self.query("{ tenant { id } }")["tenant"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub fn project(&self, name: &str) -> String {
        self.create(
            "create_project",
            json!({ "tenant_id": self.tenant(), "name": name }),
        )
    }

    /// A flow in a project of its own, with what its JSON says besides a name.
    pub fn flow(&self, name: &str, serialized: Json) -> String {
        let project_id = self.project(&format!("project of {name}"));
        self.flow_in(&project_id, name, serialized)
    }

    pub fn flow_in(&self, project_id: &str, name: &str, mut serialized: Json) -> String {
        serialized["name"] = name.into();
        self.create(
            "create_flow",
            json!({ "serialized_flow": serialized, "project_id": project_id }),
        )
    }

    /// A flow of tasks with these slugs.
    pub fn flow_of_tasks(&self, name: &str, slugs: &[&str]) -> String {
        let tasks: Vec<_> = slugs
            .iter()
            .map(|slug| json!({ "slug": slug, "name": slug }))
            .collect();
        self.flow(name, json!({ "tasks": tasks }))
    }

    pub fn flow_run(&self, flow_id: &str) -> String {
        self.create("create_flow_run", json!({ "flow_id": flow_id }))
    }

    pub fn set_flow_run_state(&self, id: &str, state: Json) {
        self.mutate(
            "set_flow_run_states",
            json!({ "states": [{ "flow_run_id": id, "state": state }] }),
        );
    }

    pub fn set_task_run_state(&self, id: &str, state: Json) {
        self.mutate(
            "set_task_run_states",
            json!({ "states": [{ "task_run_id": id, "state": state }] }),
        );
    }

    /// The task runs of a flow run by the slug of their task; only those of the tasks themselves.
    pub fn task_run(&self, flow_run_id: &str, slug: &str) -> String {
        let query = "query($run: uuid!, $slug: String!) { task_run(where: {flow_run_id: {_eq: $run}, \
            map_index: {_eq: -1}, task: {slug: {_eq: $slug}}}) { id } }";
        let data = self.data(query, json!({ "run": flow_run_id, "slug": slug }));
        data["task_run"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Columns of one row, by its id.
    pub fn row(&self, table: &str, id: &str, columns: &str) -> Json {
        let query = format!("query($id: uuid!) {{ {table}_by_pk(id: $id) {{ {columns} }} }}");
        self.data(&query, json!({ "id": id }))[format!("{table}_by_pk")].take()
    }
}
