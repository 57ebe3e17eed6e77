//! Tasks that end as they are told, and runs written as one line of states.

use std::sync::Arc;

use flowdeck_engine::{
    FakeTime, Flow, FlowBuilder, FlowRunResult, Handle, RunOptions, Signal, State, TaskDefinition,
};
use serde_json::Value;

/// A task without inputs that ends as the word says: `ok`, `fail`, `skip`, `panic`.
pub fn ending(flow: &FlowBuilder, name: &str, ends: &'static str) -> Handle<i64> {
    flow.call(definition(name, ends), Vec::new())
}

pub fn definition(name: &str, ends: &'static str) -> TaskDefinition {
    TaskDefinition::new(name, &[], move |_| match ends {
        "ok" => Ok(Value::from(1)),
        "fail" => Err(Signal::fail("told to")),
        "skip" => Err(Signal::skip("told to")),
        "panic" => panic!("told to"),
        other => panic!("no ending '{other}'"),
    })
}

/// Options with a time that stands still until somebody waits, and one worker, so that the order is fixed.
pub fn still() -> (RunOptions, Arc<FakeTime>) {
    let time = Arc::new(FakeTime::at("2026-11-23T04:00:00Z".parse().unwrap()));
    (RunOptions::new().time(time.clone()).max_workers(1), time)
}

/// Every task run with its state, in the order of the flow: `a Success, b Mapped, b[0] Failed`.
pub fn states(run: &FlowRunResult) -> String {
    let one = |run: &flowdeck_engine::TaskRunResult| {
        let child = run
            .map_index
            .map(|index| format!("[{index}]"))
            .unwrap_or_default();
        format!("{}{child} {}", run.name, run.state.state_type)
    };
    run.task_runs.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `Failed: Some reference tasks failed.`
pub fn said(state: &State) -> String {
    format!(
        "{}: {}",
        state.state_type,
        state.message.as_deref().unwrap_or_default()
    )
}

/// Builds and runs a flow with fixed time and order.
pub fn run<R>(tasks: impl FnOnce(&FlowBuilder) -> R) -> FlowRunResult {
    Flow::build("test", tasks).unwrap().run_with(still().0).unwrap()
}
