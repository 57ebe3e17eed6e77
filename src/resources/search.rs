//! The search of the command palette.

use leptos::prelude::*;

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::Found;

/// What was found, and for which text: that of before while another is looked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The text that was looked for.
    pub text: String,
    /// What has it in its name, or is this id.
    pub found: Vec<Found>,
}

/// How far a search has come. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Searching {
    /// The last answer.
    pub answer: RwSignal<Answer>,
    /// Whether there will be another answer.
    pub is_asking: Signal<bool>,
    /// Whether the server did not answer.
    pub has_failed: Signal<bool>,
}

/// Looks for a text in names and ids. One letter would find everything, so it is not asked for.
pub fn use_search(text: Memo<String>) -> Searching {
    let is_asked = move || text.with(|text| text.chars().nth(1).is_some());
    let polled = poll(
        move || is_asked().then(|| text.get()),
        |_| Cadence::Slow,
        |text, _| async {
            let found = api::search::find(text.clone()).await?;
            Ok(Answer { text, found })
        },
    );
    let answer = RwSignal::new(Answer::default());
    Effect::new(move |_| {
        if let Some(new) = polled.value.get() {
            answer.set(new);
        } else if !is_asked() {
            answer.set(Answer::default());
        }
    });
    let has_failed = move || polled.failure.with(Option::is_some);
    Searching {
        answer,
        is_asking: Signal::derive(move || is_asked() && !has_failed() && answer.get().text != text.get()),
        has_failed: Signal::derive(move || is_asked() && has_failed()),
    }
}
