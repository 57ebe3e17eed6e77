//! A flow run with 10,000 task runs of 12 fields: the whole answer, from the bytes of the request to the bytes of the
//! reply, next to the bare SQL that makes the same JSON, in one run. `cargo bench -p flowdeck-server --bench nested_read`

use std::sync::Arc;
use std::time::{Duration, Instant};

use flowdeck_server::Limits;
use flowdeck_server::context::Context;
use flowdeck_server::graphql::{Body, Engine, read_body};
use flowdeck_server::store::{DatabaseUrl, Store};
use flowdeck_server::time::SystemTime;

const TASK_RUNS: usize = 10_000;
const ROUNDS: usize = 20;
const FLOW_RUN: &str = "00000000-0000-4000-8000-000000000001";
const FIELDS: &str = "id task_id map_index name start_time end_time version state state_timestamp state_message \
                      serialized_state created";

/// The quickest way found to have SQLite's own functions make the same JSON. (`json_object` around the list would
/// take the list for text, or parse all of it once more.)
const BARE: &str = "SELECT '{\"id\":' || json_quote(f.id) || ',\"name\":' || json_quote(f.name) || ',\"task_runs\":' || (
    SELECT json_group_array(json_object('id', t.id, 'task_id', t.task_id, 'map_index', t.map_index, 'name', t.name,
        'start_time', t.start_time, 'end_time', t.end_time, 'version', t.version, 'state', t.state,
        'state_timestamp', t.state_timestamp, 'state_message', t.state_message,
        'serialized_state', json(t.serialized_state), 'created', t.created))
    FROM task_run AS t WHERE t.flow_run_id = f.id) || '}' FROM flow_run AS f WHERE f.id = ?1";

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("flowdeck.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let store = Store::open(&DatabaseUrl::File(path.clone())).expect("a database");
    runtime.block_on(fill(&store));

    let engine = Engine::new(Limits::default()).expect("a valid schema");
    let context = Context::new(store, Arc::new(SystemTime::default()));
    let query = format!("{{ flow_run_by_pk(id: \"{FLOW_RUN}\") {{ id name task_runs {{ {FIELDS} }} }} }}");
    let body = serde_json::json!({ "query": query }).to_string();
    let bare = rusqlite::Connection::open(&path).expect("the same database");

    let mut served = Vec::new();
    let mut queried = Vec::new();
    let (mut answer, mut expected) = (String::new(), String::new());
    // `cargo test --benches` only wants to know that it works.
    let rounds = if std::env::args().any(|argument| argument == "--bench") {
        ROUNDS
    } else {
        1
    };
    for _ in 0..rounds {
        let started = Instant::now();
        let Ok(Body::Single(Ok(request))) = read_body(body.as_bytes(), 1) else {
            panic!("a valid body")
        };
        answer = runtime
            .block_on(engine.execute(&context, request, usize::MAX))
            .text;
        served.push(started.elapsed());

        let started = Instant::now();
        let mut statement = bare.prepare_cached(BARE).expect("valid SQL");
        expected = statement
            .query_row([FLOW_RUN], |row| row.get(0))
            .expect("the flow run");
        queried.push(started.elapsed());
    }
    assert_eq!(
        answer,
        format!("{{\"data\":{{\"flow_run_by_pk\":{expected}}}}}"),
        "both print the same JSON"
    );
    let (served, queried) = (median(served), median(queried));
    println!(
        "{TASK_RUNS} task runs × 12 fields, {:.1} MB, median of {rounds} rounds",
        answer.len() as f64 / 1e6
    );
    println!("  whole answer  {:6.2} ms", milliseconds(served));
    println!("  bare SQL      {:6.2} ms", milliseconds(queried));
    println!(
        "  ratio         {:6.2}",
        served.as_secs_f64() / queried.as_secs_f64()
    );
}

async fn fill(store: &Store) {
    const TIME: &str = "2026-11-23T04:19:38.441849+00:00";
    const STATE: &str = r#"{"type":"Success","message":"Task run succeeded.","context":{"tags":[]},"cached_inputs":{},"_result":{"type":"NoResultType","__version__":"1.4.1"},"__version__":"1.4.1"}"#;
    let statements = format!(
        "INSERT INTO project (id, created, updated, name) VALUES ('{FLOW_RUN}', '{TIME}', '{TIME}', 'p');
         INSERT INTO flow_group (id, created, updated) VALUES ('{FLOW_RUN}', '{TIME}', '{TIME}');
         INSERT INTO flow (id, created, updated, project_id, flow_group_id, name)
             VALUES ('{FLOW_RUN}', '{TIME}', '{TIME}', '{FLOW_RUN}', '{FLOW_RUN}', 'f');
         INSERT INTO task (id, created, updated, flow_id, slug) VALUES ('{FLOW_RUN}', '{TIME}', '{TIME}', '{FLOW_RUN}', 's');
         INSERT INTO flow_run (id, created, updated, flow_id, name, scheduled_start_time)
             VALUES ('{FLOW_RUN}', '{TIME}', '{TIME}', '{FLOW_RUN}', 'swift-falcon', '{TIME}');
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {TASK_RUNS})
         INSERT INTO task_run (id, created, updated, flow_run_id, task_id, map_index, start_time, end_time, version,
                 state, state_timestamp, state_message, serialized_state)
             SELECT gen_random_uuid(), '{TIME}', '{TIME}', '{FLOW_RUN}', '{FLOW_RUN}', i, '{TIME}', '{TIME}', 3,
                 'Success', '{TIME}', 'Task run succeeded.', '{STATE}' FROM n"
    );
    let filled = store.write(move |db| {
        statements
            .split(';')
            .try_for_each(|statement| db.execute(statement, &[]).map(drop))
    });
    filled.await.expect("the rows are inserted");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
