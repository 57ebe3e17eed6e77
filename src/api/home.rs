//! The first page and the lists of flows: each flow as a line with its last runs.

use flowdeck_vocabulary::ProjectId;
use graphql_client::GraphQLQuery;

use super::scalars::{Jsonb, Timestamptz, Uuid, id};
use super::{ApiError, fragments, post};
use crate::model::{Agent, FlowLine, FlowRun, Home, LATE_AFTER, Project, Timestamp, wire_text};

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

fragments::flow_line!(get_home, get_flow_lines);
fragments::flow_run_row!(get_home);
fragments::agent_row!(get_home);

fn runs(rows: Vec<get_home::FlowRunRow>) -> Result<Vec<FlowRun>, ApiError> {
    rows.into_iter().map(FlowRun::try_from).collect()
}

fn number(count: Option<i64>) -> usize {
    count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0)
}

/// Everything the first page shows, as of `now`.
pub async fn home(now: Timestamp) -> Result<Home, ApiError> {
    let variables = get_home::Variables {
        late_before: wire_text(now.before(LATE_AFTER)),
    };
    let data = post::<GetHome>(variables).await?;
    Ok(Home {
        flows: data
            .flow
            .into_iter()
            .map(FlowLine::try_from)
            .collect::<Result<_, _>>()?,
        running: runs(data.running)?,
        running_count: number(data.running_count.aggregate.map(|found| found.count)),
        late: runs(data.late)?,
        late_count: number(data.late_count.aggregate.map(|found| found.count)),
        upcoming: runs(data.upcoming)?,
        agents: data
            .agent
            .into_iter()
            .map(Agent::try_from)
            .collect::<Result<_, _>>()?,
    })
}

/// The flows of one project, or of all, and the projects themselves.
pub async fn flow_lines(project: Option<ProjectId>) -> Result<(Vec<Project>, Vec<FlowLine>), ApiError> {
    let project_id = project.map(|id| id.to_string());
    let data = post::<GetFlowLines>(get_flow_lines::Variables { project_id }).await?;
    if let (Some(project), true) = (project, data.project.is_empty()) {
        return Err(ApiError::Missing(format!("project with the id {project}")));
    }
    let projects = data
        .project
        .into_iter()
        .map(|row| {
            Ok(Project {
                id: id(&row.id)?,
                name: row.name,
                description: row.description,
            })
        })
        .collect::<Result<_, ApiError>>()?;
    Ok((
        projects,
        data.flow
            .into_iter()
            .map(FlowLine::try_from)
            .collect::<Result<_, _>>()?,
    ))
}
