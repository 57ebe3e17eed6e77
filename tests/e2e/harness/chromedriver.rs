//! The chromedriver process: one per browser, so that it ends with the test that started it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::ports;

/// A running chromedriver; dropped, it is ended.
pub struct Chromedriver {
    process: Child,
    /// Where it listens.
    pub url: String,
}

impl Chromedriver {
    /// Starts one and waits until it listens.
    pub fn start() -> Self {
        // Not `--port=0`: it then takes any free port of `[::1]` and ends when the same one of 127.0.0.1 is taken.
        let port = ports::free();
        let mut process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .arg("--log-level=SEVERE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is not on PATH; `cargo xtask test` installs it or says how");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let mut said = Vec::new();
        let listens = lines.by_ref().any(|line| {
            let listens = line.contains("started successfully");
            said.push(line);
            listens
        });
        assert!(listens, "chromedriver ended before it listened: {said:#?}");
        // Whatever else it says must be read, or it would block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
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
