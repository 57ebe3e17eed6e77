//! Rounds of an agent against a server that answers what a test tells it to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use flowdeck_vocabulary::{AgentId, TenantId};
use serde_json::{Value, json};

use super::*;

/// What a server answers, and what it was asked.
#[derive(Default)]
struct Server {
    /// Rows of due flow runs.
    due: Vec<Value>,
    /// States of these flow runs are refused.
    refused: Vec<FlowRunId>,
    states: Vec<(String, String)>,
    logs: usize,
}

impl Server {
    fn start(self) -> (Client, Arc<Mutex<Self>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = Client::new(listener.local_addr().unwrap().to_string());
        let server = Arc::new(Mutex::new(self));
        let serving = Arc::clone(&server);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&mut stream);
                let body = match serving.lock().unwrap().answer(&request) {
                    Ok(data) => json!({ "data": data }),
                    Err(message) => json!({"data": null, "errors": [{"message": message}]}),
                }
                .to_string();
                let length = body.len();
                let head =
                    format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
                stream.write_all((head + &body).as_bytes()).unwrap();
            }
        });
        (client, server)
    }

    fn answer(&mut self, request: &Value) -> Result<Value, String> {
        let query = request["query"].as_str().unwrap();
        let input = &request["variables"]["input"];
        let has = |operation: &str| query.contains(operation);
        if has("register_agent(") {
            return Ok(json!({"register_agent": {"id": AgentId::random()}}));
        }
        if has("tenant(") {
            return Ok(json!({"tenant": [{"id": TenantId::random()}]}));
        }
        if has("get_runs_in_queue") {
            let ids: Vec<&Value> = self.due.iter().map(|row| &row["id"]).collect();
            return Ok(json!({"get_runs_in_queue": {"flow_run_ids": ids}}));
        }
        if has("flow_run(where: {id:") {
            return Ok(json!({ "flow_run": self.due }));
        }
        if has("flow_run_by_pk") {
            let run = json!({"name": "otter", "state": "Submitted", "heartbeat": null, "task_runs": []});
            return Ok(json!({ "flow_run_by_pk": run }));
        }
        if has("write_run_logs") {
            self.logs += 1;
            return Ok(json!({"write_run_logs": {"success": true}}));
        }
        assert!(has("set_flow_run_states"), "{query}");
        let state = &input["states"][0];
        let (id, state) = (&state["flow_run_id"], state["state"]["type"].as_str().unwrap());
        if state == "Failed" && self.refused.iter().any(|refused| json!(refused) == *id) {
            return Err("Such a state is none.".to_owned());
        }
        let id = id.as_str().unwrap().to_owned();
        self.due.retain(|row| row["id"] != id);
        self.states.push((id, state.to_owned()));
        Ok(json!({}))
    }
}

fn read(stream: &mut TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// A due flow run whose program is not there: taking it needs no process, and its end is reported in the next round.
fn due(id: FlowRunId, message: Value) -> Value {
    json!({
        "id": id, "name": "otter", "serialized_state": {"type": "Scheduled", "message": message},
        "run_config": null, "heartbeat": null, "task_runs": [],
        "flow": {"name": "f", "storage": {"type": "Executable", "path": "/nowhere/flows"}},
    })
}

fn agent(client: Client, data: &tempfile::TempDir) -> Agent {
    let settings = AgentSettings {
        name: "agent".to_owned(),
        labels: std::iter::once("rust".to_owned()).collect(),
        max_runs: Some(1),
    };
    let data = DataDir::open(Some(data.path().to_owned())).unwrap();
    Agent::new(client, settings, &data).unwrap()
}

#[test]
fn a_run_that_nobody_can_read_keeps_an_agent_from_no_other() {
    let (odd, good) = (FlowRunId::random(), FlowRunId::random());
    let data = tempfile::tempdir().unwrap();
    let (client, server) = Server {
        due: vec![due(odd, json!(5)), due(good, json!("now"))],
        ..Server::default()
    }
    .start();
    agent(client, &data).round().unwrap();
    let states = server.lock().unwrap().states.clone();
    assert_eq!(states, [(good.to_string(), "Submitted".to_owned())]);
}

#[test]
fn an_end_that_the_server_refuses_to_hear_of_keeps_an_agent_from_nothing() {
    let (first, second) = (FlowRunId::random(), FlowRunId::random());
    let data = tempfile::tempdir().unwrap();
    let (client, server) = Server {
        due: vec![due(first, json!("now"))],
        refused: vec![first],
        ..Server::default()
    }
    .start();
    let mut agent = agent(client, &data);
    agent.round().unwrap();
    server.lock().unwrap().due.push(due(second, json!("now")));
    for _ in 0..3 {
        agent.round().unwrap();
    }
    let states = |id: FlowRunId| -> Vec<String> {
        let states = server.lock().unwrap().states.clone();
        let of_run = states.into_iter().filter(|(run, _)| *run == id.to_string());
        of_run.map(|(_, state)| state).collect()
    };
    assert_eq!(states(first), ["Submitted"]);
    assert_eq!(states(second), ["Submitted", "Failed"]);
    assert_eq!(server.lock().unwrap().logs, 2, "each end is told once");
    let charge = agent.charges.get_mut(&first).unwrap();
    assert!(!charge.is_to_be_reported(), "not at once");

    server.lock().unwrap().refused.clear();
    charge.put_off_for(Duration::ZERO);
    agent.round().unwrap();
    assert_eq!(states(first), ["Submitted", "Failed"]);
    assert_eq!(server.lock().unwrap().logs, 2, "its end is not told again");
    assert!(agent.charges.is_empty());
}
