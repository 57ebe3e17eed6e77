//! What there is of a name or an id.

use flowdeck_vocabulary::FlowRunId;
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::Uuid;
use super::{ApiError, post};
use crate::model::{Found, FoundKind};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/search.graphql",
    normalization = "rust"
)]
struct GetFound;

/// An id that nothing has.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Projects, flows, tasks, agents and flow runs with this text in their names, or whatever has it as its id. At most 30.
pub async fn find(text: String) -> Result<Vec<Found>, ApiError> {
    let is_id = text.parse::<FlowRunId>().is_ok();
    let escaped: String = text
        .chars()
        .flat_map(|c| {
            matches!(c, '%' | '_' | '\\')
                .then_some('\\')
                .into_iter()
                .chain([c])
        })
        .collect();
    let variables = get_found::Variables {
        name: format!("%{escaped}%"),
        id: if is_id { text } else { NOBODY.to_owned() },
    };
    let data = post::<GetFound>(variables).await?;
    let mut found = Vec::new();
    for row in Row(&data).rows("project") {
        found.push(Found {
            kind: FoundKind::Project(row.id("id")?),
            name: row.text("name")?,
            detail: String::new(),
        });
    }
    for row in Row(&data).rows("flow") {
        found.push(Found {
            kind: FoundKind::Flow(row.id("id")?),
            name: row.text("name")?,
            detail: row.row("project")?.text("name")?,
        });
    }
    for row in Row(&data).rows("task") {
        let flow = row.row("flow")?;
        found.push(Found {
            kind: FoundKind::Task(row.id("id")?),
            name: row.text_or_empty("name"),
            detail: flow.text("name")?,
        });
    }
    for row in Row(&data).rows("agent") {
        found.push(Found {
            kind: FoundKind::Agent,
            name: row.text_or_empty("name"),
            detail: String::new(),
        });
    }
    for row in Row(&data).rows("flow_run") {
        found.push(Found {
            kind: FoundKind::FlowRun(row.id("id")?, row.state("state")),
            name: row.text_or_empty("name"),
            detail: row.row("flow")?.text("name")?,
        });
    }
    for row in Row(&data).rows("task_run") {
        found.push(Found {
            kind: FoundKind::TaskRun(row.id("id")?, row.state("state")),
            name: row.row("task")?.text_or_empty("name"),
            detail: row.row("flow_run")?.text_or_empty("name"),
        });
    }
    Ok(found)
}
