//! `/flow/:id?tab=settings`: what can be set for all versions of the flow.

use leptos::prelude::*;

use crate::components::labels::LabelList;
use crate::model::Flow;
use crate::resources::{FlowChange, use_change_flow};
use crate::ui::button::{Button, Weight};
use crate::ui::chips::Chips;
use crate::ui::switch::Switch;

/// The settings of a flow.
#[component]
pub fn Settings(flow: Signal<Flow>, refresh: Callback<()>) -> impl IntoView {
    view! {
        <div class="settings">
            {labels(flow, refresh)}
            {heartbeat(flow, refresh)}
            {lazarus(flow, refresh)}
        </div>
    }
}

/// A setting: what it is, and how it is changed.
fn setting(title: &'static str, text: &'static str, control: AnyView) -> AnyView {
    view! {
        <section class="setting" aria-label=title>
            <div>
                <h2 class="setting__title">{title}</h2>
                <p class="setting__text">{text}</p>
            </div>
            <div class="setting__control">{control}</div>
        </section>
    }
    .into_any()
}

fn labels(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let busy = RwSignal::new(false);
    let change = use_change_flow(busy, refresh);
    // What was chosen and is not what the server has; a poll does not take it away.
    let draft = RwSignal::new(None::<Vec<String>>);
    let known = move || flow.with(|flow| flow.labels.iter().map(str::to_owned).collect::<Vec<_>>());
    let shown = Signal::derive(move || draft.get().unwrap_or_else(known));
    let is_changed = move || {
        let as_set = |mut labels: Vec<String>| {
            labels.sort_unstable();
            labels
        };
        draft.get().is_some_and(|draft| as_set(draft) != known())
    };
    let is_set = move || flow.with(|flow| flow.settings.labels.is_some());
    let save = move |labels: Option<Vec<String>>| {
        change.run(FlowChange::Labels(
            flow.with_untracked(|flow| flow.group_id),
            labels,
        ));
    };
    let control = view! {
        <Chips label="Labels" noun="label" values=shown on_change=Callback::new(move |labels| draft.set(Some(labels)))/>
        {move || is_set().then(|| view! {
            <div class="setting__actions">
                <span class="setting__text">"Registered with:"</span>
                <LabelList labels=flow.with(|flow| flow.settings.own_labels.clone())/>
            </div>
        })}
        <div class="setting__actions">
            {move || is_changed().then(|| view! {
                <Button
                    label="Save the labels"
                    weight=Weight::Primary
                    busy=busy
                    on_click=Callback::new(move |()| save(draft.get_untracked()))
                />
                <Button label="Leave them" on_click=Callback::new(move |()| draft.set(None))/>
            })}
            {move || is_set().then(|| view! {
                <Button
                    label="Reset to registered"
                    weight=Weight::Quiet
                    busy=busy
                    on_click=Callback::new(move |()| {
                        draft.set(None);
                        save(None);
                    })
                />
            })}
        </div>
    };
    let text = "Only an agent that has all of a run's labels takes it. They hold for runs that are made from now on, \
        of all versions.";
    setting("Labels", text, control.into_any())
}

fn heartbeat(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let busy = RwSignal::new(false);
    let change = use_change_flow(busy, refresh);
    let control = view! {
        <Switch
            label="Runs report that they are alive"
            on=Signal::derive(move || flow.with(|flow| flow.settings.heartbeat))
            busy=busy
            on_change=Callback::new(move |on| {
                change.run(FlowChange::Heartbeat(flow.with_untracked(|flow| flow.id), on));
            })
        />
    };
    let text = "Prefect's server marks a run that stops reporting as failed. Flowdeck's agents notice by themselves when \
        a process is gone.";
    setting("Heartbeat", text, control.into_any())
}

fn lazarus(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let busy = RwSignal::new(false);
    let change = use_change_flow(busy, refresh);
    let control = view! {
        <Switch
            label="Vanished runs are started again"
            on=Signal::derive(move || flow.with(|flow| flow.settings.lazarus))
            busy=busy
            on_change=Callback::new(move |on| {
                change.run(FlowChange::Lazarus(flow.with_untracked(|flow| flow.id), on));
            })
        />
    };
    let text = "Prefect's server schedules a run anew that has not reported for ten minutes, at most three times. It needs \
        heartbeats.";
    setting("Lazarus", text, control.into_any())
}
