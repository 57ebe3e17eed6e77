//! The search of the command palette.

use leptos::prelude::*;

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::Found;

/// What has this text in its name, or is this id; what was found stays while another text is looked for. One letter
/// would find everything, so it is not asked for.
pub fn use_search(text: Memo<String>) -> RwSignal<Vec<Found>> {
    let polled = poll(
        move || Some(text.get()).filter(|text| text.chars().nth(1).is_some()),
        |_| Cadence::Slow,
        |text, _| api::search::find(text),
    );
    let known = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        if let Some(found) = polled.value.get() {
            known.set(found);
        } else if text.with(|text| text.chars().nth(1).is_none()) {
            known.set(Vec::new());
        }
    });
    known
}
