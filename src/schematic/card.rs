//! A task as a card: state, name, how long it took, and the bar of its mapped children.

use std::fmt::Write as _;

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::gestures::{Gestures, card_id};
use super::label::fitted;
use super::picture::Picture;
use crate::components::state_badge::{state_icon, state_word};
use crate::format;
use crate::model::{CardRun, GraphTask, Timestamp};
use crate::session::use_now;
use crate::ui::icon::{Glyph, Icon};

/// Where the name begins.
const TEXT: f64 = 36.0;
/// Where the large name begins that is shown when the picture is small.
const LARGE_TEXT: f64 = 44.0;
/// What stays free at the right side.
const END: f64 = 12.0;
/// What the badge needs.
const BADGE: f64 = 20.0;

/// A task's card.
#[component]
pub(super) fn Card(picture: Picture, gestures: Gestures, task: usize) -> impl IntoView {
    let Some(shown) = untrack(|| picture.task(task)) else {
        return ().into_any();
    };
    let run = Memo::new(move |_| picture.run(task));
    let state = Memo::new(move |_| picture.state(task));
    // A task that ends before one's eyes gets one soft pulse; one that had ended when the picture came does not.
    let ended = Memo::new(move |before: Option<&(Option<StateType>, bool)>| {
        let state = state.get();
        let pulses = before
            .is_some_and(|&(before, pulsed)| pulsed || before.is_some_and(|before| !before.is_finished()));
        (state, pulses && state.is_some_and(StateType::is_finished))
    });
    let rect = Memo::new(move |_| picture.rect(task));
    let is_selected = Memo::new(move |_| picture.selected.get() == Some(task));
    let is_dim = Memo::new(move |_| picture.is_dim(task));
    // One card can be reached with the Tab key, the arrow keys lead on from there.
    let is_tab_stop = Memo::new(move |_| picture.selected.get().unwrap_or(0) == task);
    let words = words(run, &shown, picture.style.of_run);
    let name = shown.title.clone();
    let label = Memo::new(move |_| format!("{name}, {}", words.get()));

    let size = rect.get_untracked();
    let badge = badge(&shown);
    let room = size.width - TEXT - END - if badge.is_some() { BADGE } else { 0.0 };
    let title = Memo::new({
        let name = shown.title.clone();
        move |_| {
            run.with(|run| run.as_ref().and_then(|run| run.name.clone()))
                .unwrap_or_else(|| name.clone())
        }
    });
    let of_run = picture.style.of_run;
    let letters = picture.style.letters;
    let middle = size.height / 2.0;
    let name_line = if of_run { 22.0 } else { middle + 4.5 };
    let icon_top = if of_run { 9.0 } else { middle - 8.0 };
    view! {
        <g
            class="task-card"
            data-state=move || state.get().map(StateType::css_name)
            data-ended=move || ended.get().1.then_some("true")
            data-dim=move || is_dim.get().then_some("true")
            style=move || {
                let rect = rect.get();
                format!("transform:translate({}px,{}px)", rect.x, rect.y)
            }
            on:click=move |event| {
                event.stop_propagation();
                if !gestures.has_dragged() {
                    let again = picture.selected.get_untracked() == Some(task);
                    picture.select((!again).then_some(task));
                }
            }
            on:pointerenter=move |event| {
                if event.pointer_type() == "mouse" {
                    picture.hovered.set(Some(task));
                }
            }
            on:pointerleave=move |_| picture.hovered.set(None)
        >
            // The button is the box alone: its name says in full what the card's texts show as far as it fits.
            <rect
                id=card_id(task)
                class="task-card__box"
                width=size.width
                height=size.height
                rx="6"
                role="button"
                tabindex=move || if is_tab_stop.get() { "0" } else { "-1" }
                aria-pressed=move || is_selected.get().to_string()
                aria-label=move || label.get()
                on:focus=move |_| picture.focused.set(Some(task))
                on:blur=move |_| picture.focused.set(None)
            />
            <g aria-hidden="true">
            <path class="task-card__strip" d=strip(size.height)/>
            <g class="task-card__icon" transform=format!("translate(13 {icon_top})")>
                {if of_run {
                    let icon = Signal::derive(move || {
                        run.with(|run| run.as_ref().map_or(Icon::Ring, |run| state_icon(run.state)))
                    });
                    view! { <g class="task-card__glyph"><Glyph icon=icon/></g> }.into_any()
                } else {
                    view! { <circle class="task-card__glyph" cx="8" cy="8" r="3.5"/> }.into_any()
                }}
            </g>
            <text class="task-card__name" x=TEXT y=name_line>{move || fitted(&title.get(), 13.0 * letters, room)}</text>
            <text class="task-card__large" x=LARGE_TEXT y=middle + 7.0>
                {move || fitted(&title.get(), 20.0 * letters, size.width - LARGE_TEXT - END)}
            </text>
            {of_run.then(|| view! { <Detail run=run room=(12.0 * letters, size.width - TEXT - END)/> })}
            {of_run.then(|| view! { <Children run=run width=size.width height=size.height/> })}
            {badge
                .map(|(letter, _)| {
                    let x = size.width - END - 16.0;
                    let y = if of_run { 9.0 } else { middle - 8.0 };
                    view! {
                        <g class="task-card__badge" transform=format!("translate({x} {y})")>
                            <rect width="16" height="16" rx="4"/>
                            <text x="8" y="12" text-anchor="middle">{letter}</text>
                        </g>
                    }
                })}
            </g>
        </g>
    }
    .into_any()
}

