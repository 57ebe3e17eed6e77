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

/// What is known to be wrong is said at its field, and nobody is asked about it; what is right is said in words.
#[test]
fn what_is_wrong_with_a_clock_is_said_at_its_field_and_what_is_typed_outlives_another_tab() {
    let stage = Stage::with_args("schedule_form", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let page = &stage.page;
    // Whether a field is marked, and what is said at it.
    let said = |field: &str| {
        let script = "const field = document.getElementById(arguments[0]);
            return [field.ariaInvalid, document.getElementById(arguments[0] + '-error').innerText, field.value];";
        page.execute(script, &[json!(field)])
    };
    page.goto(format!("/flow/{flow}?tab=schedules"));
    page.click_within("main", Role::Button, "Add a clock");
    page.expect_text("Daily at 09:00");
    page.fill("Cron", "0 25 * * *");
    page.expect_no_text("Daily at 09:00");
    let wrong = "The hour 25 is not between 0 and 23.";
    assert_eq!(said("clock-cron"), json!(["true", wrong, "0 25 * * *"]));
    page.fill("Cron", "0 9 * * 1-5");
    page.expect_text("On weekdays at 09:00");
    page.fill("Time zone", "Mars/Phobos");
    let wrong = "There is no time zone Mars/Phobos. They are named as Europe/Berlin is.";
    assert_eq!(said("clock-zone"), json!(["true", wrong, "Mars/Phobos"]));

    // What the form does not save it does not lose either.
    page.click(Role::Button, "Save the clock");
    page.expect("the focus to go to what is wrong", |page| {
        page.execute("return document.activeElement.id", &[]) == json!("clock-zone")
    });
    page.fill("Time zone", "Europe/Berlin");
    page.click_within("main", Role::Link, "Versions");
    page.expect_no_text("Save the clock");
    page.click_within("main", Role::Link, "Schedule");
    page.expect_text("On weekdays at 09:00");
    assert_eq!(said("clock-cron"), json!(["false", "", "0 9 * * 1-5"]));
    page.click(Role::Button, "Save the clock");
    page.expect_text("The schedule was saved. It is switched off.");
    page.expect_no_text("Save the clock");

    page.click(Role::Button, "Add a clock");
    page.click_within(".clock-form", Role::Radio, "At an interval");
    page.fill("Every", "99999999999");
    page.expect_text("An interval takes at most 596,523 hours.");
    page.click(Role::Button, "Cancel");
    page.expect_no_text("Save the clock");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Gives the flow these clocks, past the page.
pub fn set_clocks(stage: &Stage, flow: &str, crons: Value, intervals: Value) {
    let query = "query($id: uuid!) { flow_by_pk(id: $id) { flow_group_id } }";
    let group = stage.server.graphql(query, json!({ "id": flow }));
    let set = "mutation($input: set_flow_group_schedule_input!) {
        set_flow_group_schedule(input: $input) { success } }";
    let input = json!({
        "flow_group_id": group["flow_by_pk"]["flow_group_id"],
        "cron_clocks": crons,
        "interval_clocks": intervals,
        "timezone": "Europe/Berlin",
    });
    stage.server.graphql(set, json!({ "input": input }));
}

/// The clocks of the flow, each by its line or its seconds, and the local time it begins at.
fn clocks(stage: &Stage, flow: &str) -> Vec<(Value, String)> {
    let query = "query($id: uuid!) { flow_by_pk(id: $id) { flow_group { schedule } } }";
    let found = stage.server.graphql(query, json!({ "id": flow }));
    let clocks = &found["flow_by_pk"]["flow_group"]["schedule"]["clocks"];
    let clocks = clocks.as_array().map_or(&[][..], Vec::as_slice).iter();
    clocks
        .map(|clock| {
            let beat = match clock["interval"].as_i64() {
                Some(micros) => json!(micros / 1_000_000),
                None => clock["cron"].clone(),
            };
            let start = clock["start_date"]["dt"].as_str().unwrap_or_default();
            (beat, start.to_owned())
        })
        .collect()
}

/// Each day at 03:00 in Berlin.
fn nightly() -> Value {
    json!([{ "interval": 86_400, "start_date": "2026-01-01T03:00:00" }])
}

const NIGHTLY: &str = "Every 1 d at 03:00, Europe/Berlin";

#[test]
fn a_nightly_run_keeps_its_hour_when_another_clock_is_added_and_gets_another_one() {
    let stage = Stage::with_args("schedule_start", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    set_clocks(&stage, &flow, json!([]), nightly());
    let page = &stage.page;
    page.goto(format!("/flow/{flow}?tab=schedules"));
    page.expect_text(NIGHTLY);
    page.click_within("main", Role::Button, "Add a clock");
    page.click(Role::Button, "Save the clock");
    page.expect_text("Daily at 09:00, Europe/Berlin");
    let begins = |place: usize| clocks(&stage, &flow)[place].clone();
    assert_eq!(begins(1), (json!(86_400), "2026-01-01T03:00:00".to_owned()));

    page.click(Role::Button, &format!("Edit {NIGHTLY}"));
    page.fill("Counted from", "2026-01-01T04:30");
    page.click(Role::Button, "Save the clock");
    page.expect_text("Every 1 d at 04:30, Europe/Berlin");
    assert_eq!(begins(1), (json!(86_400), "2026-01-01T04:30:00".to_owned()));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_plain_server_is_not_told_to_begin_a_clock_anew_without_a_question() {
    let (stage, plain) = Stage::plain("schedule_plain", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    set_clocks(&stage, &flow, json!([]), nightly());
    let page = &stage.page;
    let lost = format!("The clock “{NIGHTLY}” would begin anew at the moment of saving.");
    page.goto(format!("/flow/{flow}?tab=schedules"));
    page.click_within("main", Role::Button, "Add a clock");
    page.expect_no_text("Counted from");
    page.click(Role::Button, "Save the clock");
    page.expect_text(&lost);
    page.click_within("dialog[open]", Role::Button, "Keep it as it is");
    page.expect_no_text(&lost);
    assert_eq!(
        clocks(&stage, &flow),
        [(json!(86_400), "2026-01-01T03:00:00".to_owned())]
    );
    page.click(Role::Button, "Save the clock");
    page.click_within("dialog[open]", Role::Button, "Save it");
    page.expect_text("Daily at 09:00, Europe/Berlin");
    let saved = clocks(&stage, &flow);
    assert_eq!((&saved[0].0, &saved[1].0), (&json!("0 9 * * *"), &json!(86_400)));

    // Taking away another clock is asked once, with all that it does.
    set_clocks(&stage, &flow, json!([{ "cron": "0 9 * * *" }]), nightly());
    page.expect_text(NIGHTLY);
    page.click(Role::Button, "Remove Daily at 09:00");
    page.expect_text(&lost);
    page.click_within("dialog[open]", Role::Button, "Remove it");
    page.expect_no_text("Daily at 09:00");
    assert_eq!(clocks(&stage, &flow)[0].0, json!(86_400));
    assert_eq!(plain.refused(), Vec::<String>::new());
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_clock_is_edited_and_removed_by_what_it_says_while_somebody_changes_the_schedule() {
    let stage = Stage::with_args("schedule_meanwhile", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let set = |crons: &[&str]| {
        let crons: Vec<Value> = crons.iter().map(|line| json!({ "cron": line })).collect();
        set_clocks(&stage, &flow, json!(crons), json!([]));
    };
    let lines = || {
        clocks(&stage, &flow)
            .into_iter()
            .map(|(line, _)| line)
            .collect::<Vec<_>>()
    };
    let page = &stage.page;
    set(&["0 7 * * *", "0 8 * * *", "0 9 * * *"]);
    page.goto(format!("/flow/{flow}?tab=schedules"));
    page.click(Role::Button, "Edit Daily at 09:00");
    page.fill("Cron", "30 9 * * *");
    // The clocks before it go.
    set(&["0 9 * * *"]);
    page.expect_no_text("Daily at 07:00");
    let written = "return document.querySelector('.clock-form input[type=text]')?.value";
    assert_eq!(page.execute(written, &[]), json!("30 9 * * *"));
    page.click(Role::Button, "Save the clock");
    page.expect_text("Daily at 09:30");
    assert_eq!(lines(), [json!("30 9 * * *")]);

    // What is edited goes: it is said, and what was typed is not lost.
    page.click(Role::Button, "Edit Daily at 09:30");
    page.fill("Cron", "45 9 * * *");
    set(&["0 7 * * *"]);
    page.expect_text("Somebody has changed or removed this clock.");
    assert_eq!(page.execute(written, &[]), json!("45 9 * * *"));
    page.click(Role::Button, "Save the clock");
    page.expect_text("Daily at 09:45");
    assert_eq!(lines(), [json!("0 7 * * *"), json!("45 9 * * *")]);

    // The one that is asked about goes while it is asked: no other one is removed in its place.
    page.click(Role::Button, "Remove Daily at 07:00");
    page.expect_text("Remove the clock “Daily at 07:00");
    set(&["45 9 * * *"]);
    page.expect("the clock is not listed any more", |page| {
        let listed = "return [...document.querySelectorAll('.schedule__words')].map((one) => one.innerText)";
        page.execute(listed, &[]) == json!(["Daily at 09:45, Europe/Berlin"])
    });
    page.click_within("dialog[open]", Role::Button, "Remove it");
    page.expect_text("Nothing was saved; look at it again.");
    assert_eq!(lines(), [json!("45 9 * * *")]);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
