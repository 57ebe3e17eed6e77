//! The first page and the lists of flows: each flow as a line with its last runs.

use std::collections::HashMap;

use flowdeck_vocabulary::{FlowGroupId, FlowRunId, ProjectId, StateType};
use graphql_client::GraphQLQuery;
use serde_json::json;

use super::row::Row;
use super::scalars::{Jsonb, Timestamptz, Uuid};
use super::{ApiError, ask, fragments, post};
use crate::model::{FirstFailure, FlowLine, Home, LATE_AFTER, Project, Timestamp, first_failure, wire_text};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/home.graphql",
    normalization = "rust"
)]
struct GetHome;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/home.graphql",
    normalization = "rust"
)]
struct GetFlowLines;

/// Everything the first page shows, as of `now`.
pub async fn home(now: Timestamp) -> Result<Home, ApiError> {
    let variables = get_home::Variables {
        late_before: wire_text(now.before(LATE_AFTER)),
    };
    let data = post::<GetHome>(variables).await?;
    let data = Row(&data);
    Ok(Home {
        flows: data.list("flow", fragments::flow_line)?,
        others: data.list("others", fragments::flow_line)?,
        running: data.list("running", fragments::flow_run)?,
        running_count: data.aggregate_count("running_count"),
        late: data.list("late", fragments::flow_run)?,
        late_count: data.aggregate_count("late_count"),
        upcoming: data.list("upcoming", fragments::flow_run)?,
        agents: data.list("agent", fragments::agent)?,
        failing_since: HashMap::new(),
    })
}

const ENDS: &str = "states(where: {state: {_in: $ends}}, order_by: [{timestamp: asc}, {version: asc}]) \
    { state timestamp }";

const LAST_SUCCESSES: &str = "query($groups: [uuid!]!, $good: [String!]!) { flow_group(where: {id: {_in: $groups}}) { \
    id flows(order_by: [{version: desc}], limit: 50) { id flow_runs(where: {state: {_in: $good}}, \
    order_by: [{scheduled_start_time: desc}], limit: 1) { scheduled_start_time } } } }";

fn named(fits: fn(StateType) -> bool) -> Vec<&'static str> {
    let states = StateType::ALL.into_iter().filter(|state| fits(*state));
    states.map(StateType::name).collect()
}

/// A flow whose failed runs began before those at hand.
struct Cut {
    /// The first failed run at hand.
    run: FlowRunId,
    /// Its versions.
    flows: Vec<String>,
    /// When the last run was to start that ended well.
    after: Timestamp,
}

/// The flows of those of these runs before which others may have failed.
async fn cut_off(runs: &[FirstFailure]) -> Result<Vec<Cut>, ApiError> {
    let cut = || runs.iter().filter(|run| run.is_cut);
    let groups: Vec<String> = cut().map(|run| run.group_id.to_string()).collect();
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let variables = json!({ "groups": groups, "good": named(StateType::is_successful) });
    let data = ask(LAST_SUCCESSES, &variables).await?;
    let mut found = Vec::new();
    for group in Row(&data).rows("flow_group") {
        let id: FlowGroupId = group.id("id")?;
        let (mut flows, mut after) = (Vec::new(), Timestamp::EARLIEST);
        for flow in group.rows("flows") {
            flows.push(flow.text("id")?);
            for run in flow.rows("flow_runs") {
                after = after.max(run.time("scheduled_start_time")?);
            }
        }
        if let Some(FirstFailure { id: run, .. }) = cut().find(|run| run.group_id == id).copied() {
            found.push(Cut { run, flows, after });
        }
    }
    Ok(found)
}

/// Since when the flows fail of which these are the first failed runs at hand: when the first run after the last that
/// ended well failed for the first time since it last did so itself. By the run at hand.
pub async fn first_failures(runs: &[FirstFailure]) -> Result<HashMap<FlowRunId, Timestamp>, ApiError> {
    let cut = cut_off(runs).await?;
    let (good, bad) = (named(StateType::is_successful), named(StateType::is_failed));
    let (ends, whole) = ([&good[..], &bad].concat(), runs.iter().filter(|run| !run.is_cut));
    let mut variables = json!({
        "ids": whole.map(|run| run.id.to_string()).collect::<Vec<_>>(),
        "ends": ends,
        "bad": bad,
    });
    let (mut declared, mut fields) = (String::new(), String::new());
    for (place, Cut { flows, after, .. }) in cut.iter().enumerate() {
        variables[format!("flows{place}")] = json!(flows);
        variables[format!("after{place}")] = json!(wire_text(*after));
        declared += &format!(", $flows{place}: [uuid!]!, $after{place}: timestamptz!");
        fields += &format!(
            " cut{place}: flow(where: {{id: {{_in: $flows{place}}}}}) {{ flow_runs(where: {{state: {{_in: $bad}}, \
             scheduled_start_time: {{_gt: $after{place}}}}}, order_by: [{{scheduled_start_time: asc}}], limit: 1) \
             {{ scheduled_start_time {ENDS} }} }}"
        );
    }
    let document = format!(
        "query($ids: [uuid!]!, $ends: [String!]!, $bad: [String!]!{declared}) {{ \
         flow_run(where: {{id: {{_in: $ids}}, state: {{_in: $bad}}}}) {{ id {ENDS} }}{fields} }}"
    );
    let data = ask(&document, &variables).await?;
    let failed_at = |run: Row<'_>| {
        let ends = run.list("states", |end| Ok((end.state("state"), end.time("timestamp")?)))?;
        Ok::<_, ApiError>(first_failure(ends))
    };
    let mut first = HashMap::new();
    for run in Row(&data).rows("flow_run") {
        if let Some(at) = failed_at(run)? {
            first.insert(run.id("id")?, at);
        }
    }
    for (place, Cut { run, .. }) in cut.into_iter().enumerate() {
        let mut earliest = None;
        let flows = Row(&data).rows(&format!("cut{place}"));
        for found in flows.flat_map(|flow| flow.rows("flow_runs")) {
            let scheduled_at = found.time("scheduled_start_time")?;
            if earliest.is_none_or(|(before, _)| scheduled_at < before) {
                earliest = Some((scheduled_at, failed_at(found)?));
            }
        }
        if let Some((_, Some(at))) = earliest {
            first.insert(run, at);
        }
    }
    Ok(first)
}

/// The flows of one project, or of all, and the projects themselves. Archived flows only `with_archived`.
pub async fn flow_lines(
    project: Option<ProjectId>,
    with_archived: bool,
) -> Result<(Vec<Project>, Vec<FlowLine>), ApiError> {
    let variables = get_flow_lines::Variables {
        project_id: project.map(|id| id.to_string()),
        archived: (!with_archived).then_some(false),
    };
    let data = post::<GetFlowLines>(variables).await?;
    let projects = Row(&data).list("project", super::project::project)?;
    if let (Some(project), true) = (project, projects.is_empty()) {
        return Err(ApiError::Missing(format!("project with the id {project}")));
    }
    Ok((projects, Row(&data).list("flow", fragments::flow_line)?))
}
