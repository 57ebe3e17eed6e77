//! The head of the flow run page: how it is, how long, what started it, and what can be done.

use std::time::Duration;

use leptos::prelude::*;

use super::actions::Actions;
use crate::components::state_badge::StateBadge;
use crate::components::time::{Ago, AtInZone, Elapsed};
use crate::format;
use crate::model::{FlowRun, FlowRunPicture, TaskRuns, Timestamp, why_waiting};
use crate::polled::Polled;
use crate::resources::{use_agents, use_parent_task_run};
use crate::routes::Route;
use crate::session::use_now;
use crate::ui::command::Command;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::live;

/// The head of the page.
#[component]
pub fn Head(
    picture: Signal<FlowRunPicture>,
    run: Polled<FlowRunPicture>,
    task_runs: Polled<TaskRuns>,
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
                <Actions picture=picture run=run task_runs=task_runs/>
            </div>
            <p class="run-head__line"><Origin picture=picture/></p>
            {move || message.get().map(|message| view! { <p class="run-head__message">{message}</p> })}
            <Waiting picture=picture/>
        </header>
    }
}

/// How long it has taken and usually takes, and since when it is in its state; or when it starts.
#[component]
fn Times(picture: Signal<FlowRunPicture>, usual: Signal<Option<Duration>>) -> impl IntoView {
    let started = Memo::new(move |_| picture.with(|picture| picture.run.started_at.is_some()));
    let is_finished = Memo::new(move |_| picture.with(|picture| picture.run.state.is_finished()));
    let ticks = Signal::derive(move || !is_finished.get());
    let since = Memo::new(move |_| picture.with(|picture| since(&picture.run)));
    live(move || {
        if !started.get() && !is_finished.get() {
            let at = picture.with(|picture| picture.run.due_at());
            return view! { <span class="run-head__usual">"due "</span><Ago time=at/> }.into_any();
        }
        view! {
            {move || started.get().then(|| {
                let run = picture.with(|picture| picture.run.clone());
                view! { <Elapsed of=Callback::new(move |now: Timestamp| run.duration(now)) ticks=ticks/> }
            })}
            <span class="run-head__usual">
                {move || started.get().then(|| usual.get()).flatten().map(|usual| format!(" · usually {}", format::duration(usual)))}
                {move || since.get().map(|(words, at)| view! { {started.get().then_some(" · ")} {words} " " <Ago time=at/> })}
            </span>
        }
        .into_any()
    })
}

/// Since when a run is in its state, or when it goes on, and what to call that; of one at work its duration says it.
fn since(run: &FlowRun) -> Option<(&'static str, Timestamp)> {
    if run.state.is_finished() {
        return Some(("ended", run.ended_at.or(run.changed_at)?));
    }
    match run.starts_at {
        Some(at) if run.started_at.is_some() => Some(("goes on", at)),
        _ if run.state.is_running() => None,
        _ => Some(("since", run.changed_at?)),
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
    let started_by = Memo::new(move |_| picture.with(|picture| picture.started_by));
    let parent = use_parent_task_run(move || started_by.get());
    live(move || {
        let (flow_id, flow_name, version, auto_scheduled, at, agent) = origin.get();
        let who = match (parent.value.get().flatten(), auto_scheduled) {
            (Some(parent), _) => {
                view! {
                    "started by "
                    <a class="link link--main" href=Route::TaskRun(parent.id).to_string()>{parent.title}</a>
                    " of "
                    <a class="link link--main" href=Route::flow_run(parent.flow_run_id).to_string()>{parent.flow_run_name}</a>
                    ", "
                }
                .into_any()
            }
            (None, true) => "by its schedule, ".into_any(),
            // Which one is not known yet, or it is no longer there.
            (None, false) if started_by.get().is_some() => "by another run, ".into_any(),
            (None, false) => "by hand, ".into_any(),
        };
        view! {
            <a class="link link--main" href=Route::flow(flow_id).to_string()>{flow_name}</a>
            {format!(" v{version} · ")}
            {who}
            <AtInZone time=at/>
            {agent.filter(|name| !name.is_empty()).map(|name| format!(" · agent {name}"))}
        }
    })
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
        let (labels, due) = picture.with(|picture| (picture.run.labels.clone(), picture.run.due_at()));
        agents.value.with(|agents| {
            agents
                .as_ref()
                .map(|agents| why_waiting(&labels, agents, due, now.get()))
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
