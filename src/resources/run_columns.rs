//! The columns of the run history that a person chose last; kept in the browser.

use super::kept::{keep, kept};
use crate::model::{RunColumn, run_columns};

/// The key in the browser's storage.
const KEY: &str = "flowdeck-run-columns";

/// What is shown until somebody chooses.
const USUAL: &str = "state,flow,run,start,duration,tasks,labels";

/// The columns that were chosen last.
pub fn kept_run_columns() -> Vec<RunColumn> {
    let names = kept(KEY);
    run_columns(if names.is_empty() { USUAL } else { &names })
}

/// Keeps the names of columns as the last choice. Where the browser refuses, the URL still has them.
pub fn keep_run_columns(names: &str) {
    keep(KEY, names);
}
