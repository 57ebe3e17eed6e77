//! Each check by itself: given a task, what is upstream, and a state, which step follows.

use std::sync::Arc;
use std::time::Duration;

use flowdeck_vocabulary::{State, StateType};
use serde_json::{Map, Value, json};

use super::{CHECKS, Environment, Step, TaskRun, Upstream, attempt, call, gates, inputs, mapping};
use crate::cache::Cache;
use crate::flow::Flow;
use crate::recorder::{Event, KnownTaskRun, MemoryRecorder};
use crate::time::FakeTime;
use crate::{CancelToken, Input, IntoMapInput, TaskDefinition, trigger};

/// A task in a flow of its own, with everything a run of it needs.
struct Bench {
    flow: Flow,
    environment: Environment,
    recorder: Arc<MemoryRecorder>,
    upstream: Vec<Upstream>,
    map_index: Option<usize>,
}

fn task() -> TaskDefinition {
    TaskDefinition::new("t", &[], |_| Ok(json!("called")))
}

impl Bench {
    fn of(task: TaskDefinition) -> Self {
        Self::in_flow(Flow::build("bench", |flow| flow.call::<Value>(task, Vec::new())).unwrap())
    }

    /// A mapped task with one constant list.
    fn mapped(list: Vec<i64>) -> Self {
        let task = TaskDefinition::new("t", &["x"], |_| Ok(Value::Null));
        let input: Input = IntoMapInput::<i64>::into_map_input(list);
        Self::in_flow(Flow::build("bench", |flow| flow.map::<Value>(task, vec![("x", input)])).unwrap())
    }

    fn in_flow(flow: Flow) -> Self {
        let recorder = Arc::new(MemoryRecorder::default());
        let environment = Environment {
            recorder: recorder.clone(),
            time: Arc::new(FakeTime::at("2026-11-23T04:00:00Z".parse().unwrap())),
            cancel: CancelToken::new(),
            cache: Cache::of_process(None),
            checkpoints: None,
            parameters: Map::new(),
        };
        Self {
            flow,
            environment,
            recorder,
            upstream: Vec::new(),
            map_index: None,
        }
    }

    fn after(mut self, upstream: Upstream) -> Self {
        self.upstream.push(upstream);
        self
    }

    fn child(mut self, index: usize) -> Self {
        self.map_index = Some(index);
        self
    }

    fn task_run(&self, state: &State) -> TaskRun<'_> {
        let known = KnownTaskRun {
            id: "id".to_owned(),
            state: Some(state.clone()),
        };
        TaskRun::new(
            &self.flow.plan,
            0,
            self.map_index,
            &self.environment,
            self.upstream.clone(),
            known,
        )
    }

    /// `next Pending` or `end Skipped`.
    fn check(&self, check: super::Check, state: State) -> String {
        match check(&mut self.task_run(&state), state.unwrapped()) {
            Step::Next(state) => format!("next {}", state.state_type),
            Step::End(state) => format!("end {}", state.state_type),
        }
    }
}

fn state(state_type: StateType) -> State {
    State::new(state_type, "")
}

fn upstream(state_type: StateType) -> Upstream {
    Upstream {
        key: None,
        mapped: false,
        state: state(state_type),
        value: None,
        children: None,
        count: None,
    }
}

fn with_children(states: &[StateType]) -> Upstream {
    let children = states
        .iter()
        .map(|&one| (state(one), Some(Arc::new(json!(1)))))
        .collect();
    Upstream {
        children: Some(children),
        count: Some(states.len()),
        ..upstream(StateType::Mapped)
    }
}

fn over(value: Value) -> Upstream {
    let value = Some(Arc::new(value));
    Upstream {
        key: Some("x".to_owned()),
        mapped: true,
        value,
        ..upstream(StateType::Success)
    }
}

#[test]
fn the_order_is_the_semantics() {
    let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names.join(" "),
        "finished_already upstream_finished upstream_skipped start_time_reached trigger mapped inputs cached \
         running call retry"
    );
}

#[test]
fn finished_already() {
    let bench = Bench::of(task());
    for (before, expected) in [
        (StateType::Pending, "next Pending"),
        (StateType::Running, "next Running"),
        (StateType::Failed, "end Failed"),
        (StateType::TriggerFailed, "end TriggerFailed"),
        (StateType::Skipped, "end Skipped"),
        (StateType::Cancelled, "end Cancelled"),
        (StateType::Mapped, "next Mapped"),
        // Its result is nowhere, so it has to be made again.
        (StateType::Success, "next Pending"),
    ] {
        assert_eq!(bench.check(gates::finished_already, state(before)), expected);
    }
}

