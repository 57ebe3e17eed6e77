//! `/agents`: which agents there are, how they are, and what they can take.

use flowdeck_vocabulary::{AgentId, Labels, StateType};
use leptos::prelude::*;

use crate::components::labels::LabelList;
use crate::components::time::Ago;
use crate::format;
use crate::model::{Agent, FlowRun, LATE_AFTER, why_waiting};
use crate::resources::{FlowRunFilter, use_agents, use_flow_runs, use_remove_agent};
use crate::routes::Route;
use crate::session::{Place, use_now, use_place};
use crate::ui::button::{Button, Weight};
use crate::ui::command::Command;
use crate::ui::dialog::Confirm;
use crate::ui::each::{Each, item};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::loaded::Loaded;
use crate::ui::only::Only;

/// The agents.
#[component]
pub fn AgentsPage() -> impl IntoView {
    let agents = use_agents(|| true);
    let waiting = use_flow_runs(|| {
        Some(FlowRunFilter {
            states: Some(vec![StateType::Scheduled, StateType::Queued]),
            flow_group_id: None,
            due_only: true,
        })
    });
    let waiting = Signal::derive(move || waiting.value.get().unwrap_or_default());
    let is_more = Memo::new(move |_| waiting.with(|runs| runs.len() >= FlowRunFilter::MOST));
    let remove = use_remove_agent(agents.refresh);
    use_place(|| Place {
        crumbs: vec![("Agents".to_owned(), None)],
        title: "Agents".to_owned(),
    });
    view! {
        <div class="page">
            <Loaded polled=agents what="list of agents" let:agents>
                <AgentList agents=agents waiting=waiting is_more=is_more remove=remove/>
                <Waiting agents=agents waiting=waiting is_more=is_more/>
            </Loaded>
        </div>
    }
}

#[component]
fn AgentList(
    agents: Signal<Vec<Agent>>,
    waiting: Signal<Vec<FlowRun>>,
    is_more: Memo<bool>,
    remove: Callback<(AgentId, String)>,
) -> impl IntoView {
    let asked = RwSignal::new(None::<(AgentId, String)>);
    let now = use_now();
    let ready = Memo::new(move |_| {
        let now = now.get();
        agents.with(|agents| agents.iter().filter(|agent| agent.is_ready(now)).count())
    });
    let none = Memo::new(move |_| agents.with(Vec::is_empty));
    view! {
        <div class="page__head">
            <div class="page__headline">
                <h1 class="page__title">
                    {move || match ready.get() {
                        0 => "No agent is running".to_owned(),
                        count => format!("{} ready", format::counted(count, "agent")),
                    }}
                </h1>
                <p class="page__lead">
                    "An agent takes the runs whose labels it has, all of them, and starts them on its machine. "
                    "Runs without labels go to agents without labels."
                </p>
            </div>
        </div>
        {move || (ready.get() == 0).then(|| view! {
            <Empty icon=Icon::Agents title="Runs wait until an agent takes them" text="Start one on the machine that is to run them:">
                <Command text="flowdeck agent local start"/>
            </Empty>
        })}
        <Only when=move || !none.get()>
            <div class="table-frame panel" tabindex="0">
                <table class="table agents" aria-label="Agents">
                    <thead>
                        <tr>
                            <th scope="col">"Health"</th>
                            <th scope="col">"Agent"</th>
                            <th scope="col">"Labels"</th>
                            <th scope="col" class="table__number table__wide">"Due runs it can take"</th>
                            <th scope="col" class="table__number table__wide">"Last asked for work"</th>
                            <th scope="col"><span class="visually-hidden">"Action"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <Each of=move || agents.get() key=|agent| agent.id let:agent>
                            {
                                let id = agent.id;
                                // The row stays, with its focus, each time the agent asks for work.
                                let agent = item(agents, agent, |one, other| one.id == other.id);
                                let name = Memo::new(move |_| agent.with(|agent| agent.name.clone()));
                                let agent_type = Memo::new(move |_| agent.with(|agent| agent.agent_type.clone()));
                                let labels = Memo::new(move |_| agent.with(|agent| agent.labels.clone()));
                                let asked_at = Memo::new(move |_| agent.with(|agent| agent.last_queried_at));
                                let could_take = Memo::new(move |_| {
                                    let can_take = |run: &&FlowRun| labels.with(|labels| run.labels.may_run_on(labels));
                                    waiting.with(|runs| runs.iter().filter(can_take).count())
                                });
                                let health = Memo::new(move |_| agent.with(|agent| agent.health(now.get())));
                                view! {
                                    <tr>
                                        <td>
                                            <span class="health" data-health=move || health.get().name()>
                                                <span class="light" data-health=move || health.get().name()></span>
                                                {move || health.get().name()}
                                            </span>
                                        </td>
                                        <td class="table__fill">
                                            {name} " " <span class="nothing">{agent_type}</span>
                                        </td>
                                        <td class="table__fill">{move || view! { <LabelList labels=labels.get()/> }.into_any()}</td>
                                        <td class="table__number table__wide">
                                            {move || Some(could_take.get()).filter(|count| *count > 0).map(|count| match is_more.get() {
                                                true => format!("{} runs", format::at_least(count, true)),
                                                false => format::counted(count, "run"),
                                            })}
                                        </td>
                                        <td class="table__number table__wide">
                                            {move || asked_at.get().map(|at| view! { <Ago time=at/> }).into_any()}
                                        </td>
                                        <td class="table__number">
                                            <Button
                                                label="Remove"
                                                about=name
                                                icon=Icon::Close
                                                weight=Weight::Quiet
                                                only_icon=true
                                                on_click=Callback::new(move |()| asked.set(Some((id, name.get_untracked()))))
                                            />
                                        </td>
                                    </tr>
                                }
                            }
                        </Each>
                    </tbody>
                </table>
            </div>
        </Only>
        {move || asked.get().map(|(id, name)| {
            let open = RwSignal::new(true);
            Effect::new(move |_| {
                if !open.get() {
                    asked.set(None);
                }
            });
            view! {
                <Confirm
                    open=open
                    title=format!("Remove {name}?")
                    text="It is forgotten here. Its process is not stopped: as long as that runs, it comes back when it next asks for work.".to_owned()
                    yes="Remove"
                    no="Keep it"
                    on_yes=Callback::new(move |()| remove.run((id, name.clone())))
                />
            }
        })}
    }
}

