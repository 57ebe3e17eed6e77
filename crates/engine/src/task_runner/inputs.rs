//! Inputs: the values a task's function is called with, from constants and from the results upstream.

use flowdeck_vocabulary::State;
use serde_json::Value;

use crate::task_runner::{Step, TaskRun, Upstream};

/// Collects the inputs. A task upstream without a result (failed, skipped) gives null.
pub(super) fn inputs(run: &mut TaskRun<'_>, state: State) -> Step {
    let index = run.key.map_index;
    for constant in &run.task.constants {
        let value = match (constant.mapped, index) {
            (true, Some(index)) => constant.value.get(index).cloned().unwrap_or_default(),
            _ => constant.value.clone(),
        };
        run.inputs.insert(constant.key.clone(), value);
    }
    for upstream in &run.upstream {
        if let Some(key) = &upstream.key {
            run.inputs.insert(key.clone(), upstream.result(index));
        }
    }
    Step::Next(state)
}

impl Upstream {
    /// The result as child `index` (or the task itself) sees it.
    fn result(&self, index: Option<usize>) -> Value {
        if let Some(children) = &self.children {
            let values = children
                .iter()
                .map(|(_, value)| value.as_deref().cloned().unwrap_or_default());
            return Value::Array(values.collect());
        }
        let Some(value) = self.value.as_deref() else {
            return Value::Null;
        };
        match (self.mapped && self.count.is_none(), index) {
            (true, Some(index)) => value.get(index).cloned().unwrap_or_default(),
            _ => value.clone(),
        }
    }
}
