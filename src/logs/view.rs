//! The log view as a whole, and what makes it move.

use std::sync::Arc;

use leptos::prelude::*;

use super::bar::{Bar, Foot};
use super::keys;
use super::lines::Lines;
use super::viewer::{LogWriters, Viewer};
use crate::model::{LogFilter, LogOf, Timestamp};
use crate::resources::{Load, LogFeed, use_log_look};
use crate::ui::button::Button;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;

/// The lines of a log: following its end, searched, filtered, copied and saved.
#[component]
pub fn LogView(
    /// The lines.
    feed: LogFeed,
    /// Whose they are.
    #[prop(into)]
    of: Signal<LogOf>,
    /// Who writes them.
    #[prop(into)]
    writers: Signal<Arc<LogWriters>>,
    /// When the run began.
    #[prop(into)]
    started: Signal<Option<Timestamp>>,
    /// Whether the run may still write.
    #[prop(into)]
    is_moving: Signal<bool>,
    /// What the URL shows.
    #[prop(into)]
    filter: Signal<LogFilter>,
    /// Shows something else: changes the URL.
    on_filter: Callback<LogFilter>,
    /// The URL that shows something.
    href: Callback<LogFilter, String>,
) -> impl IntoView {
    let viewer = Viewer::new(
        feed,
        writers,
        filter,
        on_filter,
        href,
        started,
        is_moving,
        use_log_look(),
    );
    keys::listen(viewer);
    follow_url(viewer);
    fetch_what_is_needed(viewer);
    Effect::new(move |_| {
        viewer.sheet.track();
        viewer.pane.track();
        viewer.frame.track();
        viewer.settle();
    });
    let is_empty = Memo::new(move |_| feed.log.with(|log| log.is_empty()));
    let is_hidden = Memo::new(move |_| {
        let is_looking = viewer.feed.loading.get() == Some(Load::Rest);
        !is_empty.get() && !is_looking && viewer.sheet.with(|sheet| sheet.len() == 0)
    });
    view! {
        <section class="log-view panel" aria-label="Log">
            <Bar viewer=viewer of=of/>
            <div class="log-view__body">
                <Lines viewer=viewer/>
                {move || is_empty.get().then(|| nothing_written(is_moving))}
                {move || is_hidden.get().then(|| nothing_shown(viewer))}
            </div>
            <Foot viewer=viewer/>
        </section>
    }
}

fn nothing_written(is_moving: Signal<bool>) -> AnyView {
    (move || {
        let (icon, title, text) = if is_moving.get() {
            let text = "Lines appear here as the run writes them.";
            (Icon::Hourglass, "Nothing has been written yet", text)
        } else {
            let text = "This run has ended without a line in its log.";
            (Icon::Queue, "Nothing was written", text)
        };
        view! {
            <div class="log-view__nothing">
                <Empty icon=icon title=title text=text/>
            </div>
        }
    })
    .into_any()
}

fn nothing_shown(viewer: Viewer) -> AnyView {
    let reset = Callback::new(move |()| {
        viewer.query.set(String::new());
        viewer.show(|filter| {
            *filter = LogFilter {
                line: filter.line,
                ..LogFilter::default()
            }
        });
    });
    view! {
        <div class="log-view__nothing">
            <Empty icon=Icon::Slash title="No line fits" text="The search, the filter or the times leave none of the lines.">
                <Button label="Show all lines" on_click=reset/>
            </Empty>
        </div>
    }
    .into_any()
}

/// The URL may change without us: back, forward, a link.
fn follow_url(viewer: Viewer) {
    let text = Memo::new(move |_| viewer.filter.with(|filter| filter.text.clone()));
    Effect::new(move |first: Option<()>| {
        let text = text.get();
        if first.is_some() && text != viewer.query.get_untracked() {
            viewer.query.set(text);
        }
    });
    let line = Memo::new(move |_| viewer.filter.with(|filter| filter.line));
    // The line of a link is brought into sight once it is here and there is a frame to show it in.
    Effect::new(move |shown: Option<_>| {
        let id = line.get()?;
        if shown == Some(Some(id)) || viewer.pane.get().columns == 0 {
            return shown.flatten();
        }
        let key = viewer
            .feed
            .log
            .with(|log| log.find(id).map(|index| log.entry(index).key));
        if let Some(key) = key {
            viewer.feed.is_missing.set(false);
            request_animation_frame(move || {
                // The view may be gone by then.
                if viewer.frame.try_get_untracked().flatten().is_some() {
                    viewer.reveal(key);
                }
            });
            return Some(id);
        }
        let asks = viewer.feed.loading.get_untracked() == Some(Load::Around(id));
        let is_open = viewer.feed.log.with_untracked(|log| log.opening() > 0);
        if is_open && !asks && !viewer.feed.is_missing.get_untracked() {
            viewer.feed.load.run(Load::Around(id));
        }
        shown.flatten()
    });
}

/// Older lines near the top, newer ones near the bottom, and all when a filter must look at all.
fn fetch_what_is_needed(viewer: Viewer) {
    Effect::new(move |_| {
        if viewer.wants_all() && !viewer.is_stopped.get() {
            let may = viewer.feed.loading.get().is_none() && viewer.feed.failure.get().is_none();
            if may && viewer.feed.log.with(|log| !log.is_empty()) {
                viewer.feed.load.run(Load::Rest);
            }
        } else if viewer.feed.loading.get_untracked() == Some(Load::Rest) {
            viewer.feed.stop.run(());
        }
    });
    Effect::new(move |_| {
        let is_done = !viewer.wants_all() || viewer.is_stopped.get();
        if let Some(back) = viewer.wanted_jump.get().filter(|_| is_done) {
            viewer.wanted_jump.set(None);
            // One frame later the rows are in the page and the line at the top is where it was; then it may move.
            request_animation_frame(move || {
                request_animation_frame(move || {
                    // The view may be gone by then.
                    if viewer.frame.try_get_untracked().flatten().is_some() {
                        viewer.jump(back);
                    }
                });
            });
        }
    });
    // Another filter, another chance.
    Effect::new(move |_| {
        viewer.filter.track();
        viewer.query.track();
        viewer.is_stopped.set(false);
    });
    Effect::new(move |_| {
        let pane = viewer.pane.get();
        let (top, all) = (
            viewer.scroll.get(),
            viewer.sheet.with(|sheet| sheet.rows()) * super::viewer::ROW,
        );
        let is_busy = viewer.feed.loading.get().is_some() || viewer.feed.failure.get().is_some();
        if is_busy || pane.height == 0 || viewer.is_settling() || viewer.wants_all() || viewer.has_enough() {
            return;
        }
        // Two screens ahead.
        if viewer.lacks_older() && top < 2 * pane.height {
            viewer.feed.load.run(Load::Older);
        } else if viewer.lacks_newer() && top + 3 * pane.height > all {
            viewer.feed.load.run(Load::Newer);
        }
    });
}
