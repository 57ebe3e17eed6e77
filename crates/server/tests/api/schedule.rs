//! Schedules of flows and the runs they make (contract 3.3 and 4.9).

use flowdeck_server::context::Context;
use flowdeck_server::loops::scheduler;
use flowdeck_server::store::flow;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::harness::TestServer;

fn hourly() -> Json {
    json!({"clocks": [{"type": "IntervalClock", "interval": 3_600_000_000_u64}], "filters": []})
}

/// One round of the scheduler.
fn tick(server: &TestServer) {
    let context = Context::new(server.store.clone(), server.time.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(scheduler::tick(&context)).unwrap();
}

fn execute(server: &TestServer, statement: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let write = server.store.write(move |db| db.execute(statement, &[]));
    runtime.block_on(write).unwrap();
}

/// When the runs of a flow that a schedule made start, without the seconds.
fn starts(server: &TestServer, flow: &str) -> Vec<String> {
    let query = "query($id: uuid!) { flow_run(where: {flow_id: {_eq: $id}, auto_scheduled: {_eq: true}}, \
        order_by: {scheduled_start_time: asc}) { scheduled_start_time state } }";
    let data = server.data(query, json!({ "id": flow }));
    let runs = data["flow_run"].as_array().unwrap();
    runs.iter()
        .map(|run| run["scheduled_start_time"].as_str().unwrap()[..16].to_owned())
        .collect()
}

#[test]
fn a_registered_schedule_makes_ten_runs_at_once_and_keeps_them() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({ "schedule": hourly() }));
    let ten: Vec<_> = (1..=10).map(|hour| format!("2026-01-01T{hour:02}:00")).collect();
    assert_eq!(starts(&server, &flow), ten);
    tick(&server);
    assert_eq!(starts(&server, &flow), ten, "a second round changes nothing");
    server.time.advance(SignedDuration::from_hours(2));
    tick(&server);
    let starts = starts(&server, &flow);
    assert_eq!((starts.len(), starts[11].as_str()), (12, "2026-01-01T12:00"));
}

#[test]
fn a_schedule_is_turned_off_and_on() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({ "schedule": hourly() }));
    let manual = server.flow_run(&flow);
    assert!(server.succeeds("set_schedule_inactive", json!({ "flow_id": flow })));
    assert_eq!(starts(&server, &flow), Vec::<String>::new());
    assert_eq!(
        server.row("flow_run", &manual, "state"),
        json!({"state": "Scheduled"})
    );
    tick(&server);
    assert_eq!(starts(&server, &flow), Vec::<String>::new());
    assert!(server.succeeds("set_schedule_active", json!({ "flow_id": flow })));
    assert_eq!(starts(&server, &flow).len(), 10);
    assert!(server.succeeds("archive_flow", json!({ "flow_id": flow })));
    assert_eq!(starts(&server, &flow), Vec::<String>::new());
    tick(&server);
    assert_eq!(
        starts(&server, &flow),
        Vec::<String>::new(),
        "archived flows rest"
    );
}

#[test]
fn registering_without_activation_leaves_the_schedule_off() {
    let server = TestServer::start();
    let project_id = server.project("Demo");
    let flow = json!({"name": "f", "schedule": hourly()});
    let input = json!({"serialized_flow": flow, "project_id": project_id, "set_schedule_active": false});
    let flow = server.create("create_flow", input);
    assert_eq!(
        server.row("flow", &flow, "is_schedule_active"),
        json!({"is_schedule_active": false})
    );
    assert_eq!(starts(&server, &flow), Vec::<String>::new());
}

/// A client repeats a call that came to nothing, with the same key: it is answered the flow that is there already.
#[test]
fn a_flow_is_not_registered_without_the_schedule_it_was_to_have() {
    let server = TestServer::start();
    let input = json!({
        "serialized_flow": {"name": "f", "schedule": hourly()}, "project_id": server.project("Demo"),
        "idempotency_key": "k",
    });
    // Whatever ends the server between the two: here the database takes no flag.
    let full = "CREATE TRIGGER full BEFORE UPDATE OF is_schedule_active ON flow \
        BEGIN SELECT RAISE(ABORT, 'full'); END";
    execute(&server, full);
    server.refused("create_flow", input.clone());
    execute(&server, "DROP TRIGGER full");
    let flow = server.create("create_flow", input);
    assert_eq!(
        server.row("flow", &flow, "version is_schedule_active"),
        json!({"version": 1, "is_schedule_active": true})
    );
    assert_eq!(starts(&server, &flow).len(), 10);
}

