//! Toasts: what came of an action, said once and kept until read.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::session::{Toast, Toasts};

/// How long a toast that reports a success stays. One that reports a problem stays until it is closed.
const LIFETIME: u32 = 8_000;

/// Provides the toasts to everything below.
pub fn provide_toasts() {
    let toasts = RwSignal::new(Vec::<Toast>::new());
    provide_context(Toasts::new(
        toasts,
        Callback::new(move |id| {
            Timeout::new(LIFETIME, move || {
                toasts.update(|list| list.retain(|toast| toast.id != id));
            })
            .forget();
        }),
    ));
}
