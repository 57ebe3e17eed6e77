//! The geometry of a run's timeline: which bars there are, how they are packed, and what the axis says. Times are in
//! milliseconds since 1970, as the browser counts them.

use std::sync::Arc;

use flowdeck_vocabulary::{StateType, TaskId, TaskRunId};

use super::{StateEntry, TaskRun, TaskRuns, Timestamp};

/// A stretch of time in one state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// The task run.
    pub task_run: TaskRunId,
    /// What it was in, or of the last bar of a run: is in.
    pub state: StateType,
    /// When it begins.
    pub from: f64,
    /// When it ends; `None` while it goes on.
    pub to: Option<f64>,
    /// Which row of its lane, from the top.
    pub row: usize,
    /// Whether nothing ran, but another attempt was waited for.
    pub waits: bool,
}

/// A task with the bars of its run, or of its mapped children.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// The task.
    pub task: TaskId,
    /// What its run is called.
    pub name: Arc<str>,
    /// How many rows its bars take; at least one.
    pub rows: usize,
    /// Its bars, those that begin first first.
    pub bars: Vec<Bar>,
    /// Of how many mapped children they are; none is the task itself.
    pub children: usize,
    /// Without a bar: in which state it ended without having run, and when.
    pub ended: Option<(StateType, f64)>,
}

/// No lane is higher than this many rows; what finds no room lies in the last.
pub const MOST_ROWS: usize = 12;

/// The lanes of a run, in the order of its task runs.
#[must_use]
pub fn lanes(runs: &TaskRuns) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for parent in runs.rows().iter().filter(|run| !run.is_child()) {
        let children = runs.children(parent);
        let shown = if children.is_empty() {
            std::slice::from_ref(parent)
        } else {
            children
        };
        let mut attempts: Vec<Vec<Bar>> = shown
            .iter()
            .map(|run| bars(run))
            .filter(|bars| !bars.is_empty())
            .collect();
        crate::sort::by(&mut attempts, |a, b| a[0].from.total_cmp(&b[0].from));
        let rows = pack(&mut attempts);
        let ended = shown.iter().filter(|run| run.state.is_finished());
        // A state that is no end of something that ran leaves no end; it is the last thing that has changed.
        let ended = ended.max_by_key(|run| run.updated_at).map(|run| {
            let at = run.ended_at.unwrap_or(run.updated_at);
            (run.state, at.millis())
        });
        lanes.push(Lane {
            task: parent.task_id,
            name: runs.title(parent).into(),
            rows: rows.max(1),
            ended: ended.filter(|_| attempts.is_empty()),
            bars: attempts.into_iter().flatten().collect(),
            children: children.len(),
        });
    }
    lanes
}

/// The attempts of a task run and the waits between them.
pub(super) fn bars(run: &TaskRun) -> Vec<Bar> {
    let bar = |state, from: f64, to, waits| Bar {
        task_run: run.id,
        state,
        from,
        to,
        row: 0,
        waits,
    };
    let mut bars = Vec::new();
    let Some(started) = run.started_at.map(Timestamp::millis) else {
        return bars;
    };
    let mut from = started;
    for retry in &run.retries {
        let failed = retry.failed_at.millis().max(from);
        bars.push(bar(StateType::Failed, from, Some(failed), false));
        from = retry.due_at.map_or(failed, |due| due.millis().max(failed));
        if from > failed {
            bars.push(bar(StateType::Retrying, failed, Some(from), true));
        }
    }
    let ended = run.ended_at.map(|ended| ended.millis().max(from));
    let goes_on = run.state.is_running();
    if ended.is_some() || goes_on {
        bars.push(bar(run.state, from, ended.filter(|_| !goes_on), false));
    }
    bars
}

