//! Caching: a fresh result for the same inputs is used again, also by the next process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flowdeck_engine::{Flow, TaskDefinition};
use serde_json::{Value, json};

use crate::harness::{said, still};

/// A flow whose task counts its calls; `n` is the task's input.
fn counting(name: &str, n: i64, calls: &Arc<AtomicU32>) -> Flow {
    let calls = Arc::clone(calls);
    let task = TaskDefinition::new("counted", &["n"], move |inputs| {
        calls.fetch_add(1, Ordering::Relaxed);
        inputs.take::<i64>("n").map(|n| Value::from(n * 2))
    });
    Flow::build(name, |flow| {
        flow.call::<i64>(
            task.cache_for(Duration::from_secs(60)),
            vec![("n", flowdeck_engine::IntoInput::<i64>::into_input(n))],
        )
    })
    .unwrap()
}

#[test]
fn the_same_inputs_are_computed_once_while_fresh() {
    let calls = Arc::default();
    let (options, time) = still();
    let run = |n| {
        counting("the_same_inputs", n, &calls)
            .run_with(options.clone())
            .unwrap()
    };

    let first = run(4);
    assert_eq!(
        said(&first.task_run("counted").unwrap().state),
        "Cached: Task run succeeded."
    );
    let second = run(4);
    assert_eq!(
        said(&second.task_run("counted").unwrap().state),
        "Cached: Task run used a cached result."
    );
    assert_eq!(second.value::<i64>("counted").unwrap(), 8);
    assert_eq!(calls.load(Ordering::Relaxed), 1);

    run(5);
    assert_eq!(calls.load(Ordering::Relaxed), 2, "other inputs are computed");
    time.advance(Duration::from_secs(60));
    run(4);
    assert_eq!(calls.load(Ordering::Relaxed), 3, "an old result is computed anew");
}

#[test]
fn a_cached_state_says_until_when_and_where() {
    let folder = tempfile::tempdir().unwrap();
    let flow = counting("until_when_and_where", 1, &Arc::default());
    let run = flow
        .run_with(still().0.results_folder(folder.path()).run_name("r1"))
        .unwrap();
    let state = &run.task_run("counted").unwrap().state;
    assert_eq!(
        state.other["cached_result_expiration"],
        "2026-11-23T04:01:00.000000+00:00"
    );
    let location = state.other["_result"]["location"].as_str().unwrap();
    assert_eq!(std::fs::read_to_string(location).unwrap(), json!(2).to_string());
    assert_eq!(std::fs::read_dir(folder.path().join("cache")).unwrap().count(), 1);
}
