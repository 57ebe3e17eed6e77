//! The log of a run: searched, linked to by the line, and saved as a file, whichever of its lines are loaded.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::json;

use crate::harness::{PATIENCE, Role, Stage, eventually};
use crate::run_history::{ended_run, open_menu};

/// More than two pages, so that neither end is loaded when the other is.
const LINES: usize = 2_600;

/// Writes some lines, each a second after the one before.
fn write_lines(stage: &Stage, run: &str, numbers: Range<usize>, message: impl Fn(usize) -> String) {
    let line = |number: usize| {
        let time = format!(
            "2020-01-01T{:02}:{:02}:{:02}Z",
            number / 3_600,
            number / 60 % 60,
            number % 60
        );
        json!({ "flow_run_id": run, "timestamp": time, "level": "INFO", "message": message(number) })
    };
    let lines: Vec<_> = numbers.map(line).collect();
    for lines in lines.chunks(650) {
        stage.server.graphql(
            "mutation($logs: [write_run_log_input!]!) { write_run_logs(input: { logs: $logs }) { success } }",
            json!({ "logs": lines }),
        );
    }
}

#[test]
fn what_was_written_during_a_long_absence_comes_page_by_page() {
    let stage = Stage::with_args("logs_absence", &["--no-agent"]);
    let run = ended_run(&stage, &stage.flow_id("simple-map"), "Running");
    write_lines(&stage, &run, 0..1, |_| "the first line".to_owned());
    let page = &stage.page;
    page.watch_requests();
    page.goto(format!("/flow-run/{run}?tab=logs"));
    page.expect_text("the first line");
    page.refuse(&["query GetLogs"]);
    write_lines(&stage, &run, 1..9_001, |number| format!("line {number}"));
    // The second page and all after it do not come; the first one is kept nevertheless.
    page.refuse(&["\"created\":{\"_gt\""]);
    page.expect_text("4,00");
    page.refuse(&[]);
    page.expect_text("9,001 lines");
    page.expect_text("line 9000");
}

