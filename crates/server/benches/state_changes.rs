//! State changes per second over HTTP, next to the same SQL in a bare loop: what the server costs on top of SQLite.
//!
//! `cargo bench -p flowdeck-server --bench state_changes`. Eight connections set one state of one task run in
//! each call, as the engines do; then a loop of prepared statements makes the same changes to a copy of the
//! database, one transaction each. Both in turns, several rounds, in one run: on another machine or a busy one
//! the figures move together, and the ratio is what counts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flowdeck_server::store::DatabaseUrl;
use flowdeck_server::{Config, bind};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, params};
use serde_json::{Value as Json, json};

const CONNECTIONS: usize = 8;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

/// As the Python client sends it, white space included.
const MUTATION: &str = "mutation($input: set_task_run_states_input!) {\n    set_task_run_states(input: $input) {\n        \
    states {\n            status\n            id\n            message\n        }\n    }\n}";

fn main() {
    // Cargo runs benchmarks with `--bench`; with `--test` it only wants to know that they work.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let (rounds, round) = if quick {
        (1, Duration::from_millis(100))
    } else {
        (ROUNDS, ROUND)
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("flowdeck.db");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("JSON");
    let mut config = Config::new(DatabaseUrl::File(database.clone()));
    (config.port, config.api_port, config.run_loops) = (0, 0, false);
    let bound = runtime.block_on(bind(config)).expect("a server");
    let api = bound.addresses().api;
    runtime.spawn(bound.serve(std::future::pending()));

    let task_runs = seed(api);
    let bare = Bare::open(&database, &folder.path().join("bare.db"));
    let mut figures = Vec::new();
    for number in 1..=rounds {
        let over_http = over_http(api, &task_runs, round);
        let in_a_loop = bare.changes_per_second(&task_runs, round);
        println!("round {number}: {over_http:6.0}/s over HTTP, {in_a_loop:6.0}/s in a bare loop");
        figures.push((over_http, in_a_loop));
    }
    let median = |pick: fn(&(f64, f64)) -> f64| {
        let mut all: Vec<f64> = figures.iter().map(pick).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let (over_http, in_a_loop) = (median(|f| f.0), median(|f| f.1));
    println!(
        "medians: {over_http:.0} state changes/s over HTTP ({CONNECTIONS} connections, one state per call), \
         {in_a_loop:.0}/s in a bare SQLite loop, ratio {:.2}",
        over_http / in_a_loop,
    );
}

/// A running flow run with a task run for each connection; answers their ids.
fn seed(api: SocketAddr) -> Vec<String> {
    let mut client = Client::connect(api);
    let mut mutate = |field: &str, input: Json, selection: &str| {
        let query =
            format!("mutation($input: {field}_input!) {{ {field}(input: $input) {{ {selection} }} }}");
        let answer: Json =
            serde_json::from_slice(&client.call(&body(&query, &json!({ "input": input })))).expect("JSON");
        assert!(answer.get("errors").is_none(), "{field}: {answer}");
        answer["data"][field].clone()
    };
    let tenant = mutate("create_tenant", json!({"name": "Bench", "slug": "bench"}), "id")["id"].clone();
    let project = mutate(
        "create_project",
        json!({"tenant_id": tenant, "name": "bench"}),
        "id",
    )["id"]
        .clone();
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|i| json!({"slug": format!("task-{i}")}))
        .collect();
    let flow = json!({"serialized_flow": {"name": "bench", "tasks": tasks}, "project_id": project});
    let flow = mutate("create_flow", flow, "id")["id"].clone();
    let flow_run = mutate("create_flow_run", json!({ "flow_id": flow }), "id")["id"].clone();
    let running = json!({"states": [{"flow_run_id": flow_run, "state": {"type": "Running"}}]});
    mutate("set_flow_run_states", running, "states { id }");
    let query = "query($id: uuid!) { task_run(where: {flow_run_id: {_eq: $id}}) { id } }";
    let answer: Json =
        serde_json::from_slice(&client.call(&body(query, &json!({ "id": flow_run })))).expect("JSON");
    let task_runs = answer["data"]["task_run"].as_array().expect("a list");
    assert_eq!(task_runs.len(), CONNECTIONS);
    task_runs
        .iter()
        .map(|run| run["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// A state as the Python client sends it.
fn running() -> Json {
    json!({
        "context": {"tags": []},
        "message": "Starting task run.",
        "_result": {"__version__": "1.4.1", "type": "NoResultType"},
        "cached_inputs": {},
        "__version__": "1.4.1",
        "type": "Running",
    })
}

fn body(query: &str, variables: &Json) -> String {
    json!({ "query": query, "variables": variables.to_string() }).to_string()
}

fn over_http(api: SocketAddr, task_runs: &[String], round: Duration) -> f64 {
    let stop = AtomicBool::new(false);
    let begin = Instant::now();
    let changes: usize = thread::scope(|scope| {
        let clients: Vec<_> = task_runs
            .iter()
            .map(|id| {
                let stop = &stop;
                scope.spawn(move || {
                    let states = json!([{"task_run_id": id, "state": running(), "version": 1}]);
                    let body = body(MUTATION, &json!({"input": {"states": states}}));
                    let mut client = Client::connect(api);
                    let mut changes = 0;
                    while !stop.load(Ordering::Relaxed) {
                        let answer = client.call(&body);
                        assert!(
                            answer.windows(7).any(|w| w == b"SUCCESS"),
                            "{}",
                            String::from_utf8_lossy(&answer)
                        );
                        changes += 1;
                    }
                    changes
                })
            })
            .collect();
        thread::sleep(round);
        stop.store(true, Ordering::Relaxed);
        clients
            .into_iter()
            .map(|client| client.join().expect("a client"))
            .sum()
    });
    changes as f64 / begin.elapsed().as_secs_f64()
}

/// A connection that is kept: no more of HTTP than it takes, so that the server is measured and not the client.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(api: SocketAddr) -> Self {
        let stream = TcpStream::connect(api).expect("a connection");
        stream.set_nodelay(true).expect("a socket option");
        Self {
            stream: BufReader::new(stream),
        }
    }

    fn call(&mut self, body: &str) -> Vec<u8> {
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-PREFECT-CORE-VERSION: 1.4.1\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len(),
        );
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .expect("a sent request");
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("a header");
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).expect("an answer");
        answer
    }
}

