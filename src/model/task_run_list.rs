//! What a table of task runs shows of them: filtered, sorted, mapped children below their parent when it is open.

use std::cmp::Ordering;
use std::sync::Arc;

use flowdeck_vocabulary::{StateType, TaskId, TaskRunId};

use super::{TaskRun, TaskRuns, Timestamp};
use crate::lowercase::lowercase;
use crate::sort;

/// By what task runs are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskRunKey {
    /// What they are called.
    Name,
    /// Their state's name.
    State,
    /// When they started, mapped ones with their first child; those that have not come last.
    Start,
    /// How long they took, or have taken so far; those that have not started come last.
    Duration,
    /// How many attempts failed.
    Retries,
}

impl TaskRunKey {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::State,
        Self::Start,
        Self::Duration,
        Self::Retries,
    ];

    /// The name in the URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Start => "start",
            Self::Duration => "duration",
            Self::Retries => "retries",
        }
    }
}

/// What is chosen to be seen of a flow run's task runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskRunsView {
    /// The selected task.
    pub task: Option<TaskId>,
    /// Only those in this state.
    pub state: Option<StateType>,
    /// Only those whose name or message holds this, whatever the case of its letters.
    pub text: String,
    /// By what they are sorted, and whether the largest comes first; `None` is the order in which the tasks began.
    pub sort: Option<(TaskRunKey, bool)>,
    /// The mapped tasks whose children are shown.
    pub open: Vec<TaskId>,
}

impl TaskRunsView {
    /// Whether only some are shown: then children stand by themselves, whether their parent is open or not.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.state.is_some() || !self.text.is_empty()
    }

    /// The sort as the URL has it, `-duration` for the longest first; empty for none.
    #[must_use]
    pub fn sort_text(&self) -> String {
        self.sort.map_or_else(String::new, |(key, is_falling)| {
            let sign = if is_falling { "-" } else { "" };
            format!("{sign}{}", key.name())
        })
    }

    /// Reads what [`sort_text`](Self::sort_text) wrote; anything else is no sort.
    #[must_use]
    pub fn parse_sort(text: &str) -> Option<(TaskRunKey, bool)> {
        let name = text.strip_prefix('-').unwrap_or(text);
        let key = TaskRunKey::ALL.into_iter().find(|key| key.name() == name)?;
        Some((key, text.starts_with('-')))
    }

    /// Pressing a column's head: up, then down, then as they began.
    #[must_use]
    pub fn pressed(&self, key: TaskRunKey) -> Self {
        let sort = match self.sort {
            Some((now, false)) if now == key => Some((key, true)),
            Some((now, true)) if now == key => None,
            _ => Some((key, false)),
        };
        Self { sort, ..self.clone() }
    }
}

/// The task runs that are shown, from the first row to the last. `now` is for those that still run.
#[must_use]
pub fn listed(runs: &TaskRuns, view: &TaskRunsView, now: Timestamp) -> Vec<TaskRunId> {
    let compare = |a: &Arc<TaskRun>, b: &Arc<TaskRun>| compare(runs, view, now, a, b);
    let ids = |rows: Vec<&Arc<TaskRun>>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    if view.is_filtered() {
        let text = lowercase(&view.text);
        let is_shown = |row: &&Arc<TaskRun>| {
            view.state.is_none_or(|state| state == row.state)
                && (text.is_empty()
                    || lowercase(&runs.title(row)).contains(&text)
                    || row
                        .message
                        .as_ref()
                        // Of a mapped one its children's are shown, and they are found themselves.
                        .filter(|_| row.state != StateType::Mapped)
                        .is_some_and(|message| lowercase(message).contains(&text)))
        };
        let mut rows: Vec<_> = runs.rows().iter().filter(is_shown).collect();
        if view.sort.is_some() {
            sort::by(&mut rows, |a, b| compare(a, b));
        }
        return ids(rows);
    }
    let mut tasks: Vec<_> = runs.rows().chunk_by(|a, b| a.task_id == b.task_id).collect();
    if view.sort.is_some() {
        sort::by(&mut tasks, |a, b| compare(&a[0], &b[0]));
    }
    let mut shown = Vec::new();
    for rows in tasks {
        let (own, children) = rows.split_at(usize::from(!rows[0].is_child()));
        shown.extend(own.iter().map(|row| row.id));
        if own.is_empty() || view.open.contains(&rows[0].task_id) {
            let mut children: Vec<_> = children.iter().collect();
            if view.sort.is_some() {
                sort::by(&mut children, |a, b| compare(a, b));
            }
            shown.extend(ids(children));
        }
    }
    shown
}

