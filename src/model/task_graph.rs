//! The tasks of one version of a flow with the edges between them: what the schematic draws.

use std::collections::HashMap;
use std::sync::Arc;

use flowdeck_vocabulary::TaskId;

/// A task as the schematic shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphTask {
    /// Its id.
    pub id: TaskId,
    /// Its name.
    pub name: String,
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
    /// Whether it brings a parameter's value.
    #[must_use]
    pub fn is_parameter(&self) -> bool {
        self.kind().ends_with("Parameter")
    }

    /// What kind it is, in one word: `FunctionTask`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.task_type
            .rsplit(['.', ':'])
            .next()
            .unwrap_or(&self.task_type)
    }
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
    /// These tasks with these edges. An edge to a task that is not among them is left out.
    #[must_use]
    pub fn new(tasks: Vec<GraphTask>, edges: Vec<EdgeBetween>) -> Self {
        let places: HashMap<TaskId, usize> =
            tasks.iter().enumerate().map(|(at, task)| (task.id, at)).collect();
        let edges = edges
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

    /// Where a task stands in [`Self::tasks`].
    #[must_use]
    pub fn place(&self, id: TaskId) -> Option<usize> {
        self.0.places.get(&id).copied()
    }
}
