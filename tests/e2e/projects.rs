//! Projects, the settings of a flow, and what changed between two of its versions.

use serde_json::{Value, json};

use crate::harness::{Page, Role, Stage};

#[test]
fn a_project_is_made_renamed_filled_and_deleted_with_care() {
    let stage = Stage::with_args("projects", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let page = &stage.page;
    page.goto("/flows");
    page.click(Role::Button, "New project");
    page.fill("Name", "prefect_example");
    page.click_within("dialog[open]", Role::Button, "Create the project");
    page.expect_text("There is a project of this name already.");
    let blamed = "return document.getElementById('project-name').ariaInvalid";
    assert_eq!(page.execute(blamed, &[]), json!("true"));
    page.fill("Name", "nightly");
    page.click_within("dialog[open]", Role::Button, "Create the project");
    page.expect_text("The project nightly is there.");
    page.click(Role::Link, "Open the project");
    let project = page.expect_path("/project/");
    page.expect_text("cargo run -- register --project nightly");
    page.expect_text("prefect register --project nightly");
    page.expect_text(&format!(
        "export PREFECT__SERVER__ENDPOINT={} && prefect",
        stage.server.api()
    ));

    page.click_within(".page__actions", Role::Button, "Edit");
    page.fill("Name", "weekly");
    page.fill("Description", "what runs by the week");
    page.click_within("dialog[open]", Role::Button, "Save");
    page.expect("the project has another name", |page| page.title() == "weekly");
    page.expect_text("what runs by the week");

    page.goto(format!("/flow/{flow}?tab=settings"));
    page.choose("Move it to another project", "weekly");
    page.click(Role::Button, "Move it to weekly");
    page.expect_text("The flow is in weekly now.");
    page.goto(&project);
    page.click(Role::Link, "simple-map");
    page.expect_path("/flow/");

    page.goto(&project);
    page.click_within(".page__actions", Role::Button, "Delete");
    page.expect_text("With it go 1 flow, 1 version and 0 runs");
    page.click_within("dialog[open]", Role::Button, "Delete the project");
    page.expect_text("What is typed is not the name.");
    assert_eq!(names(&stage).len(), 3, "nothing was deleted");
    page.choose("Keep the flows", "prefect_example");
    page.click_within("dialog[open]", Role::Button, "Move the flows");
    page.expect_text("It has no flows; nothing else is lost.");
    page.click_within("dialog[open]", Role::Button, "Delete the project");
    page.expect_text("The project weekly is deleted.");
    page.expect_path("/flows");
    assert_eq!(names(&stage), ["examples", "prefect_example"]);
    let moved = "query($id: uuid!) { flow_by_pk(id: $id) { project { name } } }";
    let moved = stage.server.graphql(moved, json!({ "id": flow }));
    assert_eq!(moved["flow_by_pk"]["project"]["name"], "prefect_example");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn what_is_set_of_a_flow_is_kept_and_can_be_reset() {
    let stage = Stage::with_args("flow_settings", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let group = |column: &str| {
        let query = format!("query($id: uuid!) {{ flow_by_pk(id: $id) {{ flow_group {{ {column} }} }} }}");
        let found = stage.server.graphql(&query, json!({ "id": flow }));
        found["flow_by_pk"]["flow_group"][column].clone()
    };
    let page = &stage.page;
    page.goto(format!("/flow/{flow}?tab=settings"));
    page.fill("Add a label", "gpu,");
    page.execute("document.querySelector('.chips__field').blur()", &[]);
    page.click(Role::Button, "Save the labels");
    page.expect_text("The labels are saved.");
    let labels = group("labels");
    assert!(
        labels
            .as_array()
            .is_some_and(|labels| labels.contains(&json!("gpu"))),
        "{labels}"
    );
    page.click(Role::Button, "Remove gpu");
    page.click(Role::Button, "Reset to registered the labels");
    page.expect_text("Each version has the labels it was registered with.");
    assert_eq!(group("labels"), Value::Null);

    page.fill("Run config, as JSON", "{\n  \"type\": \n}");
    page.expect_text("Line 3, column 1");
    page.fill("Run config, as JSON", "{\"type\": \"LocalRun\"}");
    page.click(Role::Button, "Save the run config");
    page.expect_text("The run config is saved.");
    assert_eq!(group("run_config"), json!({ "type": "LocalRun" }));
    page.expect_no_text("Save the run config");

    page.fill("Description, in markdown", "It ends **well**.");
    page.click(Role::Button, "Save the description");
    page.expect_text("The description is saved.");
    page.expect_no_text("Save the description");
    // A colleague saves another one.
    let describe = "mutation($id: UUID!) {
        set_flow_group_description(input: {flow_group_id: $id, description: \"It ends *badly*.\"}) { success } }";
    let id = group("id");
    stage.server.graphql(describe, json!({ "id": id }));
    let shown = "return document.querySelector('section[aria-label=Description] textarea').value";
    page.expect("the field follows", |page| {
        page.execute(shown, &[]) == json!("It ends *badly*.")
    });
    page.expect_no_text("Save the description");
    page.goto(format!("/flow/{flow}"));
    page.expect_text("It ends badly.");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_default_that_is_typed_stays_when_others_are_saved() {
    let stage = Stage::with_args("parameter_defaults", &["--no-agent"]);
    let project = stage.server.graphql(
        "{ project(where: {name: {_eq: \"examples\"}}) { id } }",
        json!({}),
    );
    let parameter = |name: &str| json!({ "name": name, "slug": name, "required": false, "default": 1 });
    let flow = json!({
        "name": "etl", "tasks": [], "edges": [], "parameters": [parameter("first"), parameter("second")],
        "schedule": null, "storage": { "type": "Local" }, "run_config": { "type": "LocalRun" },
    });
    let create = "mutation($flow: JSON!, $project: UUID!) {
        create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }";
    let project = project["project"][0]["id"].clone();
    stage
        .server
        .graphql(create, json!({ "flow": flow, "project": project }));
    let flow = stage.flow_id("etl");
    let query = "query($id: uuid!) { flow_by_pk(id: $id) { flow_group { id default_parameters } } }";
    let group = || stage.server.graphql(query, json!({ "id": flow }))["flow_by_pk"]["flow_group"].clone();
    let page = &stage.page;
    page.goto(format!("/flow/{flow}?tab=settings"));
    let field = "const label = [...document.querySelectorAll('.parameter__name')].find((label) => label.innerText === arguments[0]);
        const field = label?.control;";
    let written = |name: &str| page.execute(&format!("{field} return field?.value"), &[json!(name)]);
    page.expect("the defaults are shown", |_| written("second") == json!("1"));
    let write = "field.value = '22'; field.dispatchEvent(new Event('input', { bubbles: true }));";
    page.execute(&format!("{field} {write}"), &[json!("second")]);
    // A colleague saves the first.
    let save = "mutation($id: UUID!) {
        set_flow_group_default_parameters(input: {flow_group_id: $id, parameters: {first: 11}}) { success } }";
    stage.server.graphql(save, json!({ "id": group()["id"] }));
    page.expect("the first follows", |_| written("first") == json!("11"));
    assert_eq!(written("second"), json!("22"));
    page.click(Role::Button, "Save the defaults");
    page.expect_text("The defaults are saved.");
    page.expect_no_text("Save the defaults");
    assert_eq!(
        group()["default_parameters"],
        json!({ "first": 11, "second": 22 })
    );
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Requests of the page for this operation are answered by an error, from the one with this number on.
fn refuse(page: &Page, operation: &str, from: u32) {
    let script = "const [word, from, ask] = [arguments[0], arguments[1], window.fetch];
        let asked = 0;
        window.fetch = async (request, ...rest) => {
            const text = await request.clone().text();
            if (!text.includes(word) || ++asked < from) return ask(request, ...rest);
            return new Response(JSON.stringify({ errors: [{ message: 'The disk is full.' }] }));
        };";
    let word = format!("\"operationName\":\"{operation}\"");
    page.execute(script, &[json!(word), json!(from)]);
}

#[test]
fn a_move_that_ends_half_way_says_so() {
    let stage = Stage::with_args("half_moved", &["--no-agent"]);
    let projects = stage.server.graphql(
        "{ project(where: {name: {_eq: \"examples\"}}) { id } }",
        json!({}),
    );
    let project = projects["project"][0]["id"].clone();
    let create = "mutation($flow: JSON!, $project: UUID!) {
        create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }";
    let flow = json!({
        "name": "etl", "tasks": [], "edges": [], "parameters": [], "schedule": null,
        "storage": { "type": "Local" }, "run_config": { "type": "LocalRun" },
    });
    for _ in 0..2 {
        stage
            .server
            .graphql(create, json!({ "flow": flow, "project": project }));
    }
    let flow = stage.flow_id("etl");
    let page = &stage.page;
    page.goto(format!("/flow/{flow}?tab=settings"));
    page.choose("Move it to another project", "prefect_example");
    refuse(page, "MoveVersion", 2);
    page.click(Role::Button, "Move it to prefect_example");
    page.expect_text("Not all versions were moved. The disk is full.");
    page.expect("the page is where the flow is now", |page| {
        let above =
            "return [...document.querySelectorAll('a')].some((link) => link.innerText === 'prefect_example')";
        page.execute(above, &[]) == json!(true)
    });
}

#[test]
fn an_edit_of_a_project_that_ends_half_way_says_so() {
    let stage = Stage::with_args("half_edited", &["--no-agent"]);
    let projects = stage.server.graphql(
        "{ project(where: {name: {_eq: \"examples\"}}) { id } }",
        json!({}),
    );
    let project = projects["project"][0]["id"].as_str().expect("a project");
    let page = &stage.page;
    page.goto(format!("/project/{project}"));
    page.click_within(".page__actions", Role::Button, "Edit");
    page.fill("Name", "weekly");
    page.fill("Description", "what runs by the week");
    refuse(page, "SetProjectDescription", 1);
    page.click_within("dialog[open]", Role::Button, "Save");
    page.expect_text("Not all of the changes to examples were saved. The disk is full.");
    page.expect("the page has the name that was saved", |page| {
        page.title() == "weekly"
    });
    assert_eq!(names(&stage), ["prefect_example", "weekly"]);
}

#[test]
fn what_was_refused_is_said_when_its_form_is_gone() {
    let stage = Stage::with_args("form_gone", &["--no-agent"]);
    let page = &stage.page;
    page.goto("/flows");
    page.click(Role::Button, "New project");
    page.fill("Name", "nightly");
    refuse(page, "CreateProject", 1);
    page.click_within("dialog[open]", Role::Button, "Create the project");
    page.expect_text("The project nightly was not made. The disk is full.");
    let blamed = "return document.getElementById('project-name').ariaInvalid";
    assert_eq!(
        page.execute(blamed, &[]),
        json!("false"),
        "the name is not what is wrong"
    );
    // Again, and away before the answer.
    let wait = "const ask = window.fetch;
        window.fetch = async (request, ...rest) => {
            const is_ours = (await request.clone().text()).includes(':\"CreateProject\"');
            if (is_ours) await new Promise((resolve) => { window.answer = resolve; });
            return ask(request, ...rest);
        };";
    page.execute(wait, &[]);
    page.click_within("dialog[open]", Role::Button, "Create the project");
    page.expect("it is asked", |page| {
        page.execute("return Boolean(window.answer)", &[]) == json!(true)
    });
    page.press("Escape");
    page.click(Role::Link, "Agents");
    page.expect_path("/agents");
    page.settle();
    page.execute("window.answer()", &[]);
    page.expect_text("The project nightly was not made. The disk is full.");
}

#[test]
fn two_versions_are_compared_archived_and_deleted() {
    let stage = Stage::with_args("flow_versions", &["--no-agent"]);
    let project = stage.server.graphql(
        "{ project(where: {name: {_eq: \"examples\"}}) { id } }",
        json!({}),
    );
    let project = project["project"][0]["id"].clone();
    let register = |retries: u32, edges: Value| {
        let task = |slug: &str, retries: u32| json!({ "name": slug, "slug": slug, "type": "T", "trigger": "all", "max_retries": retries });
        let flow = json!({
            "name": "etl", "tasks": [task("extract", retries), task("load", 0)], "edges": edges,
            "parameters": [], "schedule": null, "storage": { "type": "Local" }, "run_config": { "type": "LocalRun" },
        });
        let create = "mutation($flow: JSON!, $project: UUID!) {
            create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }";
        let made = stage
            .server
            .graphql(create, json!({ "flow": flow, "project": project }));
        made["create_flow"]["id"]
            .as_str()
            .expect("a flow's id")
            .to_owned()
    };
    let edge = json!([{ "upstream_task": { "slug": "extract" }, "downstream_task": { "slug": "load" }, "key": "rows" }]);
    let first = register(0, json!([]));
    let second = register(3, edge.clone());
    let third = register(3, edge);
    let page = &stage.page;

    page.goto(format!("/flow/{second}?tab=versions"));
    page.expect_text("What changed from version 1 to version 2");
    for words in ["~ changed extract retries 3", "+ added extract → load"] {
        page.expect(&format!("'{words}' is shown"), |page| {
            let text = page.text().split_whitespace().collect::<Vec<_>>().join(" ");
            text.contains(words)
        });
    }
    page.goto(format!("/flow/{third}?tab=versions"));
    page.expect_text("No difference in what is registered.");
    page.click(Role::Link, "compare with version 1");
    page.expect_text("What changed from version 1 to version 3");
    page.expect_path(&format!("/flow/{third}?tab=versions&with={first}"));
    page.reload();
    page.expect_text("What changed from version 1 to version 3");

    // The links of Prefect's dashboard.
    let group = "query($id: uuid!) { flow_by_pk(id: $id) { flow_group_id } }";
    let group = stage.server.graphql(group, json!({ "id": first }));
    let group = group["flow_by_pk"]["flow_group_id"]
        .as_str()
        .expect("a group")
        .to_owned();
    page.goto(format!("/flow/{group}?version=2"));
    page.expect_text("This version is archived; it starts no runs.");
    page.expect_text(&second);

    page.goto(format!("/flow/{third}?tab=settings"));
    page.click(Role::Button, "Archive version 3");
    page.click_within("dialog[open]", Role::Button, "Archive it");
    page.expect_text("This version is archived; it starts no runs.");
    page.goto("/flows?q=etl");
    page.expect_text("No flow has “etl” in its name.");
    page.execute("document.querySelector('[role=switch]').click()", &[]);
    page.expect_path("/flows?q=etl&archived=yes");
    page.click(Role::Link, "etl");
    page.expect_path(&format!("/flow/{third}"));

    page.goto(format!("/flow/{third}?tab=settings"));
    page.click(Role::Button, "Delete version 3");
    page.expect_text("With it go 0 runs");
    page.click_within("dialog[open]", Role::Button, "Delete the version");
    page.expect_path(&format!("/flow/{second}?tab=versions"));
    page.goto(format!("/flow/{second}?tab=settings"));
    page.click(Role::Button, "Delete the flow");
    page.expect_text("With it go 2 versions and 0 runs");
    page.fill("to confirm", "etl");
    page.click_within("dialog[open]", Role::Button, "Delete the flow");
    page.expect_path("/project/");
    page.expect_text("The flow is deleted.");
    let left = stage
        .server
        .graphql("{ flow(where: {name: {_eq: \"etl\"}}) { id } }", json!({}));
    assert_eq!(left["flow"], json!([]));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// The names of the projects.
fn names(stage: &Stage) -> Vec<String> {
    let found = stage
        .server
        .graphql("{ project(order_by: {name: asc}) { name } }", json!({}));
    let projects = found["project"].as_array().expect("projects").iter();
    projects
        .map(|project| project["name"].as_str().unwrap_or_default().to_owned())
        .collect()
}