fn compare(runs: &TaskRuns, view: &TaskRunsView, now: Timestamp, a: &TaskRun, b: &TaskRun) -> Ordering {
    let Some((key, is_falling)) = view.sort else {
        return Ordering::Equal;
    };
    let turned = |order: Ordering| if is_falling { order.reverse() } else { order };
    // What is missing comes last whichever way.
    let some = |a: Option<i128>, b: Option<i128>| match (a, b) {
        (Some(a), Some(b)) => turned(a.cmp(&b)),
        (a, b) => a.is_none().cmp(&b.is_none()),
    };
    let started = |row: &TaskRun| runs.start(row).map(|at| i128::from(at.micros()));
    let took = |row: &TaskRun| {
        let took = runs.span(row, now)?;
        i128::try_from(took.as_micros()).ok()
    };
    match key {
        TaskRunKey::Name => turned(natural(&runs.title(a), &runs.title(b))),
        TaskRunKey::State => turned(a.state.name().cmp(b.state.name())),
        TaskRunKey::Start => some(started(a), started(b)),
        TaskRunKey::Duration => some(took(a), took(b)),
        TaskRunKey::Retries => turned(a.retries.len().cmp(&b.retries.len())),
    }
}

/// Compares names as people count: `load_2` before `load_10`.
fn natural(a: &str, b: &str) -> Ordering {
    let stem = |name: &'_ str| {
        name.trim_end_matches([']'])
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .len()
    };
    let (a_stem, b_stem) = (stem(a), stem(b));
    a[..a_stem]
        .cmp(&b[..b_stem])
        .then(a.len().cmp(&b.len()))
        .then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Retry, TaskName, TaskRunPage};

    fn at(second: u32) -> Timestamp {
        Timestamp::parse(&format!("2026-11-23T14:00:{second:02}Z")).unwrap()
    }

    fn task(number: usize) -> TaskId {
        format!("00000000-0000-0000-0000-{number:012}").parse().unwrap()
    }

    /// `load` from 1 to 9, a mapped `transform` with three children, of which the second has failed after a retry,
    /// and a `report` that waits.
    fn runs() -> TaskRuns {
        let names = ["load", "transform", "report"];
        let row = |number: u32, of: usize, map_index, state, times: (Option<u32>, Option<u32>)| TaskRun {
            id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            task_id: task(of),
            map_index,
            task_name: names[of].into(),
            task_slug: format!("{}-1", names[of]).into(),
            name: None,
            state,
            message: (state == StateType::Failed).then(|| "division by Zero".to_owned()),
            started_at: times.0.map(at),
            ended_at: times.1.map(at),
            retries: Vec::new(),
            updated_at: at(30),
            version: 1,
        };
        let mut rows = vec![
            row(1, 0, -1, StateType::Success, (Some(1), Some(9))),
            row(2, 1, -1, StateType::Mapped, (None, None)),
            row(3, 1, 0, StateType::Success, (Some(10), Some(14))),
            row(4, 1, 1, StateType::Failed, (Some(11), Some(13))),
            row(5, 1, 2, StateType::Running, (Some(12), None)),
            row(6, 2, -1, StateType::Pending, (None, None)),
        ];
        rows[3].retries.push(Retry {
            failed_at: at(12),
            due_at: None,
        });
        let names = names.iter().enumerate().map(|(of, name)| {
            let (name, slug) = ((*name).into(), (*name).into());
            (task(of), TaskName { name, slug })
        });
        TaskRuns::default().with(TaskRunPage {
            rows,
            names: Arc::new(names.collect()),
        })
    }

    fn titles(view: &TaskRunsView) -> Vec<String> {
        let runs = runs();
        let ids = listed(&runs, view, at(30));
        ids.into_iter()
            .map(|id| runs.title(runs.get(id).unwrap()))
            .collect()
    }

    fn sorted(text: &str) -> Vec<String> {
        titles(&TaskRunsView {
            sort: TaskRunsView::parse_sort(text),
            open: vec![task(1)],
            ..TaskRunsView::default()
        })
    }

    #[test]
    fn children_are_shown_below_an_open_parent() {
        assert_eq!(titles(&TaskRunsView::default()), ["load", "transform", "report"]);
        let open = TaskRunsView {
            open: vec![task(1)],
            ..TaskRunsView::default()
        };
        assert_eq!(
            titles(&open),
            [
                "load",
                "transform",
                "transform[0]",
                "transform[1]",
                "transform[2]",
                "report"
            ]
        );
    }

    #[test]
    fn a_filter_finds_children_of_a_closed_parent() {
        let failed = TaskRunsView {
            state: Some(StateType::Failed),
            ..TaskRunsView::default()
        };
        assert_eq!(titles(&failed), ["transform[1]"]);
        let text = |text: &str| {
            titles(&TaskRunsView {
                text: text.to_owned(),
                ..TaskRunsView::default()
            })
        };
        assert_eq!(text("LOAD"), ["load"]);
        assert_eq!(text("by zero"), ["transform[1]"], "its message");
        assert_eq!(text("nothing"), Vec::<String>::new());
    }

    #[test]
    fn sorting_keeps_children_below_their_parent_and_what_has_no_value_last() {
        let children = |order: [usize; 3]| order.map(|n| format!("transform[{n}]")).to_vec();
        let with = |first: &str, children: Vec<String>, last: &[&str]| {
            let last = last.iter().map(|name| (*name).to_owned());
            [vec![first.to_owned()], children, last.collect()].concat()
        };
        assert_eq!(
            sorted("-name"),
            with("transform", children([2, 1, 0]), &["report", "load"])
        );
        assert_eq!(
            sorted("-duration")[..4],
            with("transform", children([2, 0, 1]), &[])
        );
        assert_eq!(sorted("duration").last().map(String::as_str), Some("report"));
        assert_eq!(sorted("-duration").last().map(String::as_str), Some("report"));
        let retries = sorted("-retries");
        assert!(
            retries.iter().position(|name| name == "transform[1]")
                < retries.iter().position(|name| name == "transform[0]")
        );
    }

    #[test]
    fn a_mapped_task_started_when_its_first_child_did() {
        let by_start = |text: &str| {
            titles(&TaskRunsView {
                sort: TaskRunsView::parse_sort(text),
                ..TaskRunsView::default()
            })
        };
        assert_eq!(by_start("start"), ["load", "transform", "report"]);
        assert_eq!(by_start("-start"), ["transform", "load", "report"]);
    }

    #[test]
    fn a_sort_reads_back_as_it_was_written_and_a_third_press_ends_it() {
        let mut view = TaskRunsView::default();
        for key in TaskRunKey::ALL {
            for expected in [Some((key, false)), Some((key, true)), None] {
                view = view.pressed(key);
                assert_eq!(view.sort, expected);
                assert_eq!(TaskRunsView::parse_sort(&view.sort_text()), expected);
            }
        }
        assert_eq!(TaskRunsView::parse_sort("weight"), None);
    }

    #[test]
    fn names_are_compared_as_people_count() {
        let mut names = ["load_10", "load_2", "extract", "load[11]", "load[9]"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["extract", "load[9]", "load[11]", "load_2", "load_10"]);
    }
}
