//! `cargo xtask check`: formatting and lints, on the host and for wasm32.

use std::process::ExitCode;

use crate::failure::Result;
use crate::process;
use crate::steps::Steps;
use crate::wasm::{self, TARGET};

/// Runs the checks.
pub fn run() -> Result<ExitCode> {
    all(&Steps::new())?;
    Ok(ExitCode::SUCCESS)
}

/// The checks as the first steps of a longer command, the quickest first.
pub fn all(steps: &Steps) -> Result<()> {
    steps.step("formatting (cargo fmt --check)", || {
        process::run(process::cargo().args(["fmt", "--all", "--check"]))
    })?;
    steps.step("lints, host (cargo clippy)", || {
        process::run(process::cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    if !wasm::has_target() && wasm::WasmCompiler::ensure(steps)? != wasm::WasmCompiler::Rustup {
        // Debian's compiler brings no clippy; the same code is still compiled for wasm32 when the dashboard is built.
        steps.say("lints, wasm32: left out, because only rustup's toolchain has clippy for it");
        return Ok(());
    }
    steps.step("lints, wasm32 (cargo clippy)", || {
        let packages = ["-p", "flowdeck-dashboard", "-p", "flowdeck-vocabulary"];
        let mut clippy = process::cargo();
        clippy
            .args(["clippy", "--target", TARGET])
            .args(packages)
            .args(["--lib", "--bins", "--", "-D", "warnings"]);
        process::run(&mut clippy)
    })
}
