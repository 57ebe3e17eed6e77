//! The run form: it says what is missing, sends only what was changed, and its command does the same.

use flowdeck_dashboard::routes::{FlowTab, Route};
use serde_json::{Value, json};

use crate::harness::{Page, Role, Stage};

/// A flow with parameters of all kinds; nothing runs it.
fn many_parameters(stage: &Stage) -> String {
    let simple = stage.flow_id("simple-map");
    let query = "query($id: uuid!) { flow_by_pk(id: $id) { project_id } }";
    let found = stage.server.graphql(query, json!({ "id": simple }));
    let flow = json!({
        "name": "many-parameters",
        "tasks": [],
        "edges": [],
        "parameters": [
            { "name": "path", "required": true, "default": null },
            { "name": "count", "required": false, "default": 3 },
            { "name": "ratio", "required": false, "default": 0.5, "value_type": "number" },
            { "name": "dry_run", "required": false, "default": false },
            { "name": "note", "required": false, "default": "hello" },
            { "name": "columns", "required": false, "default": ["a", "b"] },
            { "name": "options", "required": false, "default": {} },
            { "name": "since", "required": false, "default": null, "type": "prefect.core.parameter.DateTimeParameter" },
            { "name": "size", "required": false, "default": "m", "schema": { "enum": ["s", "m", "l"], "description": "How large" } },
        ],
        "run_config": { "type": "UniversalRun", "env": null, "labels": ["nobody-has-this"] },
    });
    let create = "mutation($flow: JSON!, $project: UUID!) {
        create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }";
    let created = stage.server.graphql(
        create,
        json!({ "flow": flow, "project": found["flow_by_pk"]["project_id"] }),
    );
    created["create_flow"]["id"].as_str().expect("a flow").to_owned()
}

fn form_of(flow: &str) -> String {
    Route::Flow(flow.parse().expect("a flow's id"), FlowTab::Run).to_string()
}

/// Types into the control that the label `label` names, as a person would: old text away, new text in.
fn fill(page: &Page, label: &str, text: &str) {
    let script = "
        const [label, text] = arguments;
        const named = (control) => [...(control.labels ?? [])].some((found) => found.innerText.trim().split('\\n')[0] === label)
            || control.getAttribute('aria-label') === label;
        const control = [...document.querySelectorAll('.run-form :is(input, textarea, select)')].find(named);
        if (!control) return false;
        const proto = Object.getPrototypeOf(control);
        Object.getOwnPropertyDescriptor(proto, 'value').set.call(control, text);
        control.dispatchEvent(new Event('input', { bubbles: true }));
        control.dispatchEvent(new Event('change', { bubbles: true }));
        return true;";
    page.expect(&format!("a control '{label}' to fill in"), |page| {
        page.execute(script, &[json!(label), json!(text)]) == json!(true)
    });
}

/// Chooses the radio button or the summary of this name.
fn choose(page: &Page, label: &str) {
    let script = "
        const found = [...document.querySelectorAll('.run-form :is(label.field__choice, summary)')]
            .find((element) => element.innerText.trim().startsWith(arguments[0]));
        found?.click();
        return Boolean(found);";
    page.expect(&format!("'{label}' to choose"), |page| {
        page.execute(script, &[json!(label)]) == json!(true)
    });
}

/// Waits for the page of the new run, and answers what it was given.
fn new_run(stage: &Stage) -> (String, Value) {
    let path = stage.page.expect_path("/flow-run/");
    let id = path.trim_start_matches("/flow-run/").to_owned();
    let run = inputs_of(stage, &id);
    (id, run)
}

fn inputs_of(stage: &Stage, run: &str) -> Value {
    let query = "query($id: uuid!) { flow_run_by_pk(id: $id) {
        name parameters labels context run_config scheduled_start_time } }";
    let found = stage.server.graphql(query, json!({ "id": run }));
    found["flow_run_by_pk"].clone()
}

