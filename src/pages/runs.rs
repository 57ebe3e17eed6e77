//! `/runs`: the latest flow runs, of all states or of one group.

use flowdeck_vocabulary::StateGroup;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::flow_run_table::FlowRunTable;
use crate::format;
use crate::resources::{FlowRunFilter, use_flow_runs};
use crate::routes::Route;
use crate::session::{Place, use_place};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::tabs::{TabLink, Tabs};

/// The latest flow runs.
#[component]
pub fn RunsPage() -> impl IntoView {
    let query = use_query_map();
    let group = Memo::new(move |_| {
        let name = query.with(|query| query.get("state"))?;
        StateGroup::ALL
            .into_iter()
            .find(|group| group.name().eq_ignore_ascii_case(&name))
    });
    let runs = use_flow_runs(move || {
        Some(FlowRunFilter {
            states: group.get().map(|group| group.states().collect()),
            flow_group_id: None,
            due_only: group.get() != Some(StateGroup::Pending),
        })
    });
    use_place(move || Place {
        crumbs: vec![("Runs".to_owned(), None)],
        title: group
            .get()
            .map_or_else(|| "Runs".to_owned(), |group| format!("{} runs", group.name())),
    });
    let tabs = move || {
        let link = |label, shown: Option<StateGroup>| TabLink {
            label,
            count: None,
            href: Route::Runs(shown.map(|group| group.name().to_ascii_lowercase())).to_string(),
            current: group.get() == shown,
        };
        let groups = StateGroup::ALL
            .into_iter()
            .map(|group| link(group.name(), Some(group)));
        std::iter::once(link("All", None))
            .chain(groups)
            .collect::<Vec<_>>()
    };
    view! {
        <div class="page">
            <div class="page__head">
                <div class="page__headline"><h1 class="page__title">"Runs"</h1></div>
            </div>
            <Tabs label="States" tabs=Signal::derive(tabs)/>
            <Loaded polled=runs what="list of runs" let:runs>
                {
                    let count = Memo::new(move |_| runs.with(Vec::len));
                    view! {
                        <Show when=move || count.get() != 0 fallback=move || view! {
                            <Empty icon=Icon::Runs title="No such runs" text="Start one with Quick Run on a flow's line.">
                                <a class="button" data-weight="plain" href=Route::Flows.to_string()>"See the flows"</a>
                            </Empty>
                        }>
                            <FlowRunTable runs=runs/>
                            <p class="section__note">
                                {move || match count.get() {
                                    100 => "The latest 100 runs.".to_owned(),
                                    count => format!("{}.", format::counted(count, "run")),
                                }}
                            </p>
                        </Show>
                    }
                }
            </Loaded>
        </div>
    }
}
