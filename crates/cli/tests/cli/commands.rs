//! What commands print, and how they refuse.

use std::net::TcpListener;
use std::process::{Command, Stdio};

use flowdeck_engine::client::Client;
use rustix::process::Signal;

use crate::harness::{Server, data, flowdeck, wait_for};

fn refused(api: &str, args: &[&str]) -> String {
    let output = flowdeck(api, args);
    assert_eq!(output.status.code(), Some(1), "flowdeck {args:?}");
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(words.lines().count(), 1, "one line: {words}");
    words
}

#[test]
fn the_help_names_the_data_folder() {
    for command in [&["server", "start"][..], &["agent", "local", "start"]] {
        let mut help = Command::new(env!("CARGO_BIN_EXE_flowdeck"));
        help.args(command).arg("--help").env("HOME", "/home/somebody");
        let said = help.env_remove("XDG_DATA_HOME").output().unwrap().stdout;
        let said = String::from_utf8(said).unwrap();
        let words: Vec<&str> = said.split_whitespace().collect();
        let folder = if cfg!(target_os = "macos") {
            "/home/somebody/Library/Application"
        } else {
            "/home/somebody/.local/share/flowdeck]"
        };
        assert!(words.contains(&folder), "{said}");
    }
}

#[test]
fn commands_read_and_write_what_the_server_has() {
    let data = data();
    let server = Server::start(data.path(), &["--no-agent"]).with_flows();
    assert!(
        server
            .ask(&["create", "project", "billing", "--description", "monthly"])
            .contains("billing")
    );
    assert!(server.ask(&["get", "projects"]).contains("billing"));
    assert!(refused(&server.api, &["create", "project", "billing"]).contains("already a project 'billing'"));
    assert!(
        server
            .ask(&["describe", "project", "examples"])
            .contains("long-haul")
    );
    let flow = server.ask(&["describe", "flow", "weather-of-failures"]);
    assert!(
        flow.contains("passing_shower") && flow.contains("TriggerFailed"),
        "{flow}"
    );
    assert_eq!(server.get(&["tasks", "--flow", "long-haul"]).len(), 60);

    // Its port answers; the page itself is there only where the dashboard has been built before.
    let settings = format!("{}/settings.json", server.dashboard);
    assert_eq!(ureq::get(settings).call().unwrap().status(), 200);

    let id = server.run(&["simple-map", "--run-name", "monday"]);
    assert_eq!(server.flow_run(&id)["name"], "monday");
    let described = server.ask(&["describe", "flow-run", "monday"]);
    assert!(
        described.contains(&id) && described.contains("Scheduled"),
        "{described}"
    );
    assert!(server.ask(&["cancel", "monday"]).contains("is cancelled"));
    let long = server.ask(&["describe", "flow", "long-haul"]);
    assert!(long.contains("\nTasks\n"), "all of them: {long}");
    server.run(&["long-haul", "--run-name", "tuesday"]);
    let long = server.ask(&["describe", "flow-run", "tuesday"]);
    assert!(long.contains("\nTask runs, the first 40 of 60\n"), "{long}");
    assert!(
        server
            .ask(&["get", "flow-runs", "--state", "Cancelled"])
            .contains("monday")
    );
    assert_eq!(server.get(&["flow-runs", "--state", "Failed"]).len(), 0);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_run_is_given_all_that_the_form_of_the_dashboard_can_give() {
    let data = data();
    let server = Server::start(data.path(), &["--no-agent"]).with_flows();
    let id = server.run(&[
        "long-haul",
        "--project",
        "examples",
        "--param",
        "scale=0.5",
        "--at",
        "2999-01-01T10:00:00+01:00",
        "--run-name=-late",
        "--no-labels",
        "--context",
        r#"{"a": "it's"}"#,
        "--log-level",
        "warning",
    ]);
    let query = "query($id: uuid!) { flow_run_by_pk(id: $id) {
        name parameters labels context run_config scheduled_start_time } }";
    let found = Client::new(&server.api).execute(query, serde_json::json!({"id": id}));
    let run = &found.unwrap()["flow_run_by_pk"];
    assert_eq!(run["name"], "-late");
    assert_eq!(run["parameters"]["scale"], 0.5);
    assert_eq!(run["labels"], serde_json::json!([]));
    assert_eq!(run["context"], serde_json::json!({"a": "it's"}));
    assert_eq!(run["run_config"]["env"]["PREFECT__LOGGING__LEVEL"], "WARNING");
    let start = run["scheduled_start_time"].as_str().unwrap();
    assert!(start.starts_with("2999-01-01T09:00:00"), "{start}");
}

