//! One entry: its time, level and source, and what it says. Built when it comes into sight, and built anew when it
//! looks different; nothing in it listens, so that scrolling through thousands is cheap.

use std::ops::Range;

use flowdeck_vocabulary::LogId;
use leptos::prelude::*;

use super::fold::{Fold, unfolded};
use super::links::links;
use super::pieces::{Piece, pieces};
use super::viewer::{ROW, Viewer};
use super::wrap;
use crate::model::{Hue, LogEntry, LogKey, Style, Styled};
use crate::resources::LogTimes;
use crate::routes::Route;
use crate::session::{Tone, use_now, use_toasts};
use crate::ui::clipboard::copy;
use crate::{format, wall_clock};

/// An entry, and all that decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shown {
    pub key: LogKey,
    /// Counts what changes the look of all.
    pub look: u32,
    pub rows: u32,
    pub is_unfolded: bool,
    /// The match that one is at.
    pub is_current: bool,
    /// One of the lines that a link leads to.
    pub is_selected: bool,
}

/// One entry.
pub(super) fn entry(viewer: Viewer, shown: Shown) -> AnyView {
    viewer
        .feed
        .log
        .with_untracked(|log| {
            let index = log.place(shown.key);
            // The log may have been opened anew a moment ago.
            (index < log.len()).then(|| line(viewer, shown, log.entry(index)))
        })
        .into_any()
}

fn line(viewer: Viewer, shown: Shown, entry: LogEntry<'_>) -> AnyView {
    let level = entry.level.name();
    let message = message(viewer, shown, &entry);
    view! {
        <div
            class="log-line"
            data-level=level
            data-current=shown.is_current.then_some("true")
            data-selected=shown.is_selected.then_some("true")
            style=format!("height:{}px", shown.rows * ROW)
        >
            <span class="log-line__gutter">
                {time(viewer, entry.key)}
                " "
                <span class="log-line__level">{level}</span>
                " "
                {source(viewer, &entry)}
                " "
            </span>
            {message}
        </div>
    }
    .into_any()
}

/// The time, as a link to the line.
fn time(viewer: Viewer, key: LogKey) -> AnyView {
    let words = match viewer.times.get_untracked() {
        LogTimes::Clock => wall_clock::exact_time(key.at).into_any(),
        LogTimes::SinceStart => match viewer.started.get_untracked() {
            Some(start) if start <= key.at => format::stopwatch(key.at.since(start)),
            Some(start) => format!("−{}", format::stopwatch(start.since(key.at))),
            None => "–".to_owned(),
        }
        .into_any(),
        LogTimes::Ago => {
            let now = use_now();
            (move || format::relative(key.at, now.get())).into_any()
        }
    };
    let mut filter = viewer.filter.get_untracked();
    filter.line = Some(key.id);
    let toasts = use_toasts();
    view! {
        <a
            class="log-line__time"
            href=viewer.href.run(filter)
            title=format!("{} · Link to this line; with Shift, to the lines up to it", wall_clock::full_time(key.at))
            on:click=move |event| {
                if event.ctrl_key() || event.meta_key() {
                    return;
                }
                event.prevent_default();
                if event.shift_key() && viewer.filter.with_untracked(|filter| filter.line.is_some()) {
                    viewer.selected_to.set(Some(key));
                    return;
                }
                viewer.selected_to.set(None);
                let url = viewer.href.run(viewer.show(|filter| filter.line = Some(key.id)));
                if copy(&format!("{}{url}", window().location().origin().unwrap_or_default())) {
                    toasts.show(Tone::Good, "The link to the line is copied.", None, None);
                }
            }
        >
            {words}
        </a>
    }
    .into_any()
}

/// The task run that wrote it, or else the logger.
fn source(viewer: Viewer, entry: &LogEntry<'_>) -> AnyView {
    let logger = entry.logger.to_owned();
    let name = entry.task_run_id.and_then(|id| {
        viewer
            .writers
            .with_untracked(|writers| Some((id, writers.name(id)?.to_owned())))
    });
    match name {
        Some((id, name)) => {
            let href = Route::TaskRun(id).to_string();
            let title = format!("{name} · {logger}");
            view! { <a class="log-line__source" href=href title=title>{name}</a> }.into_any()
        }
        None => {
            view! { <span class="log-line__source" title=logger.clone()>{logger.clone()}</span> }.into_any()
        }
    }
}

