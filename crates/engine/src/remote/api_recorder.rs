//! The recorder of a flow run process: everything goes to the GraphQL API.

use std::collections::HashMap;
use std::sync::Mutex;

use flowdeck_vocabulary::{FlowRunId, State, StateType, TaskId, TaskRunId};
use serde_json::{Map, Value, json};

use crate::cancel::CancelToken;
use crate::client::{Client, ClientError, LogEntry, LogLevel, TaskRunInfo, patiently};
use crate::log::{Level, LogLine};
use crate::recorder::{Artifact, KnownTaskRun, RecordError, Recorder, TaskRunKey};
use crate::remote::log_sender::LogSender;
use crate::remote::run_info::RunInfo;
use crate::remote::state_sender::StateSender;
use crate::remote::watch::{Watch, current_state};
use crate::remote::{deadline, record_error};
use crate::time::written;

/// How many children are made in one call.
const CHILDREN_PER_CALL: usize = 50;

/// Reports one flow run.
pub(super) struct ApiRecorder {
    client: Client,
    flow_run_id: FlowRunId,
    tasks: HashMap<String, TaskId>,
    known: Mutex<HashMap<TaskRunKey, (TaskRunId, State)>>,
    /// The run's state as the server last had it from us or told us.
    state: Mutex<State>,
    states: StateSender,
    logs: LogSender,
    /// Lines below it are not sent.
    least: Level,
    watch: Watch,
}

impl ApiRecorder {
    /// Starts the threads that send states and logs and watch over the run.
    pub(super) fn start(
        client: Client,
        flow_run_id: FlowRunId,
        info: RunInfo,
        least: Level,
        cancel: CancelToken,
    ) -> Self {
        let known = info
            .task_runs
            .into_iter()
            .map(|(slug, known)| {
                (
                    TaskRunKey {
                        slug,
                        map_index: None,
                    },
                    known,
                )
            })
            .collect();
        Self {
            states: StateSender::start(client.clone()),
            logs: LogSender::start(client.clone()),
            least,
            watch: Watch::start(client.clone(), flow_run_id, cancel),
            client,
            flow_run_id,
            tasks: info.tasks,
            known: Mutex::new(known),
            state: Mutex::new(info.state),
        }
    }

    /// Sends what is still to be sent and stops watching.
    pub(super) fn finish(&self) {
        self.logs.flush();
        self.watch.stop();
    }

    fn task_id(&self, slug: &str) -> Result<TaskId, RecordError> {
        self.tasks.get(slug).copied().ok_or_else(|| {
            RecordError::Lost(format!(
                "The registered flow has no task '{slug}': the program has changed since. Register the flow again."
            ))
        })
    }

    /// Work also stops when the server refuses a task run's state because the run has been taken from this
    /// process (rescheduled, ended, deleted). Then the run is not ours to cancel.
    fn may_be_cancelled(&self) -> Result<bool, RecordError> {
        let ask = || current_state(&self.client, self.flow_run_id);
        let current = patiently(deadline(), &|| false, ask).map_err(record_error)?;
        Ok(matches!(
            current,
            Some(StateType::Cancelling | StateType::Running)
        ))
    }

    fn know(&self, key: TaskRunKey, info: TaskRunInfo) {
        crate::lock(&self.known).insert(key, (info.id, info.serialized_state));
    }

    /// Makes (or finds) several children in one call, by aliases of one mutation.
    fn children(&self, task: TaskId, indices: &[usize]) -> Result<Vec<TaskRunInfo>, ClientError> {
        let fields: String = indices
            .iter()
            .map(|index| {
                format!(
                    "c{index}: get_or_create_task_run_info(input: {{flow_run_id: $run, task_id: $task, \
                     map_index: {index}}}) {{ id version serialized_state }} "
                )
            })
            .collect();
        let query = format!("mutation($run: UUID!, $task: UUID!) {{ {fields}}}");
        let data = self
            .client
            .execute(&query, json!({"run": self.flow_run_id, "task": task}))?;
        let malformed = |reason: String| ClientError::Malformed {
            url: self.client.url().to_owned(),
            reason,
        };
        let Value::Object(mut data) = data else {
            return Err(malformed("data is no object".to_owned()));
        };
        indices
            .iter()
            .map(|index| child(&mut data, *index).map_err(&malformed))
            .collect()
    }
}

