//! The dashboard's documents that are asked as they stand, with filters put together at run time: nothing but a server
//! can check them.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::seed::seeded;

const EXTENSIONS: &str = include_str!("../../../../src/api/extensions.graphql");
const FLOW_RUN_VERSION: &str = include_str!("../../../../src/api/flow_run_version.graphql");
const RUN_COUNTS_PLAIN: &str = include_str!("../../../../src/api/run_counts_plain.graphql");
const RUN_COUNTS: &str = include_str!("../../../../src/api/run_counts.graphql");
const RUN_HISTORY: &str = include_str!("../../../../src/api/run_history.graphql");

fn run_history(server: &TestServer, filter: Json, ids_filter: Json, order_by: Json) -> Json {
    let variables = json!({
        "where": filter, "limit": 100, "ids_where": ids_filter, "ids_limit": 100, "order_by": order_by,
        "failed": ["Failed"], "running": ["Running"], "pending": ["Pending"], "success": ["Success"],
        "cancelled": ["Cancelled"],
    });
    ask(server, RUN_HISTORY, variables)
}

fn ask(server: &TestServer, document: &str, variables: Json) -> Json {
    let body = json!({ "query": document, "variables": variables });
    let answer = server.post(body.to_string()).json();
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

fn ids(rows: &Json) -> Vec<&str> {
    rows.as_array()
        .expect("rows")
        .iter()
        .map(|row| row["id"].as_str().expect("an id"))
        .collect()
}

#[test]
fn the_run_history_is_read_page_by_page() {
    let server = seeded();
    let order_by = json!([{ "scheduled_start_time": "desc_nulls_last" }, { "id": "desc" }]);
    let all = run_history(&server, json!({}), json!({}), order_by.clone());
    let (rows, known) = (&all["flow_run"], ids(&all["ids"]));
    assert!(known.len() >= 3, "{all}");
    assert_eq!(ids(rows), known, "both lists are in the same order");
    // After the first comes the rest, by the same words as `RunSort::after`.
    let (time, id) = (&rows[0]["scheduled_start_time"], &rows[0]["id"]);
    let after = json!({ "_and": [{}, { "_and": [
        { "scheduled_start_time": { "_lte": time } },
        { "_or": [{ "scheduled_start_time": { "_lt": time } }, { "id": { "_lt": id } }] },
    ] }] });
    let up_to = json!({ "_and": [{}, { "_not": after }] });
    let rest = run_history(&server, after, up_to, order_by);
    assert_eq!(ids(&rest["flow_run"]), &known[1..]);
    assert_eq!(ids(&rest["ids"]), &known[..1]);
}

#[test]
fn the_run_history_counts_task_runs_by_state() {
    let server = seeded();
    let all = run_history(&server, json!({}), json!({}), json!([{ "id": "asc" }]));
    for row in all["flow_run"].as_array().expect("rows") {
        let query = "query($run: uuid!) { task_run_aggregate(where: {flow_run_id: {_eq: $run}, state: {_eq: \"Success\"}}) { aggregate { count } } }";
        let counted = ask(&server, query, json!({ "run": row["id"] }));
        assert_eq!(
            row["success"]["aggregate"]["count"],
            counted["task_run_aggregate"]["aggregate"]["count"]
        );
    }
}

#[test]
fn runs_are_counted_by_state_and_over_time() {
    let server = seeded();
    let success = json!({ "state": { "_eq": "Success" } });
    let counts = |with_bars: bool, since: Json| {
        let variables = json!({
            "where": success, "any_state": {}, "with_bars": with_bars, "since": since, "seconds": 3600,
        });
        ask(&server, RUN_COUNTS, variables)
    };
    let first = counts(false, Json::Null);
    assert_eq!(first.get("bars"), None);
    let since = first["bounds"]["aggregate"]["min"]["scheduled_start_time"].clone();
    assert!(since.is_string(), "{first}");
    let then = counts(true, since);
    assert_eq!(then.get("bounds"), None);
    let sum = |rows: &Json| {
        rows.as_array()
            .expect("rows")
            .iter()
            .map(|row| row["count"].as_u64().expect("a count"))
            .sum::<u64>()
    };
    let all = ask(
        &server,
        "{ flow_run_aggregate { aggregate { count } } }",
        json!({}),
    );
    assert_eq!(
        Some(sum(&then["states"])),
        all["flow_run_aggregate"]["aggregate"]["count"].as_u64()
    );
    assert_eq!(
        Some(sum(&then["bars"])),
        then["total"]["aggregate"]["count"].as_u64()
    );
}

#[test]
fn a_plain_server_counts_runs_by_state_too() {
    let server = seeded();
    let states = ["failed", "running", "pending", "success", "cancelled"];
    let mut variables = json!({ "where": { "state": { "_eq": "Success" } }, "any_state": {} });
    for state in states {
        let mut name = state.to_owned();
        name[..1].make_ascii_uppercase();
        variables[state] = json!([name]);
    }
    let counted = ask(&server, RUN_COUNTS_PLAIN, variables);
    let count = |name: &str| counted[name]["aggregate"]["count"].as_u64();
    assert_eq!(count("total"), count("success"));
    let all = ask(&server, "{ flow_run { state } }", json!({}));
    for state in states {
        let rows = all["flow_run"].as_array().expect("rows").iter();
        let expected = rows.filter(|row| {
            row["state"]
                .as_str()
                .is_some_and(|name| name.eq_ignore_ascii_case(state))
        });
        assert_eq!(count(state), u64::try_from(expected.count()).ok(), "{state}");
    }
}

#[test]
fn a_flow_run_tells_its_version_and_what_has_not_finished() {
    let server = seeded();
    let found = ask(&server, "{ flow_run { id task_runs { id } } }", json!({}));
    for run in found["flow_run"].as_array().expect("rows") {
        let all = json!({ "id": run["id"], "finished": [] });
        let told = ask(&server, FLOW_RUN_VERSION, all);
        let told = &told["flow_run_by_pk"];
        assert!(told["version"].is_u64() && told["state"].is_string(), "{told}");
        let count = |rows: &Json| rows.as_array().map(Vec::len);
        assert_eq!(count(&told["task_runs"]), count(&run["task_runs"]));
    }
}

#[test]
fn the_server_tells_what_it_can_do() {
    let known = ask(&seeded(), EXTENSIONS, json!({}));
    for fields in [
        &known["__schema"]["queryType"]["fields"],
        &known["__type"]["fields"],
    ] {
        assert!(
            fields.as_array().is_some_and(|fields| fields.len() > 20),
            "{known}"
        );
    }
}
