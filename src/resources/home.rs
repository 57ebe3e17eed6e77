//! The first page, and the agents.

use std::time::Duration;

use flowdeck_vocabulary::AgentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

use super::poll::{Cadence, poll};
use super::run_history::{RunQuery, use_run_counts};
use super::ticking::now;
use crate::api;
use crate::model::{Agent, Home, LATE_AFTER, RunCounts, RunFilter, RunSort, wire_text};
use crate::polled::Polled;
use crate::session::{Tone, use_now, use_toasts};

/// Everything the first page shows, quick while something moves.
pub fn use_home() -> Polled<Home> {
    poll(
        || Some(()),
        |home: &Home| {
            if home.is_moving(now()) {
                Cadence::Live
            } else {
                Cadence::Normal
            }
        },
        |(), _| api::home::home(now()),
    )
}

/// How many flow runs there were in the last `hours`, by state and over time.
pub fn use_recent_counts(hours: Memo<i64>) -> RwSignal<Option<RunCounts>> {
    // To the minute, so that it is another question now and then and not all the time.
    let now = use_now();
    let minute = Memo::new(move |_| now.get().floor(Duration::from_mins(1), 0));
    let query = Memo::new(move |_| {
        let now = minute.get();
        let hours = u64::try_from(hours.get()).unwrap_or(0);
        let since = now.before(Duration::from_hours(hours));
        Some(RunQuery {
            // Not what is still to come, but what is due within this minute.
            of: json!({ "scheduled_start_time": {
                "_gte": wire_text(since), "_lt": wire_text(now.after(Duration::from_mins(1))),
            } }),
            filter: RunFilter::default(),
            sort: RunSort::default(),
            over: Some((since, now)),
        })
    });
    use_run_counts(query)
}

/// The agents, while `wanted`.
pub fn use_agents(wanted: impl Fn() -> bool + 'static) -> Polled<Vec<Agent>> {
    poll(
        move || wanted().then_some(()),
        |_| Cadence::Normal,
        |(), _| api::agents(),
    )
}

/// The late runs, as `where` of the API: due for a while and not taken by an agent.
pub fn late_runs() -> Value {
    json!({
        "state": { "_in": ["Scheduled", "Queued"] },
        "state_start_time": { "_lt": wire_text(now().before(LATE_AFTER)) },
    })
}

/// The runs under way, as `where` of the API.
pub fn runs_under_way() -> Value {
    json!({ "state": { "_in": ["Running", "Submitted", "Cancelling"] } })
}

/// Forgets an agent, says so, and then calls `after`. One that still runs comes back when it next asks for work.
pub fn use_remove_agent(after: Callback<()>) -> Callback<(AgentId, String)> {
    let toasts = use_toasts();
    Callback::new(move |(id, name): (AgentId, String)| {
        spawn_local(async move {
            let (tone, message) = match api::delete_agent(id).await {
                Ok(()) => (Tone::Good, format!("{name} was removed.")),
                Err(error) => (Tone::Bad, format!("{name} was not removed. {error}")),
            };
            toasts.show(tone, message, None, None);
            after.run(());
        });
    })
}
