//! Task runs beside their states: mapped children, names, artifacts, and the queries about them.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// A flow run of one task, `a`, and the id of that task.
fn seeded(server: &TestServer) -> (String, String) {
    let run = server.flow_run(&server.flow("f", json!({"tasks": [{"slug": "a", "cache_key": "k"}]})));
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    let task = server.query("{ task { id } }")["task"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    (run, task)
}

#[test]
fn task_runs_are_found_or_created() {
    let server = TestServer::start();
    let (run, task) = seeded(&server);
    let info = |map_index: Json| {
        let input = json!({"flow_run_id": run, "task_id": task, "map_index": map_index});
        server.mutate("get_or_create_task_run_info", input)
    };
    let parent = info(Json::Null);
    assert_eq!(parent["id"], json!(server.task_run(&run, "a")));
    assert_eq!(parent, info(json!(-1)));
    let child = info(json!(0));
    assert_ne!(child["id"], parent["id"]);
    assert_eq!(
        (&child["version"], &child["state"]),
        (&json!(1), &json!("Pending"))
    );
    assert_eq!(
        child["serialized_state"],
        json!({"type": "Pending", "message": "Task run created"})
    );
    assert_eq!(child, info(json!(0)), "the second time it is there");
    let row = server.row(
        "task_run",
        child["id"].as_str().unwrap(),
        "map_index cache_key tenant_id states { state }",
    );
    assert_eq!(
        row,
        json!({"map_index": 0, "cache_key": "k", "tenant_id": server.tenant(), "states": [{"state": "Pending"}]}),
    );
    let id = server.create(
        "get_or_create_task_run",
        json!({"flow_run_id": run, "task_id": task, "map_index": 0}),
    );
    assert_eq!(json!(id), child["id"]);
    for (field, message) in [
        ("get_or_create_task_run_info", "Invalid task ID"),
        ("get_or_create_task_run", "Invalid ID"),
    ] {
        assert_eq!(
            server.refused(field, json!({"flow_run_id": run, "task_id": NOBODY})),
            message
        );
        assert_eq!(
            server.refused(field, json!({"flow_run_id": NOBODY, "task_id": task})),
            message
        );
    }
}

#[test]
fn the_queries_about_one_task_run() {
    let server = TestServer::start();
    let (run, task) = seeded(&server);
    let parent = server.task_run(&run, "a");
    let ask = |query: &str, id: &str| server.data(query, json!({ "id": id }));
    let info =
        "query($id: UUID!) { get_task_run_info(task_run_id: $id) { id version state serialized_state } }";
    assert_eq!(ask(info, &parent)["get_task_run_info"]["state"], "Pending");
    assert_eq!(
        server.failure(info, json!({ "id": NOBODY })),
        (200, "Invalid task run ID".to_owned())
    );

    let mut children = Vec::new();
    for (map_index, state) in [(0, "Success"), (1, "Success"), (2, "Failed"), (3, "Pending")] {
        let input = json!({"flow_run_id": run, "task_id": task, "map_index": map_index});
        let child = server.create("get_or_create_task_run", input);
        if state != "Pending" {
            server.set_task_run_state(&child, json!({"type": "Running"}));
            server.set_task_run_state(&child, json!({ "type": state }));
        }
        children.push(child);
    }
    let mapped = "query($id: UUID!) { mapped_children(task_run_id: $id) { min_start_time max_end_time state_counts } }";
    let answer = ask(mapped, &parent)["mapped_children"].take();
    assert_eq!(
        answer["state_counts"],
        json!({"Failed": 1, "Pending": 1, "Success": 2})
    );
    assert_eq!(
        answer["min_start_time"],
        server.row("task_run", &children[0], "start_time")["start_time"]
    );
    assert_eq!(
        answer["max_end_time"],
        server.row("task_run", &children[2], "end_time")["end_time"]
    );
    let nothing = json!({"min_start_time": null, "max_end_time": null, "state_counts": {}});
    assert_eq!(ask(mapped, &children[0])["mapped_children"], nothing);
    assert_eq!(ask(mapped, NOBODY)["mapped_children"], nothing);
}

#[test]
fn names_and_heartbeats() {
    let server = TestServer::start();
    let (run, _) = seeded(&server);
    let id = server.task_run(&run, "a");
    assert!(server.succeeds(
        "set_task_run_name",
        json!({"task_run_id": id, "name": "named-14"})
    ));
    assert_eq!(
        server.refused("set_task_run_name", json!({"task_run_id": id, "name": ""})),
        "Invalid name"
    );
    assert!(server.succeeds("update_task_run_heartbeat", json!({ "task_run_id": id })));
    assert!(server.succeeds("update_task_run_heartbeat", json!({ "task_run_id": NOBODY })));
    let row = server.row("task_run", &id, "name heartbeat");
    assert_eq!(row["name"], "named-14");
    assert!(row["heartbeat"].is_string());
}

#[test]
fn artifacts_are_attached_replaced_and_removed() {
    let server = TestServer::start();
    let (run, _) = seeded(&server);
    let task_run_id = server.task_run(&run, "a");
    let input =
        |data: Json| json!({"task_run_id": task_run_id, "kind": "markdown", "data": data, "tenant_id": null});
    let id = server.create("create_task_run_artifact", input(json!({"markdown": "# hi"})));
    let update = json!({"task_run_artifact_id": id, "data": {"markdown": "# bye"}});
    assert!(server.succeeds("update_task_run_artifact", update));
    let row = server.row("task_run_artifact", &id, "kind data tenant_id");
    let tenant = server.tenant();
    assert_eq!(
        row,
        json!({"kind": "markdown", "data": {"markdown": "# bye"}, "tenant_id": tenant})
    );
    let message = server.refused(
        "create_task_run_artifact",
        input(json!({"markdown": "x".repeat(1_000_000)})),
    );
    assert!(
        message.contains("exceeds") && message.contains("bytes limit."),
        "{message}"
    );
    let mut unknown = input(json!({}));
    unknown["task_run_id"] = json!(NOBODY);
    assert_eq!(
        server.refused("create_task_run_artifact", unknown),
        format!("Task run {NOBODY} not found")
    );
    let mut foreign = input(json!({}));
    foreign["tenant_id"] = json!(NOBODY);
    assert_eq!(
        server.refused("create_task_run_artifact", foreign),
        "Invalid tenant ID."
    );
    assert!(server.succeeds("delete_task_run_artifact", json!({ "task_run_artifact_id": id })));
    assert!(!server.succeeds("delete_task_run_artifact", json!({ "task_run_artifact_id": id })));
}

#[test]
fn the_queries_about_the_server() {
    let server = TestServer::start();
    let data = server.query(
        "{ hello api { backend mode version core_version } reference_data { state_hierarchy state_info } }",
    );
    assert_eq!(data["hello"], "👋");
    assert_eq!(
        (&data["api"]["backend"], &data["api"]["mode"]),
        (&json!("SERVER"), &json!("normal"))
    );
    assert_eq!(
        data["reference_data"]["state_info"]["Running"]["color"],
        "#3d67ff"
    );
    assert_eq!(
        data["reference_data"]["state_hierarchy"]["Running"],
        json!(["Running", "Cancelling"])
    );
}
