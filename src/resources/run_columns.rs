//! The columns of the run history that a person chose last; kept in the browser.

use leptos::prelude::*;

use crate::model::{RunColumn, run_columns};

/// The key in the browser's storage.
const KEY: &str = "flowdeck-run-columns";

/// What is shown until somebody chooses.
const USUAL: &str = "state,flow,run,start,duration,tasks,labels";

/// The columns that were chosen last.
pub fn kept_run_columns() -> Vec<RunColumn> {
    let storage = window().local_storage().ok().flatten();
    let kept = storage.and_then(|storage| storage.get_item(KEY).ok().flatten());
    run_columns(kept.as_deref().unwrap_or(USUAL))
}

/// Keeps the names of columns as the last choice. Where the browser refuses, the URL still has them.
pub fn keep_run_columns(names: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(KEY, names);
    }
}
