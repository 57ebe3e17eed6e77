//! Parts that know flows, runs, tasks and agents. Data comes in by props, answers go out by callbacks; nothing
//! here asks the server.

pub mod action_bar;
pub mod agent_lights;
pub mod artifacts;
pub mod edit_labels;
pub mod favicon;
pub mod flow_line;
pub mod flow_run_list;
pub mod flow_run_table;
pub mod inspector;
pub mod json;
pub mod json_field;
pub mod labels;
pub mod mapped_runs;
pub mod markdown;
pub mod neighbors;
pub mod parameter_fields;
pub mod progress;
pub mod project_select;
pub mod run_bars;
pub mod run_counts;
pub mod run_filter;
pub mod run_filter_field;
pub mod run_histogram;
pub mod run_table;
pub mod set_state;
pub mod state_badge;
pub mod state_history;
pub mod task_bars;
pub mod task_run_table;
pub mod time;
pub mod toasts;
pub mod zone_field;
