//! The dashboard's documents that are asked as they stand, with filters put together at run time: nothing but a server
//! can check them.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::seed::{flow, flow_run, id, project, seeded, task_run};

const PROJECT: &str = include_str!("../../../../src/api/project.graphql");
const FLOW_SETTINGS: &str = include_str!("../../../../src/api/flow_settings.graphql");
const FLOW_VERSION: &str = include_str!("../../../../src/api/flow_version.graphql");
const HOME: &str = include_str!("../../../../src/api/home.graphql");
const EXTENSIONS: &str = include_str!("../../../../src/api/extensions.graphql");
const FLOW_RUN_VERSION: &str = include_str!("../../../../src/api/flow_run_version.graphql");
const RUN_COUNTS_PLAIN: &str = include_str!("../../../../src/api/run_counts_plain.graphql");
const RUN_COUNTS: &str = include_str!("../../../../src/api/run_counts.graphql");
const RUN_BARS: &str = include_str!("../../../../src/api/run_bars.graphql");
const FLOW_RUN: &str = include_str!("../../../../src/api/flow_run.graphql");
const FLOW_RUN_NAME: &str = include_str!("../../../../src/api/flow_run_name.graphql");
const FLOW_RUN_RESTART: &str = include_str!("../../../../src/api/flow_run_restart.graphql");
const SET_STATES: &str = include_str!("../../../../src/api/set_states.graphql");
const TASK_RUN_VERSION: &str = include_str!("../../../../src/api/task_run_version.graphql");
const LOG: &str = include_str!("../../../../src/api/log.graphql");
const RUN_HISTORY: &str = include_str!("../../../../src/api/run_history.graphql");

