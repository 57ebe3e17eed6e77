//! What the parts of the log view share: the lines, what is shown of them, and what is seen.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use flowdeck_vocabulary::{LogId, TaskId, TaskRunId};
use leptos::html;
use leptos::prelude::*;

use super::fold::Shape;
use super::search::Needle;
use super::sheet::{Sheet, Sieve};
use crate::model::{Log, LogFilter, LogKey, TaskRuns, Timestamp};
use crate::resources::{Load, LogFeed, LogTimes};

/// How high a row is, in pixels; `--log-row` in the style sheet.
pub(super) const ROW: u32 = 20;
/// This close to the end, in pixels, counts as being there.
const NEAR: i32 = 30;

/// The task runs that may write to a log: what each is called, and of which task it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogWriters {
    runs: HashMap<TaskRunId, (TaskId, String)>,
    /// The tasks by name.
    tasks: Vec<(TaskId, String)>,
}

impl LogWriters {
    /// The task runs of a flow run.
    #[must_use]
    pub fn new(runs: &TaskRuns) -> Self {
        let mut writers = Self::default();
        for row in runs.rows() {
            writers.runs.insert(row.id, (row.task_id, runs.title(row)));
            if !row.is_child() {
                writers.tasks.push((row.task_id, runs.title(row)));
            }
        }
        writers
    }

    /// What a task run is called.
    pub(super) fn name(&self, id: TaskRunId) -> Option<&str> {
        self.runs.get(&id).map(|(_, name)| name.as_str())
    }

    pub(super) fn tasks(&self) -> &[(TaskId, String)] {
        &self.tasks
    }

    fn of_task(&self, task: TaskId) -> HashSet<TaskRunId> {
        let runs = self.runs.iter().filter(|(_, (of, _))| *of == task);
        runs.map(|(id, _)| *id).collect()
    }
}

/// How large the part is in which lines are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pane {
    /// Its height in pixels.
    pub height: u32,
    /// How many columns of a message have room; 0 until it is measured.
    pub columns: u32,
    /// Whether time and level stand above the message instead of before it.
    pub is_narrow: bool,
}

/// Handles only; copying it copies handles.
#[derive(Clone, Copy)]
pub(super) struct Viewer {
    pub feed: LogFeed,
    pub writers: Signal<Arc<LogWriters>>,
    /// What the URL shows.
    pub filter: Signal<LogFilter>,
    /// Shows something else: changes the URL.
    pub on_filter: Callback<LogFilter>,
    /// The URL that shows something.
    pub href: Callback<LogFilter, String>,
    /// When the run began.
    pub started: Signal<Option<Timestamp>>,
    /// Whether the run may still write.
    pub is_moving: Signal<bool>,
    /// What is searched for, letter by letter; the URL follows when it is finished.
    pub query: RwSignal<String>,
    pub wrap: RwSignal<bool>,
    pub times: RwSignal<LogTimes>,
    /// The entries that are shown as a whole.
    pub unfolded: RwSignal<HashSet<LogId>>,
    pub pane: RwSignal<Pane>,
    /// How far it is scrolled, in pixels.
    pub scroll: RwSignal<u32>,
    /// Whether the end stays in sight while lines arrive.
    pub following: RwSignal<bool>,
    /// The last line when the end was left.
    pub left_at: RwSignal<Option<LogKey>>,
    /// The match that one is at.
    pub current: RwSignal<Option<LogKey>>,
    /// Somebody wants to be led to the next match (or back to the one before) while lines are still being looked
    /// through: it is done once all are here.
    pub wanted_jump: RwSignal<Option<bool>>,
    /// The other end of a selection of lines; the line in the URL is the first.
    pub selected_to: RwSignal<Option<LogKey>>,
    /// Whether somebody has stopped looking through all lines.
    pub is_stopped: RwSignal<bool>,
    pub sieve: Memo<Sieve>,
    pub sheet: Memo<Arc<Sheet>>,
    pub frame: NodeRef<html::Div>,
    pub search_field: NodeRef<html::Input>,
    /// The line at the top, and how many pixels of it are out of sight: it stays where it is when others change.
    anchor: StoredValue<Option<(LogKey, u32)>>,
    /// The place is about to be corrected: where it is now means nothing.
    is_settling: StoredValue<bool>,
}

