//! Task runs: one for each task of a flow run, and one for each child of a mapped task.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use flowdeck_vocabulary::{FlowRunId, StateGroup, StateType, TaskId, TaskRunId};
use serde_json::Value;

use super::{StateEntry, TaskDetails, Timestamp};
use crate::sort;

/// An attempt that failed, to be followed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// When it failed.
    pub failed_at: Timestamp,
    /// When the next one was due, where the state says so.
    pub due_at: Option<Timestamp>,
}

/// A run of a task, or of one child of a mapped task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRun {
    /// Its id.
    pub id: TaskRunId,
    /// The task.
    pub task_id: TaskId,
    /// Which child of a mapped task; −1 is the task itself.
    pub map_index: i64,
    /// The task's name.
    pub task_name: Arc<str>,
    /// The task's name within the flow, unique there.
    pub task_slug: Arc<str>,
    /// Its own name, where it was given one.
    pub name: Option<String>,
    /// Its state.
    pub state: StateType,
    /// Why it is in that state.
    pub message: Option<String>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
    /// The attempts that failed and were followed by another, first one first.
    pub retries: Vec<Retry>,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
    /// Counts its states: tells whether it moved on.
    pub version: i64,
}

impl TaskRun {
    /// Whether it is a child of a mapped task.
    #[must_use]
    pub fn is_child(&self) -> bool {
        self.map_index >= 0
    }

    /// How often it was tried, the attempt under way included; 0 when it has not started.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.started_at.map_or(0, |_| self.retries.len() + 1)
    }

    /// How long it took, or has taken until `now`; `None` when it has not started or left no end.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Option<Duration> {
        let started = self.started_at?;
        match self.ended_at {
            Some(ended) => Some(ended.since(started)),
            None if self.state.is_running() => Some(now.since(started)),
            None => None,
        }
    }
}

/// Which task runs of a flow run are meant.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRunScope {
    /// The flow run.
    pub flow_run_id: FlowRunId,
    /// Only those of these tasks; `None` is all.
    pub tasks: Option<Vec<TaskId>>,
    /// Only those with these numbers, −1 for the tasks themselves; `None` is all.
    pub indexes: Option<Vec<i64>>,
}

impl TaskRunScope {
    /// All of a flow run.
    #[must_use]
    pub fn all(flow_run_id: FlowRunId) -> Self {
        Self {
            flow_run_id,
            tasks: None,
            indexes: None,
        }
    }
}

/// What a task run is called: its own name, or the task's with the child's number.
#[must_use]
pub fn task_run_title(own: Option<&String>, task: &str, map_index: i64) -> String {
    match (own, map_index) {
        (Some(name), _) if !name.is_empty() => name.clone(),
        (_, index) if index >= 0 => format!("{task}[{index}]"),
        _ => task.to_owned(),
    }
}

/// How many are in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateCount {
    /// The state.
    pub state: StateType,
    /// How many.
    pub count: usize,
}

/// What a task is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskName {
    /// Its name, which several tasks of a flow may share.
    pub name: Arc<str>,
    /// Its name within the flow, unique there.
    pub slug: Arc<str>,
}

/// What the tasks of a flow are called.
pub type TaskNames = HashMap<TaskId, TaskName>;

/// A place in the order of changes: after the task run with this id among those that changed at that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The time of the change.
    pub updated_at: Timestamp,
    /// The task run; `None` is before all of that time.
    pub id: Option<TaskRunId>,
}

impl Default for Cursor {
    /// Before everything.
    fn default() -> Self {
        Self {
            updated_at: Timestamp::from_millis(0.0),
            id: None,
        }
    }
}

/// Task runs that have changed, in the order of their changes.
#[derive(Debug, Clone)]
pub struct TaskRunPage {
    /// At most [`LIMIT`](Self::LIMIT) of them: as many mean that there may be more.
    pub rows: Vec<TaskRun>,
    /// What the tasks of the flow are called.
    pub names: Arc<TaskNames>,
}

impl TaskRunPage {
    /// So many task runs are asked for at once.
    pub const LIMIT: i64 = 1_000;
}

