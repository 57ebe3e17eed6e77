//! Agents, the queue they ask and the logs that runs write (contract 3.6 and 4.6).

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::TestServer;

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

#[test]
fn an_agent_that_registers_the_same_again_is_the_same() {
    let server = TestServer::start();
    let register = |version: &str, labels: Json| {
        let input = json!({
            "type": "LocalAgent", "name": "probe", "labels": labels, "tenant_id": server.tenant(),
            "agent_config_id": null,
        });
        let payload = server.mutate_with(&[("x-prefect-core-version", version)], "register_agent", input);
        payload["id"].as_str().unwrap().to_owned()
    };
    let first = register("1.4.1", json!(["vm", "red"]));
    assert_eq!(register("1.4.1", json!(["red", "vm"])), first);
    assert_ne!(register("1.4.0", json!(["red", "vm"])), first);
    assert_ne!(register("1.4.1", json!([])), first);
    let row = server.row("agent", &first, "name type core_version labels");
    assert_eq!(
        row,
        json!({"name": "probe", "type": "LocalAgent", "core_version": "1.4.1", "labels": ["red", "vm"]})
    );
    assert!(!server.succeeds("delete_agent", json!({ "agent_id": NOBODY })));
}

#[test]
fn an_agent_without_a_tenant_belongs_to_the_servers_own() {
    let server = TestServer::start();
    let id = server.create("register_agent", json!({"type": "LocalAgent"}));
    assert_eq!(
        server.row("agent", &id, "tenant_id")["tenant_id"],
        server.tenant()
    );
    let unknown = server.refused(
        "register_agent",
        json!({"type": "LocalAgent", "tenant_id": NOBODY}),
    );
    assert!(
        unknown.contains(NOBODY) && unknown.contains("Leave tenant_id out"),
        "{unknown}"
    );
}

#[test]
fn configurations_are_kept_for_agents() {
    let server = TestServer::start();
    let tenant_id = server.tenant();
    let id = server.create(
        "create_agent_config",
        json!({"tenant_id": tenant_id, "name": "c", "settings": {"a": 1}}),
    );
    let agent = json!({"type": "LocalAgent", "tenant_id": tenant_id, "agent_config_id": id});
    let agent = server.create("register_agent", agent);
    assert!(server.succeeds(
        "update_agent_config",
        json!({"agent_config_id": id, "settings": {"b": 2}})
    ));
    assert_eq!(
        server.row("agent_config", &id, "name settings"),
        json!({"name": "c", "settings": {"b": 2}})
    );
    assert!(server.succeeds("delete_agent_config", json!({ "agent_config_id": id })));
    assert_eq!(
        server.row("agent", &agent, "agent_config_id"),
        json!({ "agent_config_id": null })
    );
}

fn queue(server: &TestServer, labels: &[&str], before: &str) -> Vec<String> {
    let input = json!({"tenant_id": server.tenant(), "before": before, "labels": labels});
    let payload = server.mutate("get_runs_in_queue", input);
    payload["flow_run_ids"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

const SOON: &str = "2026-01-01T01:00:00Z";

#[test]
fn the_queue_holds_what_is_due_and_matches_the_longest_waiting_first() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    let run = |start: &str, labels: &[&str]| {
        server.create(
            "create_flow_run",
            json!({"flow_id": flow, "scheduled_start_time": start, "labels": labels}),
        )
    };
    let later = run("2026-01-01T00:30:00Z", &[]);
    let first = run("2026-01-01T00:10:00Z", &[]);
    let gpu = run("2026-01-01T00:20:00Z", &["gpu"]);
    run("2026-01-01T02:00:00Z", &[]);
    assert_eq!(queue(&server, &[], SOON), [first.as_str(), &later]);
    assert_eq!(queue(&server, &["gpu", "vm"], SOON), [gpu.as_str()]);
    assert_eq!(queue(&server, &[], "2026-01-01T00:15:00Z"), [first.as_str()]);
    server.set_flow_run_state(&first, json!({"type": "Submitted"}));
    server.set_flow_run_state(&later, json!({"type": "Paused", "start_time": null}));
    assert_eq!(queue(&server, &[], SOON), Vec::<String>::new());
    server.set_flow_run_state(
        &later,
        json!({"type": "Resume", "start_time": "2026-01-01T00:30:00Z"}),
    );
    assert_eq!(queue(&server, &[], SOON), [later.as_str()]);
}

#[test]
fn a_running_run_with_a_task_whose_time_has_come_is_due_again() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow_of_tasks("f", &["a", "b"]));
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    assert_eq!(queue(&server, &[], SOON), Vec::<String>::new());
    for slug in ["a", "b"] {
        let retrying = json!({"type": "Retrying", "start_time": "2026-01-01T00:20:00Z"});
        server.set_task_run_state(&server.task_run(&run, slug), retrying);
    }
    assert_eq!(queue(&server, &[], "2026-01-01T00:19:00Z"), Vec::<String>::new());
    assert_eq!(
        queue(&server, &[], SOON),
        [run.as_str()],
        "once, whatever the number of tasks"
    );
    server.set_flow_run_state(&run, json!({"type": "Failed"}));
    assert_eq!(queue(&server, &[], SOON), Vec::<String>::new());
}