/// What the page showed as the command, as a shell takes it apart.
fn words_of(command: &str) -> Vec<String> {
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            &format!("flowdeck() {{ printf '%s\\0' \"$@\"; }}; {command}"),
        ])
        .output()
        .expect("a shell");
    let text = String::from_utf8(output.stdout).expect("text");
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn the_form_says_what_is_missing_and_sends_only_what_was_changed() {
    let stage = Stage::with_args("run_form", &["--no-agent"]);
    let flow = many_parameters(&stage);
    let page = &stage.page;

    // The notice on the flow's page leads to the form.
    page.goto(Route::flow(flow.parse().expect("a flow's id")));
    page.click_within("main", Role::Link, "Fill in the form");
    page.expect_path(&form_of(&flow));

    page.click_within(".run-form", Role::Button, "Start the run");
    page.expect_text("path: It needs a value.");
    let focused = "return document.activeElement.labels?.[0]?.innerText ?? ''";
    page.expect("the focus is where something is missing", |page| {
        page.execute(focused, &[]) == json!("path")
    });

    fill(page, "path", "/srv/data");
    fill(page, "count", "many");
    page.expect_text("It takes a value of type integer.");
    fill(page, "count", "3");
    page.expect_text("1 of 9 parameters changed · now · default run config");
    choose(page, "true");
    page.expect_text("2 of 9 parameters changed");
    fill(page, "options", "{\n \"a\": }");
    page.expect_text("Line 2, column 7: expected value.");
    fill(page, "options", "{}");

    // The whole map as JSON, there and back.
    page.click_within(".run-form", Role::Button, "Edit as JSON");
    fill(page, "All parameters as JSON", "{ \"path\": \"/srv/data\", ");
    page.expect_text("the JSON ends before it is complete");
    fill(
        page,
        "All parameters as JSON",
        "{ \"path\": \"/srv/data\", \"dry_run\": true, \"note\": \"5\" }",
    );
    page.click_within(".run-form", Role::Button, "Back to fields");
    page.expect_text("3 of 9 parameters changed");

    // A look at another tab loses nothing.
    page.click_within("main .tabs", Role::Link, "Overview");
    page.expect_text("Last runs");
    page.click_within("main .tabs", Role::Link, "Run");
    page.expect_text("3 of 9 parameters changed");

    page.click_within(".run-form", Role::Button, "Start the run");
    let (_, run) = new_run(&stage);
    // The server fills in those defaults that are not empty.
    assert_eq!(
        run["parameters"],
        json!({
            "path": "/srv/data", "dry_run": true, "note": "5",
            "count": 3, "ratio": 0.5, "columns": ["a", "b"], "size": "m",
        })
    );
    assert_eq!(run["context"], json!({}));
    assert_eq!(run["labels"], json!(["nobody-has-this"]));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_run_for_later_its_command_and_the_run_after_it() {
    let stage = Stage::with_args("run_form_later", &["--no-agent"]);
    let flow = many_parameters(&stage);
    let page = &stage.page;
    page.goto(form_of(&flow));
    fill(page, "path", "it's \"here\"");
    fill(page, "Run name", "monday");
    choose(page, "Later");
    fill(page, "Time zone", "Europe/Berlin");
    // The field takes a zone when it is left.
    let leave = "document.querySelector('.zone-field input').dispatchEvent(new FocusEvent('blur'))";
    page.execute(leave, &[]);
    fill(page, "Day", "2020-07-01");
    fill(page, "Time", "14:00");
    page.click_within(".run-form", Role::Button, "Schedule the run");
    page.expect_text("That time has passed");
    fill(page, "Day", "2999-07-01");
    page.expect_text("2999-07-01 12:00:00 UTC");
    choose(page, "Advanced");
    fill(page, "Log level", "DEBUG");
    fill(page, "Context, as JSON", "{\"a\": 1}");
    page.expect_text("log level DEBUG");

    // What the command says is what the form sends.
    let command = page.execute(
        "return document.querySelector('.run-form .command__text').innerText",
        &[],
    );
    let words = words_of(command.as_str().unwrap_or_default());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = stage.server.cli(&words);
    let of_command = said
        .split(['(', ')'])
        .nth(1)
        .expect("the id of the new run")
        .to_owned();
    page.click_within(".run-form", Role::Button, "Schedule the run");
    let (of_form, run) = new_run(&stage);
    assert_eq!(inputs_of(&stage, &of_command), run, "{command}");
    assert_eq!(run["name"], "monday");
    assert_eq!(run["parameters"]["path"], "it's \"here\"");
    assert_eq!(run["scheduled_start_time"], "2999-07-01T12:00:00.000000+00:00");
    assert_eq!(
        run["run_config"]["env"],
        json!({ "PREFECT__LOGGING__LEVEL": "DEBUG" })
    );

    // The form filled from that run starts one with the same inputs.
    let url = Route::run_form_from(
        flow.parse().expect("a flow's id"),
        of_form.parse().expect("a run's id"),
    );
    page.goto(url);
    page.expect_text("Filled in from monday");
    page.expect_text("1 of 9 parameters changed · now");
    fill(page, "count", "7");
    page.click_within(".run-form", Role::Button, "Start the run");
    page.expect("the page of another run", |page| {
        page.path().starts_with("/flow-run/") && !page.path().contains(&of_form)
    });
    let (_, again) = new_run(&stage);
    assert_eq!(again["parameters"]["count"], 7);
    assert_eq!(again["parameters"]["path"], run["parameters"]["path"]);
    for key in ["labels", "context", "run_config"] {
        assert_eq!(again[key], run[key], "{key}");
    }
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn defaults_that_are_set_for_all_versions_show_in_the_form() {
    let stage = Stage::with_args("parameter_defaults", &["--no-agent"]);
    let flow = many_parameters(&stage);
    let page = &stage.page;
    page.goto(Route::Flow(flow.parse().expect("a flow's id"), FlowTab::Settings));
    let script = "
        const control = document.querySelector('.parameter-defaults #parameter-0');
        if (!control) return false;
        control.value = '/srv';
        control.dispatchEvent(new Event('input', { bubbles: true }));
        return true;";
    page.expect("the field of the first parameter", |page| {
        page.execute(script, &[]) == json!(true)
    });
    page.click_within("main", Role::Button, "Save the defaults");
    page.expect_text("The defaults are saved.");
    let query = "query($id: uuid!) { flow_by_pk(id: $id) { flow_group { default_parameters } } }";
    let found = stage.server.graphql(query, json!({ "id": flow }));
    assert_eq!(
        found["flow_by_pk"]["flow_group"]["default_parameters"],
        json!({ "path": "/srv" })
    );
    page.click_within("main .tabs", Role::Link, "Run");
    page.expect_text("as set for all versions");
    page.expect_text("default parameters · now · default run config");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
