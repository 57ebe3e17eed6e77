//! What can be done with a task run, on its own page and beside its flow run.

use flowdeck_vocabulary::{FlowRunId, StateType, TaskRunId};
use leptos::prelude::*;

use super::{address, use_copy};
use crate::components::action_bar::{Action, ActionBar};
use crate::components::set_state::{Runs, SetState};
use crate::model::{RunKind, StateChange, TaskRunAction};
use crate::resources::{TaskRunChange, use_task_run_change};
use crate::routes::Route;
use crate::ui::dialog::Ask;
use crate::ui::icon::Icon;

/// The task run that is acted on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    /// Its id.
    pub id: TaskRunId,
    /// What it is called.
    pub title: String,
    /// Its state.
    pub state: StateType,
    /// Counts its states.
    pub version: i64,
    /// The flow run it belongs to.
    pub flow_run_id: FlowRunId,
    /// That run's state.
    pub flow_run_state: StateType,
}

fn icon(action: TaskRunAction) -> Icon {
    match action {
        TaskRunAction::Approve | TaskRunAction::Restart => Icon::Resume,
        TaskRunAction::SetState => Icon::Flag,
        TaskRunAction::Rename => Icon::Mark,
        TaskRunAction::CopyLink | TaskRunAction::CopyId => Icon::Copy,
    }
}

/// The buttons, the menu, and the dialogs they open. `refresh` looks again after a change; `is_of_page` says whether
/// the page is about the task run.
pub(super) fn task_run_actions(subject: Signal<Subject>, refresh: Callback<()>, is_of_page: bool) -> AnyView {
    let title = Signal::derive(move || subject.with(|subject| subject.title.clone()));
    let changer = use_task_run_change(Callback::new(move |_: Option<TaskRunAction>| {
        refresh.try_run(());
    }));
    let change = move |what: TaskRunChange| {
        let id = subject.with_untracked(|subject| subject.id);
        changer.change.run((id, title.get_untracked(), what));
    };
    let copy = use_copy();
    let (sets_state, renames) = (RwSignal::new(false), RwSignal::new(false));
    let act = Callback::new(move |action: TaskRunAction| {
        let (id, flow_run, seen) =
            subject.with_untracked(|subject| (subject.id, subject.flow_run_id, subject.version));
        match action {
            TaskRunAction::Approve => change(TaskRunChange::Approve(seen)),
            TaskRunAction::Restart => change(TaskRunChange::Restart(flow_run)),
            TaskRunAction::SetState => sets_state.set(true),
            TaskRunAction::Rename => renames.set(true),
            TaskRunAction::CopyLink => copy.run(("link", address(&Route::TaskRun(id)))),
            TaskRunAction::CopyId => copy.run(("id", id.to_string())),
        }
    });
    let action = |action: TaskRunAction| Action {
        label: action.words(),
        icon: icon(action),
        is_danger: false,
        offer: Signal::derive(move || {
            subject.with(|subject| action.offer(subject.state, subject.flow_run_state))
        }),
        is_under_way: Signal::derive(move || {
            changer
                .under_way
                .has(&(subject.with(|subject| subject.id), action))
        }),
        run: Callback::new(move |()| act.run(action)),
    };
    view! {
        <ActionBar actions=TaskRunAction::ALL.map(action).to_vec() is_of_page=is_of_page/>
        <SetState
            open=sets_state
            of=Runs::One {
                kind: RunKind::Task,
                name: title,
                now: Signal::derive(move || subject.with(|subject| (subject.state, subject.version))),
                unfinished: Signal::stored(0),
            }
            on_set=Callback::new(move |to: StateChange| change(TaskRunChange::SetState(to)))
        />
        <Ask
            open=renames
            title="Rename this task run"
            label="Name"
            value=title
            yes="Rename it"
            on_yes=Callback::new(move |to| change(TaskRunChange::Rename(to)))
        />
    }
    .into_any()
}
