//! The tasks of one version of a flow with the edges between them: what the schematic draws.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use flowdeck_vocabulary::TaskId;

use super::task_run::{name_or_slug, shared_names};

/// A task as the schematic shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphTask {
    /// Its id.
    pub id: TaskId,
    /// Its name.
    pub name: String,
    /// What it is called among the others: its name, or the slug where several tasks of the flow have the same name.
    pub title: String,
    /// Its name within the flow, unique there.
    pub slug: String,
    /// What kind it is, `prefect.core.parameter.Parameter`.
    pub task_type: String,
    /// When the task runs, by the states upstream.
    pub trigger: String,
    /// How often it tries again.
    pub max_retries: i64,
    /// Whether it is mapped over its input.
    pub mapped: bool,
    /// Whether nobody wrote it: constants, `List`, `GetItem` and the like, made from an expression.
    pub is_helper: bool,
}

impl GraphTask {
    /// Tells it from the others of its name, when it is among the `shared` ones.
    #[must_use]
    pub fn among(mut self, shared: &HashSet<Arc<str>>) -> Self {
        name_or_slug(&self.name, &self.slug, shared).clone_into(&mut self.title);
        self
    }

    /// Whether it brings a parameter's value.
    #[must_use]
    pub fn is_parameter(&self) -> bool {
        self.kind().ends_with("Parameter")
    }

    /// What kind it is, in one word: `FunctionTask`.
    #[must_use]
    pub fn kind(&self) -> &str {
        last_part(&self.task_type)
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit(['.', ':']).next().unwrap_or(path)
}

/// The last part of a path such as `prefect.triggers.all_successful`, in words.
#[must_use]
pub fn last_part_in_words(path: &str) -> String {
    last_part(path).replace('_', " ")
}

/// An edge. The tasks are given by their place in [`TaskGraph::tasks`].
#[derive(Debug, Clone, PartialEq)]
pub struct GraphEdge {
    /// The task that comes first.
    pub upstream: usize,
    /// The task that waits for it.
    pub downstream: usize,
    /// The input it fills; `None` when it only orders the two.
    pub key: Option<String>,
    /// Whether the downstream task is mapped over it.
    pub mapped: bool,
}

#[derive(Debug, PartialEq, Default)]
struct Parts {
    tasks: Vec<GraphTask>,
    edges: Vec<GraphEdge>,
    places: HashMap<TaskId, usize>,
}

/// All tasks and edges. Never changes; cheap to copy and to compare.
#[derive(Debug, Clone, Default)]
pub struct TaskGraph(Arc<Parts>);

impl PartialEq for TaskGraph {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

/// An edge as it arrives: upstream, downstream, key, whether it is mapped over.
pub type EdgeBetween = (TaskId, TaskId, Option<String>, bool);

impl TaskGraph {
    /// All tasks of a flow with these edges.
    #[must_use]
    pub fn of_flow(tasks: Vec<GraphTask>, edges: Vec<EdgeBetween>) -> Self {
        let shared = shared_names(tasks.iter().map(|task| Arc::from(task.name.as_str())));
        let tasks = tasks.into_iter().map(|task| task.among(&shared));
        Self::new(tasks.collect(), edges)
    }

    /// These tasks with these edges. An edge to a task that is not among them is left out; a task with a mapped edge
    /// into it is mapped.
    #[must_use]
    pub fn new(mut tasks: Vec<GraphTask>, edges: Vec<EdgeBetween>) -> Self {
        let places: HashMap<TaskId, usize> =
            tasks.iter().enumerate().map(|(at, task)| (task.id, at)).collect();
        let edges: Vec<GraphEdge> = edges
            .into_iter()
            .filter_map(|(upstream, downstream, key, mapped)| {
                let (upstream, downstream) = (*places.get(&upstream)?, *places.get(&downstream)?);
                Some(GraphEdge {
                    upstream,
                    downstream,
                    key,
                    mapped,
                })
            })
            .collect();
        for edge in edges.iter().filter(|edge| edge.mapped) {
            tasks[edge.downstream].mapped = true;
        }
        Self(Arc::new(Parts { tasks, edges, places }))
    }

    /// The tasks.
    #[must_use]
    pub fn tasks(&self) -> &[GraphTask] {
        &self.0.tasks
    }

    /// The edges.
    #[must_use]
    pub fn edges(&self) -> &[GraphEdge] {
        &self.0.edges
    }

