//! The settings hold on every page and survive a reload, the browser's tab follows the state, and all of it works below
//! another path.

use serde_json::json;

use crate::harness::{Page, Role, Stage};

#[test]
fn zone_and_hours_hold_on_every_page_and_survive_a_reload() {
    let stage = Stage::new("settings");
    let run = stage.create_flow_run(&stage.flow_id("simple-map"), json!({}));
    stage.expect_state(&run, "Success");
    let page = &stage.page;
    page.goto("/settings");
    page.settle();
    page.expect_text("it answers");
    page.expect_text("Runs counted by state and over time");
    page.execute("document.querySelector('.zone-field input').focus()", &[]);
    page.write("tokyo");
    page.expect("the zone is proposed", |page| page.text().contains("Asia/Tokyo"));
    page.press("Enter");
    page.expect_text("(UTC+09:00)");
    page.execute(
        "[...document.querySelectorAll('.choice label')].find((one) => one.innerText === '2:02 PM').click()",
        &[],
    );
    page.expect("the clock has two halves", |page| has_half(&page.text()));

    // The link, not the address: nothing is loaded again.
    page.click(Role::Link, "Home");
    page.expect_path("/");
    page.press("g");
    page.press("r");
    page.click(Role::Link, &name_of(&stage, &run));
    page.expect_path(&format!("/flow-run/{run}"));
    let shown = |page: &Page| {
        let title = page.execute(
            "return document.querySelector('.run-head time')?.title ?? ''",
            &[],
        );
        title.as_str().unwrap_or_default().to_owned()
    };
    let is_there = |page: &Page| {
        let title = shown(page);
        title.contains("(UTC+09:00)") && has_half(&title) && page.text().contains("Asia/Tokyo")
    };
    page.expect("the run's page shows the zone and the half of the day", is_there);
    page.reload();
    page.expect("and after a reload, too", is_there);
    page.goto(format!("/flow-run/{run}?tab=logs"));
    page.expect("so do the logs", |page| {
        let time = page.execute(
            "return document.querySelector('.log-line__time')?.innerText ?? ''",
            &[],
        );
        has_half(time.as_str().unwrap_or_default())
    });

    page.goto("/settings");
    page.settle();
    page.click_within("main", Role::Button, "This browser's");
    page.expect_no_text("(UTC+09:00)");
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn the_tab_of_the_browser_follows_the_state() {
    let stage = Stage::new("tab_icon");
    let run = stage.create_flow_run(&stage.flow_id("weather-of-failures"), json!({}));
    stage.expect_state(&run, "Failed");
    let page = &stage.page;
    page.goto(format!("/flow-run/{run}"));
    page.expect("the tab's icon is that of the state", |page| {
        icon(page).starts_with("data:image/svg+xml,")
    });
    let color = page.execute(
        "return getComputedStyle(document.documentElement).getPropertyValue('--state-failed').trim()",
        &[],
    );
    let color = color.as_str().expect("a color").replace('#', "%23");
    assert!(icon(page).contains(&color), "{} has {color}", icon(page));
    page.expect("the title begins with the state", |page| {
        let title = page.execute("return document.title", &[]);
        title
            .as_str()
            .is_some_and(|title| title.starts_with("Failed · ") && title.ends_with(" · Flowdeck"))
    });
    page.click(Role::Link, "Agents");
    page.expect("elsewhere it is the product's own", |page| {
        icon(page) == "favicon.svg"
    });
    page.click(Role::Link, "Home");
    page.expect("on the first page it says that something fails", |page| {
        icon(page).contains(&color)
    });
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

#[test]
fn the_dashboard_works_below_a_path() {
    let stage = Stage::with_args("base_path", &["--base-path", "/tools/flowdeck"]);
    let flow = stage.flow_id("simple-map");
    let page = &stage.page;
    page.goto(format!("/tools/flowdeck/flow/{flow}?tab=tasks"));
    page.expect_text("get_sum");
    page.reload();
    page.expect_text("get_sum");
    page.click_within("main", Role::Button, "Quick Run");
    page.click_within(".toasts", Role::Link, "Open the run");
    page.expect_path("/tools/flowdeck/flow-run/");
    page.expect("the run's state is Success", |page| page.state() == "success");
    page.click(Role::Link, "Runs");
    page.expect_path("/tools/flowdeck/runs");
    page.execute("history.back()", &[]);
    page.expect_path("/tools/flowdeck/flow-run/");
    page.press("g");
    page.press("h");
    page.expect_path("/tools/flowdeck/");
    // Past the proxy that takes the path away.
    page.goto("/agents");
    page.expect_path("/tools/flowdeck/agents");
    page.settle();
    assert_eq!(page.console_errors(), Vec::<String>::new());
}

/// The address of the icon in the browser's tab.
pub fn icon(page: &Page) -> String {
    let icon = page.execute(
        "return document.querySelector('link[rel=icon]').getAttribute('href')",
        &[],
    );
    icon.as_str().unwrap_or_default().to_owned()
}

fn has_half(text: &str) -> bool {
    text.contains(" AM") || text.contains(" PM")
}

fn name_of(stage: &Stage, run: &str) -> String {
    let query = "query($id: uuid!) { flow_run_by_pk(id: $id) { name } }";
    let found = stage.server.graphql(query, json!({ "id": run }));
    found["flow_run_by_pk"]["name"]
        .as_str()
        .expect("a name")
        .to_owned()
}
