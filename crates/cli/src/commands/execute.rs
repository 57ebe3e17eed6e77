//! `flowdeck execute`: what an agent calls to run a bundled flow.

use clap::Subcommand;

use crate::failure::{Failure, Outcome};

#[derive(Debug, Subcommand)]
pub enum ExecuteCommand {
    /// Run the flow run named by FLOWDECK_FLOW_RUN_ID
    FlowRun,
}

impl ExecuteCommand {
    pub fn carry_out(self) -> Outcome {
        Err(Failure::new("not yet"))
    }
}
