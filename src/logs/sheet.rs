//! What of a log is shown, and where: the entries that a filter leaves, each so many rows high, one under another.

use std::collections::HashSet;
use std::ops::Range;

use flowdeck_vocabulary::{LogId, TaskRunId};

use super::fold::Shape;
use super::search::Needle;
use crate::model::{Log, LogLevel, Timestamp};

/// Which lines are shown, prepared for looking at many.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sieve {
    /// At least as grave as this.
    pub level: Option<LogLevel>,
    /// Of this logger; empty for all.
    pub logger: String,
    /// Of these task runs; `None` for all.
    pub task_runs: Option<HashSet<TaskRunId>>,
    /// Of this second or later.
    pub from: Option<Timestamp>,
    /// Of this second or earlier.
    pub to: Option<Timestamp>,
    /// What is searched for.
    pub needle: Option<Needle>,
    /// Whether only lines that hold it are shown.
    pub only_matches: bool,
}

impl Sieve {
    /// Whether a line is one of these by what it is, not by what it says.
    pub(super) fn picks(
        &self,
        at: Timestamp,
        level: LogLevel,
        logger: &str,
        task_run: Option<TaskRunId>,
    ) -> bool {
        !self.is_before(at)
            && !self.is_after(at)
            && self.level.is_none_or(|least| level >= least)
            && (self.logger.is_empty() || self.logger == logger)
            && self
                .task_runs
                .as_ref()
                .is_none_or(|of| task_run.is_some_and(|id| of.contains(&id)))
    }

    /// Whether a time is before those it leaves.
    pub(super) fn is_before(&self, at: Timestamp) -> bool {
        self.from
            .is_some_and(|from| at.whole_seconds() < from.whole_seconds())
    }

    /// Whether a time is after those it leaves.
    pub(super) fn is_after(&self, at: Timestamp) -> bool {
        self.to.is_some_and(|to| at.whole_seconds() > to.whole_seconds())
    }

    /// Whether it must look at a line to know what to do with it.
    pub(super) fn looks(&self) -> bool {
        self.selects() || self.needle.is_some()
    }

    /// Whether it may leave lines out.
    pub(super) fn hides(&self) -> bool {
        self.selects() || self.drops(false)
    }

    fn selects(&self) -> bool {
        let is_timed = self.from.is_some() || self.to.is_some();
        self.level.is_some() || !self.logger.is_empty() || self.task_runs.is_some() || is_timed
    }

    /// Whether a text holds what is searched for.
    pub(super) fn finds(&self, text: &str) -> bool {
        self.needle.as_ref().is_some_and(|needle| needle.is_in(text))
    }

    /// Whether a line with this text is left out because it does not hold what is searched for.
    pub(super) fn drops(&self, is_match: bool) -> bool {
        self.only_matches && self.needle.is_some() && !is_match
    }
}

/// The entries that are shown. A *place* counts them from 0; an *index* counts all lines of the log.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sheet {
    indices: Vec<u32>,
    /// How many rows are above each, and after the last: the height of all.
    tops: Vec<u32>,
    /// The places of those that hold what is searched for.
    matches: Vec<u32>,
    /// How many columns the widest takes.
    columns: u32,
}

impl Sheet {
    pub(super) fn new(log: &Log, sieve: &Sieve, shape: Shape, unfolded: &HashSet<LogId>) -> Self {
        let mut sheet = Self {
            indices: Vec::with_capacity(log.len()),
            tops: Vec::with_capacity(log.len() + 1),
            ..Self::default()
        };
        let mut top = 0;
        sheet.tops.push(top);
        for index in 0..log.len() {
            let entry = log.entry(index);
            if !sieve.picks(entry.key.at, entry.level, entry.logger, entry.task_run_id) {
                continue;
            }
            let is_match = sieve.finds(entry.text);
            if sieve.drops(is_match) {
                continue;
            }
            if is_match {
                sheet.matches.push(small(sheet.indices.len()));
            }
            sheet.indices.push(small(index));
            top += shape.rows(&entry, !unfolded.is_empty() && unfolded.contains(&entry.key.id));
            sheet.tops.push(top);
            sheet.columns = sheet.columns.max(entry.columns);
        }
        sheet
    }

    /// How many entries are shown.
    pub(super) fn len(&self) -> usize {
        self.indices.len()
    }

    /// How many rows they take together.
    pub(super) fn rows(&self) -> u32 {
        self.tops.last().copied().unwrap_or(0)
    }

    /// How many columns the widest of them takes.
    pub(super) fn columns(&self) -> u32 {
        self.columns
    }

    /// The places of those that hold what is searched for.
    pub(super) fn matches(&self) -> &[u32] {
        &self.matches
    }

    /// The line of the log at a place.
    pub(super) fn index(&self, place: usize) -> usize {
        self.indices.get(place).map_or(0, |index| *index as usize)
    }

    /// How many rows are above a place.
    pub(super) fn top(&self, place: usize) -> u32 {
        self.tops.get(place).copied().unwrap_or_else(|| self.rows())
    }

    /// The place of a line of the log, or of the first one after it that is shown.
    pub(super) fn place_of(&self, index: usize) -> usize {
        self.indices.partition_point(|shown| (*shown as usize) < index)
    }

    /// The place that a row belongs to; the last one when there are fewer rows.
    pub(super) fn place_at(&self, row: u32) -> usize {
        let after = self.tops.partition_point(|top| *top <= row);
        after.saturating_sub(1).min(self.len().saturating_sub(1))
    }

