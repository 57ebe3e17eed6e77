//! Watches over a run while it goes: says that it lives, and looks whether somebody wants it to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flowdeck_vocabulary::{FlowRunId, StateType};
use serde::Deserialize;
use serde_json::json;

use crate::cancel::CancelToken;
use crate::client::{Client, ClientError};

/// How often the run's state is looked at. Prefect does it every 15 s; a person who cancels waits for it.
const LOOK: Duration = Duration::from_secs(1);
/// How often the server hears that the run lives; it gets suspicious after minutes (contract 4.10).
const HEARTBEAT: Duration = Duration::from_secs(10);

pub(super) struct Watch {
    over: CancelToken,
    ended_elsewhere: Arc<AtomicBool>,
}

impl Watch {
    /// Starts to watch; cancels `cancel` when the run is to stop.
    pub(super) fn start(client: Client, flow_run_id: FlowRunId, cancel: CancelToken) -> Self {
        let over = CancelToken::new();
        let ended_elsewhere = Arc::new(AtomicBool::new(false));
        let watch = Self {
            over: over.clone(),
            ended_elsewhere: Arc::clone(&ended_elsewhere),
        };
        let work = move || {
            let mut beaten = None::<Instant>;
            loop {
                // A server that is away is none of the watch's business: the states wait for it. But a run that is
                // not heard of once it is back is taken for dead by an agent, so a beat that is lost comes again.
                if beaten.is_none_or(|beaten| beaten.elapsed() >= HEARTBEAT)
                    && client.heartbeat(flow_run_id).is_ok()
                {
                    beaten = Some(Instant::now());
                }
                if over.wait(LOOK) {
                    return;
                }
                match verdict(&client, flow_run_id) {
                    Ok(Verdict::GoOn) | Err(_) => {}
                    Ok(Verdict::Cancel) => cancel.cancel(),
                    Ok(Verdict::Ended) => {
                        ended_elsewhere.store(true, Ordering::Relaxed);
                        cancel.cancel();
                    }
                }
            }
        };
        // Without the thread a run can be neither cancelled nor seen to live, but it runs.
        let _ = thread::Builder::new()
            .name("flowdeck-watch".to_owned())
            .spawn(work);
        watch
    }

    /// Whether somebody else has ended the run (or deleted it): then its end is not ours to report.
    pub(super) fn ended_elsewhere(&self) -> bool {
        self.ended_elsewhere.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.over.cancel();
    }
}

enum Verdict {
    GoOn,
    Cancel,
    Ended,
}

fn verdict(client: &Client, flow_run_id: FlowRunId) -> Result<Verdict, ClientError> {
    Ok(match current_state(client, flow_run_id)? {
        None => Verdict::Ended,
        Some(StateType::Cancelling) => Verdict::Cancel,
        Some(state) if state.is_finished() => Verdict::Ended,
        Some(_) => Verdict::GoOn,
    })
}

/// The state the server has for the run; `None` when there is no such run (any more).
pub(super) fn current_state(
    client: &Client,
    flow_run_id: FlowRunId,
) -> Result<Option<StateType>, ClientError> {
    #[derive(Deserialize)]
    struct Row {
        state: Option<StateType>,
    }
    let query = "query($id: uuid!) { flow_run_by_pk(id: $id) { state } }";
    let row: Option<Row> = client.execute_as(query, json!({"id": flow_run_id}), "flow_run_by_pk")?;
    Ok(row.map(|row| row.state.unwrap_or(StateType::Pending)))
}