impl Viewer {
    /// After how many columns a line goes on in the next row; `None` when it does not.
    pub(super) fn wrap(self) -> Option<u32> {
        let columns = self.pane.get().columns;
        Some(columns).filter(|columns| self.wrap.get() && *columns > 0)
    }

    #[expect(clippy::too_many_arguments, reason = "the props of the view, named there")]
    pub(super) fn new(
        feed: LogFeed,
        writers: Signal<Arc<LogWriters>>,
        filter: Signal<LogFilter>,
        on_filter: Callback<LogFilter>,
        href: Callback<LogFilter, String>,
        started: Signal<Option<Timestamp>>,
        is_moving: Signal<bool>,
        (wrap, times): (RwSignal<bool>, RwSignal<LogTimes>),
    ) -> Self {
        let query = RwSignal::new(filter.with_untracked(|filter| filter.text.clone()));
        let sieve = Memo::new(move |_| {
            let filter = filter.get();
            Sieve {
                level: filter.level,
                logger: filter.logger,
                task_runs: filter
                    .task
                    .map(|task| writers.with(|writers| writers.of_task(task))),
                from: filter.from,
                to: filter.to,
                needle: query.with(|query| Needle::new(query)),
                only_matches: filter.only_matches,
            }
        });
        let pane = RwSignal::new(Pane::default());
        let shape = Memo::new(move |_| {
            let pane = pane.get();
            Shape {
                wrap: Some(pane.columns).filter(|columns| wrap.get() && *columns > 0),
                above: u32::from(pane.is_narrow),
            }
        });
        let unfolded = RwSignal::new(HashSet::new());
        let sheet =
            Memo::new(move |_| {
                feed.log.with(|log| {
                    Arc::new(sieve.with(|sieve| {
                        unfolded.with(|unfolded| Sheet::new(log, sieve, shape.get(), unfolded))
                    }))
                })
            });
        Self {
            feed,
            writers,
            filter,
            on_filter,
            href,
            started,
            is_moving,
            query,
            wrap,
            times,
            unfolded,
            pane,
            scroll: RwSignal::new(0),
            following: RwSignal::new(filter.with_untracked(|filter| filter.line.is_none())),
            left_at: RwSignal::new(None),
            current: RwSignal::new(None),
            wanted_jump: RwSignal::new(None),
            selected_to: RwSignal::new(None),
            is_stopped: RwSignal::new(false),
            sieve,
            sheet,
            frame: NodeRef::new(),
            search_field: NodeRef::new(),
            anchor: StoredValue::new(None),
            is_settling: StoredValue::new(false),
        }
    }

    /// Changes what is shown, and answers it.
    pub(super) fn show(self, change: impl FnOnce(&mut LogFilter)) -> LogFilter {
        let mut filter = self.filter.get_untracked();
        filter.text = self.query.get_untracked();
        change(&mut filter);
        if filter != self.filter.get_untracked() {
            self.on_filter.run(filter.clone());
        }
        filter
    }

    /// Whether lines that may be shown are missing before those that are here.
    pub(super) fn lacks_older(self) -> bool {
        let is_open = |log: &Log| log.first().filter(|_| log.has_older());
        let first = self.feed.log.with(is_open);
        first.is_some_and(|key| !self.sieve.with(|sieve| sieve.is_before(key.at)))
    }

    /// ... and after them.
    pub(super) fn lacks_newer(self) -> bool {
        let is_open = |log: &Log| log.last().filter(|_| log.has_newer());
        let last = self.feed.log.with(is_open);
        last.is_some_and(|key| !self.sieve.with(|sieve| sieve.is_after(key.at)))
    }

