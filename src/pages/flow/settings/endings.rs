//! The last part of the settings: archiving versions and deleting them.

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::format;
use crate::model::Flow;
use crate::resources::{FlowChange, use_change_flow, use_run_totals};
use crate::routes::{FlowTab, Route};
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Confirm;
use crate::ui::typed_confirm::TypedConfirm;

/// What cannot be taken back, said wherever something is archived.
const NO_WAY_BACK: &str = "The API has no way to bring an archived version back: register the flow again, which makes \
    a new version.";

/// Archive and delete.
pub fn endings(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    view! {
        {archive(flow, refresh)}
        {delete(flow)}
    }
    .into_any()
}

fn archive(flow: Signal<Flow>, refresh: Callback<()>) -> AnyView {
    let busy = RwSignal::new(false);
    let change = use_change_flow(busy, Callback::new(|()| {}), refresh);
    let (asked, asked_all) = (RwSignal::new(false), RwSignal::new(false));
    let version = Signal::derive(move || flow.with(|flow| flow.version));
    // How many versions still start runs, and whether this is one of them.
    let active = move || {
        flow.with(|flow| {
            let others = flow.versions.iter().filter(|version| !version.archived);
            (others.count(), !flow.archived)
        })
    };
    let control = view! {
        <div class="setting__actions">
            {move || {
                let (count, is_active) = active();
                view! {
                    {is_active.then(|| view! {
                        <Button
                            label=format!("Archive version {}", version.get())
                            busy=busy
                            on_click=Callback::new(move |()| asked.set(true))
                        />
                    })}
                    {(count > 1 || (count == 1 && !is_active)).then(|| view! {
                        <Button
                            label=format!("Archive all {}", format::counted(count, "active version"))
                            busy=busy
                            on_click=Callback::new(move |()| asked_all.set(true))
                        />
                    })}
                    {(count == 0).then(|| view! { <span class="nothing">"All versions are archived."</span> })}
                }
                .into_any()
            }}
        </div>
        <Confirm
            open=asked
            title=Signal::derive(move || format!("Archive version {}?", version.get()))
            text=format!("It starts no runs any more: those of its schedule are deleted, others that wait are cancelled. {NO_WAY_BACK}")
            yes="Archive it"
            no="Keep it"
            on_yes=Callback::new(move |()| change.run(FlowChange::Archive(flow.with_untracked(|flow| flow.id))))
        />
        <Confirm
            open=asked_all
            title="Archive all versions?"
            text=format!("The flow starts no runs any more: those of its schedule are deleted, others that wait are cancelled. {NO_WAY_BACK}")
            yes="Archive all"
            no="Keep them"
            on_yes=Callback::new(move |()| change.run(FlowChange::ArchiveAll(flow.with_untracked(|flow| flow.group_id))))
        />
    };
    let text = "An archived version starts no runs and is left out of the lists; its runs stay. Registering a flow \
        anew archives the version before.";
    super::setting("Archive", text, control.into_any())
}

fn delete(flow: Signal<Flow>) -> AnyView {
    let (asked, asked_all) = (RwSignal::new(false), RwSignal::new(false));
    let busy = RwSignal::new(false);
    let navigate = use_navigate();
    let go = Callback::new(move |url: String| navigate(&url, Default::default()));
    // What is deleted has no page; where to go is known before it is gone.
    let after = StoredValue::new(String::new());
    let change = use_change_flow(
        busy,
        Callback::new(move |()| go.run(after.get_value())),
        Callback::new(|()| {}),
    );
    let version = Signal::derive(move || flow.with(|flow| flow.version));
    let count = move || flow.with(|flow| flow.versions.len());
    let totals = use_run_totals(move || {
        let is_asked = asked.get() || asked_all.get();
        is_asked.then(|| flow.with(|flow| (flow.id, flow.group_id)))
    });
    let runs = move |all: bool| match totals.value.get() {
        None => "its runs, which are being counted,".to_owned(),
        Some((of_version, of_all)) => format::counted(if all { of_all } else { of_version }, "run"),
    };
    let delete_version = Callback::new(move |()| {
        let (id, other) = flow.with_untracked(|flow| {
            let other: Option<FlowId> = flow
                .versions
                .iter()
                .find(|other| other.id != flow.id)
                .map(|other| other.id);
            (flow.id, other)
        });
        if let Some(other) = other {
            after.set_value(Route::Flow(other, FlowTab::Versions).to_string());
        }
        change.run(FlowChange::Delete(id));
    });
    let delete_all = Callback::new(move |()| {
        let (group, project) = flow.with_untracked(|flow| (flow.group_id, flow.project_id));
        after.set_value(Route::project(project).to_string());
        asked_all.set(false);
        change.run(FlowChange::DeleteAll(group));
    });
    let control = view! {
        <div class="setting__actions">
            // Without its last version a flow would be an empty name: then all of it is deleted.
            {move || (count() > 1).then(|| view! {
                <Button
                    label=format!("Delete version {}", version.get())
                    weight=Weight::Danger
                    busy=busy
                    on_click=Callback::new(move |()| asked.set(true))
                />
            }).into_any()}
            <Button
                label="Delete the flow"
                weight=Weight::Danger
                busy=busy
                on_click=Callback::new(move |()| asked_all.set(true))
            />
        </div>
        <Confirm
            open=asked
            title=Signal::derive(move || format!("Delete version {}?", version.get()))
            text=Signal::derive(move || {
                format!("With it go {}, with states, logs and artifacts. There is no way back.", runs(false))
            })
            yes="Delete the version"
            no="Keep it"
            on_yes=delete_version
        />
        <TypedConfirm
            open=asked_all
            title=Signal::derive(move || format!("Delete {}?", flow.with(|flow| flow.name.clone())))
            text=Signal::derive(move || {
                let versions = format::counted(count(), "version");
                format!("With it go {versions} and {}, with states, logs and artifacts. There is no way back.", runs(true))
            })
            word=Signal::derive(move || Some(flow.with(|flow| flow.name.clone())))
            yes="Delete the flow"
            busy=busy
            problem=Signal::derive(|| None::<String>)
            on_yes=delete_all
        >
            ""
        </TypedConfirm>
    };
    let text = "Deletes versions with all their runs. To keep the runs, archive instead.";
    super::setting("Delete", text, control.into_any())
}
