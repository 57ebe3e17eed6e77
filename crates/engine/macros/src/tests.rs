//! What the attribute says of functions it cannot make tasks of, and what it writes for those it can.

use proc_macro2::TokenStream;

use crate::expand::expand;
use crate::options::Options;

fn expanded(options: &str, function: &str) -> Result<String, String> {
    let options: Options = syn::parse_str(options).map_err(|error| error.to_string())?;
    let function = syn::parse_str(function).unwrap();
    expand(&options, &function)
        .map(|tokens: TokenStream| tokens.to_string())
        .map_err(|error| error.to_string())
}

#[test]
fn mistakes_are_said_in_a_sentence() {
    let plain = "fn f(x: i64) -> i64 { x }";
    for (options, function, expected) in [
        (
            "retires = 3",
            plain,
            "a task has no option `retires`. The options are `name`, `retries`,",
        ),
        (
            "retries = 3, retries = 4",
            plain,
            "the option `retries` is given twice",
        ),
        (
            "timeout = \"soon\"",
            plain,
            "`soon` is not a duration. Write it as `500ms`, `10s`",
        ),
        ("timeout = 5", plain, "expected a text in quotes"),
        ("name = \" \"", plain, "a task's name cannot be empty"),
        (
            "trigger = \"any_failed\"",
            plain,
            "a trigger is written as a name, `trigger = any_failed`",
        ),
        ("", "async fn f() {}", "a task is a plain function"),
        ("", "fn f<T>(x: T) {}", "a task cannot be generic"),
        (
            "",
            "fn f(&self) {}",
            "a task is a free function: it cannot take `self`",
        ),
        (
            "",
            "fn f((a, b): (i64, i64)) {}",
            "an input of a task needs a plain name",
        ),
        ("", "fn f(x: &mut i64) {}", "an input of a task cannot be `&mut`"),
        (
            "",
            "fn f(x: impl Clone) {}",
            "an input of a task needs a concrete type",
        ),
    ] {
        let error = expanded(options, function).unwrap_err();
        assert!(error.starts_with(expected), "{options} {function}: {error}");
    }
}

#[test]
fn options_become_builder_calls() {
    let code = expanded(
        "name = \"n\", retries = 3, retry_delay = \"10s\", trigger = some_failed(2), tags = [\"a\"]",
        "fn f(x: &str) -> i64 { 1 }",
    )
    .unwrap()
    .replace(' ', "");
    for expected in [
        "TaskDefinition::new(\"n\",&[\"x\"]",
        ".retries(3)",
        ".retry_delay(::core::time::Duration::from_millis(10000u64))",
        ".trigger(::flowdeck_engine::trigger::some_failed(2))",
        ".tags([\"a\"])",
        "IntoInput<::std::string::String>",
        "structf{",
    ] {
        assert!(code.contains(expected), "{expected} is not in {code}");
    }
}

#[test]
fn a_task_without_inputs_cannot_be_mapped() {
    assert!(!expanded("", "fn f() {}").unwrap().contains("fn map"));
    assert!(expanded("", "fn f(x: i64) {}").unwrap().contains("fn map"));
}

#[test]
fn names_that_are_keywords_are_read_without_their_mark() {
    let code = expanded("", "fn r#yield(r#type: &str) {}").unwrap();
    let code = code.replace(' ', "");
    assert!(
        code.contains("TaskDefinition::new(\"yield\",&[\"type\"]"),
        "{code}"
    );
    assert!(
        code.contains("take(\"type\")") && code.contains("(\"type\",::flowdeck_engine"),
        "{code}"
    );
}
