//! What can be wrong with a flow: found when it is built, or when a run of it is created.

use std::fmt;

use flowdeck_vocabulary::ParameterType;
use serde_json::Value;

/// Why a flow cannot be built or run. Every message names the flow and the tasks or parameters.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FlowError {
    /// A flow without a name.
    NoName,
    /// Tasks wait for each other in a circle; the slugs in order.
    Cycle {
        /// The flow.
        flow: String,
        /// The slugs along the circle.
        tasks: Vec<String>,
    },
    /// A handle of another flow was used.
    ForeignTask {
        /// The flow being built.
        flow: String,
        /// The task the handle belongs to.
        task: String,
        /// The flow it belongs to.
        other: String,
    },
    /// Two parameters of the same name.
    DuplicateParameter {
        /// The flow.
        flow: String,
        /// The name.
        parameter: String,
    },
    /// A task lacks an input its function takes.
    MissingInput {
        /// The flow.
        flow: String,
        /// The task.
        task: String,
        /// The input.
        input: String,
    },
    /// A task was given an input its function does not take.
    UnknownInput {
        /// The flow.
        flow: String,
        /// The task.
        task: String,
        /// The input.
        input: String,
    },
    /// A mapped task has no input to map over.
    NothingToMap {
        /// The flow.
        flow: String,
        /// The task.
        task: String,
    },
    /// A constant input, or a parameter's default, that cannot be written as JSON.
    BadConstant {
        /// The flow.
        flow: String,
        /// What it was for.
        input: String,
        /// Why.
        reason: String,
    },
    /// A schedule that cannot be evaluated.
    BadSchedule {
        /// The flow.
        flow: String,
        /// Why.
        reason: String,
    },
    /// Required parameters without a value.
    MissingParameters {
        /// The flow.
        flow: String,
        /// The names.
        parameters: Vec<String>,
    },
    /// A value for a parameter the flow does not have.
    UnknownParameter {
        /// The flow.
        flow: String,
        /// The name given.
        parameter: String,
        /// The names it has.
        known: Vec<String>,
    },
    /// A value of the wrong type.
    WrongParameterType {
        /// The flow.
        flow: String,
        /// The parameter.
        parameter: String,
        /// The type it has.
        expected: ParameterType,
        /// The value given; in a box, so that a `Result` of this error stays small.
        value: Box<Value>,
    },
    /// The recorder gave up: states can no longer be written down, so the run was stopped.
    Recorder {
        /// The flow.
        flow: String,
        /// What the recorder said.
        reason: String,
    },
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => write!(f, "A flow needs a name."),
            Self::Cycle { flow, tasks } => {
                write!(
                    f,
                    "Flow '{flow}': these tasks wait for each other in a circle: {}.",
                    tasks.join(" → ")
                )
            }
            Self::ForeignTask { flow, task, other } => write!(
                f,
                "Flow '{flow}': task '{task}' belongs to flow '{other}'. Add the task to this flow and use that handle."
            ),
            Self::DuplicateParameter { flow, parameter } => {
                write!(
                    f,
                    "Flow '{flow}' declares the parameter '{parameter}' twice. Use the first one's handle."
                )
            }
            Self::MissingInput { flow, task, input } => {
                write!(f, "Flow '{flow}': task '{task}' lacks its input '{input}'.")
            }
            Self::UnknownInput { flow, task, input } => {
                write!(f, "Flow '{flow}': task '{task}' takes no input '{input}'.")
            }
            Self::NothingToMap { flow, task } => write!(
                f,
                "Flow '{flow}': task '{task}' is mapped, but none of its inputs is a list to map over. Use `call`, or wrap an input in `each(…)`."
            ),
            Self::BadConstant { flow, input, reason } => {
                write!(
                    f,
                    "Flow '{flow}': the constant for '{input}' cannot be written as JSON: {reason}."
                )
            }
            Self::BadSchedule { flow, reason } => write!(f, "Flow '{flow}': {reason}"),
            Self::MissingParameters { flow, parameters } => write!(
                f,
                "Flow '{flow}' needs a value for {}.",
                parameters
                    .iter()
                    .map(|name| format!("'{name}'"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            Self::UnknownParameter {
                flow,
                parameter,
                known,
            } if known.is_empty() => {
                write!(
                    f,
                    "Flow '{flow}' has no parameter '{parameter}'; it has none at all."
                )
            }
            Self::UnknownParameter {
                flow,
                parameter,
                known,
            } => {
                write!(
                    f,
                    "Flow '{flow}' has no parameter '{parameter}'. Its parameters: {}.",
                    known.join(", ")
                )
            }
            Self::WrongParameterType {
                flow,
                parameter,
                expected,
                value,
            } => {
                let value: String = value.to_string().chars().take(80).collect();
                write!(
                    f,
                    "Flow '{flow}': parameter '{parameter}' takes a value of type {}, not {value}.",
                    expected.word()
                )
            }
            Self::Recorder { flow, reason } => {
                write!(
                    f,
                    "The run of flow '{flow}' was stopped because its states could not be recorded: {reason}"
                )
            }
        }
    }
}

impl std::error::Error for FlowError {}
