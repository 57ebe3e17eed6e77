//! The dialogs that make, change and delete a project, for the pages that list flows.

use leptos::prelude::*;

use crate::components::project_select::project_select;
use crate::model::{Project, ProjectDraft};
use crate::resources::{ProjectChange, use_change_project, use_project_contents, use_projects};
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Dialog;
use crate::ui::typed_confirm::TypedConfirm;

/// Opens the dialogs. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct ProjectDialogs {
    is_form_open: RwSignal<bool>,
    /// What the form is of; `None` is a new one.
    edited: RwSignal<Option<Project>>,
    is_delete_open: RwSignal<bool>,
    deleted: RwSignal<Option<Project>>,
}

impl ProjectDialogs {
    /// All of them closed.
    pub fn new() -> Self {
        Self {
            is_form_open: RwSignal::new(false),
            edited: RwSignal::new(None),
            is_delete_open: RwSignal::new(false),
            deleted: RwSignal::new(None),
        }
    }

    /// Asks what a new project is called.
    pub fn create(self) {
        self.edited.set(None);
        self.is_form_open.set(true);
    }

    /// Asks what a project is called from now on.
    pub fn edit(self, project: Project) {
        self.edited.set(Some(project));
        self.is_form_open.set(true);
    }

    /// Asks whether a project shall go.
    pub fn delete(self, project: Project) {
        self.deleted.set(Some(project));
        self.is_delete_open.set(true);
    }

    /// The dialogs. `refresh` is called when something has changed, `after_delete` when a project is gone.
    pub fn view(self, refresh: Callback<()>, after_delete: Callback<()>) -> AnyView {
        let Self {
            is_form_open, edited, ..
        } = self;
        let title = Signal::derive(move || match edited.get() {
            None => "New project".to_owned(),
            Some(project) => format!("Edit {}", project.name),
        });
        let projects = use_projects(move || is_form_open.get() || self.is_delete_open.get());
        view! {
            <Dialog open=is_form_open title=title>
                {form(is_form_open, edited.get_untracked(), projects.value, refresh)}
            </Dialog>
            {self.delete_view(projects.value, refresh, after_delete)}
        }
        .into_any()
    }

    fn delete_view(
        self,
        projects: RwSignal<Option<Vec<Project>>>,
        refresh: Callback<()>,
        after_delete: Callback<()>,
    ) -> AnyView {
        let Self {
            is_delete_open: open,
            deleted,
            ..
        } = self;
        let id = move || deleted.with(|project| project.as_ref().map(|project| project.id));
        let name = move || deleted.with(|project| project.as_ref().map(|project| project.name.clone()));
        let contents = use_project_contents(move || id().filter(|_| open.get()));
        let busy = RwSignal::new(false);
        let problem = RwSignal::new(None::<String>);
        let delete = use_change_project(
            busy,
            problem,
            Callback::new(move |()| {
                open.set(false);
                after_delete.run(());
            }),
            contents.refresh,
        );
        let target = RwSignal::new(None::<Project>);
        let moving = RwSignal::new(false);
        let move_flows = use_change_project(
            moving,
            problem,
            Callback::new(move |()| target.set(None)),
            Callback::new(move |()| {
                contents.refresh.run(());
                refresh.run(());
            }),
        );
        // Until it is known to be empty it is taken to hold something.
        let is_empty = move || {
            contents
                .value
                .get()
                .is_some_and(|contents| contents.versions == 0)
        };
        let text = Signal::derive(move || match contents.value.get() {
            Some(contents) => contents.words(),
            None => "Counting what goes with it …".to_owned(),
        });
        let on_yes = Callback::new(move |()| {
            if let Some(project) = deleted.get_untracked() {
                delete.run(ProjectChange::Delete(project));
            }
        });
        let on_move = Callback::new(
            move |()| match (deleted.get_untracked(), target.get_untracked()) {
                (Some(from), Some(to)) => move_flows.run(ProjectChange::MoveFlows(from, to)),
                _ => problem.set(Some("Choose a project to move the flows to.".to_owned())),
            },
        );
        // What went wrong the last time has nothing to say now.
        Effect::new(move |_| {
            if open.get() {
                problem.set(None);
                target.set(None);
            }
        });
        view! {
            <TypedConfirm
                open=open
                title=Signal::derive(move || format!("Delete {}?", name().unwrap_or_default()))
                text=text
                word=Signal::derive(move || name().filter(|_| !is_empty()))
                yes="Delete the project"
                busy=busy
                problem=problem
                on_yes=on_yes
            >
                {move || (!is_empty()).then(|| view! {
                    <div class="dialog__part">
                        {project_select("Keep the flows: move them first", projects, Signal::derive(id), target)}
                        <Button label="Move the flows" busy=moving on_click=on_move/>
                    </div>
                }).into_any()}
            </TypedConfirm>
        }
        .into_any()
    }
}

/// Name and description.
fn form(
    open: RwSignal<bool>,
    project: Option<Project>,
    projects: RwSignal<Option<Vec<Project>>>,
    refresh: Callback<()>,
) -> AnyView {
    let old = project.clone();
    let name = RwSignal::new(
        project
            .as_ref()
            .map_or_else(String::new, |project| project.name.clone()),
    );
    let description = project.as_ref().and_then(|project| project.description.clone());
    let description = RwSignal::new(description.unwrap_or_default());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let change = use_change_project(busy, problem, Callback::new(move |()| open.set(false)), refresh);
    let (yes, no) = if project.is_some() {
        ("Save", "Keep as is")
    } else {
        ("Create the project", "Cancel")
    };
    // What is wrong with the name is said at it, and what came of sending it below both fields.
    let name_problem = RwSignal::new(None::<String>);
    let save = Callback::new(move |()| {
        let draft = ProjectDraft::new(&name.get_untracked(), &description.get_untracked());
        let own = project.as_ref().map(|project| project.id);
        let others: Vec<String> = projects.with_untracked(|projects| {
            let projects = projects.iter().flatten().filter(|other| Some(other.id) != own);
            projects.map(|other| other.name.clone()).collect()
        });
        match (draft.problem(&others), &old) {
            (Some(why), _) => {
                problem.set(None);
                name_problem.set(Some(why));
            }
            (None, None) => change.run(ProjectChange::Create(draft)),
            (None, Some(old)) => change.run(ProjectChange::Edit(old.clone(), draft)),
        }
    });
    view! {
        <form
            class="dialog__form"
            on:submit=move |event| {
                event.prevent_default();
                save.run(());
            }
        >
            <div class="field">
                <label class="field__label" for="project-name">"Name"</label>
                <input
                    id="project-name"
                    class="field__text field__text--plain"
                    autofocus
                    autocomplete="off"
                    aria-describedby="project-name-problem"
                    aria-invalid=move || name_problem.with(Option::is_some).to_string()
                    prop:value=move || name.get()
                    on:input=move |event| {
                        name_problem.set(None);
                        problem.set(None);
                        name.set(event_target_value(&event));
                    }
                />
                <span id="project-name-problem" class="field__error" role="alert">{move || name_problem.get()}</span>
            </div>
            <label class="field">
                <span class="field__label">"Description"</span>
                <textarea
                    class="field__text field__text--plain"
                    rows="3"
                    prop:value=move || description.get()
                    on:input=move |event| description.set(event_target_value(&event))
                ></textarea>
            </label>
            <p class="field__error" role="alert">{move || problem.get()}</p>
            <div class="dialog__actions">
                <Button label=no on_click=Callback::new(move |()| open.set(false))/>
                <Button label=yes weight=Weight::Primary busy=busy on_click=save/>
            </div>
        </form>
    }
    .into_any()
}
