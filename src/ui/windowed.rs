//! A table whose body holds only the rows in sight: any number of rows, all of one height.
//!
//! Rows have keys: a row that stays in sight stays the same element when the table scrolls, is sorted anew or gets
//! rows before it, and so keeps its focus. What a row shows is for its callback to read, reactively.

use leptos::attr::custom::custom_attribute;
use leptos::ev::keydown;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use super::resize::on_resize;
use crate::scroll_memory::{TablePlace, use_scroll_memory};

/// So many rows above and below those in sight are there, too: a small move shows nothing new.
const OVERSCAN: usize = 8;
/// The rows change when the table has moved by so many.
const STEP: usize = 4;

/// Rows by their places: from `first` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The place of the first row.
    pub first: usize,
    /// The place after the last row.
    pub end: usize,
}

/// What the rows are seen through, in whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pane {
    /// How far the table is scrolled down.
    top: usize,
    /// How high the part is in which rows are seen.
    height: usize,
    /// How high a row is.
    row: usize,
}

impl Pane {
    /// The rows that are in the page.
    fn span(self, count: usize) -> Span {
        let seen = self.top / self.row;
        let first = seen.min(count).saturating_sub(OVERSCAN) / STEP * STEP;
        let end = seen + self.height.div_ceil(self.row) + 1 + OVERSCAN;
        Span {
            first,
            end: end.next_multiple_of(STEP).min(count),
        }
    }

    /// Where to scroll so that a row is in sight, no further than needed.
    fn reveal(self, place: usize) -> usize {
        let start = place * self.row;
        let lowest = (start + self.row).saturating_sub(self.height);
        self.top.min(start).max(lowest)
    }

    /// The row that a key leads to from the one at `from`, or when there is none, from above the first in sight;
    /// `None` when the key is no such key.
    fn step(self, key: &str, from: Option<usize>, count: usize) -> Option<usize> {
        let last = count.checked_sub(1)?;
        let page = (self.height / self.row).max(2) - 1;
        let first = self.top.div_ceil(self.row).min(last);
        let Some(from) = from else {
            return match key {
                "ArrowDown" | "ArrowUp" => Some(first),
                _ => self.step(key, Some(first), count),
            };
        };
        Some(match key {
            "ArrowDown" => (from + 1).min(last),
            "ArrowUp" => from.saturating_sub(1),
            "PageDown" => (from + page).min(last),
            "PageUp" => from.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            _ => return None,
        })
    }
}

/// What a row is beside its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowTraits {
    /// Whether it is selected; `None` in a table without a selection.
    pub is_selected: Option<bool>,
    /// How deep it stands in a tree, from 1; 0 in a plain table.
    pub level: u8,
    /// Whether the rows below it are shown; `None` when there are none.
    pub is_open: Option<bool>,
}

/// Which part of the table is seen, and what moves it. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Window {
    /// The rows that are in the page, a few more than are in sight.
    pub span: Memo<Span>,
    count: Signal<usize>,
    token: &'static str,
    pane: RwSignal<Pane>,
    frame: NodeRef<html::Div>,
}

impl Window {
    /// A window on `count` rows, each as high as the custom property `token` says in pixels, such as `--row`.
    #[must_use]
    pub fn new(count: Signal<usize>, token: &'static str) -> Self {
        // Until it is measured: rows for a usual screen.
        let pane = RwSignal::new(Pane {
            top: 0,
            height: 640,
            row: 32,
        });
        Self {
            span: Memo::new(move |_| pane.get().span(count.get())),
            count,
            token,
            pane,
            frame: NodeRef::new(),
        }
    }

    /// Scrolls no further than needed to bring a row into sight.
    pub fn reveal(self, place: usize) {
        self.scroll(self.pane.get_untracked().reveal(place));
    }

    fn scroll(self, top: usize) {
        if let Some(frame) = self.frame.get_untracked() {
            frame.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
            self.read(&frame);
        }
    }

    fn read(self, frame: &Element) {
        let before = self.pane.get_untracked();
        let pane = Pane {
            top: pixels(frame.scroll_top()),
            ..before
        };
        if pane != before {
            self.pane.set(pane);
        }
    }

    fn measure(self, frame: &Element) {
        let head = frame.query_selector("thead").ok().flatten();
        let head = head.map_or(0, |head| pixels(head.client_height()));
        let style = window().get_computed_style(frame).ok().flatten();
        let length = |property: &str| {
            let value = style.as_ref()?.get_property_value(property).ok()?;
            value.trim().strip_suffix("px")?.parse::<usize>().ok()
        };
        let row = length(self.token);
        // Where something lies over its end, no row is in sight.
        let covered = length("padding-bottom").unwrap_or(0);
        let before = self.pane.get_untracked();
        let pane = Pane {
            top: pixels(frame.scroll_top()),
            height: pixels(frame.client_height()).saturating_sub(head + covered),
            row: row.filter(|row| *row > 0).unwrap_or(before.row),
        };
        if pane != before {
            self.pane.set(pane);
        }
    }

