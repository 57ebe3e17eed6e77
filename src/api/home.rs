//! The first page and the lists of flows: each flow as a line with its last runs.

use std::collections::HashMap;

use flowdeck_vocabulary::ProjectId;
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Jsonb, Timestamptz, Uuid};
use super::{ApiError, fragments, post};
use crate::model::{FlowLine, Home, LATE_AFTER, Project, Timestamp, wire_text};

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
        others: data.list("others", fragments::flow_runs)?,
        running: data.list("running", fragments::flow_run)?,
        running_count: data.aggregate_count("running_count"),
        late: data.list("late", fragments::flow_run)?,
        late_count: data.aggregate_count("late_count"),
        upcoming: data.list("upcoming", fragments::flow_run)?,
        agents: data.list("agent", fragments::agent)?,
        failing_since: HashMap::new(),
    })
}

/// The flows of one project, or of all, and the projects themselves, as of `now`. Archived flows only `with_archived`.
pub async fn flow_lines(
    project: Option<ProjectId>,
    with_archived: bool,
    now: Timestamp,
) -> Result<(Vec<Project>, Vec<FlowLine>), ApiError> {
    let variables = get_flow_lines::Variables {
        project_id: project.map(|id| id.to_string()),
        archived: (!with_archived).then_some(false),
        late_before: wire_text(now.before(LATE_AFTER)),
    };
    let data = post::<GetFlowLines>(variables).await?;
    let projects = Row(&data).list("project", super::project::project)?;
    if let (Some(project), true) = (project, projects.is_empty()) {
        return Err(ApiError::Missing(format!("project with the id {project}")));
    }
    Ok((projects, Row(&data).list("flow", fragments::flow_line)?))
}
