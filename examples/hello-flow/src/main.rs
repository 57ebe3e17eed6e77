//! Flows in a project of your own: this is all it takes.

use flowdeck_engine::{Flow, FlowError, Handle, cli, info, task};

/// The words one is greeted with.
#[task]
fn greetings(name: String) -> Vec<String> {
    ["Hello", "Good day", "Ahoy"]
        .iter()
        .map(|word| format!("{word}, {name}!"))
        .collect()
}

/// Runs once for each greeting.
#[task]
fn say(greeting: String) -> usize {
    info!("{greeting}");
    greeting.len()
}

/// A mapped result passed on is a list.
#[task]
fn count(letters: Vec<usize>) -> usize {
    letters.iter().sum()
}

fn hello() -> Result<Flow, FlowError> {
    Flow::build("hello", |flow| {
        flow.describe("Greets `name` three times and counts the letters. Ends in **Success**.");
        let name: Handle<String> = flow.parameter("name", "World");
        let greetings = greetings::call(flow, &name);
        let letters = say::map(flow, &greetings);
        count::call(flow, &letters);
    })
}

#[task]
fn build() -> String {
    info!("Built");
    "hello-1.0".to_owned()
}

/// Waits until a person lets it go on, in the dashboard or over the API.
#[task(trigger = manual_only)]
fn approve(artifact: String) -> String {
    artifact
}

#[task]
fn publish(artifact: String) {
    info!("Published {artifact}");
}

fn release() -> Result<Flow, FlowError> {
    Flow::build("release", |flow| {
        flow.describe(
            "Builds, waits for a person to approve, and publishes. Ends in **Success** once approved.",
        );
        let artifact = build::call(flow);
        let approved = approve::call(flow, &artifact);
        publish::call(flow, &approved);
    })
}

fn main() -> std::process::ExitCode {
    cli::main([hello(), release()])
}