    /// Brings a row into sight and gives it the focus: at once when it is in the page, so that no key is lost
    /// however quickly they follow one another.
    fn focus(self, place: usize) {
        self.reveal(place);
        if !self.focus_row(place) {
            request_animation_frame(move || {
                self.focus_row(place);
            });
        }
    }

    fn focus_row(self, place: usize) -> bool {
        let frame = self.frame.try_get_untracked().flatten();
        let row = frame.and_then(|frame| {
            let row = frame.query_selector(&format!("tr[aria-rowindex=\"{}\"]", place + 2));
            row.ok().flatten()?.dyn_into::<HtmlElement>().ok()
        });
        // Fails only for an element that cannot have the focus, and a row can.
        row.is_some_and(|row| row.focus().is_ok())
    }
}

fn pixels(length: i32) -> usize {
    usize::try_from(length).unwrap_or(0)
}

/// The table. Its children are the cells of the head.
///
/// Arrow keys, Page Up and Down, Home and End go from row to row; what else is pressed on a row goes to `on_key`.
#[component]
pub fn WindowedTable(
    /// Which part is seen.
    window: Window,
    /// What the table is of, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// `grid`, or `treegrid` when rows unfold.
    #[prop(default = "grid")]
    role: &'static str,
    /// A class of the table, for the widths of its columns.
    #[prop(default = "")]
    class: &'static str,
    /// The key of the row at a place, reactive; no two are the same.
    key: Callback<usize, u128>,
    /// The cells of the row with a key.
    row: Callback<u128, AnyView>,
    /// What else a row is, reactive.
    #[prop(optional)]
    traits: Option<Callback<u128, RowTraits>>,
    /// A click on a row, but not on a link or a button in it.
    #[prop(optional)]
    on_click: Option<Callback<(MouseEvent, u128)>>,
    /// A key pressed on a row, but not on a link or a button in it.
    #[prop(optional)]
    on_key: Option<Callback<(KeyboardEvent, u128)>>,
    /// The cells of the head.
    children: Children,
) -> impl IntoView {
    on_resize(
        window.frame,
        Callback::new(move |frame: Element| window.measure(&frame)),
    );
    let keys = Memo::new(move |_| {
        let span = window.span.get();
        (span.first..span.end)
            .map(|place| key.run(place))
            .collect::<Vec<_>>()
    });
    // The row that Tab leads to; the frame itself as long as that row is out of sight.
    let active = RwSignal::new(None::<u128>);
    let is_row_active = Memo::new(move |_| {
        active
            .get()
            .is_some_and(|active| keys.with(|keys| keys.contains(&active)))
    });
    let space = move |rows: Signal<usize>| {
        move || {
            let height = rows.get() * window.pane.get().row;
            (height > 0).then(|| view! { <tr aria-hidden="true" style=format!("height:{height}px")></tr> })
        }
    };
    let above = Signal::from(Memo::new(move |_| window.span.get().first));
    let below = Signal::from(Memo::new(move |_| {
        window.count.get().saturating_sub(window.span.get().end)
    }));
    let step = move |event: &KeyboardEvent, from: Option<usize>| {
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        let pane = window.pane.get_untracked();
        let to = pane.step(&event.key(), from, window.count.get_untracked());
        let Some(to) = to.filter(|_| is_plain) else {
            return false;
        };
        event.prevent_default();
        window.focus(to);
        true
    };
    // With nothing chosen the first arrow key goes into the table: nobody can know that Tab has to lead there before.
    let listener = window_event_listener(keydown, move |event| {
        let is_arrow = matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") && !event.shift_key();
        if is_arrow && !event.default_prevented() && is_on_nothing(&event) {
            step(&event, None);
        }
    });
    on_cleanup(move || listener.remove());
    let memory = use_scroll_memory();
    let see = move || {
        let pane = window.pane.get_untracked();
        let (place, count) = (pane.top / pane.row, window.count.get_untracked());
        if place < count {
            memory.see_table(TablePlace {
                table: class,
                key: untrack(|| key.run(place)),
                place,
                hidden: pane.top % pane.row,
                count,
            });
        }
    };
    // The rows that one comes back to may stand elsewhere by now, or be gone.
    Effect::new(move |_| {
        let count = window.count.get();
        let (Some(frame), Some(wanted)) = (window.frame.get(), memory.wanted_table()) else {
            return;
        };
        if count == 0 || wanted.table != class {
            return;
        }
        let found = untrack(|| (0..count).find(|place| key.run(*place) == wanted.key));
        let place = found.unwrap_or(wanted.place.min(count - 1));
        // The frame draws the rows above, and only then there is something to scroll.
        request_animation_frame(move || {
            if memory.wanted_table() == Some(wanted) {
                window.measure(&frame);
                window.scroll(place * window.pane.get_untracked().row + wanted.hidden);
                see();
            }
        });
    });
    let one = move |(index, key): (ReadSignal<usize>, u128)| {
        let place = Memo::new(move |_| window.span.get().first + index.get());
        let traits = Memo::new(move |_| traits.map_or_else(RowTraits::default, |traits| traits.run(key)));
        view! {
            <tr
                class="windowed__row"
                aria-rowindex=move || place.get() + 2
                aria-selected=move || traits.get().is_selected.map(|is| is.to_string())
                {..custom_attribute("aria-level", move || Some(traits.get().level).filter(|level| *level > 0))}
                aria-expanded=move || traits.get().is_open.map(|is| is.to_string())
                tabindex=move || if active.get() == Some(key) { "0" } else { "-1" }
                on:focusin=move |_| active.set(Some(key))
                on:click=move |event| {
                    if let Some(on_click) = on_click.filter(|_| !is_on_control(&event)) {
                        on_click.run((event, key));
                    }
                }
                on:keydown=move |event| {
                    if !step(&event, Some(place.get_untracked()))
                        && let Some(on_key) = on_key.filter(|_| !is_on_control(&event))
                    {
                        on_key.run((event, key));
                    }
                }
            >
                {row.run(key)}
            </tr>
        }
    };
    view! {
        <div
            class="windowed panel"
            node_ref=window.frame
            tabindex=move || if is_row_active.get() { "-1" } else { "0" }
            on:scroll=move |_| {
                if let Some(frame) = window.frame.get_untracked() {
                    window.read(&frame);
                    // Not yet where one came back to.
                    if memory.wanted_table().is_none() {
                        see();
                    }
                }
            }
            on:keydown=move |event| {
                // A key on a row has been dealt with there.
                if !event.default_prevented() {
                    step(&event, None);
                }
            }
        >
            <table
                class=format!("table windowed__table {class}")
                role=role
                aria-label=move || label.get()
                aria-rowcount=move || window.count.get() + 1
            >
                <thead>
                    <tr aria-rowindex="1">{children()}</tr>
                </thead>
                <tbody>
                    {space(above)}
                    <ForEnumerate each=move || keys.get() key=|key| *key children=move |index, key| one((index, key))/>
                    {space(below)}
                </tbody>
            </table>
        </div>
    }
}

