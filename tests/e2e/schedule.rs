//! The schedule of a flow: its clocks are added, edited and removed, and say what was written.

use serde_json::{Value, json};

use crate::harness::{Role, Stage};

#[test]
fn a_clock_keeps_its_seconds_and_goes_only_when_it_is_confirmed() {
    let stage = Stage::with_args("schedule", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let interval = || {
        let query = "query($id: uuid!) { flow_by_pk(id: $id) { flow_group { schedule } } }";
        let found = stage.server.graphql(query, json!({ "id": flow }));
        // Microseconds.
        found["flow_by_pk"]["flow_group"]["schedule"]["clocks"][0]["interval"].clone()
    };
    let page = &stage.page;
    page.goto(format!("/flow/{flow}?tab=schedules"));
    page.click_within("main", Role::Button, "Add a clock");
    page.click_within(".clock-form", Role::Radio, "At an interval");
    page.fill("Every", "90");
    page.choose("Unit", "seconds");
    page.click(Role::Button, "Save the clock");
    page.expect_text("Every 1 min 30 s");
    assert_eq!(interval(), json!(90_000_000));

    // What is edited is what was written; saved as it is, it stays.
    page.click(Role::Button, "Edit Every 1 min 30 s");
    let written = "return document.querySelector('#clock-number')?.value";
    page.expect("the form to say 90", |page| {
        page.execute(written, &[]) == json!("90")
    });
    page.click(Role::Button, "Save the clock");
    page.expect("the form to close", |page| {
        page.execute(written, &[]) == Value::Null
    });
    assert_eq!(interval(), json!(90_000_000));

    page.click(Role::Button, "Remove Every 1 min 30 s");
    page.click_within("dialog[open]", Role::Button, "Keep it");
    page.expect_text("Every 1 min 30 s");
    page.click(Role::Button, "Remove Every 1 min 30 s");
    page.click_within("dialog[open]", Role::Button, "Remove it");
    page.expect_text("No schedule");
    assert_eq!(interval(), Value::Null);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
