//! Cancellation: a token that is set once, and that every wait in the engine listens to.

use std::sync::{Arc, Condvar, Mutex, Weak};
use std::time::{Duration, Instant};

/// Set once, seen by everybody who holds a clone.
#[derive(Clone, Default)]
pub struct CancelToken {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    inner: Mutex<Inner>,
    set: Condvar,
}

#[derive(Default)]
struct Inner {
    cancelled: bool,
    reason: Option<String>,
    children: Vec<Weak<Shared>>,
    listeners: Vec<Box<dyn Fn() + Send>>,
}

impl CancelToken {
    /// A token nobody has cancelled yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A token that is cancelled with this one, and can be cancelled alone.
    #[must_use]
    pub fn child(&self) -> Self {
        let child = Self::new();
        let mut inner = crate::lock(&self.shared.inner);
        if inner.cancelled {
            crate::lock(&child.shared.inner).cancelled = true;
        } else {
            inner.children.retain(|child| child.strong_count() > 0);
            inner.children.push(Arc::downgrade(&child.shared));
        }
        drop(inner);
        child
    }

    /// Cancels: wakes everybody who waits. Further calls do nothing.
    pub fn cancel(&self) {
        self.cancel_with(None);
    }

    /// Cancels, and says why: the sentence becomes the message of the state the flow run ends in.
    pub fn cancel_because(&self, reason: impl Into<String>) {
        self.cancel_with(Some(reason.into()));
    }

    /// Why it was cancelled, if whoever did it said so.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        crate::lock(&self.shared.inner).reason.clone()
    }

    fn cancel_with(&self, reason: Option<String>) {
        let mut inner = crate::lock(&self.shared.inner);
        if std::mem::replace(&mut inner.cancelled, true) {
            return;
        }
        inner.reason = reason;
        let children = std::mem::take(&mut inner.children);
        let listeners = std::mem::take(&mut inner.listeners);
        drop(inner);
        self.shared.set.notify_all();
        for child in children.into_iter().filter_map(|child| child.upgrade()) {
            Self { shared: child }.cancel();
        }
        for listener in listeners {
            listener();
        }
    }

    /// Whether it has been cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        crate::lock(&self.shared.inner).cancelled
    }

    /// Waits at most that long for the cancellation; says whether it came.
    #[must_use]
    pub fn wait(&self, at_most: Duration) -> bool {
        let began = Instant::now();
        let mut inner = crate::lock(&self.shared.inner);
        while !inner.cancelled {
            let left = at_most.saturating_sub(began.elapsed());
            if left.is_zero() {
                return false;
            }
            inner = match self.shared.set.wait_timeout(inner, left) {
                Ok((inner, _)) => inner,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        true
    }

    /// Calls the function when the token is cancelled; at once if it is already.
    pub(crate) fn when_cancelled(&self, listener: impl Fn() + Send + 'static) {
        let mut inner = crate::lock(&self.shared.inner);
        if inner.cancelled {
            drop(inner);
            listener();
        } else {
            inner.listeners.push(Box::new(listener));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_cancelled_with_its_parent_but_not_the_other_way() {
        let parent = CancelToken::new();
        let (first, second) = (parent.child(), parent.child());
        first.cancel();
        assert!(first.is_cancelled() && !parent.is_cancelled() && !second.is_cancelled());
        parent.cancel();
        assert!(second.is_cancelled() && parent.child().is_cancelled());
    }

    #[test]
    fn a_wait_ends_when_the_token_is_cancelled() {
        let token = CancelToken::new();
        let waiting = std::thread::spawn({
            let token = token.clone();
            move || token.wait(Duration::MAX)
        });
        token.cancel();
        assert!(waiting.join().unwrap());
        assert!(!CancelToken::new().wait(Duration::ZERO));
    }

    #[test]
    fn the_first_to_cancel_says_why() {
        let token = CancelToken::new();
        assert_eq!(token.reason(), None);
        token.cancel_because("SIGTERM");
        token.cancel_because("too late");
        token.cancel();
        assert_eq!(token.reason().as_deref(), Some("SIGTERM"));
    }
}
