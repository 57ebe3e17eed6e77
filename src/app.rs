//! The application: what is global, the shell, and the one table from URLs to pages.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{PartialPathMatch, PathSegment, PossibleRouteMatch};

use crate::pages::NotFoundPage;
use crate::parts;
use crate::resources::{
    provide_address_for_programs, provide_connection, provide_settings, provide_theme, provide_ticking,
    provide_toasts, provide_visibility, use_connection,
};
use crate::routes::values_in;
use crate::scroll_memory::provide_scroll_memory;
use crate::session::{CurrentPlace, Place};
use crate::shell::Shell;
use crate::ui::page_action::provide_page_actions;

/// A path of the table, below the one at which the dashboard is served: only the browser knows that one.
#[derive(Clone, Copy)]
struct Path(&'static str);

impl PossibleRouteMatch for Path {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let values = values_in(self.0, path)?;
        let values = values.into_iter().map(|(name, value)| (name.into(), value));
        Some(PartialPathMatch::new("", values.collect(), path))
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        path.push(PathSegment::Static(self.0.into()));
    }
}

/// The whole dashboard. The paths are those of [`crate::routes::Route`].
#[component]
pub fn App() -> impl IntoView {
    provide_visibility();
    provide_connection();
    provide_address_for_programs();
    provide_ticking();
    provide_toasts();
    provide_theme();
    provide_settings();
    provide_page_actions();
    provide_scroll_memory();
    provide_context(CurrentPlace(RwSignal::new(Place::default())));
    let connection = use_connection();
    parts::fetch_ahead(Memo::new(move |_| connection.has_answered()));
    view! {
        <Router>
            <Shell palette=parts::palette keys=parts::keys>
                <Routes fallback=NotFoundPage>
                    <Route path=Path("/") view=parts::home/>
                    <Route path=Path("/flows") view=parts::flows/>
                    <Route path=Path("/project/:id") view=parts::flows/>
                    <Route path=Path("/flow/:id") view=parts::flow/>
                    <Route path=Path("/runs") view=parts::runs/>
                    <Route path=Path("/flow-run/:id") view=parts::flow_run/>
                    <Route path=Path("/task/:id") view=parts::task/>
                    <Route path=Path("/task-run/:id") view=parts::task_run/>
                    <Route path=Path("/agents") view=parts::agents/>
                    <Route path=Path("/settings") view=parts::settings/>
                </Routes>
            </Shell>
        </Router>
    }
}
