//! Times and durations on screen: relative, with the whole time on hover, and ticking with the one clock.

use std::time::Duration;

use leptos::prelude::*;

use crate::format;
use crate::model::{Timestamp, wire_text};
pub use crate::session::local_offset;
use crate::session::use_now;

/// How far away a time is, `12 min ago`.
#[component]
pub fn Ago(time: Timestamp) -> impl IntoView {
    let now = use_now();
    view! {
        <time class="time" datetime=wire_text(time) title=format::full_time(time, local_offset(time))>
            {move || format::relative(time, now.get())}
        </time>
    }
}

/// A time on the clock, `14:02`, with the date when it is not today's.
#[component]
pub fn At(time: Timestamp) -> impl IntoView {
    let now = use_now();
    let offset = local_offset(time);
    view! {
        <time class="time" datetime=wire_text(time) title=format::full_time(time, offset)>
            {move || format::short_time(time, now.get(), offset)}
        </time>
    }
}

/// A time on the clock to the second, `14:02:11`.
#[component]
pub fn Clock(time: Timestamp) -> impl IntoView {
    let offset = local_offset(time);
    view! {
        <time class="time" datetime=wire_text(time) title=format::full_time(time, offset)>
            {format::time_of_day(time, offset)}
        </time>
    }
}

/// How long something took, or has taken so far: then it ticks. A dash when there is nothing to tell.
#[component]
pub fn Elapsed(
    /// The duration at the time it is given.
    #[prop(into)]
    of: Callback<Timestamp, Option<Duration>>,
    /// Whether it still grows.
    #[prop(into)]
    ticks: Signal<bool>,
) -> impl IntoView {
    let now = use_now();
    let words = move || {
        if ticks.get() {
            of.run(now.get()).map(format::ticking)
        } else {
            of.run(now.get_untracked()).map(format::duration)
        }
    };
    view! { <span class="duration">{move || words().unwrap_or_else(|| "–".to_owned())}</span> }
}
