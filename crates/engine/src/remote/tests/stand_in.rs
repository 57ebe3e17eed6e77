//! A stand-in for the API: as much of the contract as a flow run process uses, over real HTTP.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use flowdeck_vocabulary::{State, StateType, TaskId, TaskRunId};
use serde_json::{Map, Value, json};

use crate::Flows;

pub const FLOW_RUN: &str = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b";

type Hook = Box<dyn FnOnce(&StandIn) + Send>;

#[derive(Clone)]
pub struct StandIn {
    url: String,
    folder: Arc<tempfile::TempDir>,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    flow_name: String,
    flow_run: String,
    parameters: Value,
    tasks: BTreeMap<String, TaskId>,
    /// By name, `slug` or `slug[n]`.
    task_runs: BTreeMap<String, (TaskRunId, State)>,
    flow_run_history: Vec<String>,
    task_run_history: BTreeMap<String, Vec<String>>,
    logs: Vec<Value>,
    artifacts: usize,
    heartbeats: usize,
    calls: Vec<String>,
    unreliable: bool,
    away: bool,
    when_task_runs: Option<Hook>,
    cancelled_once_read: bool,
    lost_heartbeats: usize,
}

impl StandIn {
    /// Knows the first flow as registered, and one run of it that has been Submitted.
    pub fn start(flows: &Flows) -> Self {
        let flow = flows.iter().next().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let inner = Inner {
            flow_name: flow.name().to_owned(),
            flow_run: "Submitted".to_owned(),
            parameters: json!({}),
            tasks: flow
                .slugs()
                .map(|slug| (slug.to_owned(), TaskId::random()))
                .collect(),
            ..Inner::default()
        };
        let stand_in = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            folder: Arc::new(tempfile::tempdir().unwrap()),
            inner: Arc::new(Mutex::new(inner)),
        };
        let serving = stand_in.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (serving, stream) = (serving.clone(), stream.unwrap());
                thread::spawn(move || serving.serve(stream));
            }
        });
        stand_in
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub fn flow_run_states(&self) -> Vec<String> {
        self.inner.lock().unwrap().flow_run_history.clone()
    }

    pub fn task_run_states(&self) -> BTreeMap<String, Vec<String>> {
        self.inner.lock().unwrap().task_run_history.clone()
    }

    pub fn last_state(&self, name: &str) -> State {
        self.inner.lock().unwrap().task_runs[name].1.clone()
    }

    pub fn logs(&self) -> Vec<String> {
        let inner = self.inner.lock().unwrap();
        let name = |id: &Value| {
            let found = inner
                .task_runs
                .iter()
                .find(|(_, (run, _))| Some(run.to_string().as_str()) == id.as_str());
            found.map_or("-", |(name, _)| name.as_str())
        };
        let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
        let line = |line: &Value| {
            let (level, logger, message) = (text(line, "level"), text(line, "name"), text(line, "message"));
            format!("{level} {logger} {} {message}", name(&line["task_run_id"]))
        };
        inner.logs.iter().map(line).collect()
    }

    pub fn artifacts(&self) -> usize {
        self.inner.lock().unwrap().artifacts
    }

    pub fn heartbeats(&self) -> usize {
        self.inner.lock().unwrap().heartbeats
    }

    /// How many calls named this operation.
    pub fn calls(&self, operation: &str) -> usize {
        self.inner
            .lock()
            .unwrap()
            .calls
            .iter()
            .filter(|query| query.contains(operation))
            .count()
    }

    pub fn make_unreliable(&self) {
        self.inner.lock().unwrap().unreliable = true;
    }

    /// From now on every connection breaks, or none does.
    pub fn set_away(&self, away: bool) {
        self.inner.lock().unwrap().away = away;
    }

    /// Does this once, right after the first task run has become Running.
    pub fn when_task_runs(&self, hook: impl FnOnce(&Self) + Send + 'static) {
        self.inner.lock().unwrap().when_task_runs = Some(Box::new(hook));
    }

    /// Somebody cancels the run when its process has just read it.
    pub fn cancel_once_read(&self) {
        self.inner.lock().unwrap().cancelled_once_read = true;
    }

    /// As many heartbeats come to nothing.
    pub fn lose_heartbeats(&self, count: usize) {
        self.inner.lock().unwrap().lost_heartbeats = count;
    }

    pub fn set_flow_run(&self, state: &str) {
        self.inner.lock().unwrap().flow_run = state.to_owned();
    }

    pub fn set_parameters(&self, parameters: Value) {
        self.inner.lock().unwrap().parameters = parameters;
    }

    /// The task run is Pending again.
    pub fn forget(&self, name: &str) {
        self.inner.lock().unwrap().task_runs.remove(name);
    }

    pub fn clear_history(&self) {
        let mut inner = self.inner.lock().unwrap();
        inner.flow_run_history.clear();
        inner.task_run_history.clear();
    }

    /// The id of a task's run, made if it is not there.
    pub fn task_run(&self, slug: &str) -> TaskRunId {
        self.inner.lock().unwrap().get_or_create(slug).0
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(request) = read(&mut reader) {
            let count = {
                let mut inner = self.inner.lock().unwrap();
                inner.calls.push(request["query"].as_str().unwrap().to_owned());
                if inner.away {
                    return;
                }
                if inner.unreliable { inner.calls.len() } else { 0 }
            };
            match count % 12 {
                3 => return,
                7 => {
                    let _ = self.answer(&request);
                    return;
                }
                11 => {
                    stream
                        .write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                        .unwrap();
                    continue;
                }
                _ => {}
            }
            let body = match self.answer(&request) {
                Ok(data) => json!({"data": data}),
                Err(message) => json!({"data": null, "errors": [{"message": message}]}),
            }
            .to_string();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            if stream.write_all((head + &body).as_bytes()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, request: &Value) -> Result<Value, String> {
        let (query, variables) = (request["query"].as_str().unwrap(), &request["variables"]);
        let mut inner = self.inner.lock().unwrap();
        let answer = inner.answer(query, variables);
        let hook = match answer {
            Ok(_)
                if inner
                    .task_run_history
                    .values()
                    .flatten()
                    .any(|state| state == "Running") =>
            {
                inner.when_task_runs.take()
            }
            _ => None,
        };
        drop(inner);
        if let Some(hook) = hook {
            hook(self);
        }
        answer
    }
}

impl Inner {
    fn answer(&mut self, query: &str, variables: &Value) -> Result<Value, String> {
        let input = &variables["input"];
        let has = |operation: &str| query.contains(operation);
        if has("{ project(") {
            return Ok(json!({"project": [{"id": TaskRunId::random()}]}));
        }
        if has("create_flow(") {
            let tasks = input["serialized_flow"]["tasks"].as_array().unwrap();
            return Ok(json!({"create_flow": {"id": TaskRunId::random(), "tasks": tasks.len()}}));
        }
        if has("register_tasks") || has("register_edges") {
            return Ok(json!({}));
        }
        if has("flow_by_pk") {
            return Ok(json!({"flow_by_pk": {"version": 7}}));
        }
        if has("flow_run_by_pk") && has("task_runs") {
            let task_runs: Vec<Value> = self
                .task_runs
                .iter()
                .filter(|(name, _)| !name.contains('['))
                .map(|(name, (id, state))| json!({"id": id, "serialized_state": state, "task": {"slug": name}}))
                .collect();
            let tasks: Vec<Value> = self
                .tasks
                .iter()
                .map(|(slug, id)| json!({"id": id, "slug": slug}))
                .collect();
            let answer = json!({"flow_run_by_pk": {
                "parameters": self.parameters,
                "serialized_state": {"type": self.flow_run, "message": "so far"},
                "flow": {"name": self.flow_name, "tasks": tasks},
                "task_runs": task_runs,
            }});
            if self.cancelled_once_read {
                self.flow_run = "Cancelled".to_owned();
            }
            return Ok(answer);
        }
        if has("flow_run_by_pk") {
            return Ok(json!({"flow_run_by_pk": {"state": self.flow_run}}));
        }
        if has("get_or_create_task_run_info") {
            return Ok(self.task_run_info(query, variables));
        }
        if has("set_flow_run_states") {
            let state = input["states"][0]["state"]["type"].as_str().unwrap();
            if state == "Running" && self.flow_run == "Cancelled" {
                return Err("State update failed: this run has ended, it is Cancelled.".to_owned());
            }
            self.flow_run = state.to_owned();
            self.flow_run_history.push(state.to_owned());
        } else if has("set_task_run_states") {
            let states = input["states"].as_array().unwrap();
            // As in the real server nothing of a refused call stays.
            for state in states {
                self.check(state)?;
            }
            for state in states {
                let name = self.check(state)?;
                let new: State = serde_json::from_value(state["state"].clone()).unwrap();
                self.task_run_history
                    .entry(name.clone())
                    .or_default()
                    .push(new.state_type.name().to_owned());
                self.task_runs.get_mut(&name).unwrap().1 = new;
            }
        } else if has("write_run_logs") {
            let lines = input["logs"].as_array().unwrap();
            if lines.iter().any(|line| line["message"] == "refuse me") {
                return Err("This line is none.".to_owned());
            }
            self.logs.extend(lines.iter().cloned());
        } else if has("create_task_run_artifact") {
            self.artifacts += 1;
            return Ok(json!({"create_task_run_artifact": {"id": TaskRunId::random()}}));
        } else if has("update_flow_run_heartbeat") {
            if self.lost_heartbeats > 0 {
                self.lost_heartbeats -= 1;
                return Err("The server is on its way back.".to_owned());
            }
            self.heartbeats += 1;
        } else {
            return Err(format!("The stand-in has no answer to: {query}"));
        }
        Ok(json!({}))
    }

    fn check(&self, state: &Value) -> Result<String, String> {
        let id = state["task_run_id"].as_str().unwrap();
        let found = self.task_runs.iter().find(|(_, (run, _))| run.to_string() == id);
        let (name, _) = found.ok_or_else(|| format!("State update failed for task run ID {id}"))?;
        if state["state"]["type"] == "Running" && self.flow_run != "Running" {
            return Err(format!(
                "State update failed for task run ID {id}: not in a running state."
            ));
        }
        Ok(name.clone())
    }

    /// One by variables, or several by aliases `c0: …(… map_index: 0)`.
    fn task_run_info(&mut self, query: &str, variables: &Value) -> Value {
        if let Some(input) = variables.get("input") {
            let name = self.name(&input["task_id"], input["map_index"].as_u64());
            return json!({"get_or_create_task_run_info": self.info(&name)});
        }
        let mut answers = Map::new();
        for field in query.split("map_index: ").skip(1) {
            let index = field.split('}').next().unwrap().parse().unwrap();
            let name = self.name(&variables["task"], Some(index));
            answers.insert(format!("c{index}"), self.info(&name));
        }
        Value::Object(answers)
    }

    fn name(&self, task: &Value, index: Option<u64>) -> String {
        let (slug, _) = self.tasks.iter().find(|(_, id)| json!(id) == *task).unwrap();
        index.map_or_else(|| slug.clone(), |index| format!("{slug}[{index}]"))
    }

    fn info(&mut self, name: &str) -> Value {
        let (id, state) = self.get_or_create(name);
        json!({"id": id, "version": 1, "serialized_state": state})
    }

    fn get_or_create(&mut self, name: &str) -> (TaskRunId, State) {
        let new = || {
            (
                TaskRunId::random(),
                State::new(StateType::Pending, "Task run created"),
            )
        };
        self.task_runs.entry(name.to_owned()).or_insert_with(new).clone()
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
