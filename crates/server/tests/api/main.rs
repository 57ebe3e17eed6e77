//! The server over HTTP: the real router on a free port, a real SQLite file, and a time that stands still.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod harness;
mod mutate;
mod seed;

mod agent;
mod dashboard;
mod documents;
mod flow;
mod flow_group;
mod flow_run;
mod history;
mod nonsense;
mod project;
mod python_client;
mod reads;
mod restart;
mod schedule;
mod serving;
mod state;
mod task_run;
