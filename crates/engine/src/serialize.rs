//! A flow as the server stores it: Prefect's JSON (contract 4.5, transcript 2.2–2.4).

use std::time::Duration;

use flowdeck_vocabulary::EXECUTABLE_STORAGE;
use serde_json::{Map, Number, Value, json};

use crate::API_VERSION;
use crate::flow::{Flow, FlowTask};
use crate::task::Kind;

/// Where an agent finds the program that holds a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// The executable, as an absolute path.
    pub path: String,
    /// Arguments before `execute flow-run`.
    pub args: Vec<String>,
}

impl Storage {
    /// This very program.
    ///
    /// # Errors
    /// When the system cannot say where the program lies.
    pub fn this_program() -> std::io::Result<Self> {
        let path = std::env::current_exe()?;
        Ok(Self {
            path: path.to_string_lossy().into_owned(),
            args: Vec::new(),
        })
    }

    fn serialized(&self) -> Value {
        json!({"type": EXECUTABLE_STORAGE, "path": self.path, "args": self.args, "__version__": API_VERSION})
    }
}

impl Flow {
    /// The flow as the server stores it. `labels` say which agents may run it, beside the flow's own.
    #[must_use]
    pub fn serialized(&self, storage: &Storage, labels: &[String]) -> Value {
        let plan = &self.plan;
        let mut labels: Vec<&String> = labels.iter().chain(&plan.labels).collect();
        labels.sort();
        labels.dedup();
        let reference_tasks: Vec<Value> = plan
            .reference_tasks
            .iter()
            .flatten()
            .map(|&task| reference(&plan.tasks[task]))
            .collect();
        let edges: Vec<Value> = plan
            .edges
            .iter()
            .map(|edge| {
                json!({
                    "upstream_task": reference(&plan.tasks[edge.upstream]),
                    "downstream_task": reference(&plan.tasks[edge.downstream]),
                    "key": edge.key,
                    "mapped": edge.mapped,
                    "flattened": false,
                    "__version__": API_VERSION,
                })
            })
            .collect();
        json!({
            "name": plan.name,
            "type": "prefect.core.flow.Flow",
            "schedule": plan.schedule.as_ref().map(crate::Schedule::serialized),
            "parameters": self.parameters(),
            "tasks": plan.tasks.iter().map(FlowTask::serialized).collect::<Vec<_>>(),
            "edges": edges,
            "reference_tasks": reference_tasks,
            "environment": null,
            "run_config": {
                "type": "UniversalRun", "env": null, "labels": labels, "__version__": API_VERSION,
            },
            "storage": storage.serialized(),
            "description": plan.description,
            "flowdeck_version": env!("CARGO_PKG_VERSION"),
            "__version__": API_VERSION,
        })
    }
}

fn reference(task: &FlowTask) -> Value {
    json!({"slug": task.slug, "__version__": API_VERSION})
}

impl FlowTask {
    fn serialized(&self) -> Value {
        let task = &self.definition;
        let (task_type, parameter) = match &task.kind {
            Kind::Function(_) => ("prefect.tasks.core.function.FunctionTask", None),
            Kind::Parameter(declaration) => ("prefect.core.parameter.Parameter", Some(declaration)),
        };
        let inputs: Map<String, Value> = task
            .inputs
            .iter()
            .map(|input| (input.clone(), json!({"required": true, "type": "typing.Any"})))
            .collect();
        let validator = if task.cache_for.is_some() {
            "all_inputs"
        } else {
            "never_use"
        };
        let mut json = json!({
            "type": task_type,
            "name": task.name,
            "slug": self.slug,
            "tags": task.tags,
            "max_retries": task.retries,
            "retry_delay": (task.retries > 0).then(|| seconds(task.retry_delay)),
            "inputs": inputs,
            "outputs": "typing.Any",
            "timeout": task.timeout.map(seconds),
            "trigger": task.trigger.serialized(),
            "skip_on_upstream_skip": task.skips_with_upstream(),
            "cache_for": task.cache_for.map(seconds),
            "cache_key": task.cache_key,
            "cache_validator": {"fn": format!("prefect.engine.cache_validators.{validator}"), "kwargs": {}},
            "auto_generated": false,
            "__version__": API_VERSION,
        });
        if let Some(declaration) = parameter {
            json["required"] = json!(declaration.required);
            json["default"] = declaration.default.clone();
        }
        json
    }
}

/// Seconds as the API takes them: whole where they are, otherwise with a fraction.
fn seconds(duration: Duration) -> Number {
    match duration.subsec_nanos() {
        0 => Number::from(duration.as_secs()),
        _ => Number::from_f64(duration.as_secs_f64()).unwrap_or_else(|| Number::from(duration.as_secs())),
    }
}
