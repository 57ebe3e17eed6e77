//! What assistive technology meets: axe-core finds nothing on any page, in either theme, wide or narrow; and who asks
//! for no motion gets none.

use std::io::Write;

use serde_json::{Value, json};

use crate::harness::{Page, Stage, Theme};
use crate::smoke::every_route;

const THEMES: [Theme; 2] = [Theme::Dark, Theme::Light];
const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];

/// Every rule that axe has, not only those that a law asks for. Answers a line for each thing that is wrong.
const CHECK: &str = "
    const found = await axe.run(document, { resultTypes: ['violations'] });
    return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) =>
        `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary.split('\\n').slice(1).join(';')}`));";

const MOVING: &str = "
    return document.getAnimations()
        .filter((animation) => animation.playState === 'running')
        .map((animation) => `${animation.animationName ?? animation.transitionProperty}: ${animation.effect.target.className}`);";

#[test]
fn every_page_can_be_used_without_seeing_it() {
    let mut out = std::io::stdout().lock();
    let Some(axe) = std::env::var_os("FLOWDECK_AXE") else {
        writeln!(
            out,
            "accessibility: skipped, because FLOWDECK_AXE does not name axe-core's script (cargo xtask test fetches it where Node is installed)"
        )
        .expect("stdout");
        return;
    };
    let axe = std::fs::read_to_string(axe).expect("axe-core's script");
    let stage = Stage::new("accessibility");
    let page = &stage.page;
    let urls = urls(&stage);
    let mut wrong = Vec::new();
    for url in &urls {
        page.goto(url);
        page.settle();
        page.execute(&axe, &[]);
        for theme in THEMES {
            page.set_theme(theme);
            for (width, height) in SIZES {
                page.set_viewport(width, height);
                let found = lines(page, CHECK).into_iter();
                wrong.extend(found.map(|found| format!("{url} {theme:?} {width}: {found}")));
            }
        }
        let found = lines(page, MOVING).into_iter();
        wrong.extend(found.map(|found| format!("{url} moves: {found}")));
    }
    writeln!(
        out,
        "accessibility: {} pages, two themes, two widths: {} violations",
        urls.len(),
        wrong.len()
    )
    .expect("stdout");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn lines(page: &Page, script: &str) -> Vec<String> {
    let found = page.execute(script, &[]);
    let found = found.as_array().expect("a list of lines").iter();
    found
        .filter_map(Value::as_str)
        .map(|line| line.replace("fix any of the following", "").trim().to_owned())
        .collect()
}

/// Every kind of page, with something in it; and those of a run that failed, of one that runs, and of nothing.
fn urls(stage: &Stage) -> Vec<String> {
    let mut urls: Vec<String> = every_route(stage).iter().map(ToString::to_string).collect();
    let run_of = |flow: &str, state: &str| {
        let run = stage.create_flow_run(&stage.flow_id(flow), json!({}));
        stage.expect_state(&run, state);
        run
    };
    let failed = run_of("weather-of-failures", "Failed");
    urls.push(format!("/flow-run/{failed}"));
    let query = "query($run: uuid!) { flow_run_by_pk(id: $run) {
        task_runs(where: {state: {_eq: \"Failed\"}}, limit: 1) { id task_id } } }";
    let found = stage.server.graphql(query, json!({ "run": failed }));
    let id = |name: &str| {
        let id = &found["flow_run_by_pk"]["task_runs"][0][name];
        id.as_str().expect("a failed task run").to_owned()
    };
    urls.push(format!("/task-run/{}", id("id")));
    urls.push(format!("/flow-run/{failed}?tab=schematic&task={}", id("task_id")));
    let running = run_of("long-haul", "Running");
    urls.push(format!("/flow-run/{running}"));
    urls.push(format!("/flow-run/{running}?tab=schematic"));
    urls.push("/nowhere".to_owned());
    urls
}
