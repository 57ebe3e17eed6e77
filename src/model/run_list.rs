//! The run history as far as it is loaded: pages one after the other, refreshed in place.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use flowdeck_vocabulary::{FlowGroupId, FlowRunId, StateGroup};

use super::{FlowRun, Timestamp};

/// How many task runs of a flow run are in each group of states, in the order of [`StateGroup::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaskCounts(pub [usize; 5]);

impl TaskCounts {
    /// Whether there are failed ones.
    #[must_use]
    pub fn has_failed(self) -> bool {
        self.groups().any(|(group, _)| group == StateGroup::Failed)
    }

    /// The groups that occur, with their counts.
    pub fn groups(self) -> impl Iterator<Item = (StateGroup, usize)> {
        StateGroup::ALL
            .into_iter()
            .zip(self.0)
            .filter(|(_, count)| *count > 0)
    }
}

/// A flow run as a row of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// The run.
    pub run: FlowRun,
    /// All versions of its flow: by it the usual duration is known.
    pub flow_group_id: FlowGroupId,
    /// How its task runs do.
    pub tasks: TaskCounts,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
}

/// The rows loaded so far. Cheap to copy and to compare.
#[derive(Debug, Clone)]
pub struct RunList {
    rows: Arc<Vec<RunRow>>,
    /// Where each run is.
    places: Arc<HashMap<FlowRunId, usize>>,
    /// For each row, the change up to which it is known.
    known_to: Arc<Vec<Timestamp>>,
    /// The change from which on a run may be one that is not loaded.
    loaded_at: Option<Timestamp>,
    /// Those that no longer fit the filter. They stay where they are, so that nothing moves under the pointer, until the
    /// list is loaded again.
    outside: Arc<HashSet<FlowRunId>>,
    complete: bool,
    new: usize,
}

impl PartialEq for RunList {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
            && Arc::ptr_eq(&self.known_to, &other.known_to)
            && Arc::ptr_eq(&self.outside, &other.outside)
            && (self.complete, self.new) == (other.complete, other.new)
    }
}

impl RunList {
    /// How many rows a page has.
    pub const PAGE: usize = 100;

    /// How many rows a reload brings at most.
    pub const LONGEST_RELOAD: usize = 1_000;

    /// How many rows are brought at most to come back to where one was.
    pub const LONGEST_RETURN: usize = 3_000;

    /// Two transactions may become visible in the other order than their times say, on servers that are not ours.
    const OVERLAP: Duration = Duration::from_secs(2);

    /// The first page, of at most `limit` rows.
    #[must_use]
    pub fn first(rows: Vec<RunRow>, limit: usize) -> Self {
        let known_to = known_to(&rows);
        Self {
            complete: rows.len() < limit,
            known_to: Arc::new(vec![known_to.unwrap_or(Timestamp::EARLIEST); rows.len()]),
            loaded_at: known_to,
            places: Arc::new(places(&rows, 0).collect()),
            rows: Arc::new(rows),
            outside: Arc::default(),
            new: 0,
        }
    }

    /// All rows in their order.
    #[must_use]
    pub fn rows(&self) -> &[RunRow] {
        &self.rows
    }

    /// Whether there is nothing more to load.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// How many runs belong between the rows and are not loaded.
    #[must_use]
    pub fn new_runs(&self) -> usize {
        self.new
    }

    /// How many of the rows no longer fit the filter.
    #[must_use]
    pub fn outside(&self) -> usize {
        self.outside.len()
    }

    /// Whether a run no longer fits the filter.
    #[must_use]
    pub fn is_outside(&self, id: FlowRunId) -> bool {
        self.outside.contains(&id)
    }

    /// The row of a run.
    #[must_use]
    pub fn row(&self, id: FlowRunId) -> Option<&RunRow> {
        self.rows.get(*self.places.get(&id)?)
    }

    /// The change from which on to ask for runs that belong between the rows and are not loaded.
    #[must_use]
    pub fn loaded_at(&self) -> Timestamp {
        self.loaded_at.unwrap_or(Timestamp::EARLIEST)
    }

    /// The ids of these rows, and from which change on to ask for them. `None` when there is none.
    #[must_use]
    pub fn stale(&self, shown: Range<usize>) -> Option<(Vec<FlowRunId>, Timestamp)> {
        let shown = shown.start..shown.end.min(self.rows.len());
        let known_to = self.known_to.get(shown.clone())?.iter().min()?;
        let ids = self.rows[shown].iter().map(|row| row.run.id).collect();
        Some((ids, *known_to))
    }

