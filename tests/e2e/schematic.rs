//! The schematic of a run: from the first click on Quick Run to a task's run and its log, and on along the edges.

use serde_json::json;

use crate::harness::{Page, Role, Stage};

#[test]
fn from_quick_run_through_the_schematic_to_a_task_run_and_its_log() {
    let stage = Stage::new("schematic");
    let flow = stage.flow_id("simple-map");
    let page = &stage.page;

    page.goto(format!("/flow/{flow}"));
    page.click_within("main", Role::Button, "Quick Run");
    page.click_within(".toasts", Role::Link, "Open the run");
    page.expect_path("/flow-run/");
    page.expect("the run's state is Success", |page| page.state() == "success");
    page.click_within("main", Role::Link, "Schematic");
    page.expect("both mapped tasks are one card each, with 4/4", |page| {
        page.text().matches("4/4").count() == 2
    });
    let cards = page.execute("return document.querySelectorAll('.task-card').length", &[]);
    assert_eq!(cards, json!(4), "a card for each task, none for a mapped child");
    // Tasks of one name are told apart as in the table and the log.
    page.fill("Find a task", "add_one-2");
    page.expect("one is found", |page| {
        let found = "return document.querySelector('.schematic__found').innerText";
        page.execute(found, &[]) == json!("1")
    });
    page.fill("Find a task", "");
    page.click_within(".schematic", Role::Button, "add_one-1");
    page.click_within(".inspector", Role::Button, "add_one-2");
    page.expect("the panel is of the task downstream", |page| {
        let title = "return document.querySelector('.inspector__title')?.innerText ?? ''";
        page.execute(title, &[]) == json!("add_one-2")
    });
    page.click_within(".schematic", Role::Button, "get_sum");
    page.expect("the selection is in the URL", |page| {
        page.path().contains("task=")
    });
    page.reload();
    page.click_within(".inspector", Role::Link, "Task run");
    page.expect_path("/task-run/");
    page.expect_text("The sum is 15");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_task_run_leads_to_what_is_around_it() {
    let stage = Stage::new("task_run");
    let flow = stage.flow_id("simple-map");
    let run = |_| {
        let run = stage.create_flow_run(&flow, json!({}));
        stage.expect_state(&run, "Success");
        run
    };
    let runs: Vec<String> = (0..2).map(run).collect();
    let query = "query($run: uuid!) { flow_run_by_pk(id: $run) {
        task_runs(where: {task: {slug: {_eq: \"add_one-2\"}}, map_index: {_eq: 3}}) { id } } }";
    let found = stage.server.graphql(query, json!({ "run": runs[1] }));
    let child = found["flow_run_by_pk"]["task_runs"][0]["id"]
        .as_str()
        .expect("the last child")
        .to_owned();
    let page = &stage.page;
    let is_title = |title: &str| {
        let title = title.to_owned();
        page.expect(&format!("the page of {title}"), |page| page.title() == title);
    };

    // The child before it has the same number; where all come together it is the task itself.
    page.goto(format!("/task-run/{child}"));
    is_title("add_one-2[3]");
    page.click_within(".neighbors", Role::Link, "add_one-1");
    is_title("add_one-1[3]");
    page.click_within(".run-head", Role::Link, "all its mapped runs");
    is_title("add_one-1");
    // As everywhere else it is in the state that its children sum up to.
    page.expect("its state is that of its children", |page| {
        page.state() == "success"
    });
    page.expect_text("4/4");
    page.expect("four children", |page| page.text().contains("4 of 4"));
    // Which of them are shown is in the URL, and so survives a reload.
    let parent = page.path();
    page.goto(format!("{parent}?state=success&index=1-2"));
    page.expect("two of them", |page| page.text().contains("2 of 4"));
    // So is what is shown of the log, and neither takes the other out of it.
    page.choose("Level", "warning and worse");
    page.expect("both are in the URL", |page| {
        page.path() == format!("{parent}?level=warning&state=success&index=1-2")
    });
    page.expect_text("2 of 4");
    page.fill("these numbers", "2");
    page.expect("still both", |page| {
        page.path() == format!("{parent}?state=success&index=2&level=warning")
    });
    page.fill("these numbers", "1-2");
    page.expect_row("add_one-1[2]", "Success");
    assert!(
        page.row("add_one-1[3]").is_none(),
        "only those that were asked for"
    );
    // What is not understood is said to be so, and leaves the choice as it is.
    page.fill("Only the children with these numbers", "1a");
    page.expect_text("Not understood");
    page.expect_row("add_one-1[2]", "Success");
    page.fill("Only the children with these numbers", "0, 3");
    page.expect("two others", |page| page.text().contains("2 of 4"));
    page.expect_row("add_one-1[3]", "Success");
    page.expect_path(&format!("{parent}?state=success&index=0,3"));
    // One run earlier, and back.
    page.goto(format!("/task-run/{child}"));
    page.click_within(".run-head", Role::Link, "Earlier run");
    page.expect("another task run", |page| {
        page.path().starts_with("/task-run/") && page.path() != format!("/task-run/{child}")
    });
    is_title("add_one-2[3]");
    page.click_within(".run-head", Role::Link, "Later run");
    page.expect_path(&format!("/task-run/{child}"));
    // The task itself, with both runs.
    page.click_within(".run-head", Role::Link, "add_one-2");
    page.expect_path("/task/");
    page.expect_text("None of 2 runs failed");
    // A run of a mapped task fails when a child does.
    let fail = "mutation($id: UUID!, $state: JSON!) { set_task_run_states(input: {states: [{task_run_id: $id, state: $state}]}) { states { status } } }";
    let state = json!({ "type": "Failed", "message": "This was wrong." });
    stage.server.graphql(fail, json!({ "id": child, "state": state }));
    page.reload();
    page.expect_text("1 of 2 runs failed");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_link_to_a_helper_task_shows_it_and_changes_no_taste() {
    let stage = Stage::with_args("schematic_helper", &["--no-agent"]);
    let server = &stage.server;
    let project = server.graphql("{ project(limit: 1) { id } }", json!({}))["project"][0]["id"].clone();
    let flow = json!({ "name": "helped", "type": "prefect.core.flow.Flow", "parameters": [], "__version__": "1.4.1" });
    let created = server.graphql(
        "mutation($flow: JSON!, $project: UUID!) { create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }",
        json!({ "flow": flow, "project": project }),
    );
    let flow = created["create_flow"]["id"].as_str().expect("the flow's id");
    let tasks = json!([
        { "slug": "List-1", "name": "List", "max_retries": 0, "auto_generated": true },
        { "slug": "sum-1", "name": "sum", "max_retries": 0 },
    ]);
    server.graphql(
        "mutation($flow: UUID!, $tasks: JSON!) { register_tasks(input: {flow_id: $flow, serialized_tasks: $tasks}) { success } }",
        json!({ "flow": flow, "tasks": tasks }),
    );
    let edges =
        json!([{ "upstream_task": "List-1", "downstream_task": "sum-1", "key": "rows", "mapped": false }]);
    server.graphql(
        "mutation($flow: UUID!, $edges: JSON!) { register_edges(input: {flow_id: $flow, serialized_edges: $edges}) { success } }",
        json!({ "flow": flow, "edges": edges }),
    );
    let helper = server.graphql("{ task(where: {slug: {_eq: \"List-1\"}}) { id } }", json!({}));
    let helper = helper["task"][0]["id"].as_str().expect("the task's id");
    let page = &stage.page;
    let cards = |page: &Page| page.execute(CARDS, &[]).as_i64().unwrap_or_default();
    page.goto(format!("/flow/{flow}?tab=schematic&task={helper}"));
    page.expect("the helper task is there", |page| cards(page) == 2);
    page.click_within(".schematic", Role::Button, "Top to bottom");
    page.expect_text("Left to right");
    page.goto(format!("/flow/{flow}?tab=schematic"));
    page.expect("it is left out again", |page| cards(page) == 1);
    // What a person chooses is kept.
    page.click_within(".schematic", Role::Button, "1 helper task");
    page.expect("it is there", |page| cards(page) == 2);
    page.reload();
    page.expect("it is still there", |page| cards(page) == 2);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn what_is_chosen_to_be_seen_survives_a_reload_and_back_leaves_in_one_step() {
    let stage = Stage::new("schematic_view");
    let run = stage.create_flow_run(&stage.flow_id("weather-of-failures"), json!({}));
    stage.expect_state(&run, "Failed");
    let page = &stage.page;
    let cards = |page: &Page| page.execute(CARDS, &[]).as_i64().unwrap_or_default();
    let pressed = "return [...document.querySelectorAll('.schematic__bar [aria-pressed=true]')].map((chip) => chip.dataset.state)";
    page.goto("/flows");
    page.settle();
    page.follow(format!("/flow-run/{run}?tab=schematic"));
    page.expect("there is a picture", |page| cards(page) > 0);
    let all = cards(page);
    page.click_within(".schematic", Role::Button, "Only failed");
    page.expect("fewer tasks", |page| (1..all).contains(&cards(page)));
    let few = cards(page);
    page.click_within(".schematic__bar", Role::Button, "Timed out");
    page.click_within(".schematic .task-card", Role::Button, "fog");
    page.expect_path(&format!("/flow-run/{run}?tab=schematic&task="));
    assert!(
        page.path().ends_with("&only=failed&state=timed-out"),
        "{}",
        page.path()
    );
    page.reload();
    page.expect("the same tasks", |page| cards(page) == few);
    assert_eq!(page.execute(pressed, &[]), json!(["timed-out", "failed"]));
    page.expect("the others stand back", |page| {
        let dim = "return document.querySelectorAll('.schematic .task-card[data-dim]').length";
        page.execute(dim, &[]) == json!(few - 1)
    });
    for chip in ["Only failed", "Timed out"] {
        page.click_within(".schematic__bar", Role::Button, chip);
    }
    page.click_within(".inspector", Role::Button, "Close");
    page.expect("what is usual is not in the URL", |page| {
        page.path() == format!("/flow-run/{run}?tab=schematic")
    });
    page.execute("history.back()", &[]);
    page.expect("the page before", |page| page.path() == "/flows");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// The cards of which anything is below the panel of the selected task.
const COVERED: &str = "
    const panel = document.querySelector('.schematic .inspector').getBoundingClientRect();
    return [...document.querySelectorAll('.schematic .task-card')]
        .filter((card) => card.getBoundingClientRect().right > panel.left)
        .map((card) => card.getAttribute('aria-label') ?? card.textContent);";

#[test]
fn all_tasks_fit_beside_the_panel_of_the_selected_one() {
    let stage = Stage::with_args("schematic_panel", &["--no-agent"]);
    let flow = stage.flow_id("weather-of-failures");
    let page = &stage.page;
    page.set_viewport(1440, 900);
    page.goto(format!("/flow/{flow}?tab=schematic"));
    page.click_within(".schematic", Role::Button, "sunrise");
    page.expect_text("Downstream");
    page.click_within(".schematic", Role::Button, "Fit");
    page.expect("no task is below the panel", |page| {
        page.execute(COVERED, &[]) == json!([])
    });
    page.reload();
    page.expect("nor after a reload", |page| {
        let is_there = "return document.querySelector('.schematic .inspector') !== null";
        page.execute(is_there, &[]) == json!(true) && page.execute(COVERED, &[]) == json!([])
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Keeps what the page would save, instead of saving it.
const KEEP_FILES: &str = "
    window.saved = [];
    HTMLAnchorElement.prototype.click = function () { window.saved.push({ name: this.download, url: this.href }); };";

/// What is in the saved picture of this name: tasks, and pixels along its sides.
const LOOK_AT: &str = "
    const file = window.saved.find(({ name }) => name === arguments[0]);
    if (!file) return null;
    const image = new Image();
    image.src = file.url;
    await image.decode();
    const text = file.url.startsWith('data:image/svg+xml,') ? decodeURIComponent(file.url.split(',')[1]) : '';
    const drawing = new DOMParser().parseFromString(text || '<svg/>', 'image/svg+xml');
    return { width: image.naturalWidth, type: file.url.slice(5, 14), tasks: drawing.querySelectorAll('g').length };";

const CARDS: &str = "return document.querySelectorAll('.schematic .task-card').length";
const SELECTED: &str = "return document.activeElement?.getAttribute('aria-label') ?? ''";
/// Brings the picture into sight and answers where its middle is.
const MIDDLE: &str = "
    const picture = document.querySelector('.schematic__canvas');
    picture.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = picture.getBoundingClientRect();
    return [x + width / 2, y + height / 2];";
const SCALE: &str = "return parseInt(document.querySelector('.schematic__scale').textContent, 10)";

#[test]
fn the_picture_answers_to_keys_and_fingers_and_can_be_saved() {
    let stage = Stage::new("schematic_hands");
    let flow = stage.flow_id("weather-of-failures");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Failed");
    let page = &stage.page;
    let number = |script: &str| page.execute(script, &[]).as_i64().unwrap_or_default();

    page.goto(format!("/flow-run/{run}?tab=schematic"));
    page.click_within(".schematic", Role::Button, "sunrise");
    page.press("ArrowDown");
    page.press("ArrowRight");
    page.expect("the arrow keys have led to a task after sunrise", |page| {
        let label = page.execute(SELECTED, &[]);
        label
            .as_str()
            .is_some_and(|label| !label.is_empty() && !label.starts_with("sunrise"))
    });
    page.press("Escape");
    page.expect("nothing is selected", |page| !page.path().contains("task="));

    let all = number(CARDS);
    page.click_within(".schematic", Role::Button, "Only failed");
    page.expect("fewer tasks", |page| {
        let shown = page.execute(CARDS, &[]).as_i64().unwrap_or_default();
        0 < shown && shown < all
    });
    let states = "return [...document.querySelectorAll('.schematic .task-card')].every(({ dataset }) => /failed|timed-out/.test(dataset.state))";
    assert_eq!(page.execute(states, &[]), json!(true), "only those that failed");
    page.click_within(".schematic", Role::Button, "Only failed");
    page.expect("all tasks again", |page| page.execute(CARDS, &[]) == json!(all));

    page.execute(KEEP_FILES, &[]);
    page.click_within(".schematic", Role::Button, "SVG");
    page.click_within(".schematic", Role::Button, "PNG");
    for (name, kind, tasks) in [
        ("schematic.svg", "image/svg", all),
        ("schematic.png", "image/png", 0),
    ] {
        page.expect(&format!("{name} is a picture"), |page| {
            let found = page.execute(LOOK_AT, &[json!(name)]);
            found["width"].as_i64().is_some_and(|width| width > 300)
                && found["type"] == kind
                && found["tasks"].as_i64().is_some_and(|found| found == tasks)
        });
    }

    let before = number(SCALE);
    let middle = page.execute(MIDDLE, &[]);
    let middle = [0, 1].map(|axis| middle[axis].as_f64().expect("where the picture is"));
    page.pinch((middle[0], middle[1]), 60.0, 140.0);
    page.expect("the picture is larger", |page| {
        page.execute(SCALE, &[])
            .as_i64()
            .is_some_and(|scale| scale > before)
    });

    // How it is drawn is a person's taste: it holds on the next visit.
    let turn = if page.text().contains("Top to bottom") {
        "Top to bottom"
    } else {
        "Left to right"
    };
    let turned = if turn == "Top to bottom" {
        "Left to right"
    } else {
        "Top to bottom"
    };
    page.click_within(".schematic", Role::Button, turn);
    page.expect_text(turned);
    page.reload();
    page.expect_text(turned);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
