//! `flowdeck get`: lists of what the server knows, as tables or as JSON.

mod lists;
mod output;

use clap::{Subcommand, ValueEnum};
use flowdeck_engine::client::Client;
use flowdeck_vocabulary::{FlowRunId, StateType};
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::lookup;
use output::ListArgs;

#[derive(Debug, Subcommand)]
pub enum GetCommand {
    /// Projects by name
    Projects {
        #[command(flatten)]
        list: ListArgs,
    },
    /// Flows by project and name, the current version of each
    Flows {
        /// Only of this project
        #[arg(long, short)]
        project: Option<String>,
        /// Only of this name
        #[arg(long, short)]
        name: Option<String>,
        /// Archived versions, too
        #[arg(long)]
        all_versions: bool,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Flow runs, the latest first
    #[command(alias = "runs")]
    FlowRuns {
        /// Only of this flow
        #[arg(long, short)]
        flow: Option<String>,
        /// Only of this project
        #[arg(long, short)]
        project: Option<String>,
        /// Only in this state, for example Failed. May be repeated
        #[arg(long, short, value_name = "STATE")]
        state: Vec<StateType>,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Tasks of a flow
    Tasks {
        /// Name or id of the flow
        #[arg(long, short)]
        flow: String,
        /// Project of the flow, where several have one of that name
        #[arg(long, short)]
        project: Option<String>,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Task runs of a flow run
    TaskRuns {
        /// Name or id of the flow run
        #[arg(long, short = 'r', value_name = "FLOW_RUN")]
        flow_run: String,
        /// Only in this state, for example Failed. May be repeated
        #[arg(long, short, value_name = "STATE")]
        state: Vec<StateType>,
        #[command(flatten)]
        list: ListArgs,
    },
    /// The last log entries of a flow run, oldest first
    Logs {
        /// Name or id of the flow run
        #[arg(long, short = 'r', value_name = "FLOW_RUN")]
        flow_run: String,
        /// Only entries of this level and above
        #[arg(long, short, ignore_case = true)]
        level: Option<Level>,
        #[command(flatten)]
        list: ListArgs,
    },
}

/// Levels as they rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl GetCommand {
    pub fn carry_out(self, client: &Client) -> Outcome {
        match self {
            Self::Projects { list } => lists::projects(client, &list),
            Self::Flows {
                project,
                name,
                all_versions,
                list,
            } => {
                let mut condition = json!({"project": {"name": {"_eq": project}}, "name": {"_eq": name}});
                if !all_versions {
                    condition["archived"] = json!({"_eq": false});
                }
                lists::flows(client, condition, &list)
            }
            Self::FlowRuns {
                flow,
                project,
                state,
                list,
            } => {
                let condition = json!({
                    "flow": {"name": {"_eq": flow}, "project": {"name": {"_eq": project}}},
                    "state": {"_in": states(&state)},
                });
                lists::flow_runs(client, condition, &list)
            }
            Self::Tasks { flow, project, list } => {
                let flow = lookup::flow(client, &flow, project.as_deref(), "{ }")?;
                lists::tasks(client, json!({"flow_id": {"_eq": flow["id"]}}), &list)
            }
            Self::TaskRuns {
                flow_run,
                state,
                list,
            } => {
                let id = flow_run_id(client, &flow_run)?;
                let condition = json!({"flow_run_id": {"_eq": id}, "state": {"_in": states(&state)}});
                lists::task_runs(client, condition, &list)
            }
            Self::Logs {
                flow_run,
                level,
                list,
            } => lists::logs(client, flow_run_id(client, &flow_run)?, level, &list),
        }
    }
}

/// The states as a condition's argument; null, which is no condition, when none was asked for.
fn states(states: &[StateType]) -> Value {
    if states.is_empty() {
        Value::Null
    } else {
        json!(states)
    }
}

fn flow_run_id(client: &Client, name: &str) -> Result<FlowRunId, Failure> {
    lookup::id(&lookup::flow_run(client, name, "{ id }")?)
}
