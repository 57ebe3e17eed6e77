//! Starting other programs: cargo, rustup, npm and the rest.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Context, Failure, Result};
use crate::workspace;

/// A command that runs in the root of the checkout, with nobody at its standard input.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    command
}

/// The cargo that started us, so that a chosen toolchain (`cargo +nightly xtask …`) stays chosen.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with its output on our terminal; anything but success is a failure that quotes the command.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context(format!("start `{}`", shown(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` failed ({status})", shown(command))))
}

/// Runs to the end and returns what it printed, or nothing when it cannot be started or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end, hands each line of standard output to `on_line` and prints it as well.
pub fn run_watched(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context(format!("start `{}`", shown(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context(format!("read what `{}` printed", shown(command)))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            on_line(&line);
        }
    }
    let status = child.wait().context(format!("wait for `{}`", shown(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` failed ({status})", shown(command))))
}

/// `PATH` with `first` in front of it.
pub fn path_with(first: &[&Path]) -> OsString {
    let present = std::env::var_os("PATH").unwrap_or_default();
    let all = first
        .iter()
        .map(|dir| dir.to_path_buf())
        .chain(std::env::split_paths(&present));
    std::env::join_paths(all).unwrap_or(present)
}

/// The full path of a program that the shell would find.
pub fn find_on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|candidate| candidate.is_file())
}

/// The command as one would type it, for messages.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_quoted_in_the_message() {
        let failure = run(command("/bin/sh").args(["-c", "exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(
            failure.contains("`sh -c exit 3` failed") && failure.contains('3'),
            "{failure}"
        );
    }

    #[test]
    fn watched_lines_arrive_in_order_and_failure_is_kept() {
        let mut lines = Vec::new();
        let outcome = run_watched(
            command("/bin/sh").args(["-c", "echo one; echo two; exit 1"]),
            |line| {
                lines.push(line.to_owned());
            },
        );
        assert_eq!(lines, ["one", "two"]);
        assert!(outcome.is_err());
    }
}
