//! The command palette and the keys that work everywhere: anything is found by name and by id, and what the page can
//! do is done from it, after the same questions.

use serde_json::json;

use crate::harness::{Page, Role, Stage};

#[test]
fn anything_is_found_by_its_name_or_its_id() {
    let stage = Stage::new("palette_find");
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Success");
    let query = "query($run: uuid!) { flow_run_by_pk(id: $run) {
        name flow { flow_group_id project_id } task_runs(limit: 1, where: {map_index: {_eq: -1}}) { id task_id } } }";
    let known = stage.server.graphql(query, json!({ "run": run }))["flow_run_by_pk"].clone();
    let text = |pointer: &str| {
        known
            .pointer(pointer)
            .and_then(|value| value.as_str())
            .expect("a text")
            .to_owned()
    };
    let page = &stage.page;
    page.goto("/");
    page.settle();

    // By name, with the first that is found.
    for (name, place) in [
        ("simple-map", format!("/flow/{flow}")),
        (text("/name").as_str(), format!("/flow-run/{run}")),
        ("agents", "/agents".to_owned()),
    ] {
        find(page, name);
        page.expect(&format!("'{name}' is proposed"), |page| {
            options(page).contains(name) || name == "agents"
        });
        page.press("Enter");
        page.expect_path(&place);
        // It is among the recent ones once its name is known.
        page.settle();
    }
    // By id: wherever it is copied from, it leads to the thing.
    for (id, place) in [
        (&flow, format!("/flow/{flow}")),
        (&text("/flow/flow_group_id"), format!("/flow/{flow}")),
        (
            &text("/flow/project_id"),
            format!("/project/{}", text("/flow/project_id")),
        ),
        (&run, format!("/flow-run/{run}")),
        (
            &text("/task_runs/0/id"),
            format!("/task-run/{}", text("/task_runs/0/id")),
        ),
        (
            &text("/task_runs/0/task_id"),
            format!("/task/{}", text("/task_runs/0/task_id")),
        ),
    ] {
        page.goto("/agents");
        page.settle();
        find(page, id);
        page.expect(&format!("{id} is found"), |page| {
            options(page).lines().count() >= 2
        });
        page.press("Enter");
        page.expect_path(&place);
        page.settle();
    }
    // What was looked at is at hand without a letter.
    page.goto("/agents");
    page.settle();
    page.chord("k");
    page.expect("the run is among the recent", |page| {
        let options = options(page);
        options.contains("Recent") && options.contains(&text("/name"))
    });
    let click = "[...document.querySelectorAll('#palette-list [role=option]')]
        .find((option) => option.querySelector('.palette__name').innerText === arguments[0]).click()";
    page.execute(click, &[json!(text("/name"))]);
    page.expect_path(&format!("/flow-run/{run}"));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn what_the_page_can_do_is_done_from_the_palette() {
    let stage = Stage::with_args("palette_act", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let page = &stage.page;
    page.goto(format!("/flow/{flow}"));
    page.settle();
    find(page, "quick");
    page.press("Enter");
    page.expect_text("simple-map is starting.");
    let runs = stage.server.graphql("{ flow_run { id } }", json!({}));
    let run = runs["flow_run"][0]["id"]
        .as_str()
        .expect("the run that was started")
        .to_owned();

    page.goto(format!("/flow-run/{run}"));
    page.settle();
    find(page, "logs");
    page.press("Enter");
    page.expect_path(&format!("/flow-run/{run}?tab=logs"));
    // What cannot be taken back is asked for first, as by its button.
    find(page, "cancel");
    page.press("Enter");
    page.expect_text("Cancel this flow run?");
    page.click_within("dialog[open]", Role::Button, "Cancel the run");
    stage.expect_state(&run, "Cancelled");
    page.expect("the page says so", |page| page.state() == "cancelled");
    page.chord("k");
    page.expect("what can be done has changed", |page| {
        let options = options(page);
        options.contains("Run again") && !options.contains("Cancel")
    });
    page.press("Escape");
    page.expect("the palette is closed", |page| options(page).is_empty());
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Takes what is chosen and asks for the palette again before the browser has drawn a frame.
const TAKE_AND_OPEN: &str = "
    const key = (key, more) => new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    document.querySelector('.palette input').dispatchEvent(key('Enter'));
    document.body.dispatchEvent(key('k', { ctrlKey: true }));
    for (let frame = 0; frame < 3; frame += 1) await new Promise((next) => requestAnimationFrame(next));
    return document.querySelector('dialog.palette[open]') !== null;";

#[test]
fn it_opens_again_before_the_browser_has_said_that_it_is_closed() {
    let stage = Stage::with_args("palette_again", &["--no-agent"]);
    let page = &stage.page;
    page.goto("/");
    page.settle();
    find(page, "agents");
    page.expect("'agents' is proposed", |page| options(page).contains("Agents"));
    assert_eq!(page.execute(TAKE_AND_OPEN, &[]), json!(true), "it is open");
    page.expect_path("/agents");
    page.write("settings");
    page.press("Enter");
    page.expect_path("/settings");
}

#[test]
fn keys_lead_everywhere() {
    let stage = Stage::with_args("keys", &["--no-agent"]);
    let page = &stage.page;
    page.goto("/");
    page.settle();
    for (keys, place) in [
        (["g", "r"], "/runs"),
        (["g", "s"], "/settings"),
        (["g", "f"], "/flows"),
    ] {
        for key in keys {
            page.press(key);
        }
        page.expect_path(place);
        page.settle();
    }
    // A key that was pressed a minute ago is forgotten.
    let press_late = "
        const press = (key, timeStamp) => {
            const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
            Object.defineProperty(event, 'timeStamp', { value: timeStamp });
            document.body.dispatchEvent(event);
        };
        press('g', performance.now() - 60_000);
        press('r', performance.now());";
    page.execute(press_late, &[]);
    page.settle();
    assert_eq!(page.path(), "/flows");
    page.press("?");
    page.expect("the keys are listed", |page| page.text().contains("row by row"));
    // While it is open, no other key acts.
    page.press("/");
    page.press("Escape");
    page.expect_no_text("row by row");
    page.goto("/runs");
    page.settle();
    page.press("/");
    let focused = "return document.activeElement?.getAttribute('aria-label') ?? ''";
    page.expect("the filter has the focus", |page| {
        page.execute(focused, &[]) == json!("Filter the runs")
    });
    // Out of the proposals, out of the field: then the keys of the page are at hand again.
    page.press("Escape");
    page.press("Escape");
    page.press("?");
    page.expect_text("row by row");
    page.press("Escape");
    page.goto("/agents");
    page.settle();
    page.press("/");
    page.expect("where there is nothing to search in, the palette opens", |page| {
        page.execute(focused, &[]) == json!("Name or id")
    });
    page.press("Escape");
    page.expect("and closes", |page| {
        page.execute(focused, &[]) != json!("Name or id")
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// The names that are listed, and the one that is chosen.
const LISTED: &str = "
    const name = (option) => option.querySelector('.palette__name').innerText;
    const all = [...document.querySelectorAll('#palette-list [role=option]')];
    return { all: all.map(name), chosen: all.filter((option) => option.ariaSelected === 'true').map(name) };";

#[test]
fn what_is_chosen_stays_chosen_while_the_list_changes() {
    let stage = Stage::with_args("palette_change", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    let page = &stage.page;
    page.goto(format!("/flow-run/{run}"));
    page.settle();
    page.open_palette();
    let choose = |name: &str| {
        for _ in 0..100 {
            if page.execute(LISTED, &[])["chosen"] == json!([name]) {
                return;
            }
            page.press("ArrowDown");
        }
        panic!("{name} cannot be chosen");
    };
    page.expect("it can be cancelled", |page| options(page).contains("Cancel"));
    choose("Cancel");
    let set = "mutation($run: UUID!) { set_flow_run_states(input: {states: [
        {flow_run_id: $run, state: {type: \"Failed\", message: \"\"}}]}) { states { status } } }";
    stage.server.graphql(set, json!({ "run": run }));
    page.expect("it cannot be cancelled any more", |page| {
        let all = page.execute(LISTED, &[])["all"].clone();
        all.as_array().is_some_and(|all| !all.contains(&json!("Cancel")))
    });
    assert_eq!(page.execute(LISTED, &[])["chosen"], json!([]));
    // Enter takes nothing, and nothing has taken its place.
    page.press("Enter");
    page.settle();
    assert!(!options(page).is_empty(), "the palette is still open");
    assert_eq!(stage.state_of(&run), "Failed");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Opens the palette and writes into it.
fn find(page: &Page, text: &str) {
    page.open_palette();
    page.expect("the palette is open", |page| !options(page).is_empty());
    page.write(text);
}

/// What the palette lists.
fn options(page: &Page) -> String {
    let list = page.execute(
        "return document.querySelector('#palette-list')?.innerText ?? ''",
        &[],
    );
    list.as_str().unwrap_or_default().to_owned()
}
