//! Named filters of the run history: on the server where it keeps such, otherwise in the browser.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::model::{Extensions, SavedView, saved_views_from_text, saved_views_to_text};
use crate::session::{Tone, use_toasts};

/// The key in the browser's storage.
const KEY: &str = "flowdeck-saved-views";

/// The saved views and what changes them. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct SavedViews {
    /// By name; empty until they are known.
    pub list: RwSignal<Vec<SavedView>>,
    /// Keeps a filter under a name, in place of the one that had it.
    pub save: Callback<(String, String)>,
    /// Forgets one.
    pub delete: Callback<SavedView>,
}

/// The saved views, once it is known what the server can do.
pub fn use_saved_views(extensions: ReadSignal<Option<Extensions>>) -> SavedViews {
    let list = RwSignal::new(Vec::new());
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
            list.set(kept());
        }
    };
    Effect::new(move |_| {
        if extensions.with(Option::is_some) {
            load();
        }
    });
    let tell = move |name: &str, result: Result<(), api::ApiError>| match result {
        Ok(()) => load(),
        Err(error) => {
            toasts.show(
                Tone::Bad,
                format!("The view {name} was not changed. {error}"),
                None,
                None,
            );
        }
    };
    SavedViews {
        list,
        save: Callback::new(move |(name, query): (String, String)| {
            if is_on_server() {
                let same = list.with_untracked(|views: &Vec<SavedView>| {
                    views.iter().find(|view| view.name == name).cloned()
                });
                spawn_local(async move {
                    let result = match same {
                        Some(view) => api::saved_view::update(view.id, query).await,
                        None => api::saved_view::create(name.clone(), query).await,
                    };
                    tell(&name, result);
                });
                return;
            }
            let mut views = kept();
            views.retain(|view| view.name != name);
            views.push(SavedView {
                id: name.clone(),
                name,
                query,
            });
            views.sort_by(|a, b| a.name.cmp(&b.name));
            keep(&views);
            load();
        }),
        delete: Callback::new(move |view: SavedView| {
            if is_on_server() {
                spawn_local(async move {
                    tell(&view.name, api::saved_view::delete(view.id).await);
                });
                return;
            }
            let mut views = kept();
            views.retain(|one| one.id != view.id);
            keep(&views);
            load();
        }),
    }
}

fn kept() -> Vec<SavedView> {
    let storage = window().local_storage().ok().flatten();
    let text = storage.and_then(|storage| storage.get_item(KEY).ok().flatten());
    saved_views_from_text(&text.unwrap_or_default())
}

/// Where the browser refuses, the view is gone with the page; its URL still has it.
fn keep(views: &[SavedView]) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(KEY, &saved_views_to_text(views));
    }
}