/// What a run went through between its start and its end, oldest first: pauses, being cancelled, an end that was not the
/// last, and that it was scheduled again. Of `states`, newest first.
#[must_use]
pub fn turns(states: &[StateEntry]) -> Vec<(StateType, Timestamp)> {
    let is_turn = |state: StateType| {
        let waits = matches!(
            state,
            StateType::Paused | StateType::Resume | StateType::Cancelling
        );
        waits || state == StateType::Scheduled || state.is_finished()
    };
    // The first is where every run begins, and the end of all has a line of its own.
    let between = states
        .iter()
        .enumerate()
        .rev()
        .skip(1)
        .filter(|(place, entry)| is_turn(entry.state) && (*place > 0 || !entry.state.is_finished()));
    between.map(|(_, entry)| (entry.state, entry.at)).collect()
}

/// Gives each run the first row that is free when it begins; answers how many rows there are.
fn pack(runs: &mut [Vec<Bar>]) -> usize {
    let mut free_at: Vec<f64> = Vec::new();
    for bars in runs {
        let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
            continue;
        };
        let (from, to) = (first.from, last.to.unwrap_or(f64::INFINITY));
        let row = match free_at.iter().position(|free| *free <= from) {
            Some(row) => row,
            None if free_at.len() < MOST_ROWS => {
                free_at.push(0.0);
                free_at.len() - 1
            }
            None => MOST_ROWS - 1,
        };
        free_at[row] = free_at[row].max(to);
        for bar in bars {
            bar.row = row;
        }
    }
    free_at.len()
}

/// What is chosen to be seen of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimelineView {
    /// The selected task.
    pub task: Option<TaskId>,
    /// The part of the time; `None` is all of it.
    pub part: Option<Part>,
}

/// Which part of a run's time is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Some with this in its middle.
    Around(Timestamp),
    /// From one time to another.
    Between(Timestamp, Timestamp),
}

/// The part of time that is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// From here...
    pub from: f64,
    /// ... to here.
    pub to: f64,
}

impl Span {
    /// Nobody looks closer than this, in milliseconds.
    pub const SHORTEST: f64 = 10.0;

