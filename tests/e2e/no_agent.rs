//! Quick Run where no agent can take the run: the page must say so, and what to start.

use crate::harness::{Role, Stage};

#[test]
fn quick_run_without_an_agent_says_what_to_start() {
    let stage = Stage::with_args("no_agent", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    stage.page.goto(format!("/flow/{flow}"));
    stage.page.click_within("main", Role::Button, "Quick Run");
    stage.page.click(Role::Link, "Open the run");
    stage.page.expect_path("/flow-run/");
    stage.page.expect_text("flowdeck agent local start");
}
