//! The views a person saved: filters under names, to go to, rename, update, delete, and to begin with.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::history::Address;
use crate::model::{RunFilter, SavedView};
use crate::resources::SavedViews;
use crate::routes::{Route, RunsView};
use crate::session::{Tone, use_toasts};
use crate::ui::button::{Button, Weight};
use crate::ui::clipboard::copy;
use crate::ui::dialog::Confirm;
use crate::ui::dropdown::Dropdown;
use crate::ui::icon::Icon;
use crate::ui::page_action::use_page_action;

/// What the lines of the menu share. Copying it copies handles.
#[derive(Clone, Copy)]
struct Menu {
    views: SavedViews,
    filter: Memo<RunFilter>,
    address: Address,
    route: Signal<Route>,
    /// The id of the one that is being changed.
    edited: RwSignal<Option<String>>,
    /// The one that is to be deleted, when it is confirmed.
    doomed: RwSignal<Option<SavedView>>,
    is_asked: RwSignal<bool>,
}

/// The views by name, and a field that saves the filter in force.
#[component]
pub(super) fn ViewMenu(
    /// The views.
    views: SavedViews,
    /// The filter in force.
    filter: Memo<RunFilter>,
    /// Where the filter stands.
    address: Address,
    /// The page.
    route: Signal<Route>,
) -> impl IntoView {
    let menu = Menu {
        views,
        filter,
        address,
        route,
        edited: RwSignal::new(None),
        doomed: RwSignal::new(None),
        is_asked: RwSignal::new(false),
    };
    let name = NodeRef::<html::Input>::new();
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(field) = name.get_untracked() else { return };
        let name = field.value().trim().to_owned();
        if !name.is_empty() {
            field.set_value("");
            views.save.run((name, filter.with_untracked(RunFilter::text)));
        }
    };
    use_page_action(
        "Save the filter as a view",
        Icon::Flag,
        move || !filter.with(RunFilter::is_empty),
        Callback::new(move |()| {
            let Some(field) = name.get_untracked() else { return };
            let menu = field.closest("details").ok().flatten();
            if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<web_sys::HtmlDetailsElement>().ok()) {
                menu.set_open(true);
            }
            // Fails only for a field that is not in the page.
            let _ = field.focus();
        }),
    );
    let toasts = use_toasts();
    let share = move |()| {
        let url = window().location().href().unwrap_or_default();
        let (tone, words) = match copy(&url) {
            true => (Tone::Good, "The link to this filter is copied.".to_owned()),
            false => (
                Tone::Warning,
                format!("This browser keeps pages from copying. The link is {url}"),
            ),
        };
        toasts.show(tone, words, None, None);
    };
    let doomed_name = move || {
        menu.doomed
            .with(|view| view.as_ref().map(|view| view.name.clone()).unwrap_or_default())
    };
    view! {
        <Dropdown label="Views">
            <div class="run-views">
                <ul class="run-views__list" aria-label="Saved views">
                    {move || views.list.get().into_iter().map(|view| line(menu, view)).collect_view().into_any()}
                </ul>
                <form class="run-views__save" on:submit=save>
                    <input
                        class="field__text field__text--plain run-views__name"
                        node_ref=name
                        type="text"
                        maxlength="80"
                        aria-label="Name of the view"
                        placeholder="Name for this filter"
                    />
                    <button type="submit" class="button" data-weight="plain">"Save"</button>
                </form>
                <Button label="Copy the link to this filter" icon=Icon::Copy weight=Weight::Quiet on_click=Callback::new(share)/>
            </div>
        </Dropdown>
        <Confirm
            open=menu.is_asked
            title="Delete this view?"
            text=Signal::derive(move || format!("The filter under the name {} is forgotten. Runs are not touched.", doomed_name()))
            yes="Delete the view"
            no="Keep it"
            on_yes=Callback::new(move |()| {
                if let Some(view) = menu.doomed.get_untracked() {
                    views.delete.run(view);
                }
            })
        />
    }
}

fn line(menu: Menu, view: SavedView) -> AnyView {
    let query = view.query.clone();
    let href = move || {
        let shown = menu.address.view.get();
        menu.route.get().with_runs_view(&RunsView {
            query: query.clone(),
            is_explicit: query.is_empty(),
            ..shown
        })
    };
    let query = view.query.clone();
    let is_shown = Signal::derive(move || menu.filter.with(|filter| filter.text() == query));
    let id = view.id.clone();
    let is_edited = Signal::derive(move || menu.edited.with(|edited| edited.as_ref() == Some(&id)));
    let id = view.id.clone();
    let is_default = Signal::derive(move || {
        menu.views
            .default
            .with(|default| default.as_ref().is_some_and(|default| default.id == id))
    });
    let id = view.id.clone();
    let whole = view.clone();
    view! {
        <li class="run-views__view">
            <div class="run-views__line">
                <a class="link" href=href title=view.query aria-current=move || is_shown.get().then_some("true")>{view.name.clone()}</a>
                {move || is_default.get().then(|| view! { <span class="run-views__mark">"default"</span> })}
                <Button
                    label=Signal::derive(move || if is_edited.get() { "Close" } else { "Edit" }.to_owned())
                    about=view.name
                    weight=Weight::Quiet
                    on_click=Callback::new(move |()| {
                        let next = (!is_edited.get_untracked()).then(|| id.clone());
                        menu.edited.set(next);
                    })
                />
            </div>
            {move || is_edited.get().then(|| editor(menu, whole.clone(), is_shown, is_default)).into_any()}
        </li>
    }
    .into_any()
}

/// What can be changed of a view.
fn editor(menu: Menu, view: SavedView, is_shown: Signal<bool>, is_default: Signal<bool>) -> AnyView {
    let name = NodeRef::<html::Input>::new();
    let Menu {
        views,
        filter,
        edited,
        ..
    } = menu;
    let rename = {
        let view = view.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let new = name
                .get_untracked()
                .map(|field| field.value().trim().to_owned())
                .unwrap_or_default();
            if !new.is_empty() && new != view.name {
                views.change.run((
                    view.clone(),
                    SavedView {
                        name: new,
                        ..view.clone()
                    },
                ));
            }
            edited.set(None);
        }
    };
    let update = {
        let view = view.clone();
        move |()| {
            let query = filter.with_untracked(RunFilter::text);
            views.change.run((
                view.clone(),
                SavedView {
                    query,
                    ..view.clone()
                },
            ));
            edited.set(None);
        }
    };
    let begin = {
        let view = view.clone();
        move |()| {
            let is_default = is_default.get_untracked();
            views.set_default.run((!is_default).then(|| view.clone()));
        }
    };
    let old = view.name.clone();
    view! {
        <form class="run-views__save" on:submit=rename>
            <input class="field__text field__text--plain run-views__name" node_ref=name type="text" maxlength="80" aria-label="New name of the view" value=old/>
            <button type="submit" class="button" data-weight="plain">"Rename"</button>
        </form>
        <div class="run-views__actions">
            {move || (!is_shown.get()).then(|| view! {
                <Button label="Update to this filter" on_click=Callback::new(update.clone())/>
            })}
            <Button
                label=Signal::derive(move || {
                    if is_default.get() { "No longer begin with it" } else { "Begin with it" }.to_owned()
                })
                on_click=Callback::new(begin)
            />
            <Button
                label="Delete"
                weight=Weight::Danger
                on_click=Callback::new(move |()| {
                    menu.doomed.set(Some(view.clone()));
                    menu.is_asked.set(true);
                })
            />
        </div>
    }
    .into_any()
}