    /// Everything from the run's `start` to its `end`, with a little air after it; `now` counts while something goes on.
    #[must_use]
    pub fn of(lanes: &[Lane], start: f64, end: Option<f64>, now: f64) -> Self {
        let bars = || lanes.iter().flat_map(|lane| &lane.bars);
        let from = bars().map(|bar| bar.from).fold(start, f64::min);
        // A second at least while it grows: a run that has just started does not fill the width at once.
        let least = if bars().any(|bar| bar.to.is_none()) {
            1000.0
        } else {
            Self::SHORTEST
        };
        let ended = lanes.iter().filter_map(|lane| lane.ended);
        let to = bars()
            .map(|bar| bar.to.unwrap_or(now))
            .chain(ended.map(|(_, at)| at))
            .chain(end)
            .fold(from + least, f64::max);
        Self {
            from,
            to: to + (to - from) * 0.02,
        }
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> f64 {
        self.to - self.from
    }

    /// Where a time is, as a share of the whole width; outside it is below 0 or above 1.
    #[must_use]
    pub fn share(self, time: f64) -> f64 {
        (time - self.from) / self.length()
    }

    /// Closer by `factor`, or farther when it is below 1; the time at `share` stays where it is. Never farther than `all`.
    #[must_use]
    pub fn zoomed(self, factor: f64, share: f64, all: Self) -> Self {
        let length = (self.length() / factor).clamp(Self::SHORTEST, all.length());
        let at = self.from + self.length() * share;
        Self {
            from: at - length * share,
            to: at + length * (1.0 - share),
        }
        .within(all)
    }

    /// Moved by a share of its length, within `all`.
    #[must_use]
    pub fn moved(self, share: f64, all: Self) -> Self {
        let by = self.length() * share;
        Self {
            from: self.from + by,
            to: self.to + by,
        }
        .within(all)
    }

    /// A sixth of `all` with a time in its middle.
    fn around(time: f64, all: Self) -> Self {
        let length = (all.length() / 6.0).max(Self::SHORTEST);
        Self {
            from: time - length / 2.0,
            to: time + length / 2.0,
        }
        .within(all)
    }

    /// The part that was chosen of `all`; `None` when that is all of it, or no stretch of time.
    #[must_use]
    pub fn of_part(part: Part, all: Self) -> Option<Self> {
        let span = match part {
            Part::Around(at) => Self::around(at.millis(), all),
            Part::Between(from, to) if from < to => Self {
                from: from.millis(),
                to: to.millis(),
            }
            .zoomed(1.0, 0.5, all),
            Part::Between(..) => return None,
        };
        Some(span).filter(|span| *span != all)
    }

    /// What a URL names it by, exact to the microsecond.
    #[must_use]
    pub fn part(self) -> Part {
        Part::Between(Timestamp::from_millis(self.from), Timestamp::from_millis(self.to))
    }

    fn within(self, all: Self) -> Self {
        let length = self.length().min(all.length());
        let from = self.from.clamp(all.from, (all.to - length).max(all.from));
        Self {
            from,
            to: from + length,
        }
    }

    /// The marks of the axis, at round times of a clock that is `offset_minutes` ahead of UTC, and so far apart that
    /// all of it has room for `most`.
    #[must_use]
    pub fn ticks(self, most: f64, offset_minutes: i32) -> Vec<f64> {
        const WEEK: f64 = 7.0 * 86_400e3;
        const STEPS: [f64; 22] = [
            1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3,
            900e3, 1800e3, 3600e3, 10_800e3, 21_600e3, 86_400e3,
        ];
        let fits = |step: &&f64| self.length() / **step <= most;
        let weeks = || (self.length() / most / WEEK).ceil() * WEEK;
        let step = STEPS.iter().find(fits).copied().unwrap_or_else(weeks);
        let offset = f64::from(offset_minutes) * 60e3;
        let mut at = ((self.from + offset) / step).ceil() * step - offset;
        let mut ticks = Vec::new();
        while at <= self.to {
            ticks.push(at);
            at += step;
        }
        ticks
    }
}

/// How wide a bar is at least, so that what was quick can be seen, as a share of the width.
const NARROWEST: f64 = 0.002;

/// Each state of a lane with the outline of its bars, in a box of 1000 by `rows` × 10; waits are thin.
#[must_use]
pub fn outlines(lane: &Lane, span: Span, now: f64) -> Vec<(StateType, bool, String)> {
    let mut found: Vec<(StateType, bool, String)> = Vec::new();
    for bar in &lane.bars {
        let (from, to) = (span.share(bar.from), span.share(bar.to.unwrap_or(now)));
        if to < 0.0 || from > 1.0 {
            continue;
        }
        let from = from.max(0.0);
        let to = to.max(from + NARROWEST).min(1.0);
        let index = match found
            .iter()
            .position(|(state, waits, _)| (*state, *waits) == (bar.state, bar.waits))
        {
            Some(index) => index,
            None => {
                found.push((bar.state, bar.waits, String::new()));
                found.len() - 1
            }
        };
        let (top, height) = if bar.waits {
            (bar.row * 10 + 4, 2)
        } else {
            (bar.row * 10 + 1, 8)
        };
        let (x, width) = (in_box(from), in_box(to) - in_box(from));
        found[index].2 += &format!(
            "M{} {top}h{}v{height}h-{}z",
            tenths(x),
            tenths(width),
            tenths(width)
        );
    }
    found
}

/// A share of the width in tenths of the box's units: printing whole numbers keeps the module small.
#[expect(clippy::cast_possible_truncation, reason = "0 to 10,000")]
fn in_box(share: f64) -> i64 {
    (share * 10_000.0) as i64
}

fn tenths(number: i64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

/// Whether the word of a line stands before it: near the right edge it would be cut off behind it.
#[must_use]
pub fn is_before(at: f64, width: f64) -> bool {
    at > 0.85 * width
}

/// Which of the lines across an axis have room for their words. Of each, from left to right: where it is, and how wide
/// its word is; in the unit of `width`. From the right, a word gives way that would run into the next line or its word.
#[must_use]
pub fn with_room(lines: &[(f64, f64)], width: f64) -> Vec<bool> {
    let mut free_to = width;
    let mut has_room = vec![false; lines.len()];
    for (place, &(at, wide)) in lines.iter().enumerate().rev() {
        let before = is_before(at, width);
        let (from, to) = if before { (at - wide, at) } else { (at, at + wide) };
        let previous = if place == 0 { 0.0 } else { lines[place - 1].0 };
        has_room[place] = to <= free_to && (!before || previous <= from);
        free_to = if has_room[place] { from } else { free_to.min(at) };
    }
    has_room
}

/// The bar at a time in a row of a lane, or the nearest that is no farther than `near`, a share as well: one of
/// milliseconds is thinner than a pointer is exact. Of several the last, which is on top.
#[must_use]
pub fn bar_at(lane: &Lane, span: Span, (share, near): (f64, f64), row: usize, now: f64) -> Option<Bar> {
    let distance = |bar: &Bar| {
        let from = span.share(bar.from);
        let to = span.share(bar.to.unwrap_or(now)).max(from + NARROWEST);
        (from - share).max(share - to).max(0.0)
    };
    let bars = lane.bars.iter().rev().filter(|bar| bar.row == row);
    let bars = bars
        .map(|bar| (distance(bar), bar))
        .filter(|(distance, _)| *distance <= near);
    bars.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, bar)| *bar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TaskName, TaskRunPage};

