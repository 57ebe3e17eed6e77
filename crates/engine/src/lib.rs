//! Placeholder while the workspace is raised.

pub mod client;
