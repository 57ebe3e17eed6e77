//! `flowdeck agent`: an agent in a process of its own.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use clap::{Args, Subcommand};
use flowdeck_engine::client::Client;

use crate::agent::{self, Agent, AgentSettings};
use crate::data_dir::{self, DataDir};
use crate::failure::Outcome;
use crate::signals;

#[derive(Debug, Subcommand)]
pub enum AgentCommand {
    /// The agent that starts processes on this machine
    #[command(subcommand)]
    Local(LocalCommand),
}

#[derive(Debug, Subcommand)]
pub enum LocalCommand {
    /// Start an agent and keep it working until Ctrl-C
    ///
    /// It takes flow runs whose labels it all has: its own are the name of this machine, 'rust', and those
    /// given with --label. Each run gets a process of its own, which goes on when the agent is stopped: the
    /// next agent of the same name follows it.
    #[command(after_help = "Example: flowdeck agent local start --label gpu --max-runs 2")]
    Start(StartArgs),
}

#[derive(Debug, Args)]
pub struct StartArgs {
    /// One more label. May be repeated
    #[arg(long = "label", short, value_name = "LABEL")]
    labels: Vec<String>,
    /// Name of the agent, for people
    #[arg(long, default_value = "agent")]
    name: String,
    /// Leave the name of this machine out of the labels
    #[arg(long)]
    no_hostname_label: bool,
    /// At most this many flow runs at a time
    #[arg(long, value_name = "N")]
    max_runs: Option<usize>,
    #[arg(
        long,
        help = data_dir::help("Folder for notes, results and logs of the runs"),
        env = "FLOWDECK_DATA_DIR",
        hide_env_values = true,
        value_name = "FOLDER"
    )]
    data_dir: Option<PathBuf>,
}

impl AgentCommand {
    pub fn carry_out(self, client: Client) -> Outcome {
        let Self::Local(LocalCommand::Start(args)) = self;
        let data = DataDir::open(args.data_dir)?;
        let labels = agent::own_labels(!args.no_hostname_label)
            .into_iter()
            .chain(args.labels);
        let settings = AgentSettings {
            name: args.name,
            labels: labels.collect(),
            max_runs: args.max_runs,
        };
        let agent = Agent::new(client, settings, &data)?;
        let (stop, stopped) = mpsc::channel();
        let working = thread::spawn(move || agent.work(&stopped));
        signals::wait()?;
        signals::exit_when_asked_again();
        drop(stop);
        // A panic has been reported on standard error by the thread itself.
        let _ = working.join();
        Ok(ExitCode::SUCCESS)
    }
}
