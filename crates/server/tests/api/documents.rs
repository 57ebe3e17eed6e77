//! What GraphQL lets one write around a read: variables, aliases, fragments, directives, batches, introspection.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::seed::{flow_run, project, seeded};

#[test]
fn the_python_client_sends_variables_as_text() {
    let server = seeded();
    for body in [
        r#"{"query": "query {\n    tenant {\n        id\n    }\n}", "variables": "null"}"#.to_owned(),
        json!({
            "query": "query ($id: uuid!) { project_by_pk(id: $id) { name } }",
            "variables": json!({ "id": project(1) }).to_string(),
        })
        .to_string(),
    ] {
        let reply = server.post(&body);
        assert_eq!((reply.status, reply.json().get("errors")), (200, None), "{body}");
        assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
    }
}

#[test]
fn both_paths_and_both_ports_answer() {
    let server = TestServer::start();
    let body = r#"{"query": "{ tenant { slug } }"}"#;
    for url in [
        format!("http://{}/", server.api),
        format!("http://{}/graphql", server.api),
        format!("http://{}/graphql", server.dashboard),
    ] {
        assert_eq!(
            server.post_to(&url, &[], body).json()["data"]["tenant"][0]["slug"],
            "default",
            "{url}"
        );
    }
}

#[test]
fn a_batch_is_answered_in_its_order() {
    let server = seeded();
    let reply = server.post(
        json!([
            { "operationName": "B", "query": "query A { tenant { id } } query B { flow_aggregate { aggregate { count } } }" },
            { "query": "{ nonsense }", "variables": {} },
            { "query": "query ($n: Int) { project(limit: $n) { __typename } }", "variables": { "n": 1 } },
            { "variables": {} },
        ])
        .to_string(),
    );
    assert_eq!(reply.status, 200);
    let answers = reply.json();
    assert_eq!(
        answers[0],
        json!({ "data": { "flow_aggregate": { "aggregate": { "count": 3 } } } })
    );
    assert_eq!(
        answers[1]["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    assert_eq!(answers[1].get("data"), None);
    assert_eq!(
        answers[2],
        json!({ "data": { "project": [{ "__typename": "project" }] } })
    );
    assert!(
        answers[3]["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("no \"query\"")
    );
}

#[test]
fn variables_have_defaults_and_both_families_of_scalars() {
    let server = seeded();
    let query = "query ($limit: Int = 1, $after: timestamptz, $ids: [uuid!], $where: flow_run_bool_exp = {state: {_is_null: false}}, \
                 $order: [flow_run_order_by!] = [{name: desc}], $labels: jsonb, $when: timestamptz_comparison_exp) { \
                 flow_run(limit: $limit, order_by: $order, where: {_and: [$where, {start_time: {_gt: $after}, \
                 id: {_in: $ids}, labels: {_contains: $labels}, end_time: $when}]}) { name } }";
    let names = |variables: Json| {
        let rows = server.data(query, variables)["flow_run"].take();
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(json!({})), ["run-4"]);
    assert_eq!(
        names(json!({ "limit": null, "order": { "name": "asc" }, "labels": ["rust"] })),
        ["run-1", "run-2"]
    );
    assert_eq!(
        names(json!({ "limit": 9, "after": "2026-01-01T00:15:00Z" })),
        ["run-3", "run-2"]
    );
    assert_eq!(names(json!({ "limit": 9, "ids": flow_run(1) })), ["run-1"]);
    assert_eq!(
        names(json!({ "limit": 9, "when": { "_is_null": true } })),
        ["run-4", "run-3"]
    );
}

#[test]
fn the_same_field_may_be_asked_for_under_many_names() {
    let server = seeded();
    let data = server.query(
        "{ first: flow_run(limit: 1, order_by: {name: asc}) { id: flow_id timestamp: created created flow_id: id } \
         second: flow_run(limit: 1, order_by: {name: desc}) { name again: name } }",
    );
    assert_eq!(data["first"][0]["flow_id"], flow_run(1));
    assert_eq!(data["first"][0]["timestamp"], data["first"][0]["created"]);
    assert_eq!(data["second"], json!([{ "name": "run-5", "again": "run-5" }]));
}

#[test]
fn fragments_unfold_and_equal_keys_merge() {
    let server = seeded();
    let data = server.query(
        "query { __typename ...root } \
         fragment root on Query { flow(where: {archived: {_eq: true}}) { ...names } flow(where: {archived: {_eq: true}}) { version } } \
         fragment names on flow { name project { name } ... on flow { project { description ...again } } ... { archived } } \
         fragment again on project { name __typename }",
    );
    assert_eq!(
        data,
        json!({ "__typename": "Query", "flow": [{
            "name": "etl", "version": 1, "archived": true,
            "project": { "name": "Nightly", "description": "by night", "__typename": "project" },
        }] })
    );
}

#[test]
fn directives_leave_fields_out() {
    let server = seeded();
    let query = "query ($with: Boolean!) { flow(limit: 1, order_by: {version: desc}) { version name @include(if: $with) \
                 archived @skip(if: $with) ... @skip(if: true) { id } ...more @include(if: $with) } \
                 project @skip(if: true) { id } } fragment more on flow { core_version }";
    assert_eq!(
        server.data(query, json!({ "with": false })),
        json!({ "flow": [{ "version": 2, "archived": false }] })
    );
    assert_eq!(
        server.data(query, json!({ "with": true })),
        json!({ "flow": [{ "version": 2, "name": "etl", "core_version": null }] })
    );
}

#[test]
fn literals_may_hold_escapes_and_negative_numbers() {
    let server = seeded();
    let data = server.query(
        r#"{ log(where: {message: {_like: "%\ud83d\udc4b%"}}) { id } log_u: log(where: {message: {_like: "%\u0022quoted\u0022%"}}, limit: 1) { level }
            task_run(where: {map_index: {_eq: -1}}, limit: 1) { map_index } }"#,
    );
    assert_eq!(data["log"].as_array().unwrap().len(), 3);
    assert_eq!(data["log_u"], json!([{ "level": "INFO" }]));
    assert_eq!(data["task_run"], json!([{ "map_index": -1 }]));
}

#[test]
fn introspection_shows_the_types_under_the_names_clients_use() {
    let server = TestServer::start();
    let data = server.query(
        "{ __typename __schema { queryType { name } mutationType { name } types { name kind } } \
         flow: __type(name: \"flow\") { kind fields { name type { kind name ofType { name } } } } \
         missing: __type(name: \"nonsense\") { name } tenant { slug } }",
    );
    let types: Vec<_> = data["__schema"]["types"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ty| ty["name"].as_str().unwrap())
        .collect();
    for name in [
        "uuid",
        "timestamptz",
        "jsonb",
        "_uuid",
        "UUID",
        "DateTime",
        "JSON",
        "flow_run_bool_exp",
        "flow_order_by",
        "timestamptz_comparison_exp",
        "create_flow_run_input",
        "flow_run_aggregate_fields",
        "task_select_column",
    ] {
        assert!(types.contains(&name), "{name}");
    }
    assert_eq!(data["__schema"]["queryType"]["name"], "Query");
    assert_eq!(data["flow"]["kind"], "OBJECT");
    assert_eq!(data["missing"], Json::Null);
    assert_eq!(data["tenant"][0]["slug"], "default");
}

#[test]
fn the_introspection_query_of_tools_is_not_too_deep() {
    let server = TestServer::start();
    let of_type = "kind name ofType { ".repeat(7) + "kind name" + &" }".repeat(7);
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }} \
         types {{ ...FullType }} directives {{ name description locations args {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name description fields(includeDeprecated: true) {{ name description \
         args {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason }} inputFields {{ ...InputValue }} \
         interfaces {{ ...TypeRef }} enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} \
         possibleTypes {{ ...TypeRef }} }} \
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue }} \
         fragment TypeRef on __Type {{ {of_type} }}"
    );
    let data = server.query(&query);
    assert!(data["__schema"]["types"].as_array().unwrap().len() > 100);
}
