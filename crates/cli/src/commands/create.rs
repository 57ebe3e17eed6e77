//! `flowdeck create`: a project to put flows in.

use std::process::ExitCode;

use clap::Subcommand;
use flowdeck_engine::client::Client;

use crate::failure::{Failure, Outcome};
use crate::show::say;

#[derive(Debug, Subcommand)]
pub enum CreateCommand {
    /// Create a project to register flows in
    #[command(
        after_help = "Example: flowdeck create project billing --description 'What goes out each month'"
    )]
    Project {
        /// Its name
        name: String,
        /// What it is for
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
}

impl CreateCommand {
    pub fn carry_out(self, client: &Client) -> Outcome {
        let Self::Project { name, description } = self;
        match client.create_project(&name, description.as_deref()) {
            Ok(id) => {
                say(format!("Created project '{name}' ({id})."));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) if error.says("Uniqueness violation") => Err(Failure::new(format!(
                "There is already a project '{name}'. Choose another name."
            ))),
            Err(error) => Err(error.into()),
        }
    }
}