    /// The list with the next page, of at most [`Self::PAGE`] rows.
    #[must_use]
    pub fn with_page(mut self, page: Vec<RunRow>) -> Self {
        self.complete = page.len() < Self::PAGE;
        let known_to = known_to(&page).unwrap_or(Timestamp::EARLIEST);
        let page: Vec<RunRow> = page
            .into_iter()
            .filter(|row| !self.places.contains_key(&row.run.id))
            .collect();
        let before = self.rows.len();
        Arc::make_mut(&mut self.known_to).resize(before + page.len(), known_to);
        Arc::make_mut(&mut self.places).extend(places(&page, before));
        Arc::make_mut(&mut self.rows).extend(page);
        self
    }

    /// The list with what has changed of these rows, each at its place, and with the runs that belong between the rows
    /// and have changed since [`Self::loaded_at`]: those that are not loaded are the new ones.
    #[must_use]
    pub fn with_changes(mut self, shown: Range<usize>, changed: Vec<RunRow>, since: &[FlowRunId]) -> Self {
        self.new = since.iter().filter(|id| !self.places.contains_key(id)).count();
        let last_change = changed.iter().map(|row| row.updated_at).max();
        let news: Vec<(usize, RunRow)> = changed
            .into_iter()
            .filter_map(|row| Some((*self.places.get(&row.run.id)?, row)))
            .filter(|(at, row)| self.rows[*at] != *row)
            .collect();
        // Once all is quiet nothing is asked for twice.
        let overlap = if news.is_empty() {
            Duration::ZERO
        } else {
            Self::OVERLAP
        };
        let shown = shown.start..shown.end.min(self.rows.len());
        if let Some(known_to) = last_change.map(|last| last.before(overlap))
            && self
                .known_to
                .get(shown.clone())
                .is_some_and(|known| known.iter().any(|at| *at < known_to))
        {
            for at in &mut Arc::make_mut(&mut self.known_to)[shown] {
                *at = known_to.max(*at);
            }
        }
        if !news.is_empty() {
            let rows = Arc::make_mut(&mut self.rows);
            for (at, row) in news {
                rows[at] = row;
            }
        }
        self
    }
}

impl RunList {
    /// The list when of these rows only the `known` are there any more, and only the `fitting` still fit the filter.
    #[must_use]
    pub fn with_kept(mut self, shown: Range<usize>, known: &[FlowRunId], fitting: &[FlowRunId]) -> Self {
        let shown = shown.start.min(self.rows.len())..shown.end.min(self.rows.len());
        let (known, fitting): (HashSet<_>, HashSet<_>) = (known.iter().collect(), fitting.iter().collect());
        let in_sight = self.rows[shown].iter().map(|row| row.run.id);
        let (there, gone): (Vec<_>, Vec<_>) = in_sight.partition(|id| known.contains(id));
        let is_outside = |id: &FlowRunId| !fitting.contains(id);
        let changes = there.iter().any(|id| is_outside(id) != self.outside.contains(id));
        if changes || gone.iter().any(|id| self.outside.contains(id)) {
            let outside = Arc::make_mut(&mut self.outside);
            outside.retain(|id| !there.contains(id) && !gone.contains(id));
            outside.extend(there.into_iter().filter(is_outside));
        }
        if !gone.is_empty() {
            let kept: Vec<bool> = self.rows.iter().map(|row| !gone.contains(&row.run.id)).collect();
            let mut keep = kept.iter();
            Arc::make_mut(&mut self.rows).retain(|_| keep.next() == Some(&true));
            let mut keep = kept.iter();
            Arc::make_mut(&mut self.known_to).retain(|_| keep.next() == Some(&true));
            self.places = Arc::new(places(&self.rows, 0).collect());
        }
        self
    }
}

/// Where these rows are in a list in which the first of them is at `first`.
fn places(rows: &[RunRow], first: usize) -> impl Iterator<Item = (FlowRunId, usize)> {
    rows.iter()
        .enumerate()
        .map(move |(index, row)| (row.run.id, first + index))
}

/// Up to which change the rows of one answer are known.
fn known_to(rows: &[RunRow]) -> Option<Timestamp> {
    let last = rows.iter().map(|row| row.updated_at).max()?;
    Some(last.before(RunList::OVERLAP))
}

#[cfg(test)]
pub(super) mod tests {
    use flowdeck_vocabulary::StateType;

    use super::*;
    use crate::model::flow_run::tests::{at, run};

    pub(in crate::model) fn id(number: usize) -> FlowRunId {
        format!("00000000-0000-4000-8000-{number:012}").parse().unwrap()
    }

    pub(in crate::model) fn row(number: usize, time: &str) -> RunRow {
        let mut run = run(StateType::Running);
        run.id = id(number);
        run.scheduled_at = at(time);
        RunRow {
            run,
            flow_group_id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            tasks: TaskCounts::default(),
            updated_at: at(time),
        }
    }