/// The statements of a task run's state change (see `store/state.rs`) without anything around them.
struct Bare {
    connection: Connection,
}

impl Bare {
    /// Copies the database and opens the copy with the server's settings.
    fn open(original: &Path, copy: &Path) -> Self {
        let source = Connection::open(original).expect("SQLite");
        source
            .execute("VACUUM INTO ?1", [copy.to_str().expect("a readable path")])
            .expect("SQLite");
        let connection = Connection::open(copy).expect("SQLite");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; \
                 PRAGMA cache_size = -2000; PRAGMA mmap_size = 134217728; PRAGMA temp_store = MEMORY;",
            )
            .expect("SQLite");
        connection
            .create_scalar_function("gen_random_uuid", 0, FunctionFlags::SQLITE_UTF8, |_| {
                Ok(flowdeck_vocabulary::TaskRunId::random().to_string())
            })
            .expect("SQLite");
        Self { connection }
    }

    fn changes_per_second(&self, task_runs: &[String], round: Duration) -> f64 {
        let prepare = |sql| self.connection.prepare(sql).expect("SQLite");
        let mut begin_transaction = prepare("BEGIN IMMEDIATE");
        let mut find = prepare(
            "SELECT t.version, t.state, t.start_time, t.end_time, t.tenant_id, t.serialized_state, \
             t.flow_run_id, f.state FROM task_run t JOIN flow_run f ON f.id = t.flow_run_id WHERE t.id = ?1",
        );
        let mut history = prepare(
            "INSERT INTO task_run_state (id, created, updated, tenant_id, task_run_id, timestamp, state, message, \
             result, start_time, serialized_state, version) \
             VALUES (gen_random_uuid(), ?2, ?2, ?3, ?1, ?2, ?4, ?5, ?6, ?7, ?8, ?9)",
        );
        let mut mirror = prepare(
            "UPDATE task_run SET updated = ?2, state_timestamp = ?2, state = ?3, state_message = ?4, \
             state_result = ?5, state_start_time = ?6, serialized_state = ?7, version = ?8, \
             start_time = ?9, end_time = ?10, heartbeat = coalesce(?11, heartbeat) WHERE id = ?1",
        );
        let mut commit = prepare("COMMIT");
        let state = running();
        let (text, result, none) = (state.to_string(), state["_result"].to_string(), None::<String>);
        let begin = Instant::now();
        let mut changes = 0;
        while begin.elapsed() < round {
            let id = &task_runs[changes % task_runs.len()];
            let now = format!("2026-11-23T04:19:38.{changes:06}+00:00");
            begin_transaction.execute([]).expect("SQLite");
            let (version, start_time, tenant): (i64, Option<String>, String) = find
                .query_row([id], |row| Ok((row.get(0)?, row.get(2)?, row.get(4)?)))
                .expect("SQLite");
            let (version, message) = (version + 1, "Starting task run.");
            history
                .execute(params![
                    id, now, tenant, "Running", message, result, none, text, version
                ])
                .expect("SQLite");
            let start_time = start_time.unwrap_or_else(|| now.clone());
            mirror
                .execute(params![
                    id, now, "Running", message, result, none, text, version, start_time, none, now
                ])
                .expect("SQLite");
            commit.execute([]).expect("SQLite");
            changes += 1;
        }
        changes as f64 / begin.elapsed().as_secs_f64()
    }
}
