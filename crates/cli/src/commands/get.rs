//! `flowdeck get`: lists of what the server knows, as tables or as JSON.

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use flowdeck_engine::client::Client;
use flowdeck_vocabulary::{FlowRunId, StateType};
use serde_json::{Value, json};

use crate::failure::Outcome;
use crate::lookup::{self, text};
use crate::show::ink::Ink;
use crate::show::moment;
use crate::show::table::{Column, Table};
use crate::time;
use crate::watch::task_run_name;

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
    /// Log entries of a flow run, oldest first
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

#[derive(Debug, Args)]
pub struct ListArgs {
    /// At most this many rows
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// How to print them
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// Aligned columns, coloured on a terminal
    Table,
    /// A JSON array with one object per row, in the API's words
    Json,
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
            Self::Projects { list } => projects(client, &list),
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
                flows(client, condition, &list)
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
                flow_runs(client, condition, &list)
            }
            Self::Tasks { flow, project, list } => {
                let flow = lookup::flow(client, &flow, project.as_deref(), "{ }")?;
                tasks(client, json!({"flow_id": {"_eq": flow["id"]}}), &list)
            }
            Self::TaskRuns {
                flow_run,
                state,
                list,
            } => {
                let id = flow_run_id(client, &flow_run)?;
                let condition = json!({"flow_run_id": {"_eq": id}, "state": {"_in": states(&state)}});
                task_runs(client, condition, &list)
            }
            Self::Logs {
                flow_run,
                level,
                list,
            } => logs(client, flow_run_id(client, &flow_run)?, level, &list),
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

fn flow_run_id(client: &Client, name: &str) -> Result<FlowRunId, crate::failure::Failure> {
    lookup::id(&lookup::flow_run(client, name, "{ id }")?)
}

fn projects(client: &Client, list: &ListArgs) -> Outcome {
    let selection = "{ id name description created \
        flows_aggregate(where: {archived: {_eq: false}}) { aggregate { count } } }";
    let rows = lookup::rows(
        client,
        "project",
        json!({}),
        json!([{"name": "asc"}]),
        Some(list.limit),
        selection,
    )?;
    let columns = [
        ("NAME", Column::Plain),
        ("FLOWS", Column::Plain),
        ("CREATED", Column::Plain),
        ("DESCRIPTION", Column::Faint),
    ];
    list.print(&rows, &columns, |row| {
        vec![
            cell(row, &["name"]),
            row["flows_aggregate"]["aggregate"]["count"].to_string(),
            moment::ago(text(row, &["created"]), time::now()),
            cell(row, &["description"]),
        ]
    })
}

fn flows(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
    let selection = "{ id name version archived created description parameters is_schedule_active \
        project { name } flow_runs(order_by: {created: desc}, limit: 1) { id name state start_time } }";
    let order = json!([{"project": {"name": "asc"}}, {"name": "asc"}, {"version": "desc"}]);
    let rows = lookup::rows(client, "flow", condition, order, Some(list.limit), selection)?;
    let columns = [
        ("PROJECT", Column::Plain),
        ("NAME", Column::Plain),
        ("VERSION", Column::Plain),
        ("REGISTERED", Column::Plain),
        ("LAST RUN", Column::State),
        ("ID", Column::Faint),
    ];
    list.print(&rows, &columns, |row| {
        vec![
            cell(row, &["project", "name"]),
            cell(row, &["name"]),
            row["version"].to_string(),
            moment::ago(text(row, &["created"]), time::now()),
            text(&row["flow_runs"][0], &["state"]).unwrap_or("-").to_owned(),
            cell(row, &["id"]),
        ]
    })
}

fn flow_runs(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
    let selection = "{ id name state state_message created scheduled_start_time start_time end_time \
        parameters labels auto_scheduled agent_id flow { id name project { name } } }";
    let order = json!([{"created": "desc"}]);
    let rows = lookup::rows(client, "flow_run", condition, order, Some(list.limit), selection)?;
    let columns = [
        ("NAME", Column::Plain),
        ("FLOW", Column::Plain),
        ("STATE", Column::State),
        ("STARTED", Column::Plain),
        ("LASTED", Column::Plain),
        ("ID", Column::Faint),
    ];
    list.print(&rows, &columns, |row| {
        vec![
            cell(row, &["name"]),
            cell(row, &["flow", "name"]),
            cell(row, &["state"]),
            moment::ago(text(row, &["start_time"]), time::now()),
            moment::lasting(text(row, &["start_time"]), text(row, &["end_time"]), time::now()),
            cell(row, &["id"]),
        ]
    })
}

