//! Registering, archiving, moving and deleting flows (contract 3.3 and 4.5).

use std::io::Write;

use base64::Engine;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value as Json, json};

use crate::harness::TestServer;

fn compressed(flow: &Json) -> String {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(flow.to_string().as_bytes()).unwrap();
    base64::engine::general_purpose::STANDARD.encode(gzip.finish().unwrap())
}

/// The order of calls of `flow.register` in the Python client (transcript 2).
#[test]
fn a_flow_is_registered_in_pieces_as_the_python_client_does() {
    let server = TestServer::start();
    let project = server.project("Demo");
    let flow = json!({
        "name": "map-reduce", "type": "prefect.core.flow.Flow", "schedule": null, "parameters": [],
        "run_config": {"type": "UniversalRun", "labels": ["vm"]}, "storage": {"type": "Local"},
        "__version__": "1.4.1", "something_else": 1,
    });
    let id = server.create(
        "create_flow_from_compressed_string",
        json!({
            "serialized_flow": compressed(&flow), "project_id": project,
            "set_schedule_active": false, "version_group_id": null,
        }),
    );
    let tasks = json!([
        {
            "slug": "add_one-1", "name": "add_one", "type": "prefect.tasks.core.function.FunctionTask",
            "max_retries": 2, "retry_delay": 90.0, "tags": ["x"], "auto_generated": false, "cache_key": "k",
            "trigger": {"fn": "prefect.triggers.all_successful", "kwargs": {}},
        },
        {"slug": "get_sum-1", "name": "get_sum", "max_retries": 0, "retry_delay": null},
    ]);
    assert!(server.succeeds(
        "register_tasks",
        json!({"flow_id": id, "serialized_tasks": tasks})
    ));
    assert!(server.succeeds(
        "register_tasks",
        json!({"flow_id": id, "serialized_tasks": tasks})
    ));
    let edges = json!([
        {"upstream_task": {"slug": "add_one-1"}, "downstream_task": {"slug": "get_sum-1"}, "key": "x", "mapped": true},
        {"upstream_task": "add_one-1", "downstream_task": "get_sum-1", "key": "y", "mapped": false},
    ]);
    assert!(server.succeeds(
        "register_edges",
        json!({"flow_id": id, "serialized_edges": edges})
    ));
    assert!(!server.succeeds("set_schedule_active", json!({ "flow_id": id })));

    let row = server.row(
        "flow",
        &id,
        "name version core_version archived is_schedule_active storage run_config parameters settings \
         serialized_flow flow_group { settings } \
         tasks(order_by: {slug: asc}) { slug name type max_retries retry_delay trigger tags auto_generated cache_key \
           mapped is_root_task tenant_id } \
         edges { key mapped upstream_task { slug } downstream_task { slug } }",
    );
    assert_eq!(row["version"], 1);
    assert_eq!(row["core_version"], "1.4.1");
    assert_eq!(row["run_config"]["labels"], json!(["vm"]));
    assert_eq!(row["settings"], json!({}));
    assert_eq!(row["serialized_flow"]["something_else"], 1);
    assert_eq!(
        row["serialized_flow"]["tasks"].as_array().unwrap().len(),
        2,
        "each task once"
    );
    let settings = &row["flow_group"]["settings"];
    assert_eq!(settings["heartbeat_enabled"], true);
    assert_eq!(settings["version_locking_enabled"], false);
    let task = &row["tasks"][0];
    assert_eq!(task["retry_delay"], "00:01:30");
    assert_eq!(task["trigger"], "prefect.triggers.all_successful");
    assert_eq!(task["tags"], json!(["x"]));
    assert_eq!(task["is_root_task"], false);
    assert_eq!(task["tenant_id"], json!(server.tenant()), "filled from the flow");
    assert_eq!(
        row["edges"].as_array().unwrap().len(),
        1,
        "of two edges between a pair only the first is kept"
    );
    assert_eq!(row["edges"][0]["key"], "x");
    assert_eq!(row["edges"][0]["downstream_task"]["slug"], "get_sum-1");
}

