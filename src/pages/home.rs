//! `/`: what fails, runs and comes, and each flow in a line.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use super::bulk_report::BulkOnDemandProps;
use crate::components::agent_lights::AgentLights;
use crate::components::favicon::use_favicon;
use crate::components::flow_line::FlowLines;
use crate::components::flow_run_list::{FlowRunList, Tells};
use crate::components::run_counts::RunCountChips;
use crate::components::run_histogram::RunHistogramView;
use crate::components::state_badge::StateBadge;
use crate::components::time::{Ago, At};
use crate::format;
use crate::model::{
    BulkAction, Failing, FlowSort, FlowsView, Home, RunFilter, RunHistogram, Timestamp, register_commands,
};
use crate::parts;
use crate::resources::{late_runs, runs_under_way, use_home, use_quick_run, use_recent_counts};
use crate::routes::Route;
use crate::session::{Place, use_now, use_place};
use crate::ui::button::{Button, Weight};
use crate::ui::command::Command;
use crate::ui::each::Each;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::loaded::Loaded;
use crate::ui::page_action::use_page_action;
use crate::under_way::QuickRun;
use flowdeck_vocabulary::{FlowRunId, StateType};

const DAY: i64 = 24;
const WEEK: i64 = 7 * DAY;

/// The first page.
#[component]
pub fn HomePage() -> impl IntoView {
    let home = use_home();
    let quick_run = use_quick_run(Callback::new(move |_| home.refresh.run(())));
    use_place(move || Place {
        crumbs: vec![("Home".to_owned(), None)],
        title: home
            .value
            .with(|home| home.as_ref().map_or_else(|| "Home".to_owned(), title)),
    });
    use_favicon(move || {
        let is_failing = home
            .value
            .with(|home| home.as_ref().is_some_and(|home| !home.failing().flows.is_empty()));
        is_failing.then_some(StateType::Failed)
    });
    let refresh = home.refresh;
    view! {
        <div class="page">
            <Loaded polled=home what="overview" let:home>
                <Overview home=home refresh=refresh quick_run=quick_run/>
            </Loaded>
        </div>
    }
}

fn title(home: &Home) -> String {
    match (home.failing().flows.len(), home.late_count, home.running_count) {
        (0, 0, 0) => "All calm".to_owned(),
        (0, 0, running) => format!("{} running", format::count(running)),
        (0, late, _) => format!("{} late", format::count(late)),
        (failing, ..) => format!("{} failing", format::count(failing)),
    }
}

#[component]
fn Overview(home: Signal<Home>, refresh: Callback<()>, quick_run: QuickRun) -> impl IntoView {
    let has_flows = Memo::new(move |_| home.with(|home| !home.flows.is_empty()));
    live(move || {
        if has_flows.get() {
            view! { <Panel home=home refresh=refresh quick_run=quick_run/> }.into_any()
        } else {
            view! { <FirstStart/> }.into_any()
        }
    })
}

