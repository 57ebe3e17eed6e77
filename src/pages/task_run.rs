//! `/task-run/:id`: one run of a task: its state, its history, its log.

use std::collections::HashMap;

use flowdeck_vocabulary::TaskRunId;
use leptos::prelude::*;

use super::use_id;
use crate::components::json::Json;
use crate::components::log_view::LogView;
use crate::components::state_badge::{StateBadge, state_word};
use crate::components::state_history::StateHistory;
use crate::components::time::Elapsed;
use crate::model::{TaskRunDetails, Timestamp};
use crate::pages::WithId;
use crate::resources::{use_log_tail, use_task_run};
use crate::routes::Route;
use crate::session::{Place, use_place};
use crate::ui::loaded::Loaded;

/// One task run.
#[component]
pub fn TaskRunPage() -> impl IntoView {
    let id = use_id::<TaskRunId>();
    let run = use_task_run(move || id.get());
    use_place(move || place(run.value.get()));
    view! {
        <WithId id=id>
            <div class="page">
                <Loaded polled=run what="task run" let:run>
                    <Picture run=run/>
                </Loaded>
            </div>
        </WithId>
    }
}

fn place(run: Option<TaskRunDetails>) -> Place {
    let Some(run) = run else {
        return Place {
            crumbs: Vec::new(),
            title: "Task run".to_owned(),
        };
    };
    let title = run.title();
    Place {
        crumbs: vec![
            (run.project_name, Some(Route::project(run.project_id).to_string())),
            (run.flow_name, Some(Route::flow(run.flow_id).to_string())),
            (
                run.flow_run_name,
                Some(Route::flow_run(run.flow_run_id).to_string()),
            ),
            (title.clone(), None),
        ],
        title: format!("{} · {title}", state_word(run.state)),
    }
}

#[component]
fn Picture(run: Signal<TaskRunDetails>) -> impl IntoView {
    let state = Memo::new(move |_| run.with(|run| run.state));
    let message =
        Memo::new(move |_| run.with(|run| run.message.clone().filter(|text| !text.trim().is_empty())));
    let states = Memo::new(move |_| run.with(|run| run.states.clone()));
    let raw_state = Memo::new(move |_| run.with(|run| run.raw_state.clone()));
    let of = Memo::new(move |_| run.with(|run| (run.flow_run_id, run.id)));
    let facts = Memo::new(move |_| {
        run.with(|run| {
            (
                run.flow_run_id,
                run.flow_run_name.clone(),
                run.trigger.clone(),
                run.max_retries,
            )
        })
    });
    let tail = use_log_tail(
        move || Some((of.get().0, Some(of.get().1))),
        move || !run.with_untracked(|run| run.flow_run_state.is_finished()),
    );
    view! {
        <header class="run-head" data-state=move || state.get().css_name()>
            <div class="run-head__row">
                <div class="run-head__state"><StateBadge state=state large=true/></div>
                <h1 class="run-head__name">{move || run.with(TaskRunDetails::title)}</h1>
                <p class="run-head__time">
                    {move || {
                        let run = run.get();
                        let ticks = run.state.is_running();
                        view! { <Elapsed of=Callback::new(move |now: Timestamp| run.duration(now)) ticks=ticks/> }
                    }}
                </p>
            </div>
            <p class="run-head__line">
                {move || {
                    let (id, name, trigger, retries) = facts.get();
                    let trigger = trigger.rsplit(['.', ':']).next().unwrap_or_default().replace('_', " ");
                    view! {
                        "of " <a class="link link--main" href=Route::flow_run(id).to_string()>{name}</a>
                        {(!trigger.is_empty()).then(|| format!(" · runs when {trigger}"))}
                        {(retries > 0).then(|| format!(" · up to {retries} retries"))}
                    }
                }}
            </p>
            {move || message.get().map(|message| view! { <p class="run-head__message">{message}</p> })}
        </header>
        <div class="columns">
            <section class="columns__main section">
                <h2 class="section__title">"Log"</h2>
                <Loaded polled=tail what="log" let:tail>
                    <LogView tail=tail task_names=Signal::derive(HashMap::new)/>
                </Loaded>
            </section>
            <div class="columns__side">
                <section class="section">
                    <h2 class="section__title">"States"</h2>
                    <StateHistory states=states/>
                </section>
                <details class="fold panel">
                    <summary>"State as stored"</summary>
                    {move || view! { <Json value=raw_state.get()/> }}
                </details>
            </div>
        </div>
    }
}
