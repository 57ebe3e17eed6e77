//! `cargo xtask generate`: fills a data directory with many flow runs, task runs or log lines.

use std::process::ExitCode;

use crate::failure::Result;
use crate::process;

/// The arguments go to `crates/server/examples/generate.rs`, which says what they are.
pub fn run(args: &[String]) -> Result<ExitCode> {
    let mut generate = process::cargo();
    generate.args([
        "run",
        "--quiet",
        "--release",
        "-p",
        "flowdeck-server",
        "--example",
        "generate",
        "--",
    ]);
    process::run(generate.args(args))?;
    Ok(ExitCode::SUCCESS)
}
