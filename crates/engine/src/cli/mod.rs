//! The command line of a program with flows: what a user's `main` hands its flows to.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use flowdeck_engine::{Flow, FlowError, task};
//!
//! #[task]
//! fn hello(name: String) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! fn greet() -> Result<Flow, FlowError> {
//!     Flow::build("greet", |flow| {
//!         let name = flow.parameter::<String>("name", "world");
//!         hello::call(flow, &name);
//!     })
//! }
//!
//! fn main() -> ExitCode {
//!     flowdeck_engine::cli::main([greet()])
//! }
//! ```
//!
//! `cargo run -- run greet --param name=you` runs it here; `cargo run -- register --project demo` makes it
//! known to the server, whose agent on this machine then starts this very program.

mod arguments;
mod console_recorder;

use std::fs;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use crate::client::Client;
use crate::flow::Flow;
use crate::flow_runner::RunOptions;
use crate::flows::Flows;
use crate::register::Registering;
use crate::visualize::Drawing;
use arguments::{Command, CommandLine, DrawArgs, ExecuteCommand, RegisterArgs, RunArgs};
use console_recorder::ConsoleRecorder;

pub use arguments::parameter_value;

/// The whole `main` of a program with flows: reads the arguments, does what they say, answers the exit code.
///
/// A flow that could not be built ends the program with its error, before anything else happens.
pub fn main<E: std::fmt::Display>(flows: impl IntoIterator<Item = Result<Flow, E>>) -> ExitCode {
    let flows: Result<Flows, E> = flows.into_iter().collect();
    let outcome = match flows {
        Ok(flows) => obey(&flows, CommandLine::parse().command),
        Err(error) => Err(error.to_string()),
    };
    outcome.unwrap_or_else(|message| {
        say_wrong(&message);
        ExitCode::FAILURE
    })
}

/// Does what `execute flow-run` does: carries out the flow run that the environment names
/// (`FLOWDECK_FLOW_RUN_ID`) at the API it names (`FLOWDECK_API`), with results under `FLOWDECK_RESULTS_DIR`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn execute_from_environment(flows: &Flows) -> Result<(), String> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let wanted = |name: &str| {
        variable(name).ok_or_else(|| {
        format!("The environment variable {name} is not set. Agents set it; a flow is run by hand with 'run NAME'.")
    })
    };
    let client = Client::new(variable("FLOWDECK_API").unwrap_or_else(|| arguments::DEFAULT_API.to_owned()));
    let flow_run_id = wanted("FLOWDECK_FLOW_RUN_ID")?
        .parse()
        .map_err(|error| format!("FLOWDECK_FLOW_RUN_ID: {error}"))?;
    let results = variable("FLOWDECK_RESULTS_DIR").map(Into::into);
    match crate::remote::execute_flow_run(flows, &client, flow_run_id, results) {
        Ok(state) => {
            let message = state.message.as_deref().unwrap_or_default();
            say(&format!(
                "Flow run {flow_run_id}: {}: {message}",
                state.state_type
            ));
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn obey(flows: &Flows, command: Command) -> Result<ExitCode, String> {
    match command {
        Command::List => list(flows),
        Command::Register(args) => register(flows, args),
        Command::Run(args) => run(flows, args),
        Command::Visualize(args) => visualize(flows, &args),
        Command::Execute {
            command: ExecuteCommand::FlowRun,
        } => execute_from_environment(flows).map(|()| ExitCode::SUCCESS),
    }
}

fn list(flows: &Flows) -> Result<ExitCode, String> {
    for flow in flows.iter() {
        let first = flow
            .description()
            .and_then(|text| text.lines().next())
            .unwrap_or_default();
        say(format!("{:<24} {first}", flow.name()).trim_end());
        for parameter in flow.parameters() {
            let value_type = parameter
                .value_type
                .map_or("any value", flowdeck_vocabulary::ParameterType::word);
            let default = if parameter.required {
                "required".to_owned()
            } else {
                format!("default {}", parameter.default)
            };
            say(&format!(
                "    --param {}=…  {value_type}, {default}",
                parameter.name
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn register(flows: &Flows, args: RegisterArgs) -> Result<ExitCode, String> {
    let client = Client::new(args.api);
    let mut how = Registering::in_project(&args.project);
    if !args.labels.is_empty() {
        how = how.labels(args.labels);
    }
    let chosen: Vec<&Flow> = match &args.name {
        Some(name) => vec![find(flows, name)?],
        None => flows.iter().collect(),
    };
    for flow in chosen {
        let registered = flow
            .register_with(&client, &how)
            .map_err(|error| error.to_string())?;
        let (project, version, id) = (&args.project, registered.version, registered.flow_id);
        say(&format!(
            "Registered '{}' in project '{project}' as version {version} (flow id {id}).",
            flow.name()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn run(flows: &Flows, args: RunArgs) -> Result<ExitCode, String> {
    let flow = find(flows, &args.name)?;
    let recorder = Arc::new(ConsoleRecorder);
    let mut options = RunOptions::new()
        .recorder(recorder)
        .parameters(args.parameters.into_iter().collect());
    if let Some(folder) = args.results {
        options = options.results_folder(folder);
    }
    let result = flow.run_with(options).map_err(|error| error.to_string())?;
    say("");
    for task_run in &result.task_runs {
        say(&task_run.to_string());
    }
    say(&format!(
        "\n{}: {}",
        result.state.state_type,
        result.state.message.as_deref().unwrap_or_default()
    ));
    if let Some(path) = args.draw {
        write(&path, &Drawing::of(flow).with_states(&result).svg())?;
    }
    Ok(if result.is_successful() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn visualize(flows: &Flows, args: &DrawArgs) -> Result<ExitCode, String> {
    let drawing = Drawing::of(find(flows, &args.name)?);
    let text = if args.svg { drawing.svg() } else { drawing.dot() };
    match &args.output {
        Some(path) => write(path, &text)?,
        None => say(&text),
    }
    Ok(ExitCode::SUCCESS)
}

fn find<'a>(flows: &'a Flows, name: &str) -> Result<&'a Flow, String> {
    flows.get(name).ok_or_else(|| {
        let names: Vec<&str> = flows.iter().map(Flow::name).collect();
        format!("This program has no flow '{name}'. It has: {}.", names.join(", "))
    })
}

fn write(path: &std::path::Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{} could not be written: {error}", path.display()))
}

/// Prints a line. A reader that has gone away (`… | head`) is no error.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn say_wrong(text: &str) {
    let _ = writeln!(std::io::stderr(), "error: {text}");
}