#[component]
fn Panel(home: Signal<Home>, refresh: Callback<()>, quick_run: QuickRun) -> impl IntoView {
    let failing = Memo::new(move |_| home.with(Home::failing));
    let late = Memo::new(move |_| home.with(|home| home.late.clone()));
    let upcoming = Memo::new(move |_| home.with(|home| home.upcoming.clone()));
    let agents = Memo::new(move |_| home.with(|home| home.agents.clone()));
    let running_count = Memo::new(move |_| home.with(|home| home.running_count));
    let late_count = Memo::new(move |_| home.with(|home| home.late_count));
    let projects = Memo::new(move |_| home.with(Home::projects));
    let shared = Memo::new(move |_| home.with(Home::shared_flow_names));
    let now = use_now();
    let has_agent = Memo::new(move |_| {
        let now = now.get();
        agents.with(|agents| agents.iter().any(|agent| agent.is_ready(now)))
    });
    let stuck = Memo::new(move |_| home.with(|home| home.stuck(now.get())));
    let running = Memo::new(move |_| home.with(|home| stuck.with(|stuck| home.in_progress(stuck))));
    let others = Memo::new(move |_| home.with(|home| home.others.len()));
    let asked = RwSignal::new(None);
    let was_asked =
        Memo::new(move |before: Option<&bool>| before == Some(&true) || asked.with(Option::is_some));
    let failing_flows = Route::Flows.with_flows_view(&FlowsView {
        sort: FlowSort::Failing,
        ..FlowsView::default()
    });
    let all = |filter: &str| Route::Runs(Some(filter.to_owned())).to_string();
    view! {
        <div class="page__head">
            <div class="page__headline">
                <h1 class="page__title home__answer"><Answer failing running_count late_count stuck has_agent/></h1>
            </div>
            <AgentLights agents=agents/>
        </div>
        {move || was_asked.get().then(|| {
            parts::bulk_on_demand().show(move || BulkOnDemandProps {
                asked,
                on_done: Callback::new(move |()| refresh.run(())),
            })
        })}
        <div class="home__lists">
            <Short title="Failing now" count=Signal::derive(move || failing.with(|failing| failing.flows.len())) more=failing_flows>
                <FailingList failing=failing/>
            </Short>
            <Short title="In progress" count=running_count more=all("state:running")>
                <FlowRunList runs=running tells=Tells::Elapsed stuck=stuck shared=shared empty="Nothing is running."/>
                <AllAtOnce count=running_count label="Stop all" action=BulkAction::Cancel of=runs_under_way asked_all=asked/>
            </Short>
            <Short title="Late" count=late_count more=all("is:late")>
                <FlowRunList runs=late tells=Tells::Scheduled shared=shared empty="Everything starts on time."/>
                <AllAtOnce count=late_count label="Clear late" action=BulkAction::Delete of=late_runs asked_all=asked/>
            </Short>
            <Short title="Next up" count=Signal::derive(|| 0) more=all("state:pending")>
                <FlowRunList runs=upcoming tells=Tells::Upcoming shared=shared empty="Nothing is scheduled."/>
            </Short>
        </div>
        <Recently/>
        <Each of=move || projects.get() key=|(id, name)| (*id, name.clone()) let((id, name))>
            <section class="section">
                <div class="section__head">
                    <h2 class="section__title"><a class="link" href=Route::project(id).to_string()>{name}</a></h2>
                </div>
                <FlowLines
                    flows=Memo::new(move |_| home.with(|home| home.flows_of(id)))
                    quick_run=quick_run
                />
            </section>
        </Each>
        {move || Some(others.get()).filter(|others| *others > 0).map(|others| view! {
            <p class="section__note">
                {format!("And {} more. ", format::counted(others, "flow"))}
                <a class="link link--main" href=Route::Flows.to_string()>"All flows"</a>
            </p>
        })}
    }
}

/// The answer to why one came, in one sentence.
#[component]
fn Answer(
    failing: Memo<Failing>,
    running_count: Memo<usize>,
    late_count: Memo<usize>,
    stuck: Memo<Vec<FlowRunId>>,
    has_agent: Memo<bool>,
) -> impl IntoView {
    let rest = move || {
        let mut parts = Vec::new();
        if running_count.get() > 0 {
            parts.push(format!("{} running", format::count(running_count.get())));
        }
        let stuck = stuck.with(Vec::len);
        if stuck > 0 {
            parts.push(format!("{} stuck", format::count(stuck)));
        }
        if late_count.get() > 0 {
            parts.push(format!("{} late", format::count(late_count.get())));
            if !has_agent.get() {
                parts.push("no agent ready".to_owned());
            }
        }
        parts.join(", ")
    };
    live(move || {
        let rest = rest();
        let after = |calm: &str| {
            if rest.is_empty() {
                calm.to_owned()
            } else {
                format!(" · {rest}")
            }
        };
        match failing.with(|failing| (failing.flows.len(), failing.since)) {
            (count @ 1.., Some(since)) => view! {
                <span class="home__failing" data-state="failed">
                    {format!("{} failing", format::counted(count, "flow"))} " since " <At time=since/>
                </span>
                <span class="home__rest">{after("")}</span>
            }
            .into_any(),
            _ => {
                let is_calm = late_count.get() == 0 && stuck.with(Vec::is_empty);
                let words = if is_calm { "All calm" } else { "No flow is failing" };
                view! { {words} <span class="home__rest">{after(" · nothing failing, running or late")}</span> }.into_any()
            }
        }
    })
}

#[component]
fn Short(
    title: &'static str,
    #[prop(into)] count: Signal<usize>,
    more: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="home__list panel" aria-label=title>
            <div class="section__head">
                <h2 class="section__title">{title}</h2>
                <span class="section__note">{move || Some(count.get()).filter(|n| *n > 0).map(format::count)}</span>
                <a class="section__more" href=more aria-label=format!("All: {title}")>"all"</a>
            </div>
            {children()}
        </section>
    }
}

/// A button that does something with all runs of a list, after asking with their number.
#[component]
fn AllAtOnce(
    count: Memo<usize>,
    label: &'static str,
    action: BulkAction,
    /// The runs, as `where` of the API, when it is asked for.
    of: fn() -> Value,
    /// Gets the action and the runs, and asks.
    asked_all: RwSignal<Option<(BulkAction, Value)>>,
) -> impl IntoView {
    let ask = Callback::new(move |()| asked_all.set(Some((action, of()))));
    use_page_action(label, Icon::Stop, move || count.get() > 0, ask);
    live(move || {
        (count.get() > 0).then(|| {
            view! {
                <div class="home__all">
                    <Button label=label weight=Weight::Quiet on_click=ask/>
                </div>
            }
        })
    })
}

