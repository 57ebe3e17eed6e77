//! A run that starts again: what has finished is not done again, its results come from files.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;

use flowdeck_engine::{
    Artifact, Event, Flow, KnownTaskRun, LogLine, MemoryRecorder, RecordError, Recorder, RunOptions, State,
    StateType, TaskRunKey, task, trigger,
};

use crate::harness::{said, states, still};

/// Remembers the last state of each task run, as a server does for the next process.
#[derive(Default)]
struct Server {
    states: Mutex<HashMap<TaskRunKey, State>>,
    memory: MemoryRecorder,
}

impl Server {
    /// The task runs that have run in a process, with `[n]` for children.
    fn ran(&self) -> Vec<String> {
        let running = |event| match event {
            Event::TaskRun(key, state) if state.state_type == StateType::Running => Some(key.to_string()),
            _ => None,
        };
        self.memory.events().into_iter().filter_map(running).collect()
    }

    /// The next process: the states stay, what was noted of this one goes.
    fn next_process(self: Arc<Self>) -> Arc<Self> {
        let states = self.states.lock().unwrap().clone();
        Arc::new(Self {
            states: Mutex::new(states),
            memory: MemoryRecorder::default(),
        })
    }

    fn set(&self, slug: &str, map_index: Option<usize>, state: State) {
        self.states.lock().unwrap().insert(
            TaskRunKey {
                slug: slug.to_owned(),
                map_index,
            },
            state,
        );
    }
}

impl Recorder for Server {
    fn begin(&self, task_run: &TaskRunKey) -> Result<KnownTaskRun, RecordError> {
        let state = self.states.lock().unwrap().get(task_run).cloned();
        Ok(KnownTaskRun {
            id: task_run.to_string(),
            state,
        })
    }

    fn task_run_state(&self, task_run: &TaskRunKey, id: &str, state: &State) -> Result<(), RecordError> {
        self.states
            .lock()
            .unwrap()
            .insert(task_run.clone(), state.clone());
        self.memory.task_run_state(task_run, id, state)
    }

    fn flow_run_state(&self, state: &State) -> Result<(), RecordError> {
        self.memory.flow_run_state(state)
    }

    fn log(&self, line: LogLine) {
        self.memory.log(line);
    }

    fn artifact(&self, task_run_id: &str, artifact: Artifact) -> Result<(), RecordError> {
        self.memory.artifact(task_run_id, artifact)
    }
}

#[task]
fn numbers() -> Vec<i64> {
    vec![1, 2, 3]
}

#[task]
fn double(x: i64) -> i64 {
    x * 2
}

#[task]
fn sum(xs: Vec<i64>) -> i64 {
    xs.iter().sum()
}

fn flow() -> Flow {
    Flow::build("resumed", |flow| {
        let numbers = numbers::call(flow);
        let doubled = double::map(flow, &numbers);
        sum::call(flow, &doubled);
    })
    .unwrap()
}

fn options(server: &Arc<Server>, folder: &tempfile::TempDir) -> RunOptions {
    still()
        .0
        .recorder(server.clone())
        .results_folder(folder.path())
        .run_name("one")
}

#[test]
fn only_what_is_missing_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Arc::new(Server::default());
    flow().run_with(options(&server, &folder)).unwrap();
    assert_eq!(
        server.ran(),
        ["numbers-1", "double-1[0]", "double-1[1]", "double-1[2]", "sum-1"]
    );

    // The process was killed while double[1] was at work, and sum had not begun.
    let server = server.next_process();
    server.set(
        "double-1",
        Some(1),
        State::new(StateType::Running, "Starting task run."),
    );
    server.set("sum-1", None, State::new(StateType::Pending, "Task run created"));
    let run = flow().run_with(options(&server, &folder)).unwrap();
    assert_eq!(server.ran(), ["double-1[1]", "sum-1"]);
    assert_eq!(run.value::<i64>("sum").unwrap(), 12);
    assert!(run.is_successful());
}

