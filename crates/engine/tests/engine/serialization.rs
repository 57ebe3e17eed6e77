//! The registered form of a flow: Prefect's JSON, key by key.

use std::time::Duration;

use flowdeck_engine::{Flow, Schedule, Storage, task};
use serde_json::{Value, json};

#[task]
fn create_list(n: i64) -> Vec<i64> {
    (0..n).collect()
}

#[task(name = "plus", retries = 3, retry_delay = "1m 30s", timeout = "500ms", cache_for = "1h", cache_key = "k",
       tags = ["math"], trigger = any_successful, skip_on_upstream_skip = false)]
fn add_one(x: i64) -> i64 {
    x + 1
}

fn serialized() -> Value {
    let flow = Flow::build("map-reduce", |flow| {
        flow.describe("Adds one.");
        flow.schedule(Schedule::every(Duration::from_secs(3600)));
        flow.labels(["gpu"]);
        let n = flow.parameter::<i64>("n", 3);
        let list = create_list::call(flow, &n);
        let plus = add_one::map(flow, &list);
        flow.reference_tasks(&[&plus]);
        create_list::call(flow, 1).after(&plus);
    })
    .unwrap();
    let storage = Storage {
        path: "/opt/flows".to_owned(),
        args: vec!["--quiet".to_owned()],
    };
    flow.serialized(&storage, &["host".to_owned(), "rust".to_owned()])
}

#[test]
fn a_flow_is_written_as_prefect_does() {
    let mut flow = serialized();
    let (tasks, edges) = (flow["tasks"].take(), flow["edges"].take());
    assert_eq!(tasks.as_array().unwrap().len(), 4);
    assert_eq!(flow["parameters"][0]["value_type"], "integer");
    flow["parameters"].take();
    flow["schedule"]["clocks"].take();
    assert_eq!(
        flow,
        json!({
            "name": "map-reduce",
            "type": "prefect.core.flow.Flow",
            "schedule": {"clocks": null, "filters": [], "or_filters": [], "not_filters": [], "adjustments": [],
                         "__version__": "1.4.1"},
            "parameters": null,
            "tasks": null,
            "edges": null,
            "reference_tasks": [{"slug": "plus-1", "__version__": "1.4.1"}],
            "environment": null,
            "run_config": {"type": "UniversalRun", "env": null, "labels": ["gpu", "host", "rust"], "__version__": "1.4.1"},
            "storage": {"type": "Executable", "path": "/opt/flows", "args": ["--quiet"], "__version__": "1.4.1"},
            "description": "Adds one.",
            "flowdeck_version": env!("CARGO_PKG_VERSION"),
            "__version__": "1.4.1",
        })
    );
    let edge = |up: &str, down: &str, key: Option<&str>, mapped: bool| {
        json!({
            "upstream_task": {"slug": up, "__version__": "1.4.1"},
            "downstream_task": {"slug": down, "__version__": "1.4.1"},
            "key": key, "mapped": mapped, "flattened": false, "__version__": "1.4.1",
        })
    };
    assert_eq!(
        edges,
        json!([
            edge("n-1", "create_list-1", Some("n"), false),
            edge("create_list-1", "plus-1", Some("x"), true),
            edge("plus-1", "create_list-2", None, false),
        ])
    );
}

#[test]
fn a_task_is_written_as_prefect_does() {
    let flow = serialized();
    assert_eq!(
        flow["tasks"][2],
        json!({
            "type": "prefect.tasks.core.function.FunctionTask",
            "name": "plus",
            "slug": "plus-1",
            "tags": ["math"],
            "max_retries": 3,
            "retry_delay": 90,
            "inputs": {"x": {"required": true, "type": "typing.Any"}},
            "outputs": "typing.Any",
            "timeout": 0.5,
            "trigger": {"fn": "prefect.triggers.any_successful", "kwargs": {}},
            "skip_on_upstream_skip": false,
            "cache_for": 3600,
            "cache_key": "k",
            "cache_validator": {"fn": "prefect.engine.cache_validators.all_inputs", "kwargs": {}},
            "auto_generated": false,
            "__version__": "1.4.1",
        })
    );
    assert_eq!(flow["tasks"][0]["type"], "prefect.core.parameter.Parameter");
    assert_eq!(flow["tasks"][0]["default"], 3);
    assert_eq!(flow["tasks"][3]["slug"], "create_list-2");
}
