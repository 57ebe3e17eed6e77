//! `flowdeck execute`: what an agent calls to run a bundled flow.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use flowdeck_engine::Flows;
use flowdeck_engine::client::Client;
use flowdeck_engine::remote::execute_flow_run;
use flowdeck_vocabulary::FlowRunId;

use crate::failure::{Failure, Outcome};
use crate::flows;

#[derive(Debug, Subcommand)]
pub enum ExecuteCommand {
    /// Carry out one flow run of a bundled flow and report to the API
    FlowRun(FlowRunArgs),
}

#[derive(Debug, Args)]
pub struct FlowRunArgs {
    /// The flow run
    #[arg(long, env = "FLOWDECK_FLOW_RUN_ID", value_name = "ID")]
    id: FlowRunId,
    /// Folder for the results of its tasks, so that the run can go on in another process
    #[arg(long, env = "FLOWDECK_RESULTS_DIR", value_name = "FOLDER")]
    results_dir: Option<PathBuf>,
}

impl ExecuteCommand {
    /// Success says that the server knows how the run stands, not that it ended well: the agent asks the
    /// server for that.
    pub fn carry_out(self, client: &Client) -> Outcome {
        let Self::FlowRun(args) = self;
        let bundled = flows::all().map_err(|error| Failure::new(error.to_string()))?;
        let flows: Flows = bundled.into_iter().map(|(_, flow)| flow).collect();
        execute_flow_run(&flows, client, args.id, args.results_dir)
            .map_err(|error| Failure::new(error.to_string()))?;
        Ok(ExitCode::SUCCESS)
    }
}
