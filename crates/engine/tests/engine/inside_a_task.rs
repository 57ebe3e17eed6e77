//! What a task can do while it runs: log, know itself, leave artifacts. And handlers, that see its states.

use std::sync::{Arc, Mutex};

use flowdeck_engine::{Flow, Level, MemoryRecorder, context, critical, debug, error, info, task, warning};
use serde_json::json;

use crate::harness::{ending, said, still};

#[task]
fn talkative(x: i64) -> i64 {
    debug!("looking at {x}");
    info!("x is {x}");
    warning!("careful");
    error!("wrong");
    critical!("broken");
    context().markdown_artifact(format!("# {x}"));
    context().link_artifact("https://example.org");
    let run = context().task_run();
    assert_eq!(
        (run.flow.as_str(), run.task.as_str(), run.map_index),
        ("f", "talkative", Some(1))
    );
    x
}

#[test]
fn lines_and_artifacts_know_their_task_run() {
    let flow = Flow::build("f", |flow| talkative::map(flow, vec![7, 7])).unwrap();
    let recorder = Arc::new(MemoryRecorder::default());
    let run = flow.run_with(still().0.recorder(recorder.clone())).unwrap();
    // The first child finds itself to be number 0 and fails on its assertion.
    assert_eq!(
        run.children("talkative")
            .filter(|child| child.state.state_type.is_failed())
            .count(),
        1
    );
    let lines: Vec<(Level, String)> = recorder
        .logs()
        .into_iter()
        .filter(|line| {
            line.name == "flowdeck.talkative" && line.task_run_id.as_deref() == Some("talkative-1[1]")
        })
        .map(|line| (line.level, line.message))
        .collect();
    let expected = [
        (Level::Debug, "looking at 7"),
        (Level::Info, "x is 7"),
        (Level::Warning, "careful"),
        (Level::Error, "wrong"),
        (Level::Critical, "broken"),
    ];
    assert_eq!(
        lines,
        expected.map(|(level, message)| (level, message.to_owned()))
    );
    let artifacts: Vec<_> = recorder
        .artifacts()
        .into_iter()
        .map(|artifact| (artifact.kind, artifact.data))
        .collect();
    assert!(artifacts.contains(&("markdown".to_owned(), json!({"markdown": "# 7"}))));
    assert!(artifacts.contains(&("link".to_owned(), json!({"link": "https://example.org"}))));
}

#[test]
fn the_runners_say_how_the_run_went() {
    let flow = Flow::build("f", |flow| ending(flow, "t", "fail")).unwrap();
    let recorder = Arc::new(MemoryRecorder::default());
    flow.run_with(still().0.recorder(recorder.clone())).unwrap();
    let lines: Vec<String> = recorder
        .logs()
        .into_iter()
        .map(|line| format!("{} {} {}", line.level.name(), line.name, line.message))
        .collect();
    assert_eq!(
        lines,
        [
            "INFO flowdeck.FlowRunner Beginning flow run for 'f'",
            "INFO flowdeck.TaskRunner Task 't': Starting task run...",
            "ERROR flowdeck.TaskRunner Task 't': Failed: Error during execution of task: told to",
            "ERROR flowdeck.FlowRunner Flow run FAILED: Some reference tasks failed.",
        ]
    );
}

#[test]
fn handlers_see_each_change_and_cannot_break_the_run() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = |what: &'static str| {
        let seen = Arc::clone(&seen);
        move |old: &flowdeck_engine::State, new: &flowdeck_engine::State| {
            seen.lock()
                .unwrap()
                .push(format!("{what} {} → {}", old.state_type, new.state_type));
        }
    };
    let flow = Flow::build("f", |flow| {
        flow.on_state_change(note("flow"));
        ending(flow, "t", "ok")
            .on_state_change(note("task"))
            .on_state_change(|_, _| panic!("in a handler"));
    })
    .unwrap();
    let run = flow.run_with(still().0).unwrap();
    assert_eq!(said(&run.state), "Success: All reference tasks succeeded.");
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "flow Pending → Running",
            "task Pending → Running",
            "task Running → Success",
            "flow Running → Success"
        ]
    );
}

#[test]
fn outside_of_a_run_a_task_is_a_function() {
    #[task]
    fn polite(name: &str) -> String {
        info!("greeting {name}");
        format!("Hello, {name}!")
    }
    assert_eq!(polite("you"), "Hello, you!");
    assert!(!context().is_cancelled());
    assert_eq!(context().task_run().task, "");
}
