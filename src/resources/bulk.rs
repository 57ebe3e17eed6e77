//! One action on many flow runs: few requests at a time, with progress, until it is done or stopped.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use flowdeck_vocabulary::{FlowRunId, StateType};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use crate::api;
use crate::model::{BulkAction, BulkDeed, BulkFailure, BulkPhase, BulkProgress};

/// So many failures are named; with each the server is asked what the run is called.
pub const NAMED_FAILURES: usize = 100;

/// How many requests are under way at once. A browser opens six connections to a server; polling needs some.
const AT_ONCE: usize = 4;

/// An action on many flow runs. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// How far it is; `None` when there is none.
    pub progress: RwSignal<Option<BulkProgress>>,
    job: StoredValue<SendWrapper<Rc<Job>>>,
}

/// What the requests of an action share. They go on when the page is left: half an action would be a surprise.
struct Job {
    progress: RwSignal<Option<BulkProgress>>,
    queue: RefCell<Vec<FlowRunId>>,
    is_stopped: Cell<bool>,
    at_work: Cell<usize>,
    after: Callback<()>,
}

/// An action on many flow runs; `after` is called when it has ended or was stopped.
pub fn use_bulk(after: Callback<()>) -> Bulk {
    let progress = RwSignal::new(None);
    Bulk {
        progress,
        job: StoredValue::new(SendWrapper::new(Rc::new(Job::new(progress, after)))),
    }
}

impl Bulk {
    /// Begins an action; while one is at work there is no other.
    pub fn start(self, deed: BulkDeed, mut runs: Vec<FlowRunId>) {
        if untrack(|| self.is_at_work()) {
            return;
        }
        self.progress.set(Some(BulkProgress {
            deed: deed.clone(),
            total: runs.len(),
            done: 0,
            failures: Vec::new(),
            phase: BulkPhase::AtWork,
        }));
        let before = self.job.with_value(|job| Rc::clone(job));
        let job = Rc::new(Job::new(before.progress, before.after));
        self.job.set_value(SendWrapper::new(Rc::clone(&job)));
        // The first run of the list is the first to be dealt with.
        runs.reverse();
        job.queue.replace(runs);
        job.at_work.set(AT_ONCE);
        for _ in 0..AT_ONCE {
            spawn_local(Rc::clone(&job).work(deed.clone()));
        }
    }

    /// Whether one is at work; followed when it is read reactively.
    pub fn is_at_work(self) -> bool {
        let is_at_work =
            |progress: &Option<BulkProgress>| progress.as_ref().is_some_and(BulkProgress::is_at_work);
        self.progress.with(is_at_work)
    }

    /// Stops after the requests that are under way.
    pub fn stop(self) {
        self.job.with_value(|job| job.is_stopped.set(true));
    }

    /// Takes away what is shown of an action that has ended.
    pub fn close(self) {
        self.progress.set(None);
    }
}

impl Job {
    fn new(progress: RwSignal<Option<BulkProgress>>, after: Callback<()>) -> Self {
        Self {
            progress,
            queue: RefCell::new(Vec::new()),
            is_stopped: Cell::new(false),
            at_work: Cell::new(0),
            after,
        }
    }

    /// Changes what is shown, if the page is still there.
    fn note(&self, change: impl FnOnce(&mut BulkProgress)) {
        self.progress.try_update(|progress| {
            if let Some(progress) = progress {
                change(progress);
            }
        });
    }

    /// What a run is called with which it did not go well, unless there are too many of them.
    async fn name(&self, id: FlowRunId) -> Option<String> {
        let failed = self
            .progress
            .try_with_untracked(|progress| progress.as_ref().map(|progress| progress.failures.len()));
        failed.flatten().filter(|failed| *failed < NAMED_FAILURES)?;
        api::flow_run::name(id).await.ok()?
    }

    /// Deals with one run after the other until none is left.
    async fn work(self: Rc<Self>, deed: BulkDeed) {
        loop {
            let next = self.queue.borrow_mut().pop();
            let Some(id) = next.filter(|_| !self.is_stopped.get()) else {
                break;
            };
            let failure = match act(&deed, id).await {
                Ok(()) => None,
                Err(why) => Some(BulkFailure {
                    id,
                    name: self.name(id).await,
                    why,
                }),
            };
            self.note(|progress| {
                progress.done += 1;
                progress.failures.extend(failure);
            });
        }
        self.at_work.set(self.at_work.get() - 1);
        if self.at_work.get() == 0 {
            self.note(|progress| {
                progress.phase = if progress.done < progress.total {
                    BulkPhase::Stopped
                } else {
                    BulkPhase::Ended
                };
            });
            self.after.try_run(());
        }
    }
}

/// Does it with one run; the error is why it did not go well.
async fn act(deed: &BulkDeed, id: FlowRunId) -> Result<(), String> {
    let action = match deed {
        BulkDeed::Action(action) => *action,
        BulkDeed::SetState(change) => {
            let set = api::flow_run::change_state(id, change).await;
            return set.map(|_| ()).map_err(|error| error.to_string());
        }
    };
    let result = match action {
        BulkAction::Cancel => match api::flow_run::cancel(id).await {
            Ok(StateType::Cancelled | StateType::Cancelling) => return Ok(()),
            Ok(state) => return Err(format!("It had ended before, as {state}.")),
            Err(error) => Err(error),
        },
        BulkAction::Restart => api::flow_run::restart(id, None).await.map(|_| ()),
        BulkAction::RunAgain => api::flow_run::run_again(id).await.map(|_| ()),
        BulkAction::Delete => api::flow_run::delete(id).await,
    };
    result.map_err(|error| error.to_string())
}
