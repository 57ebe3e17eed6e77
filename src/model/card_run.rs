//! What a card says of a task in a run: one state, from the task's own run and those of its mapped children.

use std::sync::Arc;
use std::time::Duration;

use flowdeck_vocabulary::{StateGroup, StateType, TaskRunId};

use super::task_run::message_of;
use super::{StateCount, TaskGraph, TaskRun, TaskRuns, Timestamp, count_states};

/// A task's run, mapped children summed up.
#[derive(Debug, Clone, PartialEq)]
pub struct CardRun {
    /// The task run.
    pub id: TaskRunId,
    /// The state that is shown: of a mapped task that of its children taken together.
    pub state: StateType,
    /// The task run's own name, where it was given one.
    pub name: Option<String>,
    /// Why it is in that state; of a mapped task what the first child that failed says.
    pub message: Option<String>,
    /// How often it was tried; of a mapped task none.
    pub attempts: usize,
    /// When the first of it started.
    pub started_at: Option<Timestamp>,
    /// When the last of it ended; `None` while anything goes on.
    pub ended_at: Option<Timestamp>,
    /// The children's states, in the order along a bar. Empty for a task that is not mapped.
    pub children: Vec<StateCount>,
}

impl CardRun {
    /// How long it took, or has taken until `now`.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Option<Duration> {
        let end = self.ended_at.or_else(|| self.state.is_running().then_some(now))?;
        Some(end.since(self.started_at?))
    }

    /// How many children are done, and how many there are.
    #[must_use]
    pub fn progress(&self) -> Option<(usize, usize)> {
        let all: usize = self.children.iter().map(|found| found.count).sum();
        let done = self
            .children
            .iter()
            .filter(|found| found.state.is_finished())
            .map(|found| found.count)
            .sum();
        (all > 0).then_some((done, all))
    }

    /// How many children have failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        let failed = self.children.iter().filter(|found| found.state.is_failed());
        failed.map(|found| found.count).sum()
    }

    /// The states by which it is found: its own, and that of a child that has failed while others are at work.
    pub fn found_by(&self) -> impl Iterator<Item = StateType> {
        let mut children = self.children.iter().map(|found| found.state);
        let failed = children.find(|state| state.is_failed() && !self.state.is_failed());
        std::iter::once(self.state).chain(failed)
    }

    /// The first line of the message.
    #[must_use]
    pub fn first_line(&self) -> Option<&str> {
        self.message
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())?
            .lines()
            .next()
    }
}

/// The run of each task of the graph; `None` for one that has none yet. Of mapped tasks that of all children, or of
/// the one with the number `child`.
#[must_use]
pub fn card_runs(graph: &TaskGraph, runs: &TaskRuns, child: Option<i64>) -> Vec<Option<CardRun>> {
    let mut cards: Vec<Option<CardRun>> = vec![None; graph.tasks().len()];
    // A task's rows follow one another, the task itself before its children.
    for rows in runs.rows().chunk_by(|a, b| a.task_id == b.task_id) {
        if let Some(place) = graph.place(rows[0].task_id) {
            let one = rows.iter().position(|row| Some(row.map_index) == child);
            cards[place] = Some(card_run(one.map_or(rows, |one| &rows[one..=one])));
        }
    }
    cards
}

/// The same of one task run; `None` as long as not all are here.
#[must_use]
pub fn card_run_of(runs: &TaskRuns, id: TaskRunId) -> Option<CardRun> {
    let own = runs.get(id).filter(|_| runs.is_complete())?;
    let children = runs.children(own).iter();
    let rows: Vec<Arc<TaskRun>> = std::iter::once(own).chain(children).cloned().collect();
    Some(card_run(&rows))
}

fn card_run(rows: &[Arc<TaskRun>]) -> CardRun {
    let own = &rows[0];
    let children = match rows {
        [_] => &[],
        [first, ..] if first.is_child() => rows,
        [_, children @ ..] => children,
        [] => rows,
    };
    let mut card = CardRun {
        id: own.id,
        state: own.state,
        name: own.name.clone().filter(|name| !name.is_empty()),
        message: message_of(own, children).cloned(),
        attempts: own.attempts(),
        started_at: own.started_at,
        ended_at: own.ended_at,
        children: count_states(children.iter().map(|child| &**child)),
    };
    if children.is_empty() {
        return card;
    }
    card.name = None;
    card.attempts = 0;
    if own.is_child() || own.state == StateType::Mapped {
        card.state = together(&card.children);
    }
    card.started_at = rows.iter().filter_map(|row| row.started_at).min();
    let goes_on = children.iter().any(|child| !child.state.is_finished());
    card.ended_at = if goes_on {
        None
    } else {
        rows.iter().filter_map(|row| row.ended_at).max()
    };
    card
}

