//! `/runs`: the history of all flow runs; the same history is a tab of a flow and of a project.

mod history;
mod selection;
mod views;

pub use history::{RunHistoryView, RunHistoryViewProps};
pub use selection::{SelectionBar, SelectionBarProps};

use leptos::prelude::*;
use serde_json::json;

use crate::routes::Route;
use crate::session::{Place, use_place};

/// The history of all flow runs.
#[component]
pub fn RunsPage() -> impl IntoView {
    use_place(|| Place {
        crumbs: vec![("Runs".to_owned(), None)],
        title: "Runs".to_owned(),
    });
    view! {
        <div class="page">
            <div class="page__head">
                <div class="page__headline"><h1 class="page__title">"Runs"</h1></div>
            </div>
            <RunHistoryView of=Signal::derive(|| Some(json!({}))) route=Signal::derive(|| Route::Runs(None))/>
        </div>
    }
}
