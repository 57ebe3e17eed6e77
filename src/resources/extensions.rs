//! What the server can do beyond the API of Prefect 1.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::connection::use_connection;
use crate::api;
use crate::model::Extensions;

/// What the server can do beyond the API of Prefect 1; `None` until it has answered.
pub fn use_extensions() -> ReadSignal<Option<Extensions>> {
    let (known, set_known) = signal(None);
    let connection = use_connection();
    // Where it does not answer, the page's own requests say so; it is asked again when it is back.
    Effect::new(move |_| {
        if connection.is_up() && known.with_untracked(Option::is_none) {
            spawn_local(async move {
                if let Ok(found) = api::extensions().await {
                    set_known.try_set(Some(found));
                }
            });
        }
    });
    known
}
