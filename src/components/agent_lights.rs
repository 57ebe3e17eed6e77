//! The agents as one line of lights.

use leptos::prelude::*;

use crate::format;
use crate::model::{Agent, AgentHealth};
use crate::routes::Route;
use crate::session::use_now;
use crate::ui::command::Command;

/// One light for each agent that is not gone, and what they are in words.
#[component]
pub fn AgentLights(#[prop(into)] agents: Signal<Vec<Agent>>) -> impl IntoView {
    let now = use_now();
    let lights = Memo::new(move |_| {
        let now = now.get();
        agents.with(|agents| {
            let alive = agents.iter().map(|agent| (agent.clone(), agent.health(now)));
            alive
                .filter(|(_, health)| *health != AgentHealth::Gone)
                .collect::<Vec<_>>()
        })
    });
    let words = move || {
        lights.with(|lights| {
            let healthy = lights
                .iter()
                .filter(|(_, health)| *health == AgentHealth::Healthy)
                .count();
            let silent = lights.len() - healthy;
            match (healthy, silent) {
                (0, 0) => "No agent is running: runs wait until one is started.".to_owned(),
                (healthy, 0) => format!("{} ready", format::counted(healthy, "agent")),
                (healthy, silent) => format!("{} ready, {silent} silent", format::counted(healthy, "agent")),
            }
        })
    };
    view! {
        <div class="agent-lights">
            <a class="agent-lights__line" href=Route::Agents.to_string()>
                <span class="agent-lights__row">
                    {move || {
                        lights
                            .get()
                            .into_iter()
                            .map(|(agent, health)| {
                                let labels: Vec<&str> = agent.labels.iter().collect();
                                let title = format!("{} ({}): {}", agent.name, labels.join(", "), health.name());
                                view! { <span class="light" data-health=health.name() title=title></span> }
                            })
                            .collect_view()
                    }}
                </span>
                <span>{words}</span>
            </a>
            {move || {
                lights
                    .with(Vec::is_empty)
                    .then(|| view! { <Command text="flowdeck agent local start"/> })
            }}
        </div>
    }
}