    fn list(count: usize) -> RunList {
        let rows = (0..count).map(|n| row(n, "2026-11-23T14:00:10Z")).collect();
        RunList::first(rows, RunList::PAGE)
    }

    #[test]
    fn a_page_that_is_not_full_is_the_last() {
        let list = list(RunList::PAGE);
        assert!(!list.is_complete());
        let list = list.with_page(vec![
            row(7, "2026-11-23T14:00:10Z"),
            row(500, "2026-11-23T13:00:00Z"),
        ]);
        assert!(list.is_complete());
        assert_eq!(
            list.rows().len(),
            RunList::PAGE + 1,
            "what was there already is not there twice"
        );
    }

    #[test]
    fn a_change_is_taken_in_place() {
        let again = || vec![row(1, "2026-11-23T14:00:10Z")];
        let before = list(3).with_changes(0..3, again(), &[]);
        let same = before.clone().with_changes(0..3, again(), &[]);
        assert!(same == before, "nothing has changed");
        let mut changed = row(1, "2026-11-23T14:00:10Z");
        changed.run.state = StateType::Success;
        let after = before.clone().with_changes(0..3, vec![changed], &[]);
        assert!(after != before);
        let ids: Vec<_> = after.rows().iter().map(|row| row.run.id).collect();
        assert_eq!(ids, [id(0), id(1), id(2)]);
        assert_eq!(after.rows()[1].run.state, StateType::Success);
    }

    #[test]
    fn only_runs_that_are_not_loaded_are_new() {
        let before = list(3);
        let after = before
            .clone()
            .with_changes(0..3, Vec::new(), &[id(1), id(8), id(9)]);
        assert_eq!(after.new_runs(), 2);
        assert!(after != before);
        assert_eq!(
            after.with_changes(0..3, Vec::new(), &[]).new_runs(),
            0,
            "they are gone again"
        );
    }

    #[test]
    fn what_was_deleted_goes_and_what_no_longer_fits_stays_until_the_list_is_loaded_again() {
        let all = [id(0), id(1), id(2)];
        let before = list(3);
        let same = before.clone().with_kept(0..9, &all, &all);
        assert!(same == before, "nothing has changed");
        let faded = same.with_kept(0..3, &all, &[id(0), id(2)]);
        assert!(faded != before);
        assert_eq!((faded.rows().len(), faded.outside()), (3, 1));
        assert!(faded.is_outside(id(1)));
        let again = faded.clone().with_kept(0..3, &all, &[id(0), id(2)]);
        assert!(again == faded, "it is known already");
        assert_eq!(again.with_kept(0..3, &all, &all).outside(), 0, "it fits again");
        let gone = faded.with_kept(0..3, &[id(0), id(2)], &[id(0)]);
        let ids: Vec<_> = gone.rows().iter().map(|row| row.run.id).collect();
        assert_eq!(ids, [id(0), id(2)]);
        assert_eq!(gone.row(id(2)).map(|row| row.run.id), Some(id(2)));
        assert!(gone.row(id(1)).is_none() && gone.is_outside(id(2)) && gone.outside() == 1);
        let out_of_sight = gone.with_kept(0..1, &[], &[]);
        assert_eq!(
            (out_of_sight.rows().len(), out_of_sight.outside()),
            (1, 1),
            "only those in sight were asked for"
        );
        assert_eq!(out_of_sight.stale(0..9).map(|(ids, _)| ids), Some(vec![id(2)]));
    }

    #[test]
    fn rows_that_were_out_of_sight_are_asked_for_from_when_they_were_last_known() {
        let start = at("2026-11-23T14:00:08Z");
        let changed = || vec![row(2, "2026-11-23T14:05:00Z")];
        let list = list(10).with_changes(0..5, changed(), &[]);
        let (ids, since) = list.stale(0..3).unwrap();
        assert_eq!((ids.len(), since), (3, at("2026-11-23T14:04:58Z")));
        let list = list.with_changes(0..5, changed(), &[]);
        let (_, since) = list.stale(0..3).unwrap();
        assert_eq!(since, at("2026-11-23T14:05:00Z"), "all was quiet");
        assert_eq!(
            list.stale(3..50).map(|(ids, since)| (ids.len(), since)),
            Some((7, start))
        );
        assert_eq!(list.stale(20..30), None);
    }

    #[test]
    fn groups_that_do_not_occur_are_left_out() {
        let counts = TaskCounts([1, 0, 0, 58, 0]);
        let groups: Vec<_> = counts.groups().collect();
        assert_eq!(groups, [(StateGroup::Failed, 1), (StateGroup::Success, 58)]);
    }
}