#[test]
fn upstream_finished() {
    for (before, expected) in [
        (StateType::Success, "next Pending"),
        (StateType::Failed, "next Pending"),
        (StateType::Retrying, "end Pending"),
    ] {
        let bench = Bench::of(task()).after(upstream(before));
        assert_eq!(
            bench.check(gates::upstream_finished, state(StateType::Pending)),
            expected,
            "{before}"
        );
    }
}

#[test]
fn upstream_skipped() {
    use StateType::{Skipped, Success};
    for (task, before, expected) in [
        (task(), upstream(Skipped), "end Skipped"),
        (task(), upstream(Success), "next Pending"),
        (task(), with_children(&[Success, Skipped]), "end Skipped"),
        (
            task().skip_on_upstream_skip(false),
            upstream(Skipped),
            "next Pending",
        ),
        (
            task().trigger(trigger::not_all_skipped()),
            upstream(Skipped),
            "next Pending",
        ),
    ] {
        let bench = Bench::of(task).after(before);
        assert_eq!(
            bench.check(gates::upstream_skipped, state(StateType::Pending)),
            expected
        );
    }
}

#[test]
fn start_time_reached() {
    let bench = Bench::of(task());
    let at =
        |state_type, time: &str| state(state_type).with("start_time", format!("2026-11-23T{time}+00:00"));
    for (before, expected) in [
        (state(StateType::Pending), "next Pending"),
        (at(StateType::Retrying, "03:59:59"), "next Retrying"),
        (at(StateType::Retrying, "04:00:00"), "next Retrying"),
        (at(StateType::Retrying, "04:00:01"), "end Retrying"),
        (at(StateType::Resume, "04:00:00"), "next Resume"),
        (state(StateType::Paused), "end Paused"),
    ] {
        assert_eq!(
            bench.check(gates::start_time_reached, before.clone()),
            expected,
            "{before:?}"
        );
    }
}

#[test]
fn trigger_is_asked_once() {
    let bench = |task| Bench::of(task).after(upstream(StateType::Failed));
    let all_successful = bench(task());
    assert_eq!(
        all_successful.check(gates::trigger, state(StateType::Pending)),
        "end TriggerFailed"
    );
    assert_eq!(
        all_successful.check(gates::trigger, state(StateType::Retrying)),
        "next Retrying"
    );
    let manual = bench(task().trigger(trigger::manual_only()));
    assert_eq!(
        manual.check(gates::trigger, state(StateType::Pending)),
        "end Paused"
    );
    assert_eq!(
        manual.check(gates::trigger, state(StateType::Resume)),
        "next Resume"
    );
}

#[test]
fn trigger_is_left_to_the_children_while_there_is_a_list() {
    let pending = || state(StateType::Pending);
    let beside_a_failure = || Bench::mapped(vec![1]).after(upstream(StateType::Failed));
    assert_eq!(
        beside_a_failure().check(gates::trigger, pending()),
        "next Pending"
    );
    assert_eq!(
        beside_a_failure().child(0).check(gates::trigger, pending()),
        "end TriggerFailed"
    );
    let over_a_failure = Bench::mapped(vec![1]).after(Upstream {
        mapped: true,
        ..upstream(StateType::Failed)
    });
    assert_eq!(
        over_a_failure.check(gates::trigger, pending()),
        "end TriggerFailed"
    );
}

#[test]
fn mapped() {
    let count = |bench: Bench| match mapping::mapped(
        &mut bench.task_run(&state(StateType::Pending)),
        state(StateType::Pending),
    ) {
        Step::End(state) => state.n_map_states().ok_or(state.message.unwrap_or_default()),
        Step::Next(_) => Err("no expansion".to_owned()),
    };
    assert_eq!(count(Bench::mapped(vec![1, 2, 3])), Ok(3));
    assert_eq!(count(Bench::mapped(vec![])), Ok(0));
    assert_eq!(
        count(Bench::mapped(vec![1, 2, 3]).after(over(json!([1, 2])))),
        Ok(2)
    );
    assert_eq!(
        count(Bench::mapped(vec![1, 2, 3]).after(Upstream {
            mapped: true,
            ..with_children(&[StateType::Success])
        })),
        Ok(1)
    );
    let said = count(Bench::mapped(vec![1]).after(over(json!("text")))).unwrap_err();
    assert_eq!(
        said,
        "The input 'x' cannot be mapped over: it is a text, not a list."
    );
    assert_eq!(
        count(Bench::mapped(vec![1]).child(0)),
        Err("no expansion".to_owned())
    );
    assert_eq!(count(Bench::of(task())), Err("no expansion".to_owned()));
}

