//! What the tests share: starting a server on free ports, calling commands, waiting for a condition.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

// The browser tests' own: a package cannot lend another one a module of its tests by name.
#[path = "../../../../tests/e2e/harness/ports.rs"]
mod ports;
#[path = "../../../../tests/e2e/harness/run_processes.rs"]
mod run_processes;

/// How long anything may take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(90);

/// Waits until `condition` answers something. `what` says in the failure what did not happen.
pub fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = condition() {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

/// A call of the binary, without anything of the caller's environment that would change it.
pub fn flowdeck(api: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowdeck"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("FLOWDECK_")) {
        command.env_remove(name);
    }
    command.env("FLOWDECK_API", api).args(args).output().unwrap()
}

/// A server with an agent, on free ports.
pub struct Server {
    child: Child,
    pub api: String,
    pub dashboard: String,
}

impl Server {
    /// Starts a server on this data folder and waits until it has said where it listens.
    pub fn start(data: &Path, args: &[&str]) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_flowdeck")), data, args)
    }

    /// The same under `nohup`, as for a server that is to outlive its terminal.
    pub fn start_for_good(data: &Path, args: &[&str]) -> Self {
        let mut command = Command::new("nohup");
        command.arg(env!("CARGO_BIN_EXE_flowdeck"));
        Self::start_by(command, data, args)
    }

    fn start_by(mut command: Command, data: &Path, args: &[&str]) -> Self {
        command
            .args(["server", "start", "--port", "0", "--data-dir"])
            .arg(data)
            .args(args);
        if !args.contains(&"--api-port") {
            command.args(["--api-port", &ports::free().to_string()]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let mut url = |name: &str| {
            let line = lines.by_ref().find(|line| line.trim_start().starts_with(name));
            line.and_then(|line| line.split_whitespace().last().map(str::to_owned))
                .unwrap_or_else(|| panic!("the server ended before it said its {name}"))
        };
        let (dashboard, api) = (url("Dashboard"), url("API"));
        // Read on, so that the server never waits for somebody to take what it says.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            api,
            dashboard,
        }
    }

    /// The port of the API, to start another server in its place.
    pub fn api_port(&self) -> String {
        self.api.rsplit(':').next().unwrap().to_owned()
    }

    /// Whether a signal is in one of the process's masks, `SigIgn` or `SigCgt`.
    pub fn has_in_mask(&self, mask: &str, signal: Signal) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let bits = status
            .lines()
            .find_map(|line| line.strip_prefix(mask)?.strip_prefix(':'))
            .and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
        bits.unwrap() >> (signal.as_raw() - 1) & 1 == 1
    }

    /// What `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What Ctrl-C does. Answers the exit code.
    pub fn stop(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }

    /// Calls a command and expects that it succeeds; answers what it printed.
    pub fn ask(&self, args: &[&str]) -> String {
        let output = flowdeck(&self.api, args);
        let (said, complained) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "flowdeck {args:?}: {said}{complained}");
        said.into_owned()
    }

    /// Sends a document that must succeed; answers its `data`.
    pub fn post(&self, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let answer = ureq::post(&self.api)
            .send_json(body)
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap();
        let mut answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        answer["data"].take()
    }

    /// Calls a `get` command and answers its rows.
    pub fn get(&self, args: &[&str]) -> Vec<Value> {
        let args: Vec<&str> = ["get"]
            .iter()
            .chain(args)
            .chain(&["--output", "json"])
            .copied()
            .collect();
        serde_json::from_str(&self.ask(&args)).unwrap()
    }

    /// Waits until the bundled flows are registered.
    pub fn with_flows(self) -> Self {
        wait_for("the bundled flows are registered", || {
            (self.get(&["flows"]).len() >= 4).then_some(())
        });
        self
    }

    /// Creates a flow run; answers its id.
    pub fn run(&self, args: &[&str]) -> String {
        let args: Vec<&str> = ["run", "--name"].iter().chain(args).copied().collect();
        let said = self.ask(&args);
        said.split(['(', ')']).nth(1).unwrap().to_owned()
    }

    /// The row of a flow run.
    pub fn flow_run(&self, id: &str) -> Value {
        let rows = self.get(&["flow-runs", "--limit", "1000"]);
        rows.into_iter()
            .find(|row| row["id"] == id)
            .unwrap_or_else(|| panic!("no flow run {id}"))
    }

    /// The states of the task runs that are not mapped children, by the task's name.
    pub fn task_states(&self, id: &str) -> Vec<(String, String)> {
        let rows = self.get(&["task-runs", "--flow-run", id, "--limit", "1000"]);
        let parents = rows.iter().filter(|row| row["map_index"] == -1);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        parents
            .map(|row| (text(&row["task"]["name"]), text(&row["state"])))
            .collect()
    }

    /// The log of a flow run as one text.
    pub fn log(&self, id: &str) -> String {
        let rows = self.get(&["logs", "--flow-run", id, "--limit", "10000"]);
        rows.iter()
            .filter_map(|row| row["message"].as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Waits until a flow run is in this state; answers its row. Fails at once if it ends in another.
    pub fn wait_for_state(&self, id: &str, state: &str) -> Value {
        wait_for(&format!("flow run {id} is {state}"), || {
            let row = self.flow_run(id);
            let at = row["state"].as_str().unwrap().to_owned();
            let ended = ["Success", "Failed", "Cancelled"].contains(&at.as_str());
            assert!(
                at == state || !ended,
                "flow run {id} is {at}: {row:#}\n{}",
                self.log(id)
            );
            (at == state).then_some(row)
        })
    }

    /// The process of a flow run, once the agent has said which it is.
    pub fn pid(&self, id: &str) -> i32 {
        wait_for("the agent says the PID", || {
            let log = self.log(id);
            log.split("PID ").nth(1)?.split_whitespace().next()?.parse().ok()
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the process of a flow run has ended, whether or not anybody has buried it.
pub fn wait_for_end(pid: i32) {
    wait_for("the flow run's process has ended", || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        (status.is_empty() || status.contains("State:\tZ")).then_some(())
    });
}

/// What `kill -9` does to the process of a flow run.
pub fn kill(pid: i32) {
    signal(pid, Signal::KILL);
}

/// What `kill` does to the process of a flow run.
pub fn ask_to_end(pid: i32) {
    signal(pid, Signal::TERM);
}

fn signal(pid: i32, signal: Signal) {
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

/// A folder for one test's data. When it goes, after the servers and agents that work in it, so do the processes of
/// the flow runs that are still there.
pub struct Data(TempDir);

/// A folder for one test's data.
pub fn data() -> Data {
    Data(tempfile::tempdir().unwrap())
}

impl Data {
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        run_processes::end_all(self.path());
    }
}

/// Says that a test cannot be run here. Under CI that is a failure: it must not be green without what it guards.
pub fn skip(why: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "under CI nothing is skipped: {why}"
    );
    // Not `eprintln!`, of which nothing is seen when a test passes.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("skipped: {why}\n").as_bytes());
}
