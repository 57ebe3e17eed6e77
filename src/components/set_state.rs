//! The dialog that puts a run into another state by hand: which one, why, and whether its task runs get it, too.

use flowdeck_vocabulary::StateType;
use leptos::html;
use leptos::prelude::*;

use super::state_badge::{StateBadge, state_word};
use crate::format;
use crate::model::{RunKind, StateChange};
use crate::ui::button::Button;
use crate::ui::dialog::Dialog;

/// The dialog.
#[component]
pub fn SetState(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// What is run.
    kind: RunKind,
    /// What the run is called.
    #[prop(into)]
    name: Signal<String>,
    /// Its state, and which change of it that is.
    #[prop(into)]
    now: Signal<(StateType, i64)>,
    /// Of a flow run: how many task runs have not finished.
    #[prop(into)]
    unfinished: Signal<usize>,
    /// Called with what was chosen.
    on_set: Callback<StateChange>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Set the state of {}", name.get()))>
            {form(open, kind, now, unfinished, on_set)}
        </Dialog>
    }
}

fn form(
    open: RwSignal<bool>,
    kind: RunKind,
    now: Signal<(StateType, i64)>,
    unfinished: Signal<usize>,
    on_set: Callback<StateChange>,
) -> AnyView {
    // What the person sees when it opens is what the choice is about.
    let (state, seen_version) = now.get_untracked();
    let chosen = RwSignal::new(None::<StateType>);
    let with_task_runs = RwSignal::new(false);
    let reason = NodeRef::<html::Input>::new();
    let set = move || {
        let Some(state) = chosen.get_untracked() else {
            return;
        };
        let reason = reason.get_untracked().map(|field| field.value());
        open.set(false);
        on_set.run(StateChange {
            state,
            reason: reason.unwrap_or_default(),
            with_task_runs: with_task_runs.get_untracked() && takes_task_runs(state),
            seen_version,
        });
    };
    let choice = move |(state, consequence): (StateType, &'static str)| {
        view! {
            <label class="outcome">
                <input
                    type="radio"
                    name="state"
                    required
                    on:change=move |_| chosen.set(Some(state))
                />
                <span class="outcome__word"><StateBadge state=state/></span>
                <span class="outcome__what">{consequence}</span>
            </label>
        }
    };
    let of_task_runs = move || {
        let count = unfinished.get();
        let is_offered = kind == RunKind::Flow && count > 0 && chosen.get().is_some_and(takes_task_runs);
        is_offered.then(|| view! {
            <label class="field__choice">
                <input
                    type="checkbox"
                    prop:checked=move || with_task_runs.get()
                    on:change=move |event| with_task_runs.set(event_target_checked(&event))
                />
                {format!("Also its {} that {} not finished", format::counted(count, "task run"), if count == 1 { "has" } else { "have" })}
            </label>
        })
        .into_any()
    };
    let moved_on = move || {
        let (state, version) = now.get();
        (version != seen_version)
            .then(|| view! {
                <p class="field__error" role="status">
                    {format!("It has moved on and is {} now. Close this and look again.", state_word(state))}
                </p>
            })
            .into_any()
    };
    view! {
        <form class="dialog__form" on:submit=move |event| {
            event.prevent_default();
            set();
        }>
            <p class="dialog__text">{format!("It is {} now.", state_word(state))}</p>
            <fieldset class="field">
                <legend class="field__label">"New state"</legend>
                {kind.settable(state).into_iter().map(choice).collect_view()}
            </fieldset>
            {of_task_runs}
            <label class="field">
                <span class="field__label">"Reason, kept in the state history"</span>
                <input class="field__text" node_ref=reason autocomplete="off" placeholder="Set by hand."/>
            </label>
            {moved_on}
            <div class="dialog__actions">
                <Button label="Keep as is" on_click=Callback::new(move |()| open.set(false))/>
                <button type="submit" class="button" data-weight="primary">"Set state"</button>
            </div>
        </form>
    }
    .into_any()
}

/// Whether the task runs that have not finished may get the state, too. A server cancels them by itself.
fn takes_task_runs(state: StateType) -> bool {
    state.is_finished() && state != StateType::Cancelled
}
