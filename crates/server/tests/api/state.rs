//! State changes: history, mirrored columns, times, guards (contract 2.2, 4.2 and 4.3).

use flowdeck_vocabulary::StateType;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::TestServer;
use crate::mutate::document;

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// A running flow run of one task, `a`.
fn running(server: &TestServer) -> (String, String) {
    let run = server.flow_run(&server.flow_of_tasks("f", &["a"]));
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    let task_run = server.task_run(&run, "a");
    (run, task_run)
}

/// Every row of the table in contract 2.2: what a state does to the two times.
#[test]
fn only_running_starts_and_only_some_ends_end() {
    let server = TestServer::start();
    let flow = server.flow_of_tasks("f", &["a"]);
    for state in StateType::ALL {
        let run = server.flow_run(&flow);
        server.set_flow_run_state(&run, json!({ "type": state }));
        let row = server.row(
            "flow_run",
            &run,
            "state start_time end_time state_timestamp version",
        );
        assert_eq!(row["state"], state.name());
        assert_eq!(row["version"], 2, "{state}");
        let at = |sets: bool| {
            if sets {
                row["state_timestamp"].clone()
            } else {
                Json::Null
            }
        };
        assert_eq!(row["start_time"], at(state == StateType::Running), "{state}");
        let ends = ["Success", "Failed", "Cached", "TimedOut", "Looped", "Cancelled"].contains(&state.name());
        assert_eq!(row["end_time"], at(ends), "{state}");
    }
}

/// Contract 1.4: on the code `API_ERROR` clients send the same once more.
#[test]
fn a_state_that_the_disk_has_no_room_for_is_worth_another_try() {
    let server = TestServer::start();
    let (run, task_run) = running(&server);
    let state = json!({"type": "Running", "message": "x".repeat(900_000)});
    let states = json!({ "states": [{ "task_run_id": task_run, "state": state }] });
    let body =
        json!({ "query": document("set_task_run_states"), "variables": { "input": states } }).to_string();
    server.most_pages(1);
    let reply = server.post(&body);
    let answer = reply.json();
    assert_eq!(
        (reply.status, &answer["data"]),
        (200, &json!({"set_task_run_states": null}))
    );
    assert_eq!(answer["errors"][0]["extensions"]["code"], "API_ERROR", "{answer}");
    assert_eq!(server.row("task_run", &task_run, "state")["state"], "Pending");
    assert_eq!(server.row("flow_run", &run, "state")["state"], "Running");
    server.most_pages(1_000_000);
    assert_eq!(server.post(&body).json().get("errors"), None);
    assert_eq!(server.row("task_run", &task_run, "state")["state"], "Running");
}

#[test]
fn the_first_start_and_the_last_end_count() {
    let server = TestServer::start();
    let (_, task_run) = running(&server);
    let times = || server.row("task_run", &task_run, "start_time end_time state_timestamp");
    server.set_task_run_state(&task_run, json!({"type": "Running"}));
    let first = times();
    server.time.advance(SignedDuration::from_secs(60));
    server.set_task_run_state(&task_run, json!({"type": "Failed"}));
    let failed = times();
    server.time.advance(SignedDuration::from_secs(60));
    server.set_task_run_state(&task_run, json!({"type": "Running"}));
    let again = times();
    assert_eq!(
        (&again["start_time"], &again["end_time"]),
        (&first["start_time"], &failed["state_timestamp"])
    );
    server.set_task_run_state(&task_run, json!({"type": "Success"}));
    let last = times();
    assert_eq!(
        (&last["start_time"], &last["end_time"]),
        (&first["start_time"], &last["state_timestamp"])
    );
}

#[test]
fn history_and_mirror_hold_the_state_as_it_was_sent() {
    let server = TestServer::start();
    let (_, task_run) = running(&server);
    let state = json!({
        "type": "Retrying", "message": "Retrying Task (after attempt 1 of 2)", "run_count": 1,
        "context": {"tags": [], "task_run_count": 1}, "_result": {"type": "NoResultType", "__version__": "1.4.1"},
        "cached_inputs": {}, "start_time": "2026-11-23T05:40:34.094093+01:00", "__version__": "1.4.1", "new": [1],
    });
    let before = server.row("task_run", &task_run, "updated")["updated"].clone();
    server.set_task_run_state(&task_run, state.clone());
    let row = server.row(
        "task_run",
        &task_run,
        "version state state_message state_result state_start_time serialized_state updated \
         states(order_by: {version: desc}, limit: 1) { version state message result start_time serialized_state }",
    );
    assert_eq!(row["serialized_state"], state, "every key is kept");
    assert_eq!(
        row["state_start_time"], "2026-11-23T04:40:34.094093+00:00",
        "normalised"
    );
    assert_eq!(
        (&row["version"], &row["state_result"]),
        (&json!(2), &state["_result"])
    );
    assert!(row["updated"].as_str() > before.as_str());
    let history = &row["states"][0];
    for (column, mirrored) in [
        ("version", "version"),
        ("state", "state"),
        ("message", "state_message"),
        ("result", "state_result"),
        ("start_time", "state_start_time"),
        ("serialized_state", "serialized_state"),
    ] {
        assert_eq!(history[column], row[mirrored], "{column}");
    }
    server.set_task_run_state(&task_run, json!({"type": "Pending"}));
    let row = server.row(
        "task_run",
        &task_run,
        "state_start_time state_message state_result",
    );
    assert_eq!(
        row,
        json!({"state_start_time": null, "state_message": null, "state_result": null})
    );
}

