//! The lines in sight, in a frame that scrolls as if all were there.

use leptos::prelude::*;
use web_sys::Element;

use super::entry::{Shown, entry};
use super::viewer::{Pane, ROW, Viewer};
use crate::model::LogKey;
use crate::ui::each::Each;
use crate::ui::resize::on_resize;

/// So many rows above and below those in sight are there, too.
const OVERSCAN: u32 = 24;
/// The rows change when the frame has moved by so many.
const STEP: u32 = 8;
/// What stands before a message, in columns; `--log-gutter` in the style sheet.
const GUTTER: f64 = 45.0;
/// Left and right of all, in pixels.
const PADDING: f64 = 32.0;
/// A frame narrower than this has no room for the gutter beside the message.
const NARROW: f64 = 640.0;
/// How many letters the ruler has.
const RULER: usize = 100;

/// The lines.
#[component]
pub(super) fn Lines(viewer: Viewer) -> impl IntoView {
    on_resize(
        viewer.frame,
        Callback::new(move |frame: Element| measure(viewer, &frame)),
    );
    let look = Memo::new(move |last: Option<&(u32, _)>| {
        let look = (
            viewer.query.get(),
            viewer.wrap(),
            viewer.times.get(),
            viewer.writers.with(|writers| writers.tasks().len()),
        );
        match last {
            Some((number, before)) if *before == look => (*number, look),
            Some((number, _)) => (number + 1, look),
            None => (0, look),
        }
    });
    let selected = Memo::new(move |_| selection(viewer));
    let places = Memo::new(move |_| {
        let (top, height) = (viewer.scroll.get(), viewer.pane.get().height);
        let first = (top / ROW).saturating_sub(OVERSCAN) / STEP * STEP;
        let end = ((top + height) / ROW + OVERSCAN).next_multiple_of(STEP);
        viewer.sheet.with(|sheet| sheet.within(first..end))
    });
    let shown = Memo::new(move |_| {
        let (look, current) = (look.with(|look| look.0), viewer.current.get());
        let (selected, places) = (selected.get(), places.get());
        viewer.feed.log.with(|log| {
            viewer.sheet.with(|sheet| {
                viewer.unfolded.with(|unfolded| {
                    let one = |place: usize| {
                        let key = log.entry(sheet.index(place)).key;
                        Shown {
                            key,
                            look,
                            rows: sheet.top(place + 1) - sheet.top(place),
                            is_unfolded: unfolded.contains(&key.id),
                            is_current: current == Some(key),
                            is_selected: selected.is_some_and(|(from, to)| from <= key && key <= to),
                        }
                    };
                    places
                        .filter(|place| sheet.index(*place) < log.len())
                        .map(one)
                        .collect::<Vec<_>>()
                })
            })
        })
    });
    let all = move || {
        let (rows, columns) = viewer.sheet.with(|sheet| (sheet.rows(), sheet.columns()));
        let columns = if viewer.wrap.get() {
            viewer.pane.get().columns
        } else {
            columns
        };
        format!("height:{}px;--columns:{columns}", rows * ROW)
    };
    let moved = move || {
        let top = viewer.sheet.with(|sheet| sheet.top(places.get().start));
        format!("transform:translateY({}px)", top * ROW)
    };
    view! {
        <div
            class="log-view__lines"
            node_ref=viewer.frame
            on:scroll=move |_| viewer.on_scroll()
            tabindex="0"
            role="log"
            aria-label="Log"
            aria-live="off"
            data-wrap=move || viewer.wrap.get().then_some("true")
            data-narrow=move || viewer.pane.get().is_narrow.then_some("true")
        >
            <span class="log-view__ruler" aria-hidden="true">{"0".repeat(RULER)}</span>
            <div class="log-view__all" style=all>
                <div class="log-view__shown" style=moved>
                    <Each of=move || shown.get() key=|shown| *shown let:shown>
                        {entry(viewer, shown)}
                    </Each>
                </div>
            </div>
        </div>
    }
}

/// The lines that a link leads to: from the one in the URL to the one that was clicked with Shift.
pub(super) fn selection(viewer: Viewer) -> Option<(LogKey, LogKey)> {
    let line = viewer.filter.with(|filter| filter.line)?;
    let from = viewer
        .feed
        .log
        .with(|log| log.find(line).map(|index| log.entry(index).key))?;
    let to = viewer.selected_to.get().unwrap_or(from);
    Some((from.min(to), from.max(to)))
}

fn measure(viewer: Viewer, frame: &Element) {
    let ruler = frame.query_selector(".log-view__ruler").ok().flatten();
    let letters = ruler.map_or(0.0, |ruler| ruler.get_bounding_client_rect().width());
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let column = letters / RULER as f64;
    let width = f64::from(frame.client_width());
    let is_narrow = width < NARROW;
    let gutter = if is_narrow { 0.0 } else { GUTTER };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a screen has a few hundred columns"
    )]
    let columns = if column > 0.0 {
        ((width - PADDING) / column - gutter - 0.5).clamp(8.0, 4_000.0) as u32
    } else {
        0
    };
    let pane = Pane {
        height: u32::try_from(frame.client_height()).unwrap_or(0),
        columns,
        is_narrow,
    };
    if pane != viewer.pane.get_untracked() {
        viewer.pane.set(pane);
    }
}
