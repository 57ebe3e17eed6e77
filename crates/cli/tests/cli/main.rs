//! The real binary from the outside: servers, agents, runs and crashes, each test with data of its own.

mod agents;
mod commands;
mod crashes;
mod flows;
mod harness;
mod own_project;
