//! The dialog that puts runs into another state by hand: which one, why, and whether their task runs get it, too.

use flowdeck_vocabulary::StateType;
use leptos::html;
use leptos::prelude::*;

use super::state_badge::{StateBadge, state_word};
use crate::format;
use crate::model::{RunKind, StateChange};
use crate::ui::button::Button;
use crate::ui::dialog::Dialog;
use crate::ui::live::live;

/// Which runs get a state. Copying it copies handles.
#[derive(Clone, Copy)]
pub enum Runs {
    /// One, that a person looks at.
    One {
        /// What is run.
        kind: RunKind,
        /// What the run is called.
        name: Signal<String>,
        /// Its state, and which change of it that is.
        now: Signal<(StateType, i64)>,
        /// Of a flow run: how many task runs have not finished.
        unfinished: Signal<usize>,
    },
    /// So many flow runs, each in a state of its own.
    Many(usize),
}

impl Runs {
    fn title(self) -> String {
        match self {
            Self::One { name, .. } => format!("Set the state of {}", name.get()),
            Self::Many(count) => format!("Set the state of {}", format::counted(count, "run")),
        }
    }

    /// The words beside the choice that the task runs get the state, too; `None` when there is none to choose.
    fn of_task_runs(self) -> Option<String> {
        match self {
            Self::One { kind, unfinished, .. } => {
                let count = unfinished.get();
                let has = if count == 1 { "has" } else { "have" };
                let words = format!(
                    "Also its {} that {has} not finished",
                    format::counted(count, "task run")
                );
                (kind == RunKind::Flow && count > 0).then_some(words)
            }
            Self::Many(_) => Some("Also their task runs that have not finished".to_owned()),
        }
    }
}

/// The dialog.
#[component]
pub fn SetState(
    /// Whether it is open; closing it sets this to false.
    open: RwSignal<bool>,
    /// Which runs.
    of: Runs,
    /// Called with what was chosen.
    on_set: Callback<StateChange>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(move || of.title())>
            {form(open, of, on_set)}
        </Dialog>
    }
}

fn form(open: RwSignal<bool>, of: Runs, on_set: Callback<StateChange>) -> AnyView {
    // What the person sees when it opens is what the choice is about.
    let (seen_version, intro, states, yes) = match of {
        Runs::One { kind, now, .. } => {
            let (state, version) = now.get_untracked();
            let intro = format!("It is {} now.", state_word(state));
            (Some(version), intro, kind.settable(state), "Set state".to_owned())
        }
        Runs::Many(count) => (
            None,
            "Each of them gets it, whatever its state is now.".to_owned(),
            RunKind::Flow.states().to_vec(),
            format!("Set the state of {}", format::counted(count, "run")),
        ),
    };
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
        let is_offered = chosen.get().is_some_and(takes_task_runs);
        let words = of.of_task_runs().filter(|_| is_offered)?;
        Some(view! {
            <label class="field__choice">
                <input
                    type="checkbox"
                    prop:checked=move || with_task_runs.get()
                    on:change=move |event| with_task_runs.set(event_target_checked(&event))
                />
                {words}
            </label>
        })
    };
    let moved_on = move || {
        let Runs::One { now, .. } = of else { return None };
        let (state, version) = now.get();
        (seen_version != Some(version)).then(|| {
            view! {
                <p class="field__error" role="status">
                    {format!("It has moved on and is {} now. Close this and look again.", state_word(state))}
                </p>
            }
        })
    };
    view! {
        <form class="dialog__form" on:submit=move |event| {
            event.prevent_default();
            set();
        }>
            <p class="dialog__text">{intro}</p>
            <fieldset class="field">
                <legend class="field__label">"New state"</legend>
                {states.into_iter().map(choice).collect_view()}
            </fieldset>
            {live(of_task_runs)}
            <label class="field">
                <span class="field__label">"Reason, kept in the state history"</span>
                <input class="field__text" node_ref=reason autocomplete="off" placeholder="Set by hand."/>
            </label>
            {live(moved_on)}
            <div class="dialog__actions">
                <Button label="Keep as is" on_click=Callback::new(move |()| open.set(false))/>
                <button type="submit" class="button" data-weight="primary">{yes}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Whether the task runs that have not finished may get the state, too. A server cancels them by itself.
fn takes_task_runs(state: StateType) -> bool {
    state.is_finished() && state != StateType::Cancelled
}
