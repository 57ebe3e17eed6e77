//! The flow runs that the task runs of a flow run have started.

use std::collections::HashSet;
use std::sync::Arc;

use flowdeck_vocabulary::{FlowRunId, TaskRunId};

use super::{FlowRun, TaskRun, TaskRuns};
use crate::sort;

/// The flow runs that a flow run has started, as far as its task runs have been asked about. Nothing in the API leads from
/// a flow run to them, see [`super::starting_task_run`]: they are found by the idempotency keys they would have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StartedRuns {
    /// The one that was to start last comes first.
    runs: Vec<FlowRun>,
    /// The task runs that had ended when they were asked about, and which version that was: unless they run again they
    /// start no more.
    settled: Arc<HashSet<(TaskRunId, i64)>>,
    /// Whether there is more to be had at once.
    has_more: bool,
}

/// What is to be asked next.
#[derive(Debug, PartialEq)]
pub struct StartedQuestion {
    /// The keys that flow runs would have which were not known before.
    pub keys: Vec<String>,
    /// The flow runs that are known and may have changed.
    pub known: Vec<FlowRunId>,
    /// The task runs that are settled by the answer.
    settles: Vec<(TaskRunId, i64)>,
    /// Whether there is no more to be asked about at once.
    is_last: bool,
}

impl StartedRuns {
    /// So many task runs are asked about at once.
    const BATCH: usize = 500;
    /// So many flow runs are followed: those that were to start last.
    const FOLLOWED: usize = 200;

    /// The flow runs.
    #[must_use]
    pub fn runs(&self) -> &[FlowRun] {
        &self.runs
    }

    /// Whether there are task runs that have ended and could not be asked about with the others.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.has_more
    }

    /// What to ask next; `None` when there is nothing.
    #[must_use]
    pub fn question(&self, task_runs: &TaskRuns) -> Option<StartedQuestion> {
        let mut open: Vec<&Arc<TaskRun>> = task_runs
            .rows()
            .iter()
            .filter(|row| row.started_at.is_some() && !self.settled.contains(&(row.id, row.version)))
            .collect();
        // What has ended is asked about once; what goes on again and again, and may have to wait for its end.
        sort::by(&mut open, |a, b| {
            b.state.is_finished().cmp(&a.state.is_finished())
        });
        let ended = open.iter().filter(|row| row.state.is_finished()).count();
        let (is_last, settles) = (ended <= Self::BATCH, ended.min(Self::BATCH));
        open.truncate(Self::BATCH);
        let mut keys = Vec::new();
        let mut parent = None;
        for row in &open {
            keys.push(row.id.to_string());
            keys.push(format!("{}-{}", row.id, row.map_index));
            if row.is_child() {
                if parent.is_none_or(|(task, _)| task != row.task_id) {
                    parent = task_runs.parent(row).map(|parent| (row.task_id, parent.id));
                }
                keys.extend(parent.map(|(_, id)| format!("{id}-{}", row.map_index)));
            }
        }
        let known: Vec<FlowRunId> = self.runs.iter().take(Self::FOLLOWED).map(|run| run.id).collect();
        (!keys.is_empty() || !known.is_empty()).then(|| StartedQuestion {
            keys,
            known,
            settles: open[..settles].iter().map(|row| (row.id, row.version)).collect(),
            is_last,
        })
    }

    /// The same with the answer: the flow runs with these keys, and those of the known ones that are still there.
    #[must_use]
    pub fn with(mut self, asked: StartedQuestion, started: Vec<FlowRun>, known: Vec<FlowRun>) -> Self {
        let asked_for: HashSet<FlowRunId> = asked.known.into_iter().collect();
        let news: HashSet<FlowRunId> = started.iter().map(|run| run.id).collect();
        self.runs
            .retain(|run| !asked_for.contains(&run.id) && !news.contains(&run.id));
        self.runs
            .extend(known.into_iter().filter(|run| !news.contains(&run.id)));
        self.runs.extend(started);
        sort::by(&mut self.runs, |a, b| {
            (b.scheduled_at, b.id).cmp(&(a.scheduled_at, a.id))
        });
        Arc::make_mut(&mut self.settled).extend(asked.settles);
        self.has_more = !asked.is_last;
        self
    }
}

#[cfg(test)]
mod tests {
    use flowdeck_vocabulary::StateType;

    use super::super::flow_run::tests::{at, run};
    use super::super::task_run::tests::{row, runs};
    use super::*;

    fn begun(number: u32, task: u32, index: i64, state: StateType) -> TaskRun {
        row(number, task, index, state, Some("2026-11-23T14:00:00Z"))
    }

    fn child(number: u32, state: StateType) -> FlowRun {
        FlowRun {
            id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            scheduled_at: at(&format!("2026-11-23T14:00:{number:02}Z")),
            ..run(state)
        }
    }

    #[test]
    fn each_task_run_that_began_is_asked_about_until_it_has_ended() {
        let task_runs = runs(vec![
            begun(1, 1, -1, StateType::Running),
            begun(2, 2, -1, StateType::Success),
            row(3, 3, -1, StateType::Pending, None),
        ]);
        let asked = StartedRuns::default().question(&task_runs).unwrap();
        let ids: Vec<String> = task_runs.rows().iter().map(|row| row.id.to_string()).collect();
        let (ended, running) = (ids[1].clone(), ids[0].clone());
        assert_eq!(
            asked.keys,
            [
                ended.clone(),
                format!("{ended}--1"),
                running.clone(),
                format!("{running}--1")
            ]
        );
        assert!(asked.is_last);
        let known = StartedRuns::default().with(asked, vec![child(1, StateType::Running)], vec![]);
        let asked = known.question(&task_runs).unwrap();
        assert_eq!(asked.keys, [running.clone(), format!("{running}--1")]);
        assert_eq!(asked.known, [child(1, StateType::Running).id]);
        // Another one has come, and the first has ended.
        let known = known.with(
            asked,
            vec![child(2, StateType::Running)],
            vec![child(1, StateType::Success)],
        );
        assert_eq!(
            known.runs(),
            [child(2, StateType::Running), child(1, StateType::Success)],
            "the newest first"
        );
        // What was deleted is gone.
        let asked = known.question(&task_runs).unwrap();
        assert_eq!(known.with(asked, vec![], vec![]).runs(), []);
    }

    #[test]
    fn a_child_of_a_mapped_task_goes_by_its_number() {
        let task_runs = runs(vec![
            begun(1, 1, -1, StateType::Mapped),
            begun(2, 1, 0, StateType::Success),
            begun(3, 1, 1, StateType::Success),
        ]);
        let asked = StartedRuns::default().question(&task_runs).unwrap();
        let [parent, _, second] = [0, 1, 2].map(|place| task_runs.rows()[place].id);
        for key in [second.to_string(), format!("{second}-1"), format!("{parent}-1")] {
            assert!(asked.keys.contains(&key), "{key} is not in {:?}", asked.keys);
        }
    }

    #[test]
    fn many_are_asked_about_in_parts_and_nothing_when_all_is_known() {
        let many = (0..1_200).map(|number| begun(number, 1, i64::from(number), StateType::Success));
        let task_runs = runs(many.collect());
        let mut known = StartedRuns::default();
        let mut rounds = Vec::new();
        while let Some(asked) = known.question(&task_runs) {
            rounds.push((asked.settles.len(), asked.is_last));
            known = known.with(asked, vec![], vec![]);
        }
        assert_eq!(rounds, [(500, false), (500, false), (200, true)]);
        assert_eq!(StartedRuns::default().question(&TaskRuns::default()), None);
    }
}