#[test]
fn inputs_come_from_constants_and_results() {
    let collected = |bench: &Bench| {
        let pending = state(StateType::Pending);
        let mut run = bench.task_run(&pending);
        inputs::inputs(&mut run, pending);
        Value::Object(run.inputs)
    };
    assert_eq!(collected(&Bench::mapped(vec![5, 6]).child(1)), json!({"x": 6}));
    assert_eq!(
        collected(&Bench::mapped(vec![5, 6]).after(over(json!([7, 8]))).child(1)),
        json!({"x": 8})
    );
    let whole = Upstream {
        mapped: false,
        ..over(json!([7, 8]))
    };
    assert_eq!(collected(&Bench::of(task()).after(whole)), json!({"x": [7, 8]}));
    let all = Upstream {
        key: Some("x".to_owned()),
        ..with_children(&[StateType::Success, StateType::Success])
    };
    assert_eq!(collected(&Bench::of(task()).after(all)), json!({"x": [1, 1]}));
    let nothing = Upstream {
        key: Some("x".to_owned()),
        ..upstream(StateType::Failed)
    };
    assert_eq!(collected(&Bench::of(task()).after(nothing)), json!({"x": null}));
}

#[test]
fn cached_looks_only_where_it_was_asked_to() {
    let bench = Bench::of(
        task()
            .cache_for(Duration::from_secs(60))
            .cache_key("a_key_of_its_own"),
    );
    assert_eq!(
        bench.check(call::cached, state(StateType::Pending)),
        "next Pending"
    );
    assert_eq!(bench.check(call::call, state(StateType::Running)), "next Cached");
    assert_eq!(bench.check(call::cached, state(StateType::Pending)), "end Cached");
    assert_eq!(
        Bench::of(task()).check(call::cached, state(StateType::Pending)),
        "next Pending"
    );
}

#[test]
fn running_is_written_down_first_and_not_at_all_when_cancelled() {
    let bench = Bench::of(task().tags(["a"]));
    assert_eq!(
        bench.check(attempt::running, state(StateType::Pending)),
        "next Running"
    );
    let recorded = bench.recorder.events().into_iter().find_map(|event| match event {
        Event::TaskRun(_, state) => Some(state),
        _ => None,
    });
    assert_eq!(recorded.unwrap().other["context"], json!({"tags": ["a"]}));
    bench.environment.cancel.cancel();
    assert_eq!(
        bench.check(attempt::running, state(StateType::Pending)),
        "end Cancelled"
    );
}

#[test]
fn retry() {
    let bench = Bench::of(task().retries(1).retry_delay(Duration::from_secs(5)));
    let after = |attempts: u32, state_type| {
        let mut run = bench.task_run(&state(StateType::Pending));
        run.run_count = attempts;
        match attempt::retry(&mut run, state(state_type)) {
            Step::End(state) => format!("{} {}", state.state_type, state.start_time().unwrap_or_default()),
            Step::Next(_) => "goes on".to_owned(),
        }
    };
    assert_eq!(
        after(1, StateType::Failed),
        "Retrying 2026-11-23T04:00:05.000000+00:00"
    );
    assert_eq!(
        after(1, StateType::TimedOut),
        "Retrying 2026-11-23T04:00:05.000000+00:00"
    );
    assert_eq!(after(2, StateType::Failed), "Failed ");
    assert_eq!(after(1, StateType::Success), "Success ");
    assert_eq!(after(1, StateType::Skipped), "Skipped ");
    bench.environment.cancel.cancel();
    assert_eq!(after(1, StateType::Failed), "Failed ");
}

#[test]
fn attempts_are_counted_across_processes() {
    let bench = Bench::of(task());
    let count = |state: State| bench.task_run(&state).run_count;
    let second = || json!({"task_run_count": 2});
    assert_eq!(count(state(StateType::Pending)), 0);
    assert_eq!(count(state(StateType::Retrying).with("run_count", 2)), 2);
    // Interrupted in its second attempt: that one is made again.
    assert_eq!(count(state(StateType::Running).with("context", second())), 1);
    assert_eq!(count(state(StateType::Running)), 0);
    let wrapped = serde_json::to_value(state(StateType::Retrying).with("run_count", 3)).unwrap();
    assert_eq!(count(state(StateType::Submitted).with("state", wrapped)), 3);
}