fn child(data: &mut Map<String, Value>, index: usize) -> Result<TaskRunInfo, String> {
    let value = data.remove(&format!("c{index}")).unwrap_or_default();
    serde_json::from_value(value).map_err(|error| format!("task run of child {index}: {error}"))
}

impl Recorder for ApiRecorder {
    fn begin(&self, task_run: &TaskRunKey) -> Result<KnownTaskRun, RecordError> {
        let remembered = crate::lock(&self.known).remove(task_run);
        let (id, state) = match remembered {
            Some(known) => known,
            None => {
                let task = self.task_id(&task_run.slug)?;
                let index = task_run.map_index.and_then(|index| u64::try_from(index).ok());
                let ask = || self.client.task_run_info(self.flow_run_id, task, index);
                let info = patiently(deadline(), &|| false, ask).map_err(record_error)?;
                (info.id, info.serialized_state)
            }
        };
        Ok(KnownTaskRun {
            id: id.to_string(),
            state: Some(state),
        })
    }

    fn expect_children(&self, slug: &str, count: usize) -> Result<(), RecordError> {
        let task = self.task_id(slug)?;
        let indices: Vec<usize> = (0..count).collect();
        for some in indices.chunks(CHILDREN_PER_CALL) {
            let infos =
                patiently(deadline(), &|| false, || self.children(task, some)).map_err(record_error)?;
            for (&index, info) in some.iter().zip(infos) {
                self.know(
                    TaskRunKey {
                        slug: slug.to_owned(),
                        map_index: Some(index),
                    },
                    info,
                );
            }
        }
        Ok(())
    }

    fn task_run_state(&self, _task_run: &TaskRunKey, id: &str, state: &State) -> Result<(), RecordError> {
        let id = id
            .parse()
            .map_err(|error| RecordError::Lost(format!("{error}")))?;
        self.states.send(id, state.clone())
    }

    fn flow_run_state(&self, state: &State) -> Result<(), RecordError> {
        if self.watch.ended_elsewhere() {
            return Err(RecordError::Refused(
                "the flow run has been ended by somebody else".to_owned(),
            ));
        }
        if state.state_type == StateType::Cancelled && !self.may_be_cancelled()? {
            return Err(RecordError::Refused(
                "the flow run is no longer this process's".to_owned(),
            ));
        }
        // A run that goes on where another process left it is Running already.
        let running = StateType::Running;
        if state.state_type == running && crate::lock(&self.state).state_type == running {
            return Ok(());
        }
        if state.state_type.is_finished() {
            // Whoever stops following the run when it is over has then seen all of its log.
            self.logs.flush();
        }
        let states = [(self.flow_run_id, state.clone())];
        patiently(deadline(), &|| false, || self.client.set_flow_run_states(&states))
            .map_err(record_error)?;
        *crate::lock(&self.state) = state.clone();
        Ok(())
    }

    fn log(&self, line: LogLine) {
        if line.level < self.least {
            return;
        }
        self.logs.send(LogEntry {
            flow_run_id: self.flow_run_id,
            task_run_id: line.task_run_id.and_then(|id| id.parse().ok()),
            timestamp: Some(written(line.timestamp)),
            name: line.name,
            level: match line.level {
                Level::Debug => LogLevel::Debug,
                Level::Info => LogLevel::Info,
                Level::Warning => LogLevel::Warning,
                Level::Error => LogLevel::Error,
                Level::Critical => LogLevel::Critical,
            },
            message: line.message,
        });
    }

    fn artifact(&self, task_run_id: &str, artifact: Artifact) -> Result<(), RecordError> {
        let id: TaskRunId = task_run_id
            .parse()
            .map_err(|error| RecordError::Lost(format!("{error}")))?;
        let create = || {
            self.client
                .create_artifact(id, &artifact.kind, artifact.data.clone())
        };
        patiently(deadline(), &|| false, create)
            .map(|_| ())
            .map_err(record_error)
    }
}