#[test]
fn refusals_name_the_input_and_the_remedy() {
    let data = data();
    let server = Server::start(data.path(), &["--no-agent"]).with_flows();
    for (args, words) in [
        (
            &["run", "--name", "simple"][..],
            "There is no flow 'simple'. There are: ",
        ),
        (
            &["run", "--name", "long-haul", "--param", "speed=2"],
            "has no parameter 'speed'. There are: scale.",
        ),
        (
            &["run", "--name", "long-haul", "--param", "scale=fast"],
            "takes a value of type number, not \"fast\".",
        ),
        (
            &["describe", "flow-run", "nobody"],
            "There is no flow run 'nobody'.",
        ),
        (
            &["describe", "project", "nowhere"],
            "There is no project 'nowhere'. There are: ",
        ),
        (
            &["register", "--path", "/no/such/program", "--project", "x"],
            "/no/such/program",
        ),
    ] {
        let refusal = refused(&server.api, args);
        assert!(refusal.contains(words), "{args:?}: {refusal}");
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(refused(&format!("http://{free}"), &["get", "flows"]).contains("flowdeck server start"));
}

#[test]
fn watching_shows_states_and_logs_and_tells_the_end_by_its_exit_code() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let seen = server.ask(&["run", "--name", "simple-map", "--watch"]);
    assert!(
        seen.contains("get_sum: Success") && seen.contains("The sum is 15"),
        "{seen}"
    );
    let output = flowdeck(&server.api, &["run", "--name", "weather-of-failures", "--watch"]);
    assert_eq!(output.status.code(), Some(1));
    let seen = String::from_utf8(output.stdout).unwrap();
    assert!(
        seen.contains("hail: Failed") && seen.contains("The hail has broken the greenhouse."),
        "{seen}"
    );
}

#[test]
fn a_taken_port_is_named_with_who_has_it_and_how_to_choose_another() {
    let data = data();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = data.path().to_str().unwrap();
    for (args, flag) in [
        (["--port", &port, "--api-port", "0"], "--port"),
        (["--port", "0", "--api-port", &port], "--api-port"),
    ] {
        let command: Vec<&str> = ["server", "start", "--data-dir", folder]
            .iter()
            .chain(&args)
            .copied()
            .collect();
        let refusal = refused("http://localhost:1", &command);
        let holder = format!("(PID {})", std::process::id());
        for words in [&port[..], &holder, flag] {
            assert!(refusal.contains(words), "{words} in {refusal}");
        }
    }
}

#[test]
fn what_somebody_deleted_stays_deleted_at_the_next_start() {
    let data = data();
    let server = Server::start(data.path(), &["--no-agent"]).with_flows();
    let flows = server.get(&["flows"]);
    let flow = flows.iter().find(|flow| flow["name"] == "long-haul").unwrap();
    let body = serde_json::json!({
        "query": "mutation($input: delete_flow_input!) { delete_flow(input: $input) { success } }",
        "variables": {"input": {"flow_id": flow["id"]}},
    });
    ureq::post(&server.api).send_json(body).unwrap();
    assert_eq!(server.stop(), Some(0));
    let server = Server::start(data.path(), &["--no-agent"]);
    let names = wait_for("the flows", || {
        let flows = server.get(&["flows"]);
        let names: Vec<_> = flows
            .iter()
            .map(|flow| flow["name"].as_str().unwrap().to_owned())
            .collect();
        (!names.is_empty()).then_some(names)
    });
    assert!(!names.contains(&"long-haul".to_owned()), "{names:?}");
    server.ask(&["register"]);
    assert_eq!(server.get(&["flows"]).len(), 4);
    assert!(
        server.get(&["flows"]).iter().all(|flow| flow["version"] == 1),
        "nothing has changed"
    );
}

#[test]
fn completions_and_version_need_no_server() {
    for shell in ["bash", "zsh", "fish"] {
        let output = flowdeck("http://localhost:1", &["completions", shell]);
        assert!(output.status.success() && output.stdout.len() > 1000, "{shell}");
    }
    let output = flowdeck("http://localhost:1", &["--version"]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("flowdeck {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_nobody_reads_on_end_without_a_word() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flowdeck"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_server_under_nohup_outlives_its_terminal() {
    let data = data();
    let server = Server::start_for_good(data.path(), &["--no-agent", "--no-examples"]);
    wait_for("the server listens to signals", || {
        server.has_in_mask("SigCgt", Signal::TERM).then_some(())
    });
    assert!(server.has_in_mask("SigIgn", Signal::HUP));
    assert_eq!(server.stop(), Some(0));
    let server = Server::start(data.path(), &["--no-agent", "--no-examples"]);
    wait_for("a server in a terminal ends with it", || {
        server.has_in_mask("SigCgt", Signal::HUP).then_some(())
    });
}
