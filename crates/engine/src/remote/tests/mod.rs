//! The flow run process against a stand-in for the API: what it sends, and what it does when the server is
//! away, refuses, or wants the run to stop. Against the real server it is tested in `crates/cli/tests`.

mod stand_in;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use flowdeck_vocabulary::{State, StateType};
use serde_json::json;

use crate::client::{Client, LogEntry, LogLevel};
use crate::log::Level;
use crate::remote::log_sender::LogSender;
use crate::remote::{ExecuteError, execute_flow_run, least_level};
use crate::{Flow, Flows, Signal, TaskDefinition, context, info, task};
use stand_in::{FLOW_RUN, StandIn};

#[task]
fn numbers(n: i64) -> Vec<i64> {
    info!("counting to {n}");
    (0..n).collect()
}

#[task]
fn double(x: i64) -> i64 {
    context().markdown_artifact(format!("# {x}"));
    x * 2
}

#[task]
fn sum(xs: &[i64]) -> i64 {
    xs.iter().sum()
}

fn flows() -> Flows {
    let flow = Flow::build("remote", |flow| {
        let n = flow.parameter::<i64>("n", 3);
        let numbers = numbers::call(flow, &n);
        let doubled = double::map(flow, &numbers);
        sum::call(flow, &doubled);
    });
    flow.unwrap().into()
}

fn execute(api: &StandIn, flows: &Flows) -> Result<State, ExecuteError> {
    execute_flow_run(
        flows,
        &Client::new(api.url()),
        FLOW_RUN.parse().unwrap(),
        Some(api.folder()),
    )
}

#[test]
fn the_environment_says_from_which_level_on_lines_are_sent() {
    for (said, least) in [
        (None, Level::Debug),
        (Some("WARNING"), Level::Warning),
        (Some("error"), Level::Error),
        (Some("loud"), Level::Debug),
    ] {
        assert_eq!(least_level(said), least, "{said:?}");
    }
}

