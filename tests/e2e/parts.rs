//! The module in parts: a page whose part does not come says so, and opens once it does.

use serde_json::json;

use crate::harness::{Role, Stage};

#[test]
fn a_page_whose_part_does_not_come_says_so_and_opens_at_the_next_try() {
    let stage = Stage::with_args("parts", &["--no-agent"]);
    let page = &stage.page;
    page.block(&["*/split_*", "*/page_*"]);
    page.goto("/agents");
    let has_parts = "return document.documentElement.innerHTML.includes('page_')";
    if page.execute(has_parts, &[]) != json!(true) {
        eprintln!("skipped: this build of the dashboard has no parts; cargo xtask builds one that has");
        return;
    }
    page.expect_text("This did not come");
    page.block(&[]);
    page.click(Role::Button, "Try again");
    page.expect_text("Runs wait until an agent takes them");
}
