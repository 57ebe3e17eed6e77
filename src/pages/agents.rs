//! `/agents`: which agents there are, how they are, and what they can take.

use leptos::prelude::*;

use crate::components::labels::LabelList;
use crate::components::time::Ago;
use crate::format;
use crate::model::{Agent, AgentHealth};
use crate::resources::use_agents;
use crate::session::{Place, use_now, use_place};
use crate::ui::command::Command;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;

/// The agents.
#[component]
pub fn AgentsPage() -> impl IntoView {
    let agents = use_agents(|| true);
    use_place(|| Place {
        crumbs: vec![("Agents".to_owned(), None)],
        title: "Agents".to_owned(),
    });
    view! {
        <div class="page">
            <Loaded polled=agents what="list of agents" let:agents>
                <AgentList agents=agents/>
            </Loaded>
        </div>
    }
}

#[component]
fn AgentList(agents: Signal<Vec<Agent>>) -> impl IntoView {
    let now = use_now();
    let ready = Memo::new(move |_| {
        let now = now.get();
        agents.with(|agents| {
            agents
                .iter()
                .filter(|agent| agent.health(now) == AgentHealth::Healthy)
                .count()
        })
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
                    "An agent takes the runs whose labels it has all of, and starts them on its machine. "
                    "A run without labels goes to an agent without."
                </p>
            </div>
        </div>
        {move || (ready.get() == 0).then(|| view! {
            <Empty icon=Icon::Agents title="Runs wait until an agent takes them" text="Start one on the machine that shall run them:">
                <Command text="flowdeck agent local start"/>
            </Empty>
        })}
        <Show when=move || !none.get()>
            <div class="table-frame panel" tabindex="0">
                <table class="table" aria-label="Agents">
                    <thead>
                        <tr>
                            <th scope="col">"Health"</th>
                            <th scope="col">"Agent"</th>
                            <th scope="col">"Labels"</th>
                            <th scope="col" class="table__number">"Asked for work"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || agents.get() key=|agent| (agent.id, agent.last_queried_at) let:agent>
                            {
                                let of = agent.clone();
                                let health = Memo::new(move |_| of.health(now.get()));
                                view! {
                                    <tr>
                                        <td>
                                            <span class="health" data-health=move || health.get().name()>
                                                <span class="light" data-health=move || health.get().name()></span>
                                                {move || health.get().name()}
                                            </span>
                                        </td>
                                        <td class="table__fill">
                                            {agent.name} " " <span class="nothing">{agent.agent_type}</span>
                                        </td>
                                        <td class="table__fill"><LabelList labels=agent.labels/></td>
                                        <td class="table__number">
                                            {agent.last_queried_at.map(|at| view! { <Ago time=at/> })}
                                        </td>
                                    </tr>
                                }
                            }
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
    }
}
