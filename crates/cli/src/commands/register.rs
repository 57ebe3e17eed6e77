//! `flowdeck register`: make flows known to the server.

use std::path::PathBuf;

use clap::Args;
use flowdeck_engine::client::Client;

use crate::failure::{Failure, Outcome};

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
    let _ = (client, args);
    Err(Failure::new("not yet"))
}