#[test]
fn a_long_log_is_searched_linked_and_saved() {
    let stage = Stage::new("logs");
    let flow = stage.flow_id("simple-map");
    let run = stage.create_flow_run(&flow, json!({}));
    stage.expect_state(&run, "Success");
    write_lines(&stage, &run, 0..LINES, |number| match number {
        1_300 => "\u{1b}[31mneedle\u{1b}[0m <b>in</b> the hay".to_owned(),
        number => format!("line {number}"),
    });
    let page = &stage.page;

    page.goto(format!("/flow-run/{run}?tab=logs"));
    // It opens at the end, where the run itself has written.
    page.expect_text("The sum is 15");
    // The last line of all: nothing is written from now on.
    page.expect_text("Flow run SUCCESS");
    page.expect_no_text("needle");

    let top = "return document.querySelector('.log-view__body').getBoundingClientRect().top";
    let top = || page.execute(top, &[]);
    let before = top();
    page.fill("Search the log", "l");
    page.expect_text("Only matches");
    assert_eq!(top(), before, "the log does not jump with the first letter");
    page.fill("Search the log", "");

    // Enter before all lines are here leads to the match once they are, and there it stays.
    page.execute("document.querySelector('.log-bar__search input').focus()", &[]);
    page.write("needle");
    page.press("Enter");
    page.expect("the match is in sight", |page| {
        let script = "const frame = document.querySelector('.log-view__lines').getBoundingClientRect();
            const line = [...document.querySelectorAll('.log-line')].find((line) => line.innerText.includes('needle'));
            const at = line?.getBoundingClientRect();
            return at !== undefined && at.top >= frame.top && at.bottom <= frame.bottom";
        page.execute(script, &[]) == json!(true)
    });
    page.settle();
    page.expect_text("1 of 1");
    page.expect_text("needle <b>in</b> the hay");

    // A search looks through all lines, also those that were not loaded, and shows the code of no colour.
    page.goto(format!("/flow-run/{run}?tab=logs&text=NEEDLE&only=matches"));
    page.expect_text("needle <b>in</b> the hay");
    page.expect_text("1 line");
    page.expect_no_text("line 1299");
    page.click_within(".log-line", Role::Link, ".");
    page.expect("the line is in the URL", |page| page.path().contains("log="));

    // The link alone opens the log there, with what stands around the line.
    let linked = page.path();
    let id = linked.rsplit("log=").next().unwrap_or_default();
    page.goto(format!("/flow-run/{run}?tab=logs&log={id}"));
    page.expect_text("line 1299");
    page.expect_text("line 1301");
    page.expect("the line of the link stands out", |page| {
        let script = "return document.querySelector('.log-line[data-selected]')?.innerText ?? ''";
        page.execute(script, &[])
            .as_str()
            .is_some_and(|text| text.contains("needle"))
    });

    // A tab that is left in the very frame in which the line would be brought into sight.
    page.follow("/agents");
    page.settle();
    let hold = "window.held = []; window.frame ??= window.requestAnimationFrame;
        window.requestAnimationFrame = (draw) => window.held.push(draw)";
    page.execute(hold, &[]);
    page.follow(&linked);
    page.expect("lines are there", |page| {
        page.execute("return document.querySelector('.log-line') !== null", &[]) == json!(true)
    });
    page.settle();
    page.follow("/agents");
    page.settle();
    let go_on = "window.requestAnimationFrame = window.frame; window.held.forEach((draw) => draw(0))";
    page.execute(go_on, &[]);
    assert_eq!(page.console_errors(), Vec::<String>::new());

    // What did not come is tried again.
    page.watch_requests();
    page.goto(format!("/flow-run/{run}?tab=logs"));
    page.expect_text("Flow run SUCCESS");
    page.refuse(&["query GetLogs"]);
    page.press("g");
    page.press("g");
    page.expect_text("More lines could not be fetched");
    page.refuse(&[]);
    page.click_within(".log-foot", Role::Button, "Try again");
    page.expect_text("line 0");

    // Only the lines of some seconds, whichever are loaded; the clock of the browser is the tests' own.
    page.goto(format!(
        "/flow-run/{run}?tab=logs&from=2020-01-01T00:21:39Z&to=2020-01-01T00:21:41Z"
    ));
    page.expect_text("line 1299");
    page.expect_text("3 of 2,");
    page.expect_no_text("line 1298");
    open_menu(page, "–");
    page.click(Role::Button, "Any time");
    page.expect_no_text("3 of 2,");
    page.expect("the times are out of the URL", |page| {
        !page.path().contains("from=")
    });
    open_menu(page, "Any time");
    page.click(Role::Button, "First minute");
    page.expect("the URL says up to when", |page| page.path().contains("to="));

    // The file holds every line once.
    let folder = tempfile::tempdir().expect("a folder for the file");
    page.save_files_in(folder.path());
    let note = "const revoke = URL.revokeObjectURL.bind(URL); window.revoked = 0;
        URL.revokeObjectURL = (url) => { window.revoked += 1; revoke(url); }";
    page.execute(note, &[]);
    open_menu(page, "Download");
    page.click_within(".log-menu", Role::Button, "JSON lines");
    let file = folder.path().join(format!("log-{run}.jsonl"));
    eventually("the file is saved", PATIENCE, || file.exists().then_some(()));
    // Other browsers begin to read it later.
    assert_eq!(page.execute("return window.revoked", &[]), json!(0));
    let saved = std::fs::read_to_string(&file).expect("the file can be read");
    let stored = stage.server.graphql(
        "query($run: uuid) { log_aggregate(where: { flow_run_id: { _eq: $run } }) { aggregate { count } } }",
        json!({ "run": run }),
    );
    let ids: BTreeSet<String> = saved
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
            line["id"].as_str().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(json!(ids.len()), stored["log_aggregate"]["aggregate"]["count"]);
    assert_eq!(saved.lines().count(), ids.len());
    assert_eq!(page.console_errors(), Vec::<String>::new());
}
