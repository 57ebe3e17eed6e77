//! `cargo xtask start`: from a clean clone to a dashboard in the browser.

use std::process::ExitCode;

use crate::dashboard;
use crate::failure::Result;
use crate::ports::Ports;
use crate::server::{self, Guarded, Reach};
use crate::steps::Steps;
use crate::workspace;

/// Builds what is stale, starts the server with `args` and stays until it ends.
pub fn run(args: &[String]) -> Result<ExitCode> {
    let steps = Steps::new();
    let ports = Ports::from_args(args)?;
    ports.check_free("cargo xtask start")?;
    dashboard::build(&steps)?;
    server::build(&steps)?;
    // A first build takes minutes, in which somebody else may have come.
    ports.check_free("cargo xtask start")?;

    let mut server = Guarded::start(
        &mut server::command(&workspace::release_binary()?, args),
        Reach::Process,
    )?;
    server::pass_signals_on(&[&server])?;
    announce(&steps, &ports, &mut server)?;
    let status = server.wait()?;
    steps.say(format!("the server has ended ({status})"));
    Ok(server::exit_code(status))
}

fn announce(steps: &Steps, ports: &Ports, server: &mut Guarded) -> Result<()> {
    // Which port the system chose for 0 only the server knows; it prints it itself.
    if ports.dashboard == 0 || ports.api == 0 {
        return Ok(());
    }
    let host = reachable(&ports.host);
    server::wait_until_it_answers(server, host, ports.api, "/health")?;
    server::wait_until_it_answers(server, host, ports.dashboard, "/")?;
    let name = if host == "127.0.0.1" { "localhost" } else { host };
    steps.say(format!("Flowdeck answers: http://{name}:{}", ports.dashboard));
    Ok(())
}

/// "All addresses" is something to listen on, not something to ask.
fn reachable(host: &str) -> &str {
    match host {
        "0.0.0.0" | "::" | "localhost" => "127.0.0.1",
        host => host,
    }
}
