//! The run history's filter beside its text: a chip for each word, a control for each kind of chip, and help.

mod chips;
mod control;
mod help;

use leptos::prelude::*;

pub use chips::RunFilterChips;
pub use help::FilterHelp;

use crate::model::{KnownValues, RunCounts};

/// What the controls offer. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct FilterOffers {
    /// Names to choose from.
    pub known: Signal<KnownValues>,
    /// How many runs are in which state; `None` until it is known.
    pub counts: Signal<Option<RunCounts>>,
    /// Whether the server can tell how long runs took.
    pub durations: Signal<bool>,
    /// Called when the names are wanted.
    pub on_wanted: Callback<()>,
}
