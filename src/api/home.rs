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

/// Since when the flows fail of which these are the first failed runs at hand: when the first run after the last that
/// ended well failed for the first time since it last did so itself. By the run at hand.
pub async fn first_failures(runs: &[FirstFailure]) -> Result<HashMap<FlowRunId, Timestamp>, ApiError> {
    let named = |fits: fn(StateType) -> bool| {
        let states = StateType::ALL.into_iter().filter(|state| fits(*state));
        states.map(StateType::name).collect::<Vec<_>>()
    };
    let (good, bad) = (named(StateType::is_successful), named(StateType::is_failed));
    let (cut, whole): (Vec<&FirstFailure>, Vec<&FirstFailure>) = runs.iter().partition(|run| run.is_cut);
    let ids: Vec<String> = whole.iter().map(|run| run.id.to_string()).collect();
    let ends = [&good[..], &bad].concat();
    let mut variables = json!({ "ids": ids, "ends": ends, "bad": bad });
    let (mut declared, mut fields, mut asked) = (String::new(), String::new(), Vec::new());
    let groups: Vec<String> = cut.iter().map(|run| run.group_id.to_string()).collect();
    let successes = match groups.is_empty() {
        true => json!({ "flow_group": [] }),
        false => ask(LAST_SUCCESSES, &json!({ "groups": groups, "good": good })).await?,
    };
    for group in Row(&successes).rows("flow_group") {
        let id: FlowGroupId = group.id("id")?;
        let Some(run) = cut.iter().find(|run| run.group_id == id) else {
            continue;
        };
        let mut last = None;
        let mut flows = Vec::new();
        for flow in group.rows("flows") {
            flows.push(flow.text("id")?);
            for run in flow.rows("flow_runs") {
                last = last.max(Some(run.time("scheduled_start_time")?));
            }
        }
        let place = asked.len();
        variables[format!("flows{place}")] = json!(flows);
        variables[format!("after{place}")] = json!(wire_text(last.unwrap_or(Timestamp::EARLIEST)));
        declared += &format!(", $flows{place}: [uuid!]!, $after{place}: timestamptz!");
        fields += &format!(
            " cut{place}: flow(where: {{id: {{_in: $flows{place}}}}}) {{ flow_runs(where: {{state: {{_in: $bad}}, \
             scheduled_start_time: {{_gt: $after{place}}}}}, order_by: [{{scheduled_start_time: asc}}], limit: 1) \
             {{ scheduled_start_time {ENDS} }} }}"
        );
        asked.push(run.id);
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
    for (place, run) in asked.into_iter().enumerate() {
        let mut earliest = None;
        for flow in Row(&data).rows(&format!("cut{place}")) {
            for found in flow.rows("flow_runs") {
                let scheduled_at = found.time("scheduled_start_time")?;
                if earliest.is_none_or(|(before, _)| scheduled_at < before) {
                    earliest = Some((scheduled_at, failed_at(found)?));
                }
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