/// One state for many: at work as long as any is, then the worst.
fn together(counts: &[StateCount]) -> StateType {
    let any =
        |is: &dyn Fn(StateType) -> bool| counts.iter().map(|found| found.state).find(|state| is(*state));
    let group = |group: StateGroup| any(&|state| state.group() == group);
    if group(StateGroup::Running).is_some() {
        return StateType::Running;
    }
    if let Some(waiting) = group(StateGroup::Pending) {
        // Some are done already: it is under way.
        return if any(&StateType::is_finished).is_some() {
            StateType::Running
        } else {
            waiting
        };
    }
    group(StateGroup::Failed)
        .or(group(StateGroup::Cancelled))
        .or(any(&|state| state == StateType::Success))
        .or(any(&|_| true))
        .unwrap_or(StateType::Mapped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GraphTask, Retry, TaskRunPage};

    fn id<T: std::str::FromStr>(number: i64) -> T
    where
        T::Err: std::fmt::Debug,
    {
        format!("00000000-0000-0000-0000-{number:012}").parse().unwrap()
    }

    fn row(number: i64, map_index: i64, state: StateType, started: &str, ended: Option<&str>) -> TaskRun {
        TaskRun {
            id: id(number),
            task_id: id(7),
            map_index,
            task_name: "add".into(),
            task_slug: "add-1".into(),
            name: None,
            state,
            message: Some(format!("message {number}\nmore")),
            started_at: Timestamp::parse(started),
            ended_at: ended.and_then(Timestamp::parse),
            retries: Vec::new(),
            updated_at: Timestamp::parse("2026-11-23T14:00:00Z").unwrap(),
            version: 1,
        }
    }

    #[test]
    fn a_mapped_task_run_is_in_the_state_of_its_children() {
        let rows = vec![
            row(1, -1, StateType::Mapped, "", None),
            row(2, 0, StateType::Success, "14:00:00", Some("14:00:01")),
            row(3, 1, StateType::Failed, "14:00:00", Some("14:00:02")),
        ];
        let page = TaskRunPage {
            rows,
            names: Arc::default(),
        };
        let runs = TaskRuns::default().with(page);
        let card = card_run_of(&runs, id(1)).unwrap();
        assert_eq!(
            (card.state, card.progress(), card.failed()),
            (StateType::Failed, Some((2, 2)), 1)
        );
        assert_eq!(card_run_of(&runs, id(2)).unwrap().state, StateType::Success);
        assert_eq!(card_run_of(&runs, id(9)), None);
    }

    fn card(rows: Vec<TaskRun>) -> CardRun {
        let task = GraphTask {
            id: id(7),
            name: "add".to_owned(),
            title: "add".to_owned(),
            slug: "add-1".to_owned(),
            task_type: String::new(),
            trigger: String::new(),
            max_retries: 0,
            mapped: false,
            is_helper: false,
        };
        let graph = TaskGraph::new(vec![task], Vec::new());
        let page = TaskRunPage {
            rows,
            names: Arc::default(),
        };
        card_runs(&graph, &TaskRuns::default().with(page), None)
            .remove(0)
            .unwrap()
    }

    const T1: &str = "2026-11-23T14:00:01Z";
    const T2: &str = "2026-11-23T14:00:02Z";
    const T5: &str = "2026-11-23T14:00:05Z";

    #[test]
    fn a_task_shows_its_own_run() {
        let card = card(vec![row(1, -1, StateType::Failed, T1, Some(T5))]);
        assert_eq!((card.state, card.progress()), (StateType::Failed, None));
        assert_eq!(
            card.duration(Timestamp::parse(T5).unwrap()),
            Some(Duration::from_secs(4))
        );
        assert_eq!(card.first_line(), Some("message 1"));
    }

    #[test]
    fn a_task_that_was_tried_again_says_how_often() {
        let mut again = row(1, -1, StateType::Success, T1, Some(T5));
        assert_eq!(card(vec![again.clone()]).attempts, 1);
        again.retries = vec![Retry {
            failed_at: Timestamp::parse(T2).unwrap(),
            due_at: None,
        }];
        assert_eq!(card(vec![again]).attempts, 2);
    }

    #[test]
    fn a_mapped_task_is_at_work_until_its_last_child_is_done() {
        let card = card(vec![
            row(1, -1, StateType::Mapped, T1, None),
            row(2, 0, StateType::Success, T1, Some(T2)),
            row(3, 1, StateType::Pending, T2, None),
        ]);
        assert_eq!(
            (card.state, card.progress(), card.ended_at),
            (StateType::Running, Some((1, 2)), None)
        );
    }

    #[test]
    fn a_child_that_failed_is_found_while_others_are_at_work() {
        let card = card(vec![
            row(1, -1, StateType::Mapped, T1, None),
            row(2, 0, StateType::Failed, T1, Some(T2)),
            row(3, 1, StateType::Running, T2, None),
        ]);
        assert_eq!(card.state, StateType::Running);
        assert_eq!(card.failed(), 1);
        let found_by: Vec<StateType> = card.found_by().collect();
        assert_eq!(found_by, [StateType::Running, StateType::Failed]);
    }

    #[test]
    fn a_mapped_task_ends_as_badly_as_its_worst_child() {
        let card = card(vec![
            row(1, -1, StateType::Mapped, T1, None),
            row(2, 0, StateType::Success, T1, Some(T2)),
            row(3, 1, StateType::TimedOut, T2, Some(T5)),
        ]);
        assert_eq!((card.state, card.progress()), (StateType::TimedOut, Some((2, 2))));
        assert_eq!(card.first_line(), Some("message 3"));
        assert_eq!(card.ended_at, Timestamp::parse(T5));
    }

    #[test]
    fn a_mapped_task_whose_children_are_done_is_a_success() {
        let card = card(vec![
            row(1, -1, StateType::Mapped, T1, None),
            row(2, 0, StateType::Cached, T1, Some(T2)),
            row(3, 1, StateType::Success, T2, Some(T5)),
        ]);
        assert_eq!(card.state, StateType::Success);
        assert_eq!(
            card.first_line(),
            None,
            "that it was ready to be mapped is long past"
        );
    }

    #[test]
    fn a_mapped_task_without_children_yet_says_what_it_does() {
        let card = card(vec![row(1, -1, StateType::Mapped, T1, None)]);
        assert_eq!(card.first_line(), Some("message 1"));
    }
}
