//! The real binary from the outside: servers, agents, runs and crashes, each test with data of its own.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod agents;
mod bundled;
mod commands;
mod crashes;
mod flows;
mod harness;
mod own_project;
mod python;
mod restarts;
