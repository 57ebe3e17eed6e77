//! The one way to poll: fetch, wait, fetch again; quick or slow, never overlapping, silent in a hidden tab.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, LocalBoxFuture, abortable};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::connection::{Connection, use_connection};
use super::ticking::{now, use_visibility};
use crate::api::ApiError;
use crate::polled::{Failure, Polled};

/// How often a value is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
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
/// The wait is at least this many times the last request's duration, so that a slow server is asked less.
const BREATHERS: u32 = 4;

/// Milliseconds from the end of one request to the start of the next. The interval counts from start to start;
/// `errors` is how many requests in a row have failed.
fn wait(cadence: Cadence, last_duration: u32, errors: u32) -> u32 {
    let interval = match errors {
        0 => cadence.interval().saturating_sub(last_duration),
        _ => FIRST_BACKOFF
            .saturating_mul(1 << (errors - 1).min(10))
            .min(LONGEST_BACKOFF),
    };
    interval.max(last_duration.saturating_mul(BREATHERS))
}

type Fetch<K, T> = Box<dyn Fn(K, Option<T>) -> LocalBoxFuture<'static, Result<T, ApiError>>>;

/// One polled value's state between two requests.
struct Poller<K, T: Send + Sync + 'static> {
    polled: Polled<T>,
    connection: Connection,
    fetch: Fetch<K, T>,
    cadence: Box<dyn Fn(&T) -> Cadence>,
    visible: ReadSignal<bool>,
    key: RefCell<Option<K>>,
    timer: RefCell<Option<Timeout>>,
    /// Dropping the request's future aborts the request itself, see `api::post`.
    request: RefCell<Option<AbortHandle>>,
    errors: Cell<u32>,
    /// A request was due while the tab was hidden.
    overdue: Cell<bool>,
    /// Somebody asked for a refresh while a request was under way.
    again: Cell<bool>,
}

impl<K: Clone + 'static, T: Clone + PartialEq + Send + Sync + 'static> Poller<K, T> {
    fn stop(&self) {
        self.timer.take();
        if let Some(request) = self.request.take() {
            request.abort();
        }
    }

    fn restart(self: &Rc<Self>, key: Option<K>) {
        self.stop();
        self.errors.set(0);
        self.again.set(false);
        self.polled.value.set(None);
        self.polled.failure.set(None);
        self.key.replace(key);
        self.tick();
    }

    fn tick(self: &Rc<Self>) {
        if self.request.borrow().is_some() {
            self.again.set(true);
            return;
        }
        self.timer.take();
        let previous = self.polled.value.get_untracked();
        if !self.visible.get_untracked() && previous.is_some() {
            self.overdue.set(true);
            return;
        }
        let Some(key) = self.key.borrow().clone() else {
            return;
        };
        let started = now();
        let (request, handle) = abortable(untrack(|| (self.fetch)(key, previous)));
        self.request.replace(Some(handle));
        let me = Rc::clone(self);
        spawn_local(async move {
            if let Ok(result) = request.await {
                let took = u32::try_from(now().since(started).as_millis()).unwrap_or(u32::MAX);
                me.settle(result, took);
            }
        });
    }

    fn settle(self: &Rc<Self>, result: Result<T, ApiError>, took: u32) {
        self.request.take();
        self.connection.report(result.as_ref().err());
        let polled = self.polled;
        match result {
            Ok(value) => {
                self.errors.set(0);
                if polled.failure.with_untracked(Option::is_some) {
                    polled.failure.set(None);
                }
                polled.updated_at.set(Some(now()));
                if polled.value.with_untracked(|old| old.as_ref() != Some(&value)) {
                    polled.value.set(Some(value));
                }
            }
            Err(error) => {
                self.errors.set(self.errors.get() + 1);
                let since = polled
                    .failure
                    .with_untracked(|old| old.as_ref().map(|failure| failure.since));
                let failure = Failure {
                    kind: error.kind(),
                    message: error.to_string(),
                    since: since.unwrap_or_else(now),
                };
                if polled
                    .failure
                    .with_untracked(|old| old.as_ref() != Some(&failure))
                {
                    polled.failure.set(Some(failure));
                }
            }
        }
        if self.again.take() {
            self.tick();
            return;
        }
        let cadence = polled
            .value
            .with_untracked(|value| value.as_ref().map(|value| untrack(|| (self.cadence)(value))));
        let delay = wait(cadence.unwrap_or(Cadence::Normal), took, self.errors.get());
        let me = Rc::clone(self);
        self.timer.replace(Some(Timeout::new(delay, move || me.tick())));
    }
}