    fn bar(from: f64, to: Option<f64>) -> Bar {
        Bar {
            task_run: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            state: StateType::Success,
            from,
            to,
            row: 0,
            waits: false,
        }
    }

    fn lane(bars: Vec<Bar>) -> Lane {
        Lane {
            task: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            name: "add_one".into(),
            rows: 2,
            bars,
            children: 0,
            ended: None,
        }
    }

    #[test]
    fn what_ended_without_having_run_says_so_in_its_lane() {
        let row = |number: i64, state, started: Option<f64>| TaskRun {
            id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            task_id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            map_index: -1,
            task_name: format!("task {number}").into(),
            task_slug: format!("task-{number}").into(),
            name: None,
            state,
            message: None,
            started_at: started.map(Timestamp::from_millis),
            ended_at: started.map(|at| Timestamp::from_millis(at + 10.0)),
            retries: Vec::new(),
            updated_at: Timestamp::from_millis(50.0),
            version: 1,
        };
        let page = TaskRunPage {
            rows: vec![
                row(1, StateType::Success, Some(0.0)),
                row(2, StateType::TriggerFailed, None),
                row(3, StateType::Pending, None),
            ],
            names: Arc::default(),
        };
        let lanes = lanes(&TaskRuns::default().with(page));
        let of = |number: i64| {
            let id: TaskId = format!("00000000-0000-0000-0000-{number:012}").parse().unwrap();
            lanes.iter().find(|lane| lane.task == id).unwrap()
        };
        assert_eq!(of(1).ended, None, "its bar says it");
        assert_eq!(of(2).ended, Some((StateType::TriggerFailed, 50.0)));
        assert_eq!(of(3).ended, None, "it has not ended");
        let all = Span::of(&lanes, 0.0, None, 9e9);
        assert!(all.share(50.0) < 1.0, "{all:?}");
    }

    #[test]
    fn the_lanes_of_tasks_of_one_name_are_told_apart() {
        let row = |number: i64| TaskRun {
            id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            task_id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            map_index: -1,
            task_name: "inspect".into(),
            task_slug: format!("inspect-{number}").into(),
            name: None,
            state: StateType::Success,
            message: None,
            started_at: None,
            ended_at: None,
            retries: Vec::new(),
            updated_at: Timestamp::from_millis(50.0),
            version: 1,
        };
        let rows = vec![row(1), row(10), row(2)];
        let names = rows.iter().map(|row| {
            let (name, slug) = (row.task_name.clone(), row.task_slug.clone());
            (row.task_id, TaskName { name, slug })
        });
        let names = Arc::new(names.collect());
        let runs = TaskRuns::default().with(TaskRunPage { rows, names });
        let lanes = lanes(&runs);
        let names: Vec<&str> = lanes.iter().map(|lane| &*lane.name).collect();
        assert_eq!(names, ["inspect-1", "inspect-2", "inspect-10"]);
    }

