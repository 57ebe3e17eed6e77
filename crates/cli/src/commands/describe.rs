//! `flowdeck describe`: one thing with what belongs to it.

use std::process::ExitCode;

use clap::Subcommand;
use flowdeck_engine::client::Client;
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::lookup::{self, text};
use crate::show::ink::{Ink, harmless};
use crate::show::moment;
use crate::show::table::{Column, Table};
use crate::time;
use crate::watch::task_run_name;

/// How many task runs and log entries a description shows.
const SHOWN: usize = 40;

#[derive(Debug, Subcommand)]
pub enum DescribeCommand {
    /// A project and its flows
    Project {
        /// Name of the project
        name: String,
    },
    /// A flow: description, parameters, tasks, last runs
    Flow {
        /// Name or id of the flow
        name: String,
        /// Its project, where several have one of that name
        #[arg(long, short)]
        project: Option<String>,
    },
    /// A flow run: states, task runs, last log entries
    #[command(alias = "run")]
    FlowRun {
        /// Name or id of the flow run; of several with the name, the newest
        name: String,
    },
}

impl DescribeCommand {
    pub fn carry_out(self, client: &Client) -> Outcome {
        match self {
            Self::Project { name } => project(client, &name),
            Self::Flow { name, project } => flow(client, &name, project.as_deref()),
            Self::FlowRun { name } => flow_run(client, &name),
        }
    }
}

fn project(client: &Client, name: &str) -> Outcome {
    let selection = "{ id name description created flows(where: {archived: {_eq: false}}, order_by: {name: asc}) \
        { name version flow_runs(order_by: {created: desc}, limit: 1) { state } } }";
    let found = lookup::rows(
        client,
        "project",
        json!({"name": {"_eq": name}}),
        json!([]),
        Some(1),
        selection,
    )?;
    let Some(project) = found.first() else {
        let there = lookup::rows(
            client,
            "project",
            json!({}),
            json!([{"name": "asc"}]),
            None,
            "{ name }",
        )?;
        let names = lookup::offer(there.iter().map(|row| cell(row, &["name"])));
        return Err(Failure::new(format!("There is no project '{name}'. {names}")));
    };
    heading("Project", name);
    fact("Id", &cell(project, &["id"]));
    fact("Created", &moment::ago(text(project, &["created"]), time::now()));
    description(project);
    let mut table = Table::new(&[
        ("FLOW", Column::Plain),
        ("VERSION", Column::Plain),
        ("LAST RUN", Column::State),
    ]);
    for flow in list(project, "flows") {
        table.row([
            cell(flow, &["name"]),
            flow["version"].to_string(),
            cell(&flow["flow_runs"][0], &["state"]),
        ]);
    }
    section("Flows", list(project, "flows").len(), &table);
    Ok(ExitCode::SUCCESS)
}

fn flow(client: &Client, name: &str, project: Option<&str>) -> Outcome {
    let selection = "{ version created description parameters storage run_config is_schedule_active \
        tasks(order_by: {name: asc}) { name trigger max_retries } \
        flow_runs(order_by: {created: desc}, limit: 10) { name state start_time end_time } }";
    let flow = lookup::flow(client, name, project, selection)?;
    heading("Flow", &cell(&flow, &["name"]));
    fact("Id", &cell(&flow, &["id"]));
    fact("Project", lookup::project_of(&flow));
    fact("Version", &flow["version"].to_string());
    fact("Registered", &moment::ago(text(&flow, &["created"]), time::now()));
    fact("Executable", &cell(&flow, &["storage", "path"]));
    fact("Labels", &joined(&flow["run_config"]["labels"]));
    description(&flow);

    let mut table = Table::new(&[
        ("PARAMETER", Column::Plain),
        ("TYPE", Column::Plain),
        ("DEFAULT", Column::Plain),
    ]);
    for parameter in list(&flow, "parameters") {
        let required = parameter["required"].as_bool().unwrap_or(false);
        let default = if required {
            "required".to_owned()
        } else {
            parameter["default"].to_string()
        };
        table.row([
            cell(parameter, &["name"]),
            cell(parameter, &["value_type"]),
            default,
        ]);
    }
    section("Parameters", list(&flow, "parameters").len(), &table);
    let mut table = Table::new(&[
        ("TASK", Column::Plain),
        ("TRIGGER", Column::Plain),
        ("RETRIES", Column::Plain),
    ]);
    for task in list(&flow, "tasks") {
        let trigger = text(task, &["trigger"])
            .and_then(|trigger| trigger.rsplit('.').next())
            .unwrap_or("-");
        table.row([
            cell(task, &["name"]),
            trigger.to_owned(),
            task["max_retries"].to_string(),
        ]);
    }
    section("Tasks", list(&flow, "tasks").len(), &table);
    let mut table = Table::new(&[
        ("FLOW RUN", Column::Plain),
        ("STATE", Column::State),
        ("STARTED", Column::Plain),
        ("LASTED", Column::Plain),
    ]);
    for run in list(&flow, "flow_runs") {
        let (start, end) = (text(run, &["start_time"]), text(run, &["end_time"]));
        table.row([
            cell(run, &["name"]),
            cell(run, &["state"]),
            moment::ago(start, time::now()),
            moment::lasting(start, end, time::now()),
        ]);
    }
    section("Last runs", list(&flow, "flow_runs").len(), &table);
    Ok(ExitCode::SUCCESS)
}

