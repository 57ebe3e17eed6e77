//! Nonsense gets one clear error and the right status, and the server lives on.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::seed::seeded;

/// The one error of a refused request.
fn refused(server: &TestServer, body: impl AsRef<[u8]>) -> (u16, String, String) {
    let reply = server.post(body);
    let answer = reply.json();
    assert_eq!(answer.get("data"), None, "{answer}");
    let errors = answer["errors"].as_array().unwrap();
    assert!((1..=2).contains(&errors.len()), "{answer}");
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    (
        reply.status,
        text(&errors[0]["message"]),
        text(&errors[0]["extensions"]["code"]),
    )
}

fn refused_query(server: &TestServer, query: &str, variables: Json) -> (u16, String, String) {
    refused(
        server,
        json!({ "query": query, "variables": variables }).to_string(),
    )
}

#[test]
fn bodies_that_are_no_requests() {
    let server = TestServer::start();
    for (body, part) in [
        ("", "The body is not valid JSON"),
        ("{\"query\": ", "The body is not valid JSON"),
        ("query=%7Bhello%7D", "The body is not valid JSON"),
        ("\"hello\"", "The body must be an object"),
        ("{}", "The body has no \"query\""),
        ("{\"query\": null}", "The body has no \"query\""),
        (
            "{\"query\": \"{ hello }\", \"variables\": 5}",
            "\"variables\" must be an object",
        ),
        (
            "{\"query\": \"{ hello }\", \"variables\": \"{\"}",
            "\"variables\" is text that is not valid JSON",
        ),
    ] {
        let (status, message, _) = refused(&server, body);
        assert_eq!(status, 400, "{body}");
        assert!(message.starts_with(part), "{body}: {message}");
    }
    let (status, message, _) = refused(&server, [0xff, 0xfe, 0x00]);
    assert_eq!(status, 400, "{message}");
    assert_eq!(
        server.query("{ tenant { slug } }")["tenant"][0]["slug"],
        "default"
    );
}

#[test]
fn documents_that_do_not_fit() {
    let server = TestServer::start();
    const PARSE: &str = "GRAPHQL_PARSE_FAILED";
    const VALIDATION: &str = "GRAPHQL_VALIDATION_FAILED";
    for (query, code, part) in [
        ("", PARSE, "Unexpected <EOF>"),
        ("{ tenant { id }", PARSE, "expected"),
        (
            "{ nonsense }",
            VALIDATION,
            "Cannot query field \"nonsense\" on type \"Query\".",
        ),
        (
            "{ tenant { nonsense } }",
            VALIDATION,
            "Cannot query field \"nonsense\" on type \"tenant\".",
        ),
        ("{ tenant }", VALIDATION, "must have a selection of subfields"),
        (
            "{ tenant(limit: \"x\") { id } }",
            VALIDATION,
            "Int cannot represent",
        ),
        (
            "{ tenant(where: {nonsense: {_eq: 1}}) { id } }",
            VALIDATION,
            "nonsense",
        ),
        (
            "{ tenant(where: {name: {_eq: 1}}) { id } }",
            VALIDATION,
            "String cannot represent",
        ),
        ("{ tenant(order_by: {name: up}) { id } }", VALIDATION, "up"),
        (
            "{ log_by_pk(id: \"x\") { id } }",
            VALIDATION,
            "Cannot query field \"log_by_pk\"",
        ),
        ("query ($x: nonsense) { tenant { id } }", VALIDATION, "nonsense"),
        (
            "query ($x: String) { tenant(limit: $x) { id } }",
            VALIDATION,
            "$x",
        ),
        (
            "query A { tenant { id } } query B { tenant { id } }",
            VALIDATION,
            "operation",
        ),
        (
            "mutation { insert_tenant { id } }",
            VALIDATION,
            "Cannot query field \"insert_tenant\"",
        ),
        ("subscription { tenant { id } }", VALIDATION, "subscription"),
        (
            "{ tenant { ...a } } fragment a on tenant { ...a }",
            VALIDATION,
            "Cannot spread fragment \"a\" within itself",
        ),
    ] {
        let (status, message, found) = refused_query(&server, query, json!({}));
        assert_eq!((status, found.as_str()), (400, code), "{query}: {message}");
        assert!(message.contains(part), "{query}: {message}");
    }
}

