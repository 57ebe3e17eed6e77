//! A project: what it is for, and its flows.

use std::process::ExitCode;

use flowdeck_engine::client::Client;
use serde_json::json;

use super::page::{description, fact, heading, list, section};
use crate::failure::{Failure, Outcome};
use crate::lookup::{self, cell, text};
use crate::show::moment;
use crate::show::table::{Column, Table};
use crate::time;

pub fn describe(client: &Client, name: &str) -> Outcome {
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
