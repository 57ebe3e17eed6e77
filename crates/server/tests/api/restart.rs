//! Restarting a flow run: what is reset, what is refused, and that it is all or nothing.

use serde_json::{Value as Json, json};

use crate::harness::TestServer;

/// A flow run of `a → b → c` and `d`, in which `b` failed, `c` ended well all the same, and `d` succeeded.
fn failed(server: &TestServer) -> String {
    let task = |slug: &str| json!({ "slug": slug, "name": slug });
    let edge = |up: &str, down: &str| json!({"upstream_task": {"slug": up}, "downstream_task": {"slug": down}, "key": "x", "mapped": false});
    let flow = server.flow(
        "f",
        json!({"tasks": [task("a"), task("b"), task("c"), task("d")], "edges": [edge("a", "b"), edge("b", "c")]}),
    );
    let run = server.flow_run(&flow);
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    for (slug, state) in [
        ("a", "Success"),
        ("b", "Failed"),
        ("c", "Success"),
        ("d", "Success"),
    ] {
        server.set_task_run_state(&server.task_run(&run, slug), json!({ "type": state }));
    }
    run
}

fn states(server: &TestServer, run: &str) -> Vec<Json> {
    ["a", "b", "c", "d"]
        .map(|slug| server.row("task_run", &server.task_run(run, slug), "state")["state"].clone())
        .into()
}

#[test]
fn the_failed_task_run_and_all_downstream_are_reset_and_the_run_is_scheduled() {
    let server = TestServer::start();
    let run = failed(&server);
    server.set_flow_run_state(&run, json!({"type": "Failed"}));
    let payload = server.mutate("restart_flow_run", json!({ "flow_run_id": run }));
    assert_eq!(payload, json!({"id": run, "task_runs": 2}));
    assert_eq!(
        states(&server, &run),
        ["Success", "Pending", "Pending", "Success"]
    );
    let row = server.row("flow_run", &run, "state state_message logs { message }");
    let words = "Restarted: 2 task runs begin again.";
    assert_eq!(
        row,
        json!({"state": "Scheduled", "state_message": words, "logs": [{"message": words}]})
    );
    // The time since the first attempt is no work: what begins again has neither start nor end.
    let times = |table: &str, id: &str| server.row(table, id, "start_time end_time");
    let none = json!({ "start_time": null, "end_time": null });
    assert_eq!(times("flow_run", &run), none);
    assert_eq!(times("task_run", &server.task_run(&run, "b")), none);
    assert_ne!(
        times("task_run", &server.task_run(&run, "a")),
        none,
        "what is kept keeps its times"
    );
    let due = server.mutate("get_runs_in_queue", json!({"tenant_id": server.tenant()}));
    assert_eq!(due["flow_run_ids"], json!([run]), "an agent finds it");
}

#[test]
fn a_restart_from_one_task_run_resets_it_and_what_follows() {
    let server = TestServer::start();
    let run = failed(&server);
    server.set_flow_run_state(&run, json!({"type": "Success"}));
    let from = server.task_run(&run, "a");
    let payload = server.mutate(
        "restart_flow_run",
        json!({ "flow_run_id": run, "task_run_id": from }),
    );
    assert_eq!(payload["task_runs"], 3);
    assert_eq!(
        states(&server, &run),
        ["Pending", "Pending", "Pending", "Success"]
    );
}

#[test]
fn a_restart_that_makes_no_sense_is_refused_and_changes_nothing() {
    let server = TestServer::start();
    let run = failed(&server);
    let refusal = |input: Json| server.refused("restart_flow_run", input);
    let running = refusal(json!({ "flow_run_id": run }));
    assert!(running.contains("is Running"), "{running}");

    server.set_flow_run_state(&run, json!({"type": "Failed"}));
    let stranger = server.task_run(&failed_elsewhere(&server), "t");
    let foreign = refusal(json!({ "flow_run_id": run, "task_run_id": stranger }));
    assert!(foreign.contains(&stranger), "{foreign}");
    assert_eq!(states(&server, &run), ["Success", "Failed", "Success", "Success"]);

    let nobody = "00000000-0000-4000-8000-00000000dead";
    let unknown = refusal(json!({ "flow_run_id": nobody }));
    assert!(unknown.contains(nobody), "{unknown}");

    let fine = server.flow_run(&server.flow_of_tasks("fine", &["t"]));
    server.set_flow_run_state(&fine, json!({"type": "Success"}));
    let nothing = refusal(json!({ "flow_run_id": fine }));
    assert!(nothing.contains("Nothing failed"), "{nothing}");
}

fn failed_elsewhere(server: &TestServer) -> String {
    server.flow_run(&server.flow_of_tasks("g", &["t"]))
}

#[test]
fn a_run_that_failed_before_its_first_task_starts_again() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow_of_tasks("f", &["t"]));
    server.set_flow_run_state(&run, json!({"type": "Failed"}));
    let payload = server.mutate("restart_flow_run", json!({ "flow_run_id": run }));
    assert_eq!(payload["task_runs"], 0);
    assert_eq!(server.row("flow_run", &run, "state")["state"], "Scheduled");
}

#[test]
fn a_mapped_task_that_comes_back_shorter_leaves_no_child_waiting() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow_of_tasks("f", &["m"]));
    let parent = server.task_run(&run, "m");
    let task = server.row("task_run", &parent, "task_id")["task_id"].clone();
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    server.set_task_run_state(&parent, json!({"type": "Mapped", "n_map_states": 4}));
    let children: Vec<String> = (0..4)
        .map(|map_index| {
            let input = json!({"flow_run_id": run, "task_id": task, "map_index": map_index});
            let child = server.create("get_or_create_task_run", input);
            server.set_task_run_state(&child, json!({"type": "Success"}));
            child
        })
        .collect();
    server.set_flow_run_state(&run, json!({"type": "Failed"}));
    let payload = server.mutate(
        "restart_flow_run",
        json!({ "flow_run_id": run, "task_run_id": parent }),
    );
    assert_eq!(payload["task_runs"], 5, "it begins again with all its children");

    // Its process finds only two elements this time.
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    server.set_task_run_state(&parent, json!({"type": "Mapped", "n_map_states": 2}));
    let states = || {
        let row = |id: &String| server.row("task_run", id, "state")["state"].clone();
        children.iter().map(row).collect::<Vec<Json>>()
    };
    assert_eq!(states(), ["Pending", "Pending", "Skipped", "Skipped"]);
    let words = server.row("task_run", &children[3], "state_message");
    let words = words["state_message"].as_str().unwrap_or_default();
    assert!(words.contains("mapped over 2 elements"), "{words}");
    for child in &children[..2] {
        server.set_task_run_state(child, json!({"type": "Success"}));
    }
    server.set_flow_run_state(&run, json!({"type": "Success"}));
    assert_eq!(states(), ["Success", "Success", "Skipped", "Skipped"]);
}
