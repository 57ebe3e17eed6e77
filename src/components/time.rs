//! Times and durations on screen: relative, with the whole time on hover, and ticking with the one clock.

use std::time::Duration;

use leptos::prelude::*;

use crate::model::{Start, Timestamp, wire_text};
pub use crate::session::local_offset;
use crate::session::use_now;
use crate::{format, wall_clock};

/// How far away a time is, `12 min ago`.
#[component]
pub fn Ago(time: Timestamp) -> impl IntoView {
    let now = use_now();
    shown(time, move || format::relative(time, now.get()))
}

/// How far away what is to come is, `in 12 min`, and `due now` once its time has come.
#[component]
pub fn Until(time: Timestamp) -> impl IntoView {
    let now = use_now();
    shown(time, move || format::until(time, now.get()))
}

/// When a run started; `due 12 min ago`, `due in 3 h` while it has not, `due in 3 h was 2 d ago` when it was created for
/// another time, and `never` when it is over without.
pub fn started(start: Start) -> AnyView {
    match start {
        Start::At(at) => view! { <Ago time=at/> }.into_any(),
        // Lists are sorted by the time it was due: that it stands among older runs must not surprise.
        Start::LongAfter(at, due) => view! {
            <Ago time=at/>
            <span class="started__due">" due " <Ago time=due/></span>
        }
        .into_any(),
        Start::Due(at) => due(at),
        Start::DueElsewhere(at, created_for) => view! {
            {due(at)}
            <span class="started__due">" was " <Ago time=created_for/></span>
        }
        .into_any(),
        Start::Never => "never".into_any(),
    }
}

/// When something starts next, `next in 3 h`; an agent takes what is `due now` in a moment.
pub fn next_start(time: Timestamp) -> AnyView {
    let now = use_now();
    shown(time, move || {
        let words = format::until(time, now.get());
        if time > now.get() {
            format!("next {words}")
        } else {
            words
        }
    })
}

fn due(at: Timestamp) -> AnyView {
    let now = use_now();
    let is_to_come = move || (at > now.get()).then_some("true");
    view! { <span class="time__due" data-to-come=is_to_come>"due "</span> <Ago time=at/> }.into_any()
}

/// A time on the clock, `14:02`, with the date when it is not today's.
#[component]
pub fn At(time: Timestamp) -> impl IntoView {
    let now = use_now();
    shown(time, move || wall_clock::short_time(time, now.get()))
}

/// The same with the zone, `14:02 Europe/Berlin`, for where a person could err.
#[component]
pub fn AtInZone(time: Timestamp) -> impl IntoView {
    let now = use_now();
    shown(time, move || {
        format!(
            "{} {}",
            wall_clock::short_time(time, now.get()),
            wall_clock::zone()
        )
    })
}

/// A time on the clock to the second, `14:02:11`.
#[component]
pub fn Clock(time: Timestamp) -> impl IntoView {
    shown(time, move || wall_clock::time_of_day(time))
}

/// A time, with all of it on hover.
fn shown(time: Timestamp, words: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let words = Signal::derive(words);
    view! {
        <time class="time" datetime=wire_text(time) title=wall_clock::full_time(time)>{move || words.get()}</time>
    }
    .into_any()
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
