//! `cargo xtask bench`: the measurements, and the sizes of what is delivered.

use std::process::ExitCode;

use crate::dashboard;
use crate::failure::Result;
use crate::layout_bench;
use crate::precompress::{self, Weight};
use crate::process;
use crate::server;
use crate::steps::Steps;
use crate::workspace;

/// Runs every bench of the server and of the schematic, then prints sizes.
pub fn run() -> Result<ExitCode> {
    let steps = Steps::new();
    dashboard::build(&steps)?;
    server::build(&steps)?;
    steps.step("measure (cargo bench -p flowdeck-server)", || {
        process::run(process::cargo().args(["bench", "--quiet", "-p", "flowdeck-server", "--bench", "*"]))
    })?;
    layout_bench::run(&steps)?;
    sizes()?;
    Ok(ExitCode::SUCCESS)
}

/// A table of the dashboard's assets and the size of the binary.
fn sizes() -> Result<()> {
    let dist = workspace::dist();
    let line = |name: &str, weight: Weight| {
        println!(
            "{name:<48} {:>10} {:>10} {:>10}",
            weight.plain, weight.gzip, weight.brotli
        );
    };
    println!(
        "{:<48} {:>10} {:>10} {:>10}",
        "delivered (bytes)", "plain", "gzip", "brotli"
    );
    let weights = precompress::weigh(&dist)?;
    for (asset, weight) in &weights {
        line(
            &asset.strip_prefix(&dist).unwrap_or(asset).to_string_lossy(),
            *weight,
        );
    }
    line(
        "dashboard in all",
        weights.iter().map(|(_, weight)| *weight).sum(),
    );
    let binary = std::fs::metadata(workspace::release_binary()?).map_or(0, |metadata| metadata.len());
    println!("{:<48} {binary:>10}", "binary flowdeck");
    Ok(())
}
