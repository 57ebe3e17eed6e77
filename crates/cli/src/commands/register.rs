//! `flowdeck register`: make flows known to the server.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;
use flowdeck_engine::client::Client;
use flowdeck_vocabulary::shell;

use crate::bundled;
use crate::failure::{Failure, Outcome};
use crate::show::say;

#[derive(Debug, Args)]
pub struct RegisterArgs {
    /// An executable of yours that holds flows; the bundled examples otherwise
    #[arg(long, value_name = "EXECUTABLE", requires = "project")]
    path: Option<PathBuf>,
    /// The project to register its flows in; made if it is not there
    #[arg(long, short, requires = "path")]
    project: Option<String>,
}

pub fn carry_out(client: &Client, args: RegisterArgs) -> Outcome {
    let (Some(path), Some(project)) = (args.path, args.project) else {
        for line in bundled::register_all(client)? {
            say(format!("Registered {line}."));
        }
        return Ok(ExitCode::SUCCESS);
    };
    // By its full path: without it, a name without a slash would be looked for in PATH.
    let program = path.canonicalize().map_err(|error| cannot_start(&path, &error))?;
    let status = Command::new(program)
        .args(["register", "--project", &project])
        .env("FLOWDECK_API", client.url())
        .status()
        .map_err(|error| cannot_start(&path, &error))?;
    if status.success() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(format!(
        "{} register{} ended with {status}. Does its main call flowdeck_engine::cli::main?",
        path.display(),
        shell::option("--project", &project)
    )))
}

fn cannot_start(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!(
        "{} cannot be started ({error}). Name the executable that holds your flows, for example \
         target/release/my-flows.",
        path.display()
    ))
}