#[test]
fn a_run_reports_every_state_log_and_artifact() {
    let api = StandIn::start(&flows());
    let state = execute(&api, &flows()).unwrap();
    assert_eq!(state.state_type, StateType::Success);
    assert_eq!(api.flow_run_states(), ["Running", "Success"]);
    let states = api.task_run_states();
    for slug in [
        "n-1",
        "numbers-1",
        "double-1[0]",
        "double-1[1]",
        "double-1[2]",
        "sum-1",
    ] {
        assert_eq!(states[slug], ["Running", "Success"], "{slug}");
    }
    assert_eq!(states["double-1"], ["Mapped"]);
    let logs = api.logs();
    assert!(
        logs.iter()
            .any(|line| line == "INFO flowdeck.numbers numbers-1 counting to 3"),
        "{logs:?}"
    );
    assert!(
        logs.last()
            .unwrap()
            .ends_with("Flow run SUCCESS: All reference tasks succeeded."),
        "{logs:?}"
    );
    assert_eq!(api.artifacts(), 3);
    // The first beat is sent by a thread of its own, which a short run may be ahead of.
    let deadline = Instant::now() + Duration::from_secs(20);
    while api.heartbeats() == 0 {
        assert!(Instant::now() < deadline, "no heartbeat");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_refused_line_takes_no_other_with_it() {
    let flows = Flows::from(
        Flow::build("remote", |flow| {
            let talker = TaskDefinition::new("talker", &[], |_| {
                for line in ["before", "refuse me", "after"] {
                    info!("{line}");
                }
                Ok(json!(null))
            });
            flow.call::<()>(talker, Vec::new())
        })
        .unwrap(),
    );
    let api = StandIn::start(&flows);
    execute(&api, &flows).unwrap();
    let logs = api.logs();
    for (line, is_there) in [("before", true), ("refuse me", false), ("after", true)] {
        assert_eq!(
            logs.iter().any(|log| log.ends_with(line)),
            is_there,
            "{line}: {logs:?}"
        );
    }
}

fn line(message: &str) -> LogEntry {
    LogEntry {
        flow_run_id: FLOW_RUN.parse().unwrap(),
        task_run_id: None,
        timestamp: None,
        name: "talker".to_owned(),
        level: LogLevel::Info,
        message: message.to_owned(),
    }
}

/// How many lines arrived, and how many the log says are missing.
fn arrived_and_missing(api: &StandIn) -> (usize, usize) {
    let logs = api.logs();
    let missing = logs.iter().filter_map(|line| {
        let (_, count) = line.split_once("because the server was away: ")?;
        Some(count.parse::<usize>().unwrap())
    });
    let (count, missing) = (missing.clone().count(), missing.sum());
    (logs.len() - count, missing)
}

/// The batches behind the first would otherwise get a patience each.
#[test]
fn lines_that_wait_for_a_server_that_is_gone_do_not_keep_the_process() {
    let api = StandIn::start(&flows());
    api.set_away(true);
    let sender = LogSender::with(Client::new(api.url()), Duration::from_secs(1), 32_000_000);
    for _ in 0..3000 {
        sender.send(line("lost"));
    }
    sender.flush();
    // Five tries in a second for the first of six batches, one for each of the others and for the word on what is lost.
    let calls = api.calls("write_run_logs");
    assert!(calls < 20, "{calls} calls");

    api.set_away(false);
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut sent = 3000;
    while api.logs().is_empty() {
        assert!(Instant::now() < deadline, "nothing arrives any more");
        sender.send(line("back"));
        sent += 1;
        sender.flush();
    }
    assert_eq!(arrived_and_missing(&api), (1, sent - 1), "{:?}", api.logs());
}

#[test]
fn what_waits_for_a_server_that_is_away_is_bounded() {
    let api = StandIn::start(&flows());
    api.set_away(true);
    let sender = LogSender::with(Client::new(api.url()), Duration::from_secs(60), 10_000);
    for _ in 0..2000 {
        sender.send(line("a line"));
    }
    api.set_away(false);
    sender.flush();
    let (arrived, missing) = arrived_and_missing(&api);
    assert_eq!(arrived + missing, 2000);
    // A batch that is on its way, and what finds room behind it.
    assert!((1..=550).contains(&arrived), "{arrived} lines arrived");
}

/// A server that only reads slowly costs none of them.
#[test]
fn a_run_that_logs_faster_than_its_server_reads_waits_for_it() {
    let api = StandIn::start(&flows());
    let sender = LogSender::with(Client::new(api.url()), Duration::from_secs(60), 10_000);
    for _ in 0..2000 {
        sender.send(line("a line"));
    }
    sender.flush();
    assert_eq!(arrived_and_missing(&api), (2000, 0));
}

#[test]
fn no_value_goes_to_the_server_only_where_it_lies() {
    let api = StandIn::start(&flows());
    execute(&api, &flows()).unwrap();
    let result = api.last_state("sum-1").other["_result"].clone();
    assert_eq!(result["type"], "LocalResult");
    let location = result["location"].as_str().unwrap();
    assert_eq!(std::fs::read_to_string(location).unwrap(), "6");
}

#[test]
fn a_server_that_is_away_for_a_while_costs_nothing() {
    let api = StandIn::start(&flows());
    // Every fourth call finds the connection broken, before or after it was obeyed, or a proxy's 502.
    api.make_unreliable();
    let state = execute(&api, &flows()).unwrap();
    assert_eq!(state.state_type, StateType::Success);
    assert_eq!(api.last_state("sum-1").state_type, StateType::Success);
    assert!(api.logs().iter().any(|line| line.ends_with("counting to 3")));
}

#[test]
fn a_cancelled_run_stops_and_says_so() {
    let flows = Flows::from(
        Flow::build("remote", |flow| {
            let sleeper = TaskDefinition::new("sleeper", &[], |_| {
                context().sleep(Duration::from_secs(3600))?;
                Ok(json!(null))
            });
            flow.call::<()>(sleeper, Vec::new())
        })
        .unwrap(),
    );
    let api = StandIn::start(&flows);
    api.when_task_runs(|api| api.set_flow_run("Cancelling"));
    let state = execute(&api, &flows).unwrap();
    assert_eq!(state.state_type, StateType::Cancelled);
    assert_eq!(api.flow_run_states(), ["Running", "Cancelled"]);
    assert_eq!(api.task_run_states()["sleeper-1"], ["Running", "Cancelled"]);
}

/// Agents take a run that has not been heard of for a minute for dead.
#[test]
fn a_heartbeat_that_is_lost_comes_again_soon() {
    let started = Arc::new(OnceLock::<StandIn>::new());
    let api = Arc::clone(&started);
    let waits = TaskDefinition::new("waits", &[], move |_| {
        while api.get().unwrap().heartbeats() == 0 {
            context().sleep(Duration::from_millis(20))?;
        }
        Ok(json!(null))
    });
    let flows = Flows::from(Flow::build("remote", |flow| flow.call::<()>(waits, Vec::new())).unwrap());
    let api = started.get_or_init(|| StandIn::start(&flows));
    api.lose_heartbeats(2);
    assert_eq!(execute(api, &flows).unwrap().state_type, StateType::Success);
    // The run is looked at each second, and a beat is due each tenth.
    let looks = api.calls("flow_run_by_pk(id: $id) { state }");
    assert!(looks < 8, "{looks}");
}

#[test]
fn a_run_that_is_taken_away_is_left_alone() {
    for taken in ["Failed", "Scheduled"] {
        let api = StandIn::start(&flows());
        // From now on the server refuses Running states of its task runs (contract 4.3).
        api.when_task_runs(move |api| api.set_flow_run(taken));
        execute(&api, &flows()).unwrap();
        assert_eq!(
            api.flow_run_states(),
            ["Running"],
            "{taken}: the end is not this process's to report"
        );
    }
}

#[test]
fn a_run_that_is_cancelled_while_its_process_starts_does_not_begin() {
    let api = StandIn::start(&flows());
    api.cancel_once_read();
    let state = execute(&api, &flows()).unwrap();
    assert_eq!(state.state_type, StateType::Cancelled);
    assert_eq!(api.flow_run_states(), Vec::<String>::new());
    assert_eq!(api.calls("set_task_run_states"), 0);
}

#[test]
fn a_run_goes_on_where_the_last_process_stopped() {
    let api = StandIn::start(&flows());
    execute(&api, &flows()).unwrap();
    api.set_flow_run("Running");
    api.forget("sum-1");
    api.forget("double-1[1]");
    api.clear_history();
    execute(&api, &flows()).unwrap();
    let states = api.task_run_states();
    assert_eq!(states.keys().collect::<Vec<_>>(), ["double-1[1]", "sum-1"]);
    assert_eq!(api.flow_run_states(), ["Success"], "it was Running already");
}

#[test]
fn what_cannot_run_is_failed_with_the_reason() {
    let other = Flows::from(Flow::build("other", |_| ()).unwrap());
    let api = StandIn::start(&flows());
    let error = execute(&api, &other).unwrap_err().to_string();
    assert!(
        error.starts_with("This program has no flow 'remote'. It has: other."),
        "{error}"
    );
    assert_eq!(api.flow_run_states(), ["Failed"]);

    let api = StandIn::start(&flows());
    api.set_parameters(json!({"n": "many"}));
    let error = execute(&api, &flows()).unwrap_err().to_string();
    assert_eq!(
        error,
        "Flow 'remote': parameter 'n' takes a value of type integer, not \"many\"."
    );

    // The program has a task more than when it was registered.
    let api = StandIn::start(&Flows::from(Flow::build("remote", |_| ()).unwrap()));
    let error = execute(&api, &flows()).unwrap_err().to_string();
    assert!(
        error.contains("has no task 'n-1': the program has changed since. Register the flow again."),
        "{error}"
    );
    assert_eq!(api.flow_run_states(), ["Running", "Failed"]);
}

#[test]
fn many_states_at_once_go_in_few_calls() {
    let flows = Flows::from(
        Flow::build("remote", |flow| {
            flow.max_workers(16);
            double::map(flow, (0..200).collect::<Vec<i64>>());
        })
        .unwrap(),
    );
    let api = StandIn::start(&flows);
    assert_eq!(execute(&api, &flows).unwrap().state_type, StateType::Success);
    // 200 children and their parent: 401 states; made in batches of 50.
    let (calls, made) = (
        api.calls("set_task_run_states"),
        api.calls("get_or_create_task_run_info"),
    );
    assert!(calls < 401, "{calls} calls");
    assert_eq!(made, 5, "one for the parent, four for 200 children");
}

#[test]
fn one_refusal_in_a_batch_is_not_anothers() {
    use super::state_sender::StateSender;
    use crate::recorder::RecordError;
    let api = StandIn::start(&flows());
    let good = api.task_run("n-1");
    let sender = StateSender::start(Client::new(api.url()));
    let state = || State::new(StateType::Success, "done");
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..20)
            .map(|i| {
                let id = if i % 2 == 0 {
                    good
                } else {
                    flowdeck_vocabulary::TaskRunId::random()
                };
                let sender = &sender;
                scope.spawn(move || sender.send(id, state()))
            })
            .collect();
        senders.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (i, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(()) => assert_eq!(i % 2, 0),
            Err(error) => assert!(i % 2 == 1 && matches!(error, RecordError::Refused(_)), "{error}"),
        }
    }
}

