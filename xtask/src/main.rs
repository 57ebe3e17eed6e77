//! Placeholder while the workspace is raised.
fn main() {}