    #[test]
    fn bars_that_overlap_lie_in_different_rows() {
        let mut runs = vec![
            vec![bar(0.0, Some(10.0))],
            vec![bar(5.0, Some(20.0))],
            vec![bar(10.0, Some(12.0))],
            vec![bar(11.0, None)],
            vec![bar(30.0, Some(40.0))],
        ];
        assert_eq!(pack(&mut runs), 3);
        let rows: Vec<usize> = runs.iter().map(|bars| bars[0].row).collect();
        assert_eq!(rows, [0, 1, 0, 2, 0]);
        let mut many: Vec<Vec<Bar>> = (0..50).map(|_| vec![bar(0.0, Some(1.0))]).collect();
        assert_eq!(pack(&mut many), MOST_ROWS);
    }

    #[test]
    fn zooming_keeps_the_time_under_the_pointer_and_stays_within_all() {
        let all = Span {
            from: 0.0,
            to: 1000.0,
        };
        let closer = all.zoomed(2.0, 0.25, all);
        assert_eq!((closer.from, closer.to), (125.0, 625.0));
        assert_eq!(closer.zoomed(0.1, 0.9, all), all);
        assert_eq!(all.moved(0.5, all), all);
        assert_eq!(
            closer.moved(10.0, all),
            Span {
                from: 500.0,
                to: 1000.0
            }
        );
        assert!(all.zoomed(1e9, 0.5, all).length() >= Span::SHORTEST);
        let near_end = Span::of_part(Part::Around(Timestamp::from_millis(999.0)), all).unwrap();
        assert!(
            near_end.to <= 1000.0 && near_end.share(999.0) > 0.9,
            "{near_end:?}"
        );
    }

    #[test]
    fn a_chosen_part_is_within_the_run_and_long_enough_to_be_seen() {
        let all = Span {
            from: 0.0,
            to: 1000.0,
        };
        let part = |from: f64, to: f64| {
            let part = Part::Between(Timestamp::from_millis(from), Timestamp::from_millis(to));
            Span::of_part(part, all).map(|span| (span.from, span.to))
        };
        assert_eq!(part(100.0, 300.5), Some((100.0, 300.5)));
        assert_eq!(part(900.0, 1100.0), Some((800.0, 1000.0)));
        assert_eq!(part(100.0, 101.0), Some((95.5, 105.5)));
        assert_eq!(part(-500.0, 2000.0), None, "all of it");
        assert_eq!(part(300.0, 300.0), None);
        assert_eq!(part(300.0, 200.0), None);
    }

    #[test]
    fn words_give_way_to_the_lines_and_words_behind_them() {
        let room = |lines: &[(f64, f64)]| with_room(lines, 1000.0);
        assert_eq!(room(&[(0.0, 60.0), (500.0, 60.0), (1000.0, 60.0)]), [true; 3]);
        assert_eq!(
            room(&[(0.0, 60.0), (40.0, 60.0)]),
            [false, true],
            "into the next line"
        );
        // Near the right edge words stand before their lines.
        assert_eq!(room(&[(900.0, 60.0), (1000.0, 60.0)]), [true, true]);
        assert_eq!(
            room(&[(980.0, 60.0), (1000.0, 60.0)]),
            [true, false],
            "over the line before"
        );
        assert_eq!(
            room(&[(830.0, 60.0), (900.0, 60.0)]),
            [false, true],
            "into the next word"
        );
        assert_eq!(room(&[]), [] as [bool; 0]);
    }

