//! What the compiler accepts and refuses, as doctests: each refusal stands beside its accepted twin.
//!
//! A constant, a handle, and a mapped result where a list is wanted:
//! ```
//! use flowdeck_engine::{Flow, task};
//! #[task] fn one() -> i64 { 1 }
//! #[task] fn add(x: i64, y: i64) -> i64 { x + y }
//! #[task] fn sum(xs: &[i64]) -> i64 { xs.iter().sum() }
//! #[task] fn name() -> &'static str { "n" }
//! #[task] fn shout(text: &str) -> String { text.to_uppercase() }
//! #[task] fn read() -> std::io::Result<Vec<i64>> { Ok(vec![1]) }
//! Flow::build("f", |flow| {
//!     let one = one::call(flow);
//!     let two = add::call(flow, &one, 1);
//!     let more = add::map(flow, vec![1, 2], &two);
//!     sum::call(flow, &more);
//!     shout::call(flow, "text");
//!     shout::call(flow, &name::call(flow));
//!     sum::call(flow, &read::call(flow));
//! }).unwrap();
//! ```
//!
//! A text is no number:
//! ```compile_fail
//! use flowdeck_engine::{Flow, task};
//! #[task] fn add(x: i64, y: i64) -> i64 { x + y }
//! Flow::build("f", |flow| add::call(flow, "one", 1)).unwrap();
//! ```
//!
//! Nor is the handle of one:
//! ```compile_fail
//! use flowdeck_engine::{Flow, task};
//! #[task] fn add(x: i64, y: i64) -> i64 { x + y }
//! #[task] fn name() -> &'static str { "n" }
//! Flow::build("f", |flow| add::call(flow, &name::call(flow), 1)).unwrap();
//! ```
//!
//! A list is not one of its elements:
//! ```compile_fail
//! use flowdeck_engine::{Flow, task};
//! #[task] fn add(x: i64, y: i64) -> i64 { x + y }
//! #[task] fn list() -> Vec<i64> { vec![1] }
//! Flow::build("f", |flow| add::call(flow, &list::call(flow), 1)).unwrap();
//! ```
//!
//! A misspelled trigger is found:
//! ```compile_fail
//! use flowdeck_engine::task;
//! #[task(trigger = any_faled)] fn f() {}
//! ```