/// All task runs of a flow run, each task with its children after it. Cheap to copy, and cheap to compare: a task
/// run that has not changed is the same one in the next picture.
#[derive(Debug, Clone)]
pub struct TaskRuns {
    rows: Arc<Vec<Arc<TaskRun>>>,
    places: Arc<HashMap<TaskRunId, usize>>,
    /// When the first task run of each task name began: by it they are ordered.
    begun: Arc<HashMap<Arc<str>, Timestamp>>,
    /// The names that several tasks of the flow share: their slugs tell them apart.
    shared_names: Arc<HashSet<Arc<str>>>,
    names: Option<Arc<TaskNames>>,
    /// Where the last page ended.
    end: Option<Cursor>,
    is_complete: bool,
    /// Counts every change, so that two pictures are compared in no time.
    revision: u64,
}

impl PartialEq for TaskRuns {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
            && self.rows.len() == other.rows.len()
            && (self.end, self.is_complete) == (other.end, other.is_complete)
    }
}

impl Default for TaskRuns {
    /// None, before the first page.
    fn default() -> Self {
        Self {
            rows: Arc::default(),
            places: Arc::default(),
            begun: Arc::default(),
            shared_names: Arc::default(),
            names: None,
            end: None,
            is_complete: false,
            revision: 0,
        }
    }
}

impl TaskRuns {
    /// Two transactions may become visible in the other order than their times say (not on our server, but on
    /// others). Asking again for the last two seconds misses none of them.
    const OVERLAP: Duration = Duration::from_secs(2);

    /// After this many answers in a row without news, a second or more apart, those two seconds are over for good.
    const SETTLED: u32 = 3;

    /// All of them: a task, then its children.
    #[must_use]
    pub fn rows(&self) -> &[Arc<TaskRun>] {
        &self.rows
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: TaskRunId) -> Option<&Arc<TaskRun>> {
        self.rows.get(*self.places.get(&id)?)
    }

    /// The children of a mapped task, by their numbers, given the task run that stands for all of them.
    #[must_use]
    pub fn children(&self, parent: &TaskRun) -> &[Arc<TaskRun>] {
        let Some(first) = self
            .places
            .get(&parent.id)
            .map(|place| place + 1)
            .filter(|_| !parent.is_child())
        else {
            return &[];
        };
        let rest = &self.rows[first..];
        let count = rest
            .iter()
            .take_while(|row| row.task_id == parent.task_id)
            .count();
        &rest[..count]
    }

    /// The task run that stands for all children of a mapped task, given one of them.
    #[must_use]
    pub fn parent(&self, child: &TaskRun) -> Option<&Arc<TaskRun>> {
        let before = &self.rows[..*self.places.get(&child.id)?];
        let own = before.iter().rev().take_while(|row| row.task_id == child.task_id);
        own.last().filter(|row| !row.is_child())
    }

    /// Why one of them is in its state.
    #[must_use]
    pub fn message<'a>(&'a self, row: &'a TaskRun) -> Option<&'a String> {
        message_of(row, self.children(row))
    }

    /// How long one of them took, or has taken until `now`; a mapped one from its first child's start to the last
    /// one's end.
    #[must_use]
    pub fn span(&self, row: &TaskRun, now: Timestamp) -> Option<Duration> {
        let children = self.children(row);
        if children.is_empty() {
            return row.duration(now);
        }
        let started = children.iter().filter_map(|child| child.started_at).min()?;
        let goes_on = children.iter().any(|child| !child.state.is_finished());
        let ended = children.iter().filter_map(|child| child.ended_at).max();
        Some(if goes_on { now } else { ended? }.since(started))
    }

    /// When one of them started; a mapped one when its first child did.
    #[must_use]
    pub fn start(&self, row: &TaskRun) -> Option<Timestamp> {
        let children = self.children(row).iter();
        children
            .filter_map(|child| child.started_at)
            .min()
            .or(row.started_at)
    }

    /// What the tasks are called; `None` before the first page.
    #[must_use]
    pub fn names(&self) -> Option<Arc<TaskNames>> {
        self.names.clone()
    }

    /// Whether all that there were at the last answer are here; otherwise more can be had at once.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// After which change to ask for more; `None` when there is nothing yet. Where changes do not become visible in the
    /// order of their times (`in_order`), it looks back a little, until `quiet` answers in a row brought no news: once all
    /// is quiet it lies behind the last change, so that a run whose thousands of task runs were written in one burst
    /// does not bring them with every poll.
    #[must_use]
    pub fn cursor(&self, in_order: bool, quiet: u32) -> Option<Cursor> {
        let end = self.end?;
        let looks_back = !in_order && self.is_complete && quiet < Self::SETTLED;
        Some(if looks_back {
            Cursor {
                updated_at: end.updated_at.before(Self::OVERLAP),
                id: None,
            }
        } else {
            end
        })
    }

