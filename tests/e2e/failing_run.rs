//! Runs that do not succeed: the page must say in which of many ways.

use serde_json::json;

use crate::harness::{Role, Stage};

#[test]
fn every_way_to_fail_is_told_apart() {
    let stage = Stage::new("failing_run");
    let flow = stage.flow_id("weather-of-failures");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.page.goto(format!("/flow-run/{run}"));
    stage
        .page
        .expect("the run's state is Failed", |page| page.state() == "failed");
    for state in ["Success", "Failed", "TriggerFailed", "Skipped", "TimedOut"] {
        stage.page.expect_text(state);
    }
    stage.expect_state(&run, "Failed");
    assert_eq!(stage.page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_running_run_is_cancelled_from_its_page() {
    let stage = Stage::new("cancelled_run");
    let flow = stage.flow_id("long-haul");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.page.goto(format!("/flow-run/{run}"));
    stage
        .page
        .expect("the run's state is Running", |page| page.state() == "running");
    stage.page.click_within("main", Role::Button, "Cancel");
    stage
        .page
        .expect("the run's state is Cancelled", |page| page.state() == "cancelled");
    stage.expect_state(&run, "Cancelled");
}
