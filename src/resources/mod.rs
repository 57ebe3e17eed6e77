//! Reactive data: `use_*` functions that keep a value fresh, and actions that change something on the server.
//! The only place with timers and intervals. No DOM.

mod artifact;
mod bulk;
mod bulk_question;
mod connection;
mod extensions;
mod filter_values;
mod flow;
mod flow_run;
mod flow_settings;
mod home;
mod kept;
mod log;
mod log_look;
mod log_reader;
mod poll;
mod project;
mod run_change;
mod run_columns;
mod run_history;
mod saved_views;
mod schedule;
mod schematic_look;
mod search;
mod server;
mod settings;
mod task;
mod task_graph;
mod task_run;
mod theme;
mod ticking;
mod toasts;
mod visits;

pub use artifact::use_artifacts;
pub use bulk::{Bulk, NAMED_FAILURES, use_bulk};
pub use bulk_question::{Asking, BulkQuestion, BulkTargets, use_bulk_question};
pub use connection::{provide_connection, use_connection};
pub use extensions::use_extensions;
pub use filter_values::use_filter_values;
pub use flow::{use_flow, use_flow_contents, use_flow_lines, use_flow_versions, use_tasks};
pub use flow_run::{
    FlowRunFilter, is_moving, use_flow_run, use_flow_run_states, use_flow_runs, use_parent_task_run,
    use_quick_run, use_run_again, use_run_inputs, use_runs_started_in, use_start_run, use_started_runs,
    use_usual_duration,
};
pub use flow_settings::{FlowChange, use_change_flow, use_run_totals};
pub use home::{late_runs, runs_under_way, use_agents, use_home, use_recent_counts, use_remove_agent};
pub use log::{Load, LogFeed, use_log};
pub use log_look::{LogTimes, use_log_look};
pub use log_reader::{LogSink, use_log_reader};
pub use project::{ProjectChange, use_change_project, use_project_contents, use_projects};
pub use run_change::{FlowRunChange, TaskRunChange, use_flow_run_change, use_task_run_change};
pub use run_columns::{keep_run_columns, kept_run_columns};
pub use run_history::{RunHistory, RunQuery, use_run_counts, use_run_history, use_usual_durations};
pub use saved_views::{SavedViews, kept_default_view, use_saved_views};
pub use schedule::{ScheduleChange, use_change_schedule, use_draft_preview, use_schedule_preview};
pub use schematic_look::use_schematic_look;
pub use search::{Answer, use_search};
pub use server::{provide_address_for_programs, use_server};
pub use settings::{HoursChoice, provide_settings, use_settings};
pub use task::{use_task, use_task_history};
pub use task_graph::use_task_graph;
pub use task_run::{use_task_run, use_task_runs, use_task_runs_in};
pub use theme::{Theme, provide_theme, use_theme};
pub use ticking::{provide_ticking, provide_visibility};
pub use toasts::provide_toasts;
pub use visits::{remember_visits, visits};
