//! The states a run has been in, newest first.

use leptos::prelude::*;

use serde_json::Value;

use super::json::Json;
use super::state_badge::StateBadge;
use super::time::Clock;
use crate::model::StateEntry;
use crate::ui::each::Each;

/// The states a run has been in, and the last one as it is stored.
#[component]
pub fn States(
    #[prop(into)] states: Signal<Vec<StateEntry>>,
    #[prop(into)] raw: Signal<Value>,
) -> impl IntoView {
    view! {
        <section class="section">
            <h2 class="section__title">"States"</h2>
            <StateHistory states=states/>
            <details class="fold panel">
                <summary>"State as stored"</summary>
                {move || view! { <Json value=raw.get()/> }}
            </details>
        </section>
    }
}

/// A list of states with their times and messages.
#[component]
fn StateHistory(#[prop(into)] states: Signal<Vec<StateEntry>>) -> impl IntoView {
    view! {
        <ol class="state-history panel" aria-label="States, newest first">
            <Each of=move || states.get() key=|entry| entry.id.clone() let:entry>
                <li class="state-history__entry">
                    <span class="state-history__time"><Clock time=entry.at/></span>
                    <StateBadge state=entry.state/>
                    <span class="state-history__message">{entry.message.unwrap_or_default()}</span>
                </li>
            </Each>
        </ol>
    }
}