/// Contract 2.2: an ordinary run ends with version 4, its task runs with 3.
#[test]
fn versions_count_the_states() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow_of_tasks("f", &["a"]));
    let task_run = server.task_run(&run, "a");
    server.set_flow_run_state(&run, json!({"type": "Submitted"}));
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    server.set_task_run_state(&task_run, json!({"type": "Running"}));
    server.set_task_run_state(&task_run, json!({"type": "Success"}));
    server.set_flow_run_state(&run, json!({"type": "Success"}));
    assert_eq!(server.row("flow_run", &run, "version"), json!({"version": 4}));
    assert_eq!(
        server.row("task_run", &task_run, "version"),
        json!({"version": 3})
    );
}

#[test]
fn two_agents_cannot_submit_one_run() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow("f", json!({})));
    let submit = json!({"states": [{"flow_run_id": run, "version": 1, "state": {"type": "Submitted"}}]});
    let taken = "State update failed: this run has already been submitted.";
    server.mutate("set_flow_run_states", submit.clone());
    assert_eq!(server.refused("set_flow_run_states", submit.clone()), taken);
    // The process of the first agent is quick; the second agent asks a little later.
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    assert_eq!(server.refused("set_flow_run_states", submit.clone()), taken);
    // Scheduled again by a person: free at once.
    server.set_flow_run_state(&run, json!({"type": "Scheduled"}));
    server.mutate("set_flow_run_states", submit.clone());
    assert_eq!(server.refused("set_flow_run_states", submit.clone()), taken);
    // The agent died before it could start anything.
    server.time.advance(SignedDuration::from_secs(31));
    server.mutate("set_flow_run_states", submit);
}

/// A run that goes on after a long wait is Running all the time: of it only the task runs are submitted.
#[test]
fn two_agents_cannot_submit_one_task_run() {
    let server = TestServer::start();
    let (_, task_run) = running(&server);
    let set = |state: &str| json!({"states": [{"task_run_id": task_run, "state": {"type": state}}]});
    let taken = "State update failed: this run has already been submitted.";
    server.set_task_run_state(&task_run, json!({"type": "Retrying"}));
    server.mutate("set_task_run_states", set("Submitted"));
    assert_eq!(server.refused("set_task_run_states", set("Submitted")), taken);
    // The process of the first agent is quick.
    server.mutate("set_task_run_states", set("Running"));
    assert_eq!(server.refused("set_task_run_states", set("Submitted")), taken);
    server.mutate("set_task_run_states", set("Success"));
    let message = server.refused("set_task_run_states", set("Submitted"));
    assert!(
        message.starts_with("State update failed: this run has ended, it is Success."),
        "{message}"
    );
    // Its next wait, and an agent that died before it could start anything.
    server.set_task_run_state(&task_run, json!({"type": "Retrying"}));
    server.mutate("set_task_run_states", set("Submitted"));
    server.time.advance(SignedDuration::from_secs(31));
    server.mutate("set_task_run_states", set("Submitted"));
}

