//! Every URL of the dashboard: it opens, has a title, survives a reload and writes no error to the console.

use flowdeck_dashboard::routes::{FlowRunTab, FlowTab, ProjectTab, Route, Tab};
use serde_json::json;

use crate::harness::Stage;

#[test]
fn every_url_opens_and_survives_a_reload() {
    let stage = Stage::new("smoke");
    for route in every_route(&stage) {
        let url = route.to_string();
        stage.page.goto(&url);
        stage
            .page
            .expect(&format!("{url} has a title"), |page| !page.title().is_empty());
        let title = stage.page.title();
        stage.page.reload();
        stage
            .page
            .expect(&format!("{url} has the title '{title}' again"), |page| {
                page.title() == title
            });
        assert_eq!(stage.page.path(), url, "the address stays");
        assert_eq!(stage.page.console_errors(), Vec::<String>::new(), "{url}");
    }
}

#[test]
fn what_is_not_there_is_said_to_be_missing() {
    let stage = Stage::with_args("not_found", &["--no-agent"]);
    let nobody = "00000000-0000-4000-8000-000000000000";
    stage.page.goto("/nowhere");
    stage.page.expect_text("Nothing is at this address");
    for noun in ["flow-run", "flow", "task-run"] {
        stage.page.goto(format!("/{noun}/{nobody}"));
        stage
            .page
            .expect_text(&format!("No such {}", noun.replace('-', " ")));
    }
    // What is deleted while one looks at it offers nothing any more.
    let run = stage.create_flow_run(&stage.flow_id("simple-map"), json!({}));
    stage.page.goto(format!("/flow-run/{run}"));
    stage
        .page
        .expect("the run's state is Scheduled", |page| page.state() == "scheduled");
    let delete = "mutation($id: UUID!) { delete_flow_run(input: {flow_run_id: $id}) { success } }";
    stage.server.graphql(delete, json!({ "id": run }));
    stage.page.expect_text("No such flow run");
}

/// One URL of each kind, of things that exist.
pub fn every_route(stage: &Stage) -> Vec<Route> {
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Success");
    let query = "query($run: uuid!) { flow_run_by_pk(id: $run) { flow { project_id } task_runs(limit: 1, order_by: {map_index: desc}) { id task_id } } }";
    let found = stage.server.graphql(query, json!({ "run": run }));
    let id = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
    let project = id(&found["flow_run_by_pk"]["flow"]["project_id"]);
    let task_run = id(&found["flow_run_by_pk"]["task_runs"][0]["id"]);
    let task = id(&found["flow_run_by_pk"]["task_runs"][0]["task_id"]);

    let mut routes = vec![
        Route::Home,
        Route::Flows,
        Route::Runs(None),
        Route::Runs(Some("state:failed".to_owned())),
        Route::Task(task.parse().expect("a task's id")),
        Route::TaskRun(task_run.parse().expect("a task run's id")),
        Route::Agents,
        Route::Settings,
    ];
    let (flow, run) = (
        flow.parse().expect("a flow's id"),
        run.parse().expect("a flow run's id"),
    );
    let project = project.parse().expect("a project's id");
    routes.extend(ProjectTab::ALL.iter().map(|tab| Route::Project(project, *tab)));
    routes.extend(FlowTab::ALL.iter().map(|tab| Route::Flow(flow, *tab)));
    routes.extend(FlowRunTab::ALL.iter().map(|tab| Route::FlowRun(run, *tab)));
    routes
}
