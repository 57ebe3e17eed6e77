//! What is known of a run while it goes: the state and value of every task run, and what is ready to go.

use std::sync::Arc;

use flowdeck_vocabulary::{State, StateType};
use serde_json::Value;

use crate::flow::Plan;
use crate::states;
use crate::task_runner::Upstream;

/// One task run.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) id: String,
    pub(super) state: State,
    pub(super) value: Option<Arc<Value>>,
    pub(super) run_count: u32,
    /// Handed to a thread, or ready to be, at least once.
    pub(super) begun: bool,
}

impl Slot {
    fn new() -> Self {
        let state = states::without_result(StateType::Pending, "Task run created");
        Self {
            id: String::new(),
            state,
            value: None,
            run_count: 0,
            begun: false,
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.state.state_type.is_finished()
    }
}

/// All task runs of a run.
pub(super) struct Progress {
    pub(super) parents: Vec<Slot>,
    pub(super) children: Vec<Vec<Slot>>,
    /// For each task how many of its children have not finished.
    unfinished: Vec<usize>,
}

/// The number of a task, and of its child if it is one.
pub(super) type Place = (usize, Option<usize>);

impl Progress {
    pub(super) fn new(tasks: usize) -> Self {
        Self {
            parents: (0..tasks).map(|_| Slot::new()).collect(),
            children: vec![Vec::new(); tasks],
            unfinished: vec![0; tasks],
        }
    }

    pub(super) fn slot(&mut self, (task, map_index): Place) -> &mut Slot {
        match map_index {
            Some(index) => &mut self.children[task][index],
            None => &mut self.parents[task],
        }
    }

    /// Makes the children of a task that has just expanded.
    pub(super) fn expand(&mut self, task: usize, count: usize) {
        self.children[task] = (0..count).map(|_| Slot::new()).collect();
        self.unfinished[task] = count;
    }

    pub(super) fn child_finished(&mut self, task: usize) {
        self.unfinished[task] = self.unfinished[task].saturating_sub(1);
    }

    /// Whether the task and all its children have ended.
    pub(super) fn is_done(&self, task: usize) -> bool {
        self.parents[task].is_finished() && self.unfinished[task] == 0
    }

    fn is_mapped(&self, task: usize) -> bool {
        self.parents[task].state.state_type == StateType::Mapped
    }

    /// Whether everything a task (not a child) waits for has ended. A mapped task does not wait for the
    /// children of one it maps over: its own children will, one by one.
    pub(super) fn may_begin(&self, plan: &Plan, task: usize) -> bool {
        !self.parents[task].begun
            && plan.edges_to[task]
                .iter()
                .map(|&edge| &plan.edges[edge])
                .all(|edge| match edge.mapped {
                    true => self.parents[edge.upstream].is_finished(),
                    false => self.is_done(edge.upstream),
                })
    }

    /// Whether the children upstream that a child waits for have ended.
    pub(super) fn child_may_begin(&self, plan: &Plan, task: usize, index: usize) -> bool {
        let ended = |upstream: usize| self.children[upstream].get(index).is_none_or(Slot::is_finished);
        !self.children[task][index].begun
            && plan.edges_to[task]
                .iter()
                .map(|&edge| &plan.edges[edge])
                .filter(|edge| edge.mapped && self.is_mapped(edge.upstream))
                .all(|edge| ended(edge.upstream))
    }

    /// What a task run sees upstream when it begins.
    pub(super) fn upstream(&self, plan: &Plan, (task, map_index): Place) -> Vec<Upstream> {
        plan.edges_to[task]
            .iter()
            .map(|&edge| {
                let edge = &plan.edges[edge];
                let parent = &self.parents[edge.upstream];
                let children = &self.children[edge.upstream];
                let is_mapped = self.is_mapped(edge.upstream);
                let seen = match map_index {
                    Some(index) if edge.mapped && is_mapped => children.get(index).unwrap_or(parent),
                    _ => parent,
                };
                let all = || {
                    children
                        .iter()
                        .map(|child| (child.state.clone(), child.value.clone()))
                        .collect()
                };
                Upstream {
                    key: edge.key.clone(),
                    mapped: edge.mapped,
                    state: seen.state.clone(),
                    value: seen.value.clone(),
                    children: (is_mapped && !edge.mapped).then(all),
                    count: is_mapped.then_some(children.len()),
                }
            })
            .collect()
    }
}
