//! Creating, naming, cancelling and deleting flow runs (contract 3.5 and 4.4).

use serde_json::{Value as Json, json};

use crate::harness::TestServer;

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

#[test]
fn a_run_starts_scheduled_with_a_pending_task_run_for_each_task() {
    let server = TestServer::start();
    let flow = server.flow(
        "f",
        json!({"tasks": [{"slug": "a-1", "cache_key": "k"}, {"slug": "b-1"}]}),
    );
    let id = server.flow_run(&flow);
    let run = server.row(
        "flow_run",
        &id,
        "name parameters context labels version state state_message state_start_time scheduled_start_time \
         serialized_state heartbeat start_time end_time auto_scheduled tenant_id times_resurrected \
         states { state version message serialized_state } \
         task_runs(order_by: {task: {slug: asc}}) { map_index version state cache_key serialized_state tenant_id \
           states { state version message } }",
    );
    let name = run["name"].as_str().unwrap();
    assert!(
        name.split_once('-')
            .is_some_and(|(a, b)| !a.is_empty() && !b.is_empty()),
        "{name}"
    );
    assert_eq!(run["version"], 1);
    assert_eq!(run["state"], "Scheduled");
    assert_eq!(run["state_message"], "Flow run scheduled.");
    assert_eq!(run["state_start_time"], run["scheduled_start_time"]);
    assert_eq!(run["serialized_state"]["start_time"], run["scheduled_start_time"]);
    assert_eq!(
        (&run["parameters"], &run["context"], &run["labels"]),
        (&json!({}), &json!({}), &json!([]))
    );
    assert_eq!(
        (&run["heartbeat"], &run["start_time"]),
        (&Json::Null, &Json::Null)
    );
    assert_eq!(run["states"].as_array().unwrap().len(), 1);
    let tenant = json!(server.tenant());
    assert_eq!(run["tenant_id"], tenant);
    let pending = json!({"type": "Pending", "message": "Task run created"});
    for (task_run, key) in run["task_runs"]
        .as_array()
        .unwrap()
        .iter()
        .zip([json!("k"), Json::Null])
    {
        let expected = json!({
            "map_index": -1, "version": 1, "state": "Pending", "cache_key": key, "serialized_state": pending,
            "tenant_id": tenant, "states": [{"state": "Pending", "version": 1, "message": "Task run created"}],
        });
        assert_eq!(task_run, &expected);
    }
}

#[test]
fn labels_come_from_the_first_place_that_names_some() {
    let server = TestServer::start();
    let flow = server.flow(
        "f",
        json!({"run_config": {"labels": ["flow"]}, "environment": {"labels": ["environment"]}}),
    );
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    let labels = |mut input: Json| {
        input["flow_id"] = json!(flow);
        let run = server.create("create_flow_run", input);
        server.row("flow_run", &run, "labels")["labels"].clone()
    };
    assert_eq!(labels(json!({})), json!(["flow"]));
    server.mutate(
        "set_flow_group_run_config",
        json!({"flow_group_id": group, "run_config": {"labels": ["grc"]}}),
    );
    assert_eq!(labels(json!({})), json!(["grc"]));
    server.mutate(
        "set_flow_group_labels",
        json!({"flow_group_id": group, "labels": []}),
    );
    assert_eq!(labels(json!({})), json!([]), "an empty list says something");
    assert_eq!(
        labels(json!({"run_config": {"labels": ["given"]}})),
        json!(["given"])
    );
    assert_eq!(
        labels(json!({"run_config": {"labels": ["x"]}, "labels": ["b", "a", "b"]})),
        json!(["a", "b"])
    );
}

#[test]
fn the_environment_is_the_last_place_for_labels() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({"environment": {"labels": ["environment"]}}));
    let run = server.flow_run(&flow);
    assert_eq!(
        server.row("flow_run", &run, "labels"),
        json!({"labels": ["environment"]})
    );
}

