//! The binary `flowdeck`: server, agent and command line in one.

mod agent;
mod bundled;
mod commands;
mod data_dir;
mod failure;
mod flows;
mod lookup;
mod port_holder;
mod show;
mod signals;
mod time;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    tell_on_standard_error(cli.log());
    match cli.carry_out() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("flowdeck: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The log of this process goes to standard error, so that standard output holds only what was asked for.
fn tell_on_standard_error(filter: Option<&str>) {
    let filter = EnvFilter::try_new(filter.unwrap_or("info")).unwrap_or_else(|error| {
        eprintln!("flowdeck: the log filter is not understood ({error}); 'info' is used.");
        EnvFilter::new("info")
    });
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_writer(std::io::stderr)
        .init();
}
