//! The application: what is global, the shell, and the one table from URLs to pages.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::pages::{
    AgentsPage, FlowPage, FlowRunPage, FlowsPage, HomePage, NotFoundPage, RunsPage, TaskPage, TaskRunPage,
};
use crate::resources::{provide_connection, provide_ticking, provide_toasts, provide_visibility};
use crate::session::{CurrentPlace, Place};
use crate::shell::Shell;

/// The whole dashboard. The paths are those of [`crate::routes::Route`].
#[component]
pub fn App() -> impl IntoView {
    provide_visibility();
    provide_ticking();
    provide_connection();
    provide_toasts();
    provide_context(CurrentPlace(RwSignal::new(Place::default())));
    view! {
        <Router>
            <Shell>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/flows") view=FlowsPage/>
                    <Route path=path!("/project/:id") view=FlowsPage/>
                    <Route path=path!("/flow/:id") view=FlowPage/>
                    <Route path=path!("/runs") view=RunsPage/>
                    <Route path=path!("/flow-run/:id") view=FlowRunPage/>
                    <Route path=path!("/task/:id") view=TaskPage/>
                    <Route path=path!("/task-run/:id") view=TaskRunPage/>
                    <Route path=path!("/agents") view=AgentsPage/>
                </Routes>
            </Shell>
        </Router>
    }
}