fn run_history(server: &TestServer, filter: Json, ids_filter: Json, order_by: Json) -> Json {
    let variables = json!({
        "where": filter, "limit": 100, "ids_where": ids_filter, "ids_limit": 100, "order_by": order_by,
        "known_where": {}, "fitting_where": filter, "shown_limit": 100,
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

/// Runs one operation of a document that has several.
fn ask_for(server: &TestServer, document: &str, operation: &str, variables: Json) -> Json {
    let body = json!({ "query": document, "operationName": operation, "variables": variables });
    let answer = server.post(body.to_string()).json();
    assert_eq!(answer.get("errors"), None, "{operation}: {answer}");
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
    let success = json!({ "state": { "_eq": "Success" } });
    let some = run_history(&server, success, json!({}), json!([{ "id": "asc" }]));
    assert_eq!(ids(&some["fitting"]).len(), ids(&some["flow_run"]).len());
    assert!(ids(&some["known"]).len() > ids(&some["fitting"]).len());
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
fn flow_runs_are_found_by_the_keys_that_task_runs_gave_them() {
    let server = seeded();
    let create = |key: &str| {
        let created = ask(
            &server,
            "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }",
            json!({ "input": { "flow_id": flow(2), "idempotency_key": key } }),
        );
        created["create_flow_run"]["id"].clone()
    };
    let (plain, child) = (task_run(1), format!("{}-3", task_run(2)));
    let started = [create(&plain), create(&child)];
    create("another key");
    let variables = json!({ "keys": [plain, child, task_run(3)], "known": [flow_run(1)] });
    let found = ask_for(&server, FLOW_RUN, "GetStartedRuns", variables);
    let mut ids: Vec<&Json> = found["started"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["id"])
        .collect();
    ids.sort_by_key(|id| id != &&started[0]);
    assert_eq!(ids, [&started[0], &started[1]]);
    assert_eq!(found["known"][0]["id"], json!(flow_run(1)));
    let nothing = ask_for(
        &server,
        FLOW_RUN,
        "GetStartedRuns",
        json!({ "keys": [], "known": [] }),
    );
    assert_eq!(nothing, json!({ "started": [], "known": [] }));
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
    let then = counts(true, since.clone());
    let alone = json!({ "where": success, "since": since, "seconds": 3600 });
    assert_eq!(ask(&server, RUN_BARS, alone)["bars"], then["bars"]);
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
    let found = ask(&server, "{ flow_run { id state task_runs { id } } }", json!({}));
    for run in found["flow_run"].as_array().expect("rows") {
        let all = json!({ "id": run["id"], "left_out": [] });
        let told = ask(&server, FLOW_RUN_VERSION, all);
        let told = &told["flow_run_by_pk"];
        assert!(told["version"].is_u64(), "{told}");
        assert_eq!(told["state"], run["state"]);
        let count = |rows: &Json| rows.as_array().map(Vec::len);
        assert_eq!(count(&told["task_runs"]), count(&run["task_runs"]));
    }
}

#[test]
fn a_flow_run_is_restarted_by_setting_states() {
    let server = seeded();
    let id = json!({ "id": flow_run(1) });
    let name = ask(&server, FLOW_RUN_NAME, id.clone());
    assert!(name["flow_run_by_pk"]["flow"]["name"].is_string(), "{name}");
    let found = ask(&server, FLOW_RUN_RESTART, id.clone());
    let run = &found["flow_run_by_pk"];
    let task_runs: Vec<Json> = run["task_runs"]
        .as_array()
        .expect("task runs")
        .iter()
        .map(|row| {
            let told = ask(&server, TASK_RUN_VERSION, json!({ "id": row["id"] }));
            let told = &told["task_run_by_pk"];
            assert_eq!(told["version"], row["version"]);
            assert_eq!(told["state"], row["state"]);
            assert_eq!(told["flow_run"]["version"], run["version"]);
            json!({
                "task_run_id": row["id"], "version": row["version"], "flow_run_version": run["version"],
                "state": { "type": "Pending" },
            })
        })
        .collect();
    assert!(!task_runs.is_empty() && run["flow"]["edges"].is_array(), "{run}");
    let scheduled = json!({ "type": "Scheduled" });
    let run = json!({ "flow_run_id": flow_run(1), "version": run["version"], "state": scheduled });
    ask(
        &server,
        SET_STATES,
        json!({ "task_runs": task_runs, "flow_runs": [run] }),
    );
    let after = ask(&server, FLOW_RUN_RESTART, id);
    let after = &after["flow_run_by_pk"];
    assert_eq!(after["state"], "Scheduled");
    let rows = after["task_runs"].as_array().expect("task runs");
    assert!(rows.iter().all(|row| row["state"] == "Pending"), "{after}");
}

#[test]
fn lines_of_a_log_are_read_from_either_end_and_counted() {
    let server = seeded();
    let line =
        |message: &str, at: &str| json!({ "flow_run_id": flow_run(1), "timestamp": at, "message": message });
    let write =
        "mutation($logs: [write_run_log_input!]!) { write_run_logs(input: {logs: $logs}) { success } }";
    let logs = [
        line("first", "2030-01-01T00:00:00Z"),
        line("last", "2030-01-01T00:00:01Z"),
    ];
    ask(&server, write, json!({ "logs": logs }));
    let read = |direction: &str, count: bool| {
        let all = json!({ "flow_run_id": { "_eq": flow_run(1) } });
        let recent = json!({ "timestamp": { "_gte": "2030-01-01T00:00:00Z" } });
        let variables = json!({
            "where": { "_and": [recent, all] }, "order": [{ "timestamp": direction }, { "id": direction }],
            "limit": 1, "all": all, "count": count,
        });
        ask(&server, LOG, variables)
    };
    let (first, last) = (read("asc", false), read("desc", true));
    assert_eq!(first["log"][0]["message"], "first");
    assert_eq!(first.get("log_aggregate"), None);
    assert_eq!(last["log"][0]["message"], "last");
    let found = &last["log_aggregate"]["aggregate"];
    assert!(found["count"].as_u64() >= Some(2), "{last}");
    assert!(found["max"]["created"].is_string(), "{last}");
}

#[test]
fn the_server_tells_what_it_can_do() {
    let known = ask(&seeded(), EXTENSIONS, json!({}));
    for fields in [
        &known["__schema"]["queryType"]["fields"],
        &known["flow_run"]["fields"],
    ] {
        assert!(
            fields.as_array().is_some_and(|fields| fields.len() > 20),
            "{known}"
        );
    }
    let of_clock = &known["interval_clock_input"]["inputFields"];
    assert!(
        of_clock
            .as_array()
            .is_some_and(|fields| fields.contains(&json!({ "name": "start_date" }))),
        "{known}"
    );
}

#[test]
fn projects_are_made_changed_counted_and_deleted() {
    let server = seeded();
    let run = |operation: &str, variables: Json| ask_for(&server, PROJECT, operation, variables);
    let tenant = run("GetTenant", json!({}))["tenant"][0]["id"].clone();
    let new = json!({ "tenant_id": tenant, "name": "Weekly", "description": null });
    let made = run("CreateProject", new.clone())["create_project"]["id"].clone();
    let again = json!({ "query": PROJECT, "operationName": "CreateProject", "variables": new });
    let refused = server.post(again.to_string()).json();
    assert_eq!(
        refused["errors"][0]["message"], "Uniqueness violation.",
        "{refused}"
    );
    run("SetProjectName", json!({ "id": made, "name": "Monthly" }));
    run(
        "SetProjectDescription",
        json!({ "id": made, "description": "by the month" }),
    );
    let all = run("GetProjects", json!({}))["project"].clone();
    assert!(
        all.as_array().is_some_and(
            |all| all.contains(&json!({ "id": made, "name": "Monthly", "description": "by the month" }))
        ),
        "{all}"
    );
    let counted = run("CountProject", json!({ "id": project(1) }));
    let count = |name: &str| counted[name]["aggregate"]["count"].as_u64();
    assert_eq!(
        (count("flows"), count("versions"), count("runs")),
        (Some(1), Some(2), Some(4))
    );
    for success in [true, false] {
        let deleted = run("DeleteProject", json!({ "id": made }));
        assert_eq!(deleted["delete_project"]["success"], success);
    }
}

#[test]
fn everything_that_can_be_set_of_a_flow_is_set_and_taken_back() {
    let server = seeded();
    let (group, version) = (id('9', 1), flow(2));
    let run = |operation: &str, id: &str, value: Json| {
        ask_for(
            &server,
            FLOW_SETTINGS,
            operation,
            json!({ "id": id, "value": value }),
        )
    };
    let set = |column: &str| {
        let query = format!("query($id: uuid!) {{ flow_group_by_pk(id: $id) {{ {column} }} }}");
        ask(&server, &query, json!({ "id": group }))["flow_group_by_pk"][column].clone()
    };
    for (operation, column, value) in [
        ("SetLabels", "labels", json!(["gpu"])),
        ("SetDescription", "description", json!("**by night**")),
        ("SetRunConfig", "run_config", json!({ "type": "LocalRun" })),
    ] {
        for value in [value, Json::Null] {
            run(operation, &group, value.clone());
            assert_eq!(set(column), value, "{operation}");
        }
    }
    for value in [json!({ "n": 1 }), json!({})] {
        run("SetParameters", &group, value.clone());
        assert_eq!(set("default_parameters"), value);
    }
    for (operation, setting, on) in [
        ("DisableHeartbeat", "heartbeat_enabled", false),
        ("EnableHeartbeat", "heartbeat_enabled", true),
        ("DisableLazarus", "lazarus_enabled", false),
        ("EnableLazarus", "lazarus_enabled", true),
    ] {
        run(operation, &version, Json::Null);
        assert_eq!(set("settings")[setting], on, "{operation}");
    }
    let of_group = run("GetVersionIds", &group, Json::Null);
    assert_eq!(ids(&of_group["flow"]), [version.as_str(), flow(1).as_str()]);
    assert_eq!(of_group["flow"][1]["archived"], true);
    let of_project = run("GetVersionIdsOfProject", &project(1), Json::Null);
    assert_eq!(of_project["flow"].as_array().map(Vec::len), Some(2));
    let totals = json!({ "id": flow(1), "flow_group_id": group });
    let totals = ask_for(&server, FLOW_SETTINGS, "CountRuns", totals);
    let total = |name: &str| totals[name]["aggregate"]["count"].as_u64();
    assert_eq!((total("of_version"), total("of_all")), (Some(0), Some(4)));
    // A flow moves within its tenant; the seeded rows have none.
    server.sql("UPDATE project SET tenant_id = (SELECT id FROM tenant); UPDATE flow SET tenant_id = (SELECT id FROM tenant)");
    run("MoveVersion", &version, json!(project(2)));
    run("ArchiveVersion", &version, Json::Null);
    let moved = "query($id: uuid!) { flow_by_pk(id: $id) { project_id archived } }";
    let moved = ask(&server, moved, json!({ "id": version }));
    assert_eq!(
        moved["flow_by_pk"],
        json!({ "project_id": project(2), "archived": true })
    );
    for (operation, id) in [("DeleteVersion", &version), ("DeleteFlow", &group)] {
        for success in [true, false] {
            let answer = run(operation, id, Json::Null);
            let payload = answer.as_object().and_then(|data| data.values().next().cloned());
            assert_eq!(payload, Some(json!({ "success": success })), "{operation}");
        }
    }
}

#[test]
fn versions_are_listed_and_compared() {
    let server = seeded();
    let group = json!({ "id": id('9', 1) });
    let versions = ask_for(&server, FLOW_VERSION, "GetFlowVersions", group)["flow"].clone();
    let numbers: Vec<_> = versions
        .as_array()
        .expect("versions")
        .iter()
        .map(|row| &row["version"])
        .collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(versions[0]["flow_runs_aggregate"]["aggregate"]["count"], 4);
    let both = json!({ "ids": [flow(2), flow(1)] });
    let both = ask_for(&server, FLOW_VERSION, "GetFlowContents", both)["flow"].clone();
    assert_eq!((&both[0]["version"], &both[1]["version"]), (&json!(1), &json!(2)));
    assert_eq!(both[1]["tasks"].as_array().map(Vec::len), Some(4));
    assert_eq!(both[1]["edges"].as_array().map(Vec::len), Some(4));
}

#[test]
fn archived_flows_are_listed_when_they_are_asked_for() {
    let server = seeded();
    let listed = |archived: Json| {
        let variables =
            json!({ "project_id": null, "archived": archived, "late_before": "2026-01-01T00:00:00Z" });
        let lines = ask_for(&server, HOME, "GetFlowLines", variables)["flow"].clone();
        let mut ids: Vec<String> = ids(&lines).into_iter().map(str::to_owned).collect();
        ids.sort();
        ids
    };
    assert_eq!(listed(json!(false)), [flow(2), flow(3)]);
    assert_eq!(
        listed(Json::Null),
        [flow(2), flow(3)],
        "of each flow the newest version"
    );
    let archive = "mutation($id: UUID!) { archive_flow(input: {flow_id: $id}) { success } }";
    ask(&server, archive, json!({ "id": flow(2) }));
    assert_eq!(listed(json!(false)), [flow(3)]);
    assert_eq!(listed(Json::Null), [flow(2), flow(3)]);
}

#[test]
fn a_flow_that_was_registered_anew_and_anew_keeps_its_history_in_view() {
    let server = TestServer::start();
    let project = server.project("etl");
    let first = server.flow_in(&project, "load", json!({}));
    let run = server.flow_run(&first);
    server.set_flow_run_state(&run, json!({ "type": "Running" }));
    server.set_flow_run_state(&run, json!({ "type": "Failed" }));
    server.flow_in(&project, "load", json!({}));
    server.flow_in(&project, "load", json!({}));
    let newest = server.flow_in(&project, "load", json!({}));
    // What is to come is no history.
    server.flow_run(&newest);
    let home = ask_for(
        &server,
        HOME,
        "GetHome",
        json!({ "late_before": "2026-01-01T00:00:00Z" }),
    );
    let flows = home["flow"].as_array().unwrap();
    assert_eq!(flows.len(), 1, "{home}");
    let versions = flows[0]["flow_group"]["flows"].as_array().unwrap();
    let runs: Vec<&str> = versions
        .iter()
        .flat_map(|version| ids(&version["flow_runs"]))
        .collect();
    assert_eq!(runs, [run]);
}