#[test]
fn the_groups_schedule_takes_the_place_of_the_flows() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({ "schedule": hourly() }));
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    let schedule = json!({"flow_group_id": group, "cron_clocks": [{"cron": "30 9 * * *"}]});
    assert!(server.succeeds("set_flow_group_schedule", schedule));
    let daily: Vec<_> = (1..=10).map(|day| format!("2026-01-{day:02}T09:30")).collect();
    assert_eq!(
        starts(&server, &flow),
        daily,
        "the runs of the old schedule go, and those of the new are there at once"
    );
    tick(&server);
    assert_eq!(starts(&server, &flow), daily);
    assert!(server.succeeds("delete_flow_group_schedule", json!({ "flow_group_id": group })));
    let hourly: Vec<_> = (1..=10).map(|hour| format!("2026-01-01T{hour:02}:00")).collect();
    assert_eq!(starts(&server, &flow), hourly, "back to its own");
}

#[test]
fn a_flow_that_is_left_without_a_schedule_is_off() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({}));
    let own = server.flow("g", json!({ "schedule": hourly() }));
    let group = |flow: &str| server.row("flow", flow, "flow_group_id")["flow_group_id"].clone();
    let is_active = |flow: &str| server.row("flow", flow, "is_schedule_active")["is_schedule_active"].clone();
    for flow in [&flow, &own] {
        let schedule = json!({"flow_group_id": group(flow), "interval_clocks": [{"interval": 3600}]});
        assert!(server.succeeds("set_flow_group_schedule", schedule));
        assert!(server.succeeds("set_schedule_active", json!({ "flow_id": flow })));
        assert_eq!(starts(&server, flow).len(), 10);
        assert!(server.succeeds(
            "delete_flow_group_schedule",
            json!({ "flow_group_id": group(flow) })
        ));
    }
    assert_eq!(is_active(&flow), json!(false));
    assert_eq!(is_active(&own), json!(true), "its own is left to follow");
    tick(&server);
    assert_eq!(
        (starts(&server, &flow).len(), starts(&server, &own).len()),
        (0, 10)
    );
}

/// Databases of before have such flows: each round said in the log that it could not be evaluated.
#[test]
fn a_flow_that_is_on_without_a_schedule_is_not_looked_at() {
    let server = TestServer::start();
    server.flow("f", json!({}));
    let own = server.flow("g", json!({ "schedule": hourly() }));
    execute(&server, "UPDATE flow SET is_schedule_active = 1");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let found = runtime
        .block_on(server.store.read(|db| flow::flows_to_schedule(db, None)))
        .unwrap();
    assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [own]);
}

/// Ten days ahead are cancelled, then the flow is to run each hour: not from the eleventh day on.
#[test]
fn runs_that_were_cancelled_neither_silence_a_new_schedule_nor_come_back() {
    let server = TestServer::start();
    let daily = json!({"type": "CronClock", "cron": "0 9 * * *"});
    let flow = server.flow("f", json!({"schedule": {"clocks": [daily]}}));
    let states = || {
        let query = "{ flow_run(order_by: {scheduled_start_time: asc}) { id scheduled_start_time state } }";
        let runs = server.query(query)["flow_run"].as_array().unwrap().clone();
        let text = |run: &Json, key: &str| run[key].as_str().unwrap().to_owned();
        let row = |run: &Json| {
            let at = text(run, "scheduled_start_time")[8..13].to_owned();
            (text(run, "id"), format!("{at} {}", text(run, "state")))
        };
        runs.iter().map(row).collect::<Vec<_>>()
    };
    for (id, _) in states() {
        server.mutate("cancel_flow_run", json!({ "flow_run_id": id }));
    }
    let cancelled: Vec<_> = (1..=10).map(|day| format!("{day:02}T09 Cancelled")).collect();
    let words = || states().into_iter().map(|(_, words)| words).collect::<Vec<_>>();
    tick(&server);
    assert_eq!(words(), cancelled, "the same times do not come back");
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    let hourly = json!({"flow_group_id": group, "interval_clocks": [{"interval": 3600}]});
    assert!(server.succeeds("set_flow_group_schedule", hourly));
    tick(&server);
    let mut expected: Vec<_> = (1..=10)
        .filter(|hour| *hour != 9)
        .map(|hour| format!("01T{hour:02} Scheduled"))
        .collect();
    expected.extend(cancelled);
    expected.sort();
    assert_eq!(words(), expected);
}

/// A run of the schedule of a flow that failed and was restarted: it is Scheduled until an agent takes it.
fn restarted(server: &TestServer, flow: &str) -> String {
    let query = "query($id: uuid!) { flow_run(where: {flow_id: {_eq: $id}}, \
        order_by: {scheduled_start_time: desc}, limit: 1) { id } }";
    let data = server.data(query, json!({ "id": flow }));
    let run = data["flow_run"][0]["id"].as_str().unwrap().to_owned();
    server.set_flow_run_state(&run, json!({"type": "Running"}));
    server.set_flow_run_state(&run, json!({"type": "Failed"}));
    server.mutate("restart_flow_run", json!({ "flow_run_id": run }));
    run
}

