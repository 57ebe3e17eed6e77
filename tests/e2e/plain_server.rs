//! The same dashboard before a plain Prefect 1 server: nothing that such a server lacks is asked of it, and what can be
//! done without is done without.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Page, PlainServer, Role, Stage};
use crate::run_history::{ended_run, open_menu, rows, show_three_runs};
use crate::smoke::every_route;

/// Nothing was refused, and nobody was told of an error.
#[track_caller]
fn expect_peace(page: &Page, plain: &PlainServer, at: &str) {
    assert_eq!(plain.refused(), Vec::<String>::new(), "{at}");
    assert_eq!(page.console_errors(), Vec::<String>::new(), "{at}");
    let text = page.text();
    for words in ["not found in type", "cannot be read", "No answer from"] {
        assert!(!text.contains(words), "{at}: {text}");
    }
}

#[test]
fn every_page_opens_and_asks_for_nothing_that_is_not_there() {
    let (stage, plain) = Stage::plain("plain_routes", &[]);
    let mut urls: Vec<String> = every_route(&stage).iter().map(ToString::to_string).collect();
    // An address that was copied from a server that can do more.
    urls.push("/runs?sort=-duration".to_owned());
    for url in urls {
        stage.page.goto(&url);
        stage.page.settle();
        expect_peace(&stage.page, &plain, &url);
    }
    let flow = stage.flow_id("simple-map");
    stage.page.goto(format!("/flow/{flow}?tab=schedules"));
    stage.page.click(Role::Button, "Add a clock");
    stage.page.expect_text("Save the clock");
    expect_peace(&stage.page, &plain, "the editor of a clock");
}

#[test]
fn the_run_history_filters_and_counts_without_our_extensions() {
    let (stage, plain) = Stage::plain("plain_filters", &["--no-agent"]);
    let page = show_three_runs(&stage);
    page.expect("they are counted by state", |page| {
        page.text().replace('\n', " ").contains("Success 2")
    });
    for words in [
        "state:failed",
        "state:failed flow:simple-map -label:prod",
        "state:failed started:-1d..+1d -ended:2020-01-01",
        "state:failed -has:failed-tasks is:manual -parameter.x:5",
    ] {
        page.goto(format!(
            "/runs?q={}",
            words.replace('+', "%2B").replace(' ', "%20")
        ));
        page.expect(&format!("'{words}' leaves the failed one"), |page| {
            rows(page) == 1
        });
        expect_peace(page, &plain, words);
    }
    // What it cannot tell is said under the word, and not asked.
    page.goto("/runs?q=duration:%3E10m");
    page.expect_text("it cannot filter by duration");
    open_menu(page, "+ Filter");
    page.expect_text("Failed task runs");
    assert!(
        !page.text().lines().any(|line| line == "Duration"),
        "{}",
        page.text()
    );
    expect_peace(page, &plain, "a duration");
}

#[test]
fn a_view_is_kept_in_the_browser() {
    let (stage, plain) = Stage::plain("plain_views", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    for state in ["Failed", "Success"] {
        ended_run(&stage, &flow, state);
    }
    let page = &stage.page;
    page.goto("/runs?q=state:failed");
    page.expect("the failed run is listed", |page| rows(page) == 1);
    open_menu(page, "Views");
    let save = "document.querySelector('.run-views__name').value = 'What broke';
        document.querySelector('.run-views__save').requestSubmit();";
    page.execute(save, &[]);
    page.expect_text("What broke");
    page.goto("/runs");
    page.expect("both runs are listed", |page| rows(page) == 2);
    open_menu(page, "Views");
    page.click(Role::Link, "What broke");
    page.expect("the failed run is left", |page| rows(page) == 1);
    let kept = stage.server.graphql("{ saved_view { id } }", json!({}));
    assert_eq!(kept, json!({ "saved_view": [] }), "the server has none");
    expect_peace(page, &plain, "views");
}

/// The task runs that a restart has reset, `slug[map index]`.
fn reset(stage: &Stage, run: &str) -> BTreeSet<String> {
    let query = "query($run: uuid!) { task_run(where: {flow_run_id: {_eq: $run},
        states: {message: {_eq: \"Reset by a restart of the flow run.\"}}}) { map_index task { slug } } }";
    let found = stage.server.graphql(query, json!({ "run": run }));
    let rows = found["task_run"].as_array().expect("task runs").iter();
    rows.map(|row| {
        format!(
            "{}[{}]",
            row["task"]["slug"].as_str().expect("a slug"),
            row["map_index"]
        )
    })
    .collect()
}

/// Two runs that ended alike: one is restarted by our mutation, the other by the dashboard on the plain server. The
/// same task runs begin again.
fn expect_same_restart(flow: &str, state_after: &str, prepare: impl Fn(&Stage, &str)) -> BTreeSet<String> {
    let (stage, plain) = Stage::plain(&format!("plain_restart_{flow}"), &[]);
    let id = stage.flow_id(flow);
    let runs = [(); 2].map(|()| stage.create_flow_run(&id, json!({})));
    for run in &runs {
        prepare(&stage, run);
        assert_eq!(reset(&stage, run), BTreeSet::new());
    }
    let mutation = "mutation($id: UUID!) { restart_flow_run(input: {flow_run_id: $id}) { task_runs } }";
    stage.server.graphql(mutation, json!({ "id": runs[0] }));
    let page = &stage.page;
    page.goto(format!("/flow-run/{}", runs[1]));
    page.click_within(".page__actions", Role::Button, "Restart from failed");
    page.expect("the restart has reset task runs", |_| {
        !reset(&stage, &runs[1]).is_empty()
    });
    for run in &runs {
        stage.expect_state(run, state_after);
    }
    expect_peace(page, &plain, flow);
    let expected = reset(&stage, &runs[0]);
    assert_eq!(reset(&stage, &runs[1]), expected);
    expected
}

#[test]
fn a_restart_resets_the_same_task_runs_as_our_mutation() {
    let reset = expect_same_restart("weather-of-failures", "Failed", |stage, run| {
        stage.expect_state(run, "Failed");
    });
    let expected = ["fog-1", "hail-1", "harvest-1", "insurance-1", "lightning-1"];
    assert_eq!(reset, expected.map(|slug| format!("{slug}[-1]")).into());
}

#[test]
fn a_restart_resets_only_the_failed_child_and_what_follows_from_it() {
    let reset = expect_same_restart("simple-map", "Success", |stage, run| {
        stage.expect_state(run, "Success");
        // A person finds that the third element was wrong.
        let query = "query($run: uuid!) { task_run(where: {flow_run_id: {_eq: $run}, map_index: {_eq: 2},
            task: {slug: {_eq: \"add_one-1\"}}}) { id } }";
        let found = stage.server.graphql(query, json!({ "run": run }));
        let fail = "mutation($child: UUID!, $run: UUID!, $state: JSON!) {
            set_task_run_states(input: {states: [{task_run_id: $child, state: $state}]}) { states { status } }
            set_flow_run_states(input: {states: [{flow_run_id: $run, state: $state}]}) { states { status } } }";
        let child: &Value = &found["task_run"][0]["id"];
        let state = json!({ "type": "Failed", "message": "This was wrong." });
        stage
            .server
            .graphql(fail, json!({ "child": child, "run": run, "state": state }));
    });
    let expected = ["add_one-1[2]", "add_one-2[2]", "get_sum-1[-1]"];
    assert_eq!(reset, expected.map(str::to_owned).into());
}
