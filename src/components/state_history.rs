//! The states a run has been in, newest first.

use leptos::prelude::*;

use super::state_badge::StateBadge;
use super::time::Clock;
use crate::model::StateEntry;

/// A list of states with their times and messages.
#[component]
pub fn StateHistory(#[prop(into)] states: Signal<Vec<StateEntry>>) -> impl IntoView {
    view! {
        <ol class="state-history panel" aria-label="States, newest first">
            <For each=move || states.get() key=|entry| entry.id.clone() let:entry>
                <li class="state-history__entry">
                    <span class="state-history__time"><Clock time=entry.at/></span>
                    <StateBadge state=entry.state/>
                    <span class="state-history__message">{entry.message.unwrap_or_default()}</span>
                </li>
            </For>
        </ol>
    }
}
