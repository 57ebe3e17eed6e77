//! Tasks are functions, flows are containers built from calls, states are the vocabulary.
//!
//! ```
//! use flowdeck_engine::{Flow, task};
//!
//! #[task]
//! fn create_list() -> Vec<i64> {
//!     vec![1, 1, 2, 3]
//! }
//!
//! #[task(retries = 2, retry_delay = "10s")]
//! fn add_one(x: i64) -> i64 {
//!     x + 1
//! }
//!
//! #[task]
//! fn get_sum(xs: Vec<i64>) -> i64 {
//!     xs.iter().sum()
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let flow = Flow::build("simple-map", |flow| {
//!         let numbers = create_list::call(flow);
//!         let once = add_one::map(flow, &numbers); // one task run for each number
//!         let twice = add_one::map(flow, &once);
//!         get_sum::call(flow, &twice); // a mapped result passed on is a list
//!     })?;
//!     let run = flow.run()?; // in this process, without a server
//!     assert!(run.is_successful());
//!     assert_eq!(run.value::<i64>("get_sum")?, 15);
//!     assert_eq!(add_one(1), 2); // the function stays a function
//!     Ok(())
//! }
//! ```
//!
//! What a task takes is checked by the compiler: `add_one::call` wants an `i64`, a `&Handle<i64>`, and nothing
//! else; `add_one::map` wants a list of them to map over. Handles take further wishes for one use of a task:
//! `add_one::call(flow, 1).with_retries(3).after(&other)`. Inside of a task, [`context()`] knows the run, and
//! [`info!`] and its siblings log.
//!
//! A program whose `main` hands its flows to [`cli::main`] can register them, run them, draw them, and be
//! started by an agent.

extern crate self as flowdeck_engine;

mod builder;
mod cache;
mod cancel;
mod checkpoint;
pub mod cli;
pub mod client;
#[cfg(doctest)]
mod compile_checks;
mod context;
mod error;
mod flow;
mod flow_runner;
mod flows;
mod forget;
mod graph;
mod handle;
mod log;
mod parameter_value;
mod quiet_panic;
mod recorder;
mod register;
pub mod remote;
mod retry;
mod schedule;
mod serialize;
mod signal;
mod states;
mod task;
mod task_runner;
mod time;
pub mod trigger;
mod visualize;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use builder::FlowBuilder;
pub use cancel::CancelToken;
pub use context::{Context, TaskRunInfo, context};
pub use error::FlowError;
pub use flow::Flow;
pub use flow_runner::{FlowRunResult, RunOptions, TaskRunResult, ValueError};
pub use flowdeck_engine_macros::task;
pub use flowdeck_vocabulary::{State, StateType};
pub use flows::Flows;
pub use forget::forget_old_results;
pub use handle::{
    AnyHandle, Each, Handle, Input, IntoInput, IntoMapInput, Mapped, TaskRef, Unmapped, each, unmapped,
};
pub use log::{Level, LogLine};
pub use parameter_value::ParameterValue;
pub use recorder::{Artifact, Event, KnownTaskRun, MemoryRecorder, RecordError, Recorder, TaskRunKey};
pub use register::{RegisterError, Registered, Registering, this_machine};
pub use schedule::Schedule;
pub use serialize::Storage;
pub use signal::{Outcome, Signal, TaskResult, value_outcome};
pub use task::{Inputs, TaskDefinition};
pub use time::{FakeTime, SystemTime, TimeSource};
pub use trigger::Trigger;
pub use visualize::Drawing;

/// The version of Prefect whose API and JSON shapes the engine speaks; sent as `__version__`.
pub(crate) const API_VERSION: &str = "1.4.1";

/// Locks, also after a thread panicked while it held the lock: what we keep behind locks is never left half
/// changed.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
