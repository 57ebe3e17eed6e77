//! The keys of the log, wherever on the page one is, but not while one writes.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::viewer::Viewer;
use crate::ui::chord::Chord;

/// Listens for as long as the view is there.
pub(super) fn listen(viewer: Viewer) {
    // One `g` begins the keys that lead to other pages.
    let chord = Chord::new();
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented()
            || event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || is_writing(&event)
        {
            return;
        }
        let follows_g = chord.press(&event);
        if press(viewer, &event.key(), follows_g) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn is_writing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        let within = target.closest("input, textarea, select, dialog, [contenteditable]");
        within.ok().flatten().is_some()
    })
}

/// Whether the key means something here.
fn press(viewer: Viewer, key: &str, follows_g: bool) -> bool {
    match key {
        "/" => {
            if let Some(field) = viewer.search_field.get_untracked() {
                // Fails only for an element that cannot have the focus, and a field can.
                let _ = field.focus();
                field.select();
            }
        }
        "n" => viewer.jump(false),
        "N" => viewer.jump(true),
        "g" if follows_g => viewer.to_start(),
        "G" => viewer.to_end(),
        "f" if viewer.following.get_untracked() => viewer.leave_end(),
        "f" => viewer.to_end(),
        "w" => viewer.wrap.update(|wrap| *wrap = !*wrap),
        _ => return false,
    }
    true
}
