//! The flow run process: runs one flow run of the server's and reports through the GraphQL API.
//!
//! It is a client like any other. What it needs of the server is the contract's (4.8); what it adds is
//! patience: every call is made again while the server is away, so that a restart of the server costs a run
//! nothing.

mod api_recorder;
mod asked_to_end;
mod log_sender;
mod run_info;
mod state_sender;
#[cfg(test)]
mod tests;
mod watch;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flowdeck_vocabulary::{FlowRunId, LOG_LEVEL_VARIABLE, State, StateType};

use crate::cancel::CancelToken;
use crate::client::{Client, ClientError, patiently};
use crate::flow_runner::RunOptions;
use crate::flows::Flows;
use crate::log::Level;
use crate::recorder::{RecordError, Recorder};
use crate::states;
use api_recorder::ApiRecorder;
use asked_to_end::AskedToEnd;
use run_info::RunInfo;

/// How long the server may be away before a run gives up on it.
const PATIENCE: Duration = Duration::from_secs(600);
/// Retries that lie further ahead are left to a later process: the agent starts one when their time has
/// come (contract 4.8).
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Why a flow run could not be carried out.
#[derive(Debug)]
pub enum ExecuteError {
    /// The server does not know the run.
    NoFlowRun(FlowRunId),
    /// The run stands as Failed at the server, for this reason: the program has no such flow, or the
    /// parameters do not fit.
    Refused(String),
    /// The server did not answer, or not as the contract says.
    Client(ClientError),
    /// States could no longer be reported.
    Lost(String),
}

impl fmt::Display for ExecuteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFlowRun(id) => write!(f, "The server does not know the flow run {id}."),
            Self::Refused(reason) | Self::Lost(reason) => f.write_str(reason),
            Self::Client(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExecuteError {}

impl From<ClientError> for ExecuteError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

/// Carries one flow run out and answers the state it ended in: Running when it waits for a later process.
/// Results go to files under `results_folder`, so that the run can go on if this process ends. While it goes,
/// SIGTERM and SIGINT end the run as Cancelled.
///
/// # Errors
/// See [`ExecuteError`].
pub fn execute_flow_run(
    flows: &Flows,
    client: &Client,
    flow_run_id: FlowRunId,
    results_folder: Option<PathBuf>,
) -> Result<State, ExecuteError> {
    let info = patiently(deadline(), &|| false, || RunInfo::fetch(client, flow_run_id))?
        .ok_or(ExecuteError::NoFlowRun(flow_run_id))?;
    if info.state.state_type.is_finished() {
        return Ok(info.state);
    }
    if info.state.state_type == StateType::Cancelling {
        return end(client, flow_run_id, states::cancelled(None));
    }
    let Some(flow) = flows.get(&info.flow_name) else {
        let known: Vec<&str> = flows.iter().map(crate::Flow::name).collect();
        let reason = format!(
            "This program has no flow '{}'. It has: {}. Register the flow again from the program that holds it.",
            info.flow_name,
            known.join(", ")
        );
        return refuse(client, flow_run_id, reason);
    };
    if let Err(error) = flow.check_parameters(&info.parameters) {
        return refuse(client, flow_run_id, error.to_string());
    }

    let cancel = CancelToken::new();
    let _asked_to_end = AskedToEnd::listen(cancel.clone());
    let parameters = info.parameters.clone();
    let recorder = Arc::new(ApiRecorder::start(
        client.clone(),
        flow_run_id,
        info,
        least_level(std::env::var(LOG_LEVEL_VARIABLE).ok().as_deref()),
        cancel.clone(),
    ));
    let mut options = RunOptions::new()
        .parameters(parameters)
        .recorder(Arc::clone(&recorder) as Arc<dyn Recorder>)
        .cancel(cancel)
        .run_name(flow_run_id.to_string())
        .longest_wait(LONGEST_WAIT);
    if let Some(folder) = results_folder {
        options = options.results_folder(folder);
    }
    let outcome = flow.run_with(options);
    recorder.finish();
    outcome.map(|run| run.state).map_err(|error| {
        // The server may still take the news itself, although it would not take a task run's state.
        let failed = states::finished(StateType::Failed, error.to_string());
        let _ = client.set_flow_run_states(&[(flow_run_id, failed)]);
        ExecuteError::Lost(error.to_string())
    })
}

/// From which level on lines go to the server: what the run config's environment says, otherwise all of them.
fn least_level(said: Option<&str>) -> Level {
    said.and_then(Level::named).unwrap_or(Level::Debug)
}

fn deadline() -> Instant {
    Instant::now() + PATIENCE
}

/// Ends the run as Failed before it began.
fn refuse(client: &Client, flow_run_id: FlowRunId, reason: String) -> Result<State, ExecuteError> {
    end(
        client,
        flow_run_id,
        states::finished(StateType::Failed, reason.clone()),
    )?;
    Err(ExecuteError::Refused(reason))
}

fn end(client: &Client, flow_run_id: FlowRunId, state: State) -> Result<State, ExecuteError> {
    let states = [(flow_run_id, state)];
    patiently(deadline(), &|| false, || client.set_flow_run_states(&states))?;
    let [(_, state)] = states;
    Ok(state)
}

/// What a refusal of the API means to a run.
fn record_error(error: ClientError) -> RecordError {
    if error.says("State update failed") {
        RecordError::Refused(error.to_string())
    } else {
        RecordError::Lost(error.to_string())
    }
}
