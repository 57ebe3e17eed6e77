//! The first page and the page of agents: what is late and why, and doing something about all of it at once.

use serde_json::json;

use crate::harness::{Page, Role, Stage};
use crate::run_history::ended_run;
use crate::schedule::set_clocks;

#[test]
fn late_runs_are_cleared_and_running_ones_stopped_once_it_is_confirmed() {
    let stage = Stage::with_args("home_all_at_once", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let running = stage.create_flow_run(&flow, json!({}));
    let set = "mutation($id: UUID!) { set_flow_run_states(input: {states: [
        {flow_run_id: $id, state: {type: \"Running\", message: \"for the test\"}}]}) { states { status } } }";
    stage.server.graphql(set, json!({ "id": running }));
    late_run(&stage, &flow, &[]);
    late_run(&stage, &flow, &["gpu"]);
    let page = &stage.page;
    page.goto("/");
    page.expect("the answer says what is late and what runs", |page| {
        heading(page) == "No flow is failing · 1 running, 2 late, no agent ready"
    });

    page.click_within(".home__lists", Role::Button, "Clear late");
    page.click_within("dialog[open]", Role::Button, "Leave them");
    page.expect("nothing was cleared", |page| heading(page).contains("2 late"));
    page.click_within(".home__lists", Role::Button, "Clear late");
    page.expect_text("Delete 2 runs?");
    // It comes after the question, and is none of the two.
    late_run(&stage, &flow, &["later"]);
    page.click_within("dialog[open]", Role::Button, "Delete 2 runs");
    page.expect_text("2 of 2 runs deleted.");
    page.expect("the one that came later is left", |page| {
        heading(page).contains("1 late")
    });
    page.click_within(".home__lists", Role::Button, "Clear late");
    page.click_within("dialog[open]", Role::Button, "Delete 1 run");
    page.expect_text("1 of 1 run deleted.");
    page.expect_text("Everything starts on time.");

    page.click_within(".home__lists", Role::Button, "Stop all");
    page.click_within("dialog[open]", Role::Button, "Cancel 1 run");
    page.expect_text("1 of 1 run cancelled.");
    page.expect("the run is asked to stop", |_| {
        ["Cancelling", "Cancelled"].contains(&stage.state_of(&running).as_str())
    });
    let left = stage.server.graphql("{ flow_run { id } }", json!({}));
    assert_eq!(left["flow_run"], json!([{ "id": running }]));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_flow_fails_since_its_run_failed_first_however_often_that_is_restarted() {
    let stage = Stage::with_args("home_failing_since", &["--no-agent"]);
    let run = ended_run(&stage, &stage.flow_id("simple-map"), "Failed");
    let set = "mutation($id: UUID!, $state: JSON!) { set_flow_run_states(input: {states: [
        {flow_run_id: $id, state: $state}]}) { states { status } } }";
    for state in ["Scheduled", "Running", "Failed"] {
        let state = json!({ "type": state, "message": "once more" });
        stage.server.graphql(set, json!({ "id": run, "state": state }));
    }
    let query =
        "query($id: uuid!) { flow_run_by_pk(id: $id) { end_time states(where: {state: {_eq: \"Failed\"}},
        order_by: [{timestamp: asc}]) { timestamp } } }";
    let found = stage.server.graphql(query, json!({ "id": run }))["flow_run_by_pk"].clone();
    let first = found["states"][0]["timestamp"].clone();
    assert_ne!(first, found["end_time"], "it failed twice");
    let page = &stage.page;
    page.goto("/");
    let since = "return document.querySelector('.home__answer time')?.dateTime";
    page.expect("it fails since the first time", |page| {
        page.execute(since, &[]) == first
    });

    // More failed runs than come with the flow: it still fails since the first one.
    let flow = stage.flow_id("simple-map");
    for _ in 0..21 {
        ended_run(&stage, &flow, "Failed");
    }
    page.reload();
    page.expect("it fails since the first run", |page| {
        page.execute(since, &[]) == first
    });
    // After a success it is the first one after that.
    ended_run(&stage, &flow, "Success");
    let next = ended_run(&stage, &flow, "Failed");
    let next = stage.server.graphql(query, json!({ "id": next }))["flow_run_by_pk"]["states"][0].clone();
    for _ in 0..21 {
        ended_run(&stage, &flow, "Failed");
    }
    page.expect("it fails since the success", |page| {
        page.execute(since, &[]) == next["timestamp"]
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn the_agents_page_says_why_a_run_waits_and_forgets_an_agent() {
    let stage = Stage::with_args("agents", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    late_run(&stage, &flow, &["gpu"]);
    let page = &stage.page;
    page.goto("/agents");
    page.expect_text("No agent is running. This run needs one with the labels");
    page.expect_text("flowdeck agent local start --label gpu");

    let tenant = stage.server.graphql("{ tenant { id } }", json!({}))["tenant"][0]["id"].clone();
    let register = "mutation($tenant: UUID) { register_agent(input: {tenant_id: $tenant, type: \"LocalAgent\", name: \"big-box\", labels: [\"vm\"]}) { id } }";
    stage.server.graphql(register, json!({ "tenant": tenant }));
    page.expect_row("big-box", "healthy");
    page.expect_text("Waiting for an agent with the label");

    page.click(Role::Button, "Remove big-box");
    page.click_within("dialog[open]", Role::Button, "Keep it");
    page.click(Role::Button, "Remove big-box");
    page.click_within("dialog[open]", Role::Button, "Remove");
    page.expect_text("big-box was removed.");
    page.expect_text("No agent is running");
    let left = stage.server.graphql("{ agent { id } }", json!({}));
    assert_eq!(left["agent"], json!([]));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn the_focus_stays_on_an_agent_that_asks_for_work() {
    let stage = Stage::new("agents_focus");
    let page = &stage.page;
    page.goto("/agents");
    page.expect_text("1 agent ready");
    let asked_at = "return document.querySelector('.agents time')?.dateTime ?? ''";
    page.expect("the agent has asked for work", |page| {
        page.execute(asked_at, &[]) != json!("")
    });
    page.execute("document.querySelector('.agents button').focus()", &[]);
    let before = page.execute(asked_at, &[]);
    page.expect("the agent asks again", |page| {
        page.execute(asked_at, &[]) != before
    });
    let focused = page.execute("return document.activeElement.textContent", &[]);
    assert!(
        focused.as_str().is_some_and(|name| name.starts_with("Remove")),
        "{focused}"
    );
}

#[test]
fn what_changes_of_a_run_changes_in_every_list_it_stands_in() {
    let stage = Stage::with_args("home_changed_run", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    let set = |state: serde_json::Value, name: &str, labels: &[&str]| {
        let set = "mutation($id: UUID!, $state: JSON!, $name: String!, $labels: [String!]!) {
            set_flow_run_states(input: {states: [{flow_run_id: $id, state: $state}]}) { states { status } }
            set_flow_run_name(input: {flow_run_id: $id, name: $name}) { success }
            set_flow_run_labels(input: {flow_run_id: $id, labels: $labels}) { success } }";
        let variables = json!({ "id": run, "state": state, "name": name, "labels": labels });
        stage.server.graphql(set, variables);
    };
    let due = |at: &str| json!({ "type": "Scheduled", "start_time": at });
    let page = &stage.page;
    let due_at = |page: &Page| {
        page.execute(
            "return document.querySelector('main td time, .short-list time')?.dateTime ?? ''",
            &[],
        )
    };
    let is_due = |page: &Page, year: &str| due_at(page).as_str().is_some_and(|at| at.starts_with(year));

    set(due("2126-01-01T00:00:00Z"), "first-name", &["gpu"]);
    page.goto("/");
    page.expect("it is next up", |page| is_due(page, "2126"));
    page.expect_text("first-name");
    set(due("2127-01-01T00:00:00Z"), "second-name", &["gpu"]);
    page.expect("it is put off", |page| is_due(page, "2127"));
    page.expect_text("second-name");

    page.goto(format!("/flow/{flow}"));
    page.expect_row("second-name", "gpu");
    set(due("2128-01-01T00:00:00Z"), "second-name", &["tpu"]);
    page.expect_row("second-name", "tpu");
    page.expect("it is put off again", |page| is_due(page, "2128"));

    set(due("2020-01-01T00:00:00Z"), "second-name", &["tpu"]);
    page.goto("/agents");
    page.expect_text("This run needs one with the labels ‘tpu’");
    set(due("2021-01-01T00:00:00Z"), "third-name", &["vm"]);
    page.expect_text("This run needs one with the labels ‘vm’");
    page.expect_text("third-name");
    let late_at = "return document.querySelector('.waiting time').dateTime.slice(0, 4)";
    page.expect("it is late since another time", |page| {
        page.execute(late_at, &[]) == json!("2021")
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_flow_beyond_those_that_are_listed_fails_too() {
    let stage = Stage::with_args("home_other_flows", &["--no-agent"]);
    let project = stage.project_id("examples");
    // By name, the last of them stands behind the 200 that are listed.
    for number in 0..=200 {
        stage.create_flow(&project, &format!("zoo-{number:03}"));
    }
    ended_run(&stage, &stage.flow_id("zoo-200"), "Failed");
    let page = &stage.page;
    page.goto("/");
    page.expect("it is counted", |page| {
        heading(page).starts_with("1 flow failing since")
    });
    page.expect_text("zoo-200");
    page.expect_text("flows more");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_flow_starts_next_when_the_states_of_its_runs_say() {
    let stage = Stage::with_args("home_next", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    set_clocks(&stage, &flow, json!([{ "cron": "0 9 * * *" }]), json!([]));
    let activate = "mutation($id: UUID!) { set_schedule_active(input: { flow_id: $id }) { success } }";
    stage.server.graphql(activate, json!({ "id": flow }));
    let page = &stage.page;
    page.goto("/");
    let next = "return document.querySelector('.flow-line__next time')?.dateTime ?? ''";
    page.expect("a run of the schedule is next", |page| {
        page.execute(next, &[])
            .as_str()
            .is_some_and(|at| at.starts_with("20"))
    });

    // All of them are put off.
    let query = "{ flow_run(where: {auto_scheduled: {_eq: true}}) { id } }";
    let runs = stage.server.graphql(query, json!({}))["flow_run"].clone();
    let put_off = "mutation($id: UUID!, $state: JSON!) {
        set_flow_run_states(input: {states: [{flow_run_id: $id, state: $state}]}) { states { status } } }";
    let state = json!({ "type": "Scheduled", "start_time": "2126-01-01T02:00:00Z" });
    for run in runs.as_array().expect("the runs") {
        stage
            .server
            .graphql(put_off, json!({ "id": run["id"], "state": state }));
    }
    page.goto("/");
    page.expect("it is next when they start", |page| {
        page.execute(next, &[])
            .as_str()
            .is_some_and(|at| at.starts_with("2126"))
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// A run that should have started years ago.
fn late_run(stage: &Stage, flow: &str, labels: &[&str]) {
    let create = "mutation($flow: UUID, $labels: [String!]) { create_flow_run(input: {
        flow_id: $flow, labels: $labels, scheduled_start_time: \"2020-01-01T00:00:00Z\"}) { id } }";
    stage
        .server
        .graphql(create, json!({ "flow": flow, "labels": labels }));
}

fn heading(page: &Page) -> String {
    let text = page.execute("return document.querySelector('h1')?.innerText ?? ''", &[]);
    text.as_str().unwrap_or_default().to_owned()
}
