//! Building a flow: tasks and edges are added one by one; what is wrong is noted and said at the end.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use flowdeck_vocabulary::State;
use serde_json::Value;

use crate::error::FlowError;
use crate::handle::{AnyHandle, Handle, Input, Mapped, Source, TaskRef};
use crate::parameter_value::ParameterValue;
use crate::schedule::Schedule;
use crate::task::{Kind, ParameterDeclaration, StateHandler, TaskDefinition};

/// A flow under construction: what [`Flow::build`](crate::Flow::build) hands to its closure.
pub struct FlowBuilder {
    pub(crate) draft: Rc<RefCell<Draft>>,
}

/// What has been said of the flow so far.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) tasks: Vec<DraftTask>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) reference_tasks: Option<Vec<usize>>,
    pub(crate) schedule: Option<Schedule>,
    pub(crate) labels: Vec<String>,
    pub(crate) max_workers: Option<usize>,
    pub(crate) handlers: Vec<StateHandler>,
    pub(crate) errors: Vec<FlowError>,
}

/// One task with its constant inputs.
#[derive(Clone)]
pub(crate) struct DraftTask {
    pub(crate) definition: TaskDefinition,
    pub(crate) mapped: bool,
    pub(crate) constants: Vec<Constant>,
}

/// A constant input.
#[derive(Debug, Clone)]
pub(crate) struct Constant {
    pub(crate) key: String,
    pub(crate) value: Value,
    /// Whether it is a list to be mapped over.
    pub(crate) mapped: bool,
}

/// An edge between two tasks, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Edge {
    pub(crate) upstream: usize,
    pub(crate) downstream: usize,
    /// The input that takes the result; `None` when the edge only orders.
    pub(crate) key: Option<String>,
    pub(crate) mapped: bool,
}

impl Draft {
    /// Only the names.
    pub(crate) fn husk(&self) -> Self {
        Self {
            name: self.name.clone(),
            tasks: self.tasks.clone(),
            ..Self::default()
        }
    }

    /// Adds an edge, or notes that the upstream task belongs to another flow.
    pub(crate) fn add_edge(downstream: &TaskRef, upstream: &TaskRef, key: Option<String>, mapped: bool) {
        if !Rc::ptr_eq(&downstream.draft, &upstream.draft) {
            let other = upstream.draft.borrow();
            let mut draft = downstream.draft.borrow_mut();
            let error = FlowError::ForeignTask {
                flow: draft.name.clone(),
                task: other
                    .tasks
                    .get(upstream.index)
                    .map_or_else(String::new, |task| task.definition.name.clone()),
                other: other.name.clone(),
            };
            draft.errors.push(error);
            return;
        }
        let edge = Edge {
            upstream: upstream.index,
            downstream: downstream.index,
            key,
            mapped,
        };
        downstream.draft.borrow_mut().edges.push(edge);
    }
}

impl FlowBuilder {
    pub(crate) fn new(name: &str) -> Self {
        let draft = Draft {
            name: name.to_owned(),
            ..Draft::default()
        };
        Self {
            draft: Rc::new(RefCell::new(draft)),
        }
    }

    /// Adds a task. `#[task]` writes a typed form of this for each function: `name::call(flow, …)`.
    pub fn call<T>(&self, task: TaskDefinition, inputs: Vec<(&str, Input)>) -> Handle<T> {
        Handle::new(self.add(task, false, inputs))
    }

    /// Adds a mapped task. `#[task]` writes a typed form of this for each function: `name::map(flow, …)`.
    pub fn map<T>(&self, task: TaskDefinition, inputs: Vec<(&str, Input)>) -> Mapped<T> {
        Mapped::new(self.add(task, true, inputs))
    }

    /// A parameter with a default: a value that can be given anew for each run.
    pub fn parameter<T: ParameterValue>(&self, name: &str, default: impl Into<T>) -> Handle<T> {
        let default = serde_json::to_value(default.into()).map_err(|error| error.to_string());
        let default = self.constant_or_note(name, default);
        self.declare(
            name,
            ParameterDeclaration {
                required: false,
                default,
                value_type: T::value_type(),
            },
        )
    }

    /// A parameter without a default: a run needs a value for it.
    pub fn required_parameter<T: ParameterValue>(&self, name: &str) -> Handle<T> {
        let declaration = ParameterDeclaration {
            required: true,
            default: Value::Null,
            value_type: T::value_type(),
        };
        self.declare(name, declaration)
    }

    /// What the flow is for, in a sentence or in markdown.
    pub fn describe(&self, description: impl Into<String>) {
        self.draft.borrow_mut().description = Some(description.into());
    }

