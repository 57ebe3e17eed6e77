//! The commands: one file each. A command reads its arguments, asks the API and prints; what an agent or a
//! server does is not decided here.

mod agent;
mod cancel;
mod create;
mod describe;
mod execute;
mod get;
mod register;
mod run;
mod server;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use flowdeck_engine::client::Client;

use crate::failure::Outcome;
use crate::show::say;

const EXAMPLES: &str = "\
Examples:
  flowdeck server start                        server, dashboard and one agent
  flowdeck run --name simple-map --watch       run a flow, follow it to its end
  flowdeck run --name code-census --param path=/srv/src
  flowdeck get flow-runs --state Failed        what failed lately
  flowdeck get logs --flow-run purple-otter    what a run said
  flowdeck describe flow simple-map            tasks, parameters, last runs
  flowdeck agent local start --label gpu       one more agent, for runs labelled 'gpu'

The dashboard is at http://localhost:8080, the API at http://localhost:4200.
Flows of your own: examples/hello-flow in the source.";

/// Flowdeck: run flows, and see what they do.
#[derive(Debug, Parser)]
#[command(name = "flowdeck", version, after_help = EXAMPLES, max_term_width = 110)]
pub struct Cli {
    /// Address of the API
    #[arg(
        long,
        global = true,
        env = "FLOWDECK_API",
        hide_env_values = true,
        default_value = "http://localhost:4200",
        value_name = "URL"
    )]
    api: String,

    /// How much to tell on standard error: error, warn, info, debug, or a filter like
    /// flowdeck=debug,info
    #[arg(
        long,
        global = true,
        env = "RUST_LOG",
        hide_env_values = true,
        value_name = "FILTER"
    )]
    log: Option<String>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The server: API, dashboard, database
    #[command(subcommand)]
    Server(server::ServerCommand),
    /// Agents: they take due flow runs and start a process for each
    #[command(subcommand)]
    Agent(agent::AgentCommand),
    /// Create a project
    #[command(subcommand)]
    Create(create::CreateCommand),
    /// Register flows: the bundled examples, or those of an executable of yours
    Register(register::RegisterArgs),
    /// Run a flow
    Run(Box<run::RunArgs>),
    /// List projects, flows, flow runs, tasks, task runs, logs
    #[command(subcommand)]
    Get(get::GetCommand),
    /// Show one project, flow or flow run with what belongs to it
    #[command(subcommand)]
    Describe(describe::DescribeCommand),
    /// Ask a flow run to stop
    Cancel(cancel::CancelArgs),
    /// Print completions for your shell
    #[command(
        after_help = "Example: flowdeck completions bash > ~/.local/share/bash-completion/completions/flowdeck"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// What an agent calls
    #[command(subcommand, hide = true)]
    Execute(execute::ExecuteCommand),
}

impl Cli {
    /// The filter for the log, where one was given.
    pub fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }

    /// Does what was asked.
    pub fn carry_out(self) -> Outcome {
        let client = Client::new(self.api);
        match self.command {
            Command::Server(command) => command.carry_out(),
            Command::Agent(command) => command.carry_out(client),
            Command::Create(command) => command.carry_out(&client),
            Command::Register(args) => register::carry_out(&client, args),
            Command::Run(args) => run::carry_out(&client, *args),
            Command::Get(command) => command.carry_out(&client),
            Command::Describe(command) => command.carry_out(&client),
            Command::Cancel(args) => cancel::carry_out(&client, &args),
            Command::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "flowdeck", &mut script);
                say(String::from_utf8_lossy(&script).trim_end());
                Ok(ExitCode::SUCCESS)
            }
            Command::Execute(command) => command.carry_out(&client),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
