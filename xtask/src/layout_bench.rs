//! The schematic measured in a browser: our layout beside dagre and elkjs, and how the page holds up with many tasks.

use std::path::{Path, PathBuf};

use crate::browser;
use crate::commands::test::browser_tests;
use crate::failure::{Context, Result};
use crate::process;
use crate::steps::Steps;
use crate::tools;
use crate::wasm::{TARGET, WasmCompiler};
use crate::workspace;

/// The file that a browser needs of each, and the name under which the measurement finds it.
const MODULE: &str = "flowdeck_layout_bench";

/// Gathers the layouts and measures them, where Node is installed to fetch the other two.
pub fn run(steps: &Steps) -> Result<()> {
    let Some((dagre, elk)) = tools::layouts(steps)? else {
        steps.say("layouts: not measured, because dagre and elkjs are not there to compare with");
        return Ok(());
    };
    browser::ensure(steps)?;
    let folder = workspace::target_dir()?.join("layout-bench");
    steps.step("build the layout as a module of its own", || {
        build(steps, &folder)
    })?;
    for (from, to) in [(dagre, "dagre.js"), (elk, "elk.js")] {
        std::fs::copy(&from, folder.join(to)).context(format!("copy {}", from.display()))?;
    }
    steps.step("measure the schematic (Chromium)", || measure(&folder))
}

fn build(steps: &Steps, folder: &Path) -> Result<()> {
    let compiler = WasmCompiler::ensure(steps)?;
    let tools = tools::ensure(steps)?;
    let mut cargo = process::cargo();
    // The profile of the dashboard's own module, so that the measured code is the delivered code.
    cargo.args([
        "build",
        "--quiet",
        "-p",
        "flowdeck-layout-bench",
        "--profile",
        "wasm-release",
    ]);
    cargo.args(["--target", TARGET]);
    compiler.apply(&mut cargo, &tools.wasm_bindgen_dir);
    process::run(&mut cargo)?;
    let module: PathBuf = workspace::target_dir()?
        .join(TARGET)
        .join("wasm-release")
        .join(format!("{MODULE}.wasm"));
    let mut bindgen = process::command(tools.wasm_bindgen_dir.join("wasm-bindgen"));
    bindgen
        .args([
            "--target",
            "no-modules",
            "--no-typescript",
            "--out-name",
            "ours",
            "--out-dir",
        ])
        .arg(folder)
        .arg(&module);
    process::run(&mut bindgen)
}

fn measure(folder: &Path) -> Result<()> {
    let mut tests = browser_tests()?;
    process::run(tests.arg("schematic_bench").env("FLOWDECK_LAYOUTS", folder))
}
