//! What can be done with a flow run: what its state calls for as buttons, the rest in a menu.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::components::action_bar::{Action, ActionBar};
use crate::components::edit_labels::EditLabels;
use crate::components::set_state::{Runs, SetState};
use crate::model::{FlowRunAction, FlowRunPicture, RunKind, StateChange, TaskRuns};
use crate::pages::{address, use_copy};
use crate::polled::Polled;
use crate::resources::{FlowRunChange, use_flow_run_change, use_run_again};
use crate::routes::Route;
use crate::session::use_now;
use crate::ui::dialog::{Ask, Confirm};
use crate::ui::icon::Icon;

fn icon(action: FlowRunAction) -> Icon {
    match action {
        FlowRunAction::StartNow => Icon::Play,
        FlowRunAction::Cancel => Icon::Stop,
        FlowRunAction::RunAgain | FlowRunAction::RunAgainWithChanges => Icon::Retry,
        FlowRunAction::Approve | FlowRunAction::Restart => Icon::Resume,
        FlowRunAction::SetState => Icon::Flag,
        FlowRunAction::Rename | FlowRunAction::EditLabels => Icon::Mark,
        FlowRunAction::CopyLink | FlowRunAction::CopyId => Icon::Copy,
        FlowRunAction::Delete => Icon::Close,
    }
}

/// The buttons, the menu, and the dialogs they open.
#[component]
pub fn Actions(
    picture: Signal<FlowRunPicture>,
    run: Polled<FlowRunPicture>,
    task_runs: Polled<TaskRuns>,
) -> impl IntoView {
    let name = Signal::derive(move || picture.with(|picture| picture.run.name.clone()));
    let leave = use_navigate();
    let changer = use_flow_run_change(Callback::new(move |done: Option<FlowRunAction>| {
        if done == Some(FlowRunAction::Delete) {
            let flow = picture.with_untracked(|picture| picture.run.flow_id);
            leave(&Route::flow(flow).to_string(), Default::default());
        } else {
            run.refresh.run(());
            task_runs.refresh.run(());
        }
    }));
    let change = move |what: FlowRunChange| {
        let id = picture.with_untracked(|picture| picture.run.id);
        changer.change.run((id, name.get_untracked(), what));
    };
    let navigate = use_navigate();
    let again = use_run_again(Callback::new(move |id| {
        navigate(&Route::flow_run(id).to_string(), Default::default());
    }));
    let open = {
        let navigate = use_navigate();
        Callback::new(move |url: String| navigate(&url, Default::default()))
    };
    let copy = use_copy();
    let [cancels, deletes, sets_state, renames, edits_labels] = [(); 5].map(|()| RwSignal::new(false));
    let act = Callback::new(move |action: FlowRunAction| {
        let (id, flow) = picture.with_untracked(|picture| (picture.run.id, picture.run.flow_name.clone()));
        let seen = picture.with_untracked(|picture| picture.version);
        match action {
            FlowRunAction::Approve => change(FlowRunChange::Approve(seen)),
            FlowRunAction::StartNow => change(FlowRunChange::StartNow(seen)),
            FlowRunAction::Restart => change(FlowRunChange::Restart),
            FlowRunAction::RunAgain => again.start.run((id, flow)),
            FlowRunAction::RunAgainWithChanges => {
                let flow_id = picture.with_untracked(|picture| picture.run.flow_id);
                open.run(Route::run_form_from(flow_id, id));
            }
            FlowRunAction::Cancel => cancels.set(true),
            FlowRunAction::SetState => sets_state.set(true),
            FlowRunAction::Rename => renames.set(true),
            FlowRunAction::EditLabels => edits_labels.set(true),
            FlowRunAction::Delete => deletes.set(true),
            FlowRunAction::CopyLink => copy.run(("link", address(&Route::flow_run(id)))),
            FlowRunAction::CopyId => copy.run(("id", id.to_string())),
        }
    });

    let now = use_now();
    let has_failed = Memo::new(move |_| {
        let failed = |runs: &TaskRuns| runs.rows().iter().any(|run| run.state.is_failed());
        task_runs.value.with(|runs| runs.as_ref().is_some_and(failed))
    });
    let action = |action: FlowRunAction| Action {
        label: action.words(),
        icon: icon(action),
        is_danger: action == FlowRunAction::Delete,
        offer: Signal::derive(move || {
            picture.with(|picture| action.offer(&picture.run, has_failed.get(), now.get()))
        }),
        is_under_way: Signal::derive(move || {
            let id = picture.with(|picture| picture.run.id);
            changer.under_way.has(&(id, action))
                || (action == FlowRunAction::RunAgain && again.under_way.has(&id))
        }),
        run: Callback::new(move |()| act.run(action)),
    };
    let unfinished = Signal::derive(move || {
        let count = |runs: &TaskRuns| runs.rows().iter().filter(|run| !run.state.is_finished()).count();
        task_runs.value.with(|runs| runs.as_ref().map_or(0, count))
    });
    view! {
        <ActionBar actions=FlowRunAction::ALL.map(action).to_vec() is_of_page=true/>
        <SetState
            open=sets_state
            of=Runs::One {
                kind: RunKind::Flow,
                name,
                now: Signal::derive(move || picture.with(|picture| (picture.run.state, picture.version))),
                unfinished,
            }
            on_set=Callback::new(move |to: StateChange| change(FlowRunChange::SetState(to)))
        />
        <Ask
            open=renames
            title="Rename this flow run"
            label="Name"
            value=name
            yes="Rename it"
            on_yes=Callback::new(move |to| change(FlowRunChange::Rename(to)))
        />
        <EditLabels
            open=edits_labels
            name=name
            labels=Signal::derive(move || picture.with(|picture| picture.run.labels.clone()))
            on_set=Callback::new(move |labels| change(FlowRunChange::SetLabels(labels)))
        />
        <Confirm
            open=deletes
            title="Delete this flow run?"
            text=Signal::derive(move || format!(
                "{} goes with its task runs, states and logs. This cannot be undone.",
                name.get()
            ))
            yes="Delete the run"
            no="Keep it"
            on_yes=Callback::new(move |()| change(FlowRunChange::Delete))
        />
        <Confirm
            open=cancels
            title="Cancel this flow run?"
            text=Signal::derive(move || format!(
                "{} is asked to stop. Task runs that have not finished end as Cancelled. This cannot be undone.",
                name.get()
            ))
            yes="Cancel the run"
            no="Keep it running"
            on_yes=Callback::new(move |()| change(FlowRunChange::Cancel))
        />
    }
}
