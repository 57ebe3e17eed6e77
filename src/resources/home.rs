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
use crate::model::{Agent, Home, RunCounts, RunFilter, RunSort, late_where, wire_text};
use crate::polled::{FailureKind, Polled};
use crate::session::{Tone, use_now, use_toasts};

/// Everything the first page shows, quick while something moves. When what fails has failed first is a question of its
/// own, asked once for each end of a run after the page has been shown.
pub fn use_home() -> Polled<Home> {
    poll(
        || Some(()),
        |home: &Home| match (home.unknown_failures().is_empty(), home.is_moving(now())) {
            (false, _) => Cadence::AtOnce,
            (true, true) => Cadence::Live,
            (true, false) => Cadence::Normal,
        },
        |(), before: Option<Home>| async move {
            let Some(before) = before else {
                return api::home::home(now()).await;
            };
            let mut unknown = before.unknown_failures();
            // More of them follow at once.
            unknown.truncate(50);
            if unknown.is_empty() {
                return Ok(api::home::home(now()).await?.with_known_failures(&before));
            }
            let first = match api::failing_since::first_failures(&unknown).await {
                Err(error) if error.kind() == FailureKind::Unreachable => return Err(error),
                // The rest of the page does not depend on it.
                other => other.unwrap_or_default(),
            };
            Ok(before.with_failures(&unknown, &first))
        },
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

/// The late runs, as `where` of the API, as of now.
pub fn late_runs() -> Value {
    late_where(now())
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
            // Who asked may have left the page meanwhile.
            after.try_run(());
        });
    })
}