#[test]
fn a_success_whose_result_is_gone_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Arc::new(Server::default());
    flow().run_with(options(&server, &folder)).unwrap();
    std::fs::remove_file(folder.path().join("one/double-1.2.json")).unwrap();
    let server = server.next_process();
    let run = flow().run_with(options(&server, &folder)).unwrap();
    assert_eq!(server.ran(), ["double-1[2]"]);
    assert_eq!(run.value::<i64>("sum").unwrap(), 12);
}

#[test]
fn what_had_failed_stays_failed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Arc::new(Server::default());
    server.set("numbers-1", None, State::new(StateType::Failed, "earlier"));
    let run = flow().run_with(options(&server, &folder)).unwrap();
    assert_eq!(
        states(&run),
        "numbers Failed, double TriggerFailed, sum TriggerFailed"
    );
    assert_eq!(server.ran(), Vec::<String>::new());
}

/// Whoever finds its tasks cancelled has nothing to run, and nothing that succeeded.
#[test]
fn what_was_cancelled_is_no_success() {
    let flow = Flow::build("two ends", |flow| {
        numbers::call(flow);
        double::call(flow, 1);
    })
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (done, cancelled) in [
        (&[][..], &["numbers-1", "double-1"][..]),
        (&["numbers-1"], &["double-1"]),
    ] {
        let server = Arc::new(Server::default());
        for slug in cancelled {
            server.set(slug, None, State::new(StateType::Cancelled, "by a person"));
        }
        let run = flow.run_with(options(&server, &folder)).unwrap();
        assert_eq!(server.ran(), done);
        assert_eq!(
            said(&run.state),
            "Cancelled: Some reference tasks were cancelled.",
            "{}",
            states(&run)
        );
    }
    // A failure weighs more.
    let server = Arc::new(Server::default());
    server.set("numbers-1", None, State::new(StateType::Failed, "earlier"));
    server.set("double-1", None, State::new(StateType::Cancelled, "by a person"));
    let run = flow.run_with(options(&server, &folder)).unwrap();
    assert_eq!(said(&run.state), "Failed: Some reference tasks failed.");
}

#[test]
fn a_paused_task_runs_when_a_person_resumes_it() {
    let flow = Flow::build("manual", |flow| {
        numbers::call(flow).with_trigger(trigger::manual_only())
    })
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = Arc::new(Server::default());
    let run = flow.run_with(options(&server, &folder)).unwrap();
    assert_eq!(
        (states(&run).as_str(), run.state.state_type),
        ("numbers Paused", StateType::Running)
    );

    // The resume arrives wrapped in the agent's Submitted (contract 4.7).
    let server = server.next_process();
    let resume = State::new(StateType::Resume, "go").with("start_time", "2026-11-23T03:59:00+00:00");
    let submitted =
        State::new(StateType::Submitted, "Submitted").with("state", serde_json::to_value(resume).unwrap());
    server.set("numbers-1", None, submitted);
    let run = flow.run_with(options(&server, &folder)).unwrap();
    assert_eq!(
        (states(&run).as_str(), run.state.state_type),
        ("numbers Success", StateType::Success)
    );
}

#[test]
fn a_refused_state_stops_the_run_like_a_cancellation() {
    struct Refusing;
    impl Recorder for Refusing {
        fn begin(&self, task_run: &TaskRunKey) -> Result<KnownTaskRun, RecordError> {
            Ok(KnownTaskRun {
                id: task_run.to_string(),
                state: None,
            })
        }
        fn task_run_state(&self, _: &TaskRunKey, _: &str, _: &State) -> Result<(), RecordError> {
            Err(RecordError::Refused("not in a running state".to_owned()))
        }
        fn flow_run_state(&self, _: &State) -> Result<(), RecordError> {
            Ok(())
        }
        fn log(&self, _: LogLine) {}
        fn artifact(&self, _: &str, _: Artifact) -> Result<(), RecordError> {
            Ok(())
        }
    }
    let run = flow().run_with(still().0.recorder(Arc::new(Refusing))).unwrap();
    assert_eq!(run.state.state_type, StateType::Cancelled);
}