    /// The same with what has changed. Nothing changed: the same picture.
    #[must_use]
    pub fn with(mut self, page: TaskRunPage) -> Self {
        let end = page.rows.last().map(|row| Cursor {
            updated_at: row.updated_at,
            id: Some(row.id),
        });
        self.is_complete = i64::try_from(page.rows.len()).is_ok_and(|rows| rows < TaskRunPage::LIMIT);
        self.end = if self.is_complete { self.end.max(end) } else { end };
        if self
            .names
            .as_ref()
            .is_none_or(|names| !Arc::ptr_eq(names, &page.names))
        {
            let names = page.names.values().map(|task| Arc::clone(&task.name));
            self.shared_names = Arc::new(shared_names(names));
            self.names = Some(page.names);
        }
        let mut is_other_order = false;
        let mut changes = 0;
        for row in page.rows {
            let begun = self.begun.get(&row.task_name).copied();
            match self.places.get(&row.id).copied() {
                Some(place) if *self.rows[place] == row => continue,
                Some(place) => {
                    let before = self.rows[place].started_at;
                    is_other_order |= before != row.started_at
                        && (before == begun
                            || row
                                .started_at
                                .is_some_and(|at| begun.is_none_or(|begun| at < begun)));
                    Arc::make_mut(&mut self.rows)[place] = Arc::new(row);
                }
                None => {
                    is_other_order = true;
                    let place = self.rows.len();
                    Arc::make_mut(&mut self.places).insert(row.id, place);
                    Arc::make_mut(&mut self.rows).push(Arc::new(row));
                }
            }
            changes += 1;
        }
        if is_other_order {
            self.put_in_order();
        }
        self.revision += u64::from(changes > 0);
        self
    }

    /// Names by when the first task of that name began (those of which none has come last), tasks of one name by
    /// number, children after their parent by number.
    fn put_in_order(&mut self) {
        let begun = Arc::make_mut(&mut self.begun);
        begun.clear();
        for row in self.rows.iter() {
            if let Some(started) = row.started_at {
                let first = begun.entry(Arc::clone(&row.task_name)).or_insert(started);
                *first = started.min(*first);
            }
        }
        let mut keyed: Vec<_> = self
            .rows
            .iter()
            .map(|row| (begun.get(&row.task_name).copied(), Arc::clone(row)))
            .collect();
        sort::by(&mut keyed, |(begun_a, a), (begun_b, b)| {
            (begun_a.is_none(), begun_a)
                .cmp(&(begun_b.is_none(), begun_b))
                .then_with(|| a.task_name.cmp(&b.task_name))
                // The shorter first: `load-2` before `load-10`.
                .then_with(|| a.task_slug.len().cmp(&b.task_slug.len()))
                .then_with(|| a.task_slug.cmp(&b.task_slug))
                .then_with(|| a.task_id.cmp(&b.task_id))
                .then(a.map_index.cmp(&b.map_index))
        });
        let rows: Vec<_> = keyed.into_iter().map(|(_, row)| row).collect();
        self.places = Arc::new(
            rows.iter()
                .enumerate()
                .map(|(place, row)| (row.id, place))
                .collect(),
        );
        self.rows = Arc::new(rows);
    }

    /// What one of them is called: its own name, or the task's with the child's number; the slug where several
    /// tasks have the same name.
    #[must_use]
    pub fn title(&self, row: &TaskRun) -> String {
        task_run_title(row.name.as_ref(), self.name_of_task(row), row.map_index)
    }

    /// What one of them is called below its parent: there a child without a name of its own is told by its number alone.
    #[must_use]
    pub fn title_below_parent(&self, row: &TaskRun) -> String {
        match &row.name {
            Some(name) if !name.is_empty() => self.title(row),
            _ if row.is_child() => format!("[{}]", row.map_index),
            _ => self.title(row),
        }
    }

    /// What the task of a task run is called, whatever the run's own name or number.
    #[must_use]
    pub fn task_title(&self, row: &TaskRun) -> String {
        self.name_of_task(row).to_owned()
    }

