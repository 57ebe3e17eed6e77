//! `/`: what fails, runs and comes, and each flow in a line.

use leptos::prelude::*;

use crate::components::agent_lights::AgentLights;
use crate::components::flow_line::{FlowLines, QuickRun};
use crate::components::flow_run_list::{FlowRunList, Tells};
use crate::components::state_badge::StateBadge;
use crate::components::time::{Ago, At};
use crate::format;
use crate::model::{Failing, FlowLine, Home};
use crate::resources::{use_home, use_quick_run};
use crate::routes::Route;
use crate::session::{Place, use_place};
use crate::ui::command::Command;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use flowdeck_vocabulary::StateType;

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
    view! {
        <div class="page">
            <Loaded polled=home what="overview" let:home>
                <Overview home=home on_quick_run=quick_run/>
            </Loaded>
        </div>
    }
}

fn title(home: &Home) -> String {
    match (home.failing().flows.len(), home.running_count) {
        (0, 0) => "All calm".to_owned(),
        (0, running) => format!("{} running", format::count(running)),
        (failing, _) => format!("{} failing", format::count(failing)),
    }
}

#[component]
fn Overview(home: Signal<Home>, on_quick_run: QuickRun) -> impl IntoView {
    let has_flows = Memo::new(move |_| home.with(|home| !home.flows.is_empty()));
    move || {
        if has_flows.get() {
            view! { <Panel home=home on_quick_run=on_quick_run/> }.into_any()
        } else {
            view! { <FirstStart/> }.into_any()
        }
    }
}

#[component]
fn Panel(home: Signal<Home>, on_quick_run: QuickRun) -> impl IntoView {
    let failing = Memo::new(move |_| home.with(Home::failing));
    let running = Memo::new(move |_| home.with(|home| home.running.clone()));
    let late = Memo::new(move |_| home.with(|home| home.late.clone()));
    let upcoming = Memo::new(move |_| home.with(|home| home.upcoming.clone()));
    let agents = Memo::new(move |_| home.with(|home| home.agents.clone()));
    let running_count = Memo::new(move |_| home.with(|home| home.running_count));
    let late_count = Memo::new(move |_| home.with(|home| home.late_count));
    let projects = Memo::new(move |_| {
        home.with(Home::by_project)
            .iter()
            .map(|flows| (flows[0].project_id, flows[0].project_name.clone()))
            .collect::<Vec<_>>()
    });
    let all = |state: &str| Route::Runs(Some(format!("state:{state}"))).to_string();
    view! {
        <div class="page__head">
            <div class="page__headline">
                <h1 class="page__title home__answer"><Answer failing running_count late_count/></h1>
            </div>
            <AgentLights agents=agents/>
        </div>
        <div class="home__lists">
            <Short title="Failing now" count=Signal::derive(move || failing.with(|failing| failing.flows.len())) more=all("failed")>
                <FailingList failing=failing/>
            </Short>
            <Short title="In progress" count=running_count more=all("running")>
                <FlowRunList runs=running tells=Tells::Elapsed empty="Nothing is running."/>
            </Short>
            <Short title="Late" count=late_count more=all("pending")>
                <FlowRunList runs=late tells=Tells::Scheduled empty="Everything starts on time."/>
            </Short>
            <Short title="Next up" count=Signal::derive(|| 0) more=all("pending")>
                <FlowRunList runs=upcoming tells=Tells::Scheduled empty="Nothing is scheduled."/>
            </Short>
        </div>
        <For each=move || projects.get() key=|(id, name)| (*id, name.clone()) let((id, name))>
            <section class="section">
                <div class="section__head">
                    <h2 class="section__title"><a class="link" href=Route::project(id).to_string()>{name}</a></h2>
                </div>
                <FlowLines
                    flows=Memo::new(move |_| {
                        let of_project = |flows: Vec<FlowLine>| flows.into_iter().filter(|flow| flow.project_id == id).collect::<Vec<_>>();
                        home.with(|home| of_project(home.flows.clone()))
                    })
                    on_quick_run=on_quick_run
                />
            </section>
        </For>
    }
}

/// The answer to why one came, in one sentence.
#[component]
fn Answer(failing: Memo<Failing>, running_count: Memo<usize>, late_count: Memo<usize>) -> impl IntoView {
    let rest = move || {
        let mut parts = Vec::new();
        if running_count.get() > 0 {
            parts.push(format!("{} running", format::count(running_count.get())));
        }
        if late_count.get() > 0 {
            parts.push(format!("{} late", format::count(late_count.get())));
        }
        parts.join(", ")
    };
    move || {
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
            _ => view! { "All calm" <span class="home__rest">{after(" · nothing failing, running or late")}</span> }.into_any(),
        }
    }
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
                <a class="section__more" href=more aria-label=format!("All runs: {title}")>"all"</a>
            </div>
            {children()}
        </section>
    }
}

#[component]
fn FailingList(failing: Memo<Failing>) -> impl IntoView {
    let flows = move || failing.with(|failing| failing.flows.iter().take(6).cloned().collect::<Vec<_>>());
    view! {
        <ul class="short-list">
            <For each=flows key=|(flow, since)| (flow.id, *since, flow.last_run().map(|run| run.id)) let((flow, since))>
                {
                    let failed = flow.runs.iter().rev().find(|run| run.state.is_failed());
                    let state = failed.map_or(StateType::Failed, |run| run.state);
                    let href = failed.map_or_else(|| Route::flow(flow.id), |run| Route::flow_run(run.id)).to_string();
                    view! {
                        <li>
                            <a class="short-list__line" href=href>
                                <StateBadge state=state dense=true/>
                                <span class="short-list__name">{flow.name.clone()}</span>
                                <span class="short-list__number"><Ago time=since/></span>
                            </a>
                        </li>
                    }
                }
            </For>
        </ul>
        {move || failing.with(|failing| failing.flows.is_empty()).then(|| view! {
            <p class="short-list__empty">"No flow is failing."</p>
        })}
    }
}

#[component]
fn FirstStart() -> impl IntoView {
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
                    <p>"Register a flow of your own, from its folder."</p>
                    <Command text="cargo run -- register --project my-project"/>
                </li>
                <li>
                    <p>"Start an agent on the machine that shall run it."</p>
                    <Command text="flowdeck agent local start"/>
                </li>
            </ol>
        </Empty>
    }
}
