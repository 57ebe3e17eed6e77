//! Changing a flow: what is asked of the server, and what is said of how that went.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::session::{Tone, use_toasts};

/// What can be changed of a flow.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowChange {
    /// The labels of all versions; `None` gives each its own again.
    Labels(FlowGroupId, Option<Vec<String>>),
    /// Whether its runs report that they are alive.
    Heartbeat(FlowId, bool),
    /// Whether vanished runs are started again.
    Lazarus(FlowId, bool),
}

/// Changes a flow and says how that went; `after` is called when it went well.
pub fn use_change_flow(busy: RwSignal<bool>, after: Callback<()>) -> Callback<FlowChange> {
    let toasts = use_toasts();
    Callback::new(move |change: FlowChange| {
        busy.set(true);
        spawn_local(async move {
            let result = make(change).await;
            busy.try_set(false);
            match result {
                Ok(done) => {
                    toasts.show(Tone::Good, done, None, None);
                    after.try_run(());
                }
                Err((not_done, error)) => {
                    toasts.show(Tone::Bad, format!("{not_done} {error}"), None, None);
                }
            }
        });
    })
}

/// The words for what was done, or for what was not and why.
async fn make(change: FlowChange) -> Result<&'static str, (&'static str, api::ApiError)> {
    use api::flow_settings as ask;
    let (result, done, not_done) = match change {
        FlowChange::Labels(group, labels) => {
            let done = match labels {
                Some(_) => "The labels are saved. Runs that are made from now on get them.",
                None => "Each version has the labels it was registered with.",
            };
            (
                ask::set_labels(group, labels).await,
                done,
                "The labels stay as they were.",
            )
        }
        FlowChange::Heartbeat(flow, on) => {
            let done = if on {
                "Heartbeats are on."
            } else {
                "Heartbeats are off."
            };
            (
                ask::set_heartbeat(flow, on).await,
                done,
                "Heartbeats stay as they were.",
            )
        }
        FlowChange::Lazarus(flow, on) => {
            let done = if on { "Lazarus is on." } else { "Lazarus is off." };
            (ask::set_lazarus(flow, on).await, done, "Lazarus stays as it was.")
        }
    };
    match result {
        Ok(()) => Ok(done),
        Err(error) => Err((not_done, error)),
    }
}
