//! A flow: description, parameters, tasks, last runs.

use std::process::ExitCode;

use flowdeck_engine::client::Client;

use super::page::{description, fact, heading, joined, list, section};
use crate::failure::Outcome;
use crate::lookup::{self, cell, text};
use crate::show::moment;
use crate::show::table::{Column, Table};
use crate::time;

pub fn describe(client: &Client, name: &str, project: Option<&str>) -> Outcome {
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
        table.row([
            cell(task, &["name"]),
            lookup::trigger_name(task),
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