fn flow_run(client: &Client, name: &str) -> Outcome {
    let selection = "{ id name state state_message scheduled_start_time start_time end_time parameters labels \
        flow { name version project { name } } agent { name } \
        states(order_by: {version: asc}) { state message timestamp } \
        task_runs(order_by: [{start_time: asc}, {map_index: asc}]) \
          { name map_index state state_message start_time end_time task { name } } \
        logs(order_by: {timestamp: desc}, limit: 20) { timestamp level name message } }";
    let run = lookup::flow_run(client, name, selection)?;
    let ink = Ink::of_stdout();
    let (start, end) = (text(&run, &["start_time"]), text(&run, &["end_time"]));
    heading("Flow run", &cell(&run, &["name"]));
    fact("Id", &cell(&run, &["id"]));
    fact(
        "Flow",
        &format!(
            "{} (version {})",
            cell(&run, &["flow", "name"]),
            run["flow"]["version"]
        ),
    );
    fact("Project", lookup::project_of(&run["flow"]));
    println!(
        "{:<12}{}  {}",
        "State",
        ink.state(&cell(&run, &["state"])),
        one_line(&run, "state_message")
    );
    fact(
        "Scheduled",
        &moment::ago(text(&run, &["scheduled_start_time"]), time::now()),
    );
    fact("Started", &moment::ago(start, time::now()));
    fact("Lasted", &moment::lasting(start, end, time::now()));
    fact("Agent", &cell(&run, &["agent", "name"]));
    fact("Labels", &joined(&run["labels"]));
    fact("Parameters", &run["parameters"].to_string());

    let mut table = Table::new(&[
        ("TIME", Column::Faint),
        ("STATE", Column::State),
        ("MESSAGE", Column::Plain),
    ]);
    for state in list(&run, "states") {
        table.row([
            moment::clock(text(state, &["timestamp"])),
            cell(state, &["state"]),
            cell(state, &["message"]),
        ]);
    }
    section("States", list(&run, "states").len(), &table);
    let task_runs = list(&run, "task_runs");
    let mut table = Table::new(&[
        ("TASK RUN", Column::Plain),
        ("STATE", Column::State),
        ("LASTED", Column::Plain),
        ("MESSAGE", Column::Faint),
    ]);
    for task_run in task_runs.iter().take(SHOWN) {
        let (start, end) = (text(task_run, &["start_time"]), text(task_run, &["end_time"]));
        table.row([
            task_run_name(task_run),
            cell(task_run, &["state"]),
            moment::lasting(start, end, time::now()),
            cell(task_run, &["state_message"]),
        ]);
    }
    section("Task runs", task_runs.len(), &table);
    let mut table = Table::new(&[
        ("TIME", Column::Faint),
        ("LEVEL", Column::Level),
        ("LOGGER", Column::Plain),
        ("MESSAGE", Column::Plain),
    ]);
    for log in list(&run, "logs").iter().rev() {
        table.row([
            moment::clock(text(log, &["timestamp"])),
            cell(log, &["level"]),
            cell(log, &["name"]),
            cell(log, &["message"]),
        ]);
    }
    section("Last log entries", list(&run, "logs").len(), &table);
    Ok(ExitCode::SUCCESS)
}

fn heading(noun: &str, name: &str) {
    println!(
        "{}",
        Ink::of_stdout().bold(&format!("{noun} {}", harmless(name, false)))
    );
}

fn fact(name: &str, value: &str) {
    println!("{name:<12}{}", harmless(value, false));
}

fn description(row: &Value) {
    if let Some(words) = text(row, &["description"]).filter(|words| !words.trim().is_empty()) {
        println!("\n{}", harmless(words.trim(), true));
    }
}

fn section(name: &str, count: usize, table: &Table) {
    let more = if count > SHOWN {
        format!(", the first {SHOWN} of {count}")
    } else {
        String::new()
    };
    if count > 0 {
        println!(
            "\n{}{more}\n{}",
            Ink::of_stdout().bold(name),
            table.render(Ink::of_stdout()).trim_end()
        );
    }
}

fn cell(row: &Value, path: &[&str]) -> String {
    text(row, path).unwrap_or("-").to_owned()
}

fn one_line(row: &Value, key: &str) -> String {
    harmless(text(row, &[key]).unwrap_or_default(), false)
}

fn list<'a>(row: &'a Value, key: &str) -> &'a [Value] {
    row[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn joined(labels: &Value) -> String {
    let labels: Vec<&str> = labels
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if labels.is_empty() {
        "none".to_owned()
    } else {
        labels.join(", ")
    }
}
