//! Tenants and projects (contract 3.2).

use serde_json::{Value as Json, json};

use crate::harness::TestServer;

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

#[test]
fn a_project_is_created_renamed_described_and_deleted() {
    let server = TestServer::start();
    let id = server.project("Demo");
    assert_eq!(
        server.mutate("set_project_name", json!({"project_id": id, "name": "Demo 2"})),
        json!({ "id": id })
    );
    server.mutate(
        "set_project_description",
        json!({"project_id": id, "description": "what for"}),
    );
    let row = server.row("project", &id, "name description");
    assert_eq!(row, json!({"name": "Demo 2", "description": "what for"}));
    server.mutate("set_project_description", json!({ "project_id": id }));
    assert_eq!(
        server.row("project", &id, "description"),
        json!({ "description": null })
    );
    assert!(server.succeeds("delete_project", json!({ "project_id": id })));
    assert!(!server.succeeds("delete_project", json!({ "project_id": id })));
}

/// The Python client looks for exactly these words and then reads the project instead.
#[test]
fn a_name_that_is_taken_is_a_uniqueness_violation() {
    let server = TestServer::start();
    server.project("Demo");
    let other = server.project("Other");
    let again = json!({"tenant_id": server.tenant(), "name": "Demo", "description": null});
    assert_eq!(server.refused("create_project", again), "Uniqueness violation.");
    let renamed = json!({"project_id": other, "name": "Demo"});
    assert_eq!(
        server.refused("set_project_name", renamed),
        "Uniqueness violation."
    );
}

#[test]
fn unknown_ids_are_refused() {
    let server = TestServer::start();
    for (field, input, message) in [
        (
            "create_project",
            json!({"tenant_id": NOBODY, "name": "x"}),
            "Foreign key violation.",
        ),
        (
            "set_project_name",
            json!({"project_id": NOBODY, "name": "x"}),
            "Update failed",
        ),
        (
            "set_project_description",
            json!({"project_id": NOBODY}),
            "Update failed",
        ),
    ] {
        assert_eq!(server.refused(field, input), message, "{field}");
    }
}

#[test]
fn a_tenants_slug_has_to_be_one_and_unused() {
    let server = TestServer::start();
    server.create("create_tenant", json!({"name": "My team", "slug": "my-team"}));
    let refused = |slug: &str| server.refused("create_tenant", json!({"name": "My team", "slug": slug}));
    assert_eq!(refused("my-team"), "Uniqueness violation.");
    for slug in ["My Team", "my_team", "", "-x"] {
        let message = refused(slug);
        assert!(
            message.starts_with("Slug must be \"slugified\""),
            "{slug}: {message}"
        );
    }
}

#[test]
fn deleting_a_project_takes_everything_in_it() {
    let server = TestServer::start();
    let project = server.project("Demo");
    let flow = server.flow_in(&project, "f", json!({"tasks": [{"slug": "a-1"}]}));
    let run = server.flow_run(&flow);
    let line = json!({"logs": [{"flow_run_id": run, "message": "hi"}]});
    server.mutate("write_run_logs", line);
    let count = || {
        let tables = [
            "flow",
            "task",
            "flow_run",
            "flow_run_state",
            "task_run",
            "task_run_state",
            "log",
        ];
        let fields: Vec<_> = tables
            .iter()
            .map(|table| format!("{table}: {table}_aggregate {{ aggregate {{ count }} }}"))
            .collect();
        let data = server.query(&format!("{{ {} }}", fields.join(" ")));
        let counts = data.as_object().unwrap().values();
        counts
            .map(|count| count["aggregate"]["count"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(count(), [1, 1, 1, 1, 1, 1, 1]);
    assert!(server.succeeds("delete_project", json!({ "project_id": project })));
    assert_eq!(count(), [0; 7]);
    assert_eq!(server.row("project", &project, "id"), Json::Null);
}
