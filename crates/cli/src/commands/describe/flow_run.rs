//! A flow run: how it stands, how it came there, what its tasks did and said.

use std::process::ExitCode;

use flowdeck_engine::client::Client;

use super::page::{SHOWN, fact, heading, joined, list, one_line, section};
use crate::failure::Outcome;
use crate::lookup::{self, cell, task_run_name, text};
use crate::show::ink::Ink;
use crate::show::table::{Column, Table};
use crate::show::{moment, say};
use crate::time;

pub fn describe(client: &Client, name: &str) -> Outcome {
    let selection = format!(
        "{{ id name state state_message scheduled_start_time start_time end_time parameters labels \
         flow {{ name version project {{ name }} }} agent {{ name }} \
         states(order_by: {{version: asc}}) {{ state message timestamp }} \
         task_runs_aggregate {{ aggregate {{ count }} }} \
         task_runs(order_by: [{{start_time: asc}}, {{map_index: asc}}], limit: {SHOWN}) \
           {{ name map_index state state_message state_timestamp start_time end_time task {{ name }} }} \
         logs(order_by: {{timestamp: desc}}, limit: 20) {{ timestamp level name message }} }}"
    );
    let run = lookup::flow_run(client, name, &selection)?;
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
    say(format!(
        "{:<12}{}  {}",
        "State",
        ink.state(&cell(&run, &["state"])),
        one_line(&run, "state_message")
    ));
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
    let mut table = Table::new(&[
        ("TASK RUN", Column::Plain),
        ("STATE", Column::State),
        ("LASTED", Column::Plain),
        ("MESSAGE", Column::Faint),
    ]);
    for task_run in list(&run, "task_runs") {
        let (start, end) = (text(task_run, &["start_time"]), lookup::ended(task_run));
        table.row([
            task_run_name(task_run),
            cell(task_run, &["state"]),
            moment::lasting(start, end, time::now()),
            cell(task_run, &["state_message"]),
        ]);
    }
    let all = run["task_runs_aggregate"]["aggregate"]["count"].as_u64();
    let all = all.and_then(|all| usize::try_from(all).ok()).unwrap_or_default();
    section("Task runs", all, &table);
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
