//! `cargo xtask test`: everything CI runs, the cheap steps first, stopping at the first that fails.

use std::process::{Command, ExitCode};

use crate::browser;
use crate::commands::check;
use crate::dashboard;
use crate::failure::{Context, Result};
use crate::process;
use crate::server;
use crate::steps::Steps;
use crate::tools;
use crate::workspace;

/// Runs all of it, or with a filter only the tests whose names contain it.
pub fn run(args: &[String]) -> Result<ExitCode> {
    let steps = Steps::new();
    let mut tally = Tally::default();
    let outcome = every_step(&steps, args, &mut tally);
    tally.print();
    outcome.map(|()| ExitCode::SUCCESS)
}

fn every_step(steps: &Steps, filter: &[String], tally: &mut Tally) -> Result<()> {
    if filter.is_empty() {
        check::all(steps)?;
    }
    let prefect = tools::prefect(steps)?;
    // `--workspace` in each of the three, so that features unify alike and nothing is compiled twice.
    steps.step("unit, engine, server and command line tests (cargo test)", || {
        let mut cargo = process::cargo();
        cargo.args([
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--examples",
            "--exclude",
            "flowdeck-layout-bench",
        ]);
        for name in test_targets()? {
            cargo.args(["--test", &name]);
        }
        if let Some(python) = &prefect {
            cargo.env("FLOWDECK_PREFECT_PYTHON", python);
        }
        tally.watch(cargo.args(filter))
    })?;
    steps.step("examples in the documentation (cargo test --doc)", || {
        tally.watch(
            process::cargo()
                .args(["test", "--workspace", "--doc"])
                .args(filter),
        )
    })?;
    browser::ensure(steps)?;
    dashboard::build(steps)?;
    server::build(steps)?;
    let axe = tools::axe(steps)?;
    steps.step("browser tests (Chromium)", || {
        let mut tests = browser_tests()?;
        if let Some(axe) = &axe {
            tests.env("FLOWDECK_AXE", axe);
        }
        tally.watch(tests.args(filter))
    })
}

/// The browser tests against the release binary; `screenshots` runs the same program for its pictures.
pub fn browser_tests() -> Result<Command> {
    let mut cargo = process::cargo();
    cargo.args(["test", "--workspace", "--test", "e2e"]);
    cargo.env("FLOWDECK_BIN", workspace::release_binary()?);
    cargo.env("FLOWDECK_E2E_DIR", workspace::target_dir()?.join("e2e"));
    Ok(cargo)
}

/// The names of all test programs below `crates/`: all but the browser tests, which need a release build first.
fn test_targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    let crates = workspace::root().join("crates");
    for folder in std::fs::read_dir(&crates)
        .context(format!("list {}", crates.display()))?
        .flatten()
    {
        for test in std::fs::read_dir(folder.path().join("tests"))
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = test.path();
            let is_program =
                path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").exists();
            if let (true, Some(name)) = (is_program, path.file_stem()) {
                names.push(name.to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// The runner's closing lines of every test program, to be said again at the end.
#[derive(Default)]
struct Tally {
    lines: Vec<String>,
}

impl Tally {
    fn watch(&mut self, command: &mut Command) -> Result<()> {
        process::run_watched(command, |line| {
            if line.starts_with("test result: ") {
                self.lines.push(line.to_owned());
            }
        })
    }

    fn print(&self) {
        for line in self
            .lines
            .iter()
            .filter(|line| count(line, "passed") + count(line, "failed") > 0)
        {
            println!("{line}");
        }
        let sum = |word| self.lines.iter().map(|line| count(line, word)).sum::<u64>();
        println!("{} passed, {} failed", sum("passed"), sum("failed"));
    }
}

/// The number before `word` in `test result: ok. 12 passed; 0 failed; …`.
fn count(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line.split([' ', ';']).filter(|part| !part.is_empty()).collect();
    let pair = words.windows(2).find(|pair| pair[1] == word);
    pair.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_runners_line() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(
            (
                count(line, "passed"),
                count(line, "failed"),
                count(line, "missing")
            ),
            (12, 3, 0)
        );
    }

    #[test]
    fn the_browser_tests_are_not_among_the_cheap_ones() {
        assert!(!test_targets().unwrap().contains(&"e2e".to_owned()));
    }
}
