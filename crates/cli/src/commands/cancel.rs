//! `flowdeck cancel`: ask a flow run to stop.

use std::process::ExitCode;

use clap::Args;
use flowdeck_engine::client::Client;

use crate::failure::Outcome;
use crate::lookup;
use crate::show::ink::harmless;
use crate::show::say;

#[derive(Debug, Args)]
#[command(after_help = "Example: flowdeck cancel purple-otter")]
pub struct CancelArgs {
    /// Id or name of the flow run; of several with the name, the newest
    #[arg(value_name = "FLOW_RUN")]
    flow_run: String,
}

pub fn carry_out(client: &Client, args: &CancelArgs) -> Outcome {
    let row = lookup::flow_run(client, &args.flow_run, "{ id name }")?;
    let name = lookup::name(&row);
    match client.cancel_flow_run(lookup::id(&row)?)?.as_str() {
        "Cancelling" => say(format!(
            "Flow run '{name}' is being cancelled; its process stops within seconds."
        )),
        "Cancelled" => say(format!("Flow run '{name}' is cancelled.")),
        state => say(format!(
            "Flow run '{name}' had already ended: {}.",
            harmless(state, false)
        )),
    }
    Ok(ExitCode::SUCCESS)
}
