//! `cargo xtask generate`: fills a data directory with many flow runs, task runs or log lines, for benchmarks and for
//! looking at the dashboard under load. Or keeps changing task runs through the API, so that each poll of the dashboard
//! brings something.

#[path = "../benches/world/mod.rs"]
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use flowdeck_server::store::{DatabaseUrl, Store};
use flowdeck_server::time::{SystemTime, TimeSource};
use serde_json::{Value as Json, json};

const USAGE: &str = "usage: cargo xtask generate (flow-runs | task-runs | logs) COUNT DATA_DIR
  Writes them into DATA_DIR/flowdeck.db, made when it is not there; no server may have it open.
  Then: flowdeck server start --data-dir DATA_DIR
usage: cargo xtask generate changes PER_SECOND FLOW_RUN_ID [API]
  Changes the states of PER_SECOND mapped task runs of the flow run each second, through the API of a running server
  (http://localhost:4200 unless given), until it is stopped.";

/// A second's changes are spread over so many requests, as those of an engine are.
const REQUESTS_PER_SECOND: u32 = 10;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["changes", count, run] => change(whole(count)?, run, "http://localhost:4200"),
        ["changes", count, run, api] => change(whole(count)?, run, api),
        [what @ ("flow-runs" | "task-runs" | "logs"), count, folder] => fill(what, whole(count)?, folder),
        _ => Err(USAGE.to_owned()),
    }
}

fn whole(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("A count must be a whole number above 0, and '{text}' is not.\n{USAGE}"))
}

fn fill(what: &str, count: usize, folder: &str) -> Result<(), String> {
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let store = Store::open(&DatabaseUrl::File(folder.join("flowdeck.db"))).map_err(|e| e.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let began = Instant::now();
    let now = SystemTime::default().now();
    let kind = what.to_owned();
    let written = store.write(move |db| {
        let mut world = world::World::new(db, now)?;
        match kind.as_str() {
            "flow-runs" => world.flow_runs(count).map(|()| None),
            "task-runs" => world.task_runs(count).map(Some),
            _ => world.logs(count).map(Some),
        }
    });
    let run = runtime.block_on(written).map_err(|e| e.to_string())?;
    println!("{count} {what} in {:.1} s", began.elapsed().as_secs_f64());
    if let Some(run) = run {
        println!("all of flow run {run}: /flow-run/{run}");
    }
    Ok(())
}

/// Lets the mapped task runs of a flow run end and begin again, one after the other, for ever.
fn change(per_second: usize, run: &str, api: &str) -> Result<(), String> {
    let query = "query ($run: uuid!) { task_run(where: { flow_run_id: { _eq: $run }, map_index: { _gte: 0 } }, \
                 order_by: [{ map_index: asc }, { id: asc }], limit: 100000) { id state } }";
    let found = ask(api, query, &json!({ "run": run }))?;
    let mut task_runs: Vec<(String, bool)> = found["task_run"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| Some((row["id"].as_str()?.to_owned(), row["state"] == "Running")))
        .collect();
    if task_runs.is_empty() {
        return Err(format!("The flow run {run} at {api} has no mapped task runs."));
    }
    println!(
        "changing {per_second} of {} task runs each second",
        task_runs.len()
    );
    let pause = Duration::from_secs(1) / REQUESTS_PER_SECOND;
    let each = per_second.div_ceil(REQUESTS_PER_SECOND as usize);
    let mutation = "mutation ($states: [set_task_run_state_input!]!) { \
                    set_task_run_states(input: { states: $states }) { states { status } } }";
    let mut next = 0;
    loop {
        let began = Instant::now();
        let mut states = Vec::new();
        for _ in 0..each {
            let (id, is_running) = &mut task_runs[next];
            *is_running = !*is_running;
            let state = if *is_running { "Running" } else { "Success" };
            states.push(
                json!({ "task_run_id": id, "state": { "type": state, "message": "changed by generate" } }),
            );
            next = (next + 1) % task_runs.len();
        }
        ask(api, mutation, &json!({ "states": states }))?;
        std::thread::sleep(pause.saturating_sub(began.elapsed()));
    }
}

fn ask(api: &str, query: &str, variables: &Json) -> Result<Json, String> {
    let url = format!(
        "{}/graphql",
        api.trim_end_matches("/graphql").trim_end_matches('/')
    );
    let failed = |error: ureq::Error| format!("{url} did not answer: {error}.");
    let mut response = ureq::post(&url)
        .send_json(json!({ "query": query, "variables": variables }))
        .map_err(failed)?;
    let mut answer: Json = response.body_mut().read_json().map_err(failed)?;
    match answer.get("errors") {
        Some(errors) => Err(format!("{url} refused: {errors}")),
        None => Ok(answer["data"].take()),
    }
}
