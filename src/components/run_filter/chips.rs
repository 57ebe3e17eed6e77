//! A chip for each word of the filter; a click opens its control. The text of the filter stays the truth: a control
//! rewrites its word in it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::FilterOffers;
use super::control::control;
use crate::model::{FilterKind, FilterWord, RunFilter};
use crate::ui::button::{Button, Weight};
use crate::ui::dropdown::Dropdown;
use crate::ui::icon::{Glyph, Icon};
use crate::wall_clock;

/// Behind the last word: where a new one will be.
const AT_END: usize = usize::MAX;

/// What a chip shows.
#[derive(Clone, PartialEq)]
struct Chip {
    /// What it is about, and what of it.
    words: (String, String),
    /// The kind of its control; `None` when nobody knows what it is about.
    kind: Option<FilterKind>,
    is_wrong: bool,
}

fn chips(filter: &RunFilter) -> Vec<Chip> {
    let one = |(place, word): (usize, &crate::model::FilterText)| {
        let read = filter.word_at(place);
        let is_wrong = word.error().is_some();
        Chip {
            words: match &read {
                Some(read) if !is_wrong => read.chip(&wall_clock::date_and_time),
                _ => (word.text.clone(), String::new()),
            },
            kind: read.map(|read| read.kind),
            is_wrong,
        }
    };
    filter.words().iter().enumerate().map(one).collect()
}

/// The control that is open. Copying it copies handles.
#[derive(Clone, Copy)]
struct Panel {
    filter: Signal<RunFilter>,
    on_change: Callback<String>,
    offers: FilterOffers,
    row: NodeRef<html::Div>,
    /// Of which kind; the number makes each opening another one.
    kind: RwSignal<Option<(usize, FilterKind)>>,
    /// Which word it rewrites.
    place: RwSignal<usize>,
    /// The word, also while it says nothing yet and stands nowhere.
    word: RwSignal<FilterWord>,
    /// Where it hangs: from the left and from the top of the row.
    at: RwSignal<(i32, i32)>,
}

impl Panel {
    /// Opens the control of a word, or of a new one, below an element.
    fn open(self, kind: FilterKind, place: usize, below: Option<Element>) {
        if let Some((row, below)) = self.row.get_untracked().zip(below) {
            let (row, below) = (row.get_bounding_client_rect(), below.get_bounding_client_rect());
            self.at.set((
                whole(below.left() - row.left()),
                whole(below.bottom() - row.top()),
            ));
        }
        let known = self.filter.with_untracked(|filter| filter.word_at(place));
        self.place.set(place);
        self.word.set(known.unwrap_or_else(|| FilterWord::new(kind)));
        let number = self.kind.get_untracked().map_or(0, |(number, _)| number + 1);
        self.kind.set(Some((number, kind)));
        self.offers.on_wanted.run(());
        // There is nothing to choose.
        if kind == FilterKind::Has && place == AT_END {
            self.apply(self.word.get_untracked().with_value("failed-tasks"));
        }
    }

    /// Puts a word in place of the one it is about, and with that another filter in force.
    fn apply(self, next: FilterWord) {
        let text = next.text();
        let place = self.place.get_untracked();
        let (filter, place) = self.filter.with_untracked(|filter| {
            let stands = filter.word_at(place).is_some_and(|word| word.kind == next.kind);
            match (stands, text.is_empty()) {
                (false, true) => (None, AT_END),
                (true, true) => (Some(filter.without(place)), AT_END),
                (true, false) => (Some(filter.with_word(place, &text)), place),
                (false, false) => (Some(filter.with_word(AT_END, &text)), filter.words().len()),
            }
        });
        self.word.set(next);
        self.place.set(place);
        if let Some(filter) = filter {
            self.on_change.run(filter);
        }
    }

    /// Closes it; the focus goes back to where it came from.
    fn close(self) {
        self.kind.set(None);
        let Some(row) = self.row.get_untracked() else {
            return;
        };
        let place = self.place.get_untracked();
        let chip = format!(
            ".filter-chips__list > :nth-child({}) button",
            place.saturating_add(1)
        );
        let to = row.query_selector(&chip).ok().flatten();
        let to = to.or_else(|| row.query_selector("summary").ok().flatten());
        focus(to);
    }

    fn remove(self) {
        self.apply(self.word.get_untracked().with_value(""));
        self.close();
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a screen has a few thousand pixels"
)]
fn whole(pixels: f64) -> i32 {
    pixels as i32
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that is not in the page.
        let _ = element.focus();
    }
}

/// The element that was clicked or gets the focus.
fn element(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target.and_then(|target| target.dyn_into().ok())
}

