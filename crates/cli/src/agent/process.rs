//! Processes: starting the one of a flow run, and telling later whether it is still there.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process};
use serde::{Deserialize, Serialize};

use super::queue::Due;

/// Which process: its number, and when it started, because numbers are used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The process id.
    pub pid: u32,
    /// When the system says it started, in ticks since boot; `None` where there is no `/proc`.
    pub started: Option<u64>,
}

impl Identity {
    /// The process that has this number now.
    pub fn of(pid: u32) -> Self {
        Self {
            pid,
            started: stat(pid).map(|(_, started)| started),
        }
    }

    /// Whether this very process is still at work. One that has ended and only waits to be buried is not.
    pub fn is_alive(self) -> bool {
        match (stat(self.pid), self.started) {
            (Some((state, started)), Some(expected)) => started == expected && !matches!(state, 'Z' | 'X'),
            (None, Some(_)) => false,
            (_, None) => pid(self.pid).is_some_and(|pid| test_kill_process(pid).is_ok()),
        }
    }

    /// Ends the process and all it has started.
    pub fn kill(self) {
        if self.is_alive()
            && let Some(pid) = pid(self.pid)
        {
            // It may have ended in between, which is what was wanted.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

fn pid(number: u32) -> Option<Pid> {
    i32::try_from(number).ok().and_then(Pid::from_raw)
}

/// State letter and start time of a process, from `/proc/<pid>/stat`.
fn stat(pid: u32) -> Option<(char, u64)> {
    parse_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The second field is the name in brackets and may hold anything, so count from the last bracket: the state
/// is field 3, the start time field 22.
fn parse_stat(text: &str) -> Option<(char, u64)> {
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

/// Starts the process of a flow run. It gets a process group of its own, so that Ctrl-C in the terminal of
/// the agent does not reach it, and writes into a file instead of a pipe, so that it can outlive the agent.
pub fn start(due: &Due, log: &Path, api: &str, results: &Path) -> io::Result<Child> {
    let output = open_log(log)?;
    let mut command = Command::new(&due.executable.path);
    command
        .args(&due.executable.args)
        .args(["execute", "flow-run"])
        .envs(&due.env)
        .env("FLOWDECK_API", api)
        .env("FLOWDECK_FLOW_RUN_ID", due.flow_run_id.to_string())
        .env("FLOWDECK_RESULTS_DIR", results)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    if let Some(folder) = &due.working_dir {
        command.current_dir(folder);
    }
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

fn open_log(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_name_may_hold_anything() {
        let line = "4242 (a) b (c) S 1 4242 4242 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 1";
        assert_eq!(parse_stat(line), Some(('S', 987_654)));
        assert_eq!(parse_stat("nonsense"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_number_used_again_is_another_process() {
        let this = Identity::of(std::process::id());
        assert!(this.is_alive());
        assert!(
            !Identity {
                started: this.started.map(|ticks| ticks + 1),
                ..this
            }
            .is_alive()
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn ending_a_process_ends_what_it_has_started() {
        let mut command = Command::new("sh");
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .args(["-c", "sleep 600 & echo $!; wait"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = io::BufReader::new(child.stdout.take().unwrap());
        io::BufRead::read_line(&mut { output }, &mut line).unwrap();
        let grandchild = Identity::of(line.trim().parse().unwrap());
        assert!(grandchild.is_alive());
        Identity::of(child.id()).kill();
        child.wait().unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while grandchild.is_alive() {
            assert!(
                std::time::Instant::now() < deadline,
                "the grandchild is still there"
            );
            std::thread::yield_now();
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_ended_process_nobody_has_buried_is_not_alive() {
        let mut child = Command::new("true").spawn().unwrap();
        let identity = Identity::of(child.id());
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while identity.is_alive() {
            assert!(std::time::Instant::now() < deadline, "'true' does not end");
            std::thread::yield_now();
        }
        child.wait().unwrap();
    }
}