#[test]
fn parameters_are_merged_and_checked() {
    let server = TestServer::start();
    let flow = server.flow(
        "f",
        json!({"parameters": [
            {"name": "must", "required": true, "default": null, "slug": "must"},
            {"name": "also", "required": true, "default": null},
            {"name": "some", "required": false, "default": 5},
            {"name": "zero", "required": false, "default": 0},
            {"name": "typed", "required": false, "default": 1, "value_type": "integer"},
        ]}),
    );
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    let input = |parameters: Json| json!({"flow_id": flow, "parameters": parameters});
    let message = server.refused("create_flow_run", input(json!({})));
    assert_eq!(message, "Required parameters were not supplied: {'also', 'must'}");
    server.mutate(
        "set_flow_group_default_parameters",
        json!({"flow_group_id": group, "parameters": {"also": 2}}),
    );
    let message = server.refused("create_flow_run", input(json!({"typed": 1})));
    assert_eq!(message, "Required parameters were not supplied: {'must'}");
    let run = server.create("create_flow_run", input(json!({"must": 1, "unknown": true})));
    let expected = json!({"some": 5, "typed": 1, "also": 2, "must": 1, "unknown": true});
    assert_eq!(
        server.row("flow_run", &run, "parameters")["parameters"],
        expected,
        "0 is left to the client"
    );
    let message = server.refused("create_flow_run", input(json!({"must": 1, "typed": "three"})));
    assert!(
        ["'typed'", "integer", "\"three\""]
            .iter()
            .all(|part| message.contains(part)),
        "{message}"
    );
}

#[test]
fn the_same_key_finds_the_same_run() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    let create = |flow: &str| {
        server.create(
            "create_flow_run",
            json!({"flow_id": flow, "idempotency_key": "k"}),
        )
    };
    let first = create(&flow);
    server.set_flow_run_state(&first, json!({"type": "Running"}));
    assert_eq!(create(&flow), first);
    assert_eq!(
        server.row("flow_run", &first, "state version"),
        json!({"state": "Running", "version": 2}),
        "untouched"
    );
    assert_ne!(create(&server.flow("g", json!({}))), first, "keys are per flow");
}

#[test]
fn runs_of_nothing_are_refused() {
    let server = TestServer::start();
    for (input, message) in [
        (
            json!({}),
            "A flow id or version group ID must be provided.".to_owned(),
        ),
        (json!({"flow_id": NOBODY}), format!("Flow {NOBODY} not found")),
        (
            json!({"version_group_id": "none"}),
            "Version group none has no unarchived flows.".to_owned(),
        ),
    ] {
        assert_eq!(server.refused("create_flow_run", input), message);
    }
}

#[test]
fn a_time_a_name_and_a_context_can_be_given() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    let run = server.create(
        "create_flow_run",
        json!({
            "flow_id": flow, "scheduled_start_time": "2026-02-01T09:00:00+01:00", "flow_run_name": "mine",
            "context": {"a": 1}, "parameters": null,
        }),
    );
    let row = server.row(
        "flow_run",
        &run,
        "name context scheduled_start_time state_start_time",
    );
    assert_eq!(row["name"], "mine");
    assert_eq!(row["context"], json!({"a": 1}));
    assert_eq!(row["scheduled_start_time"], "2026-02-01T08:00:00.000000+00:00");
    assert_eq!(row["state_start_time"], row["scheduled_start_time"]);
}

#[test]
fn names_and_labels_change_and_runs_go() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow_of_tasks("f", &["a"]));
    assert!(server.succeeds("set_flow_run_name", json!({"flow_run_id": run, "name": "new"})));
    assert!(server.succeeds(
        "set_flow_run_labels",
        json!({"flow_run_id": run, "labels": ["b", "a"]})
    ));
    assert_eq!(
        server.row("flow_run", &run, "name labels"),
        json!({"name": "new", "labels": ["a", "b"]})
    );
    assert_eq!(
        server.refused("set_flow_run_name", json!({"flow_run_id": run, "name": ""})),
        "Invalid name"
    );
    assert!(server.succeeds("delete_flow_run", json!({ "flow_run_id": run })));
    assert!(!server.succeeds("delete_flow_run", json!({ "flow_run_id": run })));
    assert!(!server.succeeds("set_flow_run_name", json!({"flow_run_id": run, "name": "new"})));
    assert_eq!(
        server.query("{ task_run { id } task_run_state { id } }"),
        json!({"task_run": [], "task_run_state": []})
    );
}

