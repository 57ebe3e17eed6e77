//! Parameters: defaults, required ones, types.

use flowdeck_engine::{Flow, RunOptions, task};
use serde_json::json;

#[task]
fn greet(name: String, times: u32) -> String {
    vec![format!("Hello, {name}!"); times as usize].join(" ")
}

fn flow() -> Flow {
    Flow::build("greetings", |flow| {
        let name = flow.required_parameter::<String>("name");
        let times = flow.parameter::<u32>("times", 1_u32);
        greet::call(flow, &name, &times);
    })
    .unwrap()
}

#[test]
fn given_values_come_before_defaults() {
    let run = flow()
        .run_with(RunOptions::new().parameter("name", "you"))
        .unwrap();
    assert_eq!(run.value::<String>("greet").unwrap(), "Hello, you!");
    let run = flow()
        .run_with(RunOptions::new().parameter("name", "you").parameter("times", 2))
        .unwrap();
    assert_eq!(run.value::<String>("greet").unwrap(), "Hello, you! Hello, you!");
    assert_eq!(run.value::<u32>("times").unwrap(), 2);
}

#[test]
fn what_does_not_fit_is_refused_with_names() {
    let message = |options: RunOptions| flow().run_with(options).unwrap_err().to_string();
    let new = RunOptions::new;
    assert_eq!(message(new()), "Flow 'greetings' needs a value for 'name'.");
    assert_eq!(
        message(new().parameter("name", "x").parameter("tiems", 2)),
        "Flow 'greetings' has no parameter 'tiems'. Its parameters: name, times."
    );
    assert_eq!(
        message(new().parameter("name", "x").parameter("times", "often")),
        "Flow 'greetings': parameter 'times' takes a value of type integer, not \"often\"."
    );
    assert!(message(new().parameter("name", 5)).contains("of type string, not 5"));
}

#[test]
fn parameters_are_declared_with_type_and_default() {
    let declared = serde_json::to_value(flow().parameters()).unwrap();
    assert_eq!(
        declared,
        json!([
            {"name": "name", "required": true, "default": null, "value_type": "string", "slug": "name-1",
             "tags": [], "type": "prefect.core.parameter.Parameter", "outputs": "typing.Any", "__version__": "1.4.1"},
            {"name": "times", "required": false, "default": 1, "value_type": "integer", "slug": "times-1",
             "tags": [], "type": "prefect.core.parameter.Parameter", "outputs": "typing.Any", "__version__": "1.4.1"},
        ])
    );
}
