//! What tasks left for people to read: texts, links, and anything else as a tree of JSON.

use leptos::prelude::*;

use super::json::Json;
use super::markdown::Markdown;
use super::time::At;
use crate::model::{Artifact, ArtifactContent, Artifacts, safe_link};
use crate::routes::Route;
use crate::ui::each::Each;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;

/// A list of artifacts.
#[component]
pub fn ArtifactList(
    artifacts: Signal<Artifacts>,
    /// Whether each says which task run left it.
    names_task_run: bool,
) -> impl IntoView {
    let list = move || artifacts.with(|artifacts| artifacts.list().to_vec());
    let is_empty = move || artifacts.with(|artifacts| artifacts.list().is_empty());
    view! {
        {move || is_empty().then(|| view! {
            <Empty
                icon=Icon::Flag
                title="No artifacts"
                text="A task leaves a text, a table or a link here with create_markdown_artifact or create_link_artifact (Python), markdown_artifact or link_artifact (Rust)."
            />
        }).into_any()}
        <div class="artifacts">
            <Each of=list key=|artifact| (artifact.id.clone(), artifact.updated_at.micros()) let:artifact>
                {one(artifact, names_task_run)}
            </Each>
        </div>
    }
}

fn one(artifact: Artifact, names_task_run: bool) -> AnyView {
    let content = match artifact.content {
        ArtifactContent::Markdown(text) => view! { <Markdown text=text/> }.into_any(),
        ArtifactContent::Link(url) => link(url),
        ArtifactContent::Json(value) => view! { <Json value=value/> }.into_any(),
    };
    let label = format!("Artifact of {}", artifact.title);
    view! {
        <article class="artifact panel" aria-label=label>
            <p class="artifact__head">
                {names_task_run.then(|| view! {
                    <a class="link link--main" href=Route::TaskRun(artifact.task_run_id).to_string()>{artifact.title}</a>
                })}
                <At time=artifact.updated_at/>
            </p>
            {content}
        </article>
    }
    .into_any()
}

/// A link that leads somewhere, or the text it is.
fn link(url: String) -> AnyView {
    match safe_link(&url).map(str::to_owned) {
        Some(href) => view! {
            <a class="artifact__link" href=href rel="noopener noreferrer nofollow" target="_blank">{url}" ↗"</a>
        }
        .into_any(),
        None => view! { <code>{url}</code> }.into_any(),
    }
}
