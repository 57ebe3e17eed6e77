//! The server goes away and comes back while a page is open.

use serde_json::json;

use crate::harness::{Server, Stage};
use crate::run_filter::write_filter;
use crate::run_history::rows;

#[test]
fn a_stopped_server_leaves_the_last_picture_and_comes_back() {
    survives("outage_stopped", Server::stop);
}

#[test]
fn a_killed_server_leaves_the_last_picture_and_comes_back() {
    survives("outage_killed", Server::kill);
}

fn survives(name: &str, end: fn(&mut Server)) {
    let mut stage = Stage::new(name);
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Success");
    stage.page.goto("/");
    stage.page.expect_text("simple-map");

    end(&mut stage.server);
    stage.page.expect_text("The server has not answered since");
    assert!(
        stage.page.text().contains("simple-map"),
        "the last good picture stays: {}",
        stage.page.text()
    );

    stage.server.start_again();
    stage.page.expect_no_text("The server has not answered since");
    // Not only the mark goes: what happens from now on is shown.
    let failing = stage.flow_id("weather-of-failures");
    stage.create_flow_run(&failing, json!({}));
    stage.page.expect_text("1 flow failing");
}

#[test]
fn a_filter_that_gets_no_answer_says_that_the_rows_are_those_before() {
    let mut stage = Stage::new("outage_filter");
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Success");
    stage.page.goto("/runs");
    stage.page.expect("the run is listed", |page| rows(page) == 1);

    stage.server.stop();
    write_filter(&stage.page, "state:failed");
    stage.page.expect_text("still of the filter before");
    assert_eq!(rows(&stage.page), 1, "the last picture stays");

    stage.server.start_again();
    stage.page.expect_text("No run matches the filter");
    stage.page.expect_no_text("still of the filter before");
}