/// The chips of a filter, and the menu that adds one.
#[component]
pub fn RunFilterChips(
    /// The filter in force.
    filter: Signal<RunFilter>,
    /// What the controls offer.
    offers: FilterOffers,
    /// Puts another filter in force.
    on_change: Callback<String>,
) -> impl IntoView {
    let panel = Panel {
        filter,
        on_change,
        offers,
        row: NodeRef::new(),
        kind: RwSignal::new(None),
        place: RwSignal::new(AT_END),
        word: RwSignal::new(FilterWord::new(FilterKind::State)),
        at: RwSignal::new((0, 0)),
    };
    // The text may also change by the field, or by going back.
    Effect::new(move |_| {
        filter.with(|filter| {
            let Some((_, kind)) = panel.kind.get_untracked() else {
                return;
            };
            match filter.word_at(panel.place.get_untracked()) {
                Some(word) if word.kind == kind => panel.word.set(word),
                _ if panel.word.with_untracked(|word| word.text().is_empty()) => {}
                _ => panel.kind.set(None),
            }
        });
    });
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let inside = element(event.target())
            .is_some_and(|target| matches!(target.closest(".filter-panel, .filter-chip__open"), Ok(Some(_))));
        if !inside && panel.kind.with_untracked(Option::is_some) {
            panel.kind.set(None);
        }
    });
    on_cleanup(move || outside.remove());
    let words = Memo::new(move |_| filter.with(chips));
    view! {
        <div class="filter-chips" node_ref=panel.row>
            <ul class="filter-chips__list" aria-label="Filters in force">
                {move || {
                    let chips = words.get().into_iter().enumerate();
                    chips.map(|(place, chip)| one(panel, place, chip)).collect_view().into_any()
                }}
            </ul>
            <Dropdown label="+ Filter">
                <ul class="filter-chips__kinds" aria-label="Filter by">
                    {FilterKind::ALL.map(|kind| menu_line(panel, kind)).into_iter().collect_view()}
                </ul>
            </Dropdown>
            {move || panel.kind.get().map(|(_, kind)| shown(panel, kind)).into_any()}
        </div>
    }
}

fn menu_line(panel: Panel, kind: FilterKind) -> AnyView {
    let is_hidden = move || kind == FilterKind::Duration && !panel.offers.durations.get();
    view! {
        <li hidden=is_hidden>
            <button
                type="button"
                class="filter-chips__kind"
                aria-haspopup="dialog"
                on:click=move |event| {
                    let menu = element(event.target()).and_then(|target| target.closest(".dropdown").ok().flatten());
                    panel.open(kind, AT_END, menu);
                }
            >
                {kind.word()}
            </button>
        </li>
    }
    .into_any()
}

fn one(panel: Panel, place: usize, chip: Chip) -> AnyView {
    let (about, what) = chip.words;
    let name = format!("{about} {what}");
    let words = view! {
        <span class="filter-chip__about">{about}</span>
        {(!what.is_empty()).then(|| view! { " " <span class="filter-chip__what">{what}</span> })}
    };
    let is_open = move || panel.kind.with(Option::is_some) && panel.place.get() == place;
    let open = match chip.kind {
        None => view! { <span class="filter-chip__open">{words}</span> }.into_any(),
        Some(kind) => view! {
            <button
                type="button"
                class="filter-chip__open"
                aria-haspopup="dialog"
                aria-expanded=move || is_open().to_string()
                on:click=move |event| {
                    if untrack(is_open) {
                        panel.close();
                    } else {
                        let chip = element(event.target()).and_then(|target| target.closest("li").ok().flatten());
                        panel.open(kind, place, chip);
                    }
                }
            >
                {words}
            </button>
        }
        .into_any(),
    };
    view! {
        <li class="filter-chip" data-wrong=chip.is_wrong.then_some("true")>
            {open}
            <button
                type="button"
                class="filter-chip__remove"
                aria-label=format!("Remove {}", name.trim_end())
                on:click=move |_| {
                    panel.kind.set(None);
                    panel.on_change.run(panel.filter.with_untracked(|filter| filter.without(place)));
                }
            >
                <Glyph icon=Icon::Close size=12/>
            </button>
        </li>
    }
    .into_any()
}

/// The open control.
fn shown(panel: Panel, kind: FilterKind) -> AnyView {
    let frame = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let Some(frame) = frame.get() else { return };
        // On a phone the keys would cover what there is to choose.
        let is_touch = window().match_media("(pointer: coarse)").ok().flatten();
        let first = frame
            .query_selector(".filter-panel__control :is(input, select, button)")
            .ok()
            .flatten()
            .filter(|_| !is_touch.is_some_and(|touch| touch.matches()));
        focus(first.or_else(|| Some(frame.into())));
    });
    let on_leave = move |event: web_sys::FocusEvent| {
        let into = element(event.related_target());
        let is_outside = into
            .is_some_and(|into| !matches!(into.closest(".filter-panel, .filter-chip__open"), Ok(Some(_))));
        if is_outside && panel.kind.with_untracked(Option::is_some) {
            panel.kind.set(None);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            panel.close();
        }
    };
    let position = move || {
        let (left, top) = panel.at.get();
        format!("--left:{left}px;--top:{top}px")
    };
    let apply = Callback::new(move |word| panel.apply(word));
    view! {
        <div
            class="filter-panel"
            role="dialog"
            aria-label=format!("Filter: {}", kind.word())
            tabindex="-1"
            node_ref=frame
            style=position
            on:focusout=on_leave
            on:keydown=on_key
        >
            <div class="filter-panel__head">
                <h2 class="filter-panel__title">{kind.word()}</h2>
                <label class="filter-panel__check">
                    <input
                        type="checkbox"
                        prop:checked=move || panel.word.with(|word| word.is_negated)
                        on:change=move |_| {
                            let word = panel.word.get_untracked();
                            panel.apply(FilterWord { is_negated: !word.is_negated, ..word });
                        }
                    />
                    "Leave these out"
                </label>
            </div>
            <div class="filter-panel__control">{control(kind, panel.word, apply, panel.offers)}</div>
            <div class="filter-panel__foot">
                <Button label="Remove" weight=Weight::Quiet on_click=Callback::new(move |()| panel.remove())/>
                <Button label="Done" on_click=Callback::new(move |()| panel.close())/>
            </div>
        </div>
    }
    .into_any()
}
