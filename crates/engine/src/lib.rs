//! Placeholder while the workspace is raised.
