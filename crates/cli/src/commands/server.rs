//! `flowdeck server`: the server, the dashboard and one agent in one process.

use clap::Subcommand;

use crate::failure::{Failure, Outcome};

#[derive(Debug, Subcommand)]
pub enum ServerCommand {
    /// Start the server
    Start,
}

impl ServerCommand {
    pub fn carry_out(self) -> Outcome {
        Err(Failure::new("not yet"))
    }
}
