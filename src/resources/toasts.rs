//! Toasts: what came of an action, said once and kept until read.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::session::{Toast, Toasts};

/// How long a toast that reports a success stays. One that reports a problem stays until it is closed.
const LIFETIME: u32 = 8_000;

/// Where the pointer is on the toasts or the focus within them, none goes: somebody reads them, or is about to press
/// something. It is looked again after so long.
const HOLD: u32 = 2_000;
const HELD: &str = ".toasts:hover, .toasts:focus-within";

/// Provides the toasts to everything below.
pub fn provide_toasts() {
    let toasts = RwSignal::new(Vec::<Toast>::new());
    provide_context(Toasts::new(
        toasts,
        Callback::new(move |id| {
            expire(toasts, id, LIFETIME);
        }),
    ));
}

fn expire(toasts: RwSignal<Vec<Toast>>, id: usize, after: u32) {
    let end = move || {
        if matches!(document().query_selector(HELD), Ok(Some(_))) {
            expire(toasts, id, HOLD);
        } else {
            toasts.update(|list| list.retain(|toast| toast.id != id));
        }
    };
    Timeout::new(after, end).forget();
}