/// The line below the name.
#[component]
fn Detail(
    run: Memo<Option<CardRun>>,
    /// How high the letters are, and how wide the line may be.
    room: (f64, f64),
) -> impl IntoView {
    let now = use_now();
    let words = move || {
        run.with(|run| {
            let ticks = run.as_ref().is_some_and(|run| run.state.is_running());
            let words = detail(run.as_ref(), if ticks { now.get() } else { now.get_untracked() });
            fitted(&words, room.0, room.1)
        })
    };
    view! { <text class="task-card__detail" x=TEXT y="40">{words}</text> }
}

/// How a task's run is, in few words: `Success · 1.2 s`, `3/4 · 1 failed · 5 s`.
pub(super) fn detail(run: Option<&CardRun>, now: Timestamp) -> String {
    let Some(run) = run else {
        return "Not started".to_owned();
    };
    let mut words = match run.progress() {
        Some((done, all)) => format!("{}/{}", format::count(done), format::count(all)),
        None => state_word(run.state),
    };
    let failed = run.failed();
    if failed > 0 {
        let _ = write!(words, " · {} failed", format::count(failed));
    }
    if let Some(duration) = run.duration(now) {
        let duration = if run.state.is_running() {
            format::ticking(duration)
        } else {
            format::duration(duration)
        };
        let _ = write!(words, " · {duration}");
    }
    if run.attempts > 1 {
        // "attempt 2" does not fit a card of the usual width.
        let _ = write!(words, " · ×{}", run.attempts);
    }
    words
}

/// A thin bar along the lower side: a piece for each state of the mapped children.
#[component]
fn Children(run: Memo<Option<CardRun>>, width: f64, height: f64) -> impl IntoView {
    #[expect(clippy::cast_precision_loss, reason = "counts of children are far below 2^52")]
    let pieces = move || {
        let run = run.get()?;
        let (_, all) = run.progress()?;
        let room = width - TEXT - END;
        let mut x = TEXT;
        let pieces = run.children.into_iter().map(|found| {
            let length = room * found.count as f64 / all as f64;
            let path = format!("M{x:.1} {}h{length:.1}", height - 5.5);
            x += length;
            view! { <path class="task-card__piece" data-state=found.state.css_name() d=path/> }
        });
        Some(pieces.collect_view())
    };
    view! { <g class="task-card__children">{pieces}</g> }
}

/// What a screen reader says after the name.
fn words(run: Memo<Option<CardRun>>, task: &GraphTask, of_run: bool) -> Memo<String> {
    let kind = badge(task).map_or("task", |(_, word)| word);
    Memo::new(move |_| {
        run.with(|run| match run {
            Some(run) => {
                let state = state_word(run.state);
                match run.progress() {
                    Some((done, all)) if run.failed() > 0 => {
                        format!("{state}, {done} of {all} mapped done, {} failed", run.failed())
                    }
                    Some((done, all)) => format!("{state}, {done} of {all} mapped done"),
                    None if run.attempts > 1 => format!("{state}, attempt {}", run.attempts),
                    None => state,
                }
            }
            None if of_run => "not started".to_owned(),
            None => kind.to_owned(),
        })
    })
}

/// A letter for tasks that are not plain ones, and the word for it.
fn badge(task: &GraphTask) -> Option<(&'static str, &'static str)> {
    if task.is_parameter() {
        Some(("P", "parameter"))
    } else if task.is_helper {
        Some(("H", "helper task"))
    } else if task.mapped {
        Some(("M", "mapped task"))
    } else {
        None
    }
}

/// The strip along the left side: straight inside, round at the card's corners.
fn strip(height: f64) -> String {
    format!("M6 0H5V{height}H6A6 6 0 0 1 0 {}V6A6 6 0 0 1 6 0z", height - 6.0)
}
