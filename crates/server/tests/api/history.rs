//! What the run history asks for beyond the contract: counts, durations and saved views.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::mutate::document;
use crate::seed::{flow_run, minute, seeded};

const COUNT: &str = "query ($where: flow_run_bool_exp, $since: timestamptz, $seconds: Int, $by: flow_run_time! = scheduled_start_time) {
  flow_run_count(where: $where, since: $since, seconds: $seconds, by: $by) { state since count }
}";

fn counts(server: &TestServer, variables: Json) -> Json {
    server.data(COUNT, variables)["flow_run_count"].clone()
}

#[test]
fn flow_runs_are_counted_by_state() {
    let server = seeded();
    assert_eq!(
        counts(&server, json!({})),
        json!([
            { "state": null, "since": null, "count": 1 },
            { "state": "Failed", "since": null, "count": 1 },
            { "state": "Running", "since": null, "count": 1 },
            { "state": "Scheduled", "since": null, "count": 1 },
            { "state": "Success", "since": null, "count": 1 },
        ])
    );
    let of_etl = json!({ "where": { "flow": { "name": { "_eq": "etl" } }, "state": { "_neq": "Running" } } });
    let states: Vec<Json> = counts(&server, of_etl)
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["state"].clone())
        .collect();
    assert_eq!(states, ["Failed", "Scheduled", "Success"]);
    assert_eq!(
        counts(&server, json!({ "where": { "name": { "_eq": "no such" } } })),
        json!([])
    );
}

#[test]
fn flow_runs_are_counted_by_stretches_of_time() {
    let server = seeded();
    // The runs are scheduled in the minutes 1 to 5; 1 and 2 started in the minutes 10 and 20, 3 in 30.
    let by_two_minutes = json!({ "since": minute(2), "seconds": 120 });
    assert_eq!(
        counts(&server, by_two_minutes),
        json!([
            { "state": null, "since": minute(4), "count": 1 },
            { "state": "Failed", "since": minute(2), "count": 1 },
            { "state": "Running", "since": minute(2), "count": 1 },
            { "state": "Scheduled", "since": minute(4), "count": 1 },
        ])
    );
    let by_start = json!({ "since": minute(0), "seconds": 3600, "by": "start_time" });
    assert_eq!(
        counts(&server, by_start),
        json!([
            { "state": "Failed", "since": minute(0), "count": 1 },
            { "state": "Running", "since": minute(0), "count": 1 },
            { "state": "Success", "since": minute(0), "count": 1 },
        ])
    );
}

#[test]
fn counts_can_be_renamed_and_cut_down() {
    let server = seeded();
    let data = server.data(
        "{ all: flow_run_count(where: {state: {_eq: \"Failed\"}}) { n: count __typename } }",
        json!({}),
    );
    assert_eq!(
        data,
        json!({ "all": [{ "n": 1, "__typename": "flow_run_count" }] })
    );
}

#[test]
fn half_a_question_is_refused() {
    let server = seeded();
    for (variables, why) in [
        (json!({ "since": minute(0) }), "belong together"),
        (json!({ "seconds": 60 }), "belong together"),
        (json!({ "since": minute(0), "seconds": 0 }), "must be 1 or more"),
        (json!({ "since": "yesterday", "seconds": 60 }), "ISO 8601"),
    ] {
        let (_, message) = server.failure(COUNT, variables);
        assert!(message.contains(why), "{message}");
    }
}

#[test]
fn a_duration_is_whole_seconds_and_can_be_compared() {
    let server = seeded();
    assert_eq!(
        server.row("flow_run", &flow_run(1), "duration_seconds"),
        json!({ "duration_seconds": 300 })
    );
    assert_eq!(
        server.row("flow_run", &flow_run(3), "duration_seconds"),
        json!({ "duration_seconds": null })
    );
    let data = server.data(
        "{ flow_run(where: {duration_seconds: {_gte: 300}}, order_by: {duration_seconds: desc_nulls_last, name: asc}) { name } }",
        json!({}),
    );
    assert_eq!(
        data,
        json!({ "flow_run": [{ "name": "run-1" }, { "name": "run-2" }] })
    );
}

/// A run without an agent has no agent whose name is not `x`, and it is no run whose agent's name is `x`.
#[test]
fn a_condition_on_what_is_not_there_is_false_and_its_opposite_true() {
    let server = seeded();
    let names = |filter: &str| {
        server.data(
            &format!("{{ flow_run(where: {filter}, order_by: {{name: asc}}, limit: 1) {{ name }} }}"),
            json!({}),
        )["flow_run"]
            .clone()
    };
    assert_eq!(names("{agent: {name: {_neq: \"x\"}}}"), json!([]));
    assert_eq!(
        names("{_not: {agent: {name: {_eq: \"x\"}}}}"),
        json!([{ "name": "run-1" }])
    );
}

#[test]
fn a_view_is_saved_renamed_and_deleted() {
    let server = TestServer::start();
    let made = server.mutate(
        "create_saved_view",
        json!({ "name": " Nightly ", "query": "state:failed label:prod" }),
    );
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(
        server.row("saved_view", &id, "name query"),
        json!({ "name": "Nightly", "query": "state:failed label:prod" })
    );
    server.mutate(
        "update_saved_view",
        json!({ "saved_view_id": id, "query": "late:yes" }),
    );
    server.mutate(
        "update_saved_view",
        json!({ "saved_view_id": id, "name": "Late" }),
    );
    assert_eq!(
        server.row("saved_view", &id, "name query"),
        json!({ "name": "Late", "query": "late:yes" })
    );
    let again = json!({ "name": "Late", "query": "" });
    assert_eq!(
        server.refused("create_saved_view", again),
        "Uniqueness violation."
    );
    assert!(server.succeeds("delete_saved_view", json!({ "saved_view_id": id })));
    assert!(!server.succeeds("delete_saved_view", json!({ "saved_view_id": id })));
    assert_eq!(
        server.refused("update_saved_view", json!({ "saved_view_id": id, "name": "x" })),
        format!("There is no saved view {id}; it may have been deleted.")
    );
    let blank = json!({ "input": { "name": "  ", "query": "" } });
    let (status, message) = server.failure(&document("create_saved_view"), blank);
    assert_eq!(
        (status, message.as_str()),
        (400, "The name of a saved view must have 1 to 200 bytes.")
    );
}
