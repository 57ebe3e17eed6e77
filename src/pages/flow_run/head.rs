//! The head of the flow run page: how it is, how long, what started it, and what can be done.

use std::time::Duration;

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::components::state_badge::StateBadge;
use crate::components::time::{Ago, AtInZone, Elapsed};
use crate::format;
use crate::model::{FlowRunPicture, Timestamp, why_waiting};
use crate::polled::Polled;
use crate::resources::{FlowRunAction, use_agents, use_cancel_flow_run, use_flow_run_action, use_run_again};
use crate::routes::Route;
use crate::session::use_now;
use crate::ui::button::{Button, Weight};
use crate::ui::command::Command;
use crate::ui::dialog::Confirm;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_action::use_page_action;

/// The head of the page.
#[component]
pub fn Head(
    picture: Signal<FlowRunPicture>,
    run: Polled<FlowRunPicture>,
    usual: Signal<Option<Duration>>,
) -> impl IntoView {
    let state = Memo::new(move |_| picture.with(|picture| picture.run.state));
    let name = Memo::new(move |_| picture.with(|picture| picture.run.name.clone()));
    let message = Memo::new(move |_| {
        picture.with(|picture| {
            picture
                .run
                .message
                .clone()
                .filter(|message| !message.trim().is_empty())
        })
    });
    view! {
        <header class="run-head" data-state=move || state.get().css_name()>
            <div class="run-head__row">
                <div class="run-head__state"><StateBadge state=state large=true/></div>
                <h1 class="run-head__name">{name}</h1>
                <p class="run-head__time"><Times picture=picture usual=usual/></p>
                <Actions picture=picture run=run/>
            </div>
            <p class="run-head__line"><Origin picture=picture/></p>
            {move || message.get().map(|message| view! { <p class="run-head__message">{message}</p> })}
            <Waiting picture=picture/>
        </header>
    }
}

/// How long it has taken and usually takes; or when it starts.
#[component]
fn Times(picture: Signal<FlowRunPicture>, usual: Signal<Option<Duration>>) -> impl IntoView {
    let started = Memo::new(move |_| picture.with(|picture| picture.run.started_at.is_some()));
    let ticks = Signal::derive(move || picture.with(|picture| !picture.run.state.is_finished()));
    move || {
        if !started.get() {
            let at = picture.with(|picture| picture.run.scheduled_at);
            return view! { <span class="run-head__usual">"due "</span><Ago time=at/> }.into_any();
        }
        view! {
            {move || {
                let run = picture.with(|picture| picture.run.clone());
                view! { <Elapsed of=Callback::new(move |now: Timestamp| run.duration(now)) ticks=ticks/> }
            }}
            {move || usual.get().map(|usual| view! {
                <span class="run-head__usual">{format!(" · usually {}", format::duration(usual))}</span>
            })}
        }
        .into_any()
    }
}

/// Which flow, who started it, and who runs it.
#[component]
fn Origin(picture: Signal<FlowRunPicture>) -> impl IntoView {
    let origin = Memo::new(move |_| {
        picture.with(|picture| {
            let run = &picture.run;
            (
                run.flow_id,
                run.flow_name.clone(),
                run.flow_version,
                run.auto_scheduled,
                run.scheduled_at,
                picture.agent_name.clone(),
            )
        })
    });
    move || {
        let (flow_id, flow_name, version, auto_scheduled, at, agent) = origin.get();
        view! {
            <a class="link link--main" href=Route::flow(flow_id).to_string()>{flow_name}</a>
            {format!(" v{version} · ")}
            {if auto_scheduled { "by its schedule, " } else { "started by hand, " }}
            <AtInZone time=at/>
            {agent.filter(|name| !name.is_empty()).map(|name| format!(" · agent {name}"))}
        }
    }
}