/// What it says, with its colours, links and marks.
fn message(viewer: Viewer, shown: Shown, entry: &LogEntry<'_>) -> AnyView {
    let id = shown.key.id;
    if shown.is_unfolded {
        let read = unfolded(entry);
        let all = 0..read.text.len();
        return view! {
            {text(viewer, &read, all)}
            {toggle(viewer, id, "Fold".to_owned(), true)}
        }
        .into_any();
    }
    let read = if Styled::is_plain(entry.raw) {
        Styled {
            text: entry.text.to_owned(),
            ..Styled::default()
        }
    } else {
        Styled::read(entry.raw, false)
    };
    if let Some(fold) = Fold::of(entry) {
        let label = match fold.lines {
            0 => format!(
                "… {} more characters …",
                format::count(fold.tail.start - fold.head.end)
            ),
            lines => format!("… {} more lines …", format::count(lines)),
        };
        return view! {
            {text(viewer, &read, fold.head)}
            "\n"
            {toggle(viewer, id, label, false)}
            "\n"
            {text(viewer, &read, fold.tail)}
        }
        .into_any();
    }
    let all = 0..entry.text.len();
    let earlier = (read.overwritten > 0).then(|| {
        let label = format!("{} before", format::count(read.overwritten));
        toggle(viewer, id, label, true)
    });
    view! {
        {text(viewer, &read, all)}
        {earlier}
    }
    .into_any()
}

/// Folds or unfolds an entry.
fn toggle(viewer: Viewer, id: LogId, label: String, is_beside: bool) -> AnyView {
    view! {
        <button
            type="button"
            class="log-line__fold"
            class:log-line__fold--beside=is_beside
            on:click=move |_| {
                viewer.leave_end();
                viewer
                    .unfolded
                    .update(|unfolded| {
                        if !unfolded.remove(&id) {
                            unfolded.insert(id);
                        }
                    });
            }
        >
            {label}
        </button>
    }
    .into_any()
}

fn text(viewer: Viewer, read: &Styled, part: Range<usize>) -> AnyView {
    let links = links(&read.text);
    let matches = viewer
        .sieve
        .with_untracked(|sieve| sieve.needle.as_ref().map(|needle| needle.ranges(&read.text)))
        .unwrap_or_default();
    let wrap = untrack(|| viewer.wrap()).filter(|wrap| wrap::is_broken_here(&read.text[part.clone()], *wrap));
    let Some(wrap) = wrap else {
        if read.styles.is_empty() && links.is_empty() && matches.is_empty() {
            return read.text[part].to_owned().into_any();
        }
        let pieces = pieces(part, &read.styles, &links, &matches).into_iter();
        return pieces
            .map(|piece| one(&read.text, piece))
            .collect_view()
            .into_any();
    };
    let breaks = wrap::breaks(&read.text[part.clone()], wrap);
    let breaks: Vec<usize> = breaks.into_iter().map(|at| part.start + at).collect();
    let rows = wrap::groups(pieces(part, &read.styles, &links, &matches), &breaks);
    let row = |(number, row): (usize, Vec<Piece>)| {
        let pieces = row.into_iter().map(|piece| one(&read.text, piece));
        let pieces = pieces.collect_view();
        view! {
            {(number > 0).then(|| view! { <wbr/> })}
            <span class="log-line__row">{pieces}</span>
        }
    };
    rows.into_iter().enumerate().map(row).collect_view().into_any()
}

/// One piece of a text. What the text holds is never anything but text.
fn one(text: &str, piece: Piece) -> AnyView {
    let words = text[piece.range].to_owned();
    let words = if piece.is_match {
        view! { <mark>{words}</mark> }.into_any()
    } else {
        words.into_any()
    };
    let words = if piece.style == Style::default() {
        words
    } else {
        let Style {
            ink,
            back,
            bold,
            faint,
            italic,
            underlined,
            struck,
            inverse,
        } = piece.style;
        let (ink, back) = if inverse { (back, ink) } else { (ink, back) };
        let yes = |is: bool| is.then_some("");
        view! {
            <span
                class="ansi"
                data-ink=ink.map(Hue::name)
                data-back=back.map(Hue::name)
                data-bold=yes(bold)
                data-faint=yes(faint)
                data-italic=yes(italic)
                data-underlined=yes(underlined)
                data-struck=yes(struck)
                data-inverse=yes(inverse && back.is_none())
            >
                {words}
            </span>
        }
        .into_any()
    };
    match piece.link {
        Some(link) => {
            let href = text[link].to_owned();
            view! { <a class="log-line__link" href=href target="_blank" rel="noopener noreferrer">{words}</a> }.into_any()
        }
        None => words,
    }
}
