//! Agents take what their labels allow, and only that.

use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::harness::{Server, data, wait_for};

struct Agent(Child);

impl Agent {
    fn start(server: &Server, data: &std::path::Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowdeck"));
        command
            .args(["agent", "local", "start", "--api", &server.api, "--data-dir"])
            .arg(data)
            .args(args);
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // Ended already is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_run_with_a_label_waits_for_an_agent_that_has_it() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let labelled = server.run(&["simple-map", "--label", "gpu"]);
    // The server's own agent is at work, and leaves the labelled run alone.
    let plain = server.run(&["simple-map"]);
    server.wait_for_state(&plain, "Success");
    assert_eq!(server.flow_run(&labelled)["state"], "Scheduled");

    let _agent = Agent::start(&server, data.path(), &["--label", "gpu", "--name", "second"]);
    server.wait_for_state(&labelled, "Success");
}

#[test]
fn an_agent_takes_no_more_runs_at_a_time_than_it_may() {
    let data = data();
    let server = Server::start(data.path(), &["--no-agent"]).with_flows();
    let _agent = Agent::start(&server, data.path(), &["--max-runs", "1"]);
    let ids = [server.run(&["long-haul"]), server.run(&["long-haul"])];
    let state = |id: &str| server.flow_run(id)["state"].as_str().unwrap().to_owned();
    let running = wait_for("one of two runs is at work", || {
        ids.iter().find(|id| state(id) == "Running")
    });
    let waiting = ids.iter().find(|id| *id != running).unwrap();
    assert_eq!(state(waiting), "Scheduled");
    server.ask(&["cancel", running]);
    server.wait_for_state(running, "Cancelled");
    server.wait_for_state(waiting, "Running");
    server.ask(&["cancel", waiting]);
    server.wait_for_state(waiting, "Cancelled");
}

/// Nobody runs a Python agent any more, and its flows are late: that is nothing to an agent with one place.
#[test]
fn late_runs_of_another_storage_keep_an_agent_from_nothing() {
    let data = data();
    let server = Server::start(data.path(), &["--no-agent"]).with_flows();
    let project = &server.get(&["projects"])[0]["id"];
    let serialized =
        json!({"name": "python", "storage": {"type": "Local"}, "run_config": {"labels": ["rust"]}});
    let create_flow = "mutation($flow: JSON!, $project: UUID!) \
        { create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }";
    let flow = server.post(create_flow, &json!({"flow": serialized, "project": project}));
    let create_runs: String = (0..30)
        .map(|n| format!("r{n}: create_flow_run(input: {{flow_id: $flow}}) {{ id }} "))
        .collect();
    let create_runs = format!("mutation($flow: UUID!) {{ {create_runs} }}");
    server.post(&create_runs, &json!({"flow": flow["create_flow"]["id"]}));
    let ours = server.run(&["simple-map"]);
    let _agent = Agent::start(&server, data.path(), &["--max-runs", "1"]);
    server.wait_for_state(&ours, "Success");
}

#[test]
fn an_agent_outlives_a_restart_of_the_server() {
    let data = data();
    let server = Server::start(data.path(), &["--no-agent"]).with_flows();
    let port = server.api_port();
    let _agent = Agent::start(&server, data.path(), &[]);
    let id = server.run(&["simple-map"]);
    server.wait_for_state(&id, "Success");
    server.kill();
    let server = Server::start(data.path(), &["--no-agent", "--api-port", &port]);
    let id = server.run(&["simple-map"]);
    server.wait_for_state(&id, "Success");
}

#[test]
fn of_several_agents_only_one_takes_a_run() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let _agents = ["b", "c"].map(|name| Agent::start(&server, data.path(), &["--name", name]));
    let ids: Vec<String> = (0..4).map(|_| server.run(&["simple-map"])).collect();
    for id in &ids {
        server.wait_for_state(id, "Success");
        // An agent says so after it has started the process.
        wait_for("the agent's word", || {
            server.log(id).contains("Submitted for execution").then_some(())
        });
        assert_eq!(
            server.log(id).matches("Submitted for execution").count(),
            1,
            "{}",
            server.log(id)
        );
    }
}
