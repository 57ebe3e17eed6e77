//! Background loops, one file each. Every loop has a `tick` that a test can call.

pub mod scheduler;
