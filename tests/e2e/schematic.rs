//! The schematic of a run: from the picture to a task's run and its log, in two clicks.

use serde_json::json;

use crate::harness::{Role, Stage};

#[test]
fn a_card_leads_to_its_task_run_and_log() {
    let stage = Stage::new("schematic");
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Success");
    let page = &stage.page;

    page.goto(format!("/flow-run/{run}?tab=schematic"));
    page.expect("both mapped tasks are one card each, with 4/4", |page| {
        page.text().matches("4/4").count() == 2
    });
    page.click_within(".schematic", Role::Button, "get_sum");
    page.expect("the selection is in the URL", |page| {
        page.path().contains("task=")
    });
    page.reload();
    page.click(Role::Link, "Task run and its log");
    page.expect_path("/task-run/");
    page.expect_text("The sum is 15");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
