//! The article's flow from the first click to its result, without a single reload.

use serde_json::json;

use crate::harness::{Role, Stage};

#[test]
fn from_home_through_the_project_to_a_successful_run() {
    let stage = Stage::new("quick_run");
    let flow_id = stage.flow_id("simple-map");
    let page = &stage.page;

    page.goto("/");
    page.expect_text("prefect_example");
    page.click(Role::Link, "prefect_example");
    page.expect_path("/project/");
    page.click(Role::Link, "simple-map");
    page.expect_path("/flow/");
    page.click_within("main", Role::Button, "Quick Run");

    // The toast's link is the quickest way to the run; following it is what a person does next.
    page.click_within(".toasts", Role::Link, "Open the run");
    let path = page.expect_path("/flow-run/");
    let run_id = path
        .trim_start_matches("/flow-run/")
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    page.expect("the run's state is Success", |page| page.state() == "success");
    // While only some states are shown, mapped children stand by themselves.
    page.click_within(".task-runs__tools", Role::Button, "Success");
    for task in ["create_list", "add_one-1[0]", "add_one-2[3]", "get_sum"] {
        page.expect_row(task, "Success");
    }

    stage.expect_state(&run_id, "Success");
    // Results are never written to the database; the log is where a person reads it.
    page.goto(format!("/flow-run/{run_id}?tab=logs"));
    page.expect_text("The sum is 15");
    let listed = stage.server.cli(&["get", "flow-runs"]);
    assert!(
        listed.contains("simple-map") && listed.contains("Success"),
        "{listed}"
    );
    assert_eq!(page.console_errors(), Vec::<String>::new());
    let runs = stage.server.graphql(
        "query($flow: uuid) { flow_run(where: {flow_id: {_eq: $flow}}) { id } }",
        json!({ "flow": flow_id }),
    );
    assert_eq!(
        runs["flow_run"].as_array().map(Vec::len),
        Some(1),
        "one click, one run"
    );
}
