//! Builds the dashboard into `dist/`: trunk, wasm-opt and compression, and only when its sources have changed.

use std::path::Path;

use crate::failure::{Context, Result};
use crate::freshness::{Stamp, fingerprint};
use crate::precompress;
use crate::process;
use crate::steps::Steps;
use crate::tools::{self, Tools};
use crate::wasm::WasmCompiler;
use crate::workspace;

/// Everything the module and its page are made of.
const INPUTS: [&str; 9] = [
    "src",
    "style",
    "public",
    "index.html",
    "Trunk.toml",
    "schema.graphql",
    "Cargo.toml",
    "Cargo.lock",
    "crates/vocabulary",
];

/// What a current compiler's module uses; wasm-opt refuses a module with features it was not told of.
const WASM_OPT_FLAGS: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Brings `dist/` up to date, with the compressed twins of each asset.
pub fn build(steps: &Steps) -> Result<()> {
    let root = workspace::root();
    let dist = workspace::dist();
    let stamp = Stamp::new(&workspace::notes_dir()?, "dashboard");
    let sources = fingerprint(root, &INPUTS)?;
    if stamp.matches(&sources) && dist.join("index.html").exists() {
        steps.say("dashboard: up to date");
        return Ok(());
    }
    let compiler = WasmCompiler::ensure(steps)?;
    let tools = tools::ensure(steps)?;
    stamp.clear();
    steps.step("build the dashboard (trunk)", || trunk(&tools, &compiler, &dist))?;
    if let Some(wasm_opt) = &tools.wasm_opt {
        steps.step("shrink the module (wasm-opt)", || shrink(wasm_opt, &dist))?;
    }
    steps.step("compress the assets (brotli, gzip)", || precompress::run(&dist))?;
    stamp.set(&sources)
}

fn trunk(tools: &Tools, compiler: &WasmCompiler, dist: &Path) -> Result<()> {
    let mut command = process::command(&tools.trunk);
    command
        .args([
            "build",
            "--release",
            "--cargo-profile",
            "wasm-release",
            "--skip-version-check",
            "--dist",
        ])
        .arg(dist);
    // wasm-opt changes the module after trunk has hashed it, and the binary serves what it embeds itself.
    command.args(["--no-sri", "true"]);
    compiler.apply(&mut command, &tools.wasm_bindgen_dir);
    // trunk reads NO_COLOR as the value of a switch of its own and refuses NO_COLOR=1.
    command.env_remove("NO_COLOR");
    // A parent cargo's choice for the host must not be taken for the module's.
    command.env_remove("CARGO_BUILD_TARGET");
    process::run(&mut command)
}

fn shrink(wasm_opt: &Path, dist: &Path) -> Result<()> {
    let entries = std::fs::read_dir(dist).context(format!("list {}", dist.display()))?;
    for module in entries.flatten().map(|entry| entry.path()) {
        if module.extension().is_some_and(|extension| extension == "wasm") {
            let smaller = module.with_extension("wasm-opt");
            process::run(
                process::command(wasm_opt)
                    .args(WASM_OPT_FLAGS)
                    .arg(&module)
                    .arg("-o")
                    .arg(&smaller),
            )?;
            std::fs::rename(&smaller, &module).context(format!("replace {}", module.display()))?;
        }
    }
    Ok(())
}
