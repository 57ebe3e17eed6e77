//! Mapping: a mapped task ends as Mapped and says how many children do its work.

use flowdeck_vocabulary::{State, StateType};
use serde_json::Value;

use crate::states;
use crate::task_runner::{Step, TaskRun};

/// Expands a mapped task. Several lists are walked side by side; the shortest says how many children there are.
pub(super) fn mapped(run: &mut TaskRun<'_>, state: State) -> Step {
    if !run.is_mapped_parent() {
        return Step::Next(state);
    }
    if !run.can_be_mapped() {
        return Step::End(states::finished(
            StateType::Failed,
            "No upstream states can be mapped over.",
        ));
    }
    let count = match run.count_children() {
        Ok(count) => count,
        Err(message) => return Step::End(states::finished(StateType::Failed, message)),
    };
    if let Err(error) = run.environment.recorder.expect_children(&run.key.slug, count) {
        run.failure = Some(error);
        return Step::End(state);
    }
    if state.state_type == StateType::Mapped && state.n_map_states() == u64::try_from(count).ok() {
        return Step::End(state);
    }
    Step::End(states::mapped(count))
}

impl TaskRun<'_> {
    /// Whether this is the task run that expands into children.
    pub(super) fn is_mapped_parent(&self) -> bool {
        self.task.mapped && self.key.map_index.is_none()
    }

    /// Whether everything it maps over succeeded.
    pub(super) fn can_be_mapped(&self) -> bool {
        self.upstream
            .iter()
            .filter(|up| up.mapped)
            .all(|up| up.state.state_type.is_successful())
    }

    fn count_children(&self) -> Result<usize, String> {
        let mut counts = Vec::new();
        for constant in self.task.constants.iter().filter(|constant| constant.mapped) {
            counts.push(constant.value.as_array().map_or(0, Vec::len));
        }
        for upstream in self.upstream.iter().filter(|upstream| upstream.mapped) {
            let length = upstream.count.or_else(|| {
                let Some(Value::Array(list)) = upstream.value.as_deref() else {
                    return None;
                };
                Some(list.len())
            });
            match (length, &upstream.key) {
                (Some(length), _) => counts.push(length),
                // An edge that only orders has nothing to count.
                (None, None) => {}
                (None, Some(key)) => {
                    let kind = upstream.value.as_deref().map_or("nothing", kind_of);
                    return Err(format!(
                        "The input '{key}' cannot be mapped over: it is {kind}, not a list."
                    ));
                }
            }
        }
        Ok(counts.into_iter().min().unwrap_or(0))
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
