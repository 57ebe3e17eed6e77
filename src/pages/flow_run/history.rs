//! `/flow-run/:id?tab=history`: the states the run has been in, and the last one as it is stored.

use leptos::prelude::*;

use crate::components::state_history::States;
use crate::model::FlowRunPicture;
use crate::polled::Polled;
use crate::resources::use_flow_run_states;
use crate::ui::loaded::Loaded;

/// The history.
#[component]
pub fn HistoryTab(picture: Signal<FlowRunPicture>, run: Polled<FlowRunPicture>) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let history = use_flow_run_states(move || Some(id.get()), run);
    view! {
        <Loaded polled=history what="history of the flow run" let:history>
            <States
                states=Signal::derive(move || history.with(|history| history.states.clone()))
                raw=Memo::new(move |_| history.with(|history| history.raw_state.clone()))
            />
        </Loaded>
    }
}
