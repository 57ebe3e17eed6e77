//! The Python client's own words: captured documents, in the body it puts them into.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::seed::{flow, flow_run, seeded, task_run};

/// Posts a document as the client does and answers its `data`.
fn ask(server: &TestServer, document: &str) -> Json {
    let reply = server.post(json!({ "query": document, "variables": "null" }).to_string());
    let mut body = reply.json();
    assert_eq!((reply.status, body.get("errors")), (200, None), "{document}");
    body["data"].take()
}

#[test]
fn every_captured_document_is_answered() {
    let server = seeded();
    let documents: Vec<_> = include_str!("python_client.graphql")
        .split("\n---\n")
        .skip(1)
        .collect();
    assert!(documents.len() > 20);
    for document in documents {
        let data = ask(&server, document);
        assert_eq!(data.as_object().map(serde_json::Map::len), Some(1), "{document}");
    }
}

#[test]
fn the_agent_finds_scheduled_runs_and_running_ones_with_due_tasks() {
    let server = seeded();
    server.sql(&format!(
        "UPDATE task_run SET flow_run_id = '{}', state_start_time = '2026-01-01T00:00:00.000000+00:00' WHERE id = '{}'",
        flow_run(3),
        task_run(2)
    ));
    let ids = [1, 2, 3, 4, 5].map(|n| format!("\"{}\"", flow_run(n))).join(", ");
    let due = "state_start_time: { _lte: \"2026-11-23T04:19:39.321941+00:00\" }";
    let data = ask(
        &server,
        &format!(
            "query {{ flow_run(order_by: {{ name: asc }}, where: {{ id: {{ _in: [{ids}] }}, _or: [{{ state: {{ _eq: \"Scheduled\" }} }}, \
             {{ state: {{ _eq: \"Running\" }}, task_runs: {{ {due} }} }}] }}) {{ name flow {{ version }} \
             task_runs(where: {{ {due} }}) {{ id }} }} }}"
        ),
    );
    assert_eq!(
        data["flow_run"],
        json!([
            { "name": "run-3", "flow": { "version": 2 }, "task_runs": [{ "id": task_run(2) }] },
            { "name": "run-4", "flow": { "version": 2 }, "task_runs": [] },
        ])
    );
}

#[test]
fn prefect_get_flows_shows_the_newest_version_of_each() {
    let server = seeded();
    let data = ask(
        &server,
        "query { flow(where: { _and: { name: { _eq: null }, version: { _eq: null }, project: { name: { _eq: null } } } }, \
         order_by: { name: asc, version: desc }, distinct_on: name, limit: 10) { id version project { name } } }",
    );
    assert_eq!(
        data["flow"],
        json!([
            { "id": flow(3), "version": 1, "project": { "name": "Daily 100%" } },
            { "id": flow(2), "version": 2, "project": { "name": "Nightly" } },
        ])
    );
}

#[test]
fn a_duplicate_is_told_in_the_words_the_client_looks_for() {
    let server = TestServer::start();
    let tenant = server.query("{ tenant { id } }")["tenant"][0]["id"].clone();
    let body = json!({
        "query": "mutation($input: create_project_input!) {\n    create_project(input: $input) {\n        id\n    }\n}",
        "variables": json!({ "input": { "name": "Demo", "description": null, "tenant_id": tenant } }).to_string(),
    });
    assert_eq!(server.post(body.to_string()).status, 200);
    let again = server.post(body.to_string());
    assert_eq!(again.status, 200);
    assert_eq!(
        again.json(),
        json!({
            "data": { "create_project": null },
            "errors": [{
                "message": "Uniqueness violation.",
                "locations": [{ "line": 2, "column": 5 }],
                "path": ["create_project"],
                "extensions": { "code": "INTERNAL_SERVER_ERROR" },
            }],
        })
    );
}

#[test]
fn a_failing_mutation_leaves_its_siblings_alone() {
    let server = TestServer::start();
    let tenant = server.query("{ tenant { id } }")["tenant"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let create = |alias: &str, name: &str| {
        format!(
            "{alias}: create_project(input: {{tenant_id: \"{tenant}\", name: \"{name}\"}}) {{ __typename id }} "
        )
    };
    let document = format!(
        "mutation {{ {}{}{} }}",
        create("a", "x"),
        create("b", "x"),
        create("c", "y")
    );
    let answer = server.post(json!({ "query": document }).to_string()).json();
    assert_eq!(answer["data"]["b"], Json::Null);
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["path"], json!(["b"]));
    for alias in ["a", "c"] {
        assert!(answer["data"][alias]["id"].is_string(), "{answer}");
        assert!(answer["data"][alias]["__typename"].is_string(), "{answer}");
    }
    let refused = format!(
        "mutation {{ {} delete_project(input: {{project_id: \"nonsense\"}}) {{ success }} }}",
        create("d", "z")
    );
    let reply = server.post(json!({ "query": refused }).to_string());
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert_eq!(
        server.query("{ project(order_by: {name: asc}) { name } }")["project"],
        json!([{ "name": "x" }, { "name": "y" }])
    );
}

#[test]
fn a_json_literal_is_a_string_that_holds_json() {
    let server = seeded();
    let document = |json: &str| {
        format!(
            "mutation {{ set_flow_group_default_parameters(input: {{flow_group_id: \"{}\", parameters: \"{json}\"}}) \
             {{ success }} }}",
            crate::seed::id('9', 1)
        )
    };
    assert_eq!(
        ask(&server, &document("{\\\"x\\\": [1]}"))["set_flow_group_default_parameters"]["success"],
        true
    );
    let data = server.query("{ flow_group(where: {name: {_eq: \"group-1\"}}) { default_parameters } }");
    assert_eq!(data["flow_group"][0]["default_parameters"], json!({ "x": [1] }));
    let (status, message) = server.failure(&document("{"), json!({}));
    assert_eq!(status, 400);
    assert!(
        message.contains("must be a string that holds JSON text"),
        "{message}"
    );
}
