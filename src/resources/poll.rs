//! The one way to poll: fetch, wait, fetch again; quick or slow, never overlapping, silent in a hidden tab.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Either, LocalBoxFuture, abortable, ready};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::connection::{Connection, use_connection};
use super::ticking::{now, use_visibility};
use crate::api::ApiError;
use crate::model::Timestamp;
use crate::polled::{Failure, Polled};

/// How often a value is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
    /// There is more to be had already: without a pause.
    AtOnce,
    /// Something is moving and a person watches it: every second.
    Live,
    /// Things change now and then: every five seconds.
    Normal,
    /// All is finished; it changes only if somebody starts it again: every thirty seconds.
    Slow,
}

impl Cadence {
    fn interval(self) -> u32 {
        match self {
            Self::AtOnce => 0,
            Self::Live => 1_000,
            Self::Normal => 5_000,
            Self::Slow => 30_000,
        }
    }
}

/// A server that fails is asked again after this long, then twice as long, and so on.
const FIRST_BACKOFF: u32 = 1_000;
/// ... up to this long: it decides how soon a page recovers by itself.
const LONGEST_BACKOFF: u32 = 8_000;
/// A request that has no answer after so many milliseconds is given up: a server that hangs is as good as none.
const PATIENCE: u32 = 30_000;
/// The wait is at least this many times the last request's duration, so that a slow server is asked less.
const BREATHERS: u32 = 4;
/// ... but never longer than this: who slept through a request, as a laptop does, took hours for it by the clock.
const LONGEST_WAIT: u32 = 30_000;

/// Milliseconds from the end of one request to the start of the next. The interval counts from start to start;
/// `errors` is how many requests in a row have failed.
fn wait(cadence: Cadence, last_duration: u32, errors: u32) -> u32 {
    let interval = match errors {
        0 => cadence.interval().saturating_sub(last_duration),
        _ => FIRST_BACKOFF
            .saturating_mul(1 << (errors - 1).min(10))
            .min(LONGEST_BACKOFF),
    };
    if (cadence, errors) == (Cadence::AtOnce, 0) {
        return 0;
    }
    interval.max(last_duration.saturating_mul(BREATHERS).min(LONGEST_WAIT))
}

type Fetch<K, T> = Box<dyn Fn(K, Option<T>) -> LocalBoxFuture<'static, Result<T, ApiError>>>;

/// What is polled, with its types; all that does not need them is in [`Poller`], which is compiled once.
struct Source<K, T: Send + Sync + 'static> {
    value: RwSignal<Option<T>>,
    wanted: Box<dyn Fn() -> Option<K>>,
    key: RefCell<Option<K>>,
    fetch: Fetch<K, T>,
    cadence: Box<dyn Fn(&T) -> Cadence>,
}

/// A [`Source`], whatever it yields.
trait Ask {
    /// Reads the key, reactively; whether it has changed.
    fn take_key(&self) -> bool;
    /// Forgets the value.
    fn clear(&self);
    /// Whether there is a value.
    fn is_filled(&self) -> bool;
    /// Asks once and keeps the answer; `None` when there is nothing to ask for.
    fn ask(&self) -> Option<LocalBoxFuture<'static, Result<(), ApiError>>>;
    /// How often to ask, by what is known.
    fn cadence(&self) -> Cadence;
}

impl<K: Clone + PartialEq + 'static, T: Clone + PartialEq + Send + Sync + 'static> Ask for Source<K, T> {
    fn take_key(&self) -> bool {
        let key = (self.wanted)();
        let changed = *self.key.borrow() != key;
        self.key.replace(key);
        changed
    }

    fn clear(&self) {
        self.value.set(None);
    }

    fn is_filled(&self) -> bool {
        self.value.with_untracked(Option::is_some)
    }

    fn ask(&self) -> Option<LocalBoxFuture<'static, Result<(), ApiError>>> {
        let key = self.key.borrow().clone()?;
        let value = self.value;
        let answer = untrack(|| (self.fetch)(key, value.get_untracked()));
        Some(Box::pin(async move {
            let answer = answer.await?;
            if value.with_untracked(|old| old.as_ref() != Some(&answer)) {
                value.set(Some(answer));
            }
            Ok(())
        }))
    }

    fn cadence(&self) -> Cadence {
        self.value.with_untracked(|value| match value {
            Some(value) => untrack(|| (self.cadence)(value)),
            None => Cadence::Normal,
        })
    }
}

