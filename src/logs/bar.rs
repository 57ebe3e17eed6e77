//! Above the lines: what is searched for, which lines are shown, and how. Below them: how many there are and where
//! one is.

use leptos::prelude::*;

use super::copy::Copy;
use super::download::Download;
use super::viewer::Viewer;
use super::when::when;
use crate::format;
use crate::model::{LogLevel, LogOf};
use crate::resources::{Load, LogTimes};
use crate::ui::button::{Button, Weight};

/// Search, filters and switches.
#[component]
pub(super) fn Bar(viewer: Viewer, of: Signal<LogOf>) -> impl IntoView {
    view! {
        <div class="log-bar">
            <Search viewer=viewer/>
            {filters(viewer)}
            <div class="log-bar__end">
                <button
                    type="button"
                    class="log-chip"
                    title="Long lines go on in the next row (w)"
                    aria-pressed=move || viewer.wrap.get().to_string()
                    on:click=move |_| viewer.wrap.update(|wrap| *wrap = !*wrap)
                >
                    "Wrap"
                </button>
                {times(viewer)}
                <Copy viewer=viewer/>
                <Download viewer=viewer of=of/>
            </div>
        </div>
    }
}

/// What is searched for, how often it is there, and from one to the next.
#[component]
fn Search(viewer: Viewer) -> impl IntoView {
    let found = Memo::new(move |_| viewer.matches());
    let words = move || {
        found.get().map(|(at, count)| {
            let so_far = if viewer.feed.log.with(|log| log.is_whole()) {
                ""
            } else {
                " so far"
            };
            match (at, count) {
                (_, 0) => format!("none{so_far}"),
                (Some(at), _) => format!("{} of {}{so_far}", format::count(at + 1), format::count(count)),
                (None, _) => format!("{}{so_far}", format::counted(count, "line")),
            }
        })
    };
    let step = move |label: &'static str, sign: &'static str, back: bool| {
        view! {
            <button type="button" class="log-bar__step" aria-label=label title=label on:click=move |_| viewer.jump(back)>
                {sign}
            </button>
        }
    };
    view! {
        <div class="log-bar__search" role="search">
            <input
                type="search"
                node_ref=viewer.search_field
                placeholder="Search the log"
                aria-label="Search the log"
                title="Enter for the next line, Shift+Enter for the one before (/ to get here)"
                spellcheck="false"
                autocomplete="off"
                prop:value=move || viewer.query.get()
                on:input=move |event| {
                    viewer.current.set(None);
                    viewer.wanted_jump.set(None);
                    viewer.query.set(event_target_value(&event));
                }
                on:change=move |_| {
                    viewer.show(|_| {});
                }
                on:keydown=move |event| match event.key().as_str() {
                    "Enter" => {
                        event.prevent_default();
                        viewer.show(|_| {});
                        viewer.jump_when_all_are_here(event.shift_key());
                    }
                    "Escape" => {
                        event.prevent_default();
                        let frame = viewer.frame.get_untracked();
                        if let Some(frame) = frame.filter(|_| viewer.query.with_untracked(String::is_empty)) {
                            // Fails only for an element that cannot have the focus, and the frame can.
                            let _ = frame.focus();
                        }
                        viewer.query.set(String::new());
                        viewer.show(|_| {});
                    }
                    _ => {}
                }
            />
            <span class="log-bar__found" role="status">{words}</span>
            {move || found.with(Option::is_some).then(|| view! {
                {step("Previous match (N)", "↑", true)}
                {step("Next match (n)", "↓", false)}
            })}
        </div>
        // Its place is kept while nothing is searched for: the log below must not jump with the first letter.
        <button
                type="button"
                class="log-chip log-bar__only"
                disabled=move || found.with(Option::is_none)
                aria-pressed=move || viewer.filter.with(|filter| filter.only_matches).to_string()
                on:click=move |_| {
                    viewer.show(|filter| filter.only_matches = !filter.only_matches);
                }
            >
                "Only matches"
            </button>
    }
}

/// A choice: what it is called, its value, and the words for it.
type Choice = (String, String);

/// A list to choose from, which stands out unless `default` is chosen; `on_choose` gets the value.
fn select(
    label: &'static str,
    default: &'static str,
    choices: impl Fn() -> Vec<Choice> + Send + 'static,
    chosen: impl Fn() -> String + Copy + Send + 'static,
    on_choose: impl Fn(String) + 'static,
) -> AnyView {
    view! {
        <select
            class="log-bar__select"
            aria-label=label
            data-set=move || (chosen() != default).then_some("true")
            on:change=move |event| on_choose(event_target_value(&event))
        >
            {move || {
                let chosen = chosen();
                choices()
                    .into_iter()
                    .map(|(value, words)| {
                        let is_chosen = value == chosen;
                        view! { <option value=value selected=is_chosen>{words}</option> }
                    })
                    .collect_view()
            }}
        </select>
    }
    .into_any()
}

