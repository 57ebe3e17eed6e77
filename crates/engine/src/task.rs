//! A task: a named function, and how it is to be run.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flowdeck_vocabulary::{ParameterType, State};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::signal::{Outcome, Signal};
use crate::trigger::Trigger;

/// The function of a task: inputs in, value or signal out.
pub(crate) type Function = Arc<dyn Fn(&mut Inputs) -> Outcome<Value> + Send + Sync>;

/// Called with the old and the new state at each change.
pub(crate) type StateHandler = Arc<Mutex<dyn FnMut(&State, &State) + Send>>;

/// A named function with its settings: what `#[task]` makes, before it is part of a flow.
#[derive(Clone)]
pub struct TaskDefinition {
    pub(crate) name: String,
    pub(crate) inputs: Vec<String>,
    pub(crate) kind: Kind,
    pub(crate) retries: u32,
    pub(crate) retry_delay: Duration,
    pub(crate) timeout: Option<Duration>,
    pub(crate) trigger: Trigger,
    pub(crate) skip_on_upstream_skip: Option<bool>,
    pub(crate) cache_for: Option<Duration>,
    pub(crate) cache_key: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) handlers: Vec<StateHandler>,
}

/// What a task does when it runs.
#[derive(Clone)]
pub(crate) enum Kind {
    /// Calls a function.
    Function(Function),
    /// Answers the value of a parameter.
    Parameter(ParameterDeclaration),
}

/// A parameter as the flow declares it.
#[derive(Debug, Clone)]
pub(crate) struct ParameterDeclaration {
    pub(crate) required: bool,
    pub(crate) default: Value,
    pub(crate) value_type: Option<ParameterType>,
}

/// The values of a task's inputs, by name.
#[derive(Debug, Clone)]
pub struct Inputs {
    values: Map<String, Value>,
}

impl Inputs {
    pub(crate) fn new(values: Map<String, Value>) -> Self {
        Self { values }
    }

    /// Takes the value of one input out, read as `T`. An input that has no value is null.
    ///
    /// # Errors
    /// [`Signal::Fail`] naming the input when its value is not a `T`.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Outcome<T> {
        let value = self.values.remove(name).unwrap_or(Value::Null);
        let was_null = value.is_null();
        serde_json::from_value(value).map_err(|error| {
            let because = if was_null {
                " (the task upstream has no result)"
            } else {
                ""
            };
            Signal::Fail(format!("The input '{name}' cannot be read{because}: {error}."))
        })
    }
}

impl TaskDefinition {
    /// A task by hand: what `#[task]` writes for you. `inputs` are the names the function takes.
    pub fn new(
        name: impl Into<String>,
        inputs: &[&str],
        function: impl Fn(&mut Inputs) -> Outcome<Value> + Send + Sync + 'static,
    ) -> Self {
        Self::of_kind(name.into(), inputs, Kind::Function(Arc::new(function)))
    }

    pub(crate) fn parameter(name: &str, declaration: ParameterDeclaration) -> Self {
        Self::of_kind(name.to_owned(), &[], Kind::Parameter(declaration))
    }

    fn of_kind(name: String, inputs: &[&str], kind: Kind) -> Self {
        Self {
            name,
            inputs: inputs.iter().map(|&input| input.to_owned()).collect(),
            kind,
            retries: 0,
            retry_delay: Duration::ZERO,
            timeout: None,
            trigger: Trigger::default(),
            skip_on_upstream_skip: None,
            cache_for: None,
            cache_key: None,
            tags: Vec::new(),
            handlers: Vec::new(),
        }
    }

    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Under another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// How often a failed run is tried again. 0 without this.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How long to wait before trying again.
    #[must_use]
    pub fn retry_delay(mut self, delay: Duration) -> Self {
        self.retry_delay = delay;
        self
    }

    /// How long one attempt may take before it ends as TimedOut.
    ///
    /// Rust cannot stop a thread from outside: the attempt's thread is left to itself, its result is dropped,
    /// and [`Context::is_cancelled`](crate::Context::is_cancelled) becomes true for it.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// What has to be true of the states upstream.
    #[must_use]
    pub fn trigger(mut self, trigger: Trigger) -> Self {
        self.trigger = trigger;
        self
    }

    /// Whether the task is skipped when any task upstream was. True without this, except for the trigger
    /// `not_all_skipped`, which would otherwise never see a skipped state.
    #[must_use]
    pub fn skip_on_upstream_skip(mut self, skip: bool) -> Self {
        self.skip_on_upstream_skip = Some(skip);
        self
    }

    /// How long a result may be used again for the same inputs.
    #[must_use]
    pub fn cache_for(mut self, duration: Duration) -> Self {
        self.cache_for = Some(duration);
        self
    }

    /// Under which key results are shared between tasks and flows. The flow's and the task's name without this.
    #[must_use]
    pub fn cache_key(mut self, key: impl Into<String>) -> Self {
        self.cache_key = Some(key.into());
        self
    }

    /// Words to find the task by.
    #[must_use]
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.tags = tags.into_iter().map(Into::into).collect();
        self
    }

    /// Calls the function at each change of state, with the old and the new one.
    #[must_use]
    pub fn on_state_change(mut self, handler: impl FnMut(&State, &State) + Send + 'static) -> Self {
        self.handlers.push(Arc::new(Mutex::new(handler)));
        self
    }

    pub(crate) fn skips_with_upstream(&self) -> bool {
        self.skip_on_upstream_skip
            .unwrap_or(self.trigger != Trigger::NotAllSkipped)
    }
}

impl fmt::Debug for TaskDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskDefinition")
            .field("name", &self.name)
            .field("inputs", &self.inputs)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_input_of_the_wrong_type_is_named() {
        let mut inputs = Inputs::new(json!({"x": "one"}).as_object().unwrap().clone());
        let error = inputs.clone().take::<i64>("x").unwrap_err().to_string();
        assert!(
            error.starts_with("The input 'x' cannot be read: invalid type"),
            "{error}"
        );
        assert_eq!(inputs.take::<String>("x").unwrap(), "one");
        let error = inputs.take::<i64>("y").unwrap_err().to_string();
        assert!(
            error.starts_with("The input 'y' cannot be read (the task upstream has no result)"),
            "{error}"
        );
        assert_eq!(inputs.take::<Option<i64>>("y").unwrap(), None);
    }
}