#[test]
fn values_that_do_not_fit() {
    let server = TestServer::start();
    for (query, variables, part) in [
        (
            "{ flow_by_pk(id: \"nonsense\") { id } }",
            json!({}),
            "invalid input syntax for type uuid: \"nonsense\"",
        ),
        (
            "query ($id: uuid!) { flow_by_pk(id: $id) { id } }",
            json!({}),
            "id",
        ),
        (
            "query ($id: uuid!) { flow_by_pk(id: $id) { id } }",
            json!({ "id": null }),
            "id",
        ),
        (
            "query ($id: uuid!) { flow_by_pk(id: $id) { id } }",
            json!({ "id": 5 }),
            "uuid: 5",
        ),
        (
            "query ($n: Int) { flow(limit: $n) { id } }",
            json!({ "n": "many" }),
            "many",
        ),
        (
            "query ($n: Int) { flow(limit: $n) { id } }",
            json!({ "n": 1e10 }),
            "Int",
        ),
        (
            "query ($w: flow_bool_exp) { flow(where: $w) { id } }",
            json!({ "w": { "nonsense": 1 } }),
            "nonsense",
        ),
        (
            "query ($w: flow_bool_exp) { flow(where: $w) { id } }",
            json!({ "w": { "name": 1 } }),
            "1",
        ),
        (
            "query ($o: [flow_order_by!]) { flow(order_by: $o) { id } }",
            json!({ "o": { "name": "up" } }),
            "up",
        ),
        (
            "{ flow_run(where: {start_time: {_gt: \"tomorrow\"}}) { id } }",
            json!({}),
            "tomorrow",
        ),
        (
            "{ utility_downstream_tasks(args: {start_task_ids: \"nonsense\"}) { depth } }",
            json!({}),
            "invalid input syntax for type _uuid",
        ),
    ] {
        let (status, message, code) = refused_query(&server, query, variables);
        assert_eq!(
            (status, code.as_str()),
            (400, "BAD_USER_INPUT"),
            "{query}: {message}"
        );
        assert!(message.contains(part), "{query}: {message}");
    }
}

#[test]
fn an_error_says_where_and_of_what() {
    let server = TestServer::start();
    let reply = server.post(json!({ "query": "{\n  mine: flow_by_pk(id: \"x\") { id }\n}" }).to_string());
    let error = &reply.json()["errors"][0];
    assert_eq!(error["path"], json!(["mine"]));
    assert_eq!(error["locations"], json!([{ "line": 2, "column": 3 }]));
}

