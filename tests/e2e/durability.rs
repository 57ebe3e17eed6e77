//! `kill -9` in the middle of a run: what was acknowledged is kept, and the run goes on or says why not.

use serde_json::json;

use crate::harness::{PATIENCE, Stage, eventually};

#[test]
fn a_killed_server_loses_nothing_and_the_run_goes_on() {
    let mut stage = Stage::new("durability");
    let flow = stage.flow_id("long-haul");
    let run = stage.create_flow_run(&flow, json!({ "scale": 0.1 }));
    stage.page.goto(format!("/flow-run/{run}"));
    stage.page.expect_text("long-haul");
    let before = eventually("five tasks have succeeded", PATIENCE, || {
        Some(succeeded(&stage, &run)).filter(|n| *n >= 5)
    });

    stage.server.kill();
    stage.server.start_again();
    assert!(
        succeeded(&stage, &run) >= before,
        "what was acknowledged is still there"
    );
    stage.expect_state(&run, "Success");
    stage.page.expect("the open page follows to the end", |page| {
        page.state() == "success"
    });
}

fn succeeded(stage: &Stage, run: &str) -> u64 {
    let query = "query($run: uuid) { task_run_aggregate(where: {flow_run_id: {_eq: $run}, state: {_in: [\"Success\", \"Mapped\"]}})
        { aggregate { count } } }";
    stage.server.graphql(query, json!({ "run": run }))["task_run_aggregate"]["aggregate"]["count"]
        .as_u64()
        .unwrap_or(0)
}
