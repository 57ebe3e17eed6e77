//! Above the drawing: search, the legend that filters, and what is shown how.

use leptos::prelude::*;

use super::canvas::toggle;
use super::card::detail;
use super::export::{self, Words};
use super::gestures::focus;
use super::picture::{Picture, failed};
use crate::components::state_badge::{state_icon, state_word};
use crate::format;
use crate::model::{Direction, Timestamp, with_chosen};
use crate::session::{Tone, use_now, use_toasts};
use crate::ui::each::Each;
use crate::ui::icon::Glyph;
use crate::ui::only::Only;
use crate::ui::picture_file::{save_png, save_svg};

/// The bar.
#[component]
pub(super) fn Bar(picture: Picture) -> impl IntoView {
    let helpers = Memo::new(move |_| {
        picture
            .graph
            .with(|graph| graph.tasks().iter().filter(|t| t.is_helper).count())
    });
    let now = use_now();
    let toasts = use_toasts();
    let not_drawn = Callback::new(move |()| {
        let words = "This browser could not draw the picture as a PNG. The SVG may do.";
        toasts.show(Tone::Bad, words, None, None);
    });
    let has_failed = Memo::new(move |_| picture.runs.with(|runs| failed(runs).is_some()));
    let direction = Memo::new(move |_| picture.scene.with(|scene| scene.direction));
    view! {
        <div class="schematic__bar">
            <Search picture=picture/>
            <div class="schematic__tools">
                {picture.style.of_run.then(|| view! { <Legend picture=picture/> })}
                <div class="schematic__choices">
                    <Only when=move || { helpers.get() > 0 }>
                        <button
                            type="button"
                            class="schematic__chip"
                            aria-pressed=move || (!picture.hides_helpers.get()).to_string()
                            title="Tasks that nobody wrote: constants, lists, items of a result"
                            on:click=move |_| picture.hides_helpers.update(|hides| *hides = !*hides)
                        >
                            {move || format::counted(helpers.get(), "helper task")}
                        </button>
                    </Only>
                    <Only when=move || has_failed.get()>
                        <button
                            type="button"
                            class="schematic__chip"
                            data-state="failed"
                            aria-pressed=move || picture.only_failed.get().to_string()
                            title="Leave out all other tasks"
                            on:click=move |_| picture.choose(|view| view.only_failed = !view.only_failed)
                        >
                            "Only failed"
                        </button>
                    </Only>
                    <button
                        type="button"
                        class="schematic__chip"
                        title="Turn the picture"
                        on:click=move |_| {
                            let turned = match direction.get_untracked() {
                                Direction::Down => Direction::Right,
                                Direction::Right => Direction::Down,
                            };
                            picture.direction.set(Some(turned));
                        }
                    >
                        {move || match direction.get() {
                            Direction::Down => "↓ Top to bottom",
                            Direction::Right => "→ Left to right",
                        }}
                    </button>
                    <div class="schematic__legend" role="group" aria-label="Save the picture">
                        <button
                            type="button"
                            class="schematic__chip"
                            title="Save the whole picture as an SVG file"
                            on:click=move |_| save_svg(&exported(picture, now.get_untracked()).0, "schematic.svg")
                        >
                            "↓ SVG"
                        </button>
                        <button
                            type="button"
                            class="schematic__chip"
                            title="Save the whole picture as a PNG file"
                            on:click=move |_| {
                                let (svg, width, height) = exported(picture, now.get_untracked());
                                save_png(&svg, width, height, "schematic.png".to_owned(), not_drawn);
                            }
                        >
                            "↓ PNG"
                        </button>
                    </div>
                </div>
            </div>
        </div>
    }
}

/// The picture as a file, with its width and height, in the colors of the theme that is on.
fn exported(picture: Picture, now: Timestamp) -> (String, f64, f64) {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let token = |name: &str| {
        let value = style
            .as_ref()
            .and_then(|style| style.get_property_value(name).ok());
        value.unwrap_or_default().trim().to_owned()
    };
    untrack(|| {
        let words = |task| {
            let run = picture.run(task);
            let title = run.as_ref().and_then(|run| run.name.clone());
            Words {
                name: title
                    .or_else(|| picture.task(task).map(|task| task.title))
                    .unwrap_or_default(),
                detail: if picture.style.of_run {
                    detail(run.as_ref(), now)
                } else {
                    String::new()
                },
                state: run.map(|run| run.state.css_name()),
            }
        };
        export::svg(&picture.scene.get(), picture.style, words, &token)
    })
}

/// Finds tasks by name; Enter goes from one to the next.
#[component]
fn Search(picture: Picture) -> impl IntoView {
    let jump = move |back: bool| {
        let Some(found) = picture.matches.get_untracked().filter(|found| !found.is_empty()) else {
            return;
        };
        let at = picture
            .selected
            .get_untracked()
            .and_then(|selected| found.iter().position(|task| *task == selected));
        let next = match (at, back) {
            (None, false) => 0,
            (None, true) => found.len() - 1,
            (Some(at), false) => (at + 1) % found.len(),
            (Some(at), true) => (at + found.len() - 1) % found.len(),
        };
        picture.jump(found[next]);
    };
    let found = move || {
        picture.matches.get().map(|found| {
            let at = picture
                .selected
                .get()
                .and_then(|selected| found.iter().position(|task| *task == selected));
            match (found.len(), at) {
                (0, _) => "none".to_owned(),
                (all, Some(at)) => format!("{} of {}", format::count(at + 1), format::count(all)),
                (all, None) => format::count(all),
            }
        })
    };
    view! {
        <div class="schematic__search" role="search">
            <input
                type="search"
                placeholder="Find a task"
                aria-label="Find a task"
                spellcheck="false"
                autocomplete="off"
                prop:value=move || picture.query.get()
                on:input=move |event| picture.query.set(event_target_value(&event))
                on:keydown=move |event| match event.key().as_str() {
                    "Enter" => {
                        event.prevent_default();
                        jump(event.shift_key());
                    }
                    "ArrowDown" => {
                        if let Some(selected) = picture.selected.get_untracked() {
                            event.prevent_default();
                            focus(selected);
                        }
                    }
                    "Escape" if !picture.query.with_untracked(String::is_empty) => {
                        event.prevent_default();
                        picture.query.set(String::new());
                    }
                    _ => {}
                }
            />
            <span class="schematic__found" role="status">{found}</span>
        </div>
    }
}

/// The states that occur, with how many tasks are in each. Pressing some shows only those.
#[component]
fn Legend(picture: Picture) -> impl IntoView {
    let counts = Memo::new(move |_| with_chosen(picture.counts(), picture.filter.get()));
    view! {
        <div class="schematic__legend" role="group" aria-label="Show only tasks in these states">
            <Each of=move || counts.get() key=|found| found.state let:found>
                {
                    let state = found.state;
                    let count = move || {
                        counts.with(|counts| counts.iter().find(|now| now.state == state).map_or(0, |now| now.count))
                    };
                    view! {
                        <button
                            type="button"
                            class="schematic__chip"
                            data-state=state.css_name()
                            aria-pressed=move || picture.filter.with(|filter| filter.contains(&state)).to_string()
                            on:click=move |_| picture.choose(|view| toggle(&mut view.states, state))
                        >
                            <Glyph icon=state_icon(state) size=14/>
                            {state_word(state)}
                            <span class="schematic__count">{move || format::count(count())}</span>
                        </button>
                    }
                }
            </Each>
        </div>
    }
}