/// One polled value's state between two requests.
struct Poller {
    source: Box<dyn Ask>,
    failure: RwSignal<Option<Failure>>,
    updated_at: RwSignal<Option<Timestamp>>,
    connection: Connection,
    visible: ReadSignal<bool>,
    timer: RefCell<Option<Timeout>>,
    /// Dropping the request's future aborts the request itself, see `api::post`.
    request: RefCell<Option<AbortHandle>>,
    errors: Cell<u32>,
    /// A request was due while the tab was hidden.
    overdue: Cell<bool>,
    /// Somebody asked for a refresh while a request was under way.
    again: Cell<bool>,
}

impl Poller {
    fn stop(&self) {
        self.timer.take();
        if let Some(request) = self.request.take() {
            request.abort();
        }
    }

    fn restart(self: &Rc<Self>) {
        self.stop();
        self.errors.set(0);
        self.again.set(false);
        self.source.clear();
        self.failure.set(None);
        self.tick();
    }

    fn tick(self: &Rc<Self>) {
        if self.request.borrow().is_some() {
            self.again.set(true);
            return;
        }
        self.timer.take();
        if !self.visible.get_untracked() && (self.source.is_filled() || self.errors.get() > 0) {
            self.overdue.set(true);
            return;
        }
        let started = now();
        let Some(request) = self.source.ask() else {
            return;
        };
        let (request, handle) = abortable(request);
        self.request.replace(Some(handle));
        let me = Rc::clone(self);
        self.timer
            .replace(Some(Timeout::new(PATIENCE, move || me.give_up())));
        let me = Rc::clone(self);
        spawn_local(async move {
            if let Ok(result) = request.await {
                let took = u32::try_from(now().since(started).as_millis()).unwrap_or(u32::MAX);
                me.settle(result, took);
            }
        });
    }

    fn give_up(self: &Rc<Self>) {
        if let Some(request) = self.request.take() {
            request.abort();
            let error = ApiError::Unreachable(format!("the server within {} s", PATIENCE / 1000));
            self.settle(Err(error), 0);
        }
    }

    fn settle(self: &Rc<Self>, result: Result<(), ApiError>, took: u32) {
        self.request.take();
        self.connection.report(result.as_ref().err());
        match result {
            Ok(()) => {
                self.errors.set(0);
                if self.failure.with_untracked(Option::is_some) {
                    self.failure.set(None);
                }
                self.updated_at.set(Some(now()));
            }
            Err(error) => {
                self.errors.set(self.errors.get() + 1);
                let since = self
                    .failure
                    .with_untracked(|old| old.as_ref().map(|failure| failure.since));
                let failure = Failure {
                    kind: error.kind(),
                    message: error.to_string(),
                    since: since.unwrap_or_else(now),
                };
                if self.failure.with_untracked(|old| old.as_ref() != Some(&failure)) {
                    self.failure.set(Some(failure));
                }
            }
        }
        if self.again.take() {
            self.tick();
            return;
        }
        let delay = wait(self.source.cadence(), took, self.errors.get());
        let me = Rc::clone(self);
        self.timer.replace(Some(Timeout::new(delay, move || me.tick())));
    }
}

/// Starts a poller, and wakes it when its key changes, when somebody wants it, when the tab is looked at again, and
/// when the server is back.
fn run(poller: Rc<Poller>, wanted: ArcTrigger) {
    let Poller {
        visible, connection, ..
    } = *poller;
    let me = SendWrapper::new(Rc::clone(&poller));
    on_cleanup(move || me.stop());
    Effect::new({
        let poller = Rc::clone(&poller);
        move |first: Option<()>| {
            if poller.source.take_key() || first.is_none() {
                poller.restart();
            }
        }
    });
    Effect::new({
        let poller = Rc::clone(&poller);
        move |first: Option<()>| {
            wanted.track();
            if first.is_some() {
                poller.tick();
            }
        }
    });
    Effect::new({
        let poller = Rc::clone(&poller);
        move |_| {
            if visible.get() && poller.overdue.take() {
                poller.tick();
            }
        }
    });
    // When one request gets through again, those that are still waiting out their back-off follow at once.
    Effect::new(move |_| {
        if connection.is_up() && poller.errors.get() > 0 {
            poller.tick();
        }
    });
}