/// Whether a key was pressed with the focus nowhere, or on all of the page.
fn is_on_nothing(event: &web_sys::Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "BODY" | "MAIN"))
}

/// Whether it happened to a link, a button or a field within the row, which is for them alone.
fn is_on_control(event: &web_sys::Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.closest("a, button, input, select, label"), Ok(Some(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANE: Pane = Pane {
        top: 0,
        height: 320,
        row: 32,
    };

    #[test]
    fn all_rows_in_sight_are_there_wherever_the_table_is_scrolled_to() {
        for count in [0, 1, 9, 40, 5_000, 100_000] {
            for top in [0, 1, 31, 32, 333, 32 * 2_500, 32 * 99_990] {
                let pane = Pane { top, ..PANE };
                let span = pane.span(count);
                assert!(span.first <= span.end && span.end <= count, "{span:?}");
                for place in (0..count).filter(|place| {
                    let start = place * pane.row;
                    start < top + pane.height && start + pane.row > top
                }) {
                    assert!(
                        (span.first..span.end).contains(&place),
                        "{place} of {count} at {top}: {span:?}"
                    );
                }
                assert!(span.end - span.first <= 10 + 2 * (OVERSCAN + STEP), "{span:?}");
            }
        }
    }

    #[test]
    fn a_small_move_shows_the_same_rows() {
        let at = |top| Pane { top, ..PANE }.span(5_000);
        assert_eq!(at(3_200), at(3_210));
        assert_ne!(at(3_200), at(3_200 + 32 * STEP));
    }

    #[test]
    fn revealing_scrolls_no_further_than_needed() {
        let pane = Pane { top: 640, ..PANE };
        assert_eq!(pane.reveal(20), 640, "the first in sight");
        assert_eq!(pane.reveal(29), 640, "the last in sight");
        assert_eq!(pane.reveal(30), 672, "one below");
        assert_eq!(pane.reveal(19), 608, "one above");
        assert_eq!(pane.reveal(0), 0);
        assert_eq!(pane.reveal(4_999), 4_999 * 32 - 288);
    }

    #[test]
    fn keys_go_by_a_row_or_a_page_and_stop_at_the_ends() {
        let step = |key, from| PANE.step(key, Some(from), 100);
        assert_eq!(step("ArrowDown", 5), Some(6));
        assert_eq!(step("ArrowDown", 99), Some(99));
        assert_eq!(step("ArrowUp", 0), Some(0));
        assert_eq!(step("PageDown", 5), Some(14));
        assert_eq!(step("PageUp", 5), Some(0));
        assert_eq!((step("Home", 5), step("End", 5)), (Some(0), Some(99)));
        assert_eq!(step("a", 5), None);
        assert_eq!(PANE.step("ArrowDown", Some(0), 0), None);
        let scrolled = Pane { top: 70, ..PANE };
        assert_eq!(scrolled.step("ArrowDown", None, 100), Some(3));
        assert_eq!(scrolled.step("End", None, 100), Some(99));
    }
}
