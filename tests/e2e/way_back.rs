//! The way back: *back* leads to where one was in a list, a new visit begins at its top, and the arrow keys go into it.

use serde_json::{Value, json};

use crate::harness::{Page, Stage};
use crate::run_history::ended_run;

/// The name of the first run in sight, and how many rows are loaded.
const IN_SIGHT: &str = "
    const frame = document.querySelector('.windowed');
    const edge = frame?.querySelector('thead th')?.getBoundingClientRect().bottom;
    const row = [...document.querySelectorAll('.windowed .windowed__row')].find((row) => row.getBoundingClientRect().bottom > edge + 1);
    // Right after a jump the rows there are not drawn yet.
    return row && {
        name: row.querySelector('.link--main').innerText,
        loaded: Number(frame.querySelector('table').getAttribute('aria-rowcount')) - 1,
        top: Math.round(window.scrollY),
    };";

fn in_sight(page: &Page) -> Value {
    page.execute(IN_SIGHT, &[])
}

#[test]
fn back_leads_to_the_runs_that_one_was_at() {
    let stage = Stage::with_args("way_back_runs", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    for _ in 0..150 {
        stage.create_flow_run(&flow, json!({}));
    }
    let page = &stage.page;
    page.set_viewport(1280, 500);
    page.goto("/runs?q=state:pending");
    page.expect("the first page is there", |page| in_sight(page)["loaded"] == 100);
    let scroll = "document.querySelector('.windowed').scrollTop = arguments[0]";
    page.execute(scroll, &[json!(1_500)]);
    page.expect("the next page is there", |page| in_sight(page)["loaded"] == 150);
    page.execute(scroll, &[json!(3_850)]);
    page.execute("window.scrollTo(0, 100)", &[]);
    page.expect("it is scrolled", |page| in_sight(page)["top"] == 100);
    page.settle();
    let before = in_sight(page);
    page.execute(
        "[...document.querySelectorAll('.windowed__row .link--main')].at(-9).click()",
        &[],
    );
    page.expect_path("/flow-run/");
    page.expect("it begins at its top", |page| {
        page.execute("return window.scrollY", &[]) == 0 && page.text().contains("Scheduled")
    });

    // Meanwhile another one has come, above all others.
    let newest = stage.create_flow_run(&flow, json!({}));
    page.execute("history.back()", &[]);
    page.expect("the same rows are in sight", |page| {
        let now = in_sight(page);
        now["name"] == before["name"] && now["top"] == before["top"]
    });
    page.execute("history.forward()", &[]);
    page.expect_path("/flow-run/");
    page.follow("/runs?q=state:pending");
    let query = "query($id: uuid!) { flow_run_by_pk(id: $id) { name } }";
    let newest = stage.server.graphql(query, json!({ "id": newest }))["flow_run_by_pk"]["name"].clone();
    page.expect("a new visit begins at the top", |page| {
        let now = in_sight(page);
        now["name"] == newest && now["top"] == 0
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn back_leads_to_the_flows_that_one_was_at() {
    let stage = Stage::with_args("way_back_flows", &["--no-agent"]);
    let project = stage.project_id("examples");
    for number in 0..60 {
        stage.create_flow(&project, &format!("zoo-{number:03}"));
    }
    let page = &stage.page;
    page.set_viewport(1280, 800);
    page.goto("/flows");
    page.expect_text("zoo-059");
    page.execute("window.scrollTo(0, 1200)", &[]);
    page.settle();
    page.execute(
        "[...document.querySelectorAll('.flow-line__name')].find((link) => link.innerText === 'zoo-030').click()",
        &[],
    );
    page.expect_path("/flow/");
    let top = |page: &Page| page.execute("return Math.round(window.scrollY)", &[]);
    page.expect("it begins at its top", |page| top(page) == 0);
    page.execute("history.back()", &[]);
    page.expect("one is where one was", |page| {
        page.text().contains("zoo-059") && top(page) == 1200
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn the_first_arrow_key_goes_into_the_table() {
    let stage = Stage::with_args("way_back_arrows", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    for state in ["Failed", "Success"] {
        ended_run(&stage, &flow, state);
    }
    let page = &stage.page;
    let chosen =
        "return document.activeElement?.closest('.windowed__row')?.getAttribute('aria-rowindex') ?? ''";
    page.goto("/runs");
    page.expect("the runs are listed", |page| crate::run_history::rows(page) == 2);
    page.press("ArrowDown");
    assert_eq!(page.execute(chosen, &[]), "2", "the first run");
    page.press("ArrowDown");
    assert_eq!(page.execute(chosen, &[]), "3", "the second one");
    page.press("x");
    page.expect_text("1 selected");
    page.press("Enter");
    page.expect_path("/flow-run/");

    // Also when one came by a link, and all of the page has the focus.
    page.follow("/runs");
    page.expect("the runs are listed", |page| crate::run_history::rows(page) == 2);
    page.press("ArrowDown");
    assert_eq!(page.execute(chosen, &[]), "2", "the first run");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
