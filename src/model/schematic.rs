//! What is chosen to be seen of a schematic.

use std::collections::BTreeSet;

use flowdeck_vocabulary::{StateType, TaskId};

/// What a schematic shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SchematicView {
    /// The selected task.
    pub task: Option<TaskId>,
    /// Of a run: only the tasks that failed are drawn, as long as there are any.
    pub only_failed: bool,
    /// Of a run: the states whose tasks do not stand back; empty for all.
    pub states: BTreeSet<StateType>,
}