    /// Whether something is looked for that may be in lines that are not here.
    pub(super) fn lacks_any(self) -> bool {
        self.sieve.with(Sieve::looks) && (self.lacks_older() || self.lacks_newer())
    }

    /// Whether these lines are wanted, as many as there are.
    pub(super) fn wants_all(self) -> bool {
        self.lacks_any() && !self.feed.log.with(Log::is_full)
    }

    /// Whether no more lines are wanted near the ends: a filter may leave few of them in sight, however many are here.
    pub(super) fn has_enough(self) -> bool {
        self.sieve.with(Sieve::hides) && self.feed.log.with(Log::is_full)
    }

    /// Stops looking through all lines.
    pub(super) fn stop_reading(self) {
        self.is_stopped.set(true);
        self.feed.stop.run(());
    }

    pub(super) fn is_settling(self) -> bool {
        self.is_settling.get_value()
    }

    /// The place of a line that is shown, or of the first one after it.
    fn place_of(self, key: LogKey) -> usize {
        let index = self.feed.log.with_untracked(|log| log.place(key));
        self.sheet.with_untracked(|sheet| sheet.place_of(index))
    }

    /// The line at a place.
    pub(super) fn key_at(self, place: usize) -> Option<LogKey> {
        let index = self
            .sheet
            .with_untracked(|sheet| (place < sheet.len()).then(|| sheet.index(place)))?;
        self.feed
            .log
            .with_untracked(|log| (index < log.len()).then(|| log.entry(index).key))
    }

    /// Brings a line into sight, in the middle if it is not there already.
    pub(super) fn reveal(self, key: LogKey) {
        let place = self.place_of(key);
        let (top, end) = self
            .sheet
            .with_untracked(|sheet| (sheet.top(place) * ROW, sheet.top(place + 1) * ROW));
        let (seen, height) = (self.scroll.get_untracked(), self.pane.get_untracked().height);
        if top < seen || end > seen + height {
            self.leave_end();
            self.scroll_to(top.saturating_sub(height.saturating_sub(end - top) / 2));
        }
    }

    /// The next line that holds what is searched for, or the one before.
    pub(super) fn jump(self, back: bool) {
        let from = match self.current.get_untracked() {
            Some(key) => Some(self.place_of(key)),
            // From what is in sight: forward from its beginning, backward from its end.
            None => {
                let (seen, height) = (self.scroll.get_untracked(), self.pane.get_untracked().height);
                let row = (if back { seen + height } else { seen }) / ROW;
                let place = self.sheet.with_untracked(|sheet| sheet.place_at(row));
                // The first one in sight is one, too.
                if back { Some(place) } else { place.checked_sub(1) }
            }
        };
        let next = self.sheet.with_untracked(|sheet| {
            let number = sheet.next_match(from, back)?;
            Some(sheet.matches()[number] as usize)
        });
        if let Some(key) = next.and_then(|place| self.key_at(place)) {
            self.current.set(Some(key));
            self.reveal(key);
        }
    }

    /// The same once all lines that may match are here, which may be now.
    pub(super) fn jump_when_all_are_here(self, back: bool) {
        if untrack(|| self.wants_all()) {
            self.wanted_jump.set(Some(back));
        } else {
            self.jump(back);
        }
    }

    /// Which match one is at, counted from 0, and how many there are; `None` when nothing is searched for.
    pub(super) fn matches(self) -> Option<(Option<usize>, usize)> {
        self.sieve.with(|sieve| sieve.needle.is_some()).then(|| {
            let current = self.current.get().and_then(|key| {
                let index = self.feed.log.with_untracked(|log| log.place(key));
                self.sheet.with(|sheet| {
                    let place = u32::try_from(sheet.place_of(index)).ok()?;
                    sheet.matches().iter().position(|at| *at == place)
                })
            });
            (current, self.sheet.with(|sheet| sheet.matches().len()))
        })
    }

