//! The log as a file: all of it, or what is shown, in any case complete.

use std::sync::Arc;

use leptos::prelude::*;

use super::export::{Format, Written, write};
use super::sheet::Sieve;
use super::viewer::{LogWriters, Viewer};
use crate::format;
use crate::model::{LogLine, LogOf, Styled};
use crate::resources::{LogSink, use_log_reader};
use crate::session::{Toasts, Tone, use_toasts};
use crate::ui::button::{Button, Weight};
use crate::ui::dropdown::Dropdown;
use crate::ui::save::File;

/// Asks which lines and in which form, and shows how far it is. The lines come from the server, whichever are here.
#[component]
pub(super) fn Download(viewer: Viewer, of: Signal<LogOf>) -> impl IntoView {
    let reader = use_log_reader();
    let done = Trigger::new();
    let toasts = use_toasts();
    let hides = Memo::new(move |_| viewer.sieve.with(Sieve::hides));
    let start = move |format: Format, only_shown: bool| {
        let sieve = if only_shown {
            viewer.sieve.get_untracked()
        } else {
            Sieve::default()
        };
        let of = of.get_untracked();
        let sink = sink(
            format,
            sieve,
            viewer.writers.get_untracked(),
            name(of, format),
            toasts,
        );
        reader.read.run((of, sink));
        done.notify();
    };
    let choices = move |label: &'static str, only_shown: bool| {
        view! {
            <div class="log-menu__row" role="group" aria-label=label>
                <span class="log-menu__label">{label}</span>
                {Format::ALL
                    .map(|format| {
                        view! {
                            <Button
                                label=format.label()
                                about=label
                                on_click=Callback::new(move |()| start(format, only_shown))
                            />
                        }
                    })
                    .collect_view()}
            </div>
        }
    };
    view! {
        <Dropdown label="Download" closed_by=done>
            <div class="log-menu">
                {choices("All lines", false)}
                {move || hides.get().then(|| choices("Lines that are shown", true))}
            </div>
        </Dropdown>
        {move || {
            reader.failure.get().map(|failure| view! {
                <span class="log-menu__failure" role="alert">"The download broke off: " {failure}</span>
            })
        }}
        {move || {
            reader.progress.get().map(|(read, total)| view! {
                <span class="log-view__progress" role="status">
                    {format!("{} of {}", format::count(read), format::counted(total, "line"))}
                </span>
                <Button label="Cancel the download" weight=Weight::Quiet on_click=reader.stop/>
            })
        }}
    }
}

fn name(of: LogOf, format: Format) -> String {
    let run = of
        .task_run
        .map_or_else(|| of.flow_run.to_string(), |id| id.to_string());
    format!("log-{run}.{}", format.file_type().0)
}

/// Writes the lines that a sieve leaves into a file, and saves it after the last.
fn sink(format: Format, sieve: Sieve, writers: Arc<LogWriters>, name: String, toasts: Toasts) -> LogSink {
    let file = File::new(format.file_type().1);
    file.push(format.head());
    let mut written = 0;
    Box::new(move |lines: Option<Vec<LogLine>>| match lines {
        Some(lines) => {
            let mut text = String::new();
            for line in &lines {
                written += usize::from(add(format, &sieve, &writers, line, &mut text));
            }
            file.push(&text);
        }
        None if file.save(&name) => {
            let saved = format!("{} saved as {name}.", format::counted(written, "line"));
            toasts.show(Tone::Good, saved, None, None);
        }
        None => {
            toasts.show(Tone::Bad, "The browser refused to save the file.", None, None);
        }
    })
}

/// Adds a line unless the sieve leaves it out; answers whether it did.
fn add(format: Format, sieve: &Sieve, writers: &LogWriters, line: &LogLine, out: &mut String) -> bool {
    if !sieve.picks(line.key.at, line.level, &line.logger, line.task_run_id) {
        return false;
    }
    let read = (!Styled::is_plain(&line.message)).then(|| Styled::read(&line.message, false).text);
    let text = read.as_deref().unwrap_or(&line.message).trim_end_matches('\n');
    if sieve.drops(sieve.finds(text)) {
        return false;
    }
    let line = Written {
        key: line.key,
        level: line.level,
        logger: &line.logger,
        task: line
            .task_run_id
            .and_then(|id| writers.name(id))
            .unwrap_or_default(),
        task_run_id: &line.task_run_id.map(|id| id.to_string()).unwrap_or_default(),
        text,
        raw: &line.message,
    };
    write(format, line, out);
    true
}
