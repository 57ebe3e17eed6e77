//! The chromedriver process: one per browser, so that it ends with the test that started it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running chromedriver; dropped, it is ended.
pub struct Chromedriver {
    process: Child,
    /// Where it listens.
    pub url: String,
}

impl Chromedriver {
    /// Starts one on a port the system chooses.
    pub fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is not on PATH; `cargo xtask test` installs it or says how");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        // Whatever else it says must be read, or it would block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let port =
            port.expect("chromedriver ended without naming its port; does its version fit Chromium's?");
        Self {
            process,
            url: format!("http://127.0.0.1:{port}"),
        }
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
