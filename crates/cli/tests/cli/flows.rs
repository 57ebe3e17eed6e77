//! The bundled flows end in the states their descriptions promise.

use std::collections::BTreeMap;

use crate::harness::{Server, data};

#[test]
fn the_articles_flow_adds_up_to_fifteen() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = server.run(&["simple-map", "--project", "prefect_example"]);
    server.wait_for_state(&id, "Success");
    let states: BTreeMap<_, _> = server.task_states(&id).into_iter().collect();
    assert_eq!(states["create_list"], "Success");
    assert_eq!(states["get_sum"], "Success");
    assert_eq!(server.get(&["task-runs", "--flow-run", &id]).len(), 4 + 2 * 4);
    assert!(server.log(&id).contains("The sum is 15"), "{}", server.log(&id));
}

#[test]
fn the_census_counts_what_is_in_a_folder() {
    let (data, sources) = (data(), data());
    for n in 0..30 {
        std::fs::write(sources.path().join(format!("f{n}.rs")), "one\ntwo\n").unwrap();
    }
    let server = Server::start(data.path(), &[]).with_flows();
    let path = format!("path={}", sources.path().display());
    let id = server.run(&["code-census", "--param", &path]);
    server.wait_for_state(&id, "Success");
    assert!(
        server.log(&id).contains("Rust: 60 lines in 30 files, 240 bytes"),
        "{}",
        server.log(&id)
    );

    let id = server.run(&["code-census", "--param", "path=/no/such/folder"]);
    server.wait_for_state(&id, "Failed");
    assert!(server.log(&id).contains("/no/such/folder"), "{}", server.log(&id));
}

#[test]
fn the_weather_has_a_failure_of_every_kind() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = server.run(&["weather-of-failures"]);
    server.wait_for_state(&id, "Failed");
    let states: BTreeMap<_, _> = server.task_states(&id).into_iter().collect();
    let expected = [
        ("fog", "TimedOut"),
        ("hail", "Failed"),
        ("harvest", "TriggerFailed"),
        ("insurance", "Success"),
        ("lightning", "Failed"),
        ("passing_shower", "Success"),
        ("picnic", "Skipped"),
        ("sunrise", "Success"),
    ];
    assert_eq!(
        states,
        expected
            .map(|(task, state)| (task.to_owned(), state.to_owned()))
            .into()
    );
}

#[test]
fn the_long_haul_arrives() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = server.run(&["long-haul", "--param", "scale=0.02"]);
    server.wait_for_state(&id, "Success");
    let states = server.task_states(&id);
    assert_eq!(states.len(), 60);
    assert!(
        states
            .iter()
            .all(|(_, state)| state == "Success" || state == "Mapped"),
        "{states:?}"
    );
    let rows = server.get(&["logs", "--flow-run", &id, "--limit", "10000"]);
    for level in ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] {
        assert!(
            rows.iter().any(|row| row["level"] == level),
            "nothing was logged at {level}"
        );
    }
}

#[test]
fn a_run_that_is_asked_to_stop_stops() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = server.run(&["long-haul"]);
    server.wait_for_state(&id, "Running");
    assert!(server.ask(&["cancel", &id]).contains("is being cancelled"));
    server.wait_for_state(&id, "Cancelled");
    let running = server
        .task_states(&id)
        .into_iter()
        .filter(|(_, state)| state == "Running")
        .count();
    assert_eq!(running, 0);
}
