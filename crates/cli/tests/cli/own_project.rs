//! A Rust project of somebody's own: built, registered, and run by the agent.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Server, data, wait_for, wait_for_end};

/// Builds `examples/hello-flow` into this test's own target folder and with its profile: most of what it
/// needs is there already. Its Cargo.lock has to be in step with the engine's needs, as a user would find it.
fn build() -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/hello-flow");
    let target = Path::new(env!("CARGO_BIN_EXE_flowdeck"))
        .ancestors()
        .nth(2)
        .unwrap();
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--locked",
            "--config",
            r#"profile.dev.debug="line-tables-only""#,
        ])
        .args([
            "--config",
            r#"profile.dev.package."*".debug=false"#,
            "--target-dir",
        ])
        .arg(target)
        .current_dir(project)
        .status()
        .unwrap();
    assert!(
        status.success(),
        "examples/hello-flow does not build; is its Cargo.lock in step (cargo update --workspace there)?"
    );
    target.join("debug/hello-flow")
}

fn registered(server: &Server, program: &Path) {
    let output = Command::new(program)
        .args(["register", "--project", "hello"])
        .env("FLOWDECK_API", &server.api)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn flows_of_a_project_of_ones_own_are_registered_and_run() {
    let program = build();
    let data = data();
    let server = Server::start(data.path(), &["--no-examples"]);
    registered(&server, &program);
    let id = server.run(&["hello", "--param", "name=Ada"]);
    server.wait_for_state(&id, "Success");
    assert!(server.log(&id).contains("Hello, Ada!"), "{}", server.log(&id));

    // The same by way of the binary: no new version, for nothing has changed.
    server.ask(&[
        "register",
        "--path",
        program.to_str().unwrap(),
        "--project",
        "hello",
    ]);
    assert_eq!(server.get(&["flows", "--name", "hello"])[0]["version"], 1);
}

#[test]
fn a_task_that_waits_for_a_person_goes_on_in_a_new_process() {
    let program = build();
    let data = data();
    let server = Server::start(data.path(), &["--no-examples"]);
    registered(&server, &program);
    let (id, paused) = waiting_for_a_person(&server);
    assert_eq!(server.flow_run(&id)["state"], "Running");
    let resume = json!({"type": "Resume", "message": "Approved", "start_time": "2026-01-01T00:00:00+00:00"});
    let body = json!({
        "query": "mutation($input: set_task_run_states_input!) \
                  { set_task_run_states(input: $input) { states { status } } }",
        "variables": {"input": {"states": [{"task_run_id": paused, "state": resume}]}},
    });
    let answer = ureq::post(&server.api)
        .send_json(body)
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    assert!(answer.contains("SUCCESS"), "{answer}");
    server.wait_for_state(&id, "Success");
    assert!(
        server.log(&id).contains("Published hello-1.0"),
        "{}",
        server.log(&id)
    );
}

#[test]
fn a_run_that_waits_for_a_person_can_be_cancelled() {
    let program = build();
    let data = data();
    let server = Server::start(data.path(), &["--no-examples"]);
    registered(&server, &program);
    let (id, _) = waiting_for_a_person(&server);
    server.ask(&["cancel", &id]);
    server.wait_for_state(&id, "Cancelled");
}

/// Runs `release` until it waits for approval and its process has ended; answers the run's id and that of the
/// task run that waits.
fn waiting_for_a_person(server: &Server) -> (String, Value) {
    let id = server.run(&["release"]);
    let paused = wait_for("the task waits for a person", || {
        let rows = server.get(&["task-runs", "--flow-run", &id, "--state", "Paused"]);
        rows.first().map(|row| row["id"].clone())
    });
    wait_for_end(server.pid(&id));
    (id, paused)
}
