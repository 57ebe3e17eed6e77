//! What a person does on the page of a flow run beside looking: setting a state, renaming, labels; reading artifacts;
//! and one selected task that stays selected from tab to tab.

use serde_json::{Value, json};

use crate::accessibility::expect_accessible;
use crate::harness::{Page, Role, Stage};

/// The text of what is within the selected part of the page.
fn text_of(page: &Page, css: &str) -> String {
    let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
    let text = page.execute(script, &[json!(css)]);
    text.as_str().unwrap_or_default().to_owned()
}

fn count_of(page: &Page, css: &str) -> u64 {
    let script = "return document.querySelectorAll(arguments[0]).length";
    page.execute(script, &[json!(css)]).as_u64().unwrap_or_default()
}

#[test]
fn a_run_is_given_a_state_a_name_and_labels_by_hand() {
    let stage = Stage::with_args("flow_run_actions", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    let page = &stage.page;
    let more = |item: &str| {
        page.click_within(".run-head", Role::Button, "More");
        page.click_within(".run-head", Role::MenuItem, item);
    };
    page.goto(format!("/flow-run/{run}?tab=history"));
    page.click_within(".run-head", Role::Button, "More");
    page.expect("the menu is open", |page| count_of(page, "[role=menu]") == 1);
    expect_accessible(page, "the open menu");
    // The keys alone lead to the item.
    page.expect("the first item has the focus", |page| {
        page.execute("return document.activeElement.role", &[]) == json!("menuitem")
    });
    page.press("Escape");
    page.expect("the menu is closed", |page| count_of(page, "[role=menu]") == 0);

    more("Set state");
    page.click_within("dialog[open]", Role::Radio, "Failed");
    expect_accessible(page, "the dialog that sets a state");
    page.execute(
        "document.querySelector('dialog[open] input.field__text').focus()",
        &[],
    );
    page.write("the source was empty");
    let choose = "const box = document.querySelector('dialog[open] input[type=checkbox]');
        if (box && !box.checked) box.click();
        return box?.checked ?? false";
    page.expect("its task runs, too", |page| {
        page.execute(choose, &[]) == json!(true)
    });
    page.click_within("dialog[open]", Role::Button, "Set state");
    page.expect("the run's state is Failed", |page| page.state() == "failed");
    page.expect("the reason is in the history", |page| {
        text_of(page, ".state-history").contains("the source was empty")
    });
    let query = "query($run: uuid!) { flow_run_by_pk(id: $run) { name labels version task_runs { state } } }";
    let seen = || stage.server.graphql(query, json!({ "run": run }))["flow_run_by_pk"].clone();
    let task_runs = seen()["task_runs"].as_array().cloned().unwrap_or_default();
    assert!(!task_runs.is_empty() && task_runs.iter().all(|task_run| task_run["state"] == "Failed"));

    // Who has looked at an older state is told so, and nothing happens.
    more("Set state");
    let set = "mutation($id: UUID!) { set_flow_run_states(input: {states: [{flow_run_id: $id, state: {type: \"Cancelled\", message: \"\"}}]}) { states { status } } }";
    page.click_within("dialog[open]", Role::Radio, "Success");
    stage.server.graphql(set, json!({ "id": run }));
    // The line makes room for itself above the button.
    page.expect_text("It has moved on and is Cancelled now");
    page.click_within("dialog[open]", Role::Button, "Set state");
    page.expect_text("It has moved on meanwhile and is Cancelled now");
    stage.expect_state(&run, "Cancelled");

    more("Rename");
    page.write("the empty one");
    page.click_within("dialog[open]", Role::Button, "Rename it");
    page.expect("it has another name", |page| page.title() == "the empty one");
    more("Edit labels");
    page.execute("document.querySelector('dialog[open] .chips input').focus()", &[]);
    page.write("gpu");
    page.click_within("dialog[open]", Role::Button, "Set labels");
    page.expect_text("has other labels now");
    assert_eq!(seen()["name"], "the empty one");
    assert!(
        seen()["labels"]
            .as_array()
            .is_some_and(|labels| labels.contains(&json!("gpu")))
    );
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn artifacts_are_tables_and_text_and_never_markup() {
    let stage = Stage::new("artifacts");
    let run = stage.create_flow_run(&stage.flow_id("code-census"), json!({}));
    stage.expect_state(&run, "Success");
    let page = &stage.page;
    page.goto(format!("/flow-run/{run}"));
    page.click_within(".tabs", Role::Link, "Artifacts");
    page.expect("the census is a table", |page| {
        count_of(page, ".artifact table thead th") == 4 && count_of(page, ".artifact table tbody tr") > 2
    });
    page.expect_row("Rust", "Rust");

    let query = "query($run: uuid!) { task_run(where: {flow_run_id: {_eq: $run}}, limit: 1) { id } }";
    let task_run = stage.server.graphql(query, json!({ "run": run }))["task_run"][0]["id"].clone();
    let create = "mutation($input: create_task_run_artifact_input!) { create_task_run_artifact(input: $input) { id } }";
    let leave = |kind: &str, data: Value| {
        let input = json!({ "task_run_id": task_run, "kind": kind, "data": data });
        stage.server.graphql(create, json!({ "input": input }));
    };
    let hostile = "<script>window.harmed = true</script> [press](javascript:window.harmed=true)\n\n\
        <img src=x onerror=\"window.harmed=true\">";
    leave("markdown", json!({ "markdown": hostile }));
    leave("link", json!({ "link": "javascript:window.harmed=true" }));
    leave("link", json!({ "link": "https://example.org/report" }));
    leave("numbers", json!({ "rows": [1, 2, 3] }));
    page.goto(format!("/task-run/{}", task_run.as_str().expect("a task run")));
    page.expect_text("<script>window.harmed = true</script>");
    page.expect_text("javascript:window.harmed=true");
    page.expect_text("3 items");
    let links = "return [...document.querySelectorAll('.artifact a[href]')].map((link) => link.href).filter((href) => !href.startsWith(location.origin))";
    assert_eq!(page.execute(links, &[]), json!(["https://example.org/report"]));
    assert_eq!(count_of(page, ".artifact img, .artifact script"), 0);
    assert_eq!(page.execute("return window.harmed ?? false", &[]), json!(false));
    expect_accessible(page, "artifacts");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Presses the middle of the first bar of a task's lane.
const PRESS_BAR: &str = "
    const name = [...document.querySelectorAll('.timeline__lane')].find((lane) => lane.innerText.includes(arguments[0]));
    const bars = name.querySelector('.timeline__bars path').getBoundingClientRect();
    const at = { clientX: bars.x + bars.width / 2, clientY: bars.y + bars.height / 2, bubbles: true };
    name.querySelector('.timeline__bars').dispatchEvent(new MouseEvent('click', at));";

/// The middle of the first bar of a task's lane.
const BAR: &str = "
    const lane = [...document.querySelectorAll('.timeline__lane')].find((lane) => lane.innerText.includes(arguments[0]));
    lane.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = lane.querySelector('.timeline__bars path').getBoundingClientRect();
    return [x + width / 2, y + height / 2];";

/// Presses a key on the timeline; whether that is left to the browser.
const KEY: &str = "
    const [key, how] = arguments;
    const event = new KeyboardEvent('keydown', { key, ...how, bubbles: true, cancelable: true });
    return document.querySelector('.timeline').dispatchEvent(event);";

#[test]
fn the_timeline_is_dragged_without_selecting_and_leaves_the_browser_its_keys() {
    let stage = Stage::new("timeline_drag");
    let run = stage.create_flow_run(&stage.flow_id("weather-of-failures"), json!({}));
    stage.expect_state(&run, "Failed");
    let page = &stage.page;
    let whole = format!("/flow-run/{run}?tab=timeline");
    page.goto(&whole);
    page.expect("bars are there", |page| {
        count_of(page, ".timeline__bars path") > 0
    });
    for how in [
        json!({ "ctrlKey": true }),
        json!({ "metaKey": true }),
        json!({ "altKey": true }),
    ] {
        for key in ["+", "-", "0", "ArrowLeft", "ArrowRight"] {
            let is_left = page.execute(KEY, &[json!(key), how.clone()]);
            assert_eq!(is_left, json!(true), "{key} {how}");
        }
    }
    assert_eq!(page.execute(KEY, &[json!("+"), json!({})]), json!(false));
    let part = |page: &Page| page.path().split_once("&from=").map(|(_, part)| part.to_owned());
    page.expect("a part is in the URL", |page| part(page).is_some());
    let before = part(page);
    let bar = |page: &Page| {
        let at = page.execute(BAR, &[json!("passing_shower")]);
        let at = |place: usize| at[place].as_f64().expect("a place on the page");
        (at(0), at(1))
    };
    page.drag(bar(page), 60.0);
    page.expect("another part is in the URL", |page| {
        part(page).is_some() && part(page) != before
    });
    assert!(!page.path().contains("task="), "{}", page.path());
    page.drag(bar(page), 1.0);
    page.expect("a click selects", |page| page.path().contains("task="));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_selected_task_stays_selected_from_tab_to_tab() {
    let stage = Stage::new("selection");
    let run = stage.create_flow_run(&stage.flow_id("weather-of-failures"), json!({}));
    stage.expect_state(&run, "Failed");
    let page = &stage.page;
    let inspects = |words: &[&str]| {
        page.expect(&format!("the panel says {words:?}"), |page| {
            let text = text_of(page, ".inspector");
            words.iter().all(|words| text.contains(words))
        });
    };
    page.goto(format!("/flow-run/{run}?tab=timeline"));
    page.expect("bars are there", |page| {
        count_of(page, ".timeline__bars path") > 0
    });
    page.execute(PRESS_BAR, &[json!("passing_shower")]);
    inspects(&["passing_shower", "Success", "Attempt"]);
    assert!(page.path().contains("task="), "{}", page.path());
    expect_accessible(page, "the timeline with a selected task");
    for tab in ["Schematic", "Task runs", "Timeline"] {
        page.click_within(".tabs", Role::Link, tab);
        inspects(&["passing_shower"]);
    }
    page.click_within(".tabs", Role::Link, "Task runs");
    page.click_within(".inspector", Role::Button, "sunrise");
    inspects(&["sunrise", "Downstream"]);
    // What its page offers is offered here, too.
    page.click_within(".inspector", Role::Button, "More");
    page.click_within(".inspector", Role::MenuItem, "Set state");
    page.click_within("dialog[open]", Role::Radio, "Skipped");
    page.click_within("dialog[open]", Role::Button, "Set state");
    inspects(&["sunrise", "Skipped", "Set by hand."]);
    page.click_within(".inspector", Role::Button, "Close");
    page.expect("nothing is selected", |page| !page.path().contains("task="));
    page.expect("the panel is gone", |page| count_of(page, ".inspector") == 0);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Turns the wheel ten times over the timeline, as for zooming, and counts how often that is written into the URL.
const ZOOM: &str = "
    window.written = 0;
    let last = performance.now();
    window.pauses = 0;
    const replace = history.replaceState.bind(history);
    history.replaceState = (...how) => { window.written += 1; replace(...how); };
    const body = document.querySelector('.timeline__body');
    const { x, y, width } = body.querySelector('.timeline__axis .timeline__area').getBoundingClientRect();
    const at = { clientX: x + width / 4, clientY: y, deltaY: -100, ctrlKey: true, bubbles: true, cancelable: true };
    for (let turn = 0; turn < 10; turn += 1) {
        body.dispatchEvent(new WheelEvent('wheel', at));
        await new Promise((next) => setTimeout(next));
        window.pauses += performance.now() - last > 300 ? 1 : 0;
        last = performance.now();
    }
    window.ended = last;";

#[test]
fn the_part_of_the_timeline_that_is_seen_survives_a_reload() {
    let stage = Stage::new("timeline_part");
    let run = stage.create_flow_run(&stage.flow_id("weather-of-failures"), json!({}));
    stage.expect_state(&run, "Failed");
    let page = &stage.page;
    let seen = |page: &Page| text_of(page, ".timeline__said");
    page.goto("/flows");
    page.settle();
    page.follow(format!("/flow-run/{run}?tab=timeline"));
    page.expect("all of it", |page| seen(page).starts_with("The whole run"));
    // What never ran says how that came.
    for (task, state) in [("harvest", "Trigger failed"), ("picnic", "Skipped")] {
        let said = "return [...document.querySelectorAll('.timeline__lane')].map((lane) => lane.innerText)
            .find((text) => text.includes(arguments[0]))";
        let said = page.execute(said, &[json!(task)]);
        assert!(said.as_str().is_some_and(|said| said.contains(state)), "{said}");
    }
    page.execute(ZOOM, &[]);
    page.expect("the part is in the URL, and nothing moves any more", |page| {
        let rests = page.execute("return performance.now() - window.ended > 1000", &[]);
        rests == json!(true) && page.path().contains("&from=")
    });
    let (part, path) = (seen(page), page.path());
    assert!(part.starts_with("A part of the run"), "{part}");
    // Once it is at rest; each time that the machine stands still between two turns of the wheel it may be that, too.
    let counted = page.execute("return [window.written, window.pauses]", &[]);
    let [written, pauses] = [0, 1].map(|place| counted[place].as_u64().expect("a count"));
    assert!(
        (1..=1 + pauses).contains(&written),
        "written {written} times, {pauses} pauses"
    );
    page.reload();
    page.expect("a part", |page| seen(page).starts_with("A part of the run"));
    assert_eq!(page.path(), path, "the same");
    // A selection keeps it.
    page.click_within(".timeline__lane", Role::Button, "fog");
    page.expect("the task is in the URL, too", |page| {
        page.path().contains("task=")
    });
    page.click_within(".timeline__lane", Role::Button, "fog");
    page.expect("nothing else has changed", |page| page.path() == path);
    page.click(Role::Link, "The run over time");
    page.expect("the time that was pressed is in the URL", |page| {
        page.path().contains("&at=")
    });
    page.click_within(".timeline__bar", Role::Button, "Fit");
    page.expect("what is usual is not in the URL", |page| {
        page.path() == format!("/flow-run/{run}?tab=timeline")
    });
    page.execute("history.back()", &[]);
    page.expect("the page before", |page| page.path() == "/flows");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// As `create_flow_run` of the Python client does it: the id of its own task run is the idempotency key.
#[test]
fn a_run_and_the_task_run_that_started_it_lead_to_each_other() {
    let stage = Stage::new("started_runs");
    let flow = stage.flow_id("simple-map");
    let parent = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&parent, "Success");
    let query = "query($run: uuid!) { task_run(where: { flow_run_id: { _eq: $run }, map_index: { _eq: -1 }, \
                 task: { name: { _eq: \"get_sum\" } } }) { id } flow_run_by_pk(id: $run) { name } }";
    let found = stage.server.graphql(query, json!({ "run": parent }));
    let task_run = found["task_run"][0]["id"]
        .as_str()
        .expect("a task run")
        .to_owned();
    let parent_name = found["flow_run_by_pk"]["name"]
        .as_str()
        .expect("a name")
        .to_owned();
    let create = "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }";
    let input =
        json!({ "flow_id": flow, "flow_run_name": "the-child", "idempotency_key": format!("{task_run}-0") });
    let child = stage.server.graphql(create, json!({ "input": input }))["create_flow_run"]["id"].clone();
    let child = child.as_str().expect("an id").to_owned();
    stage.expect_state(&child, "Success");
    let page = &stage.page;

    page.goto(format!("/flow-run/{child}"));
    page.expect("the head says what started it", |page| {
        text_of(page, ".run-head__line").contains(&format!("started by get_sum of {parent_name}"))
    });
    page.click_within(".run-head__line", Role::Link, "get_sum");
    page.expect_path(&format!("/task-run/{task_run}"));
    page.expect_text("Flow runs it started");
    page.click_within(".short-list__line, li", Role::Link, "the-child");
    page.expect_path(&format!("/flow-run/{child}"));

    // The flow run's page lists what all its task runs have started: a few, and the others on demand.
    let query = "query($run: uuid!) { task_run(where: { flow_run_id: { _eq: $run }, \
                 start_time: { _is_null: false } }) { id map_index } }";
    let task_runs = stage.server.graphql(query, json!({ "run": parent }))["task_run"].clone();
    let task_runs = task_runs.as_array().expect("task runs");
    for (number, run) in task_runs.iter().take(6).enumerate() {
        let (id, index) = (run["id"].as_str().expect("an id"), &run["map_index"]);
        let key = if number < 3 {
            id.to_owned()
        } else {
            format!("{id}-{index}")
        };
        let name = format!("child-{number}");
        let input = json!({ "flow_id": flow, "flow_run_name": name, "idempotency_key": key });
        stage.server.graphql(create, json!({ "input": input }));
    }
    page.goto(format!("/flow-run/{parent}"));
    page.expect("some are listed", |page| {
        count_of(page, ".inspected__main .short-list__line") == 5
    });
    page.click_within(".inspected__main", Role::Button, "Show all 6");
    page.expect("all are listed", |page| {
        count_of(page, ".inspected__main .short-list__line") == 6
    });
    page.expect_text("6 success");
    page.click_within(".inspected__main", Role::Link, "child-3");
    page.expect_text("started by");

    // A run that was started by hand says that, and its tasks have started nothing.
    page.goto(format!("/flow-run/{parent}?tab=schematic"));
    page.expect_text("by hand,");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_task_run_begins_again_with_the_keys_alone() {
    let stage = Stage::with_args("task_run_keys", &["--no-agent"]);
    let run = stage.create_flow_run(&stage.flow_id("simple-map"), json!({}));
    let fail = "mutation($id: UUID!) { set_flow_run_states(input: {states: [
        {flow_run_id: $id, state: {type: \"Failed\", message: \"\"}}]}) { states { status } } }";
    stage.server.graphql(fail, json!({ "id": run }));
    let query =
        "query($run: uuid!) { task_run(where: {flow_run_id: {_eq: $run}}, order_by: [{id: asc}]) { id } }";
    let found = stage.server.graphql(query, json!({ "run": run }));
    let task_run = found["task_run"][0]["id"].as_str().expect("it has task runs");
    let page = &stage.page;
    page.goto(format!("/task-run/{task_run}"));
    let focus = "const buttons = [...document.querySelectorAll('.run-head .page__actions .button')];
        const button = buttons.find((button) => button.innerText === 'Restart from here');
        button?.focus();
        return button === document.activeElement";
    page.expect("the button has the focus", |page| {
        page.execute(focus, &[]) == json!(true)
    });
    page.press("Enter");
    stage.expect_state(&run, "Scheduled");
    // The button is gone with the state it was for; the next one has the focus.
    let focused = "return document.activeElement.closest('.run-head .page__actions')?.innerText";
    page.expect("the focus is on what is left", |page| {
        page.execute(focused, &[]) == json!("More")
    });

    page.open_palette();
    page.write("rename");
    page.press("Enter");
    page.expect_text("Rename this task run");
}