/// The runs that are due and that no agent has taken, and why. `is_more`: they are only the latest of those that wait.
#[component]
fn Waiting(agents: Signal<Vec<Agent>>, waiting: Signal<Vec<FlowRun>>, is_more: Memo<bool>) -> impl IntoView {
    let now = use_now();
    let late = Memo::new(move |_| {
        let due = now.get().before(LATE_AFTER);
        waiting.with(|runs| {
            let late = runs.iter().filter(|run| run.due_at() < due);
            late.cloned().collect::<Vec<_>>()
        })
    });
    let any = Memo::new(move |_| late.with(|late| !late.is_empty()));
    live(move || {
        any.get().then(|| view! {
            <section class="section" aria-label="Late runs">
                <div class="section__head">
                    <h2 class="section__title">"Late, and why"</h2>
                    <span class="section__note">{move || format::at_least(late.with(Vec::len), is_more.get())}</span>
                    <a class="section__more" href=Route::Runs(Some("is:late".to_owned())).to_string() aria-label="All late runs">"all"</a>
                </div>
                <ul class="panel waiting">
                    <Each of=move || late.get() key=|run| run.id let:run>
                        {
                            let href = Route::flow_run(run.id).to_string();
                            let flow = run.flow_name.clone();
                            let run = item(late.into(), run, |one, other| one.id == other.id);
                            let name = Memo::new(move |_| run.with(|run| run.name.clone()));
                            let due = Memo::new(move |_| run.with(FlowRun::due_at));
                            let why = Memo::new(move |_| {
                                let why = |labels: &Labels| agents.with(|agents| why_waiting(labels, agents, due.get(), now.get()));
                                run.with(|run| why(&run.labels))
                            });
                            view! {
                                <li class="waiting__line">
                                    <a class="link link--main" href=href>{flow} " " <span class="nothing">{name}</span></a>
                                    <span class="waiting__when">{move || view! { <Ago time=due.get()/> }.into_any()}</span>
                                    <span class="waiting__why">{move || why.get().reason}</span>
                                    {move || why.get().command.map(|command| view! { <Command text=command/> })}
                                </li>
                            }
                        }
                    </Each>
                </ul>
            </section>
        })
    })
}
