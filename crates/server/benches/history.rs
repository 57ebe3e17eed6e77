//! The run history with 100,000 flow runs: each filter's page and counts; beside it a flow run with 5,000 task runs and
//! one with 100,000 log lines. From the bytes of the request to the bytes of
//! the reply, next to the page without a filter, in one run. `cargo bench -p flowdeck-server --bench history`

mod world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use flowdeck_server::Limits;
use flowdeck_server::context::Context;
use flowdeck_server::graphql::{Body, Engine, read_body};
use flowdeck_server::store::{DatabaseUrl, Store};
use flowdeck_server::time::{self, SystemTime, TimeSource};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

const FLOW_RUNS: usize = 100_000;
const TASK_RUNS: usize = 5_000;
const LINES: usize = 100_000;
const ROUNDS: usize = 11;

/// What a row of the history shows.
const PAGE: &str = "query ($where: flow_run_bool_exp, $order: [flow_run_order_by!]) {
  flow_run(where: $where, order_by: $order, limit: 100) {
    id name state state_message scheduled_start_time start_time end_time auto_scheduled labels
    flow { id name version project { id name } }
  }
}";

const COUNTS: &str = "query ($where: flow_run_bool_exp, $since: timestamptz) {
  counts: flow_run_count(where: $where) { state count }
  bars: flow_run_count(where: $where, since: $since, seconds: 86400) { state since count }
}";

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    // `cargo test --benches` only wants to know that it works.
    let (part, rounds) = if is_bench { (1, ROUNDS) } else { (100, 1) };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&DatabaseUrl::File(folder.path().join("flowdeck.db"))).expect("a database");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let now = SystemTime::default().now();
    let began = Instant::now();
    let (many_tasks, many_lines) = runtime
        .block_on(store.write(move |db| {
            let mut world = world::World::new(db, now)?;
            world.flow_runs(FLOW_RUNS / part)?;
            Ok((world.task_runs(TASK_RUNS / part)?, world.logs(LINES / part)?))
        }))
        .expect("the rows are inserted");
    println!(
        "{} flow runs, {} task runs in one and {} lines in another, written in {:.1} s",
        FLOW_RUNS / part,
        TASK_RUNS / part,
        LINES / part,
        began.elapsed().as_secs_f64()
    );

    let engine = Engine::new(Limits::default()).expect("a valid schema");
    let context = Context::new(store, Arc::new(SystemTime::default()));
    let ask = |query: &str, variables: Json| -> (Json, Duration) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let began = Instant::now();
        let Ok(Body::Single(Ok(request))) = read_body(body.as_bytes(), 1) else {
            panic!("a valid body")
        };
        let answer = runtime
            .block_on(engine.execute(&context, request, usize::MAX))
            .text;
        let took = began.elapsed();
        let answer: Json = serde_json::from_str(&answer).expect("JSON");
        assert!(answer.get("errors").is_none(), "{answer}");
        (answer, took)
    };
    let some = ask("{ flow_run(limit: 1, offset: 90, order_by: [{scheduled_start_time: desc}]) { id flow { id flow_group_id project_id } agent_id } }", json!({})).0;
    let some = &some["data"]["flow_run"][0];
    let ago = |hours: i64| time::format(now - SignedDuration::from_hours(hours));

    let newest = json!([{ "scheduled_start_time": "desc" }, { "id": "desc" }]);
    let failed = json!({ "state": { "_in": ["Failed", "TimedOut", "TriggerFailed", "ValidationFailed", "Cancelled"] } });
    let filters: Vec<(&str, Json, Json)> = vec![
        ("no filter", json!({}), newest.clone()),
        ("state:failed", failed.clone(), newest.clone()),
        (
            "state:timed-out",
            json!({ "state": { "_eq": "TimedOut" } }),
            newest.clone(),
        ),
        (
            "state:success",
            json!({ "state": { "_eq": "Success" } }),
            newest.clone(),
        ),
        (
            "state, none such",
            json!({ "state": { "_in": ["Paused", "Looped"] } }),
            newest.clone(),
        ),
        (
            "project",
            json!({ "flow": { "project_id": { "_eq": some["flow"]["project_id"] } } }),
            newest.clone(),
        ),
        (
            "project:~ware",
            json!({ "flow": { "project": { "name": { "_ilike": "%ware%" } } } }),
            newest.clone(),
        ),
        (
            "flow:load-orders",
            json!({ "flow": { "name": { "_eq": "load-orders" } } }),
            newest.clone(),
        ),
        (
            "flow group",
            json!({ "flow": { "flow_group_id": { "_eq": some["flow"]["flow_group_id"] } } }),
            newest.clone(),
        ),
        (
            "flow, none such",
            json!({ "flow": { "name": { "_ilike": "%nothing%" } } }),
            newest.clone(),
        ),
        (
            "flow and state",
            json!({ "flow": { "name": { "_eq": "train-forecast" } }, "state": failed["state"] }),
            newest.clone(),
        ),
        (
            "label:gpu",
            json!({ "labels": { "_contains": ["gpu"] } }),
            newest.clone(),
        ),
        (
            "label, none such",
            json!({ "labels": { "_contains": ["nowhere"] } }),
            newest.clone(),
        ),
        (
            "agent",
            json!({ "agent": { "name": { "_eq": "gpu-1" } } }),
            newest.clone(),
        ),
        (
            "agent, none such",
            json!({ "agent": { "name": { "_eq": "nobody" } } }),
            newest.clone(),
        ),
        (
            "name:~lynx",
            json!({ "name": { "_ilike": "%lynx%" } }),
            newest.clone(),
        ),
        (
            "name, none such",
            json!({ "name": { "_ilike": "%zebra%" } }),
            newest.clone(),
        ),
        (
            "scheduled:>-24h",
            json!({ "scheduled_start_time": { "_gt": ago(24) } }),
            newest.clone(),
        ),
        (
            "started:>-24h",
            json!({ "start_time": { "_gt": ago(24) } }),
            newest.clone(),
        ),
        (
            "started, one day in June",
            json!({ "start_time": { "_gt": ago(24 * 60), "_lt": ago(24 * 59) } }),
            newest.clone(),
        ),
        (
            "ended:<-80d",
            json!({ "end_time": { "_lt": ago(24 * 80) } }),
            newest.clone(),
        ),
        (
            "duration:>40m",
            json!({ "duration_seconds": { "_gt": 2400 } }),
            newest.clone(),
        ),
        (
            "duration:40m..41m",
            json!({ "_or": [
                { "_and": [{ "duration_seconds": { "_gte": 2400 } }, { "duration_seconds": { "_lte": 2460 } }] },
                { "_and": [
                    { "state": { "_in": ["Running", "Cancelling"] } },
                    { "start_time": { "_lte": ago(1) } },
                    { "start_time": { "_gte": ago(2) } },
                ] },
            ] }),
            newest.clone(),
        ),
        (
            "-duration, none such",
            json!({ "_or": [{ "duration_seconds": { "_gt": 900_000 } }, { "_and": [
                { "duration_seconds": { "_is_null": true } },
                { "_or": [{ "state": { "_in": ["Looped"] } }, { "start_time": { "_lt": "2000-01-01T00:00:00Z" } }] },
            ] }] }),
            newest.clone(),
        ),
        (
            "label, neither",
            json!({ "_or": [{ "labels": { "_contains": ["nowhere"] } }, { "labels": { "_contains": ["never"] } }] }),
            newest.clone(),
        ),
        (
            "duration, none such",
            json!({ "duration_seconds": { "_gt": 900_000 } }),
            newest.clone(),
        ),
        (
            "late",
            json!({ "state": { "_in": ["Scheduled", "Queued"] }, "state_start_time": { "_lt": ago(0) } }),
            newest.clone(),
        ),
        (
            "by:hand",
            json!({ "auto_scheduled": { "_eq": false } }),
            newest.clone(),
        ),
        (
            "param.batch:7",
            json!({ "parameters": { "_contains": { "batch": 7 } } }),
            newest.clone(),
        ),
        (
            "param, none such",
            json!({ "parameters": { "_contains": { "batch": 7777 } } }),
            newest.clone(),
        ),
        (
            "failed-tasks",
            json!({ "task_runs": { "state": { "_in": ["Failed", "TimedOut"] } } }),
            newest.clone(),
        ),
        (
            "failed-tasks, in successful runs",
            json!({ "state": { "_eq": "Success" }, "task_runs": { "state": { "_eq": "Failed" } } }),
            newest.clone(),
        ),
        (
            "page in the middle",
            json!({ "scheduled_start_time": { "_lt": ago(24 * 45) } }),
            newest.clone(),
        ),
        (
            "by end",
            json!({}),
            json!([{ "end_time": "desc_nulls_last" }, { "id": "desc" }]),
        ),
        (
            "by duration",
            json!({}),
            json!([{ "duration_seconds": "desc_nulls_last" }, { "id": "desc" }]),
        ),
        (
            "by duration, failed",
            failed.clone(),
            json!([{ "duration_seconds": "desc_nulls_last" }, { "id": "desc" }]),
        ),
    ];
    println!(
        "{:<34} {:>5} {:>10} {:>10} {:>8} {:>12}",
        "filter", "rows", "page ms", "worst ms", "ratio", "counts ms"
    );
    let mut plain = None;
    let mut worst_of_all = Duration::ZERO;
    for (name, filter, order) in filters {
        let (mut pages, mut counts, mut rows) = (Vec::new(), Vec::new(), 0);
        for _ in 0..rounds {
            let (answer, took) = ask(PAGE, json!({ "where": filter, "order": order }));
            rows = answer["data"]["flow_run"].as_array().map_or(0, Vec::len);
            pages.push(took);
            counts.push(ask(COUNTS, json!({ "where": filter, "since": ago(24 * 90) })).1);
        }
        let (page, worst) = median_and_worst(pages);
        worst_of_all = worst_of_all.max(worst);
        let plain = *plain.get_or_insert(page);
        println!(
            "{name:<34} {rows:>5} {:>10.2} {:>10.2} {:>8.2} {:>12.2}",
            milliseconds(page),
            milliseconds(worst),
            page.as_secs_f64() / plain.as_secs_f64(),
            milliseconds(median_and_worst(counts).0),
        );
    }
    let tail = "query ($run: uuid!) { log(where: { flow_run_id: { _eq: $run } }, order_by: [{ timestamp: desc }, \
                { id: desc }], limit: 1000) { id timestamp created level name message task_run_id } }";
    let search = "query ($run: uuid!) { log(where: { flow_run_id: { _eq: $run }, message: { _ilike: \"%row 777%\" } }, \
                  order_by: [{ timestamp: desc }, { id: desc }], limit: 1000) { id timestamp level message } }";
    let task_runs = "query ($run: uuid!) { task_run(where: { flow_run_id: { _eq: $run } }, order_by: [{ updated: asc }], \
                     limit: 20000) { id task_id map_index name state state_message start_time end_time updated } }";
    for (name, query, run) in [
        ("the last 1,000 lines", tail, many_lines),
        ("lines with a text", search, many_lines),
        ("all task runs", task_runs, many_tasks),
    ] {
        let times = (0..rounds).map(|_| ask(query, json!({ "run": run.to_string() })).1);
        let (median, worst) = median_and_worst(times.collect());
        println!(
            "{name:<34} {:>16.2} {:>10.2}",
            milliseconds(median),
            milliseconds(worst)
        );
    }
    println!("slowest page of all: {:.2} ms", milliseconds(worst_of_all));
}

fn median_and_worst(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times.last().copied().unwrap_or_default())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