#[test]
fn a_new_version_archives_the_ones_before_it() {
    let server = TestServer::start();
    let project = server.project("Demo");
    let first = server.flow_in(&project, "etl", json!({}));
    let waiting = server.flow_run(&first);
    let running = server.flow_run(&first);
    server.set_flow_run_state(&running, json!({"type": "Running"}));
    let second = server.flow_in(&project, "etl", json!({}));
    let other = server.flow("etl", json!({}));
    let row = |id: &str| server.row("flow", id, "version archived version_group_id flow_group_id");
    assert_eq!(
        (&row(&first)["version"], &row(&first)["archived"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(
        (&row(&second)["version"], &row(&second)["archived"]),
        (&json!(2), &json!(false))
    );
    assert_eq!(row(&first)["flow_group_id"], row(&second)["flow_group_id"]);
    assert_ne!(
        row(&first)["flow_group_id"],
        row(&other)["flow_group_id"],
        "another project, another group"
    );
    let run = server.row("flow_run", &waiting, "state state_message");
    assert_eq!(
        run,
        json!({"state": "Cancelled", "state_message": format!("Flow {first} was archived.")})
    );
    assert_eq!(
        server.row("flow_run", &running, "state"),
        json!({"state": "Running"})
    );
}

#[test]
fn a_named_group_spans_names_and_projects() {
    let server = TestServer::start();
    let create = |name: &str| {
        let project_id = server.project(name);
        server.create(
            "create_flow",
            json!({"serialized_flow": {"name": name}, "project_id": project_id, "version_group_id": "mine"}),
        )
    };
    let (first, second) = (create("a"), create("b"));
    assert_eq!(
        server.row("flow", &first, "archived version"),
        json!({"archived": true, "version": 1})
    );
    assert_eq!(
        server.row("flow", &second, "archived version"),
        json!({"archived": false, "version": 2})
    );
    let run = server.create("create_flow_run", json!({"version_group_id": "mine"}));
    assert_eq!(
        server.row("flow_run", &run, "flow_id"),
        json!({ "flow_id": second })
    );
}

#[test]
fn the_key_of_the_latest_registration_finds_its_flow() {
    let server = TestServer::start();
    let project_id = server.project("Demo");
    let create = |key: Json| {
        let flow =
            json!({"serialized_flow": {"name": "f"}, "project_id": project_id, "idempotency_key": key});
        server.create("create_flow", flow)
    };
    let first = create(json!("k1"));
    assert_eq!(create(json!("k1")), first);
    let second = create(json!("k2"));
    assert_ne!(second, first);
    assert_ne!(create(json!("k1")), first, "only the latest key counts");
    create(Json::Null);
    assert_ne!(create(json!("k1")), first, "no key takes it away");
}

#[test]
fn a_flow_that_cannot_be_registered_whole_leaves_nothing() {
    let server = TestServer::start();
    let project_id = server.project("Demo");
    let create = |flow: Json| {
        server.refused(
            "create_flow",
            json!({"serialized_flow": flow, "project_id": project_id}),
        )
    };
    let edge = json!({"upstream_task": {"slug": "a"}, "downstream_task": {"slug": "gone"}});
    let message = create(json!({"name": "f", "tasks": [{"slug": "a"}], "edges": [edge]}));
    assert!(
        message.contains("reference tasks that do not exist") && message.contains("'gone'"),
        "{message}"
    );
    assert!(create(json!({"tasks": []})).contains("missing field `name`"));
    assert!(create(json!({"name": "f", "tasks": [{"name": "no slug"}]})).contains("missing field `slug`"));
    assert_eq!(
        server.query("{ flow { id } flow_group { id } task { id } }"),
        json!({"flow": [], "flow_group": [], "task": []})
    );
    let compressed = json!({"serialized_flow": "no base64!", "project_id": project_id});
    let message = server.refused("create_flow_from_compressed_string", compressed);
    assert!(
        message.contains("Unable to decompress serialized flow"),
        "{message}"
    );
}

#[test]
fn flows_are_moved_archived_and_deleted() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    let elsewhere = server.project("elsewhere");
    server.mutate(
        "update_flow_project",
        json!({"flow_id": flow, "project_id": elsewhere}),
    );
    assert_eq!(
        server.row("flow", &flow, "project_id"),
        json!({ "project_id": elsewhere })
    );
    let tenant = server.create("create_tenant", json!({"name": "b", "slug": "b"}));
    let foreign = server.create("create_project", json!({"tenant_id": tenant, "name": "foreign"}));
    let message = server.refused(
        "update_flow_project",
        json!({"flow_id": flow, "project_id": foreign}),
    );
    assert_eq!(message, "Invalid flow or project ID.");

    assert!(server.succeeds("archive_flow", json!({ "flow_id": flow })));
    let message = server.refused("create_flow_run", json!({ "flow_id": flow }));
    assert_eq!(message, format!("Flow {flow} is archived."));
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    assert!(server.succeeds("delete_flow", json!({ "flow_id": flow })));
    assert!(!server.succeeds("archive_flow", json!({ "flow_id": flow })));
    assert_ne!(
        server.row("flow_group", group.as_str().unwrap(), "id"),
        Json::Null,
        "the group stays"
    );
}

#[test]
fn heartbeats_and_lazarus_are_settings_of_the_group() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    let settings = || server.row("flow", &flow, "settings flow_group { settings }");
    server.mutate("disable_flow_heartbeat", json!({ "flow_id": flow }));
    server.mutate("disable_flow_lazarus_process", json!({ "flow_id": flow }));
    let off = settings();
    assert_eq!(off["settings"], json!({}));
    assert_eq!(off["flow_group"]["settings"]["heartbeat_enabled"], false);
    assert_eq!(off["flow_group"]["settings"]["disable_heartbeat"], true);
    assert_eq!(off["flow_group"]["settings"]["lazarus_enabled"], false);
    server.mutate("enable_flow_heartbeat", json!({ "flow_id": flow }));
    server.mutate("enable_flow_lazarus_process", json!({ "flow_id": flow }));
    let on = settings();
    assert_eq!(on["flow_group"]["settings"]["heartbeat_enabled"], true);
    assert_eq!(on["flow_group"]["settings"]["lazarus_enabled"], true);
    assert_eq!(
        on["flow_group"]["settings"]["version_locking_enabled"], false,
        "the others stay"
    );
}
