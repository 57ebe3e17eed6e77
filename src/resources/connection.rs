//! Whether the server answers: one truth for the whole page, told by every request.

use leptos::prelude::*;

use super::ticking::now;
use crate::api::ApiError;
use crate::model::Timestamp;
use crate::polled::FailureKind;
use crate::session::Offline;

/// Whether the server answers, and since when it does not.
#[derive(Clone, Copy)]
pub struct Connection {
    down_since: RwSignal<Option<Timestamp>>,
    last_answer: RwSignal<Option<Timestamp>>,
}

impl Connection {
    /// Whether the server answers, as far as is known.
    pub fn is_up(self) -> bool {
        self.down_since.get().is_none()
    }

    /// Since when it does not.
    pub fn down_since(self) -> Option<Timestamp> {
        self.down_since.get()
    }

    /// Whether it has answered at all since the page was opened.
    pub fn has_answered(self) -> bool {
        self.last_answer.with(Option::is_some)
    }

    /// When it last answered; not followed, because it changes with every answer.
    pub fn last_answer_untracked(self) -> Option<Timestamp> {
        self.last_answer.get_untracked()
    }

    /// Takes note of how a request ended; `None` is well. An answer that refuses is an answer too.
    pub fn report(self, error: Option<&ApiError>) {
        if error.is_some_and(|error| error.kind() == FailureKind::Unreachable) {
            if self.down_since.with_untracked(Option::is_none) {
                self.down_since.set(Some(now()));
            }
        } else {
            self.last_answer.set(Some(now()));
            if self.down_since.with_untracked(Option::is_some) {
                self.down_since.set(None);
            }
        }
    }
}

/// Provides the connection to everything below.
pub fn provide_connection() {
    let connection = Connection {
        down_since: RwSignal::new(None),
        last_answer: RwSignal::new(None),
    };
    provide_context(connection);
    let offline = Memo::new(move |_| !connection.is_up());
    provide_context(Offline(offline.into()));
}

/// The connection.
pub fn use_connection() -> Connection {
    expect_context()
}