    /// The places of which anything is in these rows.
    pub(super) fn within(&self, rows: Range<u32>) -> Range<usize> {
        if self.indices.is_empty() {
            return 0..0;
        }
        self.place_at(rows.start)..(self.place_at(rows.end.saturating_sub(1)) + 1).min(self.len())
    }

    /// The number, among those that hold what is searched for, of the next one after `place`, or before it with
    /// `back`; round and round. `None` when there is none at all.
    pub(super) fn next_match(&self, place: Option<usize>, back: bool) -> Option<usize> {
        let count = self.matches.len();
        let last = count.checked_sub(1)?;
        let Some(place) = place else {
            return Some(if back { last } else { 0 });
        };
        let before = self.matches.partition_point(|at| (*at as usize) < place);
        Some(if back {
            before.checked_sub(1).unwrap_or(last)
        } else {
            let is_one = self.matches.get(before).is_some_and(|at| *at as usize == place);
            (before + usize::from(is_one)) % count
        })
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::fold::tests::log_of;
    use super::*;

    fn sheet(log: &Log, text: &str, only_matches: bool) -> Sheet {
        let sieve = Sieve {
            needle: Needle::new(text),
            only_matches,
            ..Sieve::default()
        };
        Sheet::new(
            log,
            &sieve,
            Shape {
                wrap: Some(4),
                above: 0,
            },
            &HashSet::new(),
        )
    }

    #[test]
    fn rows_and_places_know_each_other() {
        // 1, 3, 2 and 1 rows.
        let log = log_of(&["a", "aaaabbbbc", "x\ny", "d"]);
        let sheet = sheet(&log, "", false);
        assert_eq!((sheet.len(), sheet.rows(), sheet.columns()), (4, 7, 9));
        let places: Vec<usize> = (0..9).map(|row| sheet.place_at(row)).collect();
        assert_eq!(places, [0, 1, 1, 1, 2, 2, 3, 3, 3]);
        assert_eq!(sheet.top(2), 4);
        assert_eq!(sheet.within(2..5), 1..3);
        assert_eq!(sheet.within(0..1), 0..1);
        assert_eq!(sheet.within(6..900), 3..4);
        assert_eq!(Sheet::default().within(0..9), 0..0);
        assert_eq!(Sheet::default().rows(), 0);
    }

    #[test]
    fn matches_are_marked_or_alone() {
        let log = log_of(&["no", "Yes", "no", "yes", "no"]);
        let marked = sheet(&log, "yes", false);
        assert_eq!((marked.len(), marked.matches()), (5, &[1, 3][..]));
        let alone = sheet(&log, "yes", true);
        assert_eq!((alone.len(), alone.matches()), (2, &[0, 1][..]));
        assert_eq!((alone.index(1), alone.place_of(2), alone.place_of(4)), (3, 1, 2));
        assert_eq!(sheet(&log, "nowhere", true).len(), 0);
    }

    #[test]
    fn next_and_previous_go_round() {
        let log = log_of(&["no", "yes", "no", "yes", "no"]);
        let sheet = sheet(&log, "yes", false);
        let next = |place| sheet.next_match(place, false);
        let previous = |place| sheet.next_match(place, true);
        assert_eq!((next(None), previous(None)), (Some(0), Some(1)));
        assert_eq!(
            (next(Some(0)), next(Some(1)), next(Some(2)), next(Some(3))),
            (Some(0), Some(1), Some(1), Some(0))
        );
        assert_eq!(
            (previous(Some(1)), previous(Some(2)), previous(Some(4))),
            (Some(1), Some(0), Some(1))
        );
        assert_eq!(Sheet::default().next_match(Some(1), false), None);
    }

    #[test]
    fn lines_are_picked_by_level_logger_and_task_run() {
        let id: TaskRunId = "00000000-0000-4000-8000-000000000001".parse().unwrap();
        let mut sieve = Sieve::default();
        let at = Timestamp::parse("2026-11-23T10:00:07.5Z").unwrap();
        let picks = |sieve: &Sieve, level, logger, id| sieve.picks(at, level, logger, id);
        assert!(picks(&sieve, LogLevel::Debug, "a", None));
        sieve.level = Some(LogLevel::Warning);
        assert!(picks(&sieve, LogLevel::Error, "a", None) && !picks(&sieve, LogLevel::Info, "a", None));
        sieve.logger = "a".to_owned();
        assert!(!picks(&sieve, LogLevel::Error, "b", None));
        sieve.task_runs = Some(HashSet::from([id]));
        assert!(picks(&sieve, LogLevel::Error, "a", Some(id)) && !picks(&sieve, LogLevel::Error, "a", None));
    }

    #[test]
    fn lines_are_picked_by_whole_seconds() {
        let at = |text: &str| Timestamp::parse(&format!("2026-11-23T10:00:{text}Z"));
        let sieve = Sieve {
            from: at("05"),
            to: at("07"),
            ..Sieve::default()
        };
        for (time, expected) in [
            ("04.999", false),
            ("05", true),
            ("07", true),
            ("07.999", true),
            ("08", false),
        ] {
            assert_eq!(
                sieve.picks(at(time).unwrap(), LogLevel::Info, "", None),
                expected,
                "{time}"
            );
        }
        assert!(sieve.looks() && sieve.hides());
    }
}