/// A retry whose time has come waits no longer than a run that was scheduled after it.
#[test]
fn running_and_scheduled_runs_wait_in_one_queue() {
    let server = TestServer::start();
    let flow = server.flow_of_tasks("f", &["a", "b"]);
    let run = server.flow_run(&flow);
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    for (slug, start) in [("a", "2026-01-01T00:20:00Z"), ("b", "2026-01-01T00:10:30Z")] {
        let retrying = json!({"type": "Retrying", "start_time": start});
        server.set_task_run_state(&server.task_run(&run, slug), retrying);
    }
    let scheduled = |minute: u32| {
        let start = format!("2026-01-01T00:{minute:02}:00Z");
        let input = json!({"flow_id": flow, "scheduled_start_time": start});
        server.create("create_flow_run", input)
    };
    let late: Vec<String> = (0..30).map(scheduled).collect();
    let queue = queue(&server, &[], SOON);
    assert_eq!(queue[..11], late[..11]);
    assert_eq!(queue[11], run, "by the first of its tasks");
    assert_eq!(queue[12..], late[11..24]);
}

/// In the original 75 runs that nobody can take hide everything behind them.
#[test]
fn runs_nobody_can_take_do_not_hide_the_others() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    for _ in 0..80 {
        server.create("create_flow_run", json!({"flow_id": flow, "labels": ["nowhere"]}));
    }
    let run = server.flow_run(&flow);
    assert_eq!(queue(&server, &[], SOON), [run]);
    assert_eq!(
        queue(&server, &["nowhere"], SOON).len(),
        25,
        "no more than 25 at a time"
    );
}

/// The Python client's agents set what they cannot start to Failed, and late runs of theirs hide nothing from ours.
#[test]
fn an_agent_is_answered_only_what_it_can_start() {
    let server = TestServer::start();
    let python = server.flow("python", json!({"storage": {"type": "Local", "path": null}}));
    let rust = server.flow(
        "rust",
        json!({"storage": {"type": "Executable", "path": "/bin/flows"}}),
    );
    let bare = server.flow("bare", json!({}));
    let late: Vec<_> = (0..30).map(|_| server.flow_run(&python)).collect();
    let ours: Vec<_> = (0..2).map(|_| server.flow_run(&rust)).collect();
    let bare = server.flow_run(&bare);
    let resumed = server.flow_run(&rust);
    server.sql(&format!(
        "UPDATE flow_run SET state = 'Running', state_start_time = NULL WHERE id = '{resumed}'"
    ));
    let flow_of_tasks = server.flow_of_tasks("t", &["a"]);
    let task = server.task_run(&server.flow_run(&flow_of_tasks), "a");
    server.sql(&format!(
        "UPDATE task_run SET state = 'Retrying', state_start_time = '2026-01-01T00:00:00.000000+00:00', \
         flow_run_id = '{resumed}' WHERE id = '{task}'"
    ));
    let asked = |agent_type: &str| {
        let agent = server.create(
            "register_agent",
            json!({"type": agent_type, "tenant_id": server.tenant()}),
        );
        let input = json!({"tenant_id": server.tenant(), "before": SOON});
        let answer = server.mutate_with(&[("x-prefect-agent-id", &agent)], "get_runs_in_queue", input);
        let ids = answer["flow_run_ids"].as_array().unwrap().clone();
        let mut ids: Vec<_> = ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let mut expected = ours.clone();
    expected.push(resumed);
    expected.sort();
    assert_eq!(asked("FlowdeckAgent"), expected);
    let mut others = late.clone();
    others.push(bare);
    let python = asked("LocalAgent");
    assert!(python.len() == 25 && python.iter().all(|id| others.contains(id)));
    // Who does not say who it is learns of all.
    for run in &late {
        server.mutate("delete_flow_run", json!({ "flow_run_id": run }));
    }
    assert!(ours.iter().all(|run| queue(&server, &[], SOON).contains(run)));
}

#[test]
fn asking_is_noted() {
    let server = TestServer::start();
    let agent = server.create(
        "register_agent",
        json!({"type": "LocalAgent", "tenant_id": server.tenant()}),
    );
    let asked = || server.row("agent", &agent, "last_queried")["last_queried"].clone();
    let before = asked();
    server.time.advance(SignedDuration::from_secs(10));
    let input = json!({ "tenant_id": server.tenant() });
    server.mutate_with(&[("x-prefect-agent-id", &agent)], "get_runs_in_queue", input);
    assert!(asked().as_str() > before.as_str());
}

#[test]
fn logs_are_written_whole_or_not_at_all() {
    let server = TestServer::start();
    let run = server.flow_run(&server.flow_of_tasks("f", &["a"]));
    let line = json!({"flow_run_id": run, "name": "probe", "message": "Submitted for execution: PID: 9549"});
    let full = json!({
        "flow_run_id": run, "task_run_id": server.task_run(&run, "a"), "level": "ERROR", "message": "no",
        "timestamp": "2026-11-23T04:19:42.747846+00:00", "info": {"line": 7},
    });
    assert!(server.succeeds("write_run_logs", json!({"logs": [line, full]})));
    // A list of one may be written without the brackets: the client does when a run cannot load its flow.
    let single = format!(
        "mutation {{ write_run_logs(input: {{logs: {{flow_run_id: \"{run}\", message: \"alone\", level: CRITICAL}}}}) \
         {{ success }} }}"
    );
    server.query(&single);
    let unknown = json!({"flow_run_id": NOBODY, "message": "lost"});
    assert_eq!(
        server.refused("write_run_logs", json!({"logs": [line, unknown]})),
        "Foreign key violation."
    );
    let data = server.query(
        "{ log(order_by: {timestamp: asc}) { level message name info timestamp task_run_id tenant_id } }",
    );
    let logs = data["log"].as_array().unwrap();
    let levels: Vec<_> = logs.iter().map(|log| log["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["INFO", "CRITICAL", "ERROR"]);
    assert_eq!(logs[2]["timestamp"], "2026-11-23T04:19:42.747846+00:00");
    assert_eq!(logs[2]["info"], json!({"line": 7}));
    assert_eq!(logs[0]["tenant_id"], json!(server.tenant()));
}
