//! `/flow/:id?tab=settings`: what can be set for all versions of the flow.

mod endings;

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;

use super::parameter_defaults::ParameterDefaults;
use crate::components::labels::LabelList;
use crate::components::markdown::Markdown;
use crate::components::project_select::project_select;
use crate::model::{Flow, Project, SettingDraft, is_same_json, read_run_config};
use crate::resources::{FlowChange, use_change_flow, use_projects};
use crate::ui::button::{Button, Weight};
use crate::ui::chips::Chips;
use crate::ui::switch::Switch;

/// The settings of a flow.
#[component]
pub fn Settings(flow: Signal<Flow>, refresh: Callback<()>) -> impl IntoView {
    view! {
        <div class="flow-settings">
            {description(flow, refresh)}
            {labels(flow, refresh)}
            {parameters(flow, refresh)}
            {run_config(flow, refresh)}
            {heartbeat(flow, refresh)}
            {lazarus(flow, refresh)}
            {project(flow, refresh)}
            {endings::endings(flow, refresh)}
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

/// The buttons below an editor: save, leave and reset, each only where it does something.
fn editor_actions(
    what: &'static str,
    is_changed: Signal<bool>,
    is_set: Signal<bool>,
    busy: RwSignal<bool>,
    save: Callback<()>,
    leave: Callback<()>,
    reset: Callback<()>,
) -> AnyView {
    view! {
        <div class="setting__actions">
            {move || is_changed.get().then(|| view! {
                <Button label=format!("Save the {what}") weight=Weight::Primary busy=busy on_click=save/>
                <Button label="Discard the changes" on_click=leave/>
            }).into_any()}
            {move || is_set.get().then(|| view! {
                <Button
                    label="Reset to registered"
                    about=format!("the {what}")
                    weight=Weight::Quiet
                    busy=busy
                    on_click=reset
                />
            }).into_any()}
        </div>
    }
    .into_any()
}

/// What is written for a setting: it stays until it is saved or discarded, whatever the server has meanwhile.
struct Written<T: Send + Sync + 'static> {
    draft: RwSignal<SettingDraft<T>>,
    shown: Signal<T>,
    is_changed: Signal<bool>,
    change: Callback<FlowChange>,
    busy: RwSignal<bool>,
    sent: StoredValue<Option<T>>,
}

impl<T: Clone + PartialEq + Send + Sync> Clone for Written<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + PartialEq + Send + Sync> Copy for Written<T> {}

impl<T: Clone + PartialEq + Send + Sync> Written<T> {
    /// `is_same`: two values mean the same.
    fn new(of_server: Memo<T>, is_same: fn(&T, &T) -> bool, refresh: Callback<()>) -> Self {
        let draft = RwSignal::new(SettingDraft::default());
        let busy = RwSignal::new(false);
        let sent = StoredValue::new(None);
        let done = Callback::new(move |()| draft.update(|draft| draft.saved(sent.get_value())));
        Effect::new(move |before: Option<()>| {
            of_server.track();
            if before.is_some() {
                draft.update(SettingDraft::follow);
            }
        });
        Self {
            draft,
            shown: Signal::derive(move || draft.with(|draft| draft.shown(of_server.get()))),
            is_changed: Signal::derive(move || {
                draft.with(|draft| of_server.with(|value| draft.is_changed(value, is_same)))
            }),
            change: use_change_flow(busy, done, refresh),
            busy,
            sent,
        }
    }

    fn write(self, value: T) {
        self.draft.update(|draft| draft.write(value));
    }

    /// Saves what is shown.
    fn save(self, change: FlowChange) {
        self.sent.set_value(Some(self.shown.get_untracked()));
        self.change.run(change);
    }

    /// Gives each version its own again.
    fn reset(self, change: FlowChange) {
        self.draft.update(SettingDraft::discard);
        self.sent.set_value(None);
        self.change.run(change);
    }

    /// The buttons below the editor: save, leave and reset, each only where it does something.
    fn actions(
        self,
        what: &'static str,
        is_set: Signal<bool>,
        save: Callback<()>,
        reset: Callback<()>,
    ) -> AnyView {
        let leave = Callback::new(move |()| self.draft.update(SettingDraft::discard));
        editor_actions(what, self.is_changed, is_set, self.busy, save, leave, reset)
    }
}

fn description(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let of_server = Memo::new(move |_| flow.with(|flow| flow.description.clone().unwrap_or_default()));
    let written = Written::<String>::new(of_server, PartialEq::eq, refresh);
    let to = move |text| FlowChange::Description(flow.with_untracked(|flow| flow.group_id), text);
    let control = view! {
        <label class="field">
            <span class="field__label">"Description, in markdown"</span>
            <textarea
                class="field__text"
                rows="6"
                prop:value=move || written.shown.get()
                on:input=move |event| written.write(event_target_value(&event))
            ></textarea>
        </label>
        {move || written.is_changed.get().then(|| view! {
            <div class="setting__preview panel" role="group" aria-label="Preview of the description">
                {move || view! { <Markdown text=written.shown.get()/> }.into_any()}
            </div>
        }).into_any()}
        {written.actions(
            "description",
            Signal::derive(move || flow.with(|flow| flow.settings.description.is_some())),
            Callback::new(move |()| written.save(to(Some(written.shown.get_untracked())))),
            Callback::new(move |()| written.reset(to(None))),
        )}
    };
    let text = "What the flow does. Shown on its overview.";
    setting("Description", text, control.into_any())
}

fn run_config(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let of_server = Memo::new(move |_| flow.with(|flow| crate::json::pretty(&flow.run_config)));
    let written = Written::new(of_server, is_same_json, refresh);
    let problem = move || written.draft.with(|draft| read_run_config(draft.typed()?).err());
    let to = move |config| FlowChange::RunConfig(flow.with_untracked(|flow| flow.group_id), config);
    let control = view! {
        <div class="field">
            <label class="field__label" for="run-config">"Run config, as JSON"</label>
            <textarea
                id="run-config"
                class="field__text"
                rows="6"
                spellcheck="false"
                aria-describedby="run-config-problem"
                aria-invalid=move || problem().is_some().to_string()
                prop:value=move || written.shown.get()
                on:input=move |event| written.write(event_target_value(&event))
            ></textarea>
            <span id="run-config-problem" class="field__error" role="status">{problem}</span>
        </div>
        {written.actions(
            "run config",
            Signal::derive(move || flow.with(|flow| flow.settings.run_config.is_some())),
            Callback::new(move |()| {
                if let Ok(config) = read_run_config(&written.shown.get_untracked()) {
                    written.save(to(Some(config)));
                }
            }),
            Callback::new(move |()| written.reset(to(None))),
        )}
    };
    let text = "How an agent starts a run: its type, its environment, an image. It holds for runs that are made from \
        now on, of all versions.";
    setting("Run config", text, control.into_any())
}

fn project(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let busy = RwSignal::new(false);
    let target = RwSignal::new(None::<Project>);
    let projects = use_projects(|| true);
    let change = use_change_flow(busy, Callback::new(move |()| target.set(None)), refresh);
    let without = Signal::derive(move || Some(flow.with(|flow| flow.project_id)));
    let control = view! {
        {project_select("Move it to another project", projects.value, without, target)}
        <div class="setting__actions">
            {move || target.get().map(|project| {
                let label = format!("Move it to {}", project.name);
                let on_click = Callback::new(move |()| {
                    change.run(FlowChange::Move(flow.with_untracked(|flow| flow.group_id), project.clone()));
                });
                view! { <Button label=label weight=Weight::Primary busy=busy on_click=on_click/> }
            }).into_any()}
        </div>
    };
    let text = "All versions move, with their runs. Register it into the new project from then on: in the old one its \
        name would begin a flow of its own.";
    setting("Project", text, control.into_any())
}

fn labels(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let of_server =
        Memo::new(move |_| flow.with(|flow| flow.labels.iter().map(str::to_owned).collect::<Vec<_>>()));
    let is_same = |one: &Vec<String>, other: &Vec<String>| {
        let sorted = |labels: &Vec<String>| {
            let mut labels = labels.clone();
            crate::sort::by(&mut labels, Ord::cmp);
            labels
        };
        sorted(one) == sorted(other)
    };
    let written = Written::new(of_server, is_same, refresh);
    let is_set = move || flow.with(|flow| flow.settings.labels.is_some());
    let to = move |labels| FlowChange::Labels(flow.with_untracked(|flow| flow.group_id), labels);
    let on_change = Callback::new(move |labels| written.write(labels));
    let control = view! {
        <Chips label="Labels" noun="label" values=written.shown on_change=on_change/>
        {move || is_set().then(|| view! {
            <div class="setting__actions">
                <span class="setting__text">"Registered with:"</span>
                <LabelList labels=flow.with(|flow| flow.settings.own_labels.clone())/>
            </div>
        })}
        {written.actions(
            "labels",
            Signal::derive(is_set),
            Callback::new(move |()| written.save(to(Some(written.shown.get_untracked())))),
            Callback::new(move |()| written.reset(to(None))),
        )}
    };
    let text = "Only an agent that has all of a run's labels takes it. They hold for runs that are made from now on, \
        of all versions.";
    setting("Labels", text, control.into_any())
}

fn parameters(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let control = if flow.with_untracked(|flow| flow.parameters.is_empty()) {
        view! { <p class="nothing">"It takes no parameters."</p> }.into_any()
    } else {
        view! { <ParameterDefaults flow=flow refresh=refresh/> }.into_any()
    };
    let text = "Used where a run is given no value of its own: in runs of all versions, started by hand or by schedule.";
    setting("Parameter defaults", text, control)
}

/// A setting that is on or off. It holds for all versions; the API wants to be told one of them.
fn either_way(
    flow: Signal<Flow>,
    refresh: Callback<()>,
    is_on: fn(&Flow) -> bool,
    change_to: fn(FlowId, bool) -> FlowChange,
    label: &'static str,
) -> AnyView {
    let busy = RwSignal::new(false);
    let change = use_change_flow(busy, Callback::new(|()| {}), refresh);
    let on_change = Callback::new(move |on| change.run(change_to(flow.with_untracked(|flow| flow.id), on)));
    let on = Signal::derive(move || flow.with(is_on));
    view! { <Switch label=label on=on busy=busy on_change=on_change/> }.into_any()
}

fn heartbeat(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let is_on = |flow: &Flow| flow.settings.heartbeat;
    let control = either_way(
        flow,
        refresh,
        is_on,
        FlowChange::Heartbeat,
        "Runs report that they are alive",
    );
    let text = "Prefect's server marks a run that stops reporting as failed. Flowdeck's agents notice by themselves when \
        a process is gone.";
    setting("Heartbeat", text, control)
}

fn lazarus(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let is_on = |flow: &Flow| flow.settings.lazarus;
    let control = either_way(
        flow,
        refresh,
        is_on,
        FlowChange::Lazarus,
        "Vanished runs are started again",
    );
    let text = "Prefect's server schedules a run anew that has not reported for ten minutes, at most three times. It needs \
        heartbeats.";
    setting("Lazarus", text, control)
}