    fn name_of_task<'a>(&self, row: &'a TaskRun) -> &'a str {
        name_or_slug(&row.task_name, &row.task_slug, &self.shared_names)
    }

    /// The task runs whose end decides the progress: mapped children count instead of their parent.
    pub fn counted(&self) -> impl Iterator<Item = &TaskRun> {
        self.rows
            .iter()
            .map(|row| &**row)
            .filter(|row| row.state != StateType::Mapped || row.is_child())
    }
}

/// The names that several tasks of a flow share, given those of all its tasks.
#[must_use]
pub fn shared_names(names: impl Iterator<Item = Arc<str>>) -> HashSet<Arc<str>> {
    let mut seen = HashSet::new();
    names.filter(|name| !seen.insert(Arc::clone(name))).collect()
}

/// What a task is called: its name, or its slug where the name is one of the `shared`.
pub(super) fn name_or_slug<'a>(name: &'a str, slug: &'a str, shared: &HashSet<Arc<str>>) -> &'a str {
    let is_shared = shared.contains(name) && !slug.is_empty();
    if is_shared { slug } else { name }
}

/// Why a task run is in its state. A mapped one has nothing more to say once it has children: of these the first that
/// failed tells.
pub(super) fn message_of<'a>(own: &'a TaskRun, children: &'a [Arc<TaskRun>]) -> Option<&'a String> {
    let stands_for_children = own.state == StateType::Mapped || own.is_child();
    if children.is_empty() || !stands_for_children {
        return own.message.as_ref();
    }
    let bad = children.iter().find(|child| child.state.is_failed())?;
    bad.message.as_ref()
}

/// How many task runs are in each state, in the order along a bar of progress.
pub fn count_states<'a>(task_runs: impl IntoIterator<Item = &'a TaskRun>) -> Vec<StateCount> {
    count_state_types(task_runs.into_iter().map(|row| row.state))
}

/// The same with the states that a person has chosen, even when nothing is in them any more: so they can be let go of.
#[must_use]
pub fn with_chosen(
    mut counts: Vec<StateCount>,
    chosen: impl IntoIterator<Item = StateType>,
) -> Vec<StateCount> {
    for state in chosen {
        if counts.iter().all(|found| found.state != state) {
            counts.push(StateCount { state, count: 0 });
        }
    }
    counts
}

/// How often each state occurs, in the order along a bar of progress.
pub fn count_state_types(states: impl IntoIterator<Item = StateType>) -> Vec<StateCount> {
    let mut counts: BTreeMap<(usize, StateType), usize> = BTreeMap::new();
    for state in states {
        let rank = ORDER
            .iter()
            .position(|shown| *shown == state.group())
            .unwrap_or(ORDER.len());
        *counts.entry((rank, state)).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((_, state), count)| StateCount { state, count })
        .collect()
}

/// The order along a bar of progress: done at the left, to come at the right.
const ORDER: [StateGroup; 5] = [
    StateGroup::Success,
    StateGroup::Failed,
    StateGroup::Cancelled,
    StateGroup::Running,
    StateGroup::Pending,
];

/// One task run with all that its page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRunDetails {
    /// Its id.
    pub id: TaskRunId,
    /// Its own name, where it was given one.
    pub name: Option<String>,
    /// The task.
    pub task: TaskDetails,
    /// Which child of a mapped task; −1 is the task itself.
    pub map_index: i64,
    /// Its state.
    pub state: StateType,
    /// Why it is in that state.
    pub message: Option<String>,
    /// Since when it is in that state.
    pub changed_at: Option<Timestamp>,
    /// Counts its states: tells whether it moved on.
    pub version: i64,
    /// When it came to be.
    pub created_at: Timestamp,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
    /// Its result as it is stored: never the value, but where it is.
    pub result: Value,
    /// Its state as it is stored.
    pub raw_state: Value,
    /// The flow run it belongs to.
    pub flow_run_id: FlowRunId,
    /// That run's name.
    pub flow_run_name: String,
    /// That run's state.
    pub flow_run_state: StateType,
    /// Its states, newest first.
    pub states: Vec<StateEntry>,
}

