//! The engine as its users see it: graphs and outcomes in, states out.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is how it fails")]

mod caching;
mod cancellation;
mod drawing;
mod harness;
mod inside_a_task;
mod mapping;
mod outcomes;
mod parameters;
mod resuming;
mod retries;
mod serialization;
mod validation;
