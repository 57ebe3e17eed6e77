//! Lines into the clipboard.

use leptos::prelude::*;

use super::export::{Format, Written, write};
use super::lines::selection;
use super::viewer::Viewer;
use crate::format;
use crate::session::{Tone, use_toasts};
use crate::ui::button::{Button, Weight};
use crate::ui::clipboard::copy;
use crate::ui::icon::Icon;

/// Copies the lines that are selected, or else all that are shown and here.
#[component]
pub(super) fn Copy(viewer: Viewer) -> impl IntoView {
    let toasts = use_toasts();
    let selected = Memo::new(move |_| {
        selection(viewer)
            .map(|(from, to)| viewer.feed.log.with(|log| log.between(from, to)))
            .filter(|range| range.len() > 1)
    });
    let label = Signal::derive(move || match selected.get() {
        Some(range) => format!("Copy {} lines", format::count(range.len())),
        None => "Copy".to_owned(),
    });
    let on_click = Callback::new(move |()| {
        let indices: Vec<usize> = match selected.get_untracked() {
            Some(range) => range.collect(),
            None => viewer
                .sheet
                .with_untracked(|sheet| (0..sheet.len()).map(|place| sheet.index(place)).collect()),
        };
        let mut text = String::new();
        viewer.feed.log.with_untracked(|log| {
            viewer.writers.with_untracked(|writers| {
                for index in indices.iter().filter(|index| **index < log.len()) {
                    let entry = log.entry(*index);
                    let line = Written {
                        key: entry.key,
                        level: entry.level,
                        logger: entry.logger,
                        task: entry
                            .task_run_id
                            .and_then(|id| writers.name(id))
                            .unwrap_or_default(),
                        task_run_id: "",
                        text: entry.text,
                        raw: entry.raw,
                    };
                    write(Format::Text, line, &mut text);
                }
            });
        });
        if copy(&text) {
            let copied = format!("{} copied.", format::counted(indices.len(), "line"));
            toasts.show(Tone::Good, copied, None, None);
        } else {
            let refused =
                "The browser gives this page no clipboard: it does so over HTTPS or from localhost only.";
            toasts.show(Tone::Bad, refused, None, None);
        }
    });
    view! { <Button label=label icon=Icon::Copy weight=Weight::Quiet on_click=on_click/> }
}
