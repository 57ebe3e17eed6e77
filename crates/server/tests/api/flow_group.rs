//! What is set for all versions of a flow (contract 3.4).

use serde_json::{Value as Json, json};

use crate::harness::TestServer;

fn group_of(server: &TestServer, flow: &str) -> String {
    server.row("flow", flow, "flow_group_id")["flow_group_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn settings_are_replaced_and_reset() {
    let server = TestServer::start();
    let id = group_of(&server, &server.flow("f", json!({})));
    let row = |column: &str| server.row("flow_group", &id, column)[column].clone();
    for (field, argument, given, stored) in [
        (
            "set_flow_group_labels",
            "labels",
            json!(["b", "a", "b"]),
            json!(["a", "b"]),
        ),
        ("set_flow_group_labels", "labels", json!([]), json!([])),
        ("set_flow_group_labels", "labels", Json::Null, Json::Null),
        (
            "set_flow_group_description",
            "description",
            json!("what for"),
            json!("what for"),
        ),
        (
            "set_flow_group_description",
            "description",
            Json::Null,
            Json::Null,
        ),
        (
            "set_flow_group_run_config",
            "run_config",
            json!({"type": "LocalRun"}),
            json!({"type": "LocalRun"}),
        ),
        ("set_flow_group_run_config", "run_config", Json::Null, Json::Null),
    ] {
        assert!(server.succeeds(field, json!({"flow_group_id": id, argument: given})));
        assert_eq!(row(argument), stored, "{field} {given}");
    }
    let parameters = json!({"flow_group_id": id, "parameters": {"n": 1}});
    assert!(server.succeeds("set_flow_group_default_parameters", parameters));
    assert_eq!(row("default_parameters"), json!({"n": 1}));
}

#[test]
fn unknown_groups_are_no_error() {
    let server = TestServer::start();
    let nobody = "00000000-0000-4000-8000-00000000dead";
    for field in [
        "delete_flow_group",
        "set_flow_group_labels",
        "set_flow_group_description",
        "set_flow_group_run_config",
        "set_flow_group_schedule",
        "delete_flow_group_schedule",
    ] {
        assert!(
            !server.succeeds(field, json!({ "flow_group_id": nobody })),
            "{field}"
        );
    }
}

#[test]
fn deleting_a_group_deletes_its_versions() {
    let server = TestServer::start();
    let project = server.project("Demo");
    let first = server.flow_in(&project, "f", json!({}));
    let second = server.flow_in(&project, "f", json!({}));
    server.flow_run(&second);
    assert!(server.succeeds(
        "delete_flow_group",
        json!({"flow_group_id": group_of(&server, &first)})
    ));
    let left = server.query("{ flow { id } flow_run { id } flow_group { id } }");
    assert_eq!(left, json!({"flow": [], "flow_run": [], "flow_group": []}));
}

#[test]
fn a_schedule_is_stored_in_the_form_of_the_contract() {
    let server = TestServer::start();
    let id = group_of(&server, &server.flow("f", json!({})));
    let set = |schedule: Json| {
        let mut input = schedule;
        input["flow_group_id"] = json!(id);
        input
    };
    let both = json!({
        "interval_clocks": [{"interval": 3600}],
        "cron_clocks": [{"cron": "0 9 * * *", "parameter_defaults": {"n": 1}}],
        "timezone": "Europe/Berlin",
    });
    assert!(server.succeeds("set_flow_group_schedule", set(both)));
    let mut schedule = server.row("flow_group", &id, "schedule")["schedule"].clone();
    for clock in schedule["clocks"].as_array_mut().unwrap() {
        let start = clock["start_date"].take();
        assert_eq!(start["tz"], "Europe/Berlin");
        assert!(
            start["dt"].as_str().unwrap().starts_with("2026-01-01T01:00:00"),
            "{start}"
        );
    }
    let expected = json!({
        "type": "Schedule",
        "clocks": [
            {"type": "CronClock", "cron": "0 9 * * *", "parameter_defaults": {"n": 1}, "start_date": null},
            {"type": "IntervalClock", "interval": 3_600_000_000_u64, "start_date": null},
        ],
    });
    assert_eq!(schedule, expected);
    for (input, message) in [
        (
            json!({"timezone": "Mars/Base"}),
            "Invalid timezone provided for schedule: Mars/Base",
        ),
        (
            json!({"cron_clocks": [{"cron": "61 * * * *"}]}),
            "Invalid clock provided for schedule: The cron line '61 * * * *' is not valid: the minute 61 is not \
             between 0 and 59.",
        ),
        (
            json!({"interval_clocks": [{"interval": 59}]}),
            "Invalid clock provided for schedule: ",
        ),
    ] {
        let refused = server.refused("set_flow_group_schedule", set(input));
        assert!(refused.starts_with(message), "{refused}");
    }
    assert!(server.succeeds("delete_flow_group_schedule", json!({ "flow_group_id": id })));
    assert_eq!(
        server.row("flow_group", &id, "schedule"),
        json!({ "schedule": null })
    );
}

#[test]
fn a_clock_may_be_given_its_start_and_how_its_days_are_joined() {
    let server = TestServer::start();
    let id = group_of(&server, &server.flow("f", json!({})));
    let begun = |start: &str| {
        json!({
            "flow_group_id": id,
            "cron_clocks": [{"cron": "0 9 1 * 1", "day_or": false, "start_date": "2027-01-01T00:00:00"}],
            "interval_clocks": [{"interval": 86_400, "start_date": start}, {"interval": 60}],
            "timezone": "Europe/Berlin",
        })
    };
    assert!(server.succeeds("set_flow_group_schedule", begun("2025-06-01T03:00:00")));
    let schedule = server.row("flow_group", &id, "schedule")["schedule"].clone();
    let start = |dt: &str| json!({"dt": dt, "tz": "Europe/Berlin"});
    assert_eq!(
        schedule["clocks"],
        json!([
            {"type": "CronClock", "cron": "0 9 1 * 1", "day_or": false, "start_date": start("2027-01-01T00:00:00")},
            {"type": "IntervalClock", "interval": 86_400_000_000_u64, "start_date": start("2025-06-01T03:00:00")},
            {"type": "IntervalClock", "interval": 60_000_000, "start_date": schedule["clocks"][2]["start_date"]},
        ])
    );
    let now = schedule["clocks"][2]["start_date"]["dt"].as_str().unwrap();
    assert!(now.starts_with("2026-01-01T01:00:00"), "{now}");
    let refused = server.refused("set_flow_group_schedule", begun("at dawn"));
    assert!(
        refused.starts_with("Invalid clock provided for schedule: The date 'at dawn'"),
        "{refused}"
    );
}
