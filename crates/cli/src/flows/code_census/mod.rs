//! `code-census`: what a folder of sources consists of. Real input, a map over files, a report to read.

mod languages;
mod tally;
mod walk;

use std::path::Path;

use flowdeck_engine::{Flow, FlowError, Handle, Outcome, Signal, context, info, task, warning};
use serde::{Deserialize, Serialize};

use tally::Census;

const DESCRIPTION: &str = "\
Counts files, lines and bytes per language. `list_files` walks the folder `path` (leaving out `.git`, `target`, \
`node_modules`), `count` runs once for each file or, in large folders, for each batch of files, and `report` \
writes a table, which is kept with its task run as an artifact.

Without `path` it counts the sources this program was built from, or the working directory where they are no \
more. The run ends in **Success**; it ends in **Failed** if there is no such folder.";

/// At most so many mapped task runs; more files than that are counted in batches.
const BATCHES: usize = 200;

/// Files that are counted together, and the folder their names start from.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Batch {
    folder: String,
    files: Vec<String>,
}

#[task]
fn list_files(path: String) -> Outcome<Vec<Batch>> {
    let folder = Path::new(&path).canonicalize().map_err(|error| {
        Signal::fail(format!(
            "The folder '{path}' cannot be read ({error}). Give another as the parameter 'path'."
        ))
    })?;
    let found = walk::walk(&folder);
    if found.more {
        warning!("Only the first {} files are counted", found.files.len());
    }
    info!("{} files in {}", found.files.len(), folder.display());
    let size = found.files.len().div_ceil(BATCHES).max(1);
    let folder = folder.to_string_lossy().into_owned();
    let batches = found.files.chunks(size);
    Ok(batches
        .map(|files| Batch {
            folder: folder.clone(),
            files: files.to_vec(),
        })
        .collect())
}

#[task]
fn count(batch: Batch) -> Outcome<Census> {
    let mut census = Census::default();
    for file in &batch.files {
        if context().is_cancelled() {
            return Err(Signal::Cancelled);
        }
        if let Err(error) = census.count(&Path::new(&batch.folder).join(file)) {
            warning!("{file} is left out: {error}");
        }
    }
    Ok(census)
}

#[task]
fn report(path: String, counts: Vec<Census>) -> Census {
    let mut census = Census::default();
    for part in counts {
        census.add(part);
    }
    for line in census.lines() {
        info!("{line}");
    }
    context().markdown_artifact(census.markdown(&path));
    census
}

/// The sources this program was built from, if they are still there, or else the working directory.
fn default_path() -> String {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match sources.canonicalize() {
        Ok(sources) if sources.join("Cargo.toml").is_file() => sources.to_string_lossy().into_owned(),
        _ => ".".to_owned(),
    }
}

pub fn flow() -> Result<Flow, FlowError> {
    Flow::build("code-census", |flow| {
        flow.describe(DESCRIPTION);
        let path: Handle<String> = flow.parameter("path", default_path());
        let batches = list_files::call(flow, &path);
        let counts = count::map(flow, &batches);
        report::call(flow, &path, &counts);
    })
}