    #[test]
    fn a_restart_and_what_came_before_are_turns() {
        use StateType::{Cancelled, Cancelling, Failed, Pending, Running, Scheduled, Submitted};
        let all = [
            Scheduled, Submitted, Pending, Running, Cancelling, Cancelled, Scheduled, Submitted, Running,
            Failed,
        ];
        let entry = |(number, state): (usize, &StateType)| StateEntry {
            id: number.to_string(),
            state: *state,
            message: None,
            at: Timestamp::EARLIEST,
        };
        let mut states: Vec<StateEntry> = all.iter().enumerate().map(entry).collect();
        states.reverse();
        let of = |states: &[StateEntry]| {
            turns(states)
                .into_iter()
                .map(|(state, _)| state)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&states), [Cancelling, Cancelled, Scheduled]);
        assert_eq!(of(&[]), []);
    }

    #[test]
    fn a_run_of_a_moment_fills_the_width_once_it_has_ended() {
        let ended = Span::of(&[lane(vec![bar(5.0, Some(25.0))])], 0.0, None, 9e9);
        assert!(ended.length() < 26.0, "{ended:?}");
        // The run goes on for a while after its last task run: its end is within, too.
        let after = Span::of(&[lane(vec![bar(5.0, Some(25.0))])], 0.0, Some(40.0), 9e9);
        assert!(after.to > 40.0 && after.length() < 42.0, "{after:?}");
        let goes_on = Span::of(&[lane(vec![bar(5.0, None)])], 0.0, None, 25.0);
        assert!(goes_on.length() >= 1000.0, "{goes_on:?}");
        assert!(Span::of(&[], 0.0, None, 0.0).length() >= Span::SHORTEST);
    }

    #[test]
    fn the_axis_has_round_times_on_the_persons_clock() {
        let hour = Span {
            from: 100.0,
            to: 3_600_100.0,
        };
        assert_eq!(
            hour.ticks(6.0, 0),
            [600e3, 1200e3, 1800e3, 2400e3, 3000e3, 3600e3]
        );
        assert_eq!(hour.ticks(5.0, 0), [900e3, 1800e3, 2700e3, 3600e3]);
        let day = Span {
            from: 0.0,
            to: 86_400e3,
        };
        assert_eq!(
            day.ticks(4.0, 60),
            [
                21_600e3 - 3600e3,
                2.0 * 21_600e3 - 3600e3,
                3.0 * 21_600e3 - 3600e3,
                4.0 * 21_600e3 - 3600e3
            ]
        );
        // Room for two and a half: a tick each minute, not one in five.
        let long_haul = Span {
            from: 30e3,
            to: 170e3,
        };
        assert_eq!(long_haul.ticks(2.5, 0), [60e3, 120e3]);
        let weeks = Span {
            from: 1.0,
            to: 100.0 * 7.0 * 86_400e3,
        };
        assert_eq!(weeks.ticks(2.0, 0).len(), 2);
    }

    #[test]
    fn bars_of_one_state_are_one_outline_and_are_found_again() {
        let span = Span { from: 0.0, to: 100.0 };
        let mut second = bar(50.0, None);
        second.row = 1;
        let lane = lane(vec![bar(0.0, Some(50.0)), second, bar(200.0, Some(300.0))]);
        let outlines = outlines(&lane, span, 75.0);
        assert_eq!(outlines.len(), 1);
        assert_eq!(outlines[0].2, "M0.0 1h500.0v8h-500.0zM500.0 11h250.0v8h-250.0z");
        assert_eq!(bar_at(&lane, span, (0.6, 0.0), 1, 75.0), Some(second));
        assert_eq!(bar_at(&lane, span, (0.8, 0.0), 1, 75.0), None);
        assert_eq!(bar_at(&lane, span, (0.6, 0.0), 0, 75.0), None);
        assert_eq!(
            bar_at(&lane, span, (0.8, 0.06), 1, 75.0),
            Some(second),
            "near enough"
        );
    }
}