fn tasks(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
    let selection = "{ id name slug type trigger max_retries retry_delay tags cache_key }";
    let rows = lookup::rows(
        client,
        "task",
        condition,
        json!([{"name": "asc"}]),
        Some(list.limit),
        selection,
    )?;
    let columns = [
        ("NAME", Column::Plain),
        ("SLUG", Column::Plain),
        ("TRIGGER", Column::Plain),
        ("RETRIES", Column::Plain),
        ("ID", Column::Faint),
    ];
    list.print(&rows, &columns, |row| {
        vec![
            cell(row, &["name"]),
            cell(row, &["slug"]),
            text(row, &["trigger"])
                .and_then(|trigger| trigger.rsplit('.').next())
                .unwrap_or("-")
                .to_owned(),
            row["max_retries"].to_string(),
            cell(row, &["id"]),
        ]
    })
}

fn task_runs(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
    let selection = "{ id name map_index state state_message start_time end_time task { id name slug } }";
    let order = json!([{"start_time": "asc"}, {"map_index": "asc"}]);
    let rows = lookup::rows(client, "task_run", condition, order, Some(list.limit), selection)?;
    let columns = [
        ("TASK RUN", Column::Plain),
        ("STATE", Column::State),
        ("LASTED", Column::Plain),
        ("MESSAGE", Column::Faint),
    ];
    list.print(&rows, &columns, |row| {
        vec![
            task_run_name(row),
            cell(row, &["state"]),
            moment::lasting(text(row, &["start_time"]), text(row, &["end_time"]), time::now()),
            cell(row, &["state_message"]),
        ]
    })
}

fn logs(client: &Client, flow_run_id: FlowRunId, level: Option<Level>, list: &ListArgs) -> Outcome {
    let levels: Option<Vec<String>> = level.map(|lowest| {
        let known = Level::value_variants().iter().filter(|level| **level >= lowest);
        known
            .filter_map(|level| Some(level.to_possible_value()?.get_name().to_uppercase()))
            .collect()
    });
    let condition = json!({"flow_run_id": {"_eq": flow_run_id}, "level": {"_in": levels}});
    let selection = "{ id timestamp level name message task_run_id }";
    let order = json!([{"timestamp": "asc"}]);
    let rows = lookup::rows(client, "log", condition, order, Some(list.limit), selection)?;
    let columns = [
        ("TIME", Column::Faint),
        ("LEVEL", Column::Level),
        ("LOGGER", Column::Plain),
        ("MESSAGE", Column::Plain),
    ];
    list.print(&rows, &columns, |row| {
        vec![
            moment::clock(text(row, &["timestamp"])),
            cell(row, &["level"]),
            cell(row, &["name"]),
            cell(row, &["message"]),
        ]
    })
}

fn cell(row: &Value, path: &[&str]) -> String {
    text(row, path).unwrap_or("-").to_owned()
}

impl ListArgs {
    fn print(
        &self,
        rows: &[Value],
        columns: &[(&'static str, Column)],
        cells: impl Fn(&Value) -> Vec<String>,
    ) -> Outcome {
        if self.output == Output::Json {
            println!("{:#}", json!(rows));
            return Ok(ExitCode::SUCCESS);
        }
        if rows.is_empty() {
            println!("None.");
            return Ok(ExitCode::SUCCESS);
        }
        let mut table = Table::new(columns);
        for row in rows {
            table.row(cells(row));
        }
        print!("{}", table.render(Ink::of_stdout()));
        if rows.len() as u64 == u64::from(self.limit) {
            eprintln!("The first {} only; --limit shows more.", self.limit);
        }
        Ok(ExitCode::SUCCESS)
    }
}
