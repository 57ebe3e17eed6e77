//! Reads of tables: conditions, order, paging, and through relationships.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::seed::{flow, flow_run, id, minute, project, seeded, task, task_run};

/// The names of the flow runs that fit a condition, as the digits at their end.
fn runs(server: &TestServer, condition: &str) -> String {
    let data = server.query(&format!(
        "{{ flow_run(where: {condition}, order_by: {{name: asc}}) {{ name }} }}"
    ));
    digits(&data["flow_run"])
}

fn digits(rows: &Json) -> String {
    let names = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap());
    names.map(|name| &name[name.len() - 1..]).collect()
}

#[test]
fn a_fresh_server_has_one_tenant() {
    let server = TestServer::start();
    let data = server.query("{ tenant { slug name settings } }");
    assert_eq!(
        data,
        json!({ "tenant": [{ "slug": "default", "name": "default", "settings": {} }] })
    );
}

#[test]
fn every_kind_of_value_comes_out_as_json() {
    let server = seeded();
    let data = server.query(&format!(
        "{{ flow_run_by_pk(id: \"{}\") {{ __typename id name version auto_scheduled labels start_time end_time \
         state_message serialized_state logs(order_by: {{timestamp: asc}}, limit: 1) {{ message info }} \
         task_runs(order_by: {{version: desc}}, limit: 1) {{ task {{ retry_delay }} tenant {{ id }} }} }} }}",
        flow_run(1)
    ));
    assert_eq!(
        data["flow_run_by_pk"],
        json!({
            "__typename": "flow_run",
            "id": flow_run(1),
            "name": "run-1",
            "version": 1,
            "auto_scheduled": true,
            "labels": ["gpu", "rust"],
            "start_time": minute(10),
            "end_time": minute(15),
            "state_message": null,
            "serialized_state": { "message": "a \"quoted\" word" },
            "logs": [{ "message": "line 1 \u{1F44B} \"quoted\"\n\tand \\ more", "info": null }],
            "task_runs": [{ "task": { "retry_delay": "00:00:04" }, "tenant": null }],
        })
    );
}

#[test]
fn an_unknown_id_is_null() {
    let server = seeded();
    assert_eq!(
        server.query(&format!("{{ flow_by_pk(id: \"{}\") {{ id }} }}", flow(9))),
        json!({ "flow_by_pk": null })
    );
}

#[test]
fn an_id_may_be_written_in_upper_case() {
    let server = seeded();
    let upper = flow(1).to_uppercase();
    assert_eq!(
        server.query(&format!("{{ flow_by_pk(id: \"{upper}\") {{ id }} }}"))["flow_by_pk"]["id"],
        flow(1)
    );
}

