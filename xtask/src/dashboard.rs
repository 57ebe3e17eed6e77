//! Builds the dashboard into `dist/`: trunk, Binaryen and compression, and only when its sources have changed.

use std::path::{Path, PathBuf};

use crate::failure::{Context, Result};
use crate::freshness::{Stamp, collect, fingerprint};
use crate::parts;
use crate::precompress::{self, Weight};
use crate::process;
use crate::steps::Steps;
use crate::style_sheet;
use crate::tools::{self, Tools};
use crate::wasm::WasmCompiler;
use crate::workspace;

/// Everything the module and its page are made of, and how.
const INPUTS: [&str; 18] = [
    "src",
    "style",
    "public",
    "index.html",
    "Trunk.toml",
    "schema.graphql",
    "Cargo.toml",
    "Cargo.lock",
    "crates/vocabulary",
    "xtask/src/dashboard.rs",
    "xtask/src/freshness.rs",
    "xtask/src/parts.rs",
    "xtask/src/pieces.rs",
    "xtask/shrink.mjs",
    "xtask/src/precompress.rs",
    "xtask/src/style_sheet.rs",
    "xtask/src/tools.rs",
    "xtask/src/wasm.rs",
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
    // Built aside: whoever reads `dist/` meanwhile, a server or another build, finds it whole.
    let fresh = workspace::notes_dir()?.join("dist");
    steps.step("build the dashboard (trunk)", || trunk(&tools, &compiler, &fresh))?;
    steps.step("take the module apart (wasm-split)", || {
        parts::split(&tools, &fresh)
    })?;
    if let Some(binaryen) = &tools.binaryen {
        steps.step("shrink the module (Binaryen)", || shrink(binaryen, &fresh))?;
    }
    parts::gather(&fresh)?;
    parts::announce(&fresh)?;
    parts::name(&fresh)?;
    style_sheet::join(&fresh)?;
    steps.step("compress the assets (brotli, gzip)", || precompress::run(&fresh))?;
    let weights = precompress::weigh(&fresh)?;
    let parts = parts::weigh(&fresh, &weights)?;
    let (later, first): (Vec<_>, Vec<_>) = weights.into_iter().partition(|(asset, _)| parts::is_part(asset));
    let sum = |assets: Vec<(PathBuf, Weight)>| assets.into_iter().map(|(_, weight)| weight).sum::<Weight>();
    let first = sum(first);
    steps.say(format!("dashboard, what all pages need: {first}"));
    for (part, weight) in parts {
        steps.say(format!(
            "dashboard, that and the part {part}: {}",
            [first, weight].into_iter().sum::<Weight>()
        ));
    }
    steps.say(format!(
        "dashboard, all parts, those of pages also in one file each: {}",
        sum(later)
    ));
    replace(&dist, &fresh)?;
    stamp.set(&sources)
}

/// Copies rather than renames: the target directory may lie on another disk.
fn replace(dist: &Path, fresh: &Path) -> Result<()> {
    let next = dist.with_extension("next");
    remove(&next)?;
    copy_all(fresh, &next)?;
    remove(dist)?;
    std::fs::rename(&next, dist).context(format!("put {} in place", dist.display()))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).context(format!("remove {}", folder.display()))?;
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(from, &mut files)?;
    for file in files {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        let copied = target
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::copy(&file, &target));
        copied.context(format!("copy {} to {}", file.display(), target.display()))?;
    }
    Ok(())
}

fn trunk(tools: &Tools, compiler: &WasmCompiler, dist: &Path) -> Result<()> {
    let mut command = process::command(&tools.trunk);
    command
        .args(["build", "--release", "--skip-version-check", "--dist"])
        .arg(dist);
    // Binaryen changes the module after trunk has hashed it, and the binary serves what it embeds itself.
    command.args(["--no-sri", "true"]);
    compiler.apply(&mut command, &tools.wasm_bindgen_dir);
    parts::prepare(&mut command);
    // trunk reads NO_COLOR as the value of a switch of its own and refuses NO_COLOR=1.
    command.env_remove("NO_COLOR");
    // A parent cargo's choice for the host must not be taken for the module's.
    command.env_remove("CARGO_BUILD_TARGET");
    process::run(&mut command)
}

fn shrink(binaryen: &Path, dist: &Path) -> Result<()> {
    let mut node = process::command("node");
    node.arg(workspace::root().join("xtask/shrink.mjs"));
    process::run(node.arg(binaryen).arg(dist))
}