#[test]
fn heartbeats_succeed_even_for_runs_nobody_knows() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow("f", json!({})));
    assert!(server.succeeds("update_flow_run_heartbeat", json!({ "flow_run_id": run })));
    assert!(server.row("flow_run", &run, "heartbeat")["heartbeat"].is_string());
    assert!(server.succeeds("update_flow_run_heartbeat", json!({ "flow_run_id": NOBODY })));
}

#[test]
fn cancelling_depends_on_the_state() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    for (before, after, message) in [
        (
            json!({"type": "Scheduled"}),
            "Cancelled",
            Some("Flow run is cancelled"),
        ),
        (
            json!({"type": "Running"}),
            "Cancelling",
            Some("Flow run is cancelling"),
        ),
        (
            json!({"type": "Cancelling"}),
            "Cancelling",
            Some("Flow run is cancelling"),
        ),
        (
            json!({"type": "Success", "message": "done"}),
            "Success",
            Some("done"),
        ),
        (json!({"type": "TimedOut"}), "TimedOut", None),
    ] {
        let run = server.flow_run(&flow);
        server.set_flow_run_state(&run, before.clone());
        let answer = server.mutate("cancel_flow_run", json!({ "flow_run_id": run }));
        assert_eq!(answer, json!({ "state": after }), "{before}");
        let row = server.row("flow_run", &run, "state state_message");
        assert_eq!(row, json!({"state": after, "state_message": message}), "{before}");
    }
    let message = server.refused("cancel_flow_run", json!({ "flow_run_id": NOBODY }));
    assert_eq!(message, format!("Invalid flow run ID: {NOBODY}"));
}

/// What a flow computes with is what was asked for, to the last bit: as text, because whoever reads the answer as
/// numbers reads it with the library that is in question.
#[test]
fn numbers_come_back_as_they_were_given() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    let known = [
        0.936_780_441_464_816_3,
        0.1,
        1e-7,
        5e-324,
        1.797_693_134_862_315_7e308,
        -2.5,
    ];
    // Digits enough that a reader in a hurry rounds some of them wrongly.
    let many =
        (1..=200_u32).map(|n| f64::from(n).sqrt() / 7.0 * 10_f64.powi(i32::try_from(n % 40).unwrap() - 20));
    let floats: Vec<String> = known.into_iter().chain(many).map(|n| format!("{n:?}")).collect();
    let integers = ["9007199254740993", "18446744073709551615", "-9223372036854775808"];
    let numbers = format!("[{},{}]", floats.join(","), integers.join(","));
    let create = crate::mutate::document("create_flow_run");
    // In the variables, and in variables that are a text, as the Python client writes them.
    let variables = format!("{{\"input\":{{\"flow_id\":\"{flow}\",\"parameters\":{{\"n\":{numbers}}}}}}}");
    for variables in [variables.clone(), json!(variables).to_string()] {
        let body = format!("{{\"query\":{},\"variables\":{variables}}}", json!(create));
        let id = server.post(body).json()["data"]["create_flow_run"]["id"].clone();
        let query = format!("{{ flow_run_by_pk(id: {id}) {{ parameters }} }}");
        let answer = server.post(json!({ "query": query }).to_string()).text();
        let came = answer.split(['[', ']']).nth(1).unwrap();
        let went = numbers.trim_matches(['[', ']']);
        for (came, went) in came.split(',').zip(went.split(',')) {
            match went.contains(['.', 'e']) {
                true => assert_eq!(
                    came.parse::<f64>().unwrap().to_bits(),
                    went.parse::<f64>().unwrap().to_bits(),
                    "{went} came back as {came}"
                ),
                false => assert_eq!(came, went),
            }
        }
        assert_eq!(came.split(',').count(), went.split(',').count());
    }
}
