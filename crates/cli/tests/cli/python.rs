//! The unchanged Python client, `prefect==1.4.1`, against the real server: it registers flows, its agent takes their runs,
//! its engine executes them, and it reads what became of them.
//!
//! `cargo xtask test` installs it and says where its interpreter is (`FLOWDECK_PREFECT_PYTHON`); where that is not said
//! the tests say that they are skipped, and under CI they fail.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{Server, data, skip};

const LABEL: &str = "python";

/// A Python with the client, set to a server.
struct Client<'a> {
    python: String,
    server: &'a Server,
    home: &'a Path,
}

impl Client<'_> {
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/python");
        command
            .current_dir(self.home)
            .env("HOME", self.home)
            .env("PYTHONPATH", scripts)
            .env("AGENT_LABEL", LABEL)
            .env("PREFECT__BACKEND", "server")
            .env("PREFECT__SERVER__ENDPOINT", &self.server.api)
            .env("PREFECT__CLOUD__LOGGING_HEARTBEAT", "1");
        command
    }

    /// Runs one of the scripts; answers the JSON in its last line.
    fn run(&self, script: &str, args: &[&str]) -> Value {
        let code = format!(
            "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_module('{script}', run_name='__main__')"
        );
        let mut command = self.command(Path::new(&self.python));
        let output = command.args(["-c", &code, script]).args(args).output().unwrap();
        let (said, complained) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{script}: {said}{complained}");
        serde_json::from_str(said.lines().last().unwrap_or_default())
            .unwrap_or_else(|error| panic!("{script}: {error}: {said}{complained}"))
    }

    fn agent(&self) -> Agent {
        let prefect = Path::new(&self.python).with_file_name("prefect");
        let mut command = self.command(&prefect);
        command.args(["agent", "local", "start", "--label", LABEL]);
        Agent(
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }
}

/// The client's agent, for as long as the test runs.
struct Agent(Child);

impl Drop for Agent {
    fn drop(&mut self) {
        // Ended already is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The states of the task runs of one task, children in their order behind the task itself, and their results.
fn task_runs(run: &Value, slug: &str) -> Vec<(Value, Value)> {
    let mut found: Vec<&Value> = run["task_runs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["slug"] == slug)
        .collect();
    found.sort_by_key(|one| one["map_index"].as_i64());
    found
        .iter()
        .map(|one| (one["state"].clone(), one["result"].clone()))
        .collect()
}

#[test]
fn flows_of_the_python_client_are_registered_run_and_read() {
    let Ok(python) = std::env::var("FLOWDECK_PREFECT_PYTHON") else {
        skip(
            "FLOWDECK_PREFECT_PYTHON names no Python with prefect==1.4.1; cargo xtask test installs it \
             where a Python from 3.8 to 3.11 is, with venv",
        );
        return;
    };
    let (data, home) = (data(), data());
    let server = Server::start(data.path(), &["--no-examples", "--no-agent"]);
    let client = Client {
        python,
        server: &server,
        home: home.path(),
    };
    let flows = client.run("flows", &[]);
    let _agent = client.agent();
    let run = |flow: &str, parameters: Value| {
        client.run("ask", &[flows[flow].as_str().unwrap(), &parameters.to_string()])
    };
    let state = |name: &str| json!(name);

    // Mapped over a parameter; one task is right at its second attempt.
    let mapped = run("map-reduce", json!({ "count": 3 }));
    assert_eq!(mapped["state"], "Success", "{mapped:#}");
    let success = |result: i64| (state("Success"), json!(result));
    assert_eq!(
        task_runs(&mapped, "add_one-2"),
        [(state("Mapped"), Value::Null), success(2), success(3), success(4)]
    );
    assert_eq!(task_runs(&mapped, "get_sum-1"), [success(9)]);
    let logs = mapped["logs"].to_string();
    for line in ["making a list of 3", "final state: 'Retrying'", "the sum is 9"] {
        assert!(logs.contains(line), "no '{line}' in {logs}");
    }

    // A child that fails, and what that means for the rest.
    let failed = run("partly-failing", json!({}));
    assert_eq!(failed["state"], "Failed", "{failed:#}");
    let states: Vec<Value> = task_runs(&failed, "refuse-1")
        .into_iter()
        .map(|(state, _)| state)
        .collect();
    assert_eq!(states, ["Mapped", "Success", "Failed", "Success"].map(state));
    assert_eq!(
        task_runs(&failed, "get_sum-1"),
        [(state("TriggerFailed"), Value::Null)]
    );

    // A run that a task run starts.
    let parent = run("parent", json!({}));
    assert_eq!(parent["state"], "Success", "{parent:#}");
    let runs = server.get(&["flow-runs", "--limit", "100"]);
    let of_map_reduce = runs.iter().filter(|run| run["flow"]["name"] == "map-reduce");
    let states: Vec<&Value> = of_map_reduce.map(|run| &run["state"]).collect();
    assert_eq!(
        states, ["Success"; 2],
        "the one that was asked for and the child: {runs:#?}"
    );
}