#[test]
fn a_failure_is_reported_with_its_message() {
    let failing = TaskDefinition::new("failing", &[], |_| Err(Signal::fail("no luck")));
    let flows = Flows::from(Flow::build("remote", |flow| flow.call::<()>(failing, Vec::new())).unwrap());
    let api = StandIn::start(&flows);
    assert_eq!(execute(&api, &flows).unwrap().state_type, StateType::Failed);
    let state = api.last_state("failing-1");
    assert_eq!(
        state.message.as_deref(),
        Some("Error during execution of task: no luck")
    );
    assert_eq!(api.flow_run_states(), ["Running", "Failed"]);
}

#[test]
fn a_flow_is_registered_in_one_call_and_a_large_one_in_parts() {
    let chain = |length: usize| {
        Flow::build("chain", |flow| {
            let mut last = double::call(flow, 1);
            for _ in 1..length {
                last = double::call(flow, &last);
            }
        })
        .unwrap()
    };
    for (length, tasks, edges) in [(10, 0, 0), (3501, 8, 7)] {
        let api = StandIn::start(&flows());
        let registered = chain(length).register(&Client::new(api.url()), "p").unwrap();
        assert_eq!(registered.version, 7);
        assert_eq!(api.calls("create_flow("), 1);
        assert_eq!(
            (api.calls("register_tasks("), api.calls("register_edges(")),
            (tasks, edges),
            "{length} tasks"
        );
        assert_eq!(api.calls("set_schedule_active("), 0, "there is no schedule");
    }
}