/// What wakes a poller, whatever it polls.
trait Wake {
    /// Asks now, or as soon as the request under way has ended.
    fn wake(self: Rc<Self>);
    /// Whether a request was due while the tab was hidden; asking forgets it.
    fn take_overdue(&self) -> bool;
    /// Whether the last request failed.
    fn is_failing(&self) -> bool;
}

impl<K: Clone + 'static, T: Clone + PartialEq + Send + Sync + 'static> Wake for Poller<K, T> {
    fn wake(self: Rc<Self>) {
        self.tick();
    }

    fn take_overdue(&self) -> bool {
        self.overdue.take()
    }

    fn is_failing(&self) -> bool {
        self.errors.get() > 0
    }
}

/// Wakes a poller when somebody wants it, when the tab is looked at again, and when the server is back. Apart from
/// [`poll`], so that it is compiled once and not for each kind of value.
fn wake_when_needed(poller: Rc<dyn Wake>, wanted: ArcTrigger) {
    let (visible, connection) = (use_visibility(), use_connection());
    let poller = move || Rc::clone(&poller);
    Effect::new({
        let poller = poller();
        move |first: Option<()>| {
            wanted.track();
            if first.is_some() {
                Rc::clone(&poller).wake();
            }
        }
    });
    Effect::new({
        let poller = poller();
        move |_| {
            if visible.get() && poller.take_overdue() {
                Rc::clone(&poller).wake();
            }
        }
    });
    // When one request gets through again, those that are still waiting out their back-off follow at once.
    Effect::new({
        let poller = poller();
        move |_| {
            if connection.is_up() && poller.is_failing() {
                Rc::clone(&poller).wake();
            }
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
    let poller = Rc::new(Poller {
        polled,
        connection: use_connection(),
        fetch: Box::new(move |key, previous| fetch(key, previous).boxed_local()),
        cadence: Box::new(cadence),
        visible: use_visibility(),
        key: RefCell::new(None),
        timer: RefCell::new(None),
        request: RefCell::new(None),
        errors: Cell::new(0),
        overdue: Cell::new(false),
        again: Cell::new(false),
    });

    Effect::new({
        let poller = Rc::clone(&poller);
        move |previous: Option<Option<K>>| {
            let key = key();
            if previous.as_ref() != Some(&key) {
                poller.restart(key.clone());
            }
            key
        }
    });
    wake_when_needed(Rc::clone(&poller) as Rc<dyn Wake>, wanted);
    let poller = SendWrapper::new(poller);
    on_cleanup(move || poller.stop());
    polled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_counts_from_start_to_start() {
        assert_eq!(wait(Cadence::Live, 40, 0), 960);
        assert_eq!(wait(Cadence::Normal, 40, 0), 4_960);
        assert_eq!(wait(Cadence::Slow, 0, 0), 30_000);
    }

    #[test]
    fn a_slow_server_is_asked_less() {
        assert_eq!(wait(Cadence::Live, 900, 0), 3_600);
        assert_eq!(wait(Cadence::Live, u32::MAX, 0), u32::MAX);
    }

    #[test]
    fn a_failing_server_is_asked_less_and_less_but_never_seldom() {
        let waits: Vec<u32> = (1..=6).map(|errors| wait(Cadence::Live, 10, errors)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
        assert_eq!(wait(Cadence::Live, 10, u32::MAX), 8_000);
    }
}
