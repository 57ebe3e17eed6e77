//! The server goes away and comes back while a page is open.

use serde_json::json;

use crate::harness::{Server, Stage};

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
