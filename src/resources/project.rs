//! Projects: lists of them, what is in one, and changing them.

use flowdeck_vocabulary::ProjectId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::{Project, ProjectContents, ProjectDraft};
use crate::polled::Polled;
use crate::routes::Route;
use crate::session::{Tone, use_toasts};

/// What can be done with projects.
#[derive(Debug, Clone, PartialEq)]
pub enum ProjectChange {
    /// Makes one.
    Create(ProjectDraft),
    /// Gives it another name and description.
    Edit(Project, ProjectDraft),
    /// Moves all its flows to another one.
    MoveFlows(Project, Project),
    /// Deletes it with its flows and their runs.
    Delete(Project),
}

/// All projects by name, while `wanted`.
pub fn use_projects(wanted: impl Fn() -> bool + 'static) -> Polled<Vec<Project>> {
    poll(
        move || wanted().then_some(()),
        |_| Cadence::Slow,
        |(), _| api::project::all(),
    )
}

/// What is in a project.
pub fn use_project_contents(id: impl Fn() -> Option<ProjectId> + 'static) -> Polled<ProjectContents> {
    poll(id, |_| Cadence::Normal, |id, _| api::project::contents(id))
}

/// Changes a project. What went wrong is said in `problem`, for it belongs into the dialog that asked for it, or by a
/// toast when that is gone; `done` is called when it went well, `refresh` in any case, for what takes several steps may
/// have been done in part.
pub fn use_change_project(
    busy: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
    done: Callback<()>,
    refresh: Callback<()>,
) -> Callback<ProjectChange> {
    let toasts = use_toasts();
    Callback::new(move |change: ProjectChange| {
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let not_done = not_done(&change);
            let result = make(change).await;
            busy.try_set(false);
            match result {
                Ok((words, link)) => {
                    toasts.show(Tone::Good, words, link, None);
                    done.try_run(());
                }
                Err(error) => toasts.refuse(problem, format!("{not_done} {error}")),
            }
            refresh.try_run(());
        });
    })
}

/// The words for what was not done.
fn not_done(change: &ProjectChange) -> String {
    match change {
        ProjectChange::Create(draft) => format!("The project {} was not made.", draft.name),
        // The name first, then the description.
        ProjectChange::Edit(project, draft)
            if draft.name != project.name && draft.description != project.description =>
        {
            format!("Not all of the changes to {} were saved.", project.name)
        }
        ProjectChange::Edit(project, _) => format!("The project {} stays as it was.", project.name),
        // Flow by flow, version by version.
        ProjectChange::MoveFlows(from, _) => format!("Not all flows of {} were moved.", from.name),
        ProjectChange::Delete(project) => format!("The project {} was not deleted.", project.name),
    }
}

/// The words for what was done, and where to go from there.
async fn make(change: ProjectChange) -> Result<(String, Option<(String, String)>), api::ApiError> {
    match change {
        ProjectChange::Create(draft) => {
            let name = draft.name.clone();
            let id = api::project::create(draft).await?;
            let link = ("Open the project".to_owned(), Route::project(id).to_string());
            Ok((format!("The project {name} is there."), Some(link)))
        }
        ProjectChange::Edit(project, draft) => {
            let done = format!("The project {} is saved.", draft.name);
            api::project::edit(project, draft).await?;
            Ok((done, None))
        }
        ProjectChange::MoveFlows(from, to) => {
            api::flow_settings::move_all(from.id, to.id).await?;
            let link = ("Open the project".to_owned(), Route::project(to.id).to_string());
            Ok((
                format!("The flows of {} are in {} now.", from.name, to.name),
                Some(link),
            ))
        }
        ProjectChange::Delete(project) => {
            api::project::delete(project.id).await?;
            Ok((format!("The project {} is deleted.", project.name), None))
        }
    }
}
