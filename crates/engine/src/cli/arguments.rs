//! The arguments of a program with flows.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use serde_json::Value;

/// Where the API is when nobody says otherwise.
pub(super) const DEFAULT_API: &str = "http://localhost:4200";

/// Runs, draws and registers the flows in this program
#[derive(Debug, Parser)]
#[command(version)]
pub(super) struct CommandLine {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the flows in this program with their parameters
    List,
    /// Make the flows known to a server, whose agent on this machine will then start this program
    Register(RegisterArgs),
    /// Run a flow here and now, without a server
    Run(RunArgs),
    /// Draw a flow: Graphviz DOT, or SVG with --svg
    Visualize(DrawArgs),
    /// What agents call
    #[command(hide = true)]
    Execute {
        #[command(subcommand)]
        command: ExecuteCommand,
    },
}

#[derive(Debug, Args)]
pub(super) struct RegisterArgs {
    /// The project to register in; made if it is not there
    #[arg(long, short)]
    pub(super) project: String,
    /// Only this flow
    #[arg(long)]
    pub(super) name: Option<String>,
    /// Labels an agent needs to run it, beside the flow's own. Without this: this machine's name and `rust`,
    /// which every Flowdeck agent on it has
    #[arg(long = "label", short, value_name = "LABEL")]
    pub(super) labels: Vec<String>,
    /// The address of the API
    #[arg(long, env = "FLOWDECK_API", default_value = DEFAULT_API)]
    pub(super) api: String,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The flow
    pub(super) name: String,
    /// A parameter's value, JSON or plain text: --param n=5 --param path=/tmp
    #[arg(long = "param", short, value_name = "KEY=VALUE", value_parser = parameter)]
    pub(super) parameters: Vec<(String, Value)>,
    /// Write results to files in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(super) results: Option<PathBuf>,
    /// Draw the run, coloured by state, as SVG into this file
    #[arg(long, value_name = "FILE")]
    pub(super) draw: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DrawArgs {
    /// The flow
    pub(super) name: String,
    /// SVG instead of DOT
    #[arg(long)]
    pub(super) svg: bool,
    /// Write to this file instead of the screen
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExecuteCommand {
    /// Carry out the flow run that FLOWDECK_FLOW_RUN_ID names
    FlowRun,
}

fn parameter(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), parameter_value(value))),
        _ => Err("write it as KEY=VALUE, for example n=5".to_owned()),
    }
}

/// A parameter's value as typed: JSON if it reads as that, otherwise the text itself.
#[must_use]
pub fn parameter_value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use serde_json::json;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn values_are_json_or_text() {
        assert_eq!(parameter("n=5"), Ok(("n".to_owned(), json!(5))));
        assert_eq!(parameter("path=/tmp=x"), Ok(("path".to_owned(), json!("/tmp=x"))));
        assert_eq!(parameter("list=[1, 2]"), Ok(("list".to_owned(), json!([1, 2]))));
        assert!(parameter("n").is_err() && parameter("=5").is_err());
    }
}
