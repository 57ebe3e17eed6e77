//! The bundled flows are registered once: all of them, and what is deleted stays deleted.

use serde_json::{Value, json};

use crate::harness::{Server, data, wait_for};

fn projects(server: &Server) -> Vec<String> {
    let rows = server.get(&["projects"]);
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// When the server's own agent asked for runs last; it begins when the bundled flows are registered.
fn asked(server: &Server) -> Value {
    let agents = server.post("query { agent { last_queried } }", &json!({}));
    agents["agent"]
        .get(0)
        .map_or(Value::Null, |agent| agent["last_queried"].clone())
}

#[test]
fn bundled_flows_that_were_deleted_do_not_come_back() {
    let data = data();
    let server = Server::start(data.path(), &[]).with_flows();
    wait_for("the agent asks", || (!asked(&server).is_null()).then_some(()));
    for id in projects(&server) {
        let query = "mutation($id: UUID!) { delete_project(input: {project_id: $id}) { success } }";
        server.post(query, &json!({ "id": id }));
    }
    server.stop();
    // Nobody asks while no server is there.
    let server = Server::start(data.path(), &["--no-examples", "--no-agent"]);
    let before = asked(&server);
    server.stop();
    let server = Server::start(data.path(), &[]);
    wait_for("the agent asks", || (asked(&server) != before).then_some(()));
    assert_eq!(projects(&server), Vec::<String>::new());
}

#[test]
fn a_registration_that_was_cut_off_is_made_up_for() {
    let data = data();
    // What a server leaves that is killed after it has made the first project.
    let server = Server::start(data.path(), &["--no-examples", "--no-agent"]);
    server.ask(&["create", "project", "examples"]);
    let tenant = server.post("query { tenant { id } }", &json!({}));
    let tenant = tenant["tenant"][0]["id"].as_str().unwrap();
    server.kill();
    std::fs::write(data.path().join("bundled-flows"), format!("{tenant} begun\n")).unwrap();
    Server::start(data.path(), &["--no-agent"]).with_flows();
}

#[test]
fn a_project_of_ones_own_from_before_is_left_alone() {
    let data = data();
    let server = Server::start(data.path(), &["--no-examples", "--no-agent"]);
    server.ask(&["create", "project", "mine"]);
    server.stop();
    let server = Server::start(data.path(), &[]);
    wait_for("the agent asks", || (!asked(&server).is_null()).then_some(()));
    assert_eq!(projects(&server).len(), 1);
}
