//! Names that the run history can be filtered by.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::model::KnownValues;

/// The names as far as they are known, and what asks for them: once for a page, when somebody is about to choose.
pub fn use_filter_values() -> (ReadSignal<KnownValues>, Callback<()>) {
    let (known, set_known) = signal(KnownValues::default());
    let is_asked = StoredValue::new(false);
    let ask = Callback::new(move |()| {
        if is_asked.get_value() {
            return;
        }
        is_asked.set_value(true);
        spawn_local(async move {
            match api::filter_values().await {
                Ok(found) => {
                    set_known.try_set(found);
                }
                // The names of the loaded rows are there, and the next time it is tried again.
                Err(_) => is_asked.set_value(false),
            }
        });
    });
    (known, ask)
}
