//! Where no agent can take the runs: the pages must say so, and what to start.

use serde_json::json;

use crate::harness::{Role, Stage};

#[test]
fn quick_run_without_an_agent_says_what_to_start() {
    let stage = Stage::with_args("no_agent", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    stage.page.goto(format!("/flow/{flow}"));
    stage.page.click_within("main", Role::Button, "Quick Run");
    stage.page.click(Role::Link, "Open the run");
    stage.page.expect_path("/flow-run/");
    // The server's API is not where programs look by themselves.
    let api = stage.server.api();
    stage.page.expect_text("flowdeck agent local start");
    stage.page.expect_text(&format!(" --api {api}"));
    stage.page.goto("/");
    let start = format!("flowdeck agent local start --api {api}");
    stage.page.expect_text(&start);
    stage.page.goto("/agents");
    stage.page.expect_text(&start);
    stage.page.goto(format!("/flow/{flow}?tab=run"));
    stage.page.expect("the form's command names it, too", |page| {
        let commands =
            "return [...document.querySelectorAll('.command__text')].map((text) => text.textContent)";
        let commands = page.execute(commands, &[]);
        let mut commands = commands.as_array().into_iter().flatten();
        commands.any(|command| {
            let command = command.as_str().unwrap_or_default();
            command.starts_with("flowdeck run ") && command.ends_with(&format!(" --api {api}"))
        })
    });
}

#[test]
fn a_list_of_late_runs_that_is_not_all_of_them_says_so() {
    let stage = Stage::with_args("many_late", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    for _ in 0..4 {
        let runs: String = (0..25)
            .map(|number| {
                format!(
                    "r{number}: create_flow_run(input: {{flow_id: $flow, \
                     scheduled_start_time: \"2026-01-01T00:00:00Z\"}}) {{ id }} "
                )
            })
            .collect();
        let create = format!("mutation($flow: UUID) {{ {runs} }}");
        stage.server.graphql(&create, json!({ "flow": flow }));
    }
    stage.page.goto("/agents");
    stage.page.expect_text("100+");
    stage.page.click_within("main", Role::Link, "All late runs");
    stage.page.expect_path("/runs?q=is");
    assert_eq!(stage.page.console_errors(), Vec::<String>::new());
}
