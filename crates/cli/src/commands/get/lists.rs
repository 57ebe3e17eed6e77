//! The lists: for each noun what is asked of the API and which columns it makes.

use clap::ValueEnum as _;
use flowdeck_engine::client::Client;
use flowdeck_vocabulary::FlowRunId;
use serde_json::{Value, json};

use super::Level;
use super::output::ListArgs;
use crate::failure::Outcome;
use crate::lookup::{self, cell, task_run_name, text};
use crate::show::moment;
use crate::show::table::Column;
use crate::time;

pub fn projects(client: &Client, list: &ListArgs) -> Outcome {
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

pub fn flows(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
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

pub fn flow_runs(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
    let selection = "{ id name state state_message state_timestamp created scheduled_start_time start_time end_time \
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
            moment::lasting(text(row, &["start_time"]), lookup::ended(row), time::now()),
            cell(row, &["id"]),
        ]
    })
}

pub fn tasks(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
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
            lookup::trigger_name(row),
            row["max_retries"].to_string(),
            cell(row, &["id"]),
        ]
    })
}

pub fn task_runs(client: &Client, condition: Value, list: &ListArgs) -> Outcome {
    let selection =
        "{ id name map_index state state_message state_timestamp start_time end_time task { id name slug } }";
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
            moment::lasting(text(row, &["start_time"]), lookup::ended(row), time::now()),
            cell(row, &["state_message"]),
        ]
    })
}

pub fn logs(client: &Client, flow_run_id: FlowRunId, level: Option<Level>, list: &ListArgs) -> Outcome {
    let levels: Option<Vec<String>> = level.map(|lowest| {
        let known = Level::value_variants().iter().filter(|level| **level >= lowest);
        known
            .filter_map(|level| Some(level.to_possible_value()?.get_name().to_uppercase()))
            .collect()
    });
    let condition = json!({"flow_run_id": {"_eq": flow_run_id}, "level": {"_in": levels}});
    let selection = "{ id timestamp level name message task_run_id }";
    let order = json!([{"timestamp": "desc"}]);
    let mut rows = lookup::rows(client, "log", condition, order, Some(list.limit), selection)?;
    // The last ones are asked for, and read from the top.
    rows.reverse();
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
