//! The binary under test: a server with its own ports and its own data, to be stopped, killed and started again.

use std::fs::{File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::wait::{PATIENCE, eventually};
use super::{ports, run_processes};

/// A Flowdeck server; dropped, it is ended with the flow runs its agent started.
pub struct Server {
    process: Child,
    /// The dashboard's port.
    pub port: u16,
    /// The API's port.
    pub api_port: u16,
    data: TempDir,
    log: PathBuf,
    args: Vec<String>,
}

impl Server {
    /// Starts a server with an empty database; what it prints goes to `server.log` in `evidence`.
    pub fn start(evidence: &Path, args: &[&str]) -> Self {
        let data = TempDir::new().expect("a temporary folder for the data");
        let (port, api_port) = (ports::free(), ports::free());
        let mut all: Vec<String> = [
            "server",
            "start",
            "--port",
            &port.to_string(),
            "--api-port",
            &api_port.to_string(),
        ]
        .map(str::to_owned)
        .to_vec();
        all.extend(["--data-dir".to_owned(), data.path().display().to_string()]);
        all.extend(args.iter().map(|arg| (*arg).to_owned()));
        let log = evidence.join("server.log");
        let process = spawn(&all, &log, data.path());
        let mut server = Self {
            process,
            port,
            api_port,
            data,
            log,
            args: all,
        };
        server.wait_until_it_answers();
        server
    }

    /// Asks it to end as `kill` does, and waits until it has.
    pub fn stop(&mut self) {
        self.signal(Signal::TERM);
        eventually("the server ends after SIGTERM", PATIENCE, || {
            self.process.try_wait().ok().flatten()
        });
    }

    /// Ends it as a power cut would. What it started goes on.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.process.wait().expect("the server can be waited for");
    }

    /// Starts it again with the same arguments: same ports, same data.
    pub fn start_again(&mut self) {
        self.process = spawn(&self.args, &self.log, self.data.path());
        self.wait_until_it_answers();
    }

    /// The dashboard's origin.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The API, as clients are told of it.
    pub fn api(&self) -> String {
        format!("http://127.0.0.1:{}", self.api_port)
    }

    /// What a GraphQL document returns; errors end the test.
    #[track_caller]
    pub fn graphql(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let mut response = ureq::post(format!("{}/graphql", self.api()))
            .send_json(&body)
            .expect("the API answers");
        let mut answer: Value = response.body_mut().read_json().expect("the API answers JSON");
        assert!(answer.get("errors").is_none(), "{query}: {}", answer["errors"]);
        answer["data"].take()
    }

    /// What the command line prints, asked as a person would on the same machine.
    #[track_caller]
    pub fn cli(&self, args: &[&str]) -> String {
        let output = base_command(self.data.path())
            .args(args)
            .env("FLOWDECK_API", self.api())
            .output();
        let output = output.expect("the command line runs");
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(
            output.status.success(),
            "flowdeck {} failed: {out}{err}",
            args.join(" ")
        );
        out.into_owned()
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw)
            .expect("a process has an id");
        kill_process(id, signal).expect("the server can be signalled");
    }

    fn wait_until_it_answers(&mut self) {
        let health = format!("{}/health", self.api());
        eventually("the server answers", PATIENCE, || {
            if let Ok(Some(status)) = self.process.try_wait() {
                let log = std::fs::read_to_string(&self.log).unwrap_or_default();
                panic!("the server ended at once ({status}):\n{log}");
            }
            ureq::get(&health).call().ok()
        });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be down already.
        let id = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw);
        if let (Ok(None), Some(id)) = (self.process.try_wait(), id) {
            let _ = kill_process(id, Signal::TERM);
            let deadline = std::time::Instant::now() + Duration::from_secs(5);
            while matches!(self.process.try_wait(), Ok(None)) && std::time::Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        if let Some(id) = id {
            let _ = kill_process_group(id, Signal::KILL);
        }
        let _ = self.process.wait();
        run_processes::end_all(self.data.path());
    }
}

fn spawn(args: &[String], log: &Path, data: &Path) -> Child {
    let out = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .expect("the server's log can be written");
    let err: File = out.try_clone().expect("the server's log can be written twice");
    let mut command = base_command(data);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .process_group(0);
    command.spawn().expect("the server starts")
}

/// The binary, kept away from the settings and data of whoever runs the tests.
fn base_command(data: &Path) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let binary =
        std::env::var_os("FLOWDECK_BIN").map_or_else(|| root.join("target/release/flowdeck"), PathBuf::from);
    assert!(
        binary.exists(),
        "there is no {}: the browser tests test the release binary; `cargo xtask test` builds it first",
        binary.display()
    );
    let mut command = Command::new(binary);
    command
        .env("XDG_DATA_HOME", data)
        .env("XDG_CONFIG_HOME", data)
        .env("NO_COLOR", "1");
    command
}