    /// Runs the flow by itself at these times, once it is registered.
    pub fn schedule(&self, schedule: Schedule) {
        self.draft.borrow_mut().schedule = Some(schedule);
    }

    /// Only agents with all these labels may run it.
    pub fn labels<L: Into<String>>(&self, labels: impl IntoIterator<Item = L>) {
        self.draft.borrow_mut().labels = labels.into_iter().map(Into::into).collect();
    }

    /// How many tasks may run at once. The number of cores, but at least 4, without this.
    pub fn max_workers(&self, workers: usize) {
        self.draft.borrow_mut().max_workers = Some(workers.max(1));
    }

    /// The tasks whose states decide how the flow run ends. The last ones (nothing downstream) without this.
    pub fn reference_tasks(&self, tasks: &[&dyn AnyHandle]) {
        let mut indices = Vec::new();
        for task in tasks.iter().map(|handle| handle.task_ref()) {
            if Rc::ptr_eq(&task.draft, &self.draft) {
                indices.push(task.index);
                continue;
            }
            let other = task.draft.borrow();
            let error = FlowError::ForeignTask {
                flow: self.draft.borrow().name.clone(),
                task: other
                    .tasks
                    .get(task.index)
                    .map_or_else(String::new, |task| task.definition.name.clone()),
                other: other.name.clone(),
            };
            self.draft.borrow_mut().errors.push(error);
        }
        self.draft.borrow_mut().reference_tasks = Some(indices);
    }

    /// Calls the function at each change of the flow run's state, with the old and the new one.
    pub fn on_state_change(&self, handler: impl FnMut(&State, &State) + Send + 'static) {
        self.draft
            .borrow_mut()
            .handlers
            .push(Arc::new(Mutex::new(handler)));
    }

    fn declare<T>(&self, name: &str, declaration: ParameterDeclaration) -> Handle<T> {
        let known =
            self.draft.borrow().tasks.iter().any(|task| {
                matches!(task.definition.kind, Kind::Parameter(_)) && task.definition.name == name
            });
        if known {
            let flow = self.draft.borrow().name.clone();
            self.note(FlowError::DuplicateParameter {
                flow,
                parameter: name.to_owned(),
            });
        }
        Handle::new(self.add(TaskDefinition::parameter(name, declaration), false, Vec::new()))
    }

    fn add(&self, definition: TaskDefinition, mapped: bool, inputs: Vec<(&str, Input)>) -> TaskRef {
        let (flow, task) = (self.draft.borrow().name.clone(), definition.name.clone());
        let given: Vec<&str> = inputs.iter().map(|(key, _)| *key).collect();
        for input in definition
            .inputs
            .iter()
            .filter(|input| !given.contains(&input.as_str()))
        {
            self.note(FlowError::MissingInput {
                flow: flow.clone(),
                task: task.clone(),
                input: input.clone(),
            });
        }
        for input in given
            .iter()
            .filter(|key| !definition.inputs.iter().any(|input| input == *key))
        {
            let input = (*input).to_owned();
            self.note(FlowError::UnknownInput {
                flow: flow.clone(),
                task: task.clone(),
                input,
            });
        }
        if mapped && !inputs.iter().any(|(_, input)| input.mapped) {
            self.note(FlowError::NothingToMap { flow, task });
        }
        let index = self.draft.borrow().tasks.len();
        self.draft.borrow_mut().tasks.push(DraftTask {
            definition,
            mapped,
            constants: Vec::new(),
        });
        let reference = TaskRef {
            draft: Rc::clone(&self.draft),
            index,
        };
        for (key, input) in inputs {
            match input.source {
                Source::Task(upstream) => {
                    Draft::add_edge(&reference, &upstream, Some(key.to_owned()), input.mapped);
                }
                Source::Constant(value) => {
                    let value = self.constant_or_note(key, value);
                    let constant = Constant {
                        key: key.to_owned(),
                        value,
                        mapped: input.mapped,
                    };
                    self.draft.borrow_mut().tasks[index].constants.push(constant);
                }
            }
        }
        reference
    }

    fn constant_or_note(&self, input: &str, value: Result<Value, String>) -> Value {
        value.unwrap_or_else(|reason| {
            let flow = self.draft.borrow().name.clone();
            self.note(FlowError::BadConstant {
                flow,
                input: input.to_owned(),
                reason,
            });
            Value::Null
        })
    }

    fn note(&self, error: FlowError) {
        self.draft.borrow_mut().errors.push(error);
    }
}
