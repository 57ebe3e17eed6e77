//! What is wrong with a flow is said when it is built, with the names.

use std::cell::RefCell;
use std::time::Duration;

use flowdeck_engine::{Flow, FlowBuilder, Schedule, TaskDefinition, task, unmapped};
use serde_json::Value;

use crate::harness::ending;

#[task]
fn double(x: i64) -> i64 {
    x * 2
}

fn message<R>(tasks: impl FnOnce(&FlowBuilder) -> R) -> String {
    Flow::build("etl", tasks).unwrap_err().to_string()
}

#[test]
fn a_circle_is_named_in_its_order() {
    let said = message(|flow| {
        let first = ending(flow, "first", "ok");
        let second = ending(flow, "second", "ok").after(&first);
        let third = ending(flow, "third", "ok").after(&second);
        first.after(&third);
    });
    let circle = said
        .strip_prefix("Flow 'etl': these tasks wait for each other in a circle: ")
        .unwrap();
    let circle: Vec<&str> = circle.trim_end_matches('.').split(" → ").collect();
    assert_eq!((circle.len(), circle.first()), (4, circle.last()));
    let in_order = ["first-1", "second-1", "third-1", "first-1"];
    assert!(
        circle
            .windows(2)
            .all(|pair| in_order.windows(2).any(|expected| expected == pair)),
        "{said}"
    );
}

#[test]
fn a_task_of_another_flow_is_named_with_both_flows() {
    let stranger = RefCell::new(None);
    Flow::build("other", |flow| {
        stranger.replace(Some(ending(flow, "stranger", "ok")))
    })
    .unwrap();
    let stranger = stranger.take().unwrap();
    let expected =
        "Flow 'etl': task 'stranger' belongs to flow 'other'. Add the task to this flow and use that handle.";
    assert_eq!(message(|flow| double::call(flow, &stranger)), expected);
    assert_eq!(message(|flow| flow.reference_tasks(&[&stranger])), expected);
    assert_eq!(message(|flow| double::call(flow, 1).after(&stranger)), expected);
}

#[test]
fn everything_else_that_can_be_wrong_is_said_with_names() {
    let task = || TaskDefinition::new("lonely", &["x"], |_| Ok(Value::Null));
    let constant = || flowdeck_engine::IntoInput::<i64>::into_input(1);
    let twice = |flow: &FlowBuilder| {
        flow.parameter::<i64>("n", 1);
        flow.parameter::<i64>("n", 2);
    };
    assert_eq!(
        Flow::build(" ", |_| ()).unwrap_err().to_string(),
        "A flow needs a name."
    );
    assert_eq!(
        message(twice),
        "Flow 'etl' declares the parameter 'n' twice. Use the first one's handle."
    );
    assert_eq!(
        message(|flow| flow.call::<()>(task(), vec![])),
        "Flow 'etl': task 'lonely' lacks its input 'x'."
    );
    assert_eq!(
        message(|flow| flow.call::<()>(task(), vec![("x", constant()), ("y", constant())])),
        "Flow 'etl': task 'lonely' takes no input 'y'."
    );
    let said = message(|flow| {
        let one = double::call(flow, 1);
        double::map(flow, unmapped(&one));
    });
    assert!(
        said.starts_with("Flow 'etl': task 'double' is mapped, but none of its inputs is a list"),
        "{said}"
    );
    let said = message(|flow| flow.schedule(Schedule::cron("often")));
    assert!(
        said.starts_with("Flow 'etl': 'often' is not a cron line"),
        "{said}"
    );
    let said = message(|flow| flow.schedule(Schedule::every(Duration::from_secs(1))));
    assert_eq!(said, "Flow 'etl': an interval of 1s is too short: at least 60 s.");
}
