//! What every test starts with: a server and a browser. When the test fails, it leaves what a person needs to see why.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::page::Page;
use super::plain::PlainServer;
use super::server::Server;
use super::wait::{PATIENCE, eventually};

/// A server and an open browser.
pub struct Stage {
    /// The browser; closed first.
    pub page: Page,
    /// The server.
    pub server: Server,
    evidence: PathBuf,
}

impl Stage {
    /// A server with its local agent, and a browser that has not gone anywhere yet. `name` is the test's.
    pub fn new(name: &str) -> Self {
        Self::with_args(name, &[])
    }

    /// The same with further arguments to `server start`.
    pub fn with_args(name: &str, args: &[&str]) -> Self {
        let target = std::env::var_os("FLOWDECK_E2E_DIR").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/e2e"),
            PathBuf::from,
        );
        let evidence = target.join(name);
        // What an earlier failure has left would only mislead.
        let _ = std::fs::remove_dir_all(&evidence);
        std::fs::create_dir_all(&evidence).expect("a folder for what a failure leaves");
        let server = Server::start(&evidence, args);
        Self {
            page: Page::open(server.origin()),
            server,
            evidence,
        }
    }

    /// The same, but the page meets a plain Prefect 1 server: without anything of ours that goes beyond its API.
    pub fn plain(name: &str, args: &[&str]) -> (Self, PlainServer) {
        let mut stage = Self::with_args(name, args);
        let plain = PlainServer::before(&stage.server);
        stage.page = Page::open(plain.origin());
        (stage, plain)
    }

    /// The newest flow of this name, as soon as it is registered.
    pub fn flow_id(&self, name: &str) -> String {
        let query =
            "query($name: String) { flow(where: {name: {_eq: $name}, archived: {_eq: false}}) { id } }";
        eventually(&format!("the flow '{name}' is registered"), PATIENCE, || {
            let found = self.server.graphql(query, json!({ "name": name }));
            found["flow"][0]["id"].as_str().map(str::to_owned)
        })
    }

    /// The project of this name that the server begins with.
    pub fn project_id(&self, name: &str) -> String {
        let query = "query($name: String) { project(where: {name: {_eq: $name}}) { id } }";
        let found = self.server.graphql(query, json!({ "name": name }));
        let id = found["project"][0]["id"].as_str();
        id.expect("the project is there").to_owned()
    }

    /// Registers a flow without tasks as any client can; answers its id.
    pub fn create_flow(&self, project_id: &str, name: &str) -> String {
        let query = "mutation($flow: JSON!, $project: UUID!) {
            create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }";
        let flow = json!({
            "name": name, "tasks": [], "edges": [], "parameters": [], "schedule": null,
            "storage": { "type": "Local" }, "run_config": { "type": "LocalRun" },
        });
        let created = self
            .server
            .graphql(query, json!({ "flow": flow, "project": project_id }));
        let id = created["create_flow"]["id"].as_str();
        id.expect("the new flow has an id").to_owned()
    }

    /// Asks for a run of the flow as any client can.
    pub fn create_flow_run(&self, flow_id: &str, parameters: Value) -> String {
        let query = "mutation($flow: UUID, $parameters: JSON) {
            create_flow_run(input: {flow_id: $flow, parameters: $parameters}) { id } }";
        let created = self
            .server
            .graphql(query, json!({ "flow": flow_id, "parameters": parameters }));
        created["create_flow_run"]["id"]
            .as_str()
            .expect("the new run has an id")
            .to_owned()
    }

    /// The state of a flow run by name.
    pub fn state_of(&self, flow_run_id: &str) -> String {
        let query = "query($id: uuid!) { flow_run_by_pk(id: $id) { state } }";
        let found = self.server.graphql(query, json!({ "id": flow_run_id }));
        found["flow_run_by_pk"]["state"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the flow run is in this state.
    #[track_caller]
    pub fn expect_state(&self, flow_run_id: &str, state: &str) {
        let what = format!("the flow run is {state}; it was {}", self.state_of(flow_run_id));
        eventually(&what, PATIENCE, || {
            (self.state_of(flow_run_id) == state).then_some(())
        });
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.page.leave_evidence(&self.evidence);
            eprintln!(
                "picture, page, console and server log: {}",
                self.evidence.display()
            );
        }
    }
}
