//! `cargo xtask dev`: a debug server, and the dashboard rebuilt and reloaded on each change.

use std::process::ExitCode;
use std::time::Duration;

use crate::failure::Result;
use crate::ports::{Ports, without_port};
use crate::process;
use crate::server::{self, Guarded, Reach};
use crate::steps::Steps;
use crate::tools;
use crate::wasm::WasmCompiler;

/// Runs both until one of them ends or we are told to.
pub fn run(args: &[String]) -> Result<ExitCode> {
    let steps = Steps::new();
    let ports = Ports::from_args(args)?;
    ports.check_free("cargo xtask dev")?;
    let compiler = WasmCompiler::ensure(&steps)?;
    let tools = tools::ensure(&steps)?;
    steps.step("build the server (cargo build -p flowdeck)", || {
        process::run(process::cargo().args(["build", "-p", "flowdeck"]))
    })?;

    let mut start = process::cargo();
    start.args([
        "run", "--quiet", "-p", "flowdeck", "--", "server", "start", "--port", "0",
    ]);
    // The dashboard's port is trunk's; whatever else was said is for the server.
    start.args(without_port(args));
    let mut backend = Guarded::start(&mut start, Reach::Process)?;

    let mut serve = process::command(&tools.trunk);
    serve.args([
        "serve",
        "--skip-version-check",
        "--address",
        &ports.host,
        "--port",
        &ports.dashboard.to_string(),
    ]);
    // Its own folder: `dist/` holds the release build that the binary embeds.
    serve
        .arg("--dist")
        .arg(crate::workspace::target_dir()?.join("xtask").join("dev"));
    serve.arg(format!("--proxy-backend=http://127.0.0.1:{}/graphql", ports.api));
    compiler.apply(&mut serve, &tools.wasm_bindgen_dir);
    serve.env_remove("NO_COLOR");
    let mut frontend = Guarded::start(&mut serve, Reach::Group)?;

    server::pass_signals_on(&[&backend, &frontend])?;
    steps.say(format!(
        "dashboard  http://localhost:{} as soon as trunk has built it; Ctrl-C ends both",
        ports.dashboard
    ));
    loop {
        if let Some(status) = backend.ended()? {
            frontend.ask_to_end();
            frontend.wait()?;
            return Ok(server::exit_code(status));
        }
        if let Some(status) = frontend.ended()? {
            backend.ask_to_end();
            backend.wait()?;
            return Ok(server::exit_code(status));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
