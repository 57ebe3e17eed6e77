//! Named filters of the run history: on the server where it keeps such, otherwise in the browser.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::kept;
use crate::api::{self, ApiError};
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
    let load = move || {
        spawn_local(async move {
            // Where the server does not answer, the page's own requests say so.
            if let Ok(found) = all().await {
                list.try_set(found);
            }
        });
    };
    Effect::new(move |_| {
        if extensions.with(Option::is_some) {
            load();
        }
    });
    let set_default = move |view: Option<SavedView>| {
        keep(DEFAULT, view.as_slice());
        default.try_set(view);
    };
    // The default follows what becomes of its view. The page may have been left meanwhile.
    let follow = move |old: &SavedView, new: Option<SavedView>| {
        let known = default.try_get_untracked().unwrap_or_else(kept_default_view);
        if known.is_some_and(|default| default.id == old.id) {
            set_default(new);
        }
    };
    let tell = move |name: &str, result: Result<&'static str, ApiError>| {
        match result {
            Ok(done) => toasts.show(Tone::Good, format!("The view {name} {done}."), None, None),
            Err(error) => toasts.show(
                Tone::Bad,
                format!("The view {name} was not changed. {error}"),
                None,
                None,
            ),
        };
        load();
    };
    let change = move |(old, new): (SavedView, SavedView)| {
        spawn_local(async move {
            let name = new.name.clone();
            let changed = update(&old, new).await;
            tell(
                &name,
                changed.map(|new| {
                    follow(&old, Some(new));
                    "is changed"
                }),
            );
        });
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
                return;
            }
            spawn_local(async move {
                let created = create(name.clone(), query).await;
                tell(&name, created);
            });
        }),
        change: Callback::new(change),
        delete: Callback::new(move |view: SavedView| {
            spawn_local(async move {
                let deleted = delete(&view).await;
                tell(
                    &view.name,
                    deleted.map(|()| {
                        follow(&view, None);
                        "is deleted"
                    }),
                );
            });
        }),
        set_default: Callback::new(set_default),
    }
}

/// Whether the server keeps views; otherwise the browser does.
async fn is_on_server() -> Result<bool, ApiError> {
    Ok(api::extensions().await?.saved_views)
}

async fn all() -> Result<Vec<SavedView>, ApiError> {
    if is_on_server().await? {
        return api::saved_view::list().await;
    }
    Ok(kept(KEY))
}

/// Keeps a filter under a new name; answers what was done.
async fn create(name: String, query: String) -> Result<&'static str, ApiError> {
    if is_on_server().await? {
        api::saved_view::create(name, query).await?;
        return Ok("is saved");
    }
    let mut views = kept(KEY);
    views.push(SavedView {
        id: name.clone(),
        name,
        query,
    });
    keep_sorted(views);
    Ok("is saved, in this browser")
}

/// Puts one in place of another; answers it as it is kept.
async fn update(old: &SavedView, mut new: SavedView) -> Result<SavedView, ApiError> {
    if is_on_server().await? {
        api::saved_view::update(new.id.clone(), new.name.clone(), new.query.clone()).await?;
        return Ok(new);
    }
    let mut views = kept(KEY);
    views.retain(|view| view.id != old.id && view.name != new.name);
    new.id.clone_from(&new.name);
    views.push(new.clone());
    keep_sorted(views);
    Ok(new)
}

async fn delete(view: &SavedView) -> Result<(), ApiError> {
    if is_on_server().await? {
        return api::saved_view::delete(view.id.clone()).await;
    }
    let mut views = kept(KEY);
    views.retain(|one| one.id != view.id);
    keep(KEY, &views);
    Ok(())
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

fn keep_sorted(mut views: Vec<SavedView>) {
    crate::sort::by(&mut views, |a, b| a.name.cmp(&b.name));
    keep(KEY, &views);
}
