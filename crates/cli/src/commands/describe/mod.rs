//! `flowdeck describe`: one thing with what belongs to it.

mod flow;
mod flow_run;
mod page;
mod project;

use clap::Subcommand;
use flowdeck_engine::client::Client;

use crate::failure::Outcome;

#[derive(Debug, Subcommand)]
pub enum DescribeCommand {
    /// A project and its flows
    Project {
        /// Name of the project
        name: String,
    },
    /// A flow: description, parameters, tasks, last runs
    Flow {
        /// Name or id of the flow
        name: String,
        /// Its project, where several have one of that name
        #[arg(long, short)]
        project: Option<String>,
    },
    /// A flow run: states, task runs, last log entries
    #[command(alias = "run")]
    FlowRun {
        /// Name or id of the flow run; of several with the name, the newest
        name: String,
    },
}

impl DescribeCommand {
    pub fn carry_out(self, client: &Client) -> Outcome {
        match self {
            Self::Project { name } => project::describe(client, &name),
            Self::Flow { name, project } => flow::describe(client, &name, project.as_deref()),
            Self::FlowRun { name } => flow_run::describe(client, &name),
        }
    }
}
