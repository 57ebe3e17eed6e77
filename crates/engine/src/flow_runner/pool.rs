//! The threads tasks run on.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

use flowdeck_vocabulary::StateType;

use crate::flow::Flow;
use crate::quiet_panic;
use crate::recorder::{KnownTaskRun, RecordError, TaskRunKey};
use crate::states;
use crate::task_runner::{End, Environment, TaskRun, Upstream};

/// One task run (or one more attempt of it) to be done.
pub(super) struct Job {
    pub(super) task: usize,
    pub(super) map_index: Option<usize>,
    pub(super) upstream: Vec<Upstream>,
    /// What is known from an earlier attempt; `None` asks the recorder.
    pub(super) known: Option<KnownTaskRun>,
}

/// What the walking thread hears.
pub(super) enum News {
    /// A job is done.
    Ended {
        task: usize,
        map_index: Option<usize>,
        end: End,
    },
    /// The run was cancelled.
    Cancelled,
}

/// A fixed number of threads that take jobs and send their ends.
///
/// Dropping the pool lets idle threads go and does not wait for busy ones: a task that ignores its
/// cancellation must not hold the process.
pub(super) struct Pool {
    jobs: Sender<Job>,
}

impl Pool {
    pub(super) fn start(
        size: usize,
        flow: &Flow,
        environment: &Arc<Environment>,
        news: &Sender<News>,
    ) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..size {
            let (queue, flow) = (Arc::clone(&queue), flow.clone());
            let (environment, news) = (Arc::clone(environment), news.clone());
            let work = move || {
                while let Ok(job) = next(&queue) {
                    let (task, map_index) = (job.task, job.map_index);
                    let end = do_job(&flow, &environment, job);
                    if news.send(News::Ended { task, map_index, end }).is_err() {
                        return;
                    }
                }
            };
            let spawned = thread::Builder::new()
                .name(format!("flowdeck-worker-{number}"))
                .spawn(work);
            // With fewer threads than wanted the run is slower; without any there would be nobody to work.
            if spawned.is_err() {
                break;
            }
        }
        Self { jobs }
    }

    /// Gives a job to the next free thread. False when there is none left at all.
    pub(super) fn submit(&self, job: Job) -> bool {
        self.jobs.send(job).is_ok()
    }
}

fn next(queue: &Mutex<mpsc::Receiver<Job>>) -> Result<Job, mpsc::RecvError> {
    crate::lock(queue).recv()
}

/// Does one job. A panic here is a mistake of the engine's or the recorder's, not of a task (those are caught
/// closer): it must not leave the run waiting for ever.
fn do_job(flow: &Flow, environment: &Environment, job: Job) -> End {
    let done = quiet_panic::catch(|| {
        let slug = flow.plan.tasks[job.task].slug.clone();
        let (task, map_index) = (job.task, job.map_index);
        let known = match job.known {
            Some(known) => known,
            None => environment.recorder.begin(&TaskRunKey { slug, map_index })?,
        };
        Ok(TaskRun::new(&flow.plan, task, map_index, environment, job.upstream, known).run())
    });
    let failure = match done {
        Ok(Ok(end)) => return end,
        Ok(Err(error)) => error,
        Err(panic) => RecordError::Lost(format!("the engine panicked: {panic}")),
    };
    End {
        id: String::new(),
        state: states::without_result(StateType::Pending, "Task run not begun"),
        value: None,
        run_count: 0,
        failure: Some(failure),
    }
}