#[test]
fn too_much_of_anything_is_refused() {
    let server = TestServer::start_with(|config, _| config.limits.rows = 2);
    let deep = |levels: usize| {
        format!(
            "{{ flow {{ {}id{} }} }}",
            "project { flows { ".repeat(levels),
            " } }".repeat(levels)
        )
    };
    let (status, message, _) = refused_query(&server, &deep(49), json!({}));
    assert_eq!(
        (status, message.as_str()),
        (
            400,
            "The document is nested 100 levels deep; at most 12 are allowed."
        )
    );
    let (status, message, _) = refused_query(&server, &deep(100_000), json!({}));
    assert_eq!(
        (status, message.as_str()),
        (
            400,
            "The document is nested too deep; at most 12 levels are allowed."
        )
    );
    let value = "{_not: ".repeat(10_000) + "{}" + &"}".repeat(10_000);
    assert_eq!(
        refused_query(
            &server,
            &format!("{{ flow(where: {value}) {{ id }} }}"),
            json!({})
        )
        .0,
        400
    );
    let list = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(
        refused_query(
            &server,
            &format!("{{ flow(where: {{_and: {list}}}) {{ id }} }}"),
            json!({})
        )
        .0,
        400
    );
    let nested = (0..10_000).fold(String::from("1"), |inner, _| format!("[{inner}]"));
    assert_eq!(
        refused(
            &server,
            format!("{{\"query\":\"{{hello}}\",\"variables\":{nested}}}")
        )
        .0,
        400
    );

    let aliases: String = (0..1001).map(|n| format!("a{n}: tenant {{ id }} ")).collect();
    let (status, message, _) = refused_query(&server, &format!("{{ {aliases} }}"), json!({}));
    assert_eq!(
        (status, message.as_str()),
        (
            400,
            "The operation has 1001 root fields; at most 1000 are allowed."
        )
    );
    let laughs: String = (0..4)
        .map(|n| {
            let fields: String = (0..10)
                .map(|a| format!("a{a}: tenant {{ flows {{ ...f{} }} }} ", n + 1))
                .collect();
            format!("fragment f{n} on flow {{ {fields} }} ")
        })
        .collect();
    let query = format!("{{ flow {{ ...f0 }} }} {laughs} fragment f4 on flow {{ id }}");
    let (status, message, _) = refused_query(&server, &query, json!({}));
    assert_eq!(
        (status, message.as_str()),
        (
            400,
            "The operation selects more than 10000 fields, the most allowed."
        )
    );

    server.sql(
        "INSERT INTO tenant (id, created, updated, name, slug) VALUES ('1', '', '', 'a', 'a'), ('2', '', '', 'b', 'b')",
    );
    let (status, message) = server.failure("{ tenant { slug } }", json!({}));
    assert_eq!(status, 200);
    assert!(
        message.starts_with("\"tenant\" has more than 2 rows."),
        "{message}"
    );
    assert_eq!(
        server.query("{ tenant(limit: 3) { slug } }")["tenant"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn conditions_may_nest_as_deep_as_json_allows() {
    let server = seeded();
    let through = (0..8).fold(
        json!({ "name": { "_eq": "etl" } }),
        |inner, _| json!({ "project": { "flows": inner } }),
    );
    let data = server.data(
        "query ($w: flow_bool_exp) { flow(where: $w) { version } }",
        json!({ "w": through }),
    );
    assert_eq!(data["flow"].as_array().unwrap().len(), 2);
    let too_far = (0..9).fold(json!({}), |inner, _| json!({ "project": { "flows": inner } }));
    let (status, message) = server.failure(
        "query ($w: flow_bool_exp) { flow(where: $w) { id } }",
        json!({ "w": too_far }),
    );
    assert_eq!(status, 400);
    assert!(
        message.starts_with("The condition reaches through more than 16 relationships"),
        "{message}"
    );
    let not = (0..100).fold(
        json!({ "name": { "_eq": "etl" } }),
        |inner, _| json!({ "_not": inner }),
    );
    let data = server.data(
        "query ($w: flow_bool_exp) { flow(where: $w) { version } }",
        json!({ "w": not }),
    );
    assert_eq!(data["flow"].as_array().unwrap().len(), 2);
}

#[test]
fn a_body_of_ten_megabytes_is_refused_in_words() {
    let server = TestServer::start();
    let body = json!({ "query": "{ tenant { id } }", "variables": { "x": "x".repeat(10 * 1024 * 1024) } })
        .to_string();
    let (status, message, _) = refused(&server, body);
    assert_eq!(
        (status, message.as_str()),
        (
            413,
            "The body is larger than 5242880 bytes, the most one request may send."
        )
    );
    let fits =
        json!({ "query": "{ tenant { slug } }", "extensions": "x".repeat(4 * 1024 * 1024) }).to_string();
    assert_eq!(server.post(fits).status, 200);
}

#[test]
fn strings_never_become_sql() {
    let server = seeded();
    let hostile = "'; DROP TABLE flow; --";
    let data = server.data(
        "query ($x: String, $j: jsonb) { a: flow(where: {name: {_eq: $x}}) { id } b: flow(where: {name: {_ilike: $x}}) { id } \
         c: flow(where: {name: {_in: [$x]}}) { id } d: flow(where: {settings: {_contains: $j}}) { id } \
         e: flow(where: {settings: {_has_key: $x}}) { id } f: flow { id } }"
            .replace("[$x]", "\"x' OR 1=1 --\"")
            .as_str(),
        json!({ "x": hostile, "j": { hostile: hostile } }),
    );
    for key in ["a", "b", "c", "d", "e"] {
        assert_eq!(data[key], json!([]), "{key}");
    }
    assert_eq!(data["f"].as_array().unwrap().len(), 3);
}

#[test]
fn an_answer_that_grows_without_end_is_refused() {
    let server = TestServer::start_with(|config, _| config.limits.answer_bytes = 10_000);
    server.sql(
        "INSERT INTO tenant (id, created, updated, name, slug) SELECT value, '', '', 'a', value FROM json_each('[1,2,3,4]');
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
         INSERT INTO project (id, created, updated, tenant_id, name) SELECT i, '', '', '1', i FROM n",
    );
    let too_large = "The answer is larger than 10000 bytes, the most for one request. Ask for less: a smaller limit, \
                     fewer fields, or in several requests.";
    // Enough of them fit.
    let fits = "{ project(limit: 100) { id name } }";
    assert_eq!(server.query(fits)["project"].as_array().unwrap().len(), 100);
    let aliases: String = (0..10)
        .map(|n| format!("p{n}: project(limit: 100) {{ id name }} "))
        .collect();
    for query in [
        // The same rows again and again, at the root, below a row, and in each other.
        format!("{{ {aliases} }}"),
        "{ tenant(limit: 9) { projects(limit: 100) { name tenant { projects(limit: 100) { name } } } } }"
            .to_owned(),
        "{ project_aggregate { nodes { tenant { projects(limit: 100) { name } } } } }".to_owned(),
        // What comes from no table.
        "{ __schema { types { name description fields { name } } } }".to_owned(),
    ] {
        let reply = server.post(json!({ "query": query }).to_string());
        assert!(reply.body.len() < 20_000, "{query}: {}", reply.body.len());
        assert_eq!(reply.json()["errors"][0]["message"], too_large, "{query}");
        assert_eq!(reply.status, 200, "{query}");
    }
    // A batch shares the room.
    let batch = json!(vec![json!({ "query": fits }); 50]);
    let reply = server.post(batch.to_string());
    assert!(reply.body.len() < 30_000, "{}", reply.body.len());
    let answers = reply.json();
    assert_eq!(answers[0]["errors"], json!(null));
    assert_eq!(answers[49]["errors"][0]["message"], too_large);
}
