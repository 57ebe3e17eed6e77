//! Projects: what the dashboard asks the server about them, and what it changes.

use flowdeck_vocabulary::ProjectId;
use serde_json::{Value, json};

use super::row::Row;
use super::{ApiError, ask_for, done};
use crate::model::{Project, ProjectContents, ProjectDraft};

/// What the API says of a name that is taken (contract 0, point 6).
const TAKEN: &str = "Uniqueness violation.";

async fn operation(name: &str, variables: Value) -> Result<Value, ApiError> {
    let answer = ask_for(include_str!("project.graphql"), name, &variables).await;
    answer.map_err(|error| match error {
        ApiError::Refused(why) if why == TAKEN => {
            ApiError::Refused("There is a project of this name already.".to_owned())
        }
        error => error,
    })
}

/// A project's row.
pub(super) fn project(row: Row<'_>) -> Result<Project, ApiError> {
    Ok(Project {
        id: row.id("id")?,
        name: row.text("name")?,
        description: row.some_text("description"),
    })
}

/// All projects by name.
pub async fn all() -> Result<Vec<Project>, ApiError> {
    let data = operation("GetProjects", json!({})).await?;
    Row(&data).list("project", project)
}

/// What is lost with a project.
pub async fn contents(id: ProjectId) -> Result<ProjectContents, ApiError> {
    let data = operation("CountProject", json!({ "id": id })).await?;
    let data = Row(&data);
    Ok(ProjectContents {
        flows: data.aggregate_count("flows"),
        versions: data.aggregate_count("versions"),
        runs: data.aggregate_count("runs"),
    })
}

/// Makes a project, in the tenant that a server without users has.
pub async fn create(draft: ProjectDraft) -> Result<ProjectId, ApiError> {
    let data = operation("GetTenant", json!({})).await?;
    let tenant = Row(&data).rows("tenant").next();
    let tenant = tenant.ok_or_else(|| ApiError::Missing("tenant".to_owned()))?;
    let variables = json!({
        "tenant_id": tenant.text("id")?,
        "name": draft.name,
        "description": draft.description,
    });
    let data = operation("CreateProject", variables).await?;
    Row(&data).row("create_project")?.id("id")
}

/// Gives a project another name and description; what stays is not sent.
pub async fn edit(project: Project, draft: ProjectDraft) -> Result<(), ApiError> {
    if draft.name != project.name {
        operation("SetProjectName", json!({ "id": project.id, "name": draft.name })).await?;
    }
    if draft.description != project.description {
        let variables = json!({ "id": project.id, "description": draft.description });
        operation("SetProjectDescription", variables).await?;
    }
    Ok(())
}

/// Deletes a project with its flows and their runs.
pub async fn delete(id: ProjectId) -> Result<(), ApiError> {
    let data = operation("DeleteProject", json!({ "id": id })).await?;
    done(&data, ApiError::Missing(format!("project with the id {id}")))
}
