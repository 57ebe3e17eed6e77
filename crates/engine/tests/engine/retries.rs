//! Retries and timeouts. Time stands still, so no test waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flowdeck_engine::{Event, Flow, MemoryRecorder, Signal, TaskDefinition, context};
use serde_json::{Value, json};

use crate::harness::{said, states, still};

/// A task that fails until its attempt number `good`.
fn flaky(good: u32) -> TaskDefinition {
    TaskDefinition::new("flaky", &[], move |_| match context().task_run().run_count {
        attempt if attempt < good => Err(Signal::fail(format!("attempt {attempt}"))),
        attempt => Ok(Value::from(attempt)),
    })
}

fn recorded(definition: TaskDefinition) -> (Vec<String>, String) {
    let flow = Flow::build("f", |flow| flow.call::<u32>(definition, Vec::new())).unwrap();
    let recorder = Arc::new(MemoryRecorder::default());
    let (options, _time) = still();
    let run = flow.run_with(options.recorder(recorder.clone())).unwrap();
    let task_states = recorder.events().into_iter().filter_map(|event| match event {
        Event::TaskRun(_, state) => Some(said(&state)),
        _ => None,
    });
    (task_states.collect(), states(&run))
}

#[test]
fn a_failed_task_is_tried_again_while_retries_are_left() {
    let (recorded_states, end) = recorded(flaky(3).retries(2).retry_delay(Duration::from_secs(3600)));
    assert_eq!(
        recorded_states,
        [
            "Running: Starting task run.",
            "Retrying: Retrying Task (after attempt 1 of 3): Error during execution of task: attempt 1",
            "Running: Starting task run.",
            "Retrying: Retrying Task (after attempt 2 of 3): Error during execution of task: attempt 2",
            "Running: Starting task run.",
            "Success: Task run succeeded.",
        ]
    );
    assert_eq!(end, "flaky Success");
}

#[test]
fn when_no_retry_is_left_the_task_has_failed() {
    let (recorded_states, end) = recorded(flaky(9).retries(1));
    assert_eq!(
        recorded_states.last().unwrap(),
        "Failed: Error during execution of task: attempt 2"
    );
    assert_eq!((recorded_states.len(), end.as_str()), (4, "flaky Failed"));
}

#[test]
fn retrying_says_which_attempt_and_when_the_next_one_is() {
    let flow = Flow::build("f", |flow| {
        flow.call::<u32>(
            flaky(2).retries(5).retry_delay(Duration::from_secs(90)),
            Vec::new(),
        )
    })
    .unwrap();
    let recorder = Arc::new(MemoryRecorder::default());
    let run = flow.run_with(still().0.recorder(recorder.clone())).unwrap();
    let retrying = recorder.events().into_iter().find_map(|event| match event {
        Event::TaskRun(_, state) if state.other.contains_key("run_count") => Some(state),
        _ => None,
    });
    let retrying = retrying.unwrap();
    assert_eq!(retrying.other["run_count"], 1);
    assert_eq!(retrying.start_time(), Some("2026-11-23T04:01:30.000000+00:00"));
    assert_eq!(
        retrying.other["context"],
        json!({"task_run_count": 1, "tags": []})
    );
    assert_eq!(run.task_run("flaky").unwrap().run_count, 2);
}

#[test]
fn a_retry_too_far_ahead_is_left_to_a_later_process() {
    let flow = Flow::build("f", |flow| {
        flow.call::<u32>(
            flaky(2).retries(1).retry_delay(Duration::from_secs(3600)),
            Vec::new(),
        )
    })
    .unwrap();
    let run = flow
        .run_with(still().0.longest_wait(Duration::from_secs(600)))
        .unwrap();
    assert_eq!(states(&run), "flaky Retrying");
    assert_eq!(said(&run.state), "Running: Running flow.");
}

#[test]
fn an_attempt_that_takes_too_long_times_out_and_is_told_to_stop() {
    let (told, heard) = std::sync::mpsc::channel();
    let slow = TaskDefinition::new("slow", &[], move |_| {
        let context = context();
        while !context.is_cancelled() {
            std::thread::yield_now();
        }
        let _ = told.send(());
        Ok(Value::Null)
    });
    let flow = Flow::build("f", |flow| {
        flow.call::<()>(slow.timeout(Duration::from_millis(20)), Vec::new())
    })
    .unwrap();
    let run = flow.run().unwrap();
    let slow = run.task_run("slow").unwrap();
    assert_eq!(
        said(&slow.state),
        "TimedOut: Task timed out during execution (after 20ms)."
    );
    heard
        .recv_timeout(Duration::from_secs(10))
        .expect("the attempt left behind sees that it should stop");
}

#[test]
fn a_timed_out_attempt_is_retried_too() {
    static ATTEMPTS: AtomicU32 = AtomicU32::new(0);
    let slow_once = TaskDefinition::new("slow_once", &[], |_| {
        if ATTEMPTS.fetch_add(1, Ordering::Relaxed) == 0 {
            let context = context();
            while !context.is_cancelled() {
                std::thread::yield_now();
            }
        }
        Ok(Value::Null)
    });
    let (recorded_states, end) = recorded(slow_once.timeout(Duration::from_secs(3)).retries(1));
    assert_eq!(end, "slow_once Success", "{recorded_states:?}");
    assert_eq!(ATTEMPTS.load(Ordering::Relaxed), 2);
}
