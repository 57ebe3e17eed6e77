//! Names of 120 letters, with blanks and without: on a phone no page, dialog or notice is wider than the window.

use serde_json::{Value, json};

use crate::harness::{Page, Role, Stage};

const PHONE: (u32, u32) = (390, 844);

/// What is wider than the window, in words; of what opens over the page also what does not fit into it.
const WIDE: &str = "
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`the page: ${root.scrollWidth} of ${root.clientWidth}`] : [];
    for (const box of document.querySelectorAll('dialog[open], .notice, .toast, .floating, .selection-bar')) {
        if (!box.checkVisibility()) continue;
        const { left, right } = box.getBoundingClientRect();
        const spills = box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== 'hidden';
        if (left < 0 || right > root.clientWidth || spills)
            found.push(`${box.className}: ${left} to ${right}, ${box.scrollWidth} in ${box.clientWidth}`);
    }
    return found;";

#[test]
fn no_name_makes_a_page_wider_than_a_phone() {
    let stage = Stage::with_args("long_names", &["--no-agent"]);
    let page = &stage.page;
    page.set_viewport(PHONE.0, PHONE.1);
    let solid: fn(&str) -> String = |word| format!("{word}_").repeat(40)[..120].to_owned();
    let blank: fn(&str) -> String = |word| format!("{}.", &format!("{word} and ").repeat(40)[..119]);
    let mut wide = Vec::new();
    for named in [solid, blank] {
        let there = There::made(&stage, named);
        for url in there.urls() {
            page.goto(&url);
            page.settle();
            wide.extend(found(page).into_iter().map(|found| format!("{url}: {found}")));
        }
        for (url, what, open) in there.overlays() {
            page.goto(&url);
            page.settle();
            open(page);
            wide.extend(
                found(page)
                    .into_iter()
                    .map(|found| format!("{url}, {what}: {found}")),
            );
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

fn found(page: &Page) -> Vec<String> {
    let found = page.execute(WIDE, &[]);
    let found = found.as_array().expect("a list").iter();
    found.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What opens over a page: where, what it is, and how it is opened.
type Overlay = (String, &'static str, fn(&Page));

/// What the pages are about.
struct There {
    project: String,
    flow: String,
    failed: String,
    running: String,
    task: String,
    task_run: String,
}

impl There {
    /// A project with two versions of a flow, a run of it that failed, one that runs and one that nobody takes, an agent.
    fn made(stage: &Stage, named: fn(&str) -> String) -> Self {
        let ask = |query: &str, input: Value| stage.server.graphql(query, json!({ "input": input }));
        let id = |answer: &Value, field: &str| {
            let id = &answer[field]["id"];
            id.as_str()
                .unwrap_or_else(|| panic!("an id of {field}"))
                .to_owned()
        };
        let tenant = stage.server.graphql("{ tenant { id } }", json!({}));
        let tenant = &tenant["tenant"][0]["id"];
        let project = ask(
            "mutation($input: create_project_input!) { create_project(input: $input) { id } }",
            json!({ "tenant_id": tenant, "name": named("project"), "description": named("description") }),
        );
        let project = id(&project, "create_project");
        let labels = [named("label"), named("other")];
        let slugs = [named("extract"), named("load")];
        let tasks: Vec<Value> = slugs
            .iter()
            .map(|slug| json!({ "name": slug, "slug": slug, "type": named("type"), "trigger": "all_successful" }))
            .collect();
        let register = |tasks: &[Value]| {
            let edges = if tasks.len() < 2 {
                json!([])
            } else {
                json!([{ "upstream_task": { "slug": slugs[0] }, "downstream_task": { "slug": slugs[1] }, "key": named("key") }])
            };
            let parameter = json!({ "name": named("parameter"), "slug": named("parameter"), "required": true, "default": null });
            let flow = json!({
                "name": named("flow"), "tasks": tasks, "edges": edges, "parameters": [parameter], "schedule": null,
                "storage": { "type": "Local" }, "run_config": { "type": "LocalRun", "labels": labels },
            });
            let made = ask(
                "mutation($input: create_flow_input!) { create_flow(input: $input) { id } }",
                json!({ "project_id": project, "serialized_flow": flow }),
            );
            id(&made, "create_flow")
        };
        register(&tasks[..1]);
        let flow = register(&tasks);
        let start = |name: &str| {
            let made = ask(
                "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }",
                json!({
                    "flow_id": flow, "flow_run_name": named(name), "labels": labels,
                    "parameters": { named("parameter"): named("value") },
                    "scheduled_start_time": "2026-01-01T00:00:00Z",
                }),
            );
            id(&made, "create_flow_run")
        };
        let (failed, running) = (start("failed"), start("running"));
        start("waiting");
        let found = stage.server.graphql(
            "query($run: uuid!) { task_run(where: {flow_run_id: {_eq: $run}}) { id task_id } }",
            json!({ "run": failed }),
        );
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        let (task_run, task) = (
            text(&found["task_run"][0]["id"]),
            text(&found["task_run"][0]["task_id"]),
        );
        let set_run = |run: &str, state: &str| {
            let state = json!({ "flow_run_id": run, "state": { "type": state, "message": named("why") } });
            ask(
                "mutation($input: set_flow_run_states_input!) { set_flow_run_states(input: $input) { states { status } } }",
                json!({ "states": [state] }),
            );
        };
        set_run(&failed, "Running");
        set_run(&running, "Running");
        for state in ["Running", "Failed"] {
            let state =
                json!({ "task_run_id": task_run, "state": { "type": state, "message": named("reason") } });
            ask(
                "mutation($input: set_task_run_states_input!) { set_task_run_states(input: $input) { states { status } } }",
                json!({ "states": [state] }),
            );
        }
        ask(
            "mutation($input: write_run_logs_input!) { write_run_logs(input: $input) { success } }",
            json!({ "logs": [{ "flow_run_id": failed, "task_run_id": task_run, "name": named("logger"), "message": named("line") }] }),
        );
        ask(
            "mutation($input: create_task_run_artifact_input!) { create_task_run_artifact(input: $input) { id } }",
            json!({ "task_run_id": task_run, "kind": "markdown", "data": { "markdown": format!("# {}", named("heading")) } }),
        );
        set_run(&failed, "Failed");
        ask(
            "mutation($input: register_agent_input!) { register_agent(input: $input) { id } }",
            json!({ "type": "LocalAgent", "tenant_id": tenant, "name": named("agent"), "labels": labels }),
        );
        Self {
            project,
            flow,
            failed,
            running,
            task,
            task_run,
        }
    }

    /// Every page that shows any of them.
    fn urls(&self) -> Vec<String> {
        let Self {
            project,
            flow,
            failed,
            task,
            task_run,
            ..
        } = self;
        let mut urls: Vec<String> = ["/", "/flows", "/runs", "/agents", "/settings"]
            .map(str::to_owned)
            .to_vec();
        urls.extend(["flows", "runs"].map(|tab| format!("/project/{project}?tab={tab}")));
        let of_flow = [
            "overview",
            "schematic",
            "runs",
            "tasks",
            "schedules",
            "versions",
            "run",
            "settings",
        ];
        urls.extend(of_flow.map(|tab| format!("/flow/{flow}?tab={tab}")));
        let of_run = [
            "schematic",
            "timeline",
            "logs",
            "history",
            "parameters",
            "artifacts",
        ];
        urls.push(format!("/flow-run/{failed}"));
        urls.extend(of_run.map(|tab| format!("/flow-run/{failed}?tab={tab}")));
        urls.push(format!("/flow-run/{failed}?tab=schematic&task={task}"));
        urls.push(format!("/task/{task}"));
        urls.push(format!("/task-run/{task_run}"));
        urls
    }

    fn overlays(&self) -> Vec<Overlay> {
        let Self {
            project,
            flow,
            failed,
            running,
            ..
        } = self;
        let run = format!("/flow-run/{failed}");
        let settings = format!("/flow/{flow}?tab=settings");
        let project = format!("/project/{project}");
        vec![
            (run.clone(), "rename", |page| choose(page, "Rename")),
            (run.clone(), "labels", |page| choose(page, "Edit labels")),
            (run.clone(), "state", |page| choose(page, "Set state")),
            (run, "delete", |page| choose(page, "Delete")),
            (format!("/flow-run/{running}"), "cancel", |page| {
                press(page, ".run-head", "Cancel");
            }),
            (settings.clone(), "archive", |page| {
                press(page, "main", "Archive version");
            }),
            (settings, "delete the flow", |page| {
                press(page, "main", "Delete the flow");
            }),
            (project.clone(), "edit the project", |page| {
                press(page, ".page__actions", "Edit");
            }),
            (project, "delete the project", |page| {
                press(page, ".page__actions", "Delete");
            }),
            ("/agents".to_owned(), "remove an agent", |page| {
                press(page, "main", "Remove");
            }),
            (format!("/flow/{flow}"), "what Quick Run lacks", |page| {
                page.click_within("main", Role::Button, "Quick Run");
                page.expect_text("was not started");
            }),
            ("/".to_owned(), "the palette", |page| {
                page.open_palette();
                page.write("flow");
                page.expect("something is found", |page| {
                    let found = "return document.querySelector('dialog[open] .palette__name') !== null";
                    page.execute(found, &[]) == json!(true)
                });
            }),
        ]
    }
}

/// Presses what opens a dialog.
fn press(page: &Page, within: &str, name: &str) {
    page.click_within(within, Role::Button, name);
    is_open(page);
}

/// Chooses what opens a dialog in the menu of a run.
fn choose(page: &Page, name: &str) {
    page.click_within(".run-head", Role::Button, "More");
    page.click(Role::MenuItem, name);
    is_open(page);
}

fn is_open(page: &Page) {
    page.expect("a dialog is open", |page| {
        page.execute("return document.querySelector('dialog[open] h2') !== null", &[]) == json!(true)
    });
}
