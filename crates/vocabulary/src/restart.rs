//! Which task runs begin again when a flow run is restarted. Pure, so that a server does it in its transaction
//! and a client can do it for a server that does not.

use std::collections::{HashMap, HashSet};

use crate::{StateType, TaskId, TaskRunId};

/// A task run, as far as a restart looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartTaskRun {
    /// Its id.
    pub id: TaskRunId,
    /// The task it is of.
    pub task_id: TaskId,
    /// Which child of a mapped task; −1 is the task itself.
    pub map_index: i64,
    /// Its state.
    pub state: StateType,
}

impl RestartTaskRun {
    /// Whether a restart from failed begins with it.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.state.is_failed() || self.state == StateType::Cancelled
    }
}

/// An edge between two tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartEdge {
    /// The task that comes first.
    pub upstream: TaskId,
    /// The task that needs it.
    pub downstream: TaskId,
    /// Whether the one downstream is mapped over it.
    pub mapped: bool,
}

/// The task runs that have to begin again so that everything after `first` is made anew: those, and all
/// downstream of them. Where one task is mapped over another, child by child, a child leads only to its
/// counterpart; the mapped parents stay as they are then. In the order of `runs`.
#[must_use]
pub fn task_runs_to_reset(
    runs: &[RestartTaskRun],
    edges: &[RestartEdge],
    first: impl IntoIterator<Item = TaskRunId>,
) -> Vec<TaskRunId> {
    let mut spread = Spread::new(runs, edges);
    let first: HashSet<TaskRunId> = first.into_iter().collect();
    for (index, run) in runs.iter().enumerate() {
        if first.contains(&run.id) {
            spread.reset(index);
        }
    }
    while let Some(index) = spread.to_follow.pop() {
        spread.follow(index);
    }
    let reset = runs.iter().zip(&spread.is_reset).filter(|(_, reset)| **reset);
    reset.map(|(run, _)| run.id).collect()
}

/// A task's runs: its own, and those of its children by their number.
#[derive(Default)]
struct Runs {
    own: Option<usize>,
    children: HashMap<i64, usize>,
}

struct Spread<'a> {
    runs: &'a [RestartTaskRun],
    by_task: HashMap<TaskId, Runs>,
    edges_from: HashMap<TaskId, Vec<&'a RestartEdge>>,
    is_reset: Vec<bool>,
    /// Tasks of which all runs are reset.
    whole: HashSet<TaskId>,
    to_follow: Vec<usize>,
}

impl<'a> Spread<'a> {
    fn new(runs: &'a [RestartTaskRun], edges: &'a [RestartEdge]) -> Self {
        let mut by_task: HashMap<TaskId, Runs> = HashMap::new();
        for (index, run) in runs.iter().enumerate() {
            let of_task = by_task.entry(run.task_id).or_default();
            if run.map_index < 0 {
                of_task.own = Some(index);
            } else {
                of_task.children.insert(run.map_index, index);
            }
        }
        let mut edges_from: HashMap<TaskId, Vec<&RestartEdge>> = HashMap::new();
        for edge in edges {
            edges_from.entry(edge.upstream).or_default().push(edge);
        }
        Self {
            runs,
            by_task,
            edges_from,
            is_reset: vec![false; runs.len()],
            whole: HashSet::new(),
            to_follow: Vec::new(),
        }
    }

    fn reset(&mut self, index: usize) {
        if !std::mem::replace(&mut self.is_reset[index], true) {
            self.to_follow.push(index);
        }
    }

    fn reset_whole(&mut self, task: TaskId) {
        if !self.whole.insert(task) {
            return;
        }
        let runs = self.by_task.get(&task);
        let all: Vec<usize> = runs
            .into_iter()
            .flat_map(|runs| runs.own.into_iter().chain(runs.children.values().copied()))
            .collect();
        for index in all {
            self.reset(index);
        }
    }

    /// Resets what comes directly after a run.
    fn follow(&mut self, index: usize) {
        let run = self.runs[index];
        if run.map_index < 0 || !self.is_mapped(run.task_id) {
            self.reset_whole(run.task_id);
        }
        let edges = self.edges_from.get(&run.task_id).cloned().unwrap_or_default();
        for edge in edges {
            match self.counterpart(edge, run.map_index) {
                Some(child) => self.reset(child),
                None => self.reset_whole(edge.downstream),
            }
        }
    }

    /// The one child downstream that takes the child `map_index` upstream. None when the edge takes the whole
    /// result, or when the numbers of children differ: then nobody can say from here which takes which.
    fn counterpart(&self, edge: &RestartEdge, map_index: i64) -> Option<usize> {
        let children = |task| self.by_task.get(&task).map(|runs: &Runs| runs.children.len());
        let pairs = edge.mapped
            && self.is_mapped(edge.downstream)
            && children(edge.upstream) == children(edge.downstream);
        let downstream = self.by_task.get(&edge.downstream).filter(|_| pairs)?;
        downstream.children.get(&map_index).copied()
    }

