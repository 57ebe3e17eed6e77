//! A flow: tasks and the edges between them, checked and ready to run.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use flowdeck_vocabulary::Parameter;
use serde_json::{Map, Value, json};

use crate::builder::{Constant, Draft, Edge, FlowBuilder};
use crate::error::FlowError;
use crate::graph::{Cycle, Graph};
use crate::schedule::Schedule;
use crate::task::{Kind, ParameterDeclaration, StateHandler, TaskDefinition};

/// A flow, built and checked. Cloning it is cheap.
#[derive(Clone)]
pub struct Flow {
    pub(crate) plan: Arc<Plan>,
}

/// The inside of a flow. Tasks are known by their numbers, in the order in which they were added.
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) tasks: Vec<FlowTask>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) graph: Graph,
    /// For each task the length of the longest way to it.
    pub(crate) depths: Vec<usize>,
    /// For each task the numbers of the edges that lead to it, and of those that leave it.
    pub(crate) edges_to: Vec<Vec<usize>>,
    pub(crate) edges_from: Vec<Vec<usize>>,
    /// The tasks that decide how the run ends, as the author said; `None` means the last ones.
    pub(crate) reference_tasks: Option<Vec<usize>>,
    pub(crate) schedule: Option<Schedule>,
    pub(crate) labels: Vec<String>,
    pub(crate) max_workers: Option<usize>,
    pub(crate) handlers: Vec<StateHandler>,
}

/// A task of a flow.
pub(crate) struct FlowTask {
    pub(crate) definition: TaskDefinition,
    /// `name-1`, `name-2`, …: what it is called in the registered flow.
    pub(crate) slug: String,
    pub(crate) mapped: bool,
    pub(crate) constants: Vec<Constant>,
}

impl Flow {
    /// Builds a flow: the closure adds tasks by `name::call(flow, …)` and `name::map(flow, …)`.
    ///
    /// # Errors
    /// The first thing that is wrong, with the names of the flow and the tasks: a circle, a handle of another
    /// flow, a parameter declared twice, a missing input, a schedule that cannot be evaluated.
    pub fn build<R>(name: &str, tasks: impl FnOnce(&FlowBuilder) -> R) -> Result<Self, FlowError> {
        let builder = FlowBuilder::new(name);
        tasks(&builder);
        // Names stay behind for handles that outlive the closure and are used in another flow by mistake.
        let husk = builder.draft.borrow().husk();
        let draft = builder.draft.replace(husk);
        Plan::check(draft).map(|plan| Self { plan: Arc::new(plan) })
    }

