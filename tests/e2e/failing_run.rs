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
    // As the flow's own description promises.
    for (task, state) in [
        ("sunrise", "Success"),
        ("passing_shower", "Success"),
        ("hail", "Failed"),
        ("harvest", "Trigger failed"),
        ("insurance", "Success"),
        ("picnic", "Skipped"),
        ("fog", "Timed out"),
        ("lightning", "Failed"),
    ] {
        stage.page.expect_row(task, state);
    }
    // Why it failed is on the page too, not only that it did.
    stage
        .page
        .expect_row("hail", "The hail has broken the greenhouse.");
    stage.page.expect_row("lightning", "lightning out of a blue sky");
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
        .click_within("dialog[open]", Role::Button, "Cancel the run");
    stage
        .page
        .expect("the run's state is Cancelled", |page| page.state() == "cancelled");
    stage.expect_state(&run, "Cancelled");
    // The button is gone with the state it was for; the next one has the focus.
    let focused = "return document.activeElement?.closest('.page__actions') !== null";
    stage.page.expect("the focus is among the actions", |page| {
        page.execute(focused, &[]) == json!(true)
    });

    // Begun again it has no more than its own time, and the timeline has what it went through.
    stage
        .page
        .click_within("main", Role::Button, "Restart from failed");
    stage
        .page
        .expect("the run's state is Running", |page| page.state() == "running");
    stage.page.click_within("main", Role::Link, "Timeline");
    let turns =
        "return [...document.querySelectorAll('.timeline__line')].map(({ title }) => title).join(', ')";
    stage
        .page
        .expect("the timeline has the cancelling and the restart", |page| {
            let turns = page.execute(turns, &[]);
            turns
                .as_str()
                .is_some_and(|turns| turns.contains("cancelled") && turns.contains("restarted"))
        });
}
