//! How long after the server knows a task's new state the open page shows it; and that what stays as it is is not asked
//! for again.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{PATIENCE, Role, Stage, eventually};

/// Notes, for each text the page shows in the row of a task, the first moment it was there: milliseconds since 1970, by
/// the clock that the server on the same machine uses too.
const WATCH: &str = "
    window.seen = [];
    const note = () => {
        const now = performance.timeOrigin + performance.now();
        for (const element of document.querySelectorAll('main tr [data-state], main [role=row] [data-state]')) {
            const state = element.dataset.state;
            if (!window.seen.some((entry) => entry.state === state)) window.seen.push({ state, now });
        }
    };
    new MutationObserver(note).observe(document.querySelector('main'),
        { subtree: true, childList: true, attributes: true, characterData: true });
    note();";

/// Each is a state the task has not been in before.
const STATES: [&str; 5] = ["Running", "Retrying", "Paused", "Cancelled", "Failed"];

#[test]
fn the_open_page_shows_a_new_task_state() {
    let stage = Stage::with_args("liveness", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    let query = "query($run: uuid) { task_run(where: {flow_run_id: {_eq: $run}}, limit: 1) { id } }";
    let found = stage.server.graphql(query, json!({ "run": run }));
    let task_run = found["task_run"][0]["id"]
        .as_str()
        .expect("a task run")
        .to_owned();
    let set_flow = "mutation($id: UUID!, $state: JSON!) { set_flow_run_states(input: {states: [{flow_run_id: $id, state: $state}]}) { states { status } } }";
    stage.server.graphql(
        set_flow,
        json!({ "id": run, "state": { "type": "Running", "message": "measuring" } }),
    );
    stage.page.goto(format!("/flow-run/{run}"));
    stage
        .page
        .expect("the run is shown as running", |page| page.state() == "running");
    stage.page.execute(WATCH, &[]);

    let set = "mutation($id: UUID!, $state: JSON!) { set_task_run_states(input: {states: [{task_run_id: $id, state: $state}]}) { states { status } } }";
    let mut delays = Vec::new();
    for state in STATES {
        stage.server.graphql(
            set,
            json!({ "id": task_run, "state": { "type": state, "message": "measuring" } }),
        );
        let known_at = server_knew_at(&stage, &task_run);
        let name = state.to_lowercase();
        let shown_at = eventually(&format!("the page shows {state}"), PATIENCE, || {
            let seen = stage.page.execute("return window.seen", &[]);
            let entry = seen
                .as_array()?
                .iter()
                .find(|entry| entry["state"] == name.as_str())?
                .clone();
            entry["now"].as_f64()
        });
        delays.push(shown_at - known_at);
    }
    let list: Vec<String> = delays.iter().map(|delay| format!("{delay:.0}")).collect();
    // Not by `println!`, which the runner swallows when a test succeeds.
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "liveness: from the server's timestamp to the page's DOM, ms: {}",
        list.join(" ")
    )
    .expect("stdout");
    assert!(
        delays.iter().all(|delay| *delay > 0.0),
        "a page cannot know before the server: {delays:?}"
    );
}

#[test]
fn a_run_that_stays_in_its_state_is_not_asked_for_its_states_again() {
    let stage = Stage::with_args("liveness_states", &["--no-agent"]);
    let run = stage.create_flow_run(&stage.flow_id("simple-map"), json!({}));
    let set = |state: &str, message: &str| {
        let set = "mutation($id: UUID!, $state: JSON!) {
            set_flow_run_states(input: {states: [{flow_run_id: $id, state: $state}]}) { states { status } } }";
        let state = json!({ "type": state, "message": message });
        stage.server.graphql(set, json!({ "id": run, "state": state }));
    };
    set("Running", "off it goes");
    let page = &stage.page;
    page.watch_requests();
    page.goto(format!("/flow-run/{run}?tab=history"));
    page.expect_text("off it goes");
    let [runs, states] =
        ["GetFlowRun", "GetFlowRunStates"].map(|name| format!("\"operationName\":\"{name}\""));
    let before = page.asked(&runs);
    page.expect("the run is looked at again and again", |page| {
        page.asked(&runs) > before + 4
    });
    assert_eq!(page.asked(&states), 1);
    set("Cancelling", "somebody has had enough");
    page.expect_text("somebody has had enough");
    assert_eq!(page.asked(&states), 2);
    // What it was given never changes.
    page.click(Role::Link, "Parameters");
    page.expect_text("Run config");
    let before = page.asked(&runs);
    page.expect("the run is looked at again and again", |page| {
        page.asked(&runs) > before + 4
    });
    assert_eq!(page.asked("\"operationName\":\"GetFlowRunInputs\""), 1);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Half of what a page at rest waits from one look to the next.
