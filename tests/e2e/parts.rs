//! The module in parts: a page whose part does not come says so, and opens once it does.

use serde_json::json;

use crate::harness::{Role, Stage, skip};

#[test]
fn what_is_written_while_the_palettes_part_is_on_its_way_is_not_lost() {
    let stage = Stage::with_args("parts_palette", &["--no-agent"]);
    let page = &stage.page;
    // What is fetched ahead does not come: the palette's part is asked for again when it is opened.
    page.block(&["*/split_*", "*/chunk_*"]);
    page.goto("/");
    page.settle();
    page.delay_answers(1_000);
    page.block(&[]);
    page.chord("k");
    page.write("agen");
    let written = "return document.querySelector('.palette input')?.value ?? ''";
    page.expect("the letters are there at once", |page| {
        page.execute(written, &[]) == json!("agen")
    });
    page.write("ts");
    page.expect("what they find is listed", |page| {
        let listed = "return document.querySelector('#palette-list')?.innerText ?? ''";
        page.execute(listed, &[])
            .as_str()
            .is_some_and(|list| list.contains("Agents"))
    });
    assert_eq!(page.execute(written, &[]), json!("agents"));
    page.press("Enter");
    page.expect_path("/agents");

    // The whole of it, with Enter, before the part is there.
    page.block(&["*/split_*", "*/chunk_*"]);
    page.goto("/agents");
    page.settle();
    page.delay_answers(1_000);
    page.block(&[]);
    page.chord("k");
    page.write("settings");
    page.press("Enter");
    page.expect_path("/settings");
    page.delay_answers(0);
}

#[test]
fn a_module_that_does_not_come_is_said_to_be_missing_and_opens_at_the_next_try() {
    let stage = Stage::with_args("parts_module", &["--no-agent"]);
    let page = &stage.page;
    page.block(&["*_bg.wasm"]);
    page.goto("/agents");
    page.expect_text("Flowdeck could not be loaded");
    page.block(&[]);
    page.click(Role::Button, "Try again");
    page.expect_text("Runs wait until an agent takes them");
}

#[test]
fn a_page_whose_part_does_not_come_says_so_and_opens_at_the_next_try() {
    let stage = Stage::with_args("parts", &["--no-agent"]);
    let page = &stage.page;
    page.block(&["*/split_*", "*/page_*"]);
    page.goto("/agents");
    let has_parts = "return document.documentElement.innerHTML.includes('page_')";
    if page.execute(has_parts, &[]) != json!(true) {
        skip("this build of the dashboard has no parts; cargo xtask test builds one that has");
        return;
    }
    page.expect_text("This did not come");
    page.block(&[]);
    page.click(Role::Button, "Try again");
    page.expect_text("Runs wait until an agent takes them");
}
