//! The language of the run history's filter, as a person writes it into the field.

use serde_json::json;

use crate::harness::{Page, Role, Stage};
use crate::run_history::{ended_run, open_menu, rows};

#[test]
fn an_unfinished_object_is_written_letter_by_letter_and_the_page_goes_on() {
    let stage = Stage::with_args("run_filter_brace", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    ended_run(&stage, &flow, "Success");
    let page = &stage.page;
    page.goto("/runs");
    page.expect("the run is listed", |page| rows(page) == 1);
    page.execute("document.querySelector('.run-filter__text').focus()", &[]);
    for letter in "parameter.x:{".chars() {
        page.write(letter.encode_utf8(&mut [0; 4]));
    }
    page.expect("the field has it", |page| written(page) == "parameter.x:{");
    page.press("Enter");
    page.expect_text("is no whole object");
    page.write("\"a\":1}");
    page.press("Enter");
    page.expect_path("/runs?q=parameter.x:");
    page.expect_text("No run matches the filter");
    page.goto("/runs?q=parameter.x:{");
    page.expect_text("The filter is not understood");
    page.click(Role::Button, "Clear the filter");
    page.expect("the run is listed again", |page| rows(page) == 1);
    // Proposals go with the text for which they were made.
    let proposals = "return document.querySelectorAll('.run-filter [role=option]').length > 0";
    page.follow("/runs?q=flow:simple-map");
    page.expect("the field has the other filter", |page| {
        written(page) == "flow:simple-map"
    });
    page.execute("document.querySelector('.run-filter__text').focus()", &[]);
    page.press("End");
    page.write(" sta");
    page.expect("there are proposals", |page| {
        page.execute(proposals, &[]) == json!(true)
    });
    page.execute("history.back()", &[]);
    page.expect("the field is as before", |page| written(page).is_empty());
    page.expect("the proposals are gone", |page| {
        page.execute(proposals, &[]) == json!(false)
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn values_and_names_of_parameters_are_written_in_quotes() {
    let stage = Stage::with_args("run_filter_quotes", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    for parameters in [
        json!({ "n": 5, "my key": ["brave lynx", 1] }),
        json!({ "n": "5" }),
        json!({ "n": "say \"hi\"" }),
    ] {
        stage.create_flow_run(&flow, parameters);
    }
    let page = &stage.page;
    for (filter, count) in [
        ("parameter.n:5", 1),
        ("parameter.n:\"5\"", 1),
        ("-parameter.n:5", 2),
        ("parameter.n:\"say \\\"hi\\\"\"", 1),
        ("parameter.\"my key\":[\"brave lynx\"]", 1),
        ("-parameter.\"my key\":[1,\"brave lynx\"]", 2),
    ] {
        page.goto("/runs?q=state:pending");
        page.expect("all are listed", |page| rows(page) == 3);
        write_filter(page, filter);
        page.expect(&format!("{filter} lets {count} through"), |page| {
            rows(page) == count
        });
        assert_eq!(written(page), filter);
        page.reload();
        page.expect("so it does after a reload", |page| rows(page) == count);
        assert_eq!(written(page), filter);
    }
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_time_that_is_none_is_said_under_its_word() {
    let stage = Stage::with_args("run_filter_times", &["--no-agent"]);
    let page = &stage.page;
    page.goto("/runs");
    page.expect_text("No runs yet");
    for (filter, remedy) in [
        ("started:>-24", "-24 has no unit; write -24h"),
        ("started:2026-02-30", "There is no 2026-02-30"),
        ("ended:<2026-02-01T25:00", "There is no 25:00"),
    ] {
        write_filter(page, filter);
        page.expect_text(remedy);
        assert_eq!(page.path(), "/runs", "it is not in force");
    }
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn a_list_that_is_cut_says_so() {
    let stage = Stage::with_args("run_filter_cut", &["--no-agent"]);
    let flow = stage.flow_id("simple-map");
    let labels: Vec<String> = (100..230).map(|number| format!("label-{number}")).collect();
    let create = "mutation($flow: UUID, $labels: [String!]) {
        create_flow_run(input: { flow_id: $flow, labels: $labels }) { id } }";
    stage
        .server
        .graphql(create, json!({ "flow": flow, "labels": labels }));
    let page = &stage.page;
    page.goto("/runs?q=state:pending");
    page.expect("the run is listed", |page| rows(page) == 1);
    open_menu(page, "+ Filter");
    page.click_within(".filter-chips__kinds", Role::Button, "Label");
    page.expect_text("The first 100 of 13");
    page.press("Escape");
    page.execute("document.querySelector('.run-filter__text').focus()", &[]);
    page.write(" label:");
    page.expect_text("The first of many: write on to see others.");
    page.write("label-10");
    page.expect_no_text("The first of many");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// Puts a filter in force as a person does.
/// Writes a filter into the field, in place of the one there.
pub fn write_filter(page: &Page, filter: &str) {
    let choose = "const field = document.querySelector('.run-filter__text'); field.focus(); field.select();";
    page.execute(choose, &[]);
    page.write(filter);
    page.press("Enter");
}

fn written(page: &Page) -> String {
    let text = page.execute("return document.querySelector('.run-filter__text').value", &[]);
    text.as_str().unwrap_or_default().to_owned()
}
