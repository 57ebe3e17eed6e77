//! The walk over the graph: what is ready goes to a thread, deepest first, and each end makes more ready.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use flowdeck_vocabulary::{State, StateType};
use jiff::Timestamp;

use crate::flow::Flow;
use crate::flow_runner::options::RunOptions;
use crate::flow_runner::pool::{Job, News, Pool};
use crate::flow_runner::progress::{Place, Progress};
use crate::flow_runner::result::{FlowRunResult, TaskRunResult};
use crate::recorder::{KnownTaskRun, RecordError};
use crate::states;
use crate::task_runner::{End, Environment};

/// Why a walk is over.
pub(super) enum Stopped {
    /// Nothing is left to do, now or at all.
    Finished,
    /// The run was cancelled.
    Cancelled,
    /// States can no longer be written down.
    Lost(RecordError),
}

/// A run on its way.
pub(super) struct Walk<'a> {
    flow: &'a Flow,
    environment: Arc<Environment>,
    progress: Progress,
    pool: Pool,
    news: Receiver<News>,
    workers: usize,
    in_flight: usize,
    /// Deepest first, so that mapped pipelines run child by child to their end; then in order of arrival.
    ready: BinaryHeap<(usize, Reverse<usize>, Place)>,
    arrivals: usize,
    /// Retries, by the time they start.
    waiting: BTreeSet<(Timestamp, Place)>,
    longest_wait: Option<Duration>,
    grace: Duration,
    lost: Option<RecordError>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(flow: &'a Flow, environment: Arc<Environment>, options: &RunOptions) -> Self {
        let (sender, news) = mpsc::channel();
        let workers = options
            .max_workers
            .or(flow.plan.max_workers)
            .unwrap_or_else(default_workers);
        let pool = Pool::start(workers, flow, &environment, &sender);
        environment.cancel.when_cancelled(move || {
            // The walk may be over by the time somebody cancels.
            let _ = sender.send(News::Cancelled);
        });
        Self {
            flow,
            environment,
            progress: Progress::new(flow.plan.tasks.len()),
            pool,
            news,
            workers,
            in_flight: 0,
            ready: BinaryHeap::new(),
            arrivals: 0,
            waiting: BTreeSet::new(),
            longest_wait: options.longest_wait,
            grace: options.grace,
            lost: None,
        }
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    pub(super) fn run(&mut self) -> Stopped {
        for task in 0..self.flow.plan.tasks.len() {
            self.begin_if_possible(task);
        }
        while !self.is_stopping() {
            self.start_ready();
            if self.in_flight == 0 && self.ready.is_empty() && self.waiting.is_empty() {
                return Stopped::Finished;
            }
            self.listen();
            self.wake_up();
        }
        self.wind_down();
        match self.lost.take() {
            Some(error @ RecordError::Lost(_)) => Stopped::Lost(error),
            _ => Stopped::Cancelled,
        }
    }

    fn is_stopping(&self) -> bool {
        self.lost.is_some() || self.environment.cancel.is_cancelled()
    }

    fn start_ready(&mut self) {
        while self.in_flight < self.workers {
            let Some((_, _, place)) = self.ready.pop() else {
                return;
            };
            let upstream = self.progress.upstream(&self.flow.plan, place);
            let slot = self.progress.slot(place);
            let again = slot.run_count > 0;
            let known = again.then(|| KnownTaskRun {
                id: slot.id.clone(),
                state: Some(slot.state.clone()),
            });
            let (task, map_index) = place;
            if !self.pool.submit(Job {
                task,
                map_index,
                upstream,
                known,
            }) {
                self.lost = Some(RecordError::Lost(
                    "no thread for tasks could be started".to_owned(),
                ));
                return;
            }
            self.in_flight += 1;
        }
    }

    /// Waits for news, or for the next retry's time.
    fn listen(&mut self) {
        let next = self.waiting.first().map(|(start, _)| *start);
        let time = &self.environment.time;
        let news = match next {
            None => self.news.recv().ok(),
            Some(start) if self.in_flight == 0 => self.news.recv_timeout(time.wait_for(start)).ok(),
            Some(start) => {
                let until = Duration::try_from(start.duration_since(time.now())).unwrap_or(Duration::ZERO);
                self.news.recv_timeout(until).ok()
            }
        };
        if let Some(News::Ended { task, map_index, end }) = news {
            self.take_in((task, map_index), end);
        }
    }

    /// Makes the retries whose time has come ready.
    fn wake_up(&mut self) {
        let now = self.environment.time.now();
        while let Some(&(start, place)) = self.waiting.first() {
            if start > now {
                return;
            }
            self.waiting.pop_first();
            self.push(place);
        }
    }

    fn take_in(&mut self, place: Place, end: End) {
        self.in_flight -= 1;
        let (task, map_index) = place;
        let slot = self.progress.slot(place);
        slot.id = end.id;
        slot.value = end.value;
        slot.run_count = end.run_count;
        if let Some(error) = end.failure {
            // A lost server outweighs a refusal: it says why nothing more is written.
            if !matches!(self.lost, Some(RecordError::Lost(_))) {
                self.lost = Some(error);
            }
            return;
        }
        slot.state = end.state;
        if slot.state.state_type.is_scheduled() {
            let state = slot.state.clone();
            self.wait_for(place, &state);
            return;
        }
        if !slot.is_finished() {
            return;
        }
        match map_index {
            None => self.parent_ended(task),
            Some(index) => self.child_ended(task, index),
        }
    }

    /// A state with a start time comes again, unless that time is left to a later process.
    fn wait_for(&mut self, place: Place, state: &State) {
        let Some(start) = states::start_time(state) else {
            return;
        };
        let ahead =
            Duration::try_from(start.duration_since(self.environment.time.now())).unwrap_or(Duration::ZERO);
        if self.longest_wait.is_none_or(|longest| ahead <= longest) {
            self.waiting.insert((start, place));
        }
    }

    fn parent_ended(&mut self, task: usize) {
        let parent = &self.progress.parents[task];
        let children = match parent.state.state_type {
            StateType::Mapped => parent
                .state
                .n_map_states()
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(0),
            _ => 0,
        };
        self.progress.expand(task, children);
        for index in 0..children {
            self.begin_child_if_possible(task, index);
        }
        self.begin_downstream(task);
    }

    fn child_ended(&mut self, task: usize, index: usize) {
        self.progress.child_finished(task);
        let flow = self.flow;
        for &edge in &flow.plan.edges_from[task] {
            let edge = &flow.plan.edges[edge];
            if edge.mapped && index < self.progress.children[edge.downstream].len() {
                self.begin_child_if_possible(edge.downstream, index);
            }
        }
        if self.progress.is_done(task) {
            self.begin_downstream(task);
        }
    }

    fn begin_downstream(&mut self, task: usize) {
        let flow = self.flow;
        for &downstream in flow.plan.graph.downstream(task) {
            self.begin_if_possible(downstream);
        }
    }

    fn begin_if_possible(&mut self, task: usize) {
        if self.progress.may_begin(&self.flow.plan, task) {
            self.push((task, None));
        }
    }

    fn begin_child_if_possible(&mut self, task: usize, index: usize) {
        if self.progress.child_may_begin(&self.flow.plan, task, index) {
            self.push((task, Some(index)));
        }
    }

    fn push(&mut self, place: Place) {
        self.progress.slot(place).begun = true;
        self.ready
            .push((self.flow.plan.depths[place.0], Reverse(self.arrivals), place));
        self.arrivals += 1;
    }

    /// Cancels what is under way and gives it a moment to end; what has not begun never will.
    fn wind_down(&mut self) {
        self.environment.cancel.cancel();
        let began = Instant::now();
        while self.in_flight > 0 {
            let left = self.grace.saturating_sub(began.elapsed());
            match self.news.recv_timeout(left) {
                Ok(News::Ended { task, map_index, end }) => {
                    self.in_flight -= 1;
                    let slot = self.progress.slot((task, map_index));
                    slot.run_count = end.run_count;
                    if end.failure.is_none() {
                        slot.state = end.state;
                        slot.value = end.value;
                    } else if let Some(error @ RecordError::Lost(_)) = end.failure {
                        self.lost = Some(error);
                    }
                }
                Ok(News::Cancelled) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        let cancelled = states::cancelled(self.environment.cancel.reason());
        let slots = self
            .progress
            .parents
            .iter_mut()
            .chain(self.progress.children.iter_mut().flatten());
        for slot in slots.filter(|slot| !slot.is_finished()) {
            slot.state = cancelled.clone();
        }
    }

    /// Everything known at the end.
    pub(super) fn into_result(self, state: State) -> FlowRunResult {
        let Progress {
            parents, children, ..
        } = self.progress;
        let mut task_runs = Vec::new();
        for ((task, parent), children) in self.flow.plan.tasks.iter().zip(parents).zip(children) {
            let children = children
                .into_iter()
                .enumerate()
                .map(|(index, child)| (Some(index), child));
            for (map_index, slot) in std::iter::once((None, parent)).chain(children) {
                task_runs.push(TaskRunResult {
                    name: task.definition.name.clone(),
                    slug: task.slug.clone(),
                    map_index,
                    state: slot.state,
                    result: slot.value,
                    run_count: slot.run_count,
                });
            }
        }
        FlowRunResult { state, task_runs }
    }
}

/// Tasks mostly wait for something, so even a small machine gets a few threads.
fn default_workers() -> usize {
    std::thread::available_parallelism().map_or(4, usize::from).max(4)
}
