//! The server goes away and comes back while a page is open.

use serde_json::json;

use crate::harness::{Page, Server, Stage};
use crate::run_filter::write_filter;
use crate::run_history::{ended_run, rows};
use crate::settings::icon;

#[test]
fn a_stopped_server_leaves_the_last_picture_and_comes_back() {
    survives("outage_stopped", Server::stop);
}

#[test]
fn a_killed_server_leaves_the_last_picture_and_comes_back() {
    survives("outage_killed", Server::kill);
}

#[test]
fn what_is_counted_stands_still_and_the_tab_says_so_while_the_server_is_away() {
    let mut stage = Stage::with_args("outage_running", &["--no-agent"]);
    let run = ended_run(&stage, &stage.flow_id("simple-map"), "Running");
    stage.page.goto(format!("/flow-run/{run}"));
    let elapsed = |page: &Page| {
        page.execute(
            "return document.querySelector('.run-head .duration').innerText",
            &[],
        )
    };
    stage.page.settle();
    let before = elapsed(&stage.page);
    stage.page.expect("it counts", |page| elapsed(page) != before);

    stage.server.kill();
    stage.page.expect_text("The server has not answered since");
    let title = |page: &Page| {
        page.execute("return document.title", &[])
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    stage.page.expect("the tab says so", |page| {
        title(page).starts_with("Offline · Running · ")
    });
    assert!(
        icon(&stage.page).starts_with("data:image/svg+xml,"),
        "{}",
        icon(&stage.page)
    );
    let (then, offline) = (elapsed(&stage.page), icon(&stage.page));
    let since = stage.page.execute("return Date.now()", &[]);
    stage.page.expect("some seconds pass", |page| {
        page.execute(
            "return Date.now() - arguments[0] > 3000",
            std::slice::from_ref(&since),
        ) == json!(true)
    });
    assert_eq!(elapsed(&stage.page), then, "nobody knows whether it still runs");

    stage.server.start_again();
    stage.page.expect("it counts again", |page| elapsed(page) != then);
    stage.page.expect("and the tab is as before", |page| {
        title(page).starts_with("Running · ") && icon(page) != offline
    });
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