/// How the last day or week went: runs over time and by state; each leads to the history.
#[component]
fn Recently() -> impl IntoView {
    let hours = RwSignal::new(DAY);
    let counts = use_recent_counts(Memo::new(move |_| hours.get()));
    let histogram = Memo::new(move |_| counts.with(|counts| counts.as_ref()?.histogram.clone()));
    let groups = Signal::derive(move || counts.with(|counts| counts.as_ref().map(|counts| counts.groups)));
    let has_any = Memo::new(move |_| histogram.with(Option::is_some));
    let navigate = use_navigate();
    let go = Callback::new(move |query: String| {
        navigate(&Route::Runs(Some(query)).to_string(), NavigateOptions::default());
    });
    let choice = move |of: i64, label: &'static str| {
        view! {
            <button
                type="button"
                class="button"
                data-weight="quiet"
                aria-pressed=move || (hours.get() == of).to_string()
                on:click=move |_| hours.set(of)
            >
                {label}
            </button>
        }
    };
    live(move || {
        has_any.get().then(|| {
            let known = Memo::new(move |last: Option<&RunHistogram>| {
                let now = histogram.get().or_else(|| last.cloned());
                now.unwrap_or_else(|| RunHistogram::covering(Timestamp::EARLIEST, Timestamp::EARLIEST, |_| 0))
            });
            view! {
                <section class="section home__recently" aria-label="Recent runs">
                    <div class="section__head">
                        <h2 class="section__title">"Runs over time"</h2>
                        <div class="home__span" role="group" aria-label="Time shown">
                            {choice(DAY, "24 hours")} {choice(WEEK, "7 days")}
                        </div>
                    </div>
                    <div class="panel home__histogram">
                        <RunHistogramView
                            histogram=known.into()
                            on_choose=Callback::new(move |(from, to)| go.run(RunFilter::default().within(from, to)))
                        />
                        <RunCountChips
                            counts=groups
                            chosen=Signal::derive(Vec::new)
                            on_toggle=Callback::new(move |group| {
                                let of_group = RunFilter::default().toggled(group);
                                go.run(format!("{of_group} scheduled:-{}h..now", hours.get_untracked()));
                            })
                        />
                    </div>
                </section>
            }
        })
    })
}

#[component]
fn FailingList(failing: Memo<Failing>) -> impl IntoView {
    let flows = move || failing.with(|failing| failing.flows.iter().take(6).cloned().collect::<Vec<_>>());
    view! {
        <ul class="short-list">
            <Each of=flows key=|(flow, since)| (flow.id, *since, flow.last_run().map(|run| run.id)) let((flow, since))>
                {
                    let failed = flow.runs.iter().rev().find(|run| run.state.is_failed());
                    let state = failed.map_or(StateType::Failed, |run| run.state);
                    let href = failed.map_or_else(|| Route::flow(flow.id), |run| Route::flow_run(run.id)).to_string();
                    view! {
                        <li>
                            <a class="short-list__line" href=href title=format!("{} / {}", flow.project_name, flow.name)>
                                <StateBadge state=state dense=true/>
                                <span class="short-list__name">
                                    {flow.name.clone()} " " <span class="short-list__detail">{flow.project_name.clone()}</span>
                                </span>
                                <span class="short-list__number"><Ago time=since/></span>
                            </a>
                        </li>
                    }
                }
            </Each>
        </ul>
        {move || failing.with(|failing| failing.flows.is_empty()).then(|| view! {
            <p class="short-list__empty">"No flow is failing."</p>
        })}
    }
}

#[component]
fn FirstStart() -> impl IntoView {
    let [rust, python] = register_commands("my-project");
    view! {
        <h1 class="visually-hidden">"Welcome to Flowdeck"</h1>
        <Empty
            icon=Icon::Flows
            title="No flows yet"
            text="Three steps to the first run. This page follows by itself."
        >
            <ol class="steps">
                <li>
                    <p>"Make a project to put flows in."</p>
                    <Command text="flowdeck create project my-project"/>
                </li>
                <li>
                    <p>"Register a flow of your own, from its folder: a Rust program, or a Python file."</p>
                    <div class="steps__either">
                        <Command text=rust/>
                        <Command text=python/>
                    </div>
                </li>
                <li>
                    <p>"Start an agent on the machine that is to run it."</p>
                    <Command text="flowdeck agent local start"/>
                </li>
            </ol>
        </Empty>
    }
}
