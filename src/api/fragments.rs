//! A fragment is generated anew in every query that uses it; each macro here turns all of them into one noun.

/// A row with the fields of `fragment FlowRunRow` → [`FlowRun`](crate::model::FlowRun); inside a function that
/// answers a `Result`.
macro_rules! flow_run {
    ($row:ident) => {
        crate::model::FlowRun {
            id: crate::api::scalars::id(&$row.id)?,
            name: $row.name.unwrap_or_default(),
            state: crate::api::scalars::state($row.state.as_ref()),
            message: $row.state_message,
            scheduled_at: crate::api::scalars::time(&$row.scheduled_start_time)?,
            started_at: crate::api::scalars::some_time($row.start_time.as_ref())?,
            ended_at: crate::api::scalars::some_time($row.end_time.as_ref())?,
            auto_scheduled: $row.auto_scheduled,
            labels: crate::api::scalars::labels(&$row.labels),
            flow_id: crate::api::scalars::id(&$row.flow.id)?,
            flow_name: $row.flow.name,
            flow_version: $row.flow.version.unwrap_or(1),
            project_id: crate::api::scalars::id(&$row.flow.project.id)?,
            project_name: $row.flow.project.name,
        }
    };
}

/// `fragment FlowRunRow` → [`FlowRun`](crate::model::FlowRun).
macro_rules! flow_run_row {
    ($($module:ident),*) => {$(
        impl TryFrom<$module::FlowRunRow> for crate::model::FlowRun {
            type Error = crate::api::ApiError;

            fn try_from(row: $module::FlowRunRow) -> Result<Self, Self::Error> {
                Ok(crate::api::fragments::flow_run!(row))
            }
        }
    )*};
}

/// `fragment FlowLine` with `RunBar` → [`FlowLine`](crate::model::FlowLine).
macro_rules! flow_line {
    ($($module:ident),*) => {$(
        impl TryFrom<$module::FlowLine> for crate::model::FlowLine {
            type Error = crate::api::ApiError;

            fn try_from(row: $module::FlowLine) -> Result<Self, Self::Error> {
                use crate::api::scalars::{id, some_time, state, time};
                let mut runs = Vec::new();
                for run in row.flow_group.flows.into_iter().flat_map(|flow| flow.flow_runs) {
                    runs.push(crate::model::RunBar {
                        id: id(&run.id)?,
                        name: run.name.unwrap_or_default(),
                        state: state(run.state.as_ref()),
                        scheduled_at: time(&run.scheduled_start_time)?,
                        changed_at: some_time(run.state_timestamp.as_ref())?,
                        started_at: some_time(run.start_time.as_ref())?,
                        ended_at: some_time(run.end_time.as_ref())?,
                    });
                }
                runs.sort_by_key(|run| run.scheduled_at);
                let first = runs.len().saturating_sub(crate::model::FlowLine::RUNS);
                Ok(Self {
                    id: id(&row.id)?,
                    name: row.name,
                    project_id: id(&row.project.id)?,
                    project_name: row.project.name,
                    is_schedule_active: row.is_schedule_active,
                    next_at: some_time(row.next.first().map(|run| &run.scheduled_start_time))?,
                    parameters: crate::api::flow::parameters(row.parameters),
                    default_parameters: row.flow_group.default_parameters,
                    runs: runs.split_off(first),
                })
            }
        }
    )*};
}

/// `fragment AgentRow` → [`Agent`](crate::model::Agent).
macro_rules! agent_row {
    ($($module:ident),*) => {$(
        impl TryFrom<$module::AgentRow> for crate::model::Agent {
            type Error = crate::api::ApiError;

            fn try_from(row: $module::AgentRow) -> Result<Self, Self::Error> {
                use crate::api::scalars::{id, labels, some_time};
                Ok(Self {
                    id: id(&row.id)?,
                    name: row.name.unwrap_or_default(),
                    agent_type: row.type_.unwrap_or_default(),
                    labels: labels(&row.labels),
                    last_queried_at: some_time(row.last_queried.as_ref())?,
                })
            }
        }
    )*};
}

pub(super) use {agent_row, flow_line, flow_run, flow_run_row};