    /// The tasks right before one, or right after it. A helper task between two stands for those beyond it.
    #[must_use]
    pub fn around(&self, place: usize, upstream: bool) -> Vec<usize> {
        let mut seen = vec![false; self.tasks().len()];
        let mut next = vec![place];
        let mut found = Vec::new();
        while let Some(from) = next.pop() {
            for edge in self.edges() {
                let (near, far) = if upstream {
                    (edge.downstream, edge.upstream)
                } else {
                    (edge.upstream, edge.downstream)
                };
                if near != from || std::mem::replace(&mut seen[far], true) {
                    continue;
                }
                if self.tasks()[far].is_helper {
                    next.push(far);
                } else {
                    found.push(far);
                }
            }
        }
        crate::sort::by(&mut found, Ord::cmp);
        found
    }

    /// A task with at most `most` of those right before it and as many of those right after it.
    #[must_use]
    pub fn nearest(&self, id: TaskId, most: usize) -> Self {
        let Some(own) = self.place(id) else {
            return Self::default();
        };
        let mut kept = vec![false; self.tasks().len()];
        let (mut before, mut after) = (0, 0);
        for edge in self.edges() {
            let (count, other) = match (edge.upstream == own, edge.downstream == own) {
                (false, true) => (&mut before, edge.upstream),
                (true, false) => (&mut after, edge.downstream),
                _ => continue,
            };
            if *count < most && !kept[other] {
                kept[other] = true;
                *count += 1;
            }
        }
        kept[own] = true;
        let tasks = self.tasks().iter().zip(&kept).filter(|(_, kept)| **kept);
        let edges = self
            .edges()
            .iter()
            .filter(|edge| edge.upstream == own || edge.downstream == own);
        Self::new(
            tasks.map(|(task, _)| task.clone()).collect(),
            edges
                .map(|edge| {
                    let id = |place: usize| self.tasks()[place].id;
                    (
                        id(edge.upstream),
                        id(edge.downstream),
                        edge.key.clone(),
                        edge.mapped,
                    )
                })
                .collect(),
        )
    }

    /// Where a task stands in [`Self::tasks`].
    #[must_use]
    pub fn place(&self, id: TaskId) -> Option<usize> {
        self.0.places.get(&id).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_a_path_is_said_in_words() {
        for (path, words) in [
            ("prefect.triggers.all_successful", "all successful"),
            ("flows.etl:Load", "Load"),
            ("all_done", "all done"),
            ("", ""),
        ] {
            assert_eq!(last_part_in_words(path), words);
        }
    }

    fn id(number: usize) -> TaskId {
        format!("00000000-0000-0000-0000-{number:012}").parse().unwrap()
    }

    fn graph(count: usize, edges: &[(usize, usize)]) -> TaskGraph {
        let task = |number| GraphTask {
            id: id(number),
            name: format!("task {number}"),
            title: format!("task {number}"),
            slug: format!("task-{number}"),
            task_type: String::new(),
            trigger: String::new(),
            max_retries: 0,
            mapped: false,
            is_helper: false,
        };
        let edges = edges.iter().map(|&(a, b)| (id(a), id(b), None, false));
        TaskGraph::new((0..count).map(task).collect(), edges.collect())
    }

    #[test]
    fn tasks_of_one_name_are_told_apart_in_every_part_of_the_flow() {
        let mut tasks = graph(3, &[]).tasks().to_vec();
        tasks[2].name = tasks[0].name.clone();
        let graph = TaskGraph::of_flow(tasks, vec![(id(1), id(2), None, false)]);
        let titles = |graph: &TaskGraph| {
            let titles = graph.tasks().iter().map(|task| task.title.clone());
            titles.collect::<Vec<_>>()
        };
        assert_eq!(titles(&graph), ["task-0", "task 1", "task-2"]);
        assert_eq!(titles(&graph.nearest(id(1), 5)), ["task 1", "task-2"]);
    }

    #[test]
    fn a_task_is_mapped_when_an_edge_into_it_is() {
        let tasks = graph(3, &[]).tasks().to_vec();
        let edges = vec![(id(0), id(1), None, true), (id(1), id(2), None, false)];
        let mapped: Vec<bool> = TaskGraph::new(tasks, edges)
            .tasks()
            .iter()
            .map(|task| task.mapped)
            .collect();
        assert_eq!(mapped, [false, true, false]);
    }

    #[test]
    fn the_nearest_are_those_right_before_and_after() {
        let graph = graph(
            8,
            &[(0, 3), (1, 3), (2, 3), (3, 4), (3, 5), (4, 6), (0, 4), (7, 0)],
        );
        let nearest = graph.nearest(id(3), 2);
        let names: Vec<&str> = nearest.tasks().iter().map(|task| task.name.as_str()).collect();
        assert_eq!(names, ["task 0", "task 1", "task 3", "task 4", "task 5"]);
        assert_eq!(
            nearest.edges().len(),
            4,
            "only those from and to it: {:?}",
            nearest.edges()
        );
        assert!(graph.nearest(id(99), 2).tasks().is_empty());
    }
}
