//! A choice among the projects.

use flowdeck_vocabulary::ProjectId;
use leptos::prelude::*;

use crate::model::Project;

/// The projects but one. `chosen` is `None` until one is chosen.
pub fn project_select(
    label: &'static str,
    projects: RwSignal<Option<Vec<Project>>>,
    without: Signal<Option<ProjectId>>,
    chosen: RwSignal<Option<Project>>,
) -> AnyView {
    let on_change = move |event| {
        let id = event_target_value(&event);
        let found = projects.with_untracked(|projects| {
            let projects = projects.as_ref()?;
            projects
                .iter()
                .find(|project| project.id.to_string() == id)
                .cloned()
        });
        chosen.set(found);
    };
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            <select class="field__text field__text--plain" on:change=on_change>
                <option value="" selected=move || chosen.with(Option::is_none)>"Choose a project"</option>
                {move || {
                    let others = projects.get().unwrap_or_default().into_iter();
                    others
                        .filter(|project| Some(project.id) != without.get())
                        .map(|project| view! { <option value=project.id.to_string()>{project.name}</option> })
                        .collect_view()
                        .into_any()
                }}
            </select>
        </label>
    }
    .into_any()
}
