//! Cancelling a run: what runs is told, what has not begun never does.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use flowdeck_engine::{CancelToken, Flow, RunOptions, Signal, TaskDefinition, context};
use serde_json::Value;

use crate::harness::{ending, said, states};

#[test]
fn a_sleeping_task_wakes_up_and_the_rest_does_not_begin() {
    let (begun, wait_for_begin) = mpsc::channel();
    let sleeper = TaskDefinition::new("sleeper", &[], move |_| {
        let _ = begun.send(());
        context().sleep(Duration::MAX)?;
        Ok(Value::Null)
    });
    let flow = Flow::build("f", |flow| {
        let sleeper = flow.call::<()>(sleeper.retries(3), Vec::new());
        ending(flow, "never", "ok").after(&sleeper);
    })
    .unwrap();
    let cancel = CancelToken::new();
    let canceller = std::thread::spawn({
        let cancel = cancel.clone();
        move || {
            wait_for_begin.recv().unwrap();
            cancel.cancel();
        }
    });
    // As patient as can be: it is not waited for when the task listens.
    let options = RunOptions::new().cancel(cancel).grace(Duration::MAX);
    let run = flow.run_with(options).unwrap();
    canceller.join().unwrap();
    assert_eq!(states(&run), "sleeper Cancelled, never Cancelled");
    let attempts = |task| run.task_run(task).unwrap().run_count;
    assert_eq!((attempts("sleeper"), attempts("never")), (1, 0));
    assert_eq!(said(&run.state), "Cancelled: Flow run is cancelled");
}

#[test]
fn a_task_that_does_not_listen_does_not_hold_the_run() {
    let (release, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let cancel = CancelToken::new();
    let deaf = TaskDefinition::new("deaf", &[], {
        let cancel = cancel.clone();
        move |_| {
            cancel.cancel();
            let _ = held.lock().unwrap().recv();
            Err(Signal::fail("too late"))
        }
    });
    let flow = Flow::build("f", |flow| flow.call::<()>(deaf, Vec::new())).unwrap();
    let began = Instant::now();
    let run = flow
        .run_with(RunOptions::new().cancel(cancel).grace(Duration::from_millis(10)))
        .unwrap();
    assert!(began.elapsed() < Duration::from_secs(60));
    assert_eq!(states(&run), "deaf Cancelled");
    drop(release);
}

#[test]
fn a_run_cancelled_before_it_begins_runs_nothing() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let flow = Flow::build("f", |flow| ending(flow, "never", "panic")).unwrap();
    let run = flow.run_with(RunOptions::new().cancel(cancel)).unwrap();
    assert_eq!(states(&run), "never Cancelled");
}
