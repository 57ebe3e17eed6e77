//! What polling yields: the last good value, and since when it is stale. Data only; `resources/` fills it.

use leptos::prelude::*;

use crate::model::Timestamp;

/// Why there is no newer value.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Which kind of failure.
    pub kind: FailureKind,
    /// One sentence for a person.
    pub message: String,
    /// When it began.
    pub since: Timestamp,
}

/// Which kind of failure, because each is shown differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Nobody answers. The shell says so, once for the whole page.
    Unreachable,
    /// The server answered that it has no such thing.
    Missing,
    /// The server answered with an error.
    Refused,
}

/// A value that is fetched again and again. Copying it copies handles.
pub struct Polled<T: Send + Sync + 'static> {
    /// The last good value; `None` until the first arrives.
    pub value: RwSignal<Option<T>>,
    /// Why there is no newer one; `None` when all is well.
    pub failure: RwSignal<Option<Failure>>,
    /// When the last good value arrived.
    pub updated_at: RwSignal<Option<Timestamp>>,
    /// Fetches at once.
    pub refresh: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Polled<T> {}
