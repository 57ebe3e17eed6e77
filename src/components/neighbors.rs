//! The tasks right before and right after one, as two lists of links.

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::state_badge::StateBadge;
use crate::format;

/// A task before or after the one whose page this is.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbor {
    /// What it is called.
    pub name: String,
    /// Where it leads; `None` while it has no run.
    pub href: Option<String>,
    /// The state of its run; `None` for a flow as it is written, and while it has no run.
    pub state: Option<StateType>,
    /// The inputs that the edge fills, `x, y`; empty when it only orders the two.
    pub inputs: String,
}

/// Both lists: what it waits for, and what waits for it.
#[component]
pub fn Neighbors(upstream: Signal<Vec<Neighbor>>, downstream: Signal<Vec<Neighbor>>) -> impl IntoView {
    view! {
        <div class="neighbors">
            {list("↑ ", "Upstream", "It waits for no other task.", upstream)}
            {list("↓ ", "Downstream", "No other task waits for it.", downstream)}
        </div>
    }
}

fn list(
    arrow: &'static str,
    title: &'static str,
    none: &'static str,
    neighbors: Signal<Vec<Neighbor>>,
) -> AnyView {
    view! {
        <section class="neighbors__side" aria-label=title>
            <h3 class="neighbors__title">
                <span aria-hidden="true">{arrow}</span> {title} " "
                <span class="tabs__count">{move || neighbors.with(|list| format::count(list.len()))}</span>
            </h3>
            {move || neighbors.with(Vec::is_empty).then(|| view! { <p class="section__note">{none}</p> })}
            <ul class="neighbors__list">
                {move || neighbors.get().into_iter().map(one).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

fn one(neighbor: Neighbor) -> AnyView {
    view! {
        <li class="neighbors__one">
            {neighbor.state.map(|state| view! { <StateBadge state=state dense=true/> })}
            {match neighbor.href {
                Some(href) => view! { <a class="link link--main" href=href>{neighbor.name}</a> }.into_any(),
                None => view! { <span>{neighbor.name}</span> }.into_any(),
            }}
            {(!neighbor.inputs.is_empty()).then(|| view! { <span class="nothing">{neighbor.inputs}</span> })}
        </li>
    }
    .into_any()
}