#[component]
fn Actions(picture: Signal<FlowRunPicture>, run: Polled<FlowRunPicture>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let cancel = use_cancel_flow_run(run);
    let navigate = use_navigate();
    let again = use_run_again(Callback::new(move |id| {
        navigate(&Route::flow_run(id).to_string(), Default::default());
    }));
    let leave = use_navigate();
    let act = use_flow_run_action(
        run,
        Callback::new(move |()| {
            let flow = picture.with_untracked(|picture| picture.run.flow_id);
            leave(&Route::flow(flow).to_string(), Default::default());
        }),
    );
    let do_it = move |action| {
        Callback::new(move |()| {
            let (id, name) = picture.with_untracked(|picture| (picture.run.id, picture.run.name.clone()));
            act.run((action, id, name));
        })
    };
    let now = use_now();
    let deleting = RwSignal::new(false);
    let can_restart = Memo::new(move |_| picture.with(|picture| picture.run.can_restart()));
    let can_start_now = Memo::new(move |_| picture.with(|picture| picture.run.can_start_now(now.get())));
    let is_paused = Memo::new(move |_| picture.with(|picture| picture.run.state == StateType::Paused));
    let can_cancel = Memo::new(move |_| picture.with(|picture| picture.run.can_cancel()));
    let finished = Memo::new(move |_| picture.with(|picture| picture.run.state.is_finished()));
    let name = Memo::new(move |_| picture.with(|picture| picture.run.name.clone()));
    let run_again = Callback::new(move |()| {
        let (id, flow) = picture.with_untracked(|picture| (picture.run.id, picture.run.flow_name.clone()));
        again.run((id, flow));
    });
    let ask_cancel = Callback::new(move |()| asking.set(true));
    let ask_delete = Callback::new(move |()| deleting.set(true));
    use_page_action(
        "Approve",
        Icon::Resume,
        move || is_paused.get(),
        do_it(FlowRunAction::Approve),
    );
    use_page_action(
        "Start now",
        Icon::Play,
        move || can_start_now.get(),
        do_it(FlowRunAction::StartNow),
    );
    use_page_action(
        "Restart from failed",
        Icon::Resume,
        move || can_restart.get(),
        do_it(FlowRunAction::Restart),
    );
    use_page_action("Cancel", Icon::Stop, move || can_cancel.get(), ask_cancel);
    use_page_action("Run again", Icon::Retry, move || finished.get(), run_again);
    use_page_action("Delete", Icon::Close, move || finished.get(), ask_delete);
    view! {
        <div class="page__actions">
            <Show when=move || is_paused.get()>
                <Button label="Approve" icon=Icon::Resume on_click=do_it(FlowRunAction::Approve)/>
            </Show>
            <Show when=move || can_start_now.get()>
                <Button label="Start now" icon=Icon::Play on_click=do_it(FlowRunAction::StartNow)/>
            </Show>
            <Show when=move || can_restart.get()>
                <Button label="Restart from failed" icon=Icon::Resume on_click=do_it(FlowRunAction::Restart)/>
            </Show>
            <Show when=move || can_cancel.get()>
                <Button label="Cancel" icon=Icon::Stop on_click=ask_cancel/>
            </Show>
            <Show when=move || finished.get()>
                <Button
                    label="Run again"
                    icon=Icon::Retry
                    on_click=run_again
                />
                <Button
                    label="Delete"
                    weight=Weight::Quiet
                    on_click=ask_delete
                />
            </Show>
        </div>
        <Confirm
            open=deleting
            title="Delete this flow run?"
            text=Signal::derive(move || format!(
                "{} goes with its task runs, states and logs. This cannot be undone.",
                name.get()
            ))
            yes="Delete the run"
            no="Keep it"
            on_yes=do_it(FlowRunAction::Delete)
        />
        <Confirm
            open=asking
            title="Cancel this flow run?"
            text=Signal::derive(move || format!(
                "{} is asked to stop. Task runs that have not finished end as Cancelled. This cannot be undone.",
                name.get()
            ))
            yes="Cancel the run"
            no="Keep it running"
            on_yes=Callback::new(move |()| cancel.run((picture.with_untracked(|picture| picture.run.id), name.get_untracked())))
        />
    }
}

/// Why nobody takes a run that is due, and what to start.
#[component]
fn Waiting(picture: Signal<FlowRunPicture>) -> impl IntoView {
    let now = use_now();
    let waits = Memo::new(move |_| picture.with(|picture| picture.run.wants_explanation(now.get())));
    let agents = use_agents(move || waits.get());
    let why = Memo::new(move |_| {
        if !waits.get() {
            return None;
        }
        let labels = picture.with(|picture| picture.run.labels.clone());
        agents.value.with(|agents| {
            agents
                .as_ref()
                .map(|agents| why_waiting(&labels, agents, now.get()))
        })
    });
    view! {
        <div role="status">
            {move || why.get().map(|why| view! {
                <div class="notice" data-tone="warning">
                    <Glyph icon=Icon::Agents/>
                    <span>{why.reason}</span>
                    {why.command.map(|command| view! { <Command text=command/> })}
                </div>
            })}
        </div>
    }
}
