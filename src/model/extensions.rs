//! What a server can do beyond the API of Prefect 1.

/// What the server can do beyond the API of Prefect 1; controls for what it cannot are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extensions {
    /// Counts of flow runs by state and over time: `flow_run_count`.
    pub run_counts: bool,
    /// How long a flow run took, to filter and sort by: `flow_run.duration_seconds`.
    pub run_durations: bool,
    /// The next times of a schedule: `schedule_preview`.
    pub schedule_preview: bool,
    /// A restart in one transaction: `restart_flow_run`.
    pub restart: bool,
    /// Filters kept under a name: `saved_view`.
    pub saved_views: bool,
}