impl TaskRunDetails {
    /// What it is called: its own name, or the task's with the child's number.
    #[must_use]
    pub fn title(&self) -> String {
        task_run_title(self.name.as_ref(), &self.task.task.title, self.map_index)
    }

    /// How long it took, or has taken until `now`.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Option<Duration> {
        let end = self.ended_at.or_else(|| self.state.is_running().then_some(now))?;
        Some(end.since(self.started_at?))
    }

    /// Whether it is the run of a mapped task, whose children do the work.
    #[must_use]
    pub fn has_children(&self) -> bool {
        self.map_index < 0 && (self.task.task.mapped || self.state == StateType::Mapped)
    }

    /// How often it has been started.
    #[must_use]
    pub fn attempts(&self) -> usize {
        let is_start = |entry: &&StateEntry| entry.state == StateType::Running;
        self.states.iter().filter(is_start).count()
    }

    /// Until when its result may be taken from the cache.
    #[must_use]
    pub fn cached_until(&self) -> Option<Timestamp> {
        Timestamp::parse(self.raw_state.get("cached_result_expiration")?.as_str()?)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn page(rows: Vec<TaskRun>) -> TaskRunPage {
        let names = rows.iter().map(|row| {
            let (name, slug) = (Arc::clone(&row.task_name), Arc::clone(&row.task_slug));
            (row.task_id, TaskName { name, slug })
        });
        let names = Arc::new(names.collect());
        TaskRunPage { rows, names }
    }

    pub(in crate::model) fn runs(rows: Vec<TaskRun>) -> TaskRuns {
        TaskRuns::default().with(page(rows))
    }

    pub(in crate::model) fn row(
        number: u32,
        task: u32,
        map_index: i64,
        state: StateType,
        started: Option<&str>,
    ) -> TaskRun {
        TaskRun {
            id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            task_id: format!("00000000-0000-0000-0000-{task:012}").parse().unwrap(),
            map_index,
            task_name: format!("task {task}").into(),
            task_slug: format!("task-{task}").into(),
            name: None,
            state,
            message: None,
            started_at: started.map(|at| Timestamp::parse(at).unwrap()),
            ended_at: None,
            retries: Vec::new(),
            updated_at: Timestamp::parse("2026-11-23T14:00:00Z").unwrap(),
            version: 1,
        }
    }

    #[test]
    fn children_follow_their_parent_and_what_has_not_begun_comes_last() {
        let runs = runs(vec![
            row(1, 9, -1, StateType::Pending, None),
            row(2, 7, 1, StateType::Running, Some("2026-11-23T14:00:03Z")),
            row(3, 7, -1, StateType::Mapped, None),
            row(4, 7, 0, StateType::Success, Some("2026-11-23T14:00:04Z")),
            row(5, 8, -1, StateType::Success, Some("2026-11-23T14:00:01Z")),
        ]);
        let order: Vec<String> = runs.rows().iter().map(|row| runs.title(row)).collect();
        assert_eq!(order, ["task 8", "task 7", "task 7[0]", "task 7[1]", "task 9"]);
    }

    #[test]
    fn below_its_parent_a_child_is_told_by_its_own_name_or_by_its_number() {
        let mut rows = vec![
            row(1, 7, -1, StateType::Mapped, None),
            row(2, 7, 0, StateType::Success, None),
            row(3, 7, 1, StateType::Success, None),
        ];
        rows[2].name = Some("load EU [nightly]".to_owned());
        let runs = runs(rows);
        let titles: Vec<String> = runs
            .rows()
            .iter()
            .map(|row| runs.title_below_parent(row))
            .collect();
        assert_eq!(titles, ["task 7", "[0]", "load EU [nightly]"]);
    }

    #[test]
    fn tasks_of_the_same_name_are_told_apart_by_their_slugs() {
        let mut rows = [1, 2, 3]
            .map(|n| row(n, n, -1, StateType::Pending, None))
            .to_vec();
        rows[0].task_name = "load".into();
        rows[1].task_name = "load".into();
        let runs = runs(rows);
        let titles: Vec<String> = runs.rows().iter().map(|row| runs.title(row)).collect();
        assert_eq!(titles, ["task-1", "task-2", "task 3"]);
    }

    #[test]
    fn a_chosen_state_can_be_let_go_of_when_nothing_is_in_it_any_more() {
        use StateType::{Failed, Running, Success};
        let counts = count_state_types([Success, Failed, Success]);
        let shown = with_chosen(counts.clone(), [Failed, Running]);
        let shown: Vec<(StateType, usize)> = shown.iter().map(|found| (found.state, found.count)).collect();
        assert_eq!(shown, [(Success, 2), (Failed, 1), (Running, 0)]);
        assert_eq!(with_chosen(counts.clone(), None), counts);
    }

    #[test]
    fn a_mapped_parent_is_not_counted_beside_its_children() {
        let runs = runs(vec![
            row(1, 7, -1, StateType::Mapped, None),
            row(2, 7, 0, StateType::Success, None),
            row(3, 7, 1, StateType::Failed, None),
            row(4, 8, -1, StateType::Pending, None),
        ]);
        let counts: Vec<(StateType, usize)> = count_states(runs.counted())
            .into_iter()
            .map(|c| (c.state, c.count))
            .collect();
        assert_eq!(
            counts,
            [
                (StateType::Success, 1),
                (StateType::Failed, 1),
                (StateType::Pending, 1)
            ]
        );
    }

    #[test]
    fn only_a_real_change_makes_another_picture() {
        let two = |second| {
            vec![
                row(1, 7, -1, StateType::Pending, None),
                row(2, 8, -1, second, None),
            ]
        };
        let before = runs(two(StateType::Pending));
        assert!(before.clone().with(page(two(StateType::Pending))) == before);
        let after = before.clone().with(page(two(StateType::Running)));
        assert!(after != before);
        assert_eq!(after.rows()[1].state, StateType::Running);
        assert!(
            Arc::ptr_eq(&after.rows()[0], &before.rows()[0]),
            "the other one is the same"
        );
        assert_eq!(after.get(after.rows()[1].id), Some(&after.rows()[1]));
    }

    #[test]
    fn what_begins_moves_before_what_waits() {
        let rows = |started| {
            vec![
                row(1, 1, -1, StateType::Pending, None),
                row(2, 2, -1, StateType::Running, started),
            ]
        };
        let order = |runs: &TaskRuns| runs.rows().iter().map(|row| runs.title(row)).collect::<Vec<_>>();
        let before = runs(rows(None));
        assert_eq!(order(&before), ["task 1", "task 2"]);
        let after = before.with(page(rows(Some("2026-11-23T14:00:03Z"))));
        assert_eq!(order(&after), ["task 2", "task 1"]);
        // Restarted: its start is taken away.
        assert_eq!(order(&after.with(page(rows(None)))), ["task 1", "task 2"]);
    }

    #[test]
    fn the_cursor_looks_back_until_all_is_quiet_then_lies_behind_the_last_change() {
        let runs = runs(vec![row(1, 7, -1, StateType::Running, None)]);
        let looking_back = Cursor {
            updated_at: Timestamp::parse("2026-11-23T13:59:58Z").unwrap(),
            id: None,
        };
        assert_eq!(runs.cursor(false, 0), Some(looking_back));
        assert_eq!(runs.cursor(false, TaskRuns::SETTLED - 1), Some(looking_back));
        let behind = Cursor {
            updated_at: Timestamp::parse("2026-11-23T14:00:00Z").unwrap(),
            id: Some(runs.rows()[0].id),
        };
        assert_eq!(runs.cursor(false, TaskRuns::SETTLED), Some(behind));
        assert_eq!(runs.cursor(true, 0), Some(behind), "no need to look back");
        assert_eq!(TaskRuns::default().cursor(true, TaskRuns::SETTLED), None);
    }

    #[test]
    fn a_full_page_is_followed_by_the_next_one() {
        let rows = |from: u32| {
            (from..from + 1_000)
                .map(|n| row(n, 7, i64::from(n), StateType::Pending, None))
                .collect::<Vec<_>>()
        };
        let first = runs(rows(0));
        assert!(!first.is_complete());
        assert_eq!(
            first.cursor(false, 0).and_then(|cursor| cursor.id),
            Some(rows(999)[0].id)
        );
        let second = first.with(page(rows(1_000)));
        assert_eq!(
            second.cursor(false, 0).and_then(|cursor| cursor.id),
            Some(rows(1_999)[0].id)
        );
        let all = second.with(page(Vec::new()));
        assert!(all.is_complete());
        assert_eq!(all.rows().len(), 2_000);
    }
}
