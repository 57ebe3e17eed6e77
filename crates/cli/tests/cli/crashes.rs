//! Pulling the plug: nothing the server has acknowledged is lost, and every run goes on or says why not.

use std::collections::BTreeMap;

use crate::harness::{Server, ask_to_end, data, kill, wait_for, wait_for_end};

#[test]
fn a_run_goes_on_when_the_server_is_killed_and_started_again() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let port = server.api_port();
    let id = server.run(&["long-haul", "--param", "scale=0.08"]);
    let before: BTreeMap<String, String> = wait_for("a dozen tasks are done", || {
        let done: BTreeMap<_, _> = finished(&server, &id);
        (done.len() >= 12).then_some(done)
    });
    server.kill();

    let server = Server::start(data.path(), &["--api-port", &port]);
    let after = finished(&server, &id);
    for (task_run, state) in &before {
        assert_eq!(
            after.get(task_run),
            Some(state),
            "task run {task_run} was acknowledged and is lost"
        );
    }
    server.wait_for_state(&id, "Success");
    assert_eq!(server.task_states(&id).len(), 60);
}

#[test]
fn a_run_whose_process_is_killed_ends_as_failed_and_says_why() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = at_work(&server);
    kill(server.pid(&id));
    let row = server.wait_for_state(&id, "Failed");
    assert!(
        row["state_message"].as_str().unwrap().contains("signal 9"),
        "{row:#}"
    );
    assert!(server.log(&id).contains("signal 9"));
    let states = server.task_states(&id);
    assert!(
        states
            .iter()
            .all(|(_, state)| state != "Running" && state != "Pending"),
        "{states:?}"
    );
}

#[test]
fn a_run_whose_process_is_asked_to_end_is_cancelled_and_says_why() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = at_work(&server);
    let pid = server.pid(&id);
    ask_to_end(pid);
    let row = server.wait_for_state(&id, "Cancelled");
    assert!(
        row["state_message"].as_str().unwrap().contains("SIGTERM"),
        "{row:#}"
    );
    assert!(server.log(&id).contains("SIGTERM"), "{}", server.log(&id));
    wait_for_end(pid);
}

#[test]
fn a_process_that_is_asked_to_end_does_not_wait_for_a_server_that_is_gone() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let port = server.api_port();
    let id = at_work(&server);
    let pid = server.pid(&id);
    server.kill();
    ask_to_end(pid);
    wait_for_end(pid);
    let server = Server::start(data.path(), &["--api-port", &port]);
    server.wait_for_state(&id, "Failed");
}

#[test]
fn a_run_whose_process_died_with_the_server_ends_as_failed_and_says_why() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let port = server.api_port();
    let id = server.run(&["long-haul"]);
    server.wait_for_state(&id, "Running");
    let pid = server.pid(&id);
    server.kill();
    kill(pid);
    let server = Server::start(data.path(), &["--api-port", &port]);
    let row = server.wait_for_state(&id, "Failed");
    assert!(
        row["state_message"].as_str().unwrap().contains("is gone"),
        "{row:#}"
    );
}

/// Of the tests themselves: a run that nobody waits for any more would load the machine for minutes.
#[test]
fn what_a_test_leaves_behind_ends_with_its_data() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = at_work(&server);
    let pid = server.pid(&id);
    server.kill();
    drop(data);
    wait_for_end(pid);
}

/// Runs `long-haul` and waits until one of its tasks is at work; answers the run's id.
fn at_work(server: &Server) -> String {
    let id = server.run(&["long-haul"]);
    server.wait_for_state(&id, "Running");
    wait_for("a task is at work", || {
        server
            .task_states(&id)
            .iter()
            .any(|(_, state)| state == "Running")
            .then_some(())
    });
    id
}

/// The finished task runs by id, with their states.
fn finished(server: &Server, id: &str) -> BTreeMap<String, String> {
    let rows = server.get(&[
        "task-runs",
        "--flow-run",
        id,
        "--limit",
        "1000",
        "--state",
        "Success",
    ]);
    rows.iter()
        .map(|row| {
            (
                row["id"].as_str().unwrap().to_owned(),
                row["state"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}