/// A person clears late runs while an agent takes them one by one, or cancels while a process starts.
#[test]
fn a_cancelled_run_is_not_brought_back_to_life() {
    let server = TestServer::start();
    let flow = server.flow_of_tasks("f", &["a"]);
    let set = |run: &str, state: &str| json!({"states": [{"flow_run_id": run, "state": {"type": state}}]});
    let refused = |run: &str, state: &str, is: &str| {
        let message = server.refused("set_flow_run_states", set(run, state));
        let words = format!("State update failed: this run has ended, it is {is}.");
        assert!(message.starts_with(&words), "{message}");
    };
    // The agent has seen it Scheduled; the process has read it Submitted.
    let (late, submitted) = (server.flow_run(&flow), server.flow_run(&flow));
    server.set_flow_run_state(&submitted, json!({"type": "Submitted"}));
    for run in [&late, &submitted] {
        server.mutate("cancel_flow_run", json!({ "flow_run_id": run }));
        server.time.advance(SignedDuration::from_secs(60));
        refused(run, "Submitted", "Cancelled");
        refused(run, "Running", "Cancelled");
        assert_eq!(
            server.row("flow_run", run, "state"),
            json!({"state": "Cancelled"})
        );
        assert_eq!(
            server.row("task_run", &server.task_run(run, "a"), "state"),
            json!({"state": "Cancelled"})
        );
    }
    // Every end ends; only Cancelled keeps a process from going on, for the client's may do so elsewhere.
    for end in StateType::ALL.into_iter().filter(|state| state.is_finished()) {
        let run = server.flow_run(&flow);
        server.set_flow_run_state(&run, json!({ "type": end }));
        refused(&run, "Submitted", end.name());
        if end != StateType::Cancelled {
            server.mutate("set_flow_run_states", set(&run, "Running"));
        }
    }
    // A restart goes by way of Scheduled.
    server.set_flow_run_state(&late, json!({"type": "Scheduled"}));
    server.mutate("set_flow_run_states", set(&late, "Submitted"));
    server.mutate("set_flow_run_states", set(&late, "Running"));
}

#[test]
fn a_submission_notes_its_agent() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow("f", json!({})));
    let agent = server.create(
        "register_agent",
        json!({"type": "LocalAgent", "tenant_id": server.tenant()}),
    );
    let submit = json!({"states": [{"flow_run_id": run, "state": {"type": "Submitted"}}]});
    server.mutate_with(&[("x-prefect-agent-id", &agent)], "set_flow_run_states", submit);
    let row = server.row("flow_run", &run, "agent_id heartbeat state_timestamp");
    assert_eq!(row["agent_id"], agent.as_str());
    assert_eq!(row["heartbeat"], row["state_timestamp"]);
    assert!(server.succeeds("delete_agent", json!({ "agent_id": agent })));
    assert_eq!(
        server.row("flow_run", &run, "agent_id"),
        json!({ "agent_id": null })
    );
}

/// The client leaves it to the server (transcript 7.3).
#[test]
fn cancelling_a_flow_run_cancels_its_unfinished_task_runs() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow_of_tasks("f", &["done", "busy", "waiting"]));
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    let task_run = |slug: &str| server.task_run(&run, slug);
    server.set_task_run_state(&task_run("done"), json!({"type": "Mapped", "n_map_states": 0}));
    server.set_task_run_state(&task_run("busy"), json!({"type": "Running"}));
    let cancelled =
        json!({"type": "Cancelled", "message": "Flow run is cancelled", "_result": {"location": null}});
    server.set_flow_run_state(&run, cancelled.clone());
    let columns = "state version serialized_state end_time states { state }";
    let busy = server.row("task_run", &task_run("busy"), columns);
    assert_eq!(
        (&busy["state"], &busy["version"]),
        (&json!("Cancelled"), &json!(3))
    );
    assert_eq!(busy["serialized_state"], cancelled);
    assert_eq!(busy["states"].as_array().unwrap().len(), 3);
    assert!(busy["end_time"].is_string());
    assert_eq!(
        server.row("task_run", &task_run("waiting"), "state"),
        json!({"state": "Cancelled"})
    );
    assert_eq!(
        server.row("task_run", &task_run("done"), "state"),
        json!({"state": "Mapped"})
    );
}

#[test]
fn a_task_runs_only_while_its_flow_run_does() {
    let server = TestServer::start();
    let (run, task_run) = running(&server);
    let set = |state: &str| json!({"states": [{"task_run_id": task_run, "state": {"type": state}}]});
    server.set_flow_run_state(&run, json!({"type": "Cancelling"}));
    let message = format!(
        "State update failed for task run ID {task_run}: provided a running state but associated flow run {run} \
         is not in a running state."
    );
    for state in ["Running", "Cancelling"] {
        assert_eq!(server.refused("set_task_run_states", set(state)), message);
    }
    server.mutate("set_task_run_states", set("Failed"));
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    server.mutate("set_task_run_states", set("Running"));
    let row = server.row("task_run", &task_run, "heartbeat state_timestamp");
    assert_eq!(row["heartbeat"], row["state_timestamp"]);
}

