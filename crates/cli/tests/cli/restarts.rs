//! Restarting through server, agent and engine: which task runs ran again, by the history of their states.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::harness::{Server, data, wait_for};

fn restart(server: &Server, id: &str) -> i64 {
    let query = "mutation($id: UUID!) { restart_flow_run(input: {flow_run_id: $id}) { task_runs } }";
    let data = server.post(query, &json!({ "id": id }));
    data["restart_flow_run"]["task_runs"].as_i64().unwrap()
}

/// The states each task run has had, oldest first, by slug and map index.
fn histories(server: &Server, id: &str) -> BTreeMap<String, Vec<String>> {
    let query = "query($id: uuid!) { task_run(where: {flow_run_id: {_eq: $id}}) \
        { map_index task { slug } states(order_by: {version: asc}) { state } } }";
    let data = server.post(query, &json!({ "id": id }));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = data["task_run"].as_array().unwrap().iter();
    rows.map(|row| {
        let slug = text(&row["task"]["slug"]);
        let place = match row["map_index"].as_i64() {
            Some(index) if index >= 0 => format!("{slug}[{index}]"),
            _ => slug,
        };
        let states = row["states"].as_array().unwrap().iter();
        (place, states.map(|state| text(&state["state"])).collect())
    })
    .collect()
}

/// The task runs that have had more states since, with the states that came.
fn news(
    before: &BTreeMap<String, Vec<String>>,
    after: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, Vec<String>> {
    let more = after.iter().filter_map(|(place, states)| {
        let had = before.get(place).map_or(0, Vec::len);
        (states.len() > had).then(|| (place.clone(), states[had..].to_vec()))
    });
    more.collect()
}

fn expected(list: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let texts = |states: &[&str]| states.iter().map(|&state| state.to_owned()).collect();
    list.iter()
        .map(|(place, states)| ((*place).to_owned(), texts(states)))
        .collect()
}

#[test]
fn of_a_mapped_task_only_the_failed_child_runs_again_with_what_follows_from_it() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = server.run(&["simple-map", "--project", "prefect_example"]);
    server.wait_for_state(&id, "Success");
    // A person finds that the third element was wrong.
    let query = "query($id: uuid!) { task_run(where: {flow_run_id: {_eq: $id}, map_index: {_eq: 2}, \
        task: {slug: {_eq: \"add_one-1\"}}}) { id } }";
    let rows = server.post(query, &json!({ "id": id }));
    let child = rows["task_run"][0]["id"].as_str().unwrap().to_owned();
    let query = "mutation($child: UUID!, $run: UUID!, $state: JSON!) { \
        set_task_run_states(input: {states: [{task_run_id: $child, state: $state}]}) { states { status } } \
        set_flow_run_states(input: {states: [{flow_run_id: $run, state: $state}]}) { states { status } } }";
    let state = json!({"type": "Failed", "message": "This was wrong."});
    server.post(query, &json!({ "child": child, "run": id, "state": state }));

    let before = histories(&server, &id);
    assert_eq!(restart(&server, &id), 3);
    server.wait_for_state(&id, "Success");
    let again: &[&str] = &["Pending", "Running", "Success"];
    assert_eq!(
        news(&before, &histories(&server, &id)),
        expected(&[
            ("add_one-1[2]", again),
            ("add_one-2[2]", again),
            ("get_sum-1", again)
        ])
    );
    assert_eq!(
        server.log(&id).matches("The sum is 15").count(),
        2,
        "with the results kept of the others: {}",
        server.log(&id)
    );
}

#[test]
fn in_the_weather_what_failed_and_what_depends_on_it_runs_again() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = server.run(&["weather-of-failures"]);
    server.wait_for_state(&id, "Failed");
    let before = histories(&server, &id);
    assert_eq!(restart(&server, &id), 5);
    server.wait_for_state(&id, "Failed");
    assert_eq!(
        news(&before, &histories(&server, &id)),
        expected(&[
            ("fog-1", &["Pending", "Running", "TimedOut"]),
            ("hail-1", &["Pending", "Running", "Failed"]),
            ("harvest-1", &["Pending", "TriggerFailed"]),
            // It had succeeded, but by what hail was then.
            ("insurance-1", &["Pending", "Running", "Success"]),
            ("lightning-1", &["Pending", "Running", "Failed"]),
        ])
    );
}

#[test]
fn a_run_cancelled_half_way_goes_on_where_it_stopped() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    let id = server.run(&["long-haul", "--param", "scale=0.1"]);
    wait_for("some of the mapped children are done, and some are not", || {
        let histories = histories(&server, &id);
        let drives = histories
            .iter()
            .filter(|(place, _)| place.starts_with("drive") && place.contains('['));
        let done = drives.filter(|(_, states)| states.last().is_some_and(|last| last == "Success"));
        (done.count() >= 4).then_some(())
    });
    server.ask(&["cancel", &id]);
    server.wait_for_state(&id, "Cancelled");
    let before = histories(&server, &id);
    let is_done = |states: &Vec<String>| {
        states
            .last()
            .is_some_and(|last| matches!(last.as_str(), "Success" | "Mapped"))
    };
    let done: BTreeSet<&String> = before
        .iter()
        .filter(|(_, states)| is_done(states))
        .map(|it| it.0)
        .collect();
    assert!(
        done.len() > 20 && done.len() < before.len(),
        "{} of {}",
        done.len(),
        before.len()
    );

    restart(&server, &id);
    server.wait_for_state(&id, "Success");
    let after = histories(&server, &id);
    let again = news(&before, &after);
    for (place, states) in &after {
        assert!(is_done(states), "{place}: {states:?}");
        assert_ne!(
            done.contains(place),
            again.contains_key(place),
            "{place} was {:?} and is {states:?}",
            before.get(place)
        );
    }
    assert_eq!(after.len(), 60 + 6 * 8);
}