    /// To the first line of all.
    pub(super) fn to_start(self) {
        self.leave_end();
        self.anchor.set_value(None);
        if self.feed.log.with_untracked(|log| log.has_older()) {
            self.feed.load.run(Load::Start);
        } else {
            self.scroll_to(0);
        }
    }

    /// To the last line of all, and stay there.
    pub(super) fn to_end(self) {
        self.following.set(true);
        if self.feed.log.with_untracked(|log| log.has_newer()) {
            self.feed.load.run(Load::End);
        }
        self.settle();
    }

    /// Fetches what did not come.
    pub(super) fn again(self, what: Load) {
        match what {
            Load::Start => self.to_start(),
            Load::End => self.to_end(),
            what => self.feed.load.run(what),
        }
    }

    /// How many lines have come since the end was left.
    pub(super) fn fresh(self) -> usize {
        let Some(key) = self.left_at.get() else { return 0 };
        self.feed
            .log
            .with(|log| log.len().saturating_sub(log.place(key) + 1))
    }

    pub(super) fn leave_end(self) {
        if self.following.get_untracked() {
            self.left_at.set(self.feed.log.with_untracked(|log| log.last()));
            self.following.set(false);
            self.tell_place();
        }
    }

    /// Tells which line is read, so that those around it stay when others must give way.
    fn tell_place(self) {
        let anchor = self
            .anchor
            .get_value()
            .filter(|_| !self.following.get_untracked());
        self.feed.read.set_value(anchor.map(|(key, _)| key));
    }

    fn scroll_to(self, top: u32) {
        if let Some(frame) = self.frame.get_untracked() {
            frame.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
            self.read_scroll();
        }
    }

    fn read_scroll(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let top = u32::try_from(frame.scroll_top()).unwrap_or(0);
        if top != self.scroll.get_untracked() {
            self.scroll.set(top);
        }
        let (place, above) = self.sheet.with_untracked(|sheet| {
            let place = sheet.place_at(top / ROW);
            (place, top.saturating_sub(sheet.top(place) * ROW))
        });
        self.anchor.set_value(self.key_at(place).map(|key| (key, above)));
        self.tell_place();
    }

    /// Somebody has scrolled.
    pub(super) fn on_scroll(self) {
        if self.is_settling.get_value() {
            return;
        }
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let before = self.scroll.get_untracked();
        if u32::try_from(frame.scroll_top()) != Ok(before) {
            self.read_scroll();
        }
        let rest = frame.scroll_height() - frame.scroll_top() - frame.client_height();
        if rest <= NEAR {
            if !self.feed.log.with_untracked(|log| log.has_newer()) && !self.following.get_untracked() {
                self.following.set(true);
                self.tell_place();
            }
        } else if self.scroll.get_untracked() < before {
            self.leave_end();
        }
    }

    /// After the rows have changed: the end stays in sight, or else the line at the top where it is. The rows are in
    /// the page one frame later.
    pub(super) fn settle(self) {
        self.is_settling.set_value(true);
        request_animation_frame(move || {
            // The view may be gone by then.
            if self.is_settling.try_set_value(false).is_some() || self.frame.try_get_untracked().is_none() {
                return;
            }
            if self.following.get_untracked() {
                self.scroll_to(u32::MAX >> 1);
            } else if let Some((key, above)) = self.anchor.get_value() {
                let place = self.place_of(key);
                let (top, is_same) = (
                    self.sheet.with_untracked(|sheet| sheet.top(place) * ROW),
                    self.key_at(place) == Some(key),
                );
                self.scroll_to(top + if is_same { above } else { 0 });
                // The line at the top stays the same even if it is not shown now: it may come back.
                self.anchor.set_value(Some((key, above)));
            } else {
                self.scroll_to(0);
            }
        });
    }
}