    /// Whether the task has been expanded into children.
    fn is_mapped(&self, task: TaskId) -> bool {
        let own = self.by_task.get(&task).and_then(|runs| runs.own);
        own.is_some_and(|own| self.runs[own].state == StateType::Mapped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: i64) -> T {
        format!("00000000-0000-4000-8000-{number:012x}").parse().unwrap()
    }

    /// The run of a task (a digit) or of its child; its id tells both.
    fn run(task: i64, map_index: i64, state: StateType) -> RestartTaskRun {
        RestartTaskRun {
            id: id(task * 100 + map_index + 1),
            task_id: id(task),
            map_index,
            state,
        }
    }

    fn edge(upstream: i64, downstream: i64, mapped: bool) -> RestartEdge {
        RestartEdge {
            upstream: id(upstream),
            downstream: id(downstream),
            mapped,
        }
    }

    fn mapped(task: i64, children: &[StateType]) -> Vec<RestartTaskRun> {
        let children = (0..).zip(children).map(|(index, state)| run(task, index, *state));
        std::iter::once(run(task, -1, StateType::Mapped))
            .chain(children)
            .collect()
    }

    fn from_failed(runs: &[RestartTaskRun], edges: &[RestartEdge]) -> Vec<(i64, i64)> {
        let failed = runs.iter().filter(|run| run.has_failed()).map(|run| run.id);
        places(runs, &task_runs_to_reset(runs, edges, failed))
    }

    fn places(runs: &[RestartTaskRun], ids: &[TaskRunId]) -> Vec<(i64, i64)> {
        let task = |run: &RestartTaskRun| (0..100).find(|n| id::<TaskId>(*n) == run.task_id).unwrap();
        runs.iter()
            .filter(|run| ids.contains(&run.id))
            .map(|run| (task(run), run.map_index))
            .collect()
    }

    use StateType::{Cancelled, Failed, Skipped, Success, TimedOut, TriggerFailed};

    #[test]
    fn what_failed_and_all_after_it_begins_again_however_it_ended() {
        // 1 → 2 (failed) → 3 (success, it runs always) → 4 (skipped); 1 → 5
        let runs = [
            run(1, -1, Success),
            run(2, -1, Failed),
            run(3, -1, Success),
            run(4, -1, Skipped),
            run(5, -1, Success),
        ];
        let edges = [
            edge(1, 2, false),
            edge(2, 3, false),
            edge(3, 4, false),
            edge(1, 5, false),
        ];
        assert_eq!(from_failed(&runs, &edges), [(2, -1), (3, -1), (4, -1)]);
    }

    #[test]
    fn every_way_to_fail_counts_and_nothing_else() {
        for state in StateType::ALL {
            let expected = [
                Failed,
                TimedOut,
                TriggerFailed,
                StateType::ValidationFailed,
                Cancelled,
            ];
            assert_eq!(
                run(1, -1, state).has_failed(),
                expected.contains(&state),
                "{state}"
            );
        }
    }

    #[test]
    fn of_mapped_tasks_only_the_failed_children_and_their_counterparts_begin_again() {
        let mut runs = vec![run(1, -1, Success)];
        runs.extend(mapped(2, &[Success, Failed, Success]));
        runs.extend(mapped(3, &[Success, TriggerFailed, Success]));
        runs.push(run(4, -1, TriggerFailed));
        let edges = [edge(1, 2, true), edge(2, 3, true), edge(3, 4, false)];
        assert_eq!(from_failed(&runs, &edges), [(2, 1), (3, 1), (4, -1)]);
    }

    #[test]
    fn a_task_that_takes_the_whole_list_begins_again_with_all_its_children() {
        let mut runs = mapped(1, &[Failed, Success]);
        runs.extend(mapped(2, &[Success, Success]));
        runs.extend(mapped(3, &[Success, Success, Success]));
        // 2 takes the list of 1 as a whole; 3 is mapped over 1, but has another number of children.
        let edges = [edge(1, 2, false), edge(1, 3, true)];
        let expected = [(1, 0), (2, -1), (2, 0), (2, 1), (3, -1), (3, 0), (3, 1), (3, 2)];
        assert_eq!(from_failed(&runs, &edges), expected);
    }

    #[test]
    fn children_of_a_parent_that_failed_begin_again_with_it() {
        let runs = [run(1, -1, Failed), run(1, 0, Success), run(1, 1, Success)];
        assert_eq!(from_failed(&runs, &[]), [(1, -1), (1, 0), (1, 1)]);
    }

    #[test]
    fn a_restart_from_a_task_leaves_other_failures_alone() {
        let runs = [run(1, -1, Success), run(2, -1, Success), run(3, -1, Failed)];
        let edges = [edge(1, 2, false)];
        assert_eq!(
            places(&runs, &task_runs_to_reset(&runs, &edges, [runs[0].id])),
            [(1, -1), (2, -1)]
        );
    }

    #[test]
    fn a_circle_ends() {
        let runs = [run(1, -1, Failed), run(2, -1, Success)];
        let edges = [edge(1, 2, false), edge(2, 1, false)];
        assert_eq!(from_failed(&runs, &edges), [(1, -1), (2, -1)]);
    }
}
