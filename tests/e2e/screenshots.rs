//! Pictures of every page for people to look at; only when `FLOWDECK_SCREENSHOTS` names a folder for them
//! (`cargo xtask screenshots` does).

use std::path::PathBuf;

use serde_json::json;

use crate::harness::{PATIENCE, Stage, Theme, eventually};
use crate::smoke::every_route;

const SIZES: [(&str, u32, u32); 2] = [("desktop", 1440, 900), ("phone", 390, 844)];
const THEMES: [(&str, Theme); 2] = [("dark", Theme::Dark), ("light", Theme::Light)];

#[test]
fn screenshots_of_every_page() {
    let Some(folder) = std::env::var_os("FLOWDECK_SCREENSHOTS").map(PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    let stage = Stage::new("screenshots");
    let mut urls: Vec<(String, String)> = every_route(&stage)
        .iter()
        .map(|route| named(&route.to_string()))
        .collect();
    // Something to see in the bars of a flow's last runs.
    for flow in ["simple-map", "code-census", "weather-of-failures"] {
        let id = stage.flow_id(flow);
        let runs: Vec<String> = (0..6).map(|_| stage.create_flow_run(&id, json!({}))).collect();
        for run in &runs {
            eventually("the run has ended", PATIENCE, || {
                ["Success", "Failed"]
                    .contains(&stage.state_of(run).as_str())
                    .then_some(())
            });
        }
    }
    for (flow, state) in [("weather-of-failures", "Failed"), ("code-census", "Success")] {
        let id = stage.flow_id(flow);
        let run = stage.create_flow_run(&id, json!({}));
        stage.expect_state(&run, state);
        urls.push((format!("flow-run-{flow}"), format!("/flow-run/{run}")));
        urls.push((format!("flow-{flow}"), format!("/flow/{id}")));
    }
    let long_haul = stage.create_flow_run(&stage.flow_id("long-haul"), json!({}));
    urls.push(("flow-run-long-haul".to_owned(), format!("/flow-run/{long_haul}")));
    urls.push(("not-found".to_owned(), "/nowhere".to_owned()));
    stage.expect_state(&long_haul, "Running");

    for (theme_name, theme) in THEMES {
        stage.page.set_theme(theme);
        for (size_name, width, height) in SIZES {
            stage.page.set_viewport(width, height);
            for (name, url) in &urls {
                stage.page.goto(url);
                // A picture of a page that is still fetching says nothing; one of a run that moves never stands still.
                stage.page.settle();
                stage
                    .page
                    .screenshot(&folder.join(format!("{name}-{theme_name}-{size_name}.png")));
            }
        }
    }
}

/// `/flow-run/7a…?tab=logs` → `flow-run-logs`.
fn named(url: &str) -> (String, String) {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let noun = path
        .split('/')
        .nth(1)
        .filter(|noun| !noun.is_empty())
        .unwrap_or("home");
    let view = query
        .split_once('=')
        .map(|(_, value)| format!("-{value}"))
        .unwrap_or_default();
    (format!("{noun}{view}"), url.to_owned())
}
