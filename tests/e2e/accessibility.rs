//! What assistive technology meets: axe-core finds nothing on any page, in either theme, wide or narrow; and who asks
//! for no motion gets none.

use std::io::Write;

use serde_json::{Value, json};

use crate::harness::{Page, Role, Stage, Theme, skip};
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
        skip(
            "FLOWDECK_AXE does not name axe-core's script; cargo xtask test fetches it where node and npm are installed",
        );
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
    let overlays = overlays(&urls);
    for (url, open) in &overlays {
        for theme in THEMES {
            for (width, height) in SIZES {
                page.set_theme(theme);
                page.set_viewport(width, height);
                page.goto(url);
                page.settle();
                page.execute(&axe, &[]);
                open(page);
                let found = lines(page, CHECK).into_iter();
                wrong.extend(
                    found.map(|found| format!("{url} {theme:?} {width}, with something open: {found}")),
                );
            }
        }
    }
    writeln!(
        out,
        "accessibility: {} pages and {} things that open, two themes, two widths: {} violations",
        urls.len(),
        overlays.len(),
        wrong.len()
    )
    .expect("stdout");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Something that opens over a page: the page's URL, and how it is opened.
type Overlay = (String, fn(&Page));

/// What opens over a page.
fn overlays(urls: &[String]) -> Vec<Overlay> {
    let ended = urls.iter().find(|url| url.starts_with("/flow-run/"));
    let ended = ended.expect("the page of a run that has ended");
    let settings = urls
        .iter()
        .find(|url| url.starts_with("/flow/") && url.contains("tab=settings"));
    let settings = settings.expect("the settings of a flow");
    vec![
        ("/".to_owned(), |page| {
            page.open_palette();
            page.expect_text("Change the theme");
        }),
        ("/".to_owned(), |page| {
            page.press("?");
            page.expect_text("row by row");
        }),
        ("/runs".to_owned(), |page| {
            page.press("/");
            page.write("st");
            page.expect_text("started:");
        }),
        ("/runs".to_owned(), |page| {
            page.execute(
                "document.querySelectorAll('details.dropdown').forEach((menu) => menu.open = true)",
                &[],
            );
        }),
        ("/runs?q=state:failed".to_owned(), open_filter),
        ("/runs?q=flow:simple-map".to_owned(), open_filter),
        ("/runs?q=started:%3E-24h".to_owned(), open_filter),
        ("/runs?q=duration:%3E10m".to_owned(), open_filter),
        ("/settings".to_owned(), |page| {
            page.execute("document.querySelector('.zone-field input').focus()", &[]);
            page.expect("the zones are listed", |page| page.text().contains("Africa/"));
        }),
        (ended.clone(), |page| {
            page.open_palette();
            page.write("delete");
            page.press("Enter");
            page.expect_text("Delete this flow run?");
        }),
        ("/flows".to_owned(), |page| {
            page.click_within("main", Role::Button, "New project");
            page.expect_text("Create the project");
        }),
        ("/flows".to_owned(), |page| {
            page.click_within("main", Role::Button, "Delete");
            page.expect_text("to confirm");
        }),
        (settings.clone(), |page| {
            page.click_within("main", Role::Button, "Archive version");
            page.expect_text("Archive it");
        }),
        (settings.clone(), |page| {
            page.click_within("main", Role::Button, "Delete the flow");
            page.expect_text("to confirm");
        }),
    ]
}

/// Fails when axe finds anything wrong with the page as it is now; without axe it does nothing.
#[track_caller]
pub fn expect_accessible(page: &Page, what: &str) {
    let Some(axe) = std::env::var_os("FLOWDECK_AXE") else {
        return;
    };
    let axe = std::fs::read_to_string(axe).expect("axe-core's script");
    page.execute(&axe, &[]);
    let found = lines(page, CHECK);
    assert!(found.is_empty(), "{what}: {}", found.join("\n"));
}

/// Opens the control of the first chip of the run history's filter.
fn open_filter(page: &Page) {
    let open = "const isOpen = document.querySelector('.filter-panel') !== null;
        if (!isOpen) document.querySelector('.filter-chip__open')?.click();
        return isOpen";
    page.expect("the control of the chip is there", |page| {
        page.execute(open, &[]) == json!(true)
    });
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