fn filters(viewer: Viewer) -> AnyView {
    let levels = || {
        let words = |level: LogLevel| match level {
            LogLevel::Debug | LogLevel::Critical => level.name().to_owned(),
            _ => format!("{} and worse", level.name()),
        };
        let all = (String::new(), "All levels".to_owned());
        let others = LogLevel::ALL[1..]
            .iter()
            .map(|level| (level.name().to_owned(), words(*level)));
        std::iter::once(all).chain(others).collect()
    };
    let loggers = Memo::new(move |_| {
        let mut names = viewer.feed.log.with(|log| log.loggers().to_vec());
        // One that a link names, before any of its lines is here.
        let named = viewer.filter.with(|filter| filter.logger.clone());
        if !named.is_empty() && !names.contains(&named) {
            names.push(named);
        }
        names.retain(|name| !name.is_empty());
        crate::sort::by(&mut names, Ord::cmp);
        names
    });
    let tasks = Memo::new(move |_| viewer.writers.with(|writers| writers.tasks().to_vec()));
    let level = select(
        "Level",
        "",
        levels,
        move || {
            viewer.filter.with(|filter| {
                filter
                    .level
                    .map_or(String::new(), |level| level.name().to_owned())
            })
        },
        move |value| {
            let level = LogLevel::ALL.into_iter().find(|level| level.name() == value);
            viewer.show(|filter| filter.level = level);
        },
    );
    let logger = move || {
        (loggers.with(Vec::len) > 1).then(|| {
            let choices = move || {
                let all = (String::new(), "All loggers".to_owned());
                let others = loggers.get().into_iter().map(|name| (name.clone(), name));
                std::iter::once(all).chain(others).collect()
            };
            select(
                "Logger",
                "",
                choices,
                move || viewer.filter.with(|filter| filter.logger.clone()),
                move |value| {
                    viewer.show(|filter| filter.logger = value);
                },
            )
        })
    };
    let task = move || {
        (tasks.with(Vec::len) > 0).then(|| {
            let choices = move || {
                let all = (String::new(), "All tasks".to_owned());
                let others = tasks.get().into_iter().map(|(id, name)| (id.to_string(), name));
                std::iter::once(all).chain(others).collect()
            };
            select(
                "Task",
                "",
                choices,
                move || {
                    viewer
                        .filter
                        .with(|filter| filter.task.map_or(String::new(), |task| task.to_string()))
                },
                move |value| {
                    viewer.show(|filter| filter.task = value.parse().ok());
                },
            )
        })
    };
    view! {
        {level}
        {logger}
        {task}
        {when(viewer)}
    }
    .into_any()
}

fn times(viewer: Viewer) -> AnyView {
    let choices = || {
        let words = |times| match times {
            LogTimes::Clock => "Clock times",
            LogTimes::Ago => "Time ago",
            LogTimes::SinceStart => "Since the start",
        };
        LogTimes::ALL
            .map(|times| (times.name().to_owned(), words(times).to_owned()))
            .into()
    };
    select(
        "Times",
        LogTimes::Clock.name(),
        choices,
        move || viewer.times.get().name().to_owned(),
        move |value| {
            let chosen = LogTimes::ALL.into_iter().find(|times| times.name() == value);
            viewer.times.set(chosen.unwrap_or_default());
        },
    )
}

/// How many lines there are, which of them are here, and the way to both ends.
#[component]
pub(super) fn Foot(viewer: Viewer) -> impl IntoView {
    let words = move || {
        let lacks = viewer.lacks_any();
        let is_looking = viewer.feed.loading.get() == Some(Load::Rest);
        let shown = viewer.sheet.with(|sheet| sheet.len());
        viewer.feed.log.with(|log| {
            let (here, total) = (log.len(), format::counted(log.total(), "line"));
            let of = format!("{} of {total}", format::count(here));
            match (log.is_whole(), lacks, is_looking) {
                (_, false, _) if shown < here => format!("{} of {total} shown", format::count(shown)),
                (true, ..) => total,
                (false, true, true) => format!("Looking through all lines: {of}"),
                (false, true, false) => format!("Only {of} were looked through"),
                (false, false, _) => format!("{of} are here; more come as you scroll"),
            }
        })
    };
    let is_reading = Memo::new(move |_| viewer.feed.loading.get() == Some(Load::Rest));
    let follow = Signal::derive(move || match viewer.fresh() {
        0 => "End ↓".to_owned(),
        fresh => format!("{} ↓", format::counted(fresh, "new line")),
    });
    view! {
        <div class="log-foot">
            <span class="log-foot__words">{words}</span>
            {move || is_reading.get().then(|| view! {
                <Button label="Stop" weight=Weight::Quiet on_click=Callback::new(move |()| viewer.stop_reading())/>
            })}
            {move || viewer.feed.is_missing.get().then(|| view! {
                <span class="log-foot__warning" role="status">"The line of this link is not in this log."</span>
            })}
            {move || viewer.feed.failure.get().map(|(what, failure)| view! {
                <span class="log-foot__warning" role="alert">"More lines could not be fetched: " {failure}</span>
                <Button label="Try again" on_click=Callback::new(move |()| viewer.again(what))/>
            })}
            <div class="log-foot__ends">
                <Button label="Start ↑" weight=Weight::Quiet on_click=Callback::new(move |()| viewer.to_start())/>
                {move || {
                    if viewer.following.get() {
                        viewer.is_moving.get().then(|| view! {
                            <span class="log-foot__following">"Following the end"</span>
                        })
                        .into_any()
                    } else {
                        view! { <Button label=follow on_click=Callback::new(move |()| viewer.to_end())/> }.into_any()
                    }
                }}
            </div>
        </div>
    }
}