#[test]
fn every_comparison_selects_what_it_says() {
    let server = seeded();
    for (condition, expected) in [
        ("{}", "12345"),
        (r#"{state: {_eq: "Failed"}}"#, "2"),
        (r#"{state: {_neq: "Failed"}}"#, "134"),
        (r#"{state: {_in: ["Failed", "Running"]}}"#, "23"),
        (r#"{state: {_in: "Failed"}}"#, "2"),
        (r#"{state: {_in: []}}"#, ""),
        (r#"{state: {_nin: ["Failed", "Running"]}}"#, "14"),
        (r#"{state: {_is_null: true}}"#, "5"),
        (r#"{state: {_is_null: false}}"#, "1234"),
        (r#"{version: {_gt: 3}}"#, "45"),
        (r#"{version: {_gte: 3}}"#, "345"),
        (r#"{version: {_lt: 3}}"#, "12"),
        (r#"{version: {_lte: 3}}"#, "123"),
        (r#"{version: {_gt: 1, _lt: 4, _neq: 2}}"#, "3"),
        (r#"{version: {_in: [1, 5]}}"#, "15"),
        (r#"{auto_scheduled: {_eq: true}}"#, "135"),
        (r#"{auto_scheduled: {_in: [false]}}"#, "24"),
        (r#"{name: {_like: "run-_"}}"#, "12345"),
        (r#"{name: {_like: "RUN%"}}"#, ""),
        (r#"{name: {_ilike: "RUN%2"}}"#, "2"),
        (r#"{name: {_nlike: "%2"}}"#, "1345"),
        (r#"{name: {_nilike: "RUN-1"}}"#, "2345"),
        (r#"{start_time: {_gte: "2026-01-01T00:20:00+00:00"}}"#, "23"),
        (r#"{start_time: {_gte: "2026-01-01T01:20:00+01:00"}}"#, "23"),
        (r#"{start_time: {_gt: "2026-01-01 00:20:00"}}"#, "3"),
        (r#"{start_time: {_lt: "2026-01-01T00:15:00.5Z"}}"#, "1"),
        (r#"{labels: {_contains: ["rust"]}}"#, "12"),
        (r#"{labels: {_contains: "gpu"}}"#, "1"),
        (r#"{labels: {_contained_in: ["rust", "gpu"]}}"#, "12345"),
        (r#"{labels: {_has_key: "gpu"}}"#, "1"),
        (r#"{labels: {_has_keys_any: ["gpu", "rust"]}}"#, "12"),
        (r#"{labels: {_has_keys_all: ["gpu", "rust"]}}"#, "1"),
        (r#"{labels: {_eq: []}}"#, "345"),
        (r#"{labels: {_neq: []}}"#, "12"),
    ] {
        assert_eq!(runs(&server, condition), expected, "{condition}");
    }
}

#[test]
fn conditions_combine() {
    let server = seeded();
    for (condition, expected) in [
        (r#"{_or: [{state: {_eq: "Failed"}}, {version: {_eq: 1}}]}"#, "12"),
        (r#"{_and: [{version: {_gt: 1}}, {version: {_lt: 4}}]}"#, "23"),
        (r#"{_and: {version: {_gt: 4}}}"#, "5"),
        (r#"{_not: {state: {_eq: "Failed"}}}"#, "134"),
        (r#"{_or: []}"#, ""),
        (r#"{_and: []}"#, "12345"),
        (
            r#"{version: {_gt: 1}, _or: [{state: {_eq: "Failed"}}, {state: {_eq: "Success"}}]}"#,
            "2",
        ),
    ] {
        assert_eq!(runs(&server, condition), expected, "{condition}");
    }
}

#[test]
fn null_is_no_condition() {
    let server = seeded();
    for condition in [
        "null",
        "{name: null}",
        "{name: {_eq: null}}",
        "{name: {_in: null, _ilike: null}}",
        "{_and: null}",
        "{_and: [{}, {name: {_eq: null}}]}",
        r#"{_or: [{name: {_ilike: null}}, {state: {_eq: "Failed"}}]}"#,
        "{flow: {project_id: {_eq: null}}}",
    ] {
        assert_eq!(runs(&server, condition), "12345", "{condition}");
    }
    let unset = "query ($name: String, $by: flow_run_bool_exp, $limit: Int, $order: [flow_run_order_by!]) { \
                 a: flow_run(where: {name: {_eq: $name}, _or: {state: {_ilike: $name}}}) { id } \
                 b: flow_run(where: $by, limit: $limit, offset: null, order_by: $order) { id } }";
    for variables in [
        json!({}),
        json!({ "name": null, "by": null, "limit": null, "order": null }),
        json!({ "by": {} }),
    ] {
        let data = server.data(unset, variables);
        assert_eq!(
            [&data["a"], &data["b"]].map(|rows| rows.as_array().unwrap().len()),
            [5, 5]
        );
    }
}

#[test]
fn conditions_reach_through_relationships() {
    let server = seeded();
    for (condition, expected) in [
        (r#"{flow: {name: {_eq: "Report"}}}"#.to_owned(), "5"),
        (
            r#"{flow: {project: {name: {_ilike: "night%"}}}}"#.to_owned(),
            "1234",
        ),
        (r#"{flow: {project: {name: {_like: "%100\\%"}}}}"#.to_owned(), "5"),
        (r#"{task_runs: {state: {_eq: "Failed"}}}"#.to_owned(), "1"),
        (r#"{_not: {task_runs: {}}}"#.to_owned(), "2345"),
        (r#"{task_runs: {task: {slug: {_eq: "task-3"}}}}"#.to_owned(), "1"),
        (
            format!(r#"{{flow: {{project_id: {{_eq: "{}"}}}}}}"#, project(2)),
            "5",
        ),
        (r#"{agent: {}}"#.to_owned(), ""),
    ] {
        assert_eq!(runs(&server, &condition), expected, "{condition}");
    }
}

#[test]
fn rows_come_in_the_order_asked_for() {
    let server = seeded();
    for (order, expected) in [
        ("{name: desc}", "54321"),
        ("{start_time: asc, name: asc}", "12345"),
        ("{start_time: desc, name: asc}", "45321"),
        ("{start_time: desc_nulls_last, name: asc}", "32145"),
        ("{start_time: asc_nulls_first, name: asc}", "45123"),
        ("{auto_scheduled: asc, version: desc}", "42531"),
        ("[{auto_scheduled: desc}, {version: asc}]", "13524"),
        ("{flow: {name: asc}, name: desc}", "54321"),
        ("[{flow: {name: desc}}, {name: asc}]", "12345"),
        ("{flow: {project: {name: asc}}, version: asc}", "51234"),
    ] {
        let data = server.query(&format!("{{ flow_run(order_by: {order}) {{ name }} }}"));
        assert_eq!(digits(&data["flow_run"]), expected, "{order}");
    }
    let by_variable = server.data(
        "query ($order: [flow_run_order_by!]) { flow_run(order_by: $order) { name } }",
        json!({ "order": { "auto_scheduled": "desc", "name": "desc" } }),
    );
    assert_eq!(digits(&by_variable["flow_run"]), "53142");
}

#[test]
fn rows_come_in_pages() {
    let server = seeded();
    for (page, expected) in [
        ("limit: 2", "12"),
        ("limit: 2, offset: 2", "34"),
        ("offset: 3", "45"),
        ("limit: 0", ""),
        ("limit: null, offset: null", "12345"),
    ] {
        let data = server.query(&format!(
            "{{ flow_run(order_by: {{name: asc}}, {page}) {{ name }} }}"
        ));
        assert_eq!(digits(&data["flow_run"]), expected, "{page}");
    }
    let (status, message) = server.failure("{ flow_run(limit: -1) { id } }", json!({}));
    assert_eq!(
        (status, message.as_str()),
        (400, "\"limit\" must be 0 or more, and -1 is not.")
    );
}

#[test]
fn distinct_rows_are_the_first_of_each_kind() {
    let server = seeded();
    let newest =
        server.query("{ flow(distinct_on: name, order_by: {name: asc, version: desc}) { name version } }");
    assert_eq!(
        newest,
        json!({ "flow": [{ "name": "Report", "version": 1 }, { "name": "etl", "version": 2 }] })
    );
    let data = server.query(
        "{ a: flow_run(distinct_on: [flow_id], order_by: [{flow_id: asc}, {version: desc}]) { name flow { name } } \
         b: flow_run(distinct_on: flow_id, limit: 1) { flow_id } c: flow(distinct_on: null) { id } \
         d: flow_aggregate(distinct_on: name, where: {}) { aggregate { count } } }",
    );
    assert_eq!(digits(&data["a"]), "45");
    assert_eq!(data["b"], json!([{ "flow_id": flow(2) }]));
    assert_eq!(data["c"].as_array().unwrap().len(), 3);
    assert_eq!(data["d"]["aggregate"]["count"], 2);
}

#[test]
fn relationships_nest_and_take_arguments() {
    let server = seeded();
    let data = server.query(&format!(
        "{{ project(where: {{id: {{_eq: \"{}\"}}}}) {{ name \
         flows(where: {{archived: {{_eq: false}}}}) {{ version \
           flow_runs(where: {{state: {{_is_null: false}}}}, order_by: {{version: desc}}, limit: 2) {{ \
             name flow {{ project {{ name }} }} task_runs(where: {{map_index: {{_eq: -1}}}}) {{ id }} }} }} }} }}",
        project(1)
    ));
    assert_eq!(
        data["project"],
        json!([{ "name": "Nightly", "flows": [{ "version": 2, "flow_runs": [
            { "name": "run-4", "flow": { "project": { "name": "Nightly" } }, "task_runs": [] },
            { "name": "run-3", "flow": { "project": { "name": "Nightly" } }, "task_runs": [] },
        ] }] }])
    );
    let edges = server.query(&format!(
        "{{ task_by_pk(id: \"{}\") {{ upstream_edges {{ upstream_task {{ name }} }} \
         downstream_edges(order_by: {{downstream_task: {{name: desc}}}}) {{ key downstream_task {{ name }} }} }} }}",
        task(1)
    ));
    assert_eq!(
        edges["task_by_pk"],
        json!({ "upstream_edges": [], "downstream_edges": [
            { "key": "x1", "downstream_task": { "name": "task 3" } },
            { "key": "x0", "downstream_task": { "name": "task 2" } },
        ] })
    );
}

#[test]
fn aggregates_count_and_measure() {
    let server = seeded();
    let data = server.query(
        "{ all: flow_run_aggregate { aggregate { count } } \
         failed: flow_run_aggregate(where: {state: {_eq: \"Failed\"}}) { aggregate { count } nodes { name } } \
         measured: flow_run_aggregate(where: {version: {_lte: 4}}) { __typename aggregate { __typename \
           states: count(columns: state, distinct: true) pairs: count(columns: [state, flow_id], distinct: true) \
           started: count(columns: [start_time]) max { version start_time name } min { version } sum { version } \
           avg { version } } } \
         page: flow_run_aggregate(order_by: {version: desc}, limit: 2) { aggregate { count min { version } } nodes { name } } \
         none: flow_run_aggregate(where: {state: {_eq: \"Paused\"}}) { aggregate { count max { version } } nodes { id } } }",
    );
    assert_eq!(data["all"], json!({ "aggregate": { "count": 5 } }));
    assert_eq!(
        data["failed"],
        json!({ "aggregate": { "count": 1 }, "nodes": [{ "name": "run-2" }] })
    );
    assert_eq!(
        data["measured"],
        json!({ "__typename": "flow_run_aggregate", "aggregate": {
            "__typename": "flow_run_aggregate_fields", "states": 4, "pairs": 4, "started": 3,
            "max": { "version": 4, "start_time": minute(30), "name": "run-4" },
            "min": { "version": 1 }, "sum": { "version": 10 }, "avg": { "version": 2.5 },
        } })
    );
    assert_eq!(
        data["page"],
        json!({ "aggregate": { "count": 2, "min": { "version": 4 } }, "nodes": [{ "name": "run-5" }, { "name": "run-4" }] })
    );
    assert_eq!(
        data["none"],
        json!({ "aggregate": { "count": 0, "max": { "version": null } }, "nodes": [] })
    );
}

#[test]
fn aggregates_nest() {
    let server = seeded();
    let data = server.query(
        "{ project(order_by: {name: desc}) { name live: flows_aggregate(where: {archived: {_eq: false}}) { aggregate { count } } \
         flows_aggregate(distinct_on: name) { aggregate { count } nodes { flow_runs_aggregate { aggregate { count } } } } } }",
    );
    assert_eq!(data["project"][0]["live"]["aggregate"]["count"], 1);
    assert_eq!(data["project"][0]["flows_aggregate"]["aggregate"]["count"], 1);
    assert_eq!(data["project"][1]["name"], "Daily 100%");
    assert_eq!(
        data["project"][1]["flows_aggregate"]["nodes"],
        json!([{ "flow_runs_aggregate": { "aggregate": { "count": 1 } } }])
    );
}

#[test]
fn traversals_find_each_task_once_at_its_largest_depth() {
    let server = seeded();
    let start = format!("{{{}, {}}}", task(1), task(2));
    let data = server.data(
        "query ($start: _uuid) { \
         down: utility_downstream_tasks(args: {start_task_ids: $start, depth_limit: 50}, order_by: {task_id: asc}) { \
           task_id depth task { name } } \
         near: utility_downstream_tasks(args: {start_task_ids: $start, depth_limit: 1}, where: {depth: {_eq: 1}}) { task_id } \
         up: utility_upstream_tasks_aggregate(args: {start_task_ids: $start}) { aggregate { count max { depth } } } \
         nothing: utility_traversal { task_id } }",
        json!({ "start": start }),
    );
    let depths: Vec<_> = data["down"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["depth"].as_i64().unwrap())
        .collect();
    assert_eq!(depths, [0, 1, 1, 2]);
    assert_eq!(data["down"][3]["task"]["name"], "task 4");
    assert_eq!(data["near"].as_array().unwrap().len(), 3);
    assert_eq!(
        data["up"]["aggregate"],
        json!({ "count": 2, "max": { "depth": 1 } })
    );
    assert_eq!(data["nothing"], json!([]));
}

#[test]
fn the_catalogue_is_what_the_database_holds() {
    use flowdeck_server::graphql::catalogue::{Column, TABLES};
    let server = TestServer::start();
    for table in TABLES.iter().filter(|table| table.is_stored) {
        let found = server.columns(table.name);
        let expected = table
            .columns
            .iter()
            .map(|Column { name, nullable, .. }| (name.to_string(), *nullable))
            .collect::<Vec<_>>();
        let mut sorted = expected.clone();
        sorted.sort();
        let mut found_sorted = found.clone();
        found_sorted.sort();
        assert_eq!(found_sorted, sorted, "{}", table.name);
    }
}

#[test]
fn all_fields_of_all_tables_can_be_asked_for_at_once() {
    use flowdeck_server::graphql::catalogue::TABLES;
    let server = seeded();
    for table in TABLES {
        let columns: Vec<_> = table.columns.iter().map(|column| column.name).collect();
        let relations: Vec<_> = table
            .relations
            .iter()
            .map(|relation| format!("{} {{ __typename }}", relation.name))
            .collect();
        server.query(&format!(
            "{{ {} {{ {} {} }} }}",
            table.name,
            columns.join(" "),
            relations.join(" ")
        ));
    }
}

#[test]
fn hundreds_of_fields_fit_into_one_object() {
    let server = seeded();
    let fields: String = (0..500).map(|n| format!("a{n}: name ")).collect();
    let data = server.query(&format!(
        "{{ task(limit: 1, order_by: {{name: asc}}) {{ {fields} }} }}"
    ));
    assert_eq!(data["task"][0]["a499"], "task 1");
}

#[test]
fn a_long_list_is_one_parameter() {
    let server = seeded();
    let mut ids: Vec<_> = (0..50_000).map(|n| id('7', n)).collect();
    ids.push(task_run(2));
    let data = server.data(
        "query ($ids: [uuid!]) { task_run(where: {id: {_in: $ids}}) { id } }",
        json!({ "ids": ids }),
    );
    assert_eq!(data["task_run"], json!([{ "id": task_run(2) }]));
}

#[test]
fn a_thousand_conditions_can_be_combined() {
    let server = seeded();
    let conditions: Vec<_> = (0..3000)
        .map(|n| json!({ "name": { "_eq": format!("run-{n}") } }))
        .collect();
    let data = server.data(
        "query ($any: [flow_run_bool_exp!]) { flow_run_aggregate(where: {_or: $any}) { aggregate { count } } }",
        json!({ "any": conditions }),
    );
    assert_eq!(data["flow_run_aggregate"]["aggregate"]["count"], 5);
}
