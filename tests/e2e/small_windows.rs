//! Phones and tablets: what can be pressed is large enough for a finger, and what is wide keeps its place.

use serde_json::{Value, json};

use crate::harness::{Page, Role, Stage};
use crate::smoke::every_route;

/// What a finger would have to aim at: all that can be pressed and is lower than 32 pixels, with what lies around it for
/// the finger alone. The lines of a log stand close on purpose.
const LOW: &str = "
    const height = (thing) => {
        const { top, bottom } = getComputedStyle(thing, '::after');
        const around = [top, bottom].map((edge) => -parseFloat(edge)).filter((edge) => edge > 0);
        return around.reduce((sum, edge) => sum + edge, thing.getBoundingClientRect().height);
    };
    return [...document.querySelectorAll('main :is(a[href], button, summary)')]
        .filter((thing) => thing.checkVisibility() && !thing.closest('.log-line') && height(thing) < 31.5)
        .map((thing) => `${thing.className} in ${thing.parentElement.className}: ${height(thing)}`);";

#[test]
fn a_finger_finds_what_can_be_pressed() {
    let stage = Stage::new("fingers");
    let page = &stage.page;
    let mut low = Vec::new();
    page.use_fingers();
    page.set_viewport(390, 844);
    for route in every_route(&stage) {
        page.goto(&route);
        page.settle();
        let found = page.execute(LOW, &[]);
        let found = found.as_array().expect("a list").iter().filter_map(Value::as_str);
        low.extend(found.map(|found| format!("{route}: {found}")));
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn what_is_wide_has_room_on_phones_and_tablets() {
    let stage = Stage::new("small_windows");
    let flow = stage.flow_id("weather-of-failures");
    let create = "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }";
    let labels = ["big-machine", "eu-west-1", "gpu", "production"];
    let input = json!({ "flow_id": flow, "labels": labels });
    stage.server.graphql(create, json!({ "input": input }));
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Failed");
    let page = &stage.page;
    let number = |page: &Page, script: &str| page.execute(script, &[]).as_i64().unwrap_or_default();

    page.set_viewport(768, 1024);
    page.goto(format!("/flow/{flow}"));
    page.expect("the last runs have labels", |page| {
        page.text().contains("big-machine")
    });
    let spill =
        "const { scrollWidth, clientWidth } = document.querySelector('.flow-run-table').parentElement;
        return scrollWidth - clientWidth";
    assert_eq!(number(page, spill), 0, "the last runs of a flow fit");

    page.set_viewport(390, 844);
    page.goto(format!("/flow-run/{run}"));
    page.expect_row("harvest", "Trigger failed");
    let height = "return document.querySelector('.task-runs__tools [role=group]').offsetHeight";
    assert!(number(page, height) < 60, "the states are one row");

    // What a task was selected in is in sight above its sheet, or can be scrolled there.
    page.click(Role::Link, "Timeline");
    page.click_within(".timeline", Role::Button, "hail");
    page.expect("the sheet is there", |page| {
        page.execute("return Boolean(document.querySelector('.inspector'))", &[]) == json!(true)
    });
    let share = "return Math.round(100 * document.querySelector('.inspector').offsetHeight / innerHeight)";
    assert!(
        number(page, share) <= 50,
        "the sheet takes half of the window at most"
    );
    let under = "window.scrollTo(0, document.body.scrollHeight);
        const lane = [...document.querySelectorAll('.timeline__lane')].pop().getBoundingClientRect();
        return lane.bottom - document.querySelector('.inspector').getBoundingClientRect().top";
    page.expect("the last lane is above the sheet", |page| {
        number(page, under) <= 0
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
