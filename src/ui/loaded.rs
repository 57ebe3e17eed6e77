//! The only place that shows loading, loading slowly, failed, missing and stale.

use leptos::prelude::*;

use super::command::Command;
use super::empty::Empty;
use super::icon::Icon;
use crate::polled::{Failure, FailureKind, Polled};

#[derive(Clone, PartialEq)]
enum Phase {
    Loading,
    Failed(FailureKind, String),
    Ready,
}

/// Shows its children once there is a value, and keeps them while newer ones arrive or fail to: they get a
/// signal, so a poll changes only what has changed.
#[component]
pub fn Loaded<T, V>(
    /// What is waited for.
    polled: Polled<T>,
    /// What it is, for messages: `flow run`.
    what: &'static str,
    /// Shows the value.
    children: impl Fn(Signal<T>) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let ready = move || {
        let first = polled.value.get_untracked();
        // The value may be taken away (another id in the URL) just before this view is: the memo outlives
        // it by remembering the last one.
        let value = Memo::new(move |last: Option<&T>| {
            let now = polled
                .value
                .get()
                .or_else(|| last.cloned())
                .or_else(|| first.clone());
            now.expect("Ready only when there is a value")
        });
        children(value.into()).into_any()
    };
    let is_there = Signal::derive(move || polled.value.with(Option::is_some));
    phases(is_there, polled.failure, what, Box::new(ready))
}

/// Apart from [`Loaded`], so that it is compiled once and not for each type of value.
fn phases(
    is_there: Signal<bool>,
    failure: RwSignal<Option<Failure>>,
    what: &'static str,
    ready: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    // What is no longer there, somebody has deleted: its last picture would offer to do things with it.
    let phase = Memo::new(move |_| {
        failure.with(|failure| match failure {
            Some(failure) if !is_there.get() || failure.kind == FailureKind::Missing => {
                Phase::Failed(failure.kind, failure.message.clone())
            }
            _ if is_there.get() => Phase::Ready,
            _ => Phase::Loading,
        })
    });
    let stale = move || {
        let failure = failure.get()?;
        let is_news = failure.kind != FailureKind::Unreachable;
        is_news.then(|| {
            view! { <p class="stale" role="status">"Not up to date: " {failure.message}</p> }.into_any()
        })
    };
    view! {
        {move || match phase.get() {
            Phase::Loading => view! { <Loading what=what/> }.into_any(),
            Phase::Failed(kind, message) => view! { <Failed what=what kind=kind message=message/> }.into_any(),
            Phase::Ready => view! { {move || stale()} {ready()} }.into_any(),
        }}
    }
    .into_any()
}

/// Says nothing for the first moment, because most answers come within it.
#[component]
fn Loading(what: &'static str) -> impl IntoView {
    view! {
        <div class="loading" role="status">
            <span class="loading__bar"></span>
            <span class="loading__text">"Loading the " {what} "…"</span>
            <span class="loading__slow">"This takes longer than usual."</span>
        </div>
    }
}

#[component]
fn Failed(what: &'static str, kind: FailureKind, message: String) -> impl IntoView {
    match kind {
        FailureKind::Unreachable => view! {
            <Empty
                icon=Icon::Broken
                title="The server does not answer"
                text="This page asks again by itself and opens as soon as the server is there. Start it with:"
            >
                <Command text="flowdeck server start"/>
                <p class="empty__text">{message}</p>
            </Empty>
        }
        .into_any(),
        FailureKind::Missing => view! {
            <Empty icon=Icon::Slash title=format!("No such {what}") text=message>
                <a class="button" data-weight="plain" href="./">"Go to Home"</a>
            </Empty>
        }
        .into_any(),
        FailureKind::Refused => view! {
            <Empty icon=Icon::Warning title=format!("The {what} cannot be shown") text=message>
                <p class="empty__text">"This page asks again by itself."</p>
            </Empty>
        }
        .into_any(),
    }
}
