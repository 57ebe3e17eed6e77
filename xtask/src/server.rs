//! The flowdeck server as a child process: built, started, waited for, and stopped when we are.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::{Context, Failure, Result};
use crate::process;
use crate::steps::Steps;

/// Longer than any start we have seen, migrations of a large database included.
const PATIENCE: Duration = Duration::from_secs(60);

/// Builds the release binary, with whatever lies in `dist/` inside.
pub fn build(steps: &Steps) -> Result<()> {
    steps.step("build the binary (cargo build --release -p flowdeck)", || {
        process::run(process::cargo().args(["build", "--quiet", "--release", "-p", "flowdeck"]))
    })
}

/// How a child hears that it is to end.
#[derive(Clone, Copy)]
pub enum Reach {
    /// The process alone: a server ends its own children.
    Process,
    /// Everything it started: `trunk serve` leaves its compiler running.
    Group,
}

/// A child that ends when we are told to end.
pub struct Guarded {
    child: Child,
    reach: Reach,
}

impl Guarded {
    /// Starts `command` in a process group of its own, so that Ctrl-C in the terminal reaches it only through us: once,
    /// and not before we are ready to wait for it.
    pub fn start(command: &mut Command, reach: Reach) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .spawn()
            .context(format!("start {name}"))?;
        Ok(Self { child, reach })
    }

    /// Asks it to end.
    pub fn ask_to_end(&self) {
        send_end(self.child.id(), self.reach);
    }

    /// Whether it has ended, and how.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().context("look after the child process")
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        self.child.wait().context("wait for the child process")
    }
}

/// From now on Ctrl-C, `kill` and a closed terminal end `children` instead of us; we end after them.
pub fn pass_signals_on(children: &[&Guarded]) -> Result<()> {
    let children: Vec<(u32, Reach)> = children
        .iter()
        .map(|guarded| (guarded.child.id(), guarded.reach))
        .collect();
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("listen for signals")?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            for (id, reach) in &children {
                send_end(*id, *reach);
            }
        }
    });
    Ok(())
}

fn send_end(id: u32, reach: Reach) {
    let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) else {
        return;
    };
    // A child that has ended already needs no signal.
    let _ = match reach {
        Reach::Process => kill_process(pid, Signal::TERM),
        Reach::Group => kill_process_group(pid, Signal::TERM),
    };
}

/// Waits until `path` on that port answers with status 200.
pub fn wait_until_it_answers(server: &mut Guarded, host: &str, port: u16, path: &str) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !answers(host, port, path) {
        if let Some(status) = server.ended()? {
            return Err(Failure::new(format!(
                "the server ended before it answered ({status}); its own words are above"
            )));
        }
        if Instant::now() > deadline {
            server.ask_to_end();
            return Err(Failure::new(format!(
                "nothing answers on {host}:{port}{path} after {} s",
                PATIENCE.as_secs()
            )));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

fn answers(host: &str, port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((host, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        // To the end, or the server would see a connection that breaks instead of one that closes.
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer.get(8..12) == Some(b" 200"))
    };
    ask().unwrap_or(false)
}

/// The command that starts the built server with these arguments.
pub fn command(binary: &Path, args: &[String]) -> Command {
    let mut command = process::command(binary);
    command.args(["server", "start"]).args(args);
    command
}

/// Our exit code after the child's end: its own, or 128 + signal as a shell would say it.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status
        .code()
        .or(status.signal().map(|signal| 128 + signal))
        .unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn only_status_200_is_an_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = std::thread::spawn(move || {
            for status in ["503 Service Unavailable", "200 OK"] {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 512]).unwrap();
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert!(!answers("127.0.0.1", port, "/health"));
        assert!(answers("127.0.0.1", port, "/health"));
        serving.join().unwrap();
        assert!(!answers("127.0.0.1", port, "/health"), "nobody listens any more");
    }

    #[test]
    fn a_child_that_ends_early_is_reported_instead_of_waited_for() {
        let mut child =
            Guarded::start(process::command("/bin/sh").args(["-c", "exit 4"]), Reach::Process).unwrap();
        let failure = wait_until_it_answers(&mut child, "127.0.0.1", 1, "/health").unwrap_err();
        assert!(
            failure.to_string().contains("ended before it answered"),
            "{failure}"
        );
    }

    #[test]
    fn a_group_ends_with_its_leader() {
        let mut child = Guarded::start(
            process::command("/bin/sh").args(["-c", "sleep 60 & wait"]),
            Reach::Group,
        )
        .unwrap();
        child.ask_to_end();
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(15));
    }
}
