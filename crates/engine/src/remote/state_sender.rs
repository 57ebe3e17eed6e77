//! Sends task run states: whatever has gathered while the last call was under way goes in one call.
//!
//! Each sender of a state waits for its own answer, so a state is at the server before anything that follows
//! from it begins, and nothing is waited for on purpose: a single state goes at once.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use flowdeck_vocabulary::{State, TaskRunId};

use crate::client::{Client, ClientError, patiently};
use crate::recorder::RecordError;
use crate::remote::{deadline, record_error};

/// The most states in one call: with large states still far below the server's limit for a body.
const LARGEST_BATCH: usize = 100;

pub(super) struct StateSender {
    states: Sender<Posted>,
}

struct Posted {
    task_run_id: TaskRunId,
    state: State,
    answer: Sender<Result<(), RecordError>>,
}

impl StateSender {
    pub(super) fn start(client: Client) -> Self {
        let (states, posted) = mpsc::channel();
        let thread = thread::Builder::new().name("flowdeck-states".to_owned());
        // Without the thread the channel is closed, and each state says so when it is sent.
        let _ = thread.spawn(move || work(&client, &posted));
        Self { states }
    }

    /// Sends a state; returns when the server has it.
    pub(super) fn send(&self, task_run_id: TaskRunId, state: State) -> Result<(), RecordError> {
        let (answer, answered) = mpsc::channel();
        let closed = || RecordError::Lost("the thread that sends states has ended".to_owned());
        self.states
            .send(Posted {
                task_run_id,
                state,
                answer,
            })
            .map_err(|_| closed())?;
        answered.recv().map_err(|_| closed())?
    }
}

fn work(client: &Client, posted: &Receiver<Posted>) {
    while let Ok(first) = posted.recv() {
        let mut batch = vec![first];
        batch.extend(posted.try_iter().take(LARGEST_BATCH - 1));
        let states: Vec<(TaskRunId, State)> = batch
            .iter()
            .map(|posted| (posted.task_run_id, posted.state.clone()))
            .collect();
        let outcome = send(client, &states);
        if let (Err(ClientError::Api(_)), true) = (&outcome, batch.len() > 1) {
            // One refusal answers for the whole call (contract 4.2): ask again, one by one, whose it was.
            for posted in batch {
                let outcome = send(client, &[(posted.task_run_id, posted.state.clone())]);
                answer(posted, outcome);
            }
            continue;
        }
        for posted in batch {
            answer(posted, outcome.clone());
        }
    }
}

fn send(client: &Client, states: &[(TaskRunId, State)]) -> Result<(), ClientError> {
    patiently(deadline(), &|| false, || client.set_task_run_states(states))
}

fn answer(posted: Posted, outcome: Result<(), ClientError>) {
    // The task run's thread may have been left behind by a cancelled run.
    let _ = posted.answer.send(outcome.map_err(record_error));
}