#[test]
fn a_restarted_run_of_a_schedule_outlives_it_with_its_history() {
    let server = TestServer::start();
    let flow = server.flow("f", json!({ "schedule": hourly() }));
    let run = restarted(&server, &flow);
    let states = || {
        let row = server.row("flow_run", &run, "states(order_by: {version: asc}) { state }");
        let states = row["states"].as_array().into_iter().flatten();
        let names = states.map(|state| state["state"].as_str().unwrap());
        names.collect::<Vec<_>>().join(" ")
    };
    let history = "Scheduled Running Failed Scheduled";
    assert!(server.succeeds("set_schedule_inactive", json!({ "flow_id": flow })));
    assert_eq!(states(), history);
    assert_eq!(starts(&server, &flow), ["2026-01-01T10:00"], "the others go");
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    let daily = json!({"flow_group_id": group, "cron_clocks": [{"cron": "0 9 * * *"}]});
    assert!(server.succeeds("set_flow_group_schedule", daily));
    assert_eq!(states(), history);
    // As any other run that waits when its flow is archived.
    assert!(server.succeeds("archive_flow", json!({ "flow_id": flow })));
    assert_eq!(states(), format!("{history} Cancelled"));
}

/// It was taken before its time, so that it says nothing about how far ahead there are runs.
#[test]
fn a_restarted_run_does_not_silence_a_new_schedule() {
    let server = TestServer::start();
    let daily = json!({"type": "CronClock", "cron": "0 9 * * *"});
    let flow = server.flow("f", json!({"schedule": {"clocks": [daily]}}));
    restarted(&server, &flow);
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    let hourly = json!({"flow_group_id": group, "interval_clocks": [{"interval": 3600}]});
    assert!(server.succeeds("set_flow_group_schedule", hourly));
    tick(&server);
    let mut expected: Vec<_> = (1..=10).map(|hour| format!("2026-01-01T{hour:02}:00")).collect();
    expected.push("2026-01-10T09:00".to_owned());
    assert_eq!(starts(&server, &flow), expected);
}

#[test]
fn clocks_with_parameters_and_labels_make_runs_of_their_own() {
    let server = TestServer::start();
    let clock = |n: i64, labels: Json| {
        json!({
            "type": "CronClock", "cron": "0 9 * * *", "parameter_defaults": {"n": n}, "labels": labels,
            "start_date": {"dt": "2026-01-01T00:00:00", "tz": "Europe/Berlin"},
        })
    };
    let schedule = json!({"clocks": [clock(1, Json::Null), clock(2, json!(["gpu"]))]});
    let flow = server.flow(
        "f",
        json!({"schedule": schedule, "parameters": [{"name": "n", "required": true}]}),
    );
    tick(&server);
    assert_eq!(starts(&server, &flow).len(), 10);
    let query = "{ flow_run(order_by: {scheduled_start_time: asc}, limit: 2) { parameters labels scheduled_start_time } }";
    let mut runs = server.query(query)["flow_run"].as_array().unwrap().clone();
    runs.sort_by_key(|run| run["parameters"]["n"].as_i64());
    let at = "2026-01-01T08:00:00.000000+00:00";
    assert_eq!(
        runs[0],
        json!({"parameters": {"n": 1}, "labels": [], "scheduled_start_time": at})
    );
    assert_eq!(
        runs[1],
        json!({"parameters": {"n": 2}, "labels": ["gpu"], "scheduled_start_time": at})
    );
}

#[test]
fn a_flow_whose_clocks_leave_out_required_parameters_cannot_be_scheduled() {
    let server = TestServer::start();
    let parameters = json!([{"name": "must", "required": true, "default": null}]);
    let flow = server.flow("f", json!({"schedule": hourly(), "parameters": parameters}));
    assert_eq!(
        server.row("flow", &flow, "is_schedule_active"),
        json!({"is_schedule_active": false})
    );
    let message = server.refused("set_schedule_active", json!({ "flow_id": flow }));
    assert_eq!(message, "Can not schedule a flow that has required parameters.");
    let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
    let defaults = json!({"flow_group_id": group, "parameters": {"must": 1}});
    server.mutate("set_flow_group_default_parameters", defaults);
    assert!(server.succeeds("set_schedule_active", json!({ "flow_id": flow })));
    assert_eq!(starts(&server, &flow).len(), 10);
}

