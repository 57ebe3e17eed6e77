//! Named filters of the run history: on the server where it keeps such, otherwise in the browser.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::kept;
use crate::api;
use crate::model::{Extensions, SavedView, saved_views_from_text, saved_views_to_text};
use crate::session::{Tone, use_toasts};

/// The keys in the browser's storage: the views where the server keeps none, and the one that a person begins with.
const KEY: &str = "flowdeck-saved-views";
const DEFAULT: &str = "flowdeck-default-view";

/// The saved views and what changes them. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct SavedViews {
    /// By name; empty until they are known.
    pub list: RwSignal<Vec<SavedView>>,
    /// The one that the run history begins with in this browser.
    pub default: RwSignal<Option<SavedView>>,
    /// Keeps a filter under a name, in place of the one that had it.
    pub save: Callback<(String, String)>,
    /// Puts one in place of another: with a new name, a new filter, or both.
    pub change: Callback<(SavedView, SavedView)>,
    /// Forgets one.
    pub delete: Callback<SavedView>,
    /// Lets the run history begin with one, or with all runs.
    pub set_default: Callback<Option<SavedView>>,
}

/// The saved views, once it is known what the server can do.
pub fn use_saved_views(extensions: ReadSignal<Option<Extensions>>) -> SavedViews {
    let list = RwSignal::new(Vec::<SavedView>::new());
    let default = RwSignal::new(kept_default_view());
    let toasts = use_toasts();
    let is_on_server = move || extensions.get_untracked().is_some_and(|known| known.saved_views);
    let load = move || {
        if is_on_server() {
            spawn_local(async move {
                // Where the server does not answer, the page's own requests say so.
                if let Ok(found) = api::saved_view::list().await {
                    list.try_set(found);
                }
            });
        } else {
            list.set(kept(KEY));
        }
    };
    Effect::new(move |_| {
        if extensions.with(Option::is_some) {
            load();
        }
    });
    let set_default = move |view: Option<SavedView>| {
        keep(DEFAULT, view.as_slice());
        default.set(view);
    };
    // The default follows what becomes of its view.
    let follow = move |old: &SavedView, new: Option<SavedView>| {
        if default.with_untracked(|default| default.as_ref().is_some_and(|default| default.id == old.id)) {
            set_default(new);
        }
    };
    let tell = move |name: &str, done: &str, result: Result<(), api::ApiError>| {
        match result {
            Ok(()) => toasts.show(Tone::Good, format!("The view {name} {done}."), None, None),
            Err(error) => toasts.show(
                Tone::Bad,
                format!("The view {name} was not changed. {error}"),
                None,
                None,
            ),
        };
        load();
    };
    let change = move |(old, mut new): (SavedView, SavedView)| {
        if is_on_server() {
            spawn_local(async move {
                let result =
                    api::saved_view::update(new.id.clone(), new.name.clone(), new.query.clone()).await;
                if result.is_ok() {
                    follow(&old, Some(new.clone()));
                }
                tell(&new.name, "is changed", result);
            });
            return;
        }
        let mut views = kept(KEY);
        views.retain(|view| view.id != old.id && view.name != new.name);
        new.id.clone_from(&new.name);
        views.push(new.clone());
        crate::sort::by(&mut views, |a, b| a.name.cmp(&b.name));
        keep(KEY, &views);
        follow(&old, Some(new.clone()));
        tell(&new.name, "is changed", Ok(()));
    };
    SavedViews {
        list,
        default,
        save: Callback::new(move |(name, query): (String, String)| {
            let same = list.with_untracked(|views| views.iter().find(|view| view.name == name).cloned());
            if let Some(view) = same {
                let new = SavedView {
                    query,
                    ..view.clone()
                };
                change((view, new));
            } else if is_on_server() {
                spawn_local(async move {
                    let result = api::saved_view::create(name.clone(), query).await;
                    tell(&name, "is saved", result);
                });
            } else {
                let mut views = kept(KEY);
                views.push(SavedView {
                    id: name.clone(),
                    name: name.clone(),
                    query,
                });
                crate::sort::by(&mut views, |a, b| a.name.cmp(&b.name));
                keep(KEY, &views);
                tell(&name, "is saved, in this browser", Ok(()));
            }
        }),
        change: Callback::new(change),
        delete: Callback::new(move |view: SavedView| {
            if is_on_server() {
                spawn_local(async move {
                    let result = api::saved_view::delete(view.id.clone()).await;
                    if result.is_ok() {
                        follow(&view, None);
                    }
                    tell(&view.name, "is deleted", result);
                });
                return;
            }
            let mut views = kept(KEY);
            views.retain(|one| one.id != view.id);
            keep(KEY, &views);
            follow(&view, None);
            tell(&view.name, "is deleted", Ok(()));
        }),
        set_default: Callback::new(set_default),
    }
}

/// The view that the run history begins with in this browser.
pub fn kept_default_view() -> Option<SavedView> {
    kept(DEFAULT).pop()
}

fn kept(key: &str) -> Vec<SavedView> {
    saved_views_from_text(&kept::kept(key))
}

/// Where the browser refuses, the view is gone with the page; its URL still has it.
fn keep(key: &str, views: &[SavedView]) {
    kept::keep(key, &saved_views_to_text(views));
}
