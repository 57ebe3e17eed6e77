//! `cargo xtask schema`: writes `schema.graphql` as the server prints it.

use std::process::ExitCode;

use crate::failure::{Context, Failure, Result};
use crate::process;
use crate::workspace;

/// Replaces the file; the server's tests fail while it is stale.
pub fn run() -> Result<ExitCode> {
    let mut print = process::cargo();
    print.args(["run", "--quiet", "-p", "flowdeck-server", "--bin", "print-schema"]);
    let output = print
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("start cargo")?;
    if !output.status.success() || output.stdout.is_empty() {
        return Err(Failure::new(format!(
            "print-schema failed ({}); schema.graphql is left as it was",
            output.status
        )));
    }
    let path = workspace::root().join("schema.graphql");
    std::fs::write(&path, &output.stdout).context(format!("write {}", path.display()))?;
    println!(
        "schema.graphql: {} lines",
        output.stdout.iter().filter(|byte| **byte == b'\n').count()
    );
    Ok(ExitCode::SUCCESS)
}
