//! The dashboard's nouns: plain data with the questions one asks of it. No requests, no signals, no DOM.

mod agent;
mod artifact;
mod bulk;
mod card_run;
mod clock_fields;
mod cron;
mod direction;
mod extensions;
mod failure;
mod flow;
mod flow_diff;
mod flow_list;
mod flow_run;
mod flow_settings;
mod home;
mod index_range;
mod log;
mod markdown;
mod parameter_draft;
mod project;
mod run_action;
mod run_column;
mod run_completion;
mod run_draft;
mod run_filter;
mod run_histogram;
mod run_list;
mod run_selection;
mod run_sort;
mod saved_view;
mod schedule;
mod schematic;
mod search;
mod server;
mod setting_draft;
mod started_runs;
mod strip;
mod task;
mod task_graph;
mod task_run;
mod task_run_list;
mod time;
mod timeline;
mod visit;

pub use agent::{Agent, AgentHealth, why_waiting};
pub use artifact::{Artifact, ArtifactContent, Artifacts, safe_link};
pub use bulk::{BulkAction, BulkAsked, BulkDeed, BulkFailure, BulkPhase, BulkProgress, BulkReason};
pub use card_run::{CardRun, card_run_of, card_runs};
pub use clock_fields::ClockFields;
pub use direction::Direction;
pub use extensions::{EXTENSIONS, Extension, Extensions};
pub use failure::{Failure, Failures};
pub use flow::{
    FirstFailure, Flow, FlowLine, FlowRuns, FlowVersion, FlowVersionLine, RunBar, Task, missing_in_words,
};
pub use flow_diff::{Change, DiffPart, FlowContents, flow_diff};
pub use flow_list::{FlowSort, FlowsView};
pub use flow_run::{
    FlowRun, FlowRunPicture, FlowRunStates, LATE_AFTER, ParentTaskRun, Start, StateEntry, idempotency_keys,
    starting_task_run, usual_duration,
};
pub use flow_settings::{FlowSettings, is_same_json, read_run_config};
pub use home::{Failing, Home, first_failure};
pub use index_range::{is_in_range, names_numbers};
pub use log::{Hue, Log, LogEntry, LogFilter, LogKey, LogLevel, LogLine, LogOf, Style, Styled, columns};
pub use markdown::{Mark, Markup, markdown};
pub use parameter_draft::{FieldError, InputKind, ParameterField, ParametersDraft, ParametersFor};
pub use project::{Project, ProjectContents, ProjectDraft, register_commands, shared_flow_names};
pub use run_action::{FlowRunAction, Offer, RunKind, StateChange, TaskRunAction};
pub use run_column::{RunColumn, run_column_names, run_columns};
pub use run_completion::{Completion, KnownValues};
pub use run_draft::{RunDraft, RunField, RunInputs, RunRequest, run_command};
pub use run_filter::{
    FILTER_HELP, FilterKind, FilterText, FilterWord, RunFilter, late_where, parameter_value, parameter_words,
    quoted_value,
};
pub use run_histogram::{EqualStretches, GroupCounts, RunCounts, RunHistogram, bar_height, dragged};
pub use run_list::{RunList, RunRow, TaskCounts};
pub use run_selection::RunSelection;
pub use run_sort::{RunSort, RunSortColumn};
pub use saved_view::{SavedView, saved_views_from_text, saved_views_to_text};
pub use schedule::{Beat, ClockChange, ClockDraft, NextTime, ScheduleDraft, schedule_in_words};
pub use schematic::SchematicView;
pub use search::{Found, FoundKind};
pub use server::{Server, address_of};
pub use setting_draft::SettingDraft;
pub use started_runs::{StartedQuestion, StartedRuns};
pub use strip::{STRIP_COLUMNS, strip};
pub use task::{PastTaskRun, TaskDetails, TaskHistory, state_of_children};
pub use task_graph::{GraphTask, TaskGraph, last_part_in_words};
pub use task_run::{
    Cursor, Retry, StateCount, TaskName, TaskNames, TaskRun, TaskRunDetails, TaskRunPage, TaskRunScope,
    TaskRuns, count_state_types, count_states, shared_names, task_run_title, with_chosen,
};
pub use task_run_list::{TaskRunKey, TaskRunsView, listed};
pub use time::{Timestamp, days_in_month, offset_text, wire_text};
pub use timeline::{
    Bar, Lane, Part, Span, TimelineView, bar_at, is_before, lanes, outlines, turns, with_room,
};
pub use visit::{Visit, visits_from_text, visits_to_text, with_visit};
