//! Since when flows fail, beyond the runs that are at hand of them.

use std::collections::HashMap;

use flowdeck_vocabulary::{FlowGroupId, FlowRunId, StateType};
use futures_util::future::try_join_all;
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Timestamptz, Uuid};
use super::{ApiError, post};
use crate::model::{FirstFailure, Timestamp, first_failure, wire_text};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/failing_since.graphql",
    normalization = "rust"
)]
struct GetLastSuccesses;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/failing_since.graphql",
    normalization = "rust"
)]
struct GetFirstFailedRun;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/failing_since.graphql",
    normalization = "rust"
)]
struct GetEnds;

fn named(fits: fn(StateType) -> bool) -> Vec<String> {
    let states = StateType::ALL.into_iter().filter(|state| fits(*state));
    states.map(|state| state.name().to_owned()).collect()
}

/// Since when the flows fail of which these are the first failed runs at hand: when the first run after the last that
/// ended well failed for the first time since it last did so itself. By the run at hand.
pub async fn first_failures(runs: &[FirstFailure]) -> Result<HashMap<FlowRunId, Timestamp>, ApiError> {
    let (cut, whole): (Vec<FirstFailure>, Vec<_>) = runs.iter().copied().partition(|run| run.is_cut);
    // Of each first failed run the one at hand.
    let mut at_hand: HashMap<FlowRunId, FlowRunId> = whole.iter().map(|run| (run.id, run.id)).collect();
    for (run, before) in first_failed_runs(&cut).await? {
        at_hand.insert(before, run);
    }
    let variables = get_ends::Variables {
        runs: at_hand.keys().map(ToString::to_string).collect(),
        bad: named(StateType::is_failed),
        ends: named(|state| state.is_failed() || state.is_successful()),
    };
    let data = post::<GetEnds>(variables).await?;
    let mut first = HashMap::new();
    for run in Row(&data).rows("flow_run") {
        let ends = run.list("states", |end| Ok((end.state("state"), end.time("timestamp")?)))?;
        if let (Some(at), Some(run)) = (first_failure(ends), at_hand.get(&run.id("id")?)) {
            first.insert(*run, at);
        }
    }
    Ok(first)
}

/// The first failed run after the last that ended well, of the flows of which these are the first failed runs at hand;
/// by the run at hand.
async fn first_failed_runs(cut: &[FirstFailure]) -> Result<Vec<(FlowRunId, FlowRunId)>, ApiError> {
    if cut.is_empty() {
        return Ok(Vec::new());
    }
    let variables = get_last_successes::Variables {
        groups: cut.iter().map(|run| run.group_id.to_string()).collect(),
        good: named(StateType::is_successful),
    };
    let data = post::<GetLastSuccesses>(variables).await?;
    let mut questions = Vec::new();
    for group in Row(&data).rows("flow_group") {
        let id: FlowGroupId = group.id("id")?;
        let mut after = Timestamp::EARLIEST;
        for run in group.rows("flows").flat_map(|flow| flow.rows("flow_runs")) {
            after = after.max(run.time("scheduled_start_time")?);
        }
        let at_hand = cut.iter().filter(|run| run.group_id == id);
        questions.extend(at_hand.map(|run| first_failed_run(*run, after)));
    }
    let found = try_join_all(questions).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Of the flow of this first failed run at hand the first that failed of those to start after `after`.
async fn first_failed_run(
    run: FirstFailure,
    after: Timestamp,
) -> Result<Option<(FlowRunId, FlowRunId)>, ApiError> {
    let variables = get_first_failed_run::Variables {
        group: run.group_id.to_string(),
        bad: named(StateType::is_failed),
        after: wire_text(after),
    };
    let data = post::<GetFirstFailedRun>(variables).await?;
    let mut found = Row(&data).rows("flow_run");
    found
        .next()
        .map(|first| Ok((run.id, first.id("id")?)))
        .transpose()
}
