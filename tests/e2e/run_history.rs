//! The run history: a filter that is in the URL and survives a reload, and an action on several runs at once.

use serde_json::{Value, json};

use crate::harness::{Page, Role, Stage};

#[test]
fn a_filter_is_in_the_url_and_back_leads_out_of_it() {
    let stage = Stage::with_args("run_history_filter", &["--no-agent"]);
    let page = show_three_runs(&stage);
    page.expect("the chip counts the failed one", |page| {
        page.text().replace('\n', " ").contains("Failed 1")
    });
    page.click_within(".run-counts", Role::Button, "Failed");
    page.expect("the failed one is left", |page| rows(page) == 1);
    page.expect_path("/runs?q=state:failed");
    page.reload();
    page.expect("the failed one is still all there is", |page| rows(page) == 1);
    page.execute("history.back()", &[]);
    page.expect("all are listed again", |page| rows(page) == 3);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn picked_runs_are_deleted_once_it_is_confirmed() {
    let stage = Stage::with_args("run_history_delete", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let failed = ["Failed", "Failed"].map(|state| ended_run(&stage, &flow, state));
    let kept = ended_run(&stage, &flow, "Success");
    let page = &stage.page;
    page.goto("/runs?q=state:failed");
    page.expect("both failed runs are listed", |page| rows(page) == 2);
    page.execute(
        "document.querySelectorAll('.windowed__row input').forEach((box) => box.click())",
        &[],
    );
    page.click_within(".selection-bar", Role::Button, "Delete");
    page.click_within("dialog[open]", Role::Button, "Leave them");
    page.expect("nothing was done", |page| {
        rows(page) == 2 && page.text().contains("2 selected")
    });
    page.click_within(".selection-bar", Role::Button, "Delete");
    page.click_within("dialog[open]", Role::Button, "Delete 2 runs");
    page.expect_text("2 of 2 runs deleted.");
    page.expect_text("No run matches the filter");
    let query = "{ flow_run { id } }";
    let left = stage.server.graphql(query, json!({}))["flow_run"].clone();
    assert_eq!(left, json!([{ "id": kept }]), "without {failed:?}");
    page.click(Role::Button, "Clear the filter");
    page.expect("the other one is there", |page| rows(page) == 1);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn picked_runs_are_put_into_a_state_and_those_that_were_not_are_named() {
    let stage = Stage::with_args("run_history_set_state", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let failed = ended_run(&stage, &flow, "Failed");
    let running = ended_run(&stage, &flow, "Running");
    let page = &stage.page;
    page.goto("/runs");
    page.expect("both runs are listed", |page| rows(page) == 2);
    page.execute("document.querySelector('thead .run-table__check').click()", &[]);
    page.click_within(".selection-bar", Role::Button, "Set state");
    page.expect_text("Set the state of 2 runs");
    page.click_within("dialog[open]", Role::Radio, "Scheduled");
    page.fill("Reason", "once more");
    page.click_within("dialog[open]", Role::Button, "Set the state of 2 runs");
    page.expect_text("1 of 2 runs set to Scheduled.");
    page.expect_text("It is Running: a second process would run beside the first.");
    let query = "query($id: uuid!) { flow_run_by_pk(id: $id) { name state state_message } }";
    let run = |id: &str| stage.server.graphql(query, json!({ "id": id }))["flow_run_by_pk"].clone();
    assert_eq!(run(&failed)["state"], "Scheduled");
    assert_eq!(run(&failed)["state_message"], "once more");
    assert_eq!(run(&running)["state"], "Running");
    let name = run(&running)["name"].as_str().expect("a name").to_owned();
    page.click_within(".bulk-report", Role::Link, &format!("simple-map / {name}"));
    page.expect_path(&format!("/flow-run/{running}"));
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Selects all of more runs than a page of the list has.
fn select_all_of_103<'a>(stage: &'a Stage, flow: &str) -> &'a Page {
    for _ in 0..103 {
        stage.create_flow_run(flow, json!({}));
    }
    let page = &stage.page;
    page.goto("/runs?q=state:pending");
    page.expect_text("103 runs");
    page.expect("the list is there", |page| rows(page) > 10);
    page.execute("document.querySelector('thead .run-table__check').click()", &[]);
    page.click_within(".selection-bar", Role::Button, "Select all 103 that match");
    page
}

#[test]
fn all_that_match_are_those_that_were_counted_when_it_was_asked() {
    let stage = Stage::with_args("run_history_all_matching", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let page = select_all_of_103(&stage, &flow);
    page.click_within(".selection-bar", Role::Button, "Delete");
    page.expect_text("Delete 103 runs?");
    let later = stage.create_flow_run(&flow, json!({}));
    page.click_within("dialog[open]", Role::Button, "Delete 103 runs");
    page.expect_text("103 of 103 runs deleted.");
    let left = stage.server.graphql("{ flow_run { id } }", json!({}));
    assert_eq!(left["flow_run"], json!([{ "id": later }]), "it came later");
    page.expect("it is listed", |page| rows(page) == 1);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn one_of_all_that_match_can_be_left_out() {
    let stage = Stage::with_args("run_history_left_out", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let page = select_all_of_103(&stage, &flow);
    page.expect_text("103 selected");
    let row = "document.querySelector('.windowed__row:nth-child(3)')";
    let name = page.execute(
        &format!("return {row}.querySelector('.link--main').innerText"),
        &[],
    );
    page.execute(&format!("{row}.querySelector('input').click()"), &[]);
    page.expect_text("102 of all 103 that match");
    page.click_within(".selection-bar", Role::Button, "Delete");
    page.click_within("dialog[open]", Role::Button, "Delete 102 runs");
    page.expect_text("102 of 102 runs deleted.");
    let left = stage.server.graphql("{ flow_run { name } }", json!({}));
    assert_eq!(
        left["flow_run"],
        json!([{ "name": name }]),
        "the one that was left out"
    );
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_row_that_fits_no_longer_stays_and_says_so_and_a_deleted_one_goes() {
    let stage = Stage::with_args("run_history_changes", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let runs = ["Failed", "Failed", "Failed"].map(|state| ended_run(&stage, &flow, state));
    let page = &stage.page;
    page.goto("/runs?q=state:failed");
    page.expect("all are listed", |page| rows(page) == 3);
    page.execute("document.querySelector('thead .run-table__check').click()", &[]);
    page.expect_text("3 selected");
    let delete = "mutation($id: UUID!) { delete_flow_run(input: {flow_run_id: $id}) { success } }";
    stage.server.graphql(delete, json!({ "id": runs[0] }));
    page.expect("the deleted one is gone", |page| rows(page) == 2);
    page.expect_text("2 selected");
    let set = "mutation($id: UUID!) { set_flow_run_states(input: {states: [
        {flow_run_id: $id, state: {type: \"Success\", message: \"for the test\"}}]}) { states { status } } }";
    stage.server.graphql(set, json!({ "id": runs[1] }));
    page.expect("its row says so", |page| {
        let said = "return document.querySelector('.run-table__outside')?.innerText";
        page.execute(said, &[]) == json!("no match")
    });
    assert_eq!(rows(page), 2, "nothing has moved");
    page.click(Role::Button, "1 no longer matches");
    page.expect("it is out", |page| rows(page) == 1);
    page.expect_no_text("no longer matches");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Where the table begins, and whether its first row is what lies at its middle.
const FIRST_ROW: &str = "
    const row = document.querySelector('.windowed__row');
    const { x, y, width, height } = row.getBoundingClientRect();
    const over = document.elementFromPoint(x + width / 2, y + height / 2);
    return { begins: y, is_free: row.contains(over) };";

/// Whether the row with the focus, or else the last one, lies above what can be done with the selected ones.
const IS_CLEAR: &str = "
    const row = document.activeElement.closest('.windowed__row') ?? [...document.querySelectorAll('.windowed__row')].at(-1);
    const bar = document.querySelector('.selection-bar');
    return row.getAttribute('aria-rowindex') === arguments[0]
        && row.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top;";

#[test]
fn nothing_lies_over_the_rows_for_good() {
    let stage = Stage::with_args("run_history_covered", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    for _ in 0..40 {
        ended_run(&stage, &flow, "Success");
    }
    let page = &stage.page;
    for (all, (width, height)) in [(40, (1440, 900)), (41, (768, 1024)), (42, (390, 844))] {
        page.set_viewport(width, height);
        page.goto("/runs?q=state:success");
        page.expect_text(&format!("{all} runs"));
        page.expect("there are rows", |page| rows(page) > 10);
        let begins = |row: &Value| row["begins"].as_f64().unwrap_or_default();
        let before = page.execute(FIRST_ROW, &[]);
        ended_run(&stage, &flow, "Success");
        page.expect_text("1 new run");
        let after = page.execute(FIRST_ROW, &[]);
        assert_eq!(after["is_free"], json!(true), "{width}: the first row is covered");
        let moved = begins(&after) - begins(&before);
        assert!(moved.abs() <= 1.0, "{width}: the rows have moved by {moved}");
        page.click(Role::Button, "1 new run");
        page.expect_no_text("1 new run");
        page.expect_text(&format!("{} runs", all + 1));
        page.execute("document.querySelector('.windowed__row input').click()", &[]);
        page.expect_text("1 selected");
        page.execute("document.querySelector('.windowed').focus()", &[]);
        page.press("End");
        page.execute("window.scrollTo(0, 1e6)", &[]);
        page.expect(&format!("{width}: the last row is in sight"), |page| {
            page.execute(IS_CLEAR, &[json!((all + 2).to_string())]) == json!(true)
        });
    }
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_filter_is_kept_under_a_name() {
    let stage = Stage::with_args("run_history_views", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    for state in ["Failed", "Success"] {
        ended_run(&stage, &flow, state);
    }
    let page = &stage.page;
    page.goto("/runs?q=state:failed");
    page.expect("the failed run is listed", |page| rows(page) == 1);
    let save = "document.querySelector('.run-views__name').value = 'What broke';
        document.querySelector('.run-views__save').requestSubmit();";
    page.execute(save, &[]);
    page.expect("the server keeps it", |_| {
        let kept = stage.server.graphql("{ saved_view { name query } }", json!({}));
        kept["saved_view"] == json!([{ "name": "What broke", "query": "state:failed" }])
    });
    page.goto("/runs");
    page.expect("both runs are listed", |page| rows(page) == 2);
    open_menu(page, "Views");
    page.click(Role::Link, "What broke");
    page.expect("the failed run is left", |page| rows(page) == 1);
    page.expect_path("/runs?q=state:failed");

    // It is renamed, gets another filter, is what one begins with, and is deleted.
    let edit = || {
        open_menu(page, "Views");
        page.click_within(".run-views", Role::Button, "Edit");
    };
    page.reload();
    edit();
    let rename = "const form = document.querySelector('.run-views__view form');
        form.querySelector('input').value = 'What is well';
        form.querySelector('button').focus();
        form.requestSubmit();";
    page.execute(rename, &[]);
    page.expect_text("The view What is well is changed.");
    let open = "return document.querySelector('details[open] .run-views__line a')?.innerText ?? ''";
    page.expect("the menu is still open and has the new name", |page| {
        page.execute(open, &[]) == json!("What is well")
    });
    page.goto("/runs?q=state:success");
    page.expect("the other run is listed", |page| rows(page) == 1);
    edit();
    page.click_within(".run-views", Role::Button, "Update to this filter");
    page.expect("the server keeps both", |_| {
        let kept = stage.server.graphql("{ saved_view { name query } }", json!({}));
        kept["saved_view"] == json!([{ "name": "What is well", "query": "state:success" }])
    });
    page.goto("/runs?q=state:failed");
    edit();
    page.click_within(".run-views", Role::Button, "Begin with it");
    // A link that says how the runs are shown stays what it is.
    page.goto("/runs?sort=name");
    page.expect("both runs are listed", |page| rows(page) == 2);
    page.expect_path("/runs?sort=name");
    page.goto("/runs");
    page.expect_path("/runs?q=state:success");
    page.click_within(".filter-chips", Role::Button, "Remove");
    page.expect("both runs are listed", |page| rows(page) == 2);
    page.reload();
    page.expect("both are still listed", |page| rows(page) == 2);
    edit();
    page.click_within(".run-views", Role::Button, "Delete");
    page.click_within("dialog[open]", Role::Button, "Delete the view");
    page.expect_text("The view What is well is deleted.");
    page.goto("/runs");
    page.expect("one begins with all runs again", |page| rows(page) == 2);
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn the_server_understands_every_word_of_the_filter() {
    let stage = Stage::with_args("run_history_words", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    ended_run(&stage, &flow, "Failed");
    let page = &stage.page;
    // Each of these lets the one run through.
    for words in [
        "state:failed,timed-out -state:success",
        "flow:simple-map flow:~MAP -flow:other",
        "-project:nowhere",
        "-name:nobody -otter-that-never-was",
        "-label:prod -label:prod,gpu",
        "-agent:vm-2",
        "version:1 version:<2 version:1,2 version:1..9",
        "scheduled:>-1h scheduled:<+1h",
        "started:>-1h started:<+1h started:-1d..+1d",
        "ended:>2020-01-01 ended:<2999-12-31T10:00Z ended:2020-01-01..2999-12-31",
        "duration:<1h duration:0s..1h -duration:>1h",
        "is:manual -is:late -is:scheduled",
        "-has:failed-tasks",
        "-parameter.x:5",
    ] {
        page.goto(format!(
            "/runs?q={}",
            words
                .replace('>', "%3E")
                .replace('<', "%3C")
                .replace('+', "%2B")
                .replace(' ', "%20")
        ));
        page.expect(&format!("'{words}' lets the run through"), |page| rows(page) == 1);
        let shown = page.execute("return document.querySelector('.run-filter__text').value", &[]);
        assert_eq!(shown, words);
    }
    page.goto("/runs?q=stat:failed");
    page.expect_text("There is no key stat");
    page.expect_text("The filter is not understood");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_chip_opens_a_control_that_rewrites_its_word() {
    let stage = Stage::with_args("run_history_chips", &["--no-agent"]);
    let page = show_three_runs(&stage);
    open_menu(page, "+ Filter");
    page.click_within(".filter-chips__kinds", Role::Button, "State");
    click_label(page, "Failed");
    page.expect("the failed one is left", |page| rows(page) == 1);
    page.expect_path("/runs?q=state:failed");
    click_label(page, "Leave these out");
    page.expect("the others are left", |page| rows(page) == 2);
    page.expect_path("/runs?q=-state:failed");
    page.press("Escape");
    page.expect("the focus is on the chip again", |page| {
        let focused =
            "return document.activeElement.className + (document.querySelector('.filter-panel') ?? '')";
        page.execute(focused, &[]) == "filter-chip__open"
    });

    // The names come from the server.
    open_menu(page, "+ Filter");
    page.click_within(".filter-chips__kinds", Role::Button, "Flow");
    page.expect("the search has the focus", |page| {
        page.execute("return document.activeElement.type", &[]) == "search"
    });
    click_label(page, "long-haul");
    page.expect_text("No run matches the filter");
    click_label(page, "simple-map");
    page.expect("those of this flow are there", |page| rows(page) == 2);
    page.expect_path("/runs?q=-state:failed%20flow:long-haul,simple-map");
    let shown = page.execute("return document.querySelector('.run-filter__text').value", &[]);
    assert_eq!(shown, "-state:failed flow:long-haul,simple-map");
    page.execute("history.back()", &[]);
    page.expect("the chip says what the text does", |page| {
        page.text().contains("long-haul") && !page.path().contains("simple-map")
    });
    page.click_within(".filter-chips", Role::Button, "Remove State not Failed");
    page.click_within(".filter-chips", Role::Button, "Remove Flow long-haul");
    page.expect("all are listed", |page| rows(page) == 3);

    // An example of the help waits in the field.
    open_menu(page, "How filters are written");
    page.click_within(".filter-help", Role::Button, "is:late");
    page.expect("it is in the field", |page| {
        page.execute("return document.activeElement.value", &[]) == "is:late"
    });
    assert_eq!(page.path(), "/runs");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Opens the menu with these words on its button. The browser's name for the role of a `summary` is none of ARIA's.
pub fn open_menu(page: &Page, words: &str) {
    let open = "const menu = [...document.querySelectorAll('details.dropdown')]
            .find((menu) => menu.firstElementChild.textContent.includes(arguments[0]));
        if (menu && !menu.open) menu.firstElementChild.click();
        return menu?.open ?? false";
    page.expect(&format!("the menu '{words}' opens"), |page| {
        page.execute(open, &[json!(words)]) == json!(true)
    });
}

/// Ticks what stands before these words.
fn click_label(page: &Page, words: &str) {
    let click = "const label = [...document.querySelectorAll('.filter-panel label')]
            .find((label) => label.innerText.split('\\n')[0].trim() === arguments[0]);
        label?.click();
        return label !== undefined";
    page.expect(&format!("'{words}' can be ticked"), |page| {
        page.execute(click, &[json!(words)]) == json!(true)
    });
}

/// Opens the history of one failed and two successful runs of `simple-map`.
pub fn show_three_runs(stage: &Stage) -> &Page {
    let flow = stage.flow_id("simple-map");
    for state in ["Failed", "Success", "Success"] {
        ended_run(stage, &flow, state);
    }
    stage.page.goto("/runs");
    stage.page.expect("three runs are listed", |page| rows(page) == 3);
    &stage.page
}

#[test]
fn a_run_that_was_put_off_or_restarted_is_due_when_its_state_says() {
    let stage = Stage::with_args("run_history_due", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let create = "mutation($flow: UUID!, $at: DateTime!) {
        create_flow_run(input: {flow_id: $flow, scheduled_start_time: $at}) { id }
    }";
    let created = stage
        .server
        .graphql(create, json!({ "flow": flow, "at": "2026-01-01T02:00:00Z" }));
    let run = created["create_flow_run"]["id"].as_str().unwrap().to_owned();
    let page = &stage.page;
    page.goto("/runs?q=is:late");
    page.expect("what nobody takes is late", |page| rows(page) == 1);
    set_state(
        &stage,
        &run,
        json!({ "type": "Scheduled", "start_time": "2126-01-01T02:00:00Z" }),
    );
    page.goto("/runs?q=is:late");
    page.expect_text("No run matches the filter");
    page.goto("/runs");
    page.expect_text("due in ");
    let explained = |page: &Page, words: &str| {
        let cells =
            "return [...document.querySelectorAll('.started__due')].map(cell => cell.textContent).join()";
        let cells = page.execute(cells, &[]);
        cells.as_str().is_some_and(|cells| cells.contains(words))
    };
    page.expect("it is said for when it was created", |page| {
        explained(page, "was ")
    });
    page.goto("/");
    page.expect_text("simple-map");
    page.expect_no_text("1 late");

    set_state(&stage, &run, json!({ "type": "Running" }));
    page.goto("/runs");
    page.expect("its place among the others is explained", |page| {
        explained(page, "due")
    });
}

#[test]
fn what_is_still_shown_while_a_filter_is_not_understood_says_so() {
    let stage = Stage::with_args("run_history_still", &["--no-agent"]);
    let page = show_three_runs(&stage);
    page.goto("/runs?q=version:1");
    page.expect("three runs are listed", |page| rows(page) == 3);
    page.execute("document.querySelector('.run-filter__text').focus()", &[]);
    page.fill("Filter the runs", "state:faild flow:load");
    page.press("Enter");
    page.expect_text("faild is no state");
    page.expect_text("Still showing: version:1");
    let dimmed = "return ['.filter-chips', '.run-history__bar', '.run-history__table'].map((part) =>
        [...document.querySelectorAll('.run-history > *')].filter((one) => one.matches(part) || one.querySelector(part))
            .every((one) => getComputedStyle(one).opacity < 1))";
    page.expect("all of it is dimmed", |page| {
        page.execute(dimmed, &[]) == json!([true, true, true])
    });
    page.fill("Filter the runs", "state:failed");
    page.press("Enter");
    page.expect("the failed one is left", |page| rows(page) == 1);
    page.expect_no_text("Still showing");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn an_action_counts_the_runs_that_it_is_for() {
    let stage = Stage::with_args("run_history_applicable", &["--no-agent"]);
    let page = show_three_runs(&stage);
    page.execute("document.querySelector('thead .run-table__check').click()", &[]);
    page.expect_text("Cancel 0 of 3");
    let refused =
        "return [...document.querySelectorAll('.selection-bar [aria-disabled]')].map((one) => one.title)";
    let reason = "All of them have ended or are being cancelled.";
    page.expect("it is said why", |page| {
        page.execute(refused, &[]) == json!([reason])
    });
    page.click_within(".selection-bar", Role::Button, "Restart 1 of 3 from failed");
    page.click_within("dialog[open]", Role::Button, "Restart 1 of 3 runs from failed");
    page.expect_text("1 of 1 run restarted.");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn flows_with_the_same_name_are_told_apart_by_their_projects() {
    let stage = Stage::with_args("run_history_projects", &["--no-agent"]);
    let tenant = stage.server.graphql("{ tenant { id } }", json!({}))["tenant"][0]["id"].clone();
    let make = "mutation($input: create_project_input!) { create_project(input: $input) { id } }";
    for project in ["sales", "stock"] {
        let made = stage.server.graphql(
            make,
            json!({ "input": { "tenant_id": tenant, "name": project, "description": "" } }),
        );
        let project = made["create_project"]["id"].as_str().expect("a project");
        let flow = stage.create_flow(project, "load-orders");
        let run = stage.create_flow_run(&flow, json!({}));
        set_state(&stage, &run, json!({ "type": "Running" }));
    }
    ended_run(&stage, &stage.flow_id("simple-map"), "Success");
    let page = &stage.page;
    page.goto("/runs");
    page.expect("three runs are listed", |page| rows(page) == 3);
    let flows = "return [...document.querySelectorAll('td.run-table__flow')].map((cell) => cell.innerText.trim()).sort()";
    let told = json!(["load-orders · sales", "load-orders · stock", "simple-map"]);
    page.expect("the projects are told", |page| page.execute(flows, &[]) == told);
    page.goto("/");
    page.expect_text("load-orders sales · ");
    page.expect_text("load-orders stock · ");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_server_that_could_not_say_what_it_can_do_is_asked_again() {
    let stage = Stage::with_args("run_history_extensions", &["--no-agent"]);
    stage.page.watch_requests();
    let page = show_three_runs(&stage);
    page.refuse(&["query GetExtensions"]);
    page.goto("/runs?sort=-duration");
    page.expect("the server is asked what it can do", |page| {
        page.asked("query GetExtensions") > 0
    });
    page.refuse(&[]);
    page.expect("three runs are sorted", |page| rows(page) == 3);
}

/// A run that is in this state without having run.
pub fn ended_run(stage: &Stage, flow: &str, state: &str) -> String {
    let run = stage.create_flow_run(flow, json!({}));
    for state in ["Running", state] {
        set_state(stage, &run, json!({ "type": state, "message": "for the test" }));
    }
    run
}

/// Gives a flow run a state, as a client does.
fn set_state(stage: &Stage, run: &str, state: Value) {
    let set = "mutation($id: UUID!, $state: JSON!) {
        set_flow_run_states(input: {states: [{flow_run_id: $id, state: $state}]}) { states { status } }
    }";
    stage.server.graphql(set, json!({ "id": run, "state": state }));
}

/// How many runs are listed.
pub fn rows(page: &Page) -> usize {
    let rows = page.execute("return document.querySelectorAll('.windowed__row').length", &[]);
    rows.as_u64()
        .and_then(|rows| usize::try_from(rows).ok())
        .unwrap_or(0)
}
