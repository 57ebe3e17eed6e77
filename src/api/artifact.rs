//! Artifacts: what the dashboard asks the server about them.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Jsonb, Timestamptz, Uuid};
use super::{ApiError, fragments, post};
use crate::model::{Artifact, ArtifactContent, Artifacts, wire_text};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/artifact.graphql",
    normalization = "rust"
)]
struct GetArtifacts;

/// The artifacts of a flow run, of all its task runs or of one; `before` are those that were there at the last answer.
pub async fn of_run(
    flow_run_id: FlowRunId,
    task_run_id: Option<TaskRunId>,
    before: Option<Artifacts>,
) -> Result<Artifacts, ApiError> {
    let before = before.unwrap_or_default();
    let data = post::<GetArtifacts>(get_artifacts::Variables {
        flow_run_id: Some(flow_run_id.to_string()),
        task_run_id: task_run_id.map(|id| id.to_string()),
        since: before.latest().map(wire_text),
        limit: Artifacts::MOST,
    })
    .await?;
    let data = Row(&data);
    let known = data.list("known", |row| row.text("id"))?;
    Ok(before.with(data.list("changed", artifact)?, &known))
}

fn artifact(row: Row<'_>) -> Result<Artifact, ApiError> {
    let run = row.row("task_run")?;
    Ok(Artifact {
        id: row.text("id")?,
        task_run_id: run.id("id")?,
        title: fragments::task_run_title(run)?,
        content: ArtifactContent::new(&row.text_or_empty("kind"), row.json("data")),
        created_at: row.time("created")?,
        updated_at: row.time("updated")?,
    })
}
