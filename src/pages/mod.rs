//! One page for each [`Route`](crate::routes::Route): what the URL says, what is fetched for it, what is shown.

mod agents;
mod bulk_question;
mod bulk_report;
mod flow;
mod flow_run;
mod flows;
mod home;
mod not_found;
mod project;
mod runs;
mod settings;
mod started_runs;
mod task;
mod task_run;
mod task_run_actions;

pub use agents::AgentsPage;
pub use bulk_report::{BulkOnDemand, BulkOnDemandProps};
pub use flow::{
    FlowPage, Run, RunProps, Schedules, SchedulesProps, Settings, SettingsProps, Versions, VersionsProps,
};
pub use flow_run::{
    ArtifactsTab, ArtifactsTabProps, FlowRunPage, HistoryTab, HistoryTabProps, LogsTab, LogsTabProps,
    ParametersTab, ParametersTabProps, TimelineTab, TimelineTabProps,
};
pub use flows::FlowsPage;
pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use runs::{RunHistoryView, RunHistoryViewProps, RunsPage, SelectionBar, SelectionBarProps};
pub use settings::SettingsPage;
pub use task::TaskPage;
pub use task_run::{TaskRunLog, TaskRunLogProps, TaskRunPage};

use std::str::FromStr;

use flowdeck_vocabulary::TaskId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use crate::model::{LogFilter, SchematicView};
use crate::routes::{OF_CHILDREN, Route, Tab, keeping, log_filter, schematic_view};
use crate::session::{Tone, use_toasts};
use crate::ui::clipboard::copy;
use crate::ui::live::live;

/// The id in the URL; `None` when there is none or it is no id.
fn use_id<T: FromStr + PartialEq + Copy + Send + Sync + 'static>() -> Memo<Option<T>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id").and_then(|text| text.parse().ok())))
}

/// The tab in the URL.
fn use_tab<T: Tab + Send + Sync>() -> Memo<T> {
    let query = use_query_map();
    Memo::new(move |_| T::named(query.with(|query| query.get("tab")).as_deref()))
}

/// What writes a URL into the same place of the history, so that *back* leaves the page instead of going through all
/// that was looked at.
fn use_replace() -> Callback<String> {
    let navigate = use_navigate();
    Callback::new(move |url: String| {
        navigate(
            &url,
            NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            },
        );
    })
}

/// The task that the URL selects, to go with it to another tab.
fn use_selected_task() -> Memo<Option<TaskId>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("task")?.parse().ok()))
}

/// What the URL shows of a schematic, and what shows something else.
fn use_schematic_view(
    route: impl Fn() -> Route + Send + Sync + 'static,
) -> (Memo<SchematicView>, Callback<SchematicView>) {
    let query = use_query_map();
    let replace = use_replace();
    let view = Memo::new(move |_| query.with(|query| schematic_view(|name| query.get(name))));
    let on_view = Callback::new(move |view| replace.run(untrack(&route).with_schematic(&view)));
    (view, on_view)
}

/// What the URL shows of a log, what shows something else, and its URL.
fn use_log_filter(
    route: impl Fn() -> Route + Copy + Send + Sync + 'static,
) -> (Memo<LogFilter>, Callback<LogFilter>, Callback<LogFilter, String>) {
    let query = use_query_map();
    let replace = use_replace();
    let filter = Memo::new(move |_| query.with(|query| log_filter(|name| query.get(name))));
    let href = Callback::new(move |filter: LogFilter| {
        let url = untrack(route).with_log(&filter);
        // A mapped task's page has a log and a list of children.
        query.with_untracked(|query| keeping(url, &OF_CHILDREN, |name| query.get(name)))
    });
    let on_filter = Callback::new(move |filter| replace.run(href.run(filter)));
    (filter, on_filter, href)
}

/// The whole address of a place, for somebody else.
fn address(route: &Route) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{route}")
}

/// Puts a text, of which the first word says what it is, into the clipboard and says that it did; where there is
/// no clipboard it shows the text.
fn use_copy() -> Callback<(&'static str, String)> {
    let toasts = use_toasts();
    Callback::new(move |(what, text): (&'static str, String)| {
        if copy(&text) {
            toasts.show(Tone::Good, format!("The {what} is in the clipboard."), None, None);
        } else {
            let message =
                format!("This browser lets pages use the clipboard only over HTTPS. The {what}: {text}");
            toasts.show(Tone::Warning, message, None, None);
        }
    })
}

/// What a page of something with an id shows: the children, or that there is no such place.
#[component]
fn WithId<T: Copy + PartialEq + Send + Sync + 'static>(
    /// The id in the URL.
    id: Memo<Option<T>>,
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    let known = Memo::new(move |_| id.with(Option::is_some));
    live(move || {
        if known.get() {
            children().into_any()
        } else {
            view! { <NotFoundPage/> }.into_any()
        }
    })
}