/// Keeps a value fresh for as long as the calling component lives.
///
/// - `key`: what is asked for, reactive. When it changes, the value starts anew; `None` asks for nothing.
/// - `cadence`: how often, by what is known. Read at the end of each request.
/// - `fetch`: gets the key and the last good value, so that it can ask only for what changed since.
pub fn poll<K, T, F>(
    key: impl Fn() -> Option<K> + 'static,
    cadence: impl Fn(&T) -> Cadence + 'static,
    fetch: impl Fn(K, Option<T>) -> F + 'static,
) -> Polled<T>
where
    K: Clone + PartialEq + 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let wanted = ArcTrigger::new();
    let refresh = wanted.clone();
    let polled = Polled {
        value: RwSignal::new(None),
        failure: RwSignal::new(None),
        updated_at: RwSignal::new(None),
        refresh: Callback::new(move |()| refresh.notify()),
    };
    let source = Source {
        value: polled.value,
        wanted: Box::new(key),
        key: RefCell::new(None),
        fetch: Box::new(move |key, previous| fetch(key, previous).boxed_local()),
        cadence: Box::new(cadence),
    };
    let poller = Poller {
        source: Box::new(source),
        failure: polled.failure,
        updated_at: polled.updated_at,
        connection: use_connection(),
        visible: use_visibility(),
        timer: RefCell::new(None),
        request: RefCell::new(None),
        errors: Cell::new(0),
        overdue: Cell::new(false),
        again: Cell::new(false),
    };
    run(Rc::new(poller), wanted);
    polled
}

/// Asks at once whenever what `news` reads has changed. A poll that goes by what another one knows chooses its next wait
/// when its own answer comes; by what was known then it could sleep on after the other has found something moving. `news`
/// gets the value of a memo, and does not only track it: one that nobody has read yet watches nothing.
pub fn wake(refresh: Callback<()>, news: impl Fn() + 'static) {
    wake_boxed(refresh, Box::new(news));
}

fn wake_boxed(refresh: Callback<()>, news: Box<dyn Fn()>) {
    Effect::new(move |first: Option<()>| {
        news();
        if first.is_some() {
            refresh.run(());
        }
    });
}

/// Asks once for what never changes, and again only for another key, or while there is no answer.
pub fn once<K, T, F>(key: impl Fn() -> Option<K> + 'static, fetch: impl Fn(K) -> F + 'static) -> Polled<T>
where
    K: Clone + PartialEq + 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    poll(
        key,
        |_| Cadence::Slow,
        move |key, known: Option<T>| match known {
            Some(known) => Either::Left(ready(Ok(known))),
            None => Either::Right(fetch(key)),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_counts_from_start_to_start() {
        assert_eq!(wait(Cadence::Live, 40, 0), 960);
        assert_eq!(wait(Cadence::Normal, 40, 0), 4_960);
        assert_eq!(wait(Cadence::Slow, 0, 0), 30_000);
        assert_eq!(wait(Cadence::AtOnce, 900, 0), 0);
        assert_eq!(wait(Cadence::AtOnce, 10, 2), 2_000);
    }

    #[test]
    fn a_slow_server_is_asked_less() {
        assert_eq!(wait(Cadence::Live, 900, 0), 3_600);
        assert_eq!(wait(Cadence::Slow, 7_400, 0), 29_600);
    }

    #[test]
    fn after_a_sleep_of_hours_it_is_asked_again_soon() {
        for cadence in [Cadence::Live, Cadence::Normal, Cadence::Slow] {
            for (took, errors) in [(8 * 3_600_000, 0), (u32::MAX, 0), (u32::MAX, 3)] {
                assert!(
                    wait(cadence, took, errors) <= LONGEST_WAIT,
                    "{cadence:?} {took} {errors}"
                );
            }
        }
    }

    #[test]
    fn a_failing_server_is_asked_less_and_less_but_never_seldom() {
        let waits: Vec<u32> = (1..=6).map(|errors| wait(Cadence::Live, 10, errors)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
        assert_eq!(wait(Cadence::Live, 10, u32::MAX), 8_000);
    }
}
