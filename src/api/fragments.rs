//! How the rows that several documents ask for become nouns.

use super::ApiError;
use super::row::Row;
use crate::model::{self, Agent, FlowLine, FlowRun, FlowRuns, RunBar, StateEntry};
use crate::sort;

/// `fragment FlowRunRow` → [`FlowRun`].
pub fn flow_run(row: Row<'_>) -> Result<FlowRun, ApiError> {
    let flow = row.row("flow")?;
    let project = flow.row("project")?;
    Ok(FlowRun {
        id: row.id("id")?,
        name: row.text_or_empty("name"),
        state: row.state("state"),
        message: row.some_text("state_message"),
        changed_at: row.some_time("state_timestamp")?,
        scheduled_at: row.time("scheduled_start_time")?,
        starts_at: row.some_time("state_start_time")?,
        started_at: row.some_time("start_time")?,
        ended_at: row.some_time("end_time")?,
        auto_scheduled: row.flag("auto_scheduled"),
        labels: row.labels("labels"),
        flow_id: flow.id("id")?,
        flow_name: flow.text("name")?,
        flow_version: flow.whole("version").unwrap_or(1),
        project_id: project.id("id")?,
        project_name: project.text("name")?,
    })
}

/// What a task run is called: from its `name` and `map_index` and its task's `name` and `slug`.
pub fn task_run_title(run: Row<'_>) -> Result<String, ApiError> {
    let task = run.row("task")?;
    let name = task
        .some_text("name")
        .unwrap_or_else(|| task.text_or_empty("slug"));
    let index = run.whole("map_index").unwrap_or(-1);
    Ok(model::task_run_title(
        run.some_text("name").as_ref(),
        &name,
        index,
    ))
}

/// Whether a task is mapped, from its `mapped_edges`.
pub fn is_mapped(task: Row<'_>) -> bool {
    task.rows("mapped_edges").next().is_some()
}

/// `fragment RunBar` → [`RunBar`].
pub fn run_bar(run: Row<'_>) -> Result<RunBar, ApiError> {
    Ok(RunBar {
        name: run.text_or_empty("name"),
        ..unnamed_bar(run)?
    })
}

/// The same without the name, for a run that is not shown as a bar.
fn unnamed_bar(run: Row<'_>) -> Result<RunBar, ApiError> {
    Ok(RunBar {
        id: run.id("id")?,
        name: String::new(),
        state: run.state("state"),
        scheduled_at: run.time("scheduled_start_time")?,
        changed_at: run.some_time("state_timestamp")?,
        started_at: run.some_time("start_time")?,
        ended_at: run.end()?,
    })
}

type ReadBar = fn(Row<'_>) -> Result<RunBar, ApiError>;

/// `fragment FlowRuns` → [`FlowRuns`].
pub fn flow_runs(row: Row<'_>) -> Result<FlowRuns, ApiError> {
    with_runs(row, unnamed_bar)
}

fn with_runs(row: Row<'_>, read: ReadBar) -> Result<FlowRuns, ApiError> {
    let project = row.row("project")?;
    let mut runs = Vec::new();
    for run in row
        .row("flow_group")?
        .rows("flows")
        .flat_map(|flow| flow.rows("flow_runs"))
    {
        runs.push(read(run)?);
    }
    sort::by(&mut runs, |a, b| a.scheduled_at.cmp(&b.scheduled_at));
    let first = runs.len().saturating_sub(FlowRuns::MOST);
    Ok(FlowRuns {
        id: row.id("id")?,
        name: row.text("name")?,
        group_id: row.id("flow_group_id")?,
        project_id: project.id("id")?,
        project_name: project.text("name")?,
        runs: runs.split_off(first),
    })
}

/// `fragment FlowLine` → [`FlowLine`].
pub fn flow_line(row: Row<'_>) -> Result<FlowLine, ApiError> {
    let group = row.row("flow_group")?;
    let schedule = group.some_json("schedule").or_else(|| row.some_json("schedule"));
    let next = row.rows("next").next();
    Ok(FlowLine {
        flow: with_runs(row, run_bar)?,
        archived: row.flag("archived"),
        has_clocks: schedule.is_some_and(|schedule| schedule["clocks"][0].is_object()),
        is_schedule_active: row.flag("is_schedule_active"),
        next_at: next.map(|run| run.time("state_start_time")).transpose()?,
        parameters: super::flow::parameters(row.json("parameters")),
        default_parameters: group.json("default_parameters"),
    })
}

/// `fragment AgentRow` → [`Agent`].
pub fn agent(row: Row<'_>) -> Result<Agent, ApiError> {
    Ok(Agent {
        id: row.id("id")?,
        name: row.text_or_empty("name"),
        agent_type: row.text_or_empty("type"),
        labels: row.labels("labels"),
        last_queried_at: row.some_time("last_queried")?,
    })
}

/// An entry of `states { id state message timestamp }` → [`StateEntry`].
pub fn state_entry(entry: Row<'_>) -> Result<StateEntry, ApiError> {
    Ok(StateEntry {
        id: entry.text("id")?,
        state: entry.state("state"),
        message: entry.some_text("message"),
        at: entry.time("timestamp")?,
    })
}
