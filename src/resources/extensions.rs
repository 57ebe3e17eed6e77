//! What the server can do beyond the API of Prefect 1.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::model::Extensions;

/// What the server can do beyond the API of Prefect 1; `None` until it has answered.
pub fn use_extensions() -> ReadSignal<Option<Extensions>> {
    let (known, set_known) = signal(None);
    spawn_local(async move {
        // Where it does not answer, the page's own requests say so.
        if let Ok(found) = api::extensions().await {
            set_known.try_set(Some(found));
        }
    });
    known
}
