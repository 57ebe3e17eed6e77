//! `cargo xtask generate`: fills a data directory with many flow runs, task runs or log lines, for benchmarks and for
//! looking at the dashboard under load.

#[path = "../benches/world/mod.rs"]
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use flowdeck_server::store::{DatabaseUrl, Store};
use flowdeck_server::time::{SystemTime, TimeSource};

const USAGE: &str = "usage: cargo xtask generate (flow-runs | task-runs | logs) COUNT DATA_DIR
  Writes them into DATA_DIR/flowdeck.db, made when it is not there; no server may have it open.
  Then: flowdeck server start --data-dir DATA_DIR";

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
    let [what, count, folder] = args.as_slice() else {
        return Err(USAGE.to_owned());
    };
    let count: usize = count
        .parse()
        .map_err(|_| format!("COUNT must be a whole number, and '{count}' is not.\n{USAGE}"))?;
    if !["flow-runs", "task-runs", "logs"].contains(&what.as_str()) {
        return Err(format!("'{what}' cannot be generated.\n{USAGE}"));
    }
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let store = Store::open(&DatabaseUrl::File(folder.join("flowdeck.db"))).map_err(|e| e.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let began = Instant::now();
    let now = SystemTime::default().now();
    let kind = what.clone();
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
