//! The time now, once for the whole page, and whether anybody is looking.

use gloo_timers::callback::Interval;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::model::Timestamp;
use crate::session::{Now, use_offline};

/// Reads the browser's clock.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now())
}

/// Whether the tab is visible.
#[derive(Clone, Copy)]
struct Visibility(ReadSignal<bool>);

/// Provides the shared tick: every elapsed time on the page counts with it, once a second. It rests in a hidden tab,
/// and while the server is away: nobody knows whether what is counted still goes on.
pub fn provide_ticking() {
    let time = RwSignal::new(now());
    provide_context(Now(time.read_only()));
    let (visible, offline) = (use_visibility(), use_offline());
    let interval = Interval::new(1_000, move || {
        if visible.get_untracked() && !offline.get_untracked() {
            time.set(now());
        }
    });
    let interval = SendWrapper::new(interval);
    on_cleanup(move || drop(interval));
    Effect::new(move |_| {
        if visible.get() && !offline.get() {
            time.set(now());
        }
    });
}

/// Provides whether the tab is visible.
pub fn provide_visibility() {
    let (visible, set_visible) = signal(!document().hidden());
    provide_context(Visibility(visible));
    let listener =
        window_event_listener_untyped("visibilitychange", move |_| set_visible.set(!document().hidden()));
    on_cleanup(move || listener.remove());
}

/// Whether the tab is visible.
pub fn use_visibility() -> ReadSignal<bool> {
    expect_context::<Visibility>().0
}