#[test]
fn cached_inputs_are_carried_over() {
    let server = TestServer::start();
    let (_, task_run) = running(&server);
    let inputs =
        || server.row("task_run", &task_run, "serialized_state")["serialized_state"]["cached_inputs"].clone();
    server.set_task_run_state(
        &task_run,
        json!({"type": "Running", "cached_inputs": {"x": {"location": "here"}}}),
    );
    server.set_task_run_state(&task_run, json!({"type": "Retrying", "cached_inputs": {}}));
    assert_eq!(inputs(), json!({"x": {"location": "here"}}));
    server.set_task_run_state(&task_run, json!({"type": "Running", "cached_inputs": {"y": 1}}));
    assert_eq!(inputs(), json!({"y": 1}));
}

#[test]
fn what_waits_gets_a_time_to_wait_for_unless_it_is_paused() {
    let server = TestServer::start();
    let (_, task_run) = running(&server);
    for (state, waits) in [
        ("Resume", true),
        ("Queued", true),
        ("Paused", false),
        ("Pending", false),
    ] {
        server.set_task_run_state(&task_run, json!({"type": state, "start_time": null}));
        let row = server.row(
            "task_run",
            &task_run,
            "state_start_time state_timestamp serialized_state",
        );
        let expected = if waits {
            row["state_timestamp"].clone()
        } else {
            Json::Null
        };
        assert_eq!(row["state_start_time"], expected, "{state}");
        assert_eq!(row["serialized_state"]["start_time"], expected, "{state}");
    }
}

#[test]
fn states_that_cannot_be_are_refused() {
    let server = TestServer::start();
    let (_, task_run) = running(&server);
    let refused = |state: Json| {
        server.refused(
            "set_task_run_states",
            json!({"states": [{"task_run_id": task_run, "state": state}]}),
        )
    };
    assert_eq!(
        refused(json!({"type": "Exploded", "message": "x".repeat(1_000_000)})),
        "State payload is too large."
    );
    assert!(refused(json!({"type": "Exploded"})).starts_with("Unknown state type 'Exploded'. Known types: "));
    assert!(refused(json!({"message": "no type"})).contains("\"type\""));
    assert!(refused(json!([])).contains("JSON object"));
    assert!(refused(json!({"type": "Scheduled", "start_time": "tomorrow"})).contains("\"tomorrow\""));
    for message in [json!(5), json!(["x"]), json!({"text": "x"}), json!(true)] {
        assert_eq!(
            refused(json!({"type": "Retrying", "message": message})),
            format!("The \"message\" {message} of state Retrying is neither text nor null.")
        );
    }
    let unknown = json!({"states": [{"task_run_id": NOBODY, "state": {"type": "Running"}}]});
    let message = server.refused("set_task_run_states", unknown);
    assert_eq!(message, format!("State update failed for task run ID {NOBODY}"));
    let unknown = json!({"states": [{"flow_run_id": NOBODY, "state": {"type": "Running"}}]});
    let message = server.refused("set_flow_run_states", unknown);
    assert_eq!(message, format!("State update failed for flow run ID {NOBODY}"));
}

#[test]
fn a_list_of_states_is_set_whole_or_not_at_all() {
    let server = TestServer::start();
    let (_, task_run) = running(&server);
    let set = |id: &str| json!({"task_run_id": id, "state": {"type": "Running"}});
    server.refused(
        "set_task_run_states",
        json!({"states": [set(&task_run), set(NOBODY)]}),
    );
    assert_eq!(
        server.row("task_run", &task_run, "state version"),
        json!({"state": "Pending", "version": 1})
    );
    let answer = server.mutate(
        "set_task_run_states",
        json!({"states": [set(&task_run), set(&task_run)]}),
    );
    let stored = json!({"id": task_run, "status": "SUCCESS", "message": null});
    assert_eq!(answer, json!({"states": [stored, stored]}));
    assert_eq!(
        server.row("task_run", &task_run, "version"),
        json!({"version": 3})
    );
}

/// A change cursor works: what is changed later has a greater `updated`, in the order of the commits.
#[test]
fn updated_grows_with_every_change() {
    let server = TestServer::start();
    let (run, _) = running(&server);
    let url = format!("http://{}/", server.api);
    let input = json!({"states": [{"flow_run_id": run, "state": {"type": "Running"}}]});
    let body = json!({"query": document("set_flow_run_states"), "variables": {"input": input}}).to_string();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| assert_eq!(server.post_to(&url, &[], &body).status, 200)));
        }
    });
    let data = server.query("{ flow_run_state(order_by: {version: asc}) { version timestamp } }");
    let times: Vec<_> = data["flow_run_state"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["timestamp"].as_str())
        .collect();
    assert_eq!(times.len(), 42);
    assert!(times.is_sorted_by(|a, b| a < b));
}
