//! Mapping: one task run for each element, pipelines child by child, reductions that wait for all.

use std::sync::Arc;

use flowdeck_engine::{Event, Flow, MemoryRecorder, StateType, each, task, trigger, unmapped};
use serde_json::{Value, json};

use crate::harness::{run, said, states, still};

#[task]
fn create_list() -> Vec<i64> {
    vec![1, 1, 2, 3]
}

#[task]
fn add_one(x: i64) -> i64 {
    x + 1
}

#[task]
fn add(x: i64, y: i64) -> i64 {
    x + y
}

#[task]
fn get_sum(xs: Vec<i64>) -> i64 {
    xs.iter().sum()
}

#[task]
fn two_sums(x: i64, all: &[i64]) -> i64 {
    x + all.iter().sum::<i64>()
}

#[task]
fn not_two(x: i64) -> Result<i64, String> {
    if x == 2 { Err("two".to_owned()) } else { Ok(x) }
}

#[task(trigger = all_finished)]
fn count_good(xs: Vec<Option<i64>>) -> usize {
    xs.iter().flatten().count()
}

#[test]
fn the_articles_flow_gives_fifteen() {
    let run = run(|flow| {
        let list = create_list::call(flow);
        let once = add_one::map(flow, &list);
        let twice = add_one::map(flow, &once);
        get_sum::call(flow, &twice);
    });
    assert_eq!(run.value::<i64>("get_sum").unwrap(), 15);
    assert_eq!(run.value::<Vec<i64>>("add_one-2").unwrap(), [3, 3, 4, 5]);
    assert_eq!(
        states(&run),
        "create_list Success, \
         add_one Mapped, add_one[0] Success, add_one[1] Success, add_one[2] Success, add_one[3] Success, \
         add_one Mapped, add_one[0] Success, add_one[1] Success, add_one[2] Success, add_one[3] Success, \
         get_sum Success"
    );
    let parent = run.task_run("add_one-1").unwrap();
    assert_eq!(said(&parent.state), "Mapped: Ready to proceed with mapping.");
    assert_eq!(parent.state.n_map_states(), Some(4));
}

#[test]
fn lists_are_walked_side_by_side_and_the_rest_is_the_same_for_all() {
    let run = run(|flow| {
        let list = create_list::call(flow);
        let ten = add_one::call(flow, 9);
        add::map(flow, &list, 10).with_name("constant");
        add::map(flow, &list, &ten).with_name("handle");
        add::map(flow, &list, vec![10, 20]).with_name("two_lists");
        two_sums::map(flow, &list, unmapped(&list));
    });
    assert_eq!(run.value::<Vec<i64>>("constant").unwrap(), [11, 11, 12, 13]);
    assert_eq!(run.value::<Vec<i64>>("handle").unwrap(), [11, 11, 12, 13]);
    // The shorter list says how many children there are.
    assert_eq!(run.value::<Vec<i64>>("two_lists").unwrap(), [11, 21]);
    assert_eq!(run.value::<Vec<i64>>("two_sums").unwrap(), [8, 8, 9, 10]);
}

#[test]
fn pipelines_run_child_by_child() {
    let flow = Flow::build("pipeline", |flow| {
        let list = create_list::call(flow);
        let once = add_one::map(flow, &list);
        let twice = add_one::map(flow, &once);
        get_sum::call(flow, &twice);
    })
    .unwrap();
    let recorder = Arc::new(MemoryRecorder::default());
    flow.run_with(still().0.recorder(recorder.clone())).unwrap();
    let order: Vec<String> = recorder
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::TaskRun(key, state) if state.state_type == StateType::Success => Some(key.to_string()),
            _ => None,
        })
        .collect();
    // With one worker the second add_one follows the first for each child before the next child begins.
    assert_eq!(
        order.join(" "),
        "create_list-1 add_one-1[0] add_one-2[0] add_one-1[1] add_one-2[1] add_one-1[2] add_one-2[2] \
         add_one-1[3] add_one-2[3] get_sum-1"
    );
}

#[test]
fn a_failed_child_fails_its_own_line_and_the_reduction() {
    let run = run(|flow| {
        let list = create_list::call(flow);
        let checked = not_two::map(flow, &list);
        let plus = add_one::map(flow, &checked);
        get_sum::call(flow, &plus);
        count_good::call(flow, &plus);
    });
    assert_eq!(
        states(&run),
        "create_list Success, \
         not_two Mapped, not_two[0] Success, not_two[1] Success, not_two[2] Failed, not_two[3] Success, \
         add_one Mapped, add_one[0] Success, add_one[1] Success, add_one[2] TriggerFailed, add_one[3] Success, \
         get_sum TriggerFailed, count_good Success"
    );
    assert_eq!(run.value::<usize>("count_good").unwrap(), 3);
    assert_eq!(said(&run.state), "Failed: Some reference tasks failed.");
}

#[test]
fn a_mapped_last_task_decides_by_its_children() {
    let run = run(|flow| {
        let list = create_list::call(flow);
        not_two::map(flow, &list);
    });
    assert_eq!(said(&run.state), "Failed: Some reference tasks failed.");
}

#[test]
fn what_cannot_be_mapped_over_says_so() {
    #[task]
    fn anything() -> Value {
        json!({"a": 1})
    }
    #[task]
    fn fails() -> Result<Vec<i64>, &'static str> {
        Err("no list")
    }
    let run = run(|flow| {
        let object = anything::call(flow);
        add_one::map(flow, each(&object)).with_name("over_an_object");
        let none = fails::call(flow);
        add_one::map(flow, &none).with_name("over_a_failure");
        add_one::map(flow, &none)
            .with_name("all_the_same")
            .with_trigger(trigger::all_finished());
    });
    let message = |task: &str| said(&run.task_run(task).unwrap().state);
    assert_eq!(
        message("over_an_object"),
        "Failed: The input 'x' cannot be mapped over: it is an object, not a list."
    );
    assert!(message("over_a_failure").starts_with("TriggerFailed: "));
    assert_eq!(
        message("all_the_same"),
        "Failed: No upstream states can be mapped over."
    );
}

#[test]
fn nothing_to_map_over_is_no_failure() {
    let run = run(|flow| {
        let none = add_one::map(flow, Vec::<i64>::new());
        get_sum::call(flow, &none);
    });
    assert_eq!(states(&run), "add_one Mapped, get_sum Success");
    assert_eq!(run.value::<i64>("get_sum").unwrap(), 0);
}

#[test]
fn ten_thousand_children_are_no_trouble() {
    let run = Flow::build("many", |flow| {
        let once = add_one::map(flow, (0..10_000).collect::<Vec<i64>>());
        let twice = add_one::map(flow, &once);
        get_sum::call(flow, &twice);
    })
    .unwrap()
    .run()
    .unwrap();
    assert_eq!(run.value::<i64>("get_sum").unwrap(), 49_995_000 + 20_000);
}
