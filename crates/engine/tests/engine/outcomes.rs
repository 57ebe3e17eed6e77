//! Tables: how tasks upstream end, and what becomes of the task downstream and of the run.

use flowdeck_engine::{Trigger, trigger};

use crate::harness::{definition, ending, run, said, states};

/// Two tasks upstream that end as told, one downstream with the trigger: its state, and the run's.
fn downstream_of(upstream: [&'static str; 2], trigger: Trigger) -> String {
    let run = run(|flow| {
        let [first, second] = upstream;
        let first = ending(flow, "first", first);
        let second = ending(flow, "second", second);
        flow.call::<i64>(definition("last", "ok").trigger(trigger), Vec::new())
            .with_skip_on_upstream_skip(false)
            .after(&first)
            .after(&second);
    });
    format!("{} {}", run.state_of("last").unwrap(), run.state.state_type)
}

#[test]
fn triggers_decide_whether_a_task_runs() {
    let table = [
        (trigger::all_successful(), ["ok", "ok"], "Success Success"),
        (trigger::all_successful(), ["ok", "fail"], "TriggerFailed Failed"),
        (trigger::all_successful(), ["ok", "skip"], "Success Success"),
        (trigger::all_failed(), ["fail", "panic"], "Success Success"),
        (trigger::all_failed(), ["fail", "ok"], "TriggerFailed Failed"),
        (trigger::any_failed(), ["ok", "fail"], "Success Success"),
        (trigger::any_failed(), ["ok", "ok"], "TriggerFailed Failed"),
        (trigger::any_successful(), ["fail", "ok"], "Success Success"),
        (
            trigger::any_successful(),
            ["fail", "fail"],
            "TriggerFailed Failed",
        ),
        (trigger::all_finished(), ["fail", "skip"], "Success Success"),
        (trigger::not_all_skipped(), ["skip", "ok"], "Success Success"),
        (trigger::not_all_skipped(), ["skip", "skip"], "Skipped Success"),
        (trigger::some_failed(2), ["fail", "fail"], "Success Success"),
        (trigger::some_failed(2), ["fail", "ok"], "TriggerFailed Failed"),
        // A person has to say go, so the run is not over.
        (trigger::manual_only(), ["ok", "ok"], "Paused Running"),
    ];
    for (trigger, upstream, expected) in table {
        assert_eq!(
            downstream_of(upstream, trigger),
            expected,
            "{} after {upstream:?}",
            trigger.name()
        );
    }
}

#[test]
fn a_failure_goes_down_the_flow_as_trigger_failed_and_a_skip_as_skipped() {
    for (ends, expected) in [
        ("ok", "a Success, b Success, c Success"),
        ("fail", "a Failed, b TriggerFailed, c TriggerFailed"),
        ("panic", "a Failed, b TriggerFailed, c TriggerFailed"),
        ("skip", "a Skipped, b Skipped, c Skipped"),
    ] {
        let run = run(|flow| {
            let a = ending(flow, "a", ends);
            let b = ending(flow, "b", "ok").after(&a);
            ending(flow, "c", "ok").after(&b);
        });
        assert_eq!(states(&run), expected);
    }
}

#[test]
fn the_reference_tasks_decide_how_the_run_ends() {
    let with_reference = |reference: Option<&'static str>| {
        let run = run(|flow| {
            let good = ending(flow, "good", "ok");
            let bad = ending(flow, "bad", "fail");
            match reference {
                Some("good") => flow.reference_tasks(&[&good]),
                Some(_) => flow.reference_tasks(&[&good, &bad]),
                None => {}
            }
        });
        said(&run.state)
    };
    assert_eq!(with_reference(None), "Failed: Some reference tasks failed.");
    assert_eq!(
        with_reference(Some("good")),
        "Success: All reference tasks succeeded."
    );
    assert_eq!(
        with_reference(Some("both")),
        "Failed: Some reference tasks failed."
    );
}

#[test]
fn messages_say_what_happened() {
    let run = run(|flow| {
        let fails = ending(flow, "fails", "fail");
        ending(flow, "panics", "panic");
        ending(flow, "skips", "skip");
        ending(flow, "waits", "ok").after(&fails);
    });
    let message = |task: &str| said(&run.task_run(task).unwrap().state);
    assert_eq!(
        message("fails"),
        "Failed: Error during execution of task: told to"
    );
    let panicked = message("panics");
    assert!(
        panicked.starts_with("Failed: Task panicked: told to (at ") && panicked.contains("harness.rs:"),
        "{panicked}"
    );
    assert_eq!(message("skips"), "Skipped: told to");
    assert_eq!(
        message("waits"),
        "TriggerFailed: Trigger was \"all_successful\" but some of the upstream tasks failed."
    );
}

#[test]
fn an_empty_flow_succeeds() {
    assert_eq!(
        said(&run(|_| ()).state),
        "Success: All reference tasks succeeded."
    );
}