/// A schedule with parts that are not evaluated yet makes no runs at wrong times, and keeps no other from its own.
#[test]
fn a_schedule_that_cannot_be_evaluated_makes_no_runs() {
    let server = TestServer::start();
    let mut filtered = hourly();
    filtered["filters"] = json!([{"fn": "prefect.schedules.filters.is_weekday", "kwargs": {}}]);
    let odd = server.flow("odd", json!({ "schedule": filtered }));
    let even = server.flow("even", json!({ "schedule": hourly() }));
    // As an older server left it.
    server.sql(&format!(
        "UPDATE flow SET is_schedule_active = 1 WHERE id = '{odd}'"
    ));
    server.time.advance(SignedDuration::from_hours(1));
    tick(&server);
    assert_eq!(starts(&server, &odd), Vec::<String>::new());
    assert_eq!(starts(&server, &even).len(), 11);
}

/// The client's `flow.register()` ends with `set_schedule_active`, so there is somebody to read why no run would come.
#[test]
fn a_schedule_that_cannot_be_evaluated_is_not_turned_on() {
    let server = TestServer::start();
    let weekdays = json!([{"fn": "prefect.schedules.filters.is_weekday", "kwargs": {}}]);
    let interval = |interval: u64| json!({"type": "IntervalClock", "interval": interval});
    for (n, (schedule, why)) in [
        (
            json!({"clocks": [interval(3_600_000_000)], "filters": weekdays}),
            "The schedule is not turned on: Schedules with filters are not supported yet.",
        ),
        (
            json!({"clocks": [{"type": "DatesClock", "dates": []}]}),
            "DatesClock",
        ),
        (
            json!({"clocks": [{"type": "RRuleClock", "rrule_obj": {}}]}),
            "RRuleClock",
        ),
        (json!({"clocks": [interval(60)]}), "shorter than a second"),
        (json!({"clocks": [{"type": "Sundial"}]}), "Sundial"),
    ]
    .into_iter()
    .enumerate()
    {
        // Registering itself goes well: the flow can be run by hand.
        let flow = server.flow(&format!("f{n}"), json!({ "schedule": schedule }));
        let is_on = || server.row("flow", &flow, "is_schedule_active");
        assert_eq!(is_on(), json!({"is_schedule_active": false}), "{schedule}");
        let message = server.refused("set_schedule_active", json!({ "flow_id": flow }));
        assert!(message.contains(why), "{schedule}: {message}");
        assert_eq!(is_on(), json!({"is_schedule_active": false}), "{schedule}");
        server.flow_run(&flow);
        // A schedule of the group takes its place, and that can be turned on.
        let group = server.row("flow", &flow, "flow_group_id")["flow_group_id"].clone();
        let daily = json!({"flow_group_id": group, "cron_clocks": [{"cron": "0 9 * * *"}]});
        assert!(server.succeeds("set_flow_group_schedule", daily));
        assert!(server.succeeds("set_schedule_active", json!({ "flow_id": flow })));
        assert_eq!(starts(&server, &flow).len(), 10, "{schedule}");
    }
}

#[test]
fn a_schedule_is_previewed_in_its_own_zone() {
    let server = TestServer::start();
    let query = "query ($schedule: JSON!) { schedule_preview(schedule: $schedule, count: 2) { start_time local_time } }";
    let nine = json!({ "clocks": [{
        "type": "CronClock", "cron": "0 9 * * *", "start_date": { "dt": "2019-01-01T00:00:00", "tz": "Europe/Berlin" },
    }] });
    let data = server.data(query, json!({ "schedule": nine }));
    assert_eq!(
        data["schedule_preview"],
        json!([
            { "start_time": "2026-01-01T08:00:00.000000+00:00", "local_time": "2026-01-01T09:00:00" },
            { "start_time": "2026-01-02T08:00:00.000000+00:00", "local_time": "2026-01-02T09:00:00" },
        ])
    );
    // Each clock has its own; an offset, as the Python client writes some zones, is one.
    let nine = |tz: &str| json!({ "type": "CronClock", "cron": "0 9 * * *", "start_date": { "dt": "2019-01-01T00:00:00", "tz": tz } });
    let clocks = json!({ "clocks": [nine("America/New_York"), nine("+02:00")] });
    let data = server.data(query, json!({ "schedule": clocks }));
    assert_eq!(
        data["schedule_preview"],
        json!([
            { "start_time": "2026-01-01T07:00:00.000000+00:00", "local_time": "2026-01-01T09:00:00" },
            { "start_time": "2026-01-01T14:00:00.000000+00:00", "local_time": "2026-01-01T09:00:00" },
        ])
    );
    for (clock, why) in [
        (json!({ "type": "CronClock", "cron": "61 9 * * *" }), "61 9 * * *"),
        (
            json!({ "type": "CronClock", "cron": "0 9 * * *", "start_date": { "dt": "2019-01-01T00:00:00", "tz": "Moon/Sea" } }),
            "Moon/Sea",
        ),
        (json!({ "type": "Sundial" }), "Sundial"),
    ] {
        let (status, message) = server.failure(query, json!({ "schedule": { "clocks": [clock] } }));
        assert!(status == 400 && message.contains(why), "{message}");
    }
}