const WELL_BEFORE_THE_NEXT_LOOK: Duration = Duration::from_secs(15);

/// Has the flow run's own picture come after everything else.
const RUN_COMES_LAST: &str = "
    const send = window.fetch;
    window.fetch = async (request, ...rest) => {
        const body = request instanceof Request ? await request.clone().text() : '';
        if (body.includes('\"GetFlowRun\"')) await new Promise((resolve) => setTimeout(resolve, 1000));
        return send(request, ...rest);
    };";

#[test]
fn what_belongs_to_a_run_wakes_with_it_when_it_is_restarted() {
    let stage = Stage::with_args("liveness_restart", &["--no-agent"]);
    let run = stage.create_flow_run(&stage.flow_id("simple-map"), json!({}));
    let query = "query($run: uuid) { task_run(where: {flow_run_id: {_eq: $run}}) { id } }";
    let found = stage.server.graphql(query, json!({ "run": run }));
    let task_run = found["task_run"][0]["id"].clone();
    let set_flow = "mutation($id: UUID!, $state: JSON!) { set_flow_run_states(input: {states: [{flow_run_id: $id, state: $state}]}) { states { status } } }";
    let set_task = "mutation($id: UUID!, $state: JSON!) { set_task_run_states(input: {states: [{task_run_id: $id, state: $state}]}) { states { status } } }";
    let set = |mutation: &str, id: &Value, state: &str| {
        let state = json!({ "type": state, "message": "" });
        stage
            .server
            .graphql(mutation, json!({ "id": id, "state": state }));
    };
    set(set_flow, &json!(run), "Running");
    set(set_task, &task_run, "Failed");
    set(set_flow, &json!(run), "Failed");

    // The run has ended long ago, so that its page looks at it only now and then.
    let page = &stage.page;
    page.set_clock_ahead(600_000);
    page.goto(format!("/flow-run/{run}?tab=logs"));
    page.expect_text("1 Failed");
    page.expect_text("Nothing was written");
    page.execute(RUN_COMES_LAST, &[]);
    page.click_within(".run-head", Role::Button, "Restart from failed");
    page.expect("the run is scheduled again", |page| page.state() == "scheduled");
    set(set_flow, &json!(run), "Running");
    set(set_task, &task_run, "Success");
    let write = "mutation($run: UUID!) { write_run_logs(input: {logs: [{flow_run_id: $run, message: \"on it goes\"}]}) { success } }";
    stage.server.graphql(write, json!({ "run": run }));
    eventually(
        "its task runs and its log follow",
        WELL_BEFORE_THE_NEXT_LOOK,
        || {
            let text = page.text();
            (text.contains("1 Success") && text.contains("on it goes")).then_some(())
        },
    );
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn the_log_of_a_run_that_ended_while_one_looked_comes_to_rest() {
    let stage = Stage::with_args("liveness_rest", &["--no-agent"]);
    let run = stage.create_flow_run(&stage.flow_id("simple-map"), json!({}));
    let set = "mutation($id: UUID!, $state: String!) { set_flow_run_states(input: {states: [
        {flow_run_id: $id, state: {type: $state, message: \"\"}}]}) { states { status } } }";
    let write = "mutation($run: UUID!) { write_run_logs(input: {logs: [{flow_run_id: $run, message: \"so far\"}]}) { success } }";
    stage.server.graphql(write, json!({ "run": run }));
    stage
        .server
        .graphql(set, json!({ "id": run, "state": "Running" }));
    let page = &stage.page;
    page.goto(format!("/flow-run/{run}?tab=logs"));
    page.expect_text("Following the end");
    stage
        .server
        .graphql(set, json!({ "id": run, "state": "Success" }));
    page.expect("the run has ended", |page| page.state() == "success");
    // Nothing of the run changes any more, only the time.
    page.execute("const now = Date.now; Date.now = () => now() + 60_000", &[]);
    page.expect("nothing more is expected of the log", |page| {
        !page.text().contains("Following the end")
    });
}

/// The timestamp the server gave the state, in milliseconds since 1970.
fn server_knew_at(stage: &Stage, task_run: &str) -> f64 {
    let query = "query($id: uuid!) { task_run_by_pk(id: $id) { state_timestamp } }";
    let found = stage.server.graphql(query, json!({ "id": task_run }));
    let text = found["task_run_by_pk"]["state_timestamp"]
        .as_str()
        .expect("a timestamp")
        .to_owned();
    stage
        .page
        .execute("return Date.parse(arguments[0])", &[json!(text)])
        .as_f64()
        .expect("milliseconds")
}
