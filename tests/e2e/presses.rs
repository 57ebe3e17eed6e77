//! What is pressed twice, too late, or just before one leaves the page; and what copies where there is no clipboard.

use serde_json::{Value, json};

use crate::harness::{Page, Role, Stage, Theme};

/// Presses the button with these words twice at once, within what matches the selector.
const PRESS_TWICE: &str = "
    const all = [...document.querySelectorAll(`${arguments[0]} button`)];
    const button = all.find((button) => button.innerText.startsWith(arguments[1]));
    button.click();
    button.click();";

fn runs(stage: &Stage) -> Vec<Value> {
    let query = "{ flow_run(order_by: [{created: asc}]) { id state labels context run_config parameters } }";
    let found = stage.server.graphql(query, json!({}));
    found["flow_run"].as_array().cloned().unwrap_or_default()
}

#[test]
fn two_presses_start_one_run() {
    let stage = Stage::with_args("presses_twice", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let page = &stage.page;
    page.goto(format!("/flow/{flow}"));
    page.settle();
    page.delay_answers(500);
    page.execute(PRESS_TWICE, &[json!(".page__head"), json!("Quick Run")]);
    let busy = "return document.querySelector('.page__head [aria-busy=true]') !== null";
    page.expect("the button says that it is at work", |page| {
        page.execute(busy, &[]) == json!(true)
    });
    page.expect_text("simple-map is starting.");
    page.delay_answers(0);
    // What was sent twice would be there by the time another answer is.
    let run = stage.create_flow_run(&flow, json!({}));
    assert_eq!(runs(&stage).len(), 2);

    let end = "mutation($id: UUID!) { set_flow_run_states(input: {states: [
        {flow_run_id: $id, state: {type: \"Failed\", message: \"\"}}]}) { states { status } } }";
    stage.server.graphql(end, json!({ "id": run }));
    page.goto(format!("/flow-run/{run}"));
    page.settle();
    page.delay_answers(500);
    page.execute(PRESS_TWICE, &[json!(".run-head"), json!("Run again")]);
    page.expect("it leads to the new run", |page| {
        page.path().starts_with("/flow-run/") && !page.path().contains(&run)
    });
    page.delay_answers(0);
    stage.create_flow_run(&flow, json!({}));
    assert_eq!(runs(&stage).len(), 4);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_run_that_is_started_again_gets_all_that_it_was_given() {
    let stage = Stage::with_args("presses_again", &["--no-agent"]);
    let given = json!({
        "flow_id": stage.flow_id("simple-map"), "labels": ["gpu"], "context": { "day": "2026-11-28" },
        "run_config": { "type": "LocalRun", "env": { "A": "b" }, "labels": ["gpu"] },
    });
    let create = "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }";
    let created = stage.server.graphql(create, json!({ "input": given }));
    let run = created["create_flow_run"]["id"].as_str().expect("a run");
    let page = &stage.page;
    page.goto(format!("/flow-run/{run}"));
    page.click_within(".run-head", Role::Button, "More");
    page.click_within(".run-head", Role::MenuItem, "Run again");
    page.expect("it leads to the new run", |page| {
        page.path().starts_with("/flow-run/") && !page.path().contains(run)
    });
    let runs = runs(&stage);
    assert_eq!(runs.len(), 2);
    for name in ["labels", "context", "run_config", "parameters"] {
        assert_eq!(runs[0][name], runs[1][name], "{name}");
    }
    assert_eq!(runs[1]["labels"], json!(["gpu"]));
}

/// Asks the API, and presses a button within what matches the selector before the page can see what came of it.
const ASK_THEN_PRESS: &str = "
    const [api, query, variables, within, words] = arguments;
    const request = new XMLHttpRequest();
    request.open('POST', api, false);
    request.setRequestHeader('content-type', 'application/json');
    request.send(JSON.stringify({ query, variables }));
    const all = [...document.querySelectorAll(`${within} button`)];
    all.find((button) => button.innerText.startsWith(words)).click();
    return request.responseText;";

fn ask_then_press(stage: &Stage, query: &str, variables: Value, within: &str, button: &str) {
    let arguments = [
        json!(stage.server.api()),
        json!(query),
        variables,
        json!(within),
        json!(button),
    ];
    stage.page.execute(ASK_THEN_PRESS, &arguments);
}

#[test]
fn what_has_moved_on_is_neither_started_nor_approved() {
    let stage = Stage::with_args("presses_late", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let page = &stage.page;
    let set_then_press = |run: &str, state: &str, button: &str| {
        page.goto(format!("/flow-run/{run}"));
        page.settle();
        let set = "mutation($run: UUID!, $state: JSON!) { set_flow_run_states(input: {
            states: [{flow_run_id: $run, state: $state}]}) { states { status } } }";
        let variables = json!({ "run": run, "state": { "type": state, "message": "" } });
        ask_then_press(&stage, set, variables, ".run-head", button);
    };
    let create = "mutation($flow: UUID, $at: DateTime) { create_flow_run(input: {
        flow_id: $flow, scheduled_start_time: $at}) { id } }";
    let created = stage
        .server
        .graphql(create, json!({ "flow": flow, "at": "2096-11-28T12:00:00Z" }));
    let run = created["create_flow_run"]["id"].as_str().expect("a run");
    set_then_press(run, "Running", "Start now");
    page.expect_text("It has moved on meanwhile and is Running now");
    assert_eq!(stage.state_of(run), "Running");

    set_then_press(run, "Paused", "Cancel");
    set_then_press(run, "Cancelled", "Approve");
    page.expect_text("It has moved on meanwhile and is Cancelled now");
    assert_eq!(stage.state_of(run), "Cancelled");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn what_is_gone_meanwhile_is_not_said_to_be_changed() {
    let stage = Stage::with_args("presses_gone", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let query = "query($id: uuid!) { flow_by_pk(id: $id) { flow_group_id } }";
    let found = stage.server.graphql(query, json!({ "id": flow }));
    let group = found["flow_by_pk"]["flow_group_id"].clone();
    let set = "mutation($group: UUID!) { set_flow_group_schedule(input: {
        flow_group_id: $group, cron_clocks: [{cron: \"0 3 * * *\"}]}) { success } }";
    stage.server.graphql(set, json!({ "group": group }));
    let page = &stage.page;
    page.goto(format!("/flow/{flow}?tab=schedules"));
    page.expect_text("Switch on");
    page.settle();
    let reset = "mutation($group: UUID!) {
        delete_flow_group_schedule(input: {flow_group_id: $group}) { success } }";
    let group = json!({ "group": group });
    ask_then_press(&stage, reset, group, ".schedule__actions", "Switch on");
    page.expect_text("The schedule stays as it was. The server knows no schedule of the flow");

    let run = stage.create_flow_run(&flow, json!({}));
    page.goto(format!("/flow-run/{run}"));
    page.click_within(".run-head", Role::Button, "More");
    page.click_within(".run-head", Role::MenuItem, "Rename");
    page.write("too late");
    let delete = "mutation($run: UUID!) { delete_flow_run(input: {flow_run_id: $run}) { success } }";
    ask_then_press(&stage, delete, json!({ "run": run }), "dialog[open]", "Rename it");
    page.expect_text("keeps its name. The server knows no flow run");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn an_agent_is_removed_while_one_leaves_the_page() {
    let stage = Stage::with_args("presses_agent", &["--no-agent"]);
    let register = "mutation { register_agent(input: {type: \"LocalAgent\", name: \"big-box\"}) { id } }";
    stage.server.graphql(register, json!({}));
    let page = &stage.page;
    page.goto("/agents");
    page.click(Role::Button, "Remove big-box");
    page.delay_answers(1_000);
    page.click_within("dialog[open]", Role::Button, "Remove");
    page.follow("/settings");
    page.expect_text("big-box was removed.");
    page.delay_answers(0);
    page.follow("/flows");
    page.expect_text("simple-map");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn who_leaves_the_page_is_told_what_came_of_it() {
    let stage = Stage::with_args("presses_leaving", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    let page = &stage.page;
    page.goto(format!("/flow-run/{run}"));
    page.click_within(".run-head", Role::Button, "Cancel");
    page.delay_answers(1_000);
    page.click_within("dialog[open]", Role::Button, "Cancel the run");
    page.follow("/agents");
    page.expect_text("is cancelled.");
    page.delay_answers(0);

    // A form that is left: what was refused is said.
    let required = stage.flow_id("code-census");
    page.goto(format!("/flow/{required}?tab=run"));
    page.settle();
    page.delay_answers(1_000);
    let archive = "mutation($id: UUID!) { archive_flow(input: {flow_id: $id}) { success } }";
    stage.server.graphql(archive, json!({ "id": required }));
    page.click_within("main", Role::Button, "Start the run");
    page.follow("/agents");
    page.expect_text("code-census was not started.");
    page.delay_answers(0);

    // A view is saved and the page is left.
    page.goto("/runs?q=state:failed");
    page.settle();
    page.execute(
        "document.querySelector('details.dropdown:has(.run-views)').open = true",
        &[],
    );
    page.fill("Name of the view", "what failed");
    page.delay_answers(1_000);
    page.click_within(".run-views", Role::Button, "Save");
    page.follow("/agents");
    page.expect_text("The view what failed is saved");
    page.delay_answers(0);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn escape_closes_the_dialog_and_nothing_below_it() {
    let stage = Stage::with_args("presses_escape", &["--no-agent"]);
    let run = stage.create_flow_run(&stage.flow_id("simple-map"), json!({}));
    let page = &stage.page;
    let count = |page: &Page, css: &str| {
        page.execute(
            "return document.querySelectorAll(arguments[0]).length",
            &[json!(css)],
        )
    };
    let query = "query($run: uuid!) { task_run(where: {flow_run_id: {_eq: $run}}, limit: 1) { task_id } }";
    let found = stage.server.graphql(query, json!({ "run": run }));
    let task = found["task_run"][0]["task_id"].as_str().expect("a task");
    page.goto(format!("/flow-run/{run}?task={task}"));
    page.click_within(".inspector", Role::Button, "More");
    page.click_within(".inspector", Role::MenuItem, "Set state");
    page.expect("the dialog is open", |page| {
        count(page, "dialog[open]") == json!(1)
    });
    page.press("Escape");
    page.expect("the dialog is closed", |page| {
        count(page, "dialog[open]") == json!(0)
    });
    assert!(page.path().contains("task="), "{}", page.path());
    assert_eq!(count(page, ".inspector"), json!(1));
    page.press("Escape");
    page.expect("the next one ends the selection", |page| {
        !page.path().contains("task=")
    });
}

#[test]
fn a_command_is_copied_where_the_browser_has_no_clipboard() {
    let stage = Stage::with_args("presses_copy", &["--no-agent"]);
    let page = &stage.page;
    page.goto("/agents");
    page.settle();
    // As it is over plain HTTP from another machine.
    page.execute(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });
        document.addEventListener('copy', () => { window.taken = document.activeElement.value; });",
        &[],
    );
    page.click_within("main", Role::Button, "Copy command");
    let taken = "return [window.taken ?? '', document.querySelector('.command__text').innerText,
        document.activeElement.innerText]";
    page.expect("it is copied", |page| {
        let taken = page.execute(taken, &[]);
        taken[0] != json!("") && taken[0] == taken[1] && taken[2] == json!("Copied")
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn good_news_stay_while_they_are_read() {
    let stage = Stage::with_args("presses_toast", &["--no-agent"]);
    let page = &stage.page;
    page.goto("/agents");
    page.settle();
    // The time of a toast is over when the test says so.
    page.execute(
        "const wait = window.setTimeout; window.due = [];
        window.setTimeout = (then, millis, ...more) =>
            [8000, 2000].includes(millis) ? window.due.push(then) : wait(then, millis, ...more);",
        &[],
    );
    page.open_palette();
    page.write("copy the link");
    page.press("Enter");
    page.expect_text("The link to this page is copied.");
    page.execute(
        "document.querySelector('.toasts button').focus(); window.due.shift()()",
        &[],
    );
    page.settle();
    page.expect_text("The link to this page is copied.");
    page.execute("document.activeElement.blur(); window.due.shift()()", &[]);
    page.expect_no_text("The link to this page is copied.");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_light_page_is_light_before_the_module_is_there() {
    let stage = Stage::with_args("presses_theme", &["--no-agent"]);
    let page = &stage.page;
    page.goto("/settings");
    page.set_theme(Theme::Light);
    page.settle();
    // Once round, back to the system's.
    for theme in ["dark", "light", "auto"] {
        page.click(Role::Button, "Change it");
        page.expect("the next theme", |page| {
            page.text().contains(&format!("Theme: {theme}"))
        });
    }
    page.block(&["*_bg.wasm"]);
    page.reload();
    page.expect_text("Flowdeck could not be loaded");
    let theme = "return document.documentElement.dataset.theme";
    assert_eq!(page.execute(theme, &[]), json!("light"));
}
