//! The browser tests: what a person sees, with the real binary, a real database and a real Chromium.
//!
//! Each test starts its own server on its own ports and data, so they run side by side. `cargo xtask test` builds what
//! they need; a single one runs with `cargo xtask test <part of its name>`.
#![cfg(not(target_arch = "wasm32"))]

mod harness;

mod accessibility;
mod durability;
mod failing_run;
mod flow_run_actions;
mod home;
mod liveness;
mod logs;
mod long_names;
mod no_agent;
mod outage;
mod palette;
mod parts;
mod plain_server;
mod presses;
mod projects;
mod quick_run;
mod run_filter;
mod run_form;
mod run_history;
mod schedule;
mod schematic;
mod schematic_bench;
mod screenshots;
mod settings;
mod small_windows;
mod smoke;
mod way_back;
