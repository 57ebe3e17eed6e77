//! `cargo xtask screenshots`: pictures of every page with real runs, to be looked at.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::browser;
use crate::commands::test::browser_tests;
use crate::dashboard;
use crate::failure::{Context, Result};
use crate::process;
use crate::server;
use crate::steps::Steps;
use crate::workspace;

/// Fills the folder named by the first argument, or `target/screenshots`.
pub fn run(args: &[String]) -> Result<ExitCode> {
    let steps = Steps::new();
    let folder = match args.first() {
        Some(folder) => std::path::absolute(folder).context(format!("resolve {folder}"))?,
        None => workspace::target_dir()?.join("screenshots"),
    };
    browser::ensure(&steps)?;
    dashboard::build(&steps)?;
    server::build(&steps)?;
    steps.step(format!("take the pictures into {}", folder.display()), || {
        take(&folder)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn take(folder: &PathBuf) -> Result<()> {
    let mut tests = browser_tests()?;
    process::run(tests.arg("screenshots").env("FLOWDECK_SCREENSHOTS", folder))
}