    /// The flow's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.plan.name
    }

    /// What the flow is for, if it says so.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.plan.description.as_deref()
    }

    /// The slugs of its tasks, in the order in which they were added.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.plan.tasks.iter().map(|task| task.slug.as_str())
    }

    /// Its parameters, as a registered flow declares them (contract 2.1).
    #[must_use]
    pub fn parameters(&self) -> Vec<Parameter> {
        self.plan
            .parameters()
            .map(|(task, declaration)| task.parameter(declaration))
            .collect()
    }

    /// All parameters with their values: those given, then the defaults.
    ///
    /// # Errors
    /// A value for a parameter the flow does not have, one of the wrong type, or a required one missing.
    pub fn check_parameters(&self, given: &Map<String, Value>) -> Result<Map<String, Value>, FlowError> {
        let flow = || self.name().to_owned();
        let known = self.parameters();
        let unknown = given
            .keys()
            .find(|name| !known.iter().any(|parameter| parameter.name == **name));
        if let Some(name) = unknown {
            return Err(FlowError::UnknownParameter {
                flow: flow(),
                parameter: name.clone(),
                known: known.into_iter().map(|parameter| parameter.name).collect(),
            });
        }
        let missing: Vec<String> = flowdeck_vocabulary::missing_parameters(&known, given)
            .map(str::to_owned)
            .collect();
        if !missing.is_empty() {
            return Err(FlowError::MissingParameters {
                flow: flow(),
                parameters: missing,
            });
        }
        let mut values = Map::new();
        for parameter in known {
            let value = given.get(&parameter.name).cloned().unwrap_or(parameter.default);
            if let Some(expected) = parameter.value_type.filter(|expected| !expected.accepts(&value)) {
                let parameter = parameter.name;
                return Err(FlowError::WrongParameterType {
                    flow: flow(),
                    parameter,
                    expected,
                    value: Box::new(value),
                });
            }
            values.insert(parameter.name, value);
        }
        Ok(values)
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow")
            .field("name", &self.name())
            .field("tasks", &self.slugs().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl FlowTask {
    fn parameter(&self, declaration: &ParameterDeclaration) -> Parameter {
        let mut other = Map::new();
        other.insert("slug".to_owned(), json!(self.slug));
        other.insert("tags".to_owned(), json!(self.definition.tags));
        other.insert("type".to_owned(), json!("prefect.core.parameter.Parameter"));
        other.insert("outputs".to_owned(), json!("typing.Any"));
        other.insert("__version__".to_owned(), json!(crate::API_VERSION));
        Parameter {
            name: self.definition.name.clone(),
            required: declaration.required,
            default: declaration.default.clone(),
            value_type: declaration.value_type,
            other,
        }
    }
}

impl Plan {
    fn check(draft: Draft) -> Result<Self, FlowError> {
        let flow = draft.name.clone();
        if flow.trim().is_empty() {
            return Err(FlowError::NoName);
        }
        if let Some(error) = draft.errors.into_iter().next() {
            return Err(error);
        }
        if let Some(Err(reason)) = draft.schedule.as_ref().map(Schedule::check) {
            return Err(FlowError::BadSchedule { flow, reason });
        }
        let mut seen = HashSet::new();
        let edges: Vec<Edge> = draft
            .edges
            .into_iter()
            .filter(|edge| seen.insert(edge.clone()))
            .collect();
        let mut counts: HashMap<String, usize> = HashMap::new();
        let tasks: Vec<FlowTask> = draft
            .tasks
            .into_iter()
            .map(|task| {
                let count = counts.entry(task.definition.name.clone()).or_default();
                *count += 1;
                let slug = format!("{}-{count}", task.definition.name);
                FlowTask {
                    definition: task.definition,
                    slug,
                    mapped: task.mapped,
                    constants: task.constants,
                }
            })
            .collect();
        let graph = Graph::new(
            tasks.len(),
            edges.iter().map(|edge| (edge.upstream, edge.downstream)),
        );
        let order = graph.order().map_err(|Cycle(circle)| {
            let mut names: Vec<String> = circle.iter().map(|&task| tasks[task].slug.clone()).collect();
            names.extend(names.first().cloned());
            FlowError::Cycle { flow, tasks: names }
        })?;
        let mut edges_to = vec![Vec::new(); tasks.len()];
        let mut edges_from = vec![Vec::new(); tasks.len()];
        for (number, edge) in edges.iter().enumerate() {
            edges_to[edge.downstream].push(number);
            edges_from[edge.upstream].push(number);
        }
        Ok(Self {
            name: draft.name,
            description: draft.description,
            depths: graph.depths(&order),
            tasks,
            edges,
            graph,
            edges_to,
            edges_from,
            reference_tasks: draft.reference_tasks.filter(|tasks| !tasks.is_empty()),
            schedule: draft.schedule,
            labels: draft.labels,
            max_workers: draft.max_workers,
            handlers: draft.handlers,
        })
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&FlowTask, &ParameterDeclaration)> {
        self.tasks.iter().filter_map(|task| match &task.definition.kind {
            Kind::Parameter(declaration) => Some((task, declaration)),
            Kind::Function(_) => None,
        })
    }

    /// The tasks that decide how a run ends.
    pub(crate) fn deciding_tasks(&self) -> Vec<usize> {
        self.reference_tasks
            .clone()
            .unwrap_or_else(|| self.graph.leaves().collect())
    }
}
